"""Figures in prose, and which of them are missing in another text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.figures import figures_in, figures_missing


def missing(text: str, other: str) -> list[str]:
    return [figure.text for figure in figures_missing(figures_in(text), figures_in(other))]


def test_the_figures_of_a_text_are_found_with_what_they_mean() -> None:
    found = {figure.text: figure.meanings for figure in figures_in("2024年3月5日付款2.3百万元，增长12.5%，共三人")}

    assert found == {
        "2024年3月5日": frozenset({("date", (2024, 3, 5))}),
        "2.3百万": frozenset({("number", Decimal("2.3E+6"))}),
        "12.5%": frozenset({("number", Decimal("0.125"))}),
        "三": frozenset({("number", Decimal(3))}),
    }


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("RMB 2.3 million", "二百三十万元"),
        ("12.5 percent", "百分之十二点五"),
        ("March 5, 2024", "2024年3月5日"),
        ("March 5", "2024-03-05"),
        ("in 2024", "2024年"),
        ("at 2:30 pm", "下午两点半"),
        ("three boxes", "三箱"),
        ("三箱", "boxes"),
        ("(1,050.00)", "-1050"),
        ("3-5 days", "3到5天"),
        ("order A-1023", "订单A1023"),
        ("我们一起努力", "We strive together"),
        ("3月份", "in March"),
        ("twenty-one", "21"),
    ],
)
def test_the_same_in_another_wording_is_not_missing(text: str, other: str) -> None:
    assert missing(text, other) == []


@pytest.mark.parametrize(
    ("text", "other", "lost"),
    [
        ("23000000", "RMB 2.3 million", ["23000000"]),
        ("1,050.00", "(1,050.00)", ["1,050.00"]),
        ("2024-03-05", "March 5", ["2024-03-05"]),
        ("12 days and 13 days", "12天", ["13"]),
        ("订单A-1024", "A-1023", ["A-1024"]),
        ("12.5%", "12.5", ["12.5%"]),
    ],
)
def test_another_value_is_missing(text: str, other: str, lost: list[str]) -> None:
    assert missing(text, other) == lost


@given(st.text())
def test_no_text_is_a_fault_and_none_misses_its_own_figures(text: str) -> None:
    assert missing(text, text) == []
