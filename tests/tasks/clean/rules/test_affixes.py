"""The quick readings of digits between affixes say what the parsers say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.tasks.clean.rules.affixes import read_amount, read_measure
from services.tasks.clean.rules.number_columns import read_number
from services.text.amounts import parse_amount
from services.text.numerals import parse_number
from services.text.units import parse_measure

BEFORE = ["", "$", "¥", "US$ ", "-", "-$", "(", "($", "约", "€ ", "CNY ", "+", "HK$", "."]
AFTER = [
    "",
    " USD",
    "元",
    "万元",
    "元整",
    ")",
    "-",
    " €",
    "万",
    "k",
    "多",
    "%",
    " kg",
    "kg",
    " oz.",
    " oz. can",
    "个",
    "/袋",
    ".",
    " - ",
]
DIGITS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.integers(0, 10**9).map(lambda n: f"{n:,}"),
    st.decimals(0, 10**7, places=2).map(lambda n: f"{n:,}"),
    st.decimals(0, 10**4, places=3).map(str),
    st.sampled_from(["007", "1,2", "12,34,567", "1", "12", "1,2345", "0.1", "1.2.3"]),
)


@given(st.sampled_from(BEFORE), DIGITS, st.sampled_from(AFTER))
def test_amounts_are_read_as_the_parser_reads_them(before: str, digits: str, after: str) -> None:
    text = before + digits + after
    assert read_amount(text) == parse_amount(text)
    assert read_amount(text, decimal_sign=",") == parse_amount(text, decimal_sign=",")


@given(st.sampled_from(BEFORE), DIGITS, st.sampled_from(AFTER))
def test_measures_are_read_as_the_parser_reads_them(before: str, digits: str, after: str) -> None:
    text = before + digits + after
    assert read_measure(text) == parse_measure(text)


@given(st.sampled_from(["", "-", "+", " "]), DIGITS)
def test_numbers_are_read_as_the_parser_reads_them(sign: str, digits: str) -> None:
    assert read_number(sign + digits) == parse_number(sign + digits)
