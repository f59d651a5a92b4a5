"""What was changed from one text to another, marked in the text: ``I saw [teh→the] cat``. Not here: who changed it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"[A-Za-z0-9'’]+|\s+|.", re.S)
_MOST_PIECES = 2000
"""Of longer texts whole lines are compared: the time grows with the square."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs: what stood there and what stands there now; either may be empty."""

    before: str
    after: str


def differences(before: str, after: str) -> list[Difference]:
    """The places that differ, in their order: Latin words as a whole, Chinese by the character."""
    return [part for part in _parts(before, after) if isinstance(part, Difference)]


def marked(before: str, after: str) -> str:
    """The text with each change marked in square brackets: ``[old→new]``, ``[-gone]``, ``[+new]``."""
    return "".join(part if isinstance(part, str) else _mark(part) for part in _parts(before, after))


def _parts(before: str, after: str) -> list[str | Difference]:
    first, second = _pieces(before), _pieces(after)
    if len(first) * len(second) > _MOST_PIECES**2:
        first, second = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts: list[str | Difference] = []
    for kind, i, j, m, n in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        old, new = "".join(first[i:j]), "".join(second[m:n])
        parts.append(old if kind == "equal" else Difference(old, new))
    return parts


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _mark(part: Difference) -> str:
    if not part.before:
        return f"[+{part.after}]"
    return f"[{part.before}→{part.after}]" if part.after else f"[-{part.before}]"
