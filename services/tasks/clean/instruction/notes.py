"""What became of an instruction, told on the table it is about: flags on the titles of its columns.

A flag is what every surface shows already: the screen, JSON, the review and the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from services.llm.question import Unanswered
from services.tasks.clean.engine import FOLLOWS
from services.tasks.clean.instruction.choices import ALL, Choice, Wish, told
from services.tasks.clean.table import Table
from services.workbook.changes import ChangeSet, Flag, Reason, Term, reason

RULE = "instruction"
"""What the flags name as their rule."""

_MOST_TOLD = 10


def notes_on(
    table: Table,
    wishes: Sequence[Wish],
    changes: ChangeSet,
    left_out: int,
    left: Sequence[str],
    impossible: Sequence[Choice],
    unanswered: Unanswered | None,
    has_model: bool,
) -> Iterator[tuple[int | None, Reason]]:
    """What to tell, as (column or None for all, reason): what was understood and done, then what was not."""
    done: Counter[int] = Counter(
        change.column for change in changes.changes if change.reasons and change.reasons[0] in FOLLOWS.values()
    )
    for column in table.columns:
        own = [w for w in wishes if w.choice.column == column.name and w.choice.kind != "nothing-else"]
        if own:
            yield column.index, _of_column(own, done[column.index])
    if any(wish.choice.kind == "nothing-else" for wish in wishes):
        yield None, reason("instruction.nothing_else", count=left_out)
    for everywhere in (wish for wish in wishes if wish.choice.column == ALL):
        if everywhere.choice.kind != "nothing-else":
            yield None, reason(f"instruction.everywhere_{everywhere.choice.kind}", asked=told(everywhere.choice))
    if impossible:
        named = tuple(Term("asked.impossible", (("column", one.column), ("kind", one.kind))) for one in impossible)
        yield None, reason("instruction.impossible", choices=named[:_MOST_TOLD])
    if left:
        phrases = tuple(Term("quoted", (("text", phrase),)) for phrase in left[:_MOST_TOLD])
        if unanswered is not None:
            why = Term(f"unanswered.{unanswered.why}")
            yield None, reason("instruction.unanswered", phrases=phrases, why=why)
        else:
            yield None, reason("instruction.not_understood" if has_model else "instruction.no_model", phrases=phrases)


def _of_column(wishes: Sequence[Wish], changed: int) -> Reason:
    asked = tuple(dict.fromkeys(told(wish.choice) for wish in wishes))
    if all(wish.choice.kind == "leave" for wish in wishes):
        return reason("instruction.left_alone")
    by = "model" if any(wish.by == "model" for wish in wishes) else "person"
    if not changed:
        return reason("instruction.no_need_model" if by == "model" else "instruction.no_need", asked=asked)
    return reason(f"instruction.done_{by}", asked=asked, count=changed)


def as_flags(table: Table, notes: Sequence[tuple[int | None, Reason]], first: int) -> tuple[Flag, ...]:
    """The notes as flags on the row of titles, or on the first row where there is none; ids from ``first`` on."""
    grid = table.grid
    row = -1 if grid.header and grid.first_row > 1 else 0
    return tuple(
        Flag(f"f{first + place}", row, column, None if column is None else grid.name_of(column), why, RULE)
        for place, (column, why) in enumerate(notes)
    )
