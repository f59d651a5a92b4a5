"""Texts that a column's rule did not understand, though nearly all of the column is of one kind: each is flagged.

Which kind a column is of, and what its texts say, is the business of the rule that asks. Words for "no value" are left
to the rule ``empties`` where it has something to say of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import takewhile

from services.tasks.clean.rule import Doubt
from services.tasks.clean.rules import empties
from services.tasks.clean.table import Column, Table
from services.text.nulls import null_word
from services.workbook.changes import reason

CLEAR_SHARE = 0.8
"""From this share of one kind on, a column is clearly of it, and a text of no kind is one too many."""

FEW = 3
USUAL = 0.1
"""A text in more cells than ``FEW`` and than this share is what the column says on purpose beside its values."""

_SHOWN = 60


def leftovers(
    column: Column, table: Table, understood: Container[object], code: str, cells: int, filled: int
) -> Iterator[tuple[str, Doubt]]:
    """A doubt with the reason ``code`` for each text of the column that is not among the ``understood`` ones.

    None at all where ``cells`` of the ``filled`` are no clear majority, since the column is then of another kind.
    """
    if not filled or cells < CLEAR_SHARE * filled:
        return
    usual = max(FEW, USUAL * filled)
    rare = [text for text, count in column.texts.items() if count <= usual]
    labels = () if table.grid.header else _labels(column, understood)
    unread = [text for text in rare if text not in understood and text not in labels and text.strip()]
    words = tuple(text for text in unread if null_word(text) is not None)
    emptied = empties.run(empties.EmptiesStep(column=column.name, words=words), table).values if words else {}
    for text in unread:
        if text not in emptied:
            shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
            yield text, Doubt(reason(code, value=shown, count=cells), leftover=True)


def _labels(column: Column, understood: Container[object]) -> set[str]:
    """The texts above a column's first value, where no header row was recognised: they are its title."""
    above = takewhile(lambda value: value is None or (type(value) is str and value not in understood), column.values)
    return {value for value in above if isinstance(value, str)}
