"""The rule ``booleans``: one pair of words for yes and no in a column."""

from __future__ import annotations

from services.tasks.clean.rules.booleans import RULE, BooleansStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.clean.rules import tables


def table_of(values: list[Scalar], typed: bool = False) -> Table:
    return Table(grid=Grid(columns=(values,), header=("Value",)), typed=typed, language="en")


def findings(values: list[Scalar], typed: bool = False) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, table_of(values, typed))


def test_other_words_get_the_columns_own() -> None:
    values: list[Scalar] = ["Yes", "No"] * 10 + ["Y", "no", "N"]
    assert findings(values) == {"Y": ("Yes", True), "no": ("No", True), "N": ("No", True)}


def test_chinese_words_are_a_pair_too() -> None:
    assert findings(["是", "否"] * 10 + ["Y", "√"]) == {"Y": ("是", True), "√": ("是", False)}


def test_without_a_clear_majority_a_person_decides() -> None:
    assert findings(["yes", "no", "yes", "no", "Y", "N", "Y"]) == {
        "Y": ("yes", False),
        "N": ("no", False),
    }


def test_a_rare_other_value_is_left_alone() -> None:
    assert findings(["yes", "no"] * 40 + ["yxs", "YES"]) == {"YES": ("yes", True)}


def test_a_column_with_other_answers_has_no_step() -> None:
    assert findings(["yes", "no", "maybe", "Yes"] * 5) == {}


def test_ones_and_zeros_are_numbers() -> None:
    assert findings(["1", "0", "1", "0"]) == {}


def test_text_among_real_booleans_becomes_real() -> None:
    values: list[Scalar] = [True, False] * 10 + ["TRUE", "no"]
    assert findings(values, typed=True) == {"TRUE": (True, True), "no": (False, False)}


def test_a_consistent_column_has_no_step() -> None:
    assert RULE.propose(table_of(["yes", "no"] * 10)) == []
    assert RULE.propose(table_of([True, False] * 10, typed=True)) == []


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(BooleansStep(column="Value", true="yes", false="no"), table_of(["a", "b"] * 10))
    assert outcome.values == {}
    assert outcome.misfit is not None
    assert outcome.misfit.code == "booleans.misfit"
