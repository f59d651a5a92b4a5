"""What came of a task on cells, told twice: as a document for programs and reports, and as closing lines for a person.

What is done to files is in ``cells``; the blocks of changes on the screen are in ``show``.
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
from services.tasks.source import CellTable
from services.workbook.changes import Applied, CellConflict, Verdict, apply
from services.workbook.files import Written
from services.workbook.grid import FORMULA, Grid
from services.workbook.journal import journal_path
from services.workbook.report import ReportLine, shown

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
    by_table: dict[int, list[dict[str, Any]]] = {}
    for grid, line in lines:
        by_table.setdefault(id(grid), []).append(line.as_json(grid))
    tables = []
    for carried in made:
        grid, told = carried.grid, by_table.get(id(carried.grid), [])
        tables.append(
            {
                "sheet": grid.sheet,
                "first_cell": grid.address_of(0, 0),
                "rows": grid.row_count,
                "columns": grid.column_count,
                "header": list(grid.header),
                "changes": [line for line in told if line["applied"] is not None],
                "flags": [line for line in told if line["applied"] is None],
                "conflicts": [_conflict(grid, conflict, language) for conflict in carried.applied.conflicts],
                "removed_rows": [grid.first_row + row for row in carried.table.removed_rows],
                "misfits": [
                    {"rule": step.rule, "column": step.column, "why": why.text(language)}
                    for step, why in carried.table.misfits
                ],
            }
        )
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
    language: Language,
    *,
    recalculated: bool,
) -> None:
    """Print the sums, what was left alone and why, where everything lies, and what can be done next."""

    def say(key: str, **parameters: object) -> None:
        console.print(message(f"show.{key}", language, **parameters), markup=False, soft_wrap=True)

    tables = document["tables"]
    if not any(table["changes"] or table["flags"] for table in tables):
        say("clean", file=source.name)
    say(
        "summary",
        applied=document["applied"],
        open=document["review"],
        flags=document["flags"],
        tables=len(made),
        cells=sum(carried.grid.row_count * carried.grid.column_count for carried in made),
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
        say("all_hint", command=command(document["task"], source, "-o", written.path, "--apply", "all"))
    if document["applied"] and not recalculated and any(_has_formulas(carried.grid) for carried in made):
        say("stale")


def _conflict(grid: Grid, conflict: CellConflict, language: Language) -> str:
    cell = grid.address_of(conflict.row, conflict.column)
    return message(f"conflict.{conflict.code}", language, cell=cell, expected=shown(conflict.expected, grid))


def _has_formulas(grid: Grid) -> bool:
    return any(any(value & FORMULA for value in mask) for mask in grid.masks)
