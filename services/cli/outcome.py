"""What came of a task on cells, told twice: as a document for programs and reports, and as closing lines for a person.

What is done to files is in ``running``; the blocks of changes on the screen are in ``show``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from services.cli.hints import command
from services.messages import Language, message
from services.tasks.outcome import table_document
from services.tasks.source import CellTable
from services.workbook.changes import Applied, CellConflict, Verdict, apply
from services.workbook.files import Written
from services.workbook.grid import FORMULA, Grid
from services.workbook.journal import journal_path
from services.workbook.report import ReportLine, conflict_text

MOST_LISTED = 20
"""How many rows or conflicts a closing line names."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One table of a task's result with what was accepted and carried out on it."""

    table: CellTable
    accepted: frozenset[str]
    applied: Applied

    @property
    def grid(self) -> Grid:
        """The table as it was read."""
        return self.table.grid


def carry_out(table: CellTable, verdicts: Sequence[Verdict]) -> Carried:
    """Carry out the changes of a table that have one of these verdicts; nothing is written yet."""
    applied = apply(table.grid, table.changes, table.changes.with_verdicts(verdicts))
    return Carried(table, frozenset(entry.id for entry in applied.journal.entries), applied)


def outcome_document(
    task: str,
    engine: str,
    source: Path,
    made: Sequence[Carried],
    lines: Sequence[tuple[Grid, ReportLine]],
    written: Written | None,
    language: Language,
) -> dict[str, Any]:
    """The whole outcome as JSON can hold it: table by table its changes, flags, conflicts, removed rows and misfits.

    ``applied`` counts the cells that were changed, ``review`` and ``flags`` the proposals left to the person.
    """
    by_table: dict[int, list[ReportLine]] = {}
    for grid, line in lines:
        by_table.setdefault(id(grid), []).append(line)
    tables = [
        {
            **table_document(carried.table, by_table.get(id(carried.grid), ()), language),
            "conflicts": [_conflict(carried.grid, conflict, language) for conflict in carried.applied.conflicts],
        }
        for carried in made
    ]
    return {
        "task": task,
        "engine": engine,
        "input": str(source),
        "output": None if written is None else str(written.path),
        "backup": None if written is None or written.backup is None else str(written.backup),
        "applied": sum(len(carried.applied.writes) for carried in made) if written is not None else 0,
        "review": sum(1 for _, line in lines if line.state == "open"),
        "flags": sum(1 for _, line in lines if line.state == "flagged"),
        "tables": tables,
    }


def write_json(document: dict[str, Any]) -> None:
    """Print a document as JSON on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def tell(
    console: Console,
    made: Sequence[Carried],
    document: dict[str, Any],
    source: Path,
    written: Written | None,
    again: str,
    language: Language,
    *,
    recalculated: bool,
) -> None:
    """Print the sums, what was left alone and why, where everything lies, and what can be done next.

    ``again`` is the command that writes what is for review as well.
    """

    def say(key: str, **parameters: object) -> None:
        console.print(message(f"show.{key}", language, **parameters), markup=False, soft_wrap=True)

    tables = document["tables"]
    cells = sum(carried.grid.row_count * carried.grid.column_count for carried in made)
    if not any(table["changes"] or table["flags"] for table in tables):
        say(document["task"] if cells else "no_tables", file=source.name)
    say(
        "summary",
        applied=document["applied"],
        open=document["review"],
        flags=document["flags"],
        tables=len(made),
        cells=cells,
        engine=message(f"show.engine_{document['engine']}", language),
    )
    for table in tables:
        for misfit in table["misfits"]:
            say("misfit", **misfit)
        if table["removed_rows"]:
            rows = ", ".join(map(str, table["removed_rows"][:MOST_LISTED]))
            more = ", ..." if len(table["removed_rows"]) > MOST_LISTED else ""
            say("removed", count=len(table["removed_rows"]), rows=rows + more)
    conflicts = [text for table in tables for text in table["conflicts"]]
    if conflicts:
        say("conflicts", count=len(conflicts))
        for text in conflicts[:MOST_LISTED]:
            console.print(f"  {text}", markup=False)
    if written is None:
        say("nothing_written")
    else:
        if written.only_values:
            say("new_workbook", file=source.name, kind=source.suffix)
        say("output", file=written.path)
        if document["applied"] or any(table["removed_rows"] for table in tables):
            say("journal", file=journal_path(written.path), undo=command("undo", written.path))
        if written.backup is not None:
            say("backup", file=written.backup)
    for name in ("report", "recipe"):
        if name in document:
            say(name, file=document[name])
    if document["review"] and written is not None:
        say("all_hint", command=again)
    if document["applied"] and not recalculated and any(_has_formulas(carried.grid) for carried in made):
        say("stale")


def _conflict(grid: Grid, conflict: CellConflict, language: Language) -> str:
    cell = grid.address_of(conflict.row, conflict.column)
    return conflict_text(conflict.code, cell, conflict.expected, grid.date_system, language)


def _has_formulas(grid: Grid) -> bool:
    return any(any(value & FORMULA for value in mask) for mask in grid.masks)
