"""The rule ``case``: odd capitals get the column's form, and names with capitals of their own stay."""

from __future__ import annotations

import pytest

from services.tasks.clean.rules.case import RULE, CaseStep
from services.workbook.grid import Scalar
from tests.tasks.clean.rules import tables


def findings(values: list[Scalar]) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, tables.one_column(values))


TITLES: list[Scalar] = ["New York", "Los Angeles", "San Diego", "Santa Fe", "Bonn"] * 10
CODES: list[Scalar] = ["CA", "NY", "TX", "WA", "OR"] * 10


def test_a_value_whose_right_form_is_frequent_gets_it() -> None:
    assert findings([*TITLES, "new york", "SANTA FE"]) == {
        "new york": ("New York", True),
        "SANTA FE": ("Santa Fe", True),
    }


def test_codes_are_written_large_but_one_odd_letter_in_a_code_may_be_a_slip() -> None:
    assert findings([*CODES, "ca", "Ny"]) == {"ca": ("CA", True), "Ny": ("NY", False)}


def test_small_letters_are_a_form_too() -> None:
    small: list[Scalar] = ["boston", "austin", "dallas", "reno"] * 10
    assert findings([*small, "Boston"]) == {"Boston": ("boston", True)}


def test_a_value_that_stands_alone_is_for_review() -> None:
    assert findings([*TITLES, "long beach"]) == {"long beach": ("Long Beach", False)}


@pytest.mark.parametrize("text", ["iPhone", "IBM", "NASA HQ", "mcdonald", "van gogh", "eBay Inc", "o'brien", "a@b.com"])
def test_names_with_capitals_of_their_own_stay(text: str) -> None:
    assert findings([*TITLES, text]) == {}


def test_a_column_without_a_form_has_no_step() -> None:
    assert findings(["New York", "new york", "NEW YORK", "Bonn", "bonn"] * 10) == {}


def test_mixed_tokens_have_no_step() -> None:
    assert findings([f"aB{i}xY" for i in range(30)] + ["ab1xy"]) == {}


def test_a_consistent_column_has_no_step() -> None:
    assert RULE.propose(tables.one_column(TITLES)) == []
    assert RULE.propose(tables.one_column(["上海", "北京"] * 20)) == []


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(CaseStep(column="Value", form="upper"), tables.one_column(TITLES))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "case.misfit"


def test_a_lone_latin_letter_among_chinese_is_no_word() -> None:
    assert findings([*CODES, "x州市", "a区"]) == {}


def test_two_values_make_a_form_where_all_others_stand_there_in_it_too() -> None:
    coins: list[Scalar] = ["GBP", "EUR"] * 20
    assert findings([*coins, "gbp"]) == {"gbp": ("GBP", True)}
    assert findings([*coins, "usd"]) == {}
    assert findings([*(["M", "F"] * 20), "f"]) == {"f": ("F", False)}
