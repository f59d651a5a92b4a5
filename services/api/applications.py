"""Carrying out a job's changes on cells that a host sent, and taking them back: what to write, and the journal of it.

What an apply and an undo do to a table is in ``workbook.changes``; requests and answers are in ``applying``; a job on
a file is in ``file_results``. An application is noted and its journal written before the host hears what to write, and
it counts as carried out (or taken back) once the host has confirmed it. A host may stop in between: cells that are
found as they would be afterwards are no conflicts, so that the same can simply be asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from services.errors import Conflict, NotFound
from services.folder import private_folder
from services.jobs.ledger import Ledger
from services.jobs.model import Application, ApplicationState, Job
from services.tasks.source import CellTable
from services.workbook.addresses import Place
from services.workbook.changes import Applied, CellConflict, Entry, Journal, apply, undo
from services.workbook.grid import Grid, Scalar, same_value
from services.workbook.host import aligned
from services.workbook.journal import (
    FileJournal,
    Session,
    fill_journal,
    ids_at,
    journal_path,
    now,
    read_journal,
    table_journal,
)
from services.workbook.placing import placed

_TELLING = 3
"""Edited cells from which on they can tell that rows were moved or sorted."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a host is to write. ``n`` is the application's number, 0 where there is nothing to write.

    ``applied`` has one part for each table of the result, in its order, over the cells as the host holds them now.
    """

    n: int
    applied: tuple[Applied, ...]


class Applications:
    """The applications of one job. Raises ``LedgerError``, and ``OutputError`` where a journal can't be written."""

    def __init__(self, ledger: Ledger, journals: Path, job: Job, tables: Sequence[CellTable]) -> None:
        self._ledger = ledger
        self._folder = journals
        self._job = job
        self._tables = tables

    def apply(self, grids: Sequence[Grid], accepted: Collection[str]) -> Prepared:
        """Carry out the accepted changes on the host's cells as they are now.

        ``grids`` are the value rows of each table that has any. Raises what ``aligned`` raises, and ``NotFound``
        (``unknown-change``).
        """
        known = {change.id for table in self._tables for change in table.changes.changes}
        unknown = set(accepted) - known
        if unknown:
            raise NotFound("unknown-change", id=", ".join(sorted(unknown)[:5]))
        earlier = self._standing()
        made = []
        for grid, table, standing in zip(self._current(grids), self._tables, earlier, strict=True):
            own = frozenset(change.id for change in table.changes.changes if change.id in accepted)
            made.append(_without_done(apply(grid, table.changes, own), standing))
        if not any(applied.writes for applied in made):
            return Prepared(0, tuple(made))
        n = self._ledger.add_application(self._job.id, self._job.workbook, len(accepted))
        self._write(n, [applied.journal for applied in made])
        conflicts = {conflict.id: conflict.code for applied in made for conflict in applied.conflicts}
        self._ledger.set_application(self._job.id, n, state="prepared", written=0, conflicts=conflicts)
        self._replace_earlier(n, made)
        return Prepared(n, tuple(made))

    def take_back(self, grids: Sequence[Grid], ids: Collection[str] | None = None) -> Prepared:
        """Take back the last application of which something stands, or of it the changes with these ids.

        With ids it is the last one in which one of them stands. Raises what ``aligned`` raises, ``NotFound``:
        ``nothing-applied``, ``change-not-applied``, and ``Conflict`` (``cells-moved``) where most cells hold something
        else than what was written, so that rows must have been moved or sorted.
        """
        ids = None if ids is None else frozenset(ids)
        n, journals = self._chosen(ids)
        made = []
        for grid, journal in zip(self._current(grids), journals, strict=True):
            own = None if ids is None else [entry.id for entry in journal.entries if entry.id in ids]
            made.append(_without_undone(undo(grid, journal, own), journal))
        edited = sum(1 for applied in made for conflict in applied.conflicts if conflict.code == "edited")
        if ids is None and edited >= _TELLING and edited > sum(len(applied.writes) for applied in made):
            raise Conflict("cells-moved", count=edited)
        pending = [sorted(a.journal.undone - journal.undone) for a, journal in zip(made, journals, strict=True)]
        self._ledger.keep(self._job.id, _pending_key(n), pending)
        return Prepared(n, tuple(made))

    def confirm(self, n: int, written: int, *, undone: bool) -> None:
        """Note that the host has written what it was told to, ``written`` cells of it.

        Confirming the same again changes nothing. Raises ``NotFound`` (``unknown-application``).
        """
        application = self._ledger.application(self._job.id, n)
        if not undone:
            if application.state == "prepared":
                self._note(application, "written", written)
            return
        pending = self._ledger.kept(self._job.id, _pending_key(n))
        if pending is None:
            return
        journals = [
            Journal(journal.entries, journal.undone | set(ids))
            for journal, ids in zip(self._journals(n), pending, strict=True)
        ]
        self._write(n, journals)
        standing = sum(len(_last_values(journal)) for journal in journals)
        self._note(application, "partly" if standing else "undone", standing)
        self._ledger.keep(self._job.id, _pending_key(n), None)

    def written_ids(self) -> frozenset[str]:
        """The ids of all changes that stand in the host."""
        return frozenset(entry.id for _, journals in self._kept() for j in journals for entry in _standing(j))

    def conflicts(self) -> dict[str, str]:
        """The changes that the last application left out and that do not stand, with the code that says why."""
        last = self._ledger.last_application(self._job.id)
        if last is None or last.state == "undone":
            return {}
        written = self.written_ids()
        return {id_: code for id_, code in last.conflicts.items() if id_ not in written}

    def ids_at(self, place: Place) -> list[str]:
        """The ids of the changes that stand in a cell. Raises ``NotFound`` (``cell-not-applied``)."""
        for _, journals in reversed(list(self._kept())):
            told = [table_journal(table.grid, own) for table, own in zip(self._tables, journals, strict=True)]
            if found := ids_at(told, place):
                return found
        raise NotFound("cell-not-applied", cell=place.notation())

    def _current(self, grids: Sequence[Grid]) -> list[Grid]:
        """The host's cells for each table; one without rows has none to send and is as it was read."""
        filled = [table.grid for table in self._tables if table.grid.row_count]
        sent = iter(aligned(grids, filled))
        return [next(sent) if table.grid.row_count else table.grid for table in self._tables]

    def _kept(self) -> Iterator[tuple[Application, list[Journal]]]:
        """The applications of which something may stand, the first one first, with their journals."""
        for application in self._ledger.applications(self._job.id):
            if application.state != "undone" and (journals := self._journals(application.n)):
                yield application, journals

    def _standing(self) -> list[dict[Cell, Scalar]]:
        """For each table the cells in which a change stands, with the value that it left there."""
        standing: list[dict[Cell, Scalar]] = [{} for _ in self._tables]
        for _, journals in self._kept():
            for cells, journal in zip(standing, journals, strict=True):
                cells.update(_last_values(journal))
        return standing

    def _chosen(self, ids: Collection[str] | None) -> tuple[int, list[Journal]]:
        for application, journals in reversed(list(self._kept())):
            standing = {entry.id for journal in journals for entry in _standing(journal)}
            if standing if ids is None else standing.intersection(ids):
                return application.n, journals
        if ids is None:
            raise NotFound("nothing-applied")
        raise NotFound("change-not-applied", id=", ".join(sorted(ids)[:5]))

    def _replace_earlier(self, n: int, made: Sequence[Applied]) -> None:
        """Changes that are carried out again stood no longer, or never did: an earlier application has them no more."""
        again = [{entry.id for entry in applied.journal.entries} for applied in made]
        for application, journals in list(self._kept()):
            gone = [{e.id for e in _standing(journal)} & ids for journal, ids in zip(journals, again, strict=True)]
            if application.n == n or not any(gone):
                continue
            left = [Journal(j.entries, j.undone | ids) for j, ids in zip(journals, gone, strict=True)]
            self._write(application.n, left)
            standing = sum(len(_last_values(journal)) for journal in left)
            if not standing:
                self._note(application, "undone", 0)
            elif application.state != "prepared":
                self._note(application, "partly", standing)

    def _note(self, application: Application, state: ApplicationState, written: int) -> None:
        self._ledger.set_application(
            self._job.id, application.n, state=state, written=written, conflicts=application.conflicts
        )

    def _path(self, n: int) -> Path:
        return self._folder / f"{self._job.id}-{n}"

    def _journals(self, n: int) -> list[Journal]:
        """The journals of an application, a part for each table; none where it never got as far as that."""
        try:
            session = read_journal(self._path(n)).sessions[-1]
        except NotFound:
            return []
        return [table.journal for table in session.tables]

    def _write(self, n: int, journals: Sequence[Journal]) -> None:
        session = Session(
            when=now(),
            source_name=self._job.workbook,
            source_sha256="",
            output_sha256="",
            tables=tuple(table_journal(t.grid, j) for t, j in zip(self._tables, journals, strict=True)),
        )
        with suppress(OSError):  # told by ``placed``
            private_folder(self._folder)
        with placed(journal_path(self._path(n))) as draft:
            fill_journal(draft, FileJournal((session,)))


def _pending_key(n: int) -> str:
    return f"undo-{n}"


def _standing(journal: Journal) -> list[Entry]:
    return [entry for entry in journal.entries if entry.id not in journal.undone]


def _last_values(journal: Journal) -> dict[Cell, Scalar]:
    return {(entry.row, entry.column): entry.after for entry in _standing(journal)}


def _without_done(applied: Applied, standing: Mapping[Cell, Scalar]) -> Applied:
    """Without conflicts in cells that hold what an earlier application left there."""

    def is_done(conflict: CellConflict) -> bool:
        cell = (conflict.row, conflict.column)
        return conflict.code == "edited" and cell in standing and same_value(conflict.found, standing[cell])

    return replace(applied, conflicts=tuple(c for c in applied.conflicts if not is_done(c)))


def _without_undone(applied: Applied, journal: Journal) -> Applied:
    """Without conflicts in cells that hold what stood there before the first change; those are taken back already."""
    first: dict[Cell, Scalar] = {}
    for entry in _standing(journal):
        first.setdefault((entry.row, entry.column), entry.before)

    def is_back(conflict: CellConflict) -> bool:
        cell = (conflict.row, conflict.column)
        return conflict.code in ("edited", "needs_later") and cell in first and same_value(conflict.found, first[cell])

    back = {conflict.id for conflict in applied.conflicts if is_back(conflict)}
    return replace(
        applied,
        conflicts=tuple(conflict for conflict in applied.conflicts if conflict.id not in back),
        journal=Journal(applied.journal.entries, applied.journal.undone | back),
    )
