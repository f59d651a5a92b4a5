"""The reply of apply and undo: which cells the host is to write, and which were left alone and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response
from pydantic import BaseModel

from services.api.negotiation import language, wants_tsv
from services.api.replies import grid_of, json_reply, tsv_reply
from services.messages import Language
from services.tasks.source import CellTable
from services.workbook.changes import Applied
from services.workbook.grid import Scalar
from services.workbook.grid_json import JsonScalar, json_scalar
from services.workbook.report import conflict_text

COLUMNS = ("kind", "table", "sheet", "row", "column", "value", "format", "id", "text")
"""The columns of an answer in TSV; ``kind`` is ``write`` or ``conflict``."""


class CellToWrite(BaseModel):
    """A cell to write, in rows and columns of its sheet from 1. A date is `{"date": serial}`."""

    table: int
    sheet: str
    row: int
    column: int
    value: JsonScalar
    format: str | None
    id: str


class LeftAlone(BaseModel):
    """A cell that is left alone: what it holds, why, and that reason's code."""

    table: int
    sheet: str
    row: int
    column: int
    value: JsonScalar
    id: str
    text: str
    code: str


class WritesReply(BaseModel):
    """What to write, and what was left alone. ``application`` is to be confirmed; 0 means that there is nothing to do.

    For a job on a file, which is written already, ``writes`` is empty: ``cells`` counts those that were written or put
    back in it, and ``files`` names what can be had below ``/v1/jobs/<id>/files/``.
    """

    application: int
    writes: list[CellToWrite]
    conflicts: list[LeftAlone]
    cells: int = 0
    files: list[str] = []


def writes_reply(n: int, applied: Sequence[Applied], tables: Sequence[CellTable]) -> Response:
    """The answer for cells of a host."""
    return _reply(n, _writes(applied, tables), _conflicts(applied, tables, language()), {})


def files_reply(
    n: int, applied: Sequence[Applied], tables: Sequence[CellTable], cells: int, files: list[str]
) -> Response:
    """The answer for a file, which is written already, with the cells that this changed in it."""
    return _reply(n, [], _conflicts(applied, tables, language()), {"cells": cells, "files": files})


def _reply(
    n: int, writes: list[list[Scalar]], conflicts: list[tuple[list[Scalar], str]], of_file: dict[str, Any]
) -> Response:
    if wants_tsv():
        options = {"application": n, "writes": len(writes), "conflicts": len(conflicts), **of_file}
        return tsv_reply(options, grid_of(COLUMNS, [*writes, *(row for row, _ in conflicts)]))
    written = [_named(row, "table", "sheet", "row", "column", "format", "id") for row in writes]
    left = [{**_named(row, "table", "sheet", "row", "column", "id", "text"), "code": code} for row, code in conflicts]
    return json_reply({"application": n, "writes": written, "conflicts": left, "cells": 0, "files": [], **of_file})


def _named(row: Sequence[Scalar], *names: str) -> dict[str, Any]:
    return {"value": json_scalar(row[COLUMNS.index("value")]), **{name: row[COLUMNS.index(name)] for name in names}}


def _writes(applied: Sequence[Applied], tables: Sequence[CellTable]) -> list[list[Scalar]]:
    """A row for each cell to write, table by table, column by column."""
    rows: list[list[Scalar]] = []
    for number, (part, table) in enumerate(zip(applied, tables, strict=True), 1):
        grid = table.grid
        top, left, sheet = grid.first_row, grid.first_column, grid.sheet
        ids = {(entry.row, entry.column): entry.id for entry in part.journal.entries}
        for row, column, value, code in sorted(part.writes, key=lambda write: (write.column, write.row)):
            rows.append(["write", number, sheet, top + row, left + column, value, code, ids[row, column], None])
    return rows


def _conflicts(
    applied: Sequence[Applied], tables: Sequence[CellTable], speaking: Language
) -> list[tuple[list[Scalar], str]]:
    """A row for each cell that is left alone, in the same order, and the code of its reason."""
    rows: list[tuple[list[Scalar], str]] = []
    for number, (part, table) in enumerate(zip(applied, tables, strict=True), 1):
        grid = table.grid
        for conflict in sorted(part.conflicts, key=lambda conflict: (conflict.column, conflict.row)):
            cell = grid.address_of(conflict.row, conflict.column)
            text = conflict_text(conflict.code, cell, conflict.expected, grid.date_system, speaking)
            place: list[Scalar] = [grid.first_row + conflict.row, grid.first_column + conflict.column]
            row = ["conflict", number, grid.sheet, *place, conflict.found, None, conflict.id, text]
            rows.append((row, conflict.code))
    return rows
