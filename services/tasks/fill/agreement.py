"""Whether the answers on one row agree with each other: a score whose sign is that of the tendency beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.tasks.fill.answers import Text
from services.tasks.fill.kinds import number_of
from services.tasks.fill.wanted import Wanted

_NEUTRAL = 0.35
"""A score nearer to 0 may go with any tendency: where neutral ends is a matter of taste."""


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
