"""phones: reading numbers of several plans, telling a column's region, writing without touching a digit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.phones import column_region, format_as_pattern, format_phone, majority_patterns, parse_phone


@pytest.mark.parametrize(
    ("text", "region", "e164", "digits", "kind", "extension"),
    [
        ("+86 138-0013-8000", None, "+8613800138000", "13800138000", "mobile", ""),
        ("0086 13800138000", None, "+8613800138000", "13800138000", "mobile", ""),
        ("１３８００１３８０００", "CN", "+8613800138000", "13800138000", "mobile", ""),
        ("(0755) 8888 8888", "CN", "+8675588888888", "075588888888", "fixed", ""),
        ("0755-88888888转123", "CN", "+8675588888888", "075588888888", "fixed", "123"),
        ("0755-88888888-123", "CN", "+8675588888888", "075588888888", "fixed", "123"),
        ("电话：010-12345678", "CN", "+861012345678", "01012345678", "fixed", ""),
        ("400-820-8820", "CN", "+864008208820", "4008208820", "service", ""),
        ("+44 (0)20 7946 0958", None, "+442079460958", "02079460958", "fixed", ""),
        ("020 7946 0958", "GB", "+442079460958", "02079460958", "fixed", ""),
        ("(205) 325-8100 ext. 5", "US", "+12053258100", "2053258100", "either", "5"),
        ("1-205-325-8100", "US", "+12053258100", "2053258100", "either", ""),
        ("+852 2345 6789", "CN", "+85223456789", "23456789", "fixed", ""),
    ],
)
def test_a_number_is_read_by_its_plan(
    text: str, region: str | None, e164: str, digits: str, kind: str, extension: str
) -> None:
    phone = parse_phone(text, region)
    assert phone is not None
    assert (phone.e164, phone.digits, phone.kind, phone.extension, phone.valid) == (e164, digits, kind, extension, True)
    assert not phone.lost_zero


@pytest.mark.parametrize(
    "text",
    ["", "hello", "95588", "1-800-FLOWERS", "13800138000;13900139000", "13800138000/13900139000", "12.5", "1" * 40],
)
def test_what_is_no_single_number_is_not_read(text: str) -> None:
    assert parse_phone(text, "CN") is None


def test_a_length_that_fits_without_a_range_in_use_is_not_valid() -> None:
    phone = parse_phone("1234567890", "US")
    assert phone is not None
    assert not phone.valid


def test_a_number_without_its_trunk_zero_is_marked() -> None:
    phone = parse_phone("75588888888", "CN")
    assert phone is not None
    assert phone.lost_zero


def test_a_column_tells_its_region_only_where_no_other_is_as_good() -> None:
    assert column_region(["13800138000", "13912345678", "0755-88888888"]) == "CN"
    assert column_region(["2053258100", "2562353030", "2564287111"]) == "US"
    assert column_region(["(205) 325-8100", "(256) 235-3030", "(212) 555-0123"]) == "US"
    assert column_region(["020 7946 0958", "0161 496 0000", "07911 123456"]) == "GB"
    assert column_region(["12345", "23456", "34567"]) is None
    assert column_region(["2024-01-05", "2024-01-06", "2024-01-07"]) is None
    assert column_region(["13800138000", "13912345678"]) is None
    assert column_region([]) is None


def test_slips_in_some_values_do_not_hide_the_region() -> None:
    assert column_region(["2053258100", "2562353030", "2564287111", "20x3258100", "256235303o"]) == "US"
    assert column_region(["2053258100", "2562353030", "2564287111", "none", "yes", "no"]) is None


def test_each_kind_of_number_has_its_own_majority_shape() -> None:
    values = {"138-0013-8000": 3, "13900139000": 1, "0755-8888 8888": 2, "(0755)12345678": 1}
    assert majority_patterns(values, "CN") == {("mobile", 11): "ddd-dddd-dddd", ("fixed", 12): "dddd-dddd dddd"}


def test_a_number_is_written_in_each_style_and_keeps_its_extension() -> None:
    phone = parse_phone("0755-88888888转123", "CN")
    assert phone is not None
    assert format_phone(phone, "e164") == "+8675588888888转123"
    assert format_phone(phone, "national") == "0755 8888 8888转123"
    assert format_phone(phone, "digits") == "075588888888转123"
    plain = parse_phone("2053258100", "US")
    assert plain is not None
    assert format_phone(plain, "international") == "+1 205-325-8100"


def test_a_number_fills_a_shape_exactly_or_not_at_all() -> None:
    mobile, extended = parse_phone("13800138000", "CN"), parse_phone("0755-88888888转123", "CN")
    assert mobile is not None
    assert extended is not None
    assert format_as_pattern(mobile, "ddd-dddd-dddd") == "138-0013-8000"
    assert format_as_pattern(mobile, "+dd ddd dddd dddd") == "+86 138 0013 8000"
    assert format_as_pattern(mobile, "+d (ddd) ddd-dddd") is None
    assert format_as_pattern(mobile, "dddd-dddddddd") is None
    assert format_as_pattern(extended, "dddd-dddddddd") is None


@given(st.text(alphabet="0123456789+-() .转x#０１abc:", max_size=24), st.sampled_from(["CN", "US", "GB", "DE", None]))
def test_reading_never_raises_and_no_digit_is_lost_or_made_up(text: str, region: str | None) -> None:
    phone = parse_phone(text, region)
    if phone is None:
        return
    written = re.sub(r"\D", "", text.translate({0xFF10: "0", 0xFF11: "1"}))
    significant = phone.e164[1 + len(phone.country) :]
    assert written.endswith(significant + phone.extension)
    for shape in ("ddd-dddd-dddd", "(ddd) ddd-dddd", "dddd-dddddddd", "+dd ddd dddd dddd"):
        shaped = format_as_pattern(phone, shape)
        if shaped is not None:
            assert re.sub(r"\D", "", shaped) in (phone.digits, significant, phone.e164[1:])


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert parse_phone(text, "CN") is None or any(c.isdigit() for c in text)
