"""Rule ``listed``: values become what a person has listed for them."""

from __future__ import annotations

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.listed import RULE, ListedStep
from services.workbook.grid import Scalar
from tests.tasks.clean.rules.tables import one_column


def listed(values: list[Scalar], typed: bool = True, **pairs: str) -> dict[Scalar, Scalar]:
    step = ListedStep(column="Value", values=pairs, asked="person")
    found = RULE.run(step, one_column(values, typed=typed)).values
    assert all(isinstance(one, Proposal) and one.safe for one in found.values())
    return {value: one.after for value, one in found.items() if isinstance(one, Proposal)}


def test_listed_values_become_others_whatever_their_case_and_outer_spaces() -> None:
    assert listed(["男", " 女", "m", "M"], 男="M", 女="F", m="M") == {"男": "M", " 女": "F", "m": "M"}


def test_numbers_are_listed_as_they_are_shown() -> None:
    assert listed([1, 0, 10, 1.0], **{"1": "yes", "0": "no"}) == {1: "yes", 0: "no"}


def test_a_value_may_be_listed_as_empty() -> None:
    assert listed(["?", "a"], **{"?": ""}) == {"?": None}


def test_a_part_of_a_value_is_not_the_value() -> None:
    assert listed(["Mann"], m="x") == {}
