"""Which columns of a table are read: those that a person named, those that a prompt names, or those that hold prose."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from services.errors import InputError
from services.tasks.fill.kinds import plain
from services.text.widths import has_chinese
from services.workbook.grid import CellError, Grid, Scalar

_PLACE = re.compile(r"\{\{|\}\}|[{｛]([^{}｛｝]*)[}｝]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_PROSE = 8
"""Letters that the cells of a column of prose have at the median; a Chinese character counts as two."""
_SAMPLE = 500
_LONGEST_NAME = 100


def named_in(prompt: str) -> tuple[str, ...]:
    """The columns that stand in braces in a prompt, each once; doubled braces are braces."""
    names = (match[1].strip() for match in _PLACE.finditer(prompt) if match[1] is not None)
    return tuple(dict.fromkeys(name for name in names if name))


def instruction(prompt: str, names: Sequence[str]) -> str:
    """A person's prompt with the columns in braces as quoted names, so that no value of a cell is ever part of it."""

    def told(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        at = position(match[1].strip(), names)
        name = match[1].strip() if at is None else names[at]
        return '"' + re.sub(r"\s+", " ", name)[:_LONGEST_NAME] + '"'

    return _PLACE.sub(told, prompt).strip()


def position(name: str, names: Sequence[str]) -> int | None:
    """Where a column of this name stands, as it is written or but for width, case and spaces; None where it doesn't."""
    if name in names:
        return names.index(name)
    same = [at for at, other in enumerate(names) if plain(other) == plain(name)]
    return same[0] if len(same) == 1 else None


def positions(wanted: Sequence[str], names: Sequence[str]) -> tuple[int, ...] | None:
    """Where all of these columns stand; None where one is missing."""
    found = [position(name, names) for name in wanted]
    return None if None in found else tuple(dict.fromkeys(at for at in found if at is not None))


def likely(grid: Grid, rule: Literal["text", "texts", "row"], targets: Collection[str]) -> tuple[int, ...]:
    """The columns that a template reads where none is named, but for those that it fills.

    ``text`` is the column with the longest texts, ``texts`` every column of prose, else that one, ``row`` every column
    that holds anything. Raises ``InputError`` (``fill-no-text-column``) where no column holds text.
    """
    names = grid.names()
    taken = {at for at in (position(title, names) for title in targets) if at is not None}
    free = [at for at in range(grid.column_count) if at not in taken]
    if rule == "row":
        held = [at for at in free if any(not is_empty(value) for value in grid.columns[at])]
        if held:
            return tuple(held)
    lengths = {at: _usual_length(grid.columns[at]) for at in free}
    prose = [at for at in free if lengths[at] >= _PROSE]
    longest = max(free, key=lambda at: lengths[at], default=None)
    if longest is None or not lengths[longest]:
        raise InputError("fill-no-text-column", known=", ".join(names) or "-")
    return tuple(prose) if rule == "texts" and prose else (longest,)


def is_empty(value: Scalar) -> bool:
    """Whether a cell says nothing: empty, blank or an error."""
    return value is None or isinstance(value, CellError) or (isinstance(value, str) and not value.strip())


def _usual_length(column: Sequence[Scalar]) -> int:
    """The letters of a column's texts at the median (codes and dates have few); 0 where most values are no text."""
    filled = [value for value in column if not is_empty(value)][:_SAMPLE]
    texts = [value for value in filled if isinstance(value, str)]
    if not texts or len(texts) * 2 < len(filled):
        return 0
    lengths = sorted(len(_NO_LETTERS.sub("", text)) * (2 if has_chinese(text) else 1) for text in texts)
    return max(1, lengths[len(lengths) // 2])
