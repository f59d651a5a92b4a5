"""Rule ``parts``: pieces of text taken off values, as a whole only."""

from __future__ import annotations

from typing import Literal

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.parts import RULE, PartsStep
from tests.tasks.clean.rules.tables import one_column

Place = Literal["start", "end", "anywhere"]


@pytest.mark.parametrize(
    ("value", "text", "place", "after", "safe"),
    [
        ("No. 17", "No.", "start", "17", True),
        ("no.17", "No.", "start", "17", True),
        ("12 kg", "kg", "end", "12", True),
        ("12kg", "kg", "end", "12", True),
        ("上海市", "市", "end", "上海", True),
        ("Anna, CEO, Berlin", "CEO", "anywhere", "Anna, Berlin", True),
        ("background", "back", "start", "ground", False),
        ("PR120", "PR1", "start", "20", False),
    ],
)
def test_a_part_is_taken_off(value: str, text: str, place: Place, after: str, safe: bool) -> None:
    step = PartsStep(column="Value", text=text, place=place, asked="person")
    (found,) = RULE.run(step, one_column([value])).values.values()
    assert isinstance(found, Proposal)
    assert (found.after, found.safe) == (after, safe)


def test_a_value_that_is_nothing_else_stays_and_so_does_one_without_it() -> None:
    step = PartsStep(column="Value", text="kg", place="end", asked="person")
    assert RULE.run(step, one_column(["kg", "12 g", None, 5])).values == {}


def test_what_a_model_chose_is_for_a_person_to_decide() -> None:
    step = PartsStep(column="Value", text="kg", place="end", asked="model")
    (found,) = RULE.run(step, one_column(["12 kg"])).values.values()
    assert isinstance(found, Proposal)
    assert not found.safe


def test_no_column_calls_for_it_by_itself() -> None:
    assert RULE.propose(one_column(["12 kg", "13 kg"])) == []
