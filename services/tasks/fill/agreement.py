"""Whether the answers on one row agree: score and tendency with each other, and the tendency with the row's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.tasks.fill.answers import Text
from services.tasks.fill.kinds import number_of
from services.tasks.fill.wanted import Wanted
from services.text.sentiment import judge
from services.workbook.changes import Reason, reason

_NEUTRAL = 0.35
"""A score nearer to 0 may go with any tendency: where neutral ends is a matter of taste."""

SURE = 0.5
"""A score from which on words that all agree are taken for certain."""


def disagreement(
    columns: Sequence[Wanted], values: Mapping[str, Text], source: str
) -> tuple[Sequence[str], Reason] | None:
    """The keys of answers that can't all be right, and why; None where nothing speaks against them."""
    if keys := contradiction(columns, values):
        return keys, reason("fill.contradicts")
    tendency = next((column for column in columns if column.key == "tendency"), None)
    said = values.get("tendency")
    if tendency is None or not isinstance(said, str) or len(tendency.kind.choices) != 3:
        return None
    found = judge(source)
    opposite = tendency.kind.choices[2 if found.score > 0 else 0]
    if not found.sure or abs(found.score) < SURE or said != opposite:
        return None
    return [key for key in ("tendency", "score") if key in values], reason(
        "fill.against-words", words=tuple(found.words[:8])
    )


def contradiction(columns: Sequence[Wanted], values: Mapping[str, Text]) -> tuple[str, ...]:
    """The keys of a tendency (positive, neutral, negative, in this order) and a score that can't both be right."""
    tendency = next((column for column in columns if column.key == "tendency"), None)
    said, score = values.get("tendency"), values.get("score")
    if tendency is None or not isinstance(said, str) or not isinstance(score, str) or len(tendency.kind.choices) != 3:
        return ()
    number = number_of(score)
    if number is None or abs(number[0]) < _NEUTRAL:
        return ()
    place = 0 if number[0] > 0 else 2
    return () if said == tendency.kind.choices[place] else ("tendency", "score")
