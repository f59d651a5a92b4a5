"""Lists as options of TSV: with commas between, or line by line where an entry has a comma itself."""

from __future__ import annotations

import pytest

from services.workbook import tsv
from services.workbook.grid import Grid
from tests.serving import Service

TABLE = Grid(header=("No", "Comment, in full"), columns=([1.0, 2.0], ["I love it", "I hate it"]), first_row=2)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ("Comment, in full\n", ""),
        ("Comment, in full", "fill-column-unknown"),
        ("No\nComment, in full\n", "fill-one-column"),
    ],
)
def test_an_entry_may_have_a_comma_where_lines_part_the_entries(service: Service, columns: str, code: str) -> None:
    body = tsv.encode(TABLE, {"template": "sentiment", "columns": columns})

    reply = service.tsv("POST", "/v1/tasks/fill", body, {"Prefer": "wait=10"})

    assert reply.status == 200
    assert reply.options.get("error_code", "") == code
