"""Answers that went well, as JSON or as TSV: options as ``#key`` lines, and one Grid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response
from pydantic import BaseModel

from services.api.negotiation import JSON, TSV
from services.workbook.grid import Grid, Scalar
from services.workbook.tsv import encode


def json_reply(document: BaseModel | Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """A document as JSON."""
    data = document.model_dump(mode="json") if isinstance(document, BaseModel) else document
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    # Half a character, as broken files have them, is told as JSON escapes it: \ud800.
    return Response(text.encode("utf-8", "backslashreplace"), status, headers, content_type=JSON)


def tsv_reply(options: Mapping[str, object], grid: Grid | None = None, status: int = 200, **headers: str) -> Response:
    """Options and a Grid as TSV; None leaves an option out, lists get commas, booleans are 1 and 0."""
    told = {name: _text(value) for name, value in options.items() if value is not None}
    text = encode(grid or Grid(columns=()), told)
    return Response(text.encode("utf-8", "replace"), status, headers, content_type=f"{TSV}; charset=utf-8")


def grid_of(header: Sequence[str], rows: Iterable[Sequence[Scalar]]) -> Grid:
    """Rows with these titles as a Grid."""
    columns: tuple[list[Scalar], ...] = tuple(list(column) for column in zip(*rows, strict=True))
    return Grid(columns=columns or tuple([] for _ in header), header=tuple(header))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
