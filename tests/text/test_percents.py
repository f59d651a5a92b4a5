"""Percent and per mille in Chinese and English."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.percents import Percent, parse_percent


@pytest.mark.parametrize(
    ("text", "fraction", "places", "per"),
    [
        ("12.5%", "0.125", 1, 100),
        ("１２％", "0.12", 0, 100),
        ("-3.50 %", "-0.0350", 2, 100),
        ("百分之十二点五", "0.125", 1, 100),
        ("负百分之五", "-0.05", 0, 100),
        ("百分之12.5", "0.125", 1, 100),
        ("12.5 percent", "0.125", 1, 100),
        ("12.5 per cent", "0.125", 1, 100),
        ("12,5%", "0.125", 1, 100),
        ("5‰", "0.005", 0, 1000),
        ("5 per mille", "0.005", 0, 1000),
        ("千分之五", "0.005", 0, 1000),
        ("150%", "1.5", 0, 100),
    ],
)
def test_a_share_is_read_as_a_fraction(text: str, fraction: str, places: int, per: int) -> None:
    share = parse_percent(text)
    assert share is not None
    assert (share.fraction, share.decimal_places, share.per, share.ambiguous) == (Decimal(fraction), places, per, False)


@pytest.mark.parametrize(
    "text",
    ["", "%", "12", "约5%", "5-10%", "(5%)", "百分之", "百分之几", "5 percentage points", "5万%", "1,23,4%", "%5"],
)
def test_what_is_no_share_is_none(text: str) -> None:
    assert parse_percent(text) is None


def test_an_open_decimal_sign_stays_open_unless_it_is_given() -> None:
    assert parse_percent("1.234%") == Percent(Decimal("0.01234"), 3, None, True, 100)
    assert parse_percent("1,234%", decimal_sign=",") == Percent(Decimal("0.01234"), 3, ",", False, 100)


@given(value=st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_a_percentage_is_read_back(value: Decimal) -> None:
    share = parse_percent(f"{value}%")
    assert share is not None
    assert share.fraction == value / 100


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    share = parse_percent(text)
    assert share is None or share.fraction.is_finite()
