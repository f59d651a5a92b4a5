"""Measures: a number, its unit in one canonical symbol, and what follows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.units import convert, find_unit, parse_measure


@pytest.mark.parametrize(
    ("text", "value", "unit", "unit_text", "rest"),
    [
        ("12.0 oz.", "12.0", "oz", "oz", ""),
        ("12.0 OZ", "12.0", "oz", "OZ", ""),
        ("12.0 ounce", "12.0", "oz", "ounce", ""),
        ("16.0 oz. Alumi-Tek", "16.0", "oz", "oz", "Alumi-Tek"),
        ("12 fl. oz. bottle", "12", "fl oz", "fl. oz", "bottle"),
        ("109 min", "109", "min", "min", ""),
        ("5 kg", "5", "kg", "kg", ""),
        ("5kg", "5", "kg", "kg", ""),
        ("１２ｋｇ", "12", "kg", "kg", ""),
        ("3.2公斤", "3.2", "kg", "公斤", ""),
        ("三十公斤", "30", "kg", "公斤", ""),
        ("两斤", "2", "jin", "斤", ""),
        ("二两", "2", "liang", "两", ""),
        ("5个苹果", "5", "pc", "个", "苹果"),
        ("5 GB", "5", "GB", "GB", ""),
        ("2,000.5 sq. ft.", "2000.5", "ft²", "sq. ft", ""),
        ("1.5 m2", "1.5", "m²", "m2", ""),
        ("-5 ℃", "-5", "°C", "℃", ""),
        ("5万人", "50000", "person", "人", ""),
        ("2.3 million users", "2300000", None, "users", ""),
        ("379 user", "379", None, "user", ""),
        ("100 Mb", "100", None, "Mb", ""),
        ("5 ft 3 in", "5", "ft", "ft", "3 in"),
    ],
)
def test_a_measure_is_split_into_number_unit_and_rest(
    text: str, value: str, unit: str | None, unit_text: str, rest: str
) -> None:
    measure = parse_measure(text)
    assert measure is not None
    assert str(measure.number.value) == value
    assert (measure.unit, measure.unit_text, measure.rest) == (unit, unit_text, rest)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "10",
            "kg",
            "5%",
            "$5",
            "3D",
            "7th",
            "5M",
            "5 M",
            "30w",
            "5 little pigs",
            "5 in stock",
            "10 km/day",
            "5-10 kg",
        ),
        *("3 x 5 cm", "2024-01-05", "10:30", "2024年", "5月", "1,23,4 kg", "约5公斤", "2.5.1 beta"),
    ],
)
def test_what_is_no_measure_is_none(text: str) -> None:
    assert parse_measure(text) is None


def test_the_decimal_sign_of_a_measure_is_told_and_can_be_given() -> None:
    open_reading, given_reading = parse_measure("1,234 kg"), parse_measure("1,234 kg", decimal_sign=",")
    assert open_reading is not None
    assert given_reading is not None
    assert (open_reading.number.value, open_reading.number.ambiguous) == (Decimal(1234), True)
    assert (given_reading.number.value, given_reading.number.ambiguous) == (Decimal("1.234"), False)


@pytest.mark.parametrize(
    ("spelling", "symbol"), [("OZ", "oz"), ("oz.", "oz"), ("公斤", "kg"), ("SQ. FT.", "ft²"), ("foo", None), ("", None)]
)
def test_a_spelling_names_its_unit(spelling: str, symbol: str | None) -> None:
    unit = find_unit(spelling)
    assert (unit and unit.symbol) == symbol


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("2", "斤", "kg", "1.0"),
        ("1", "lb", "oz", "16"),
        ("1.5", "GB", "MB", "1500"),
        ("90", "min", "h", "1.5"),
        ("1", "kg", "km", None),
        ("20", "℃", "℉", None),
        ("1", "gallon", "l", None),
    ],
)
def test_a_value_is_converted_where_the_factor_is_exact(
    value: str, source: str, target: str, expected: str | None
) -> None:
    first, second = find_unit(source), find_unit(target)
    assert first is not None
    assert second is not None
    assert convert(Decimal(value), first, second) == (Decimal(expected) if expected else None)


@given(
    value=st.decimals(min_value=0, max_value=10**9, places=1),
    spelling=st.sampled_from(["kg", "OZ", "公斤", "Miles", "㎡"]),
)
def test_a_measure_is_read_back(value: Decimal, spelling: str) -> None:
    measure = parse_measure(f"{value} {spelling}")
    unit = find_unit(spelling)
    assert measure is not None
    assert unit is not None
    assert (measure.number.value, measure.unit, measure.rest) == (value, unit.symbol, "")


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    measure = parse_measure("5 " + text)
    assert measure is None or measure.unit_text


@pytest.mark.parametrize("text", ["119½", "12.5¾", "119十", "3 ½"])
def test_a_sign_that_counts_is_no_unit(text: str) -> None:
    assert parse_measure(text) is None
