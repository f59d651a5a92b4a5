"""What a value is to the one it is compared with."""

from __future__ import annotations

import pytest

from services.tasks.clean.rules.likeness import Likeness, likeness


@pytest.mark.parametrize(
    ("value", "meant", "expected"),
    [
        ("Birmignham", "Birmingham", Likeness.SLIP),
        ("Munchen", "München", Likeness.FORM),
        ("st louis", "St. Louis", Likeness.FORM),
        ("东莞", "东莞市", Likeness.FORM),
        ("浙江义乌", "义乌", Likeness.FORM),
        ("财务", "财务一部", Likeness.OTHER),
        ("王强", "王强胜利路店", Likeness.OTHER),
        ("Room 107 East", "Room 101 East", Likeness.CLOSE),
        ("Gadsden AL", "Gadsden", Likeness.PART),
        ("Gadsden", "Dothan", Likeness.OTHER),
    ],
)
def test_a_value_beside_the_one_its_group_holds(value: str, meant: str, expected: Likeness) -> None:
    assert likeness(value, meant, "") is expected


def test_characters_covered_by_the_mark_are_told_from_slips() -> None:
    assert likeness("mxntgomery", "montgomery", "x") is Likeness.MARKED
    assert likeness("mxntgomery", "montgomery", "") is Likeness.SLIP
