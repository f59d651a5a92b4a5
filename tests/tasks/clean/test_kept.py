"""A result of clean as JSON: everything needed to show it, apply it and save its recipe comes back exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.demo import build
from services.tasks.clean.kept import dump, load
from services.tasks.clean.result import CleanedTable, CleanResult
from services.tasks.clean.rules.rows import RowsStep
from services.tasks.clean.rules.tidy import TidyStep
from services.tasks.clean.task import CLEAN, CleanRequest
from services.workbook.changes import ChangeSet, Flag, reason
from services.workbook.files import open_source
from services.workbook.grid import FORMULA, ColumnFormats, DateSerial, Grid
from tests.tasks.quiet import Quiet

TRIM = TidyStep(column="City", operation="trim")
RESULT = CleanResult(
    tables=(
        CleanedTable(
            Grid(
                ([" Bern", None], [DateSerial(45294.25), 7]),
                header=("City", "When"),
                formats=(ColumnFormats(), ColumnFormats("yyyy-mm-dd", {1: "0"})),
                masks=(b"", bytes([0, FORMULA])),
                hidden_rows=frozenset({1}),
                date_system=1904,
                first_row=3,
                sheet="订单",
            ),
            ChangeSet((), (Flag("f1", 1, None, None, reason("rows.empty"), "rows"),), "abc"),
            (TRIM, RowsStep(remove=("empty",), ignore=("When",))),
            ((TRIM, reason("case.misfit", count=1, total=2)),),
            (1,),
        ),
        CleanedTable(Grid((["\ud83d", "\ude00"],)), ChangeSet(), ()),
    ),
    engine="rules",
)


def through_a_file(result: CleanResult) -> CleanResult:
    return load(json.loads(json.dumps(dump(result))))


def test_a_result_comes_back_as_it_was() -> None:
    assert repr(through_a_file(RESULT)) == repr(RESULT)


def test_a_result_without_tables_comes_back() -> None:
    assert through_a_file(CleanResult(tables=())) == CleanResult(tables=())


def test_what_the_rules_find_in_real_files_comes_back_exactly(samples: Path) -> None:
    sources = [Path(build.__file__).parent / "orders.xlsx", *sorted((samples / "cleaning").rglob("dirty.csv"))]
    changes = 0
    for path in sources:
        result = CLEAN.run(CleanRequest(), open_source(path), Quiet())
        again = through_a_file(result)
        for table, back in zip(result.tables, again.tables, strict=True):
            assert repr(back.changes) == repr(table.changes)
            assert repr((back.steps, back.misfits, back.removed_rows)) == repr(
                (table.steps, table.misfits, table.removed_rows)
            )
            assert back.grid.fingerprint() == table.grid.fingerprint()
            changes += len(table.changes.changes)
        assert CLEAN.recipe_text is not None
        assert CLEAN.recipe_text(again, "zh") == CLEAN.recipe_text(result, "zh")
    assert (len(sources) >= 4, changes >= 1000) == (True, True)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (["version"], 1),
        (["engine"], None),
        (["grids"], "#size\t1\t1\n\nt:a\n"),
        (["grids"], "nonsense"),
        (["tables"], {}),
        (["tables", 0, "steps", 0, "rule"], "magic"),
        (["tables", 0, "steps", 0, "operation"], "explode"),
        (["tables", 0, "misfits"], [[{}]]),
        (["tables", 0, "removed_rows"], ["1"]),
        (["tables", 0, "gaps"], "1"),
        (["tables", 0, "changes"], []),
    ],
)
def test_what_was_not_written_is_refused(where: list[Any], value: object) -> None:
    data = json.loads(json.dumps(dump(RESULT)))
    *path, last = where
    inner = data
    for step in path:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(ValueError, match="as it was kept"):
        load(data)
    with pytest.raises(ValueError, match="as it was kept"):
        load([data])
