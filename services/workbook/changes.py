"""What would change and what did: ChangeSet and Journal, and apply and undo as pure functions over a Grid.

No file is touched here; the writes that come out are carried out by a patcher or a host.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from services.errors import NotFound
from services.messages import Language, message
from services.workbook.grid import FORMULA, MERGED, UNWRITABLE, ColumnFormats, Grid, Scalar, same_value

Verdict = Literal["safe", "review", "rejected"]
Proposer = Literal["rule", "model"]
ConflictCode = Literal[
    "edited", "formula", "merged", "locked", "outside", "rejected", "needs_earlier", "needs_later", "undone"
]


@dataclass(frozen=True, slots=True)
class Term:
    """A parameter of a reason that is a word of ours: a message key below ``terms`` and its own parameters.

    A code that begins with ``unanswered.`` is the key itself: why a model gave no answer is told alike everywhere.
    """

    code: str
    parameters: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a message key below ``reasons`` and its parameters, so that it can be told in either language.

    A parameter may be a ``Term``, or several in a tuple.
    """

    code: str
    parameters: tuple[tuple[str, object], ...] = ()

    def text(self, language: Language) -> str:
        """The reason as a sentence for a person."""
        told = {name: _told(value, language) for name, value in self.parameters}
        return message(f"reasons.{self.code}", language, **told)


def _told(value: object, language: Language) -> object:
    if isinstance(value, Term):
        key = value.code if value.code.startswith("unanswered.") else f"terms.{value.code}"
        return message(key, language, **dict(value.parameters))
    if isinstance(value, tuple):
        return message("terms.between", language).join(str(_told(item, language)) for item in value)
    return value


def reason(code: str, **parameters: object) -> Reason:
    """A ``Reason`` with its parameters by name."""
    return Reason(code, tuple(parameters.items()))


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would change. ``row`` and ``column`` are 0-based in the Grid.

    A cell may have two changes, a ``safe`` one and then a ``review`` one that starts from its ``after``.
    ``number_format`` is a format code to give to the cell with the value, or None to leave its format alone.
    ``confidence`` is between 0 and 1. Verdicts never change.
    """

    id: str
    row: int
    column: int
    before: Scalar
    after: Scalar
    reasons: tuple[Reason, ...]
    rule: str
    verdict: Verdict
    confidence: float = 1.0
    proposer: Proposer = "rule"
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at, which no rule may bend: an impossible date, a duplicate row, a vague amount.

    ``column`` is None where the whole row is meant; ``rows`` are further 0-based rows that belong to it.
    """

    id: str
    row: int
    column: int | None
    value: Scalar
    reason: Reason
    rule: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All that a task proposes for one Grid, in the order in which it is to be applied."""

    changes: tuple[Change, ...] = ()
    flags: tuple[Flag, ...] = ()
    fingerprint: str = ""

    def with_verdicts(self, verdicts: Collection[Verdict]) -> frozenset[str]:
        """The ids of the changes that have one of these verdicts."""
        return frozenset(change.id for change in self.changes if change.verdict in verdicts)


class Write(NamedTuple):
    """A value to put into one cell, 0-based in the Grid; ``number_format`` None leaves the cell's format alone.

    A named tuple, as ``Entry`` is: there may be hundreds of thousands, and a frozen dataclass takes five times as long.
    """

    row: int
    column: int
    value: Scalar
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A change that was not carried out, since the cell is not (or must not be) what it was made for.

    ``edited``: the cell holds neither what the change starts from nor anything we put there. ``formula``, ``merged``,
    ``locked``: it may not be written. ``outside``: it lies outside the grid. ``rejected``: verification refused it.
    ``needs_earlier``: it starts from an earlier change of the same cell that was not carried out. ``needs_later``: a
    later change of the same cell still stands and has to be taken back first. ``undone``: it was taken back already.
    """

    id: str
    row: int
    column: int
    expected: Scalar
    found: Scalar
    code: ConflictCode


class Entry(NamedTuple):
    """One change that was carried out: what the cell held before and after, with the formats where they changed."""

    id: str
    row: int
    column: int
    before: Scalar
    after: Scalar
    format_before: str | None = None
    format_after: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What was carried out, in order; enough to take it back, whole or one change at a time."""

    entries: tuple[Entry, ...] = ()
    undone: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Applied:
    """What ``apply`` and ``undo`` return: the writes to carry out, what was left alone and why, the Journal after."""

    writes: tuple[Write, ...]
    conflicts: tuple[CellConflict, ...]
    journal: Journal


def apply(grid: Grid, changes: ChangeSet, accepted: Collection[str]) -> Applied:
    """Carry out the accepted changes on ``grid`` as it is now, in the order of ``changes``.

    A cell that no longer holds ``before``, that holds a formula, or that may not be written, is a conflict and stays.
    Where a cell has two changes, the second is carried out only with the first: a person saw it start from the first
    one's ``after``, and what was turned down is not carried out by the back door. A cell gets one write at most.
    Raises ``NotFound`` (``unknown-change``) for an accepted id that ``changes`` does not have.
    """
    wanted = frozenset(accepted)
    _check_known(wanted, {change.id for change in changes.changes})
    state = _State(grid)
    entries: list[Entry] = []
    conflicts: list[CellConflict] = []
    skipped: set[tuple[int, int]] = set()
    for change in changes.changes:
        cell = (change.row, change.column)
        if change.id not in wanted:
            skipped.add(cell)
            continue
        code = "rejected" if change.verdict == "rejected" else state.obstacle(cell, change.before)
        if code is not None:
            if code == "edited" and cell in skipped:
                code = "needs_earlier"
            skipped.add(cell)
            conflicts.append(CellConflict(change.id, *cell, change.before, state.value(cell), code))
            continue
        number_format = change.number_format
        format_before = None if number_format is None else state.number_format(cell)
        before, after = change.before, change.after
        entries.append(Entry(change.id, change.row, change.column, before, after, format_before, number_format))
        state.write(cell, after, number_format)
    return Applied(state.writes(), tuple(conflicts), Journal(tuple(entries)))


def undo(grid: Grid, journal: Journal, ids: Sequence[str] | None = None) -> Applied:
    """Take back entries of ``journal``, the last first: all that still stand, or only those with the given ids.

    A cell that no longer holds ``after`` was edited since: a conflict, and it stays. So does an entry whose cell has a
    later entry that still stands. Entries undone before are passed over; one named by id is a conflict ``undone``.
    A number format that was changed with the value goes back with it. The returned Journal has ``undone`` grown.
    Raises ``NotFound`` (``unknown-change``) for an id that ``journal`` does not have.
    """
    wanted = None if ids is None else frozenset(ids)
    if wanted is not None:
        _check_known(wanted, {entry.id for entry in journal.entries})
    state = _State(grid)
    conflicts: list[CellConflict] = []
    standing: set[tuple[int, int]] = set()
    undone: set[str] = set()
    for entry in reversed(journal.entries):
        cell = (entry.row, entry.column)
        if entry.id in journal.undone:
            if wanted is not None and entry.id in wanted:
                conflicts.append(CellConflict(entry.id, *cell, entry.after, state.value(cell), "undone"))
            continue
        if wanted is not None and entry.id not in wanted:
            standing.add(cell)
            continue
        code = "needs_later" if cell in standing else state.obstacle(cell, entry.after)
        if code is not None:
            standing.add(cell)
            conflicts.append(CellConflict(entry.id, *cell, entry.after, state.value(cell), code))
            continue
        undone.add(entry.id)
        state.write(cell, entry.before, entry.format_before)
    return Applied(state.writes(), tuple(conflicts), Journal(journal.entries, journal.undone | undone))


def carry_out(grid: Grid, writes: Sequence[Write]) -> Grid:
    """``grid`` as it will be once ``writes`` are carried out; ``grid`` itself stays as it is."""
    columns = [list(column) for column in grid.columns]
    formats = {column: dict(grid.formats[column].other) for column in range(len(grid.formats))}
    for write in writes:
        columns[write.column][write.row] = write.value
        if write.number_format is not None:
            formats.setdefault(write.column, {})[write.row] = write.number_format
    if not formats:
        return replace(grid, columns=tuple(columns))
    known = [grid.formats[c] if c < len(grid.formats) else ColumnFormats() for c in range(grid.column_count)]
    formats_after = tuple(ColumnFormats(known[c].default, formats.get(c, {})) for c in range(grid.column_count))
    return replace(grid, columns=tuple(columns), formats=formats_after)


class _State:
    """A grid as it stands after the writes so far, without copying it."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._columns = grid.columns
        self._row_count = grid.row_count
        self._masked = any(grid.masks)
        self._written: dict[tuple[int, int], Write] = {}

    def value(self, cell: tuple[int, int]) -> Scalar:
        """What the cell holds by now; None outside the grid."""
        if cell in self._written:
            return self._written[cell].value
        row, column = cell
        inside = 0 <= column < len(self._columns) and 0 <= row < self._row_count
        return self._columns[column][row] if inside else None

    def number_format(self, cell: tuple[int, int]) -> str:
        """The cell's number format by now."""
        written = self._written.get(cell)
        if written is None or written.number_format is None:
            return self._grid.format_at(*cell)
        return written.number_format

    def obstacle(self, cell: tuple[int, int], expected: Scalar) -> ConflictCode | None:
        """Why the cell may not be written, or None where it may and holds ``expected``."""
        row, column = cell
        if not (0 <= column < len(self._columns) and 0 <= row < self._row_count):
            return "outside"
        if self._masked and (mask := self._grid.mask_at(row, column) & UNWRITABLE):
            return "formula" if mask & FORMULA else "merged" if mask & MERGED else "locked"
        written = self._written.get(cell)
        found = self._columns[column][row] if written is None else written.value
        if type(found) is type(expected):  # nearly every cell; a third of the time saved
            return None if found == expected else "edited"
        return None if same_value(found, expected) else "edited"

    def write(self, cell: tuple[int, int], value: Scalar, number_format: str | None) -> None:
        """Let the cell hold ``value``; a format given earlier stays where this write brings none."""
        if number_format is None and cell in self._written:
            number_format = self._written[cell].number_format
        self._written[cell] = Write(cell[0], cell[1], value, number_format)

    def writes(self) -> tuple[Write, ...]:
        """One write for each cell that was written."""
        return tuple(self._written.values())


def _check_known(wanted: frozenset[str], known: Collection[str]) -> None:
    unknown = wanted.difference(known)
    if unknown:
        raise NotFound("unknown-change", id=", ".join(sorted(unknown)[:5]))
