"""What the answers together betray: one answer for many inputs, or an example of the prompt given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.tasks.fill.kinds import plain
from services.tasks.fill.wanted import Wanted
from services.workbook.changes import Reason, reason

FEWEST = 4
"""Distinct inputs from which on one and the same answer is odd."""

_SHORT = 6
"""Characters below which an answer may be like an example by chance."""


def example_answers(examples: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], key: str) -> frozenset[str]:
    """What the examples of a prompt answer under a key, long enough to be known again."""
    said = (answer.get(key) for _, answer in examples)
    return frozenset(plain(text) for text in said if isinstance(text, str) and len(plain(text)) >= _SHORT)


def repeated(column: Wanted, said: Sequence[str | Sequence[str] | None]) -> frozenset[str]:
    """The answers, made plain, that more than half of many distinct inputs got; a choice may be the same for all."""
    if column.kind.name not in ("text", "number", "date") or column.check == "none":
        return frozenset()
    texts = [plain(text) for text in said if isinstance(text, str)]
    if len(texts) < FEWEST:
        return frozenset()
    return frozenset(text for text, count in Counter(texts).items() if count >= FEWEST and count * 2 > len(texts))


def crowd_doubt(
    column: Wanted, said: str | Sequence[str], source: str, known: frozenset[str], often: frozenset[str]
) -> Reason | None:
    """Why one answer is odd beside the others; what stands in its own row is not."""
    if not isinstance(said, str) or column.kind.name == "choice":
        return None
    text = plain(said)
    if text and text in plain(source):
        return None
    if text in known:
        return reason("fill.like-example")
    return reason("fill.same-answer") if text in often else None
