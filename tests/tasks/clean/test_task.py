"""The task as a whole: which tables it takes, hidden rows, and finished tables that a resumed run does not redo."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.demo import build
from services.errors import DeskhandError, NotFound
from services.tasks.clean.task import CLEAN, CleanRequest, CleanResult
from services.tasks.context import Cancelled
from services.workbook.files import open_source
from services.workbook.grid import ColumnFormats, DateSerial, Grid, Scalar
from services.workbook.host import HostCells
from services.workbook.tsv import decode_all, encode_all
from tests.tasks.quiet import Quiet


def cells(*rows: list[Scalar], **known: Any) -> Grid:
    return Grid(columns=tuple(map(list, zip(*rows, strict=True))), **known)


def cleaned(*grids: Grid, context: Quiet | None = None, **wishes: Any) -> CleanResult:
    return CLEAN.run(CleanRequest(**wishes), HostCells("Book1", grids), context or Quiet())


def told(result: CleanResult) -> list[tuple[str, str, Scalar, Scalar]]:
    return [
        (change.id, table.grid.address_of(change.row, change.column), change.before, change.after)
        for table in result.tables
        for change in table.changes.changes
    ]


CITIES: list[list[Scalar]] = [[" Bern"], ["Genf "], ["Bern"], ["Genf"], ["Bern"], ["Genf"], [" Bern "]]


def test_a_selected_column_without_a_header_is_a_table_beside_others() -> None:
    result = cleaned(cells(*CITIES, first_column=4), cells(*CITIES[:3], first_row=20, sheet="B"))
    assert told(result) == [
        ("1", "D1", " Bern", "Bern"),
        ("2", "D2", "Genf ", "Genf"),
        ("3", "D7", " Bern ", "Bern"),
        ("4", "A20", " Bern", "Bern"),
        ("5", "A21", "Genf ", "Genf"),
    ]


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        (cells([" Bern"]), [("1", "A1", " Bern", "Bern")]),
        (cells([" a", "b "]), [("1", "A1", " a", "a"), ("2", "B1", "b ", "b")]),
        (cells([" Bern"], [" Genf"], header=("",)), [("1", "A1", " Bern", "Bern"), ("2", "A2", " Genf", "Genf")]),
    ],
)
def test_one_cell_one_row_and_empty_titles_are_cleaned(sent: Grid, changes: list[Any]) -> None:
    assert told(cleaned(sent)) == changes


def test_of_several_selections_an_empty_one_stays_in_its_place_with_nothing_to_say() -> None:
    result = cleaned(cells([None], [None], [None]), Grid(([],), header=("x",)), cells([" a"], header=("y",)))
    assert [table.grid.row_count for table in result.tables] == [3, 0, 1]
    assert [len(table.changes.flags) for table in result.tables] == [0, 0, 0]
    assert told(result) == [("1", "A1", " a", "a")]


def test_an_empty_selection_is_said() -> None:
    with pytest.raises(NotFound) as caught:
        cleaned(cells([None, None]))
    assert caught.value.code == "selection-empty"


def test_identifiers_and_formulas_of_a_host_stay_as_they_are() -> None:
    rows: list[list[Scalar]] = [["007", " x"], ["010", "y"], ["123", "z"]]
    sent = cells(*rows, header=("Code", "Sum"), masks=(b"", bytes([1, 1, 1])))
    assert told(cleaned(sent)) == []


FILTERED = cells(*CITIES, header=("City",), first_row=2, hidden_rows=frozenset({0, 1}))


def test_nothing_is_proposed_in_hidden_rows_where_only_visible_ones_are_wanted() -> None:
    assert [change[:2] for change in told(cleaned(FILTERED))] == [("1", "A2"), ("2", "A3"), ("3", "A8")]
    assert told(cleaned(FILTERED, visible_only=True)) == [("1", "A8", " Bern ", "Bern")]
    everything = replace(FILTERED, hidden_rows=frozenset(range(7)))
    assert told(cleaned(everything, visible_only=True)) == []


def test_hidden_rows_are_evidence_and_are_not_flagged() -> None:
    days: list[list[Scalar]] = [[f"{day}/2/2024", day] for day in range(13, 25)]
    sent = cells(*days, ["3/4/2024", 1], ["31/2/2024", 2], ["31/2/2024", 3], header=("Day", "No"))
    shown = replace(sent, hidden_rows=frozenset({*range(12), 13}))
    whole, visible = cleaned(sent), cleaned(shown, visible_only=True)
    assert [(flag.id, flag.row) for flag in whole.tables[0].changes.flags] == [("f1", 13), ("f2", 14)]
    assert [(flag.id, flag.row) for flag in visible.tables[0].changes.flags] == [("f1", 14)]
    assert told(visible) == [("1", "A13", "3/4/2024", DateSerial(45385.0))]


def test_a_repeated_row_that_is_hidden_is_not_flagged() -> None:
    rows: list[list[Scalar]] = [[f"Item {chr(65 + n)}", n * 37 % 29 + 0.5, f"{n * 7919 % 10007}-X"] for n in range(20)]
    sent = cells(*rows, rows[0], rows[1], header=("Name", "Amount", "Code"), hidden_rows=frozenset({20}))
    assert [(f.id, f.row) for f in cleaned(sent).tables[0].changes.flags] == [("f1", 20), ("f2", 21)]
    assert [(f.id, f.row) for f in cleaned(sent, visible_only=True).tables[0].changes.flags] == [("f1", 21)]


def test_durations_and_dates_of_a_workbook_that_counts_from_1904_are_no_numbers() -> None:
    formats = (ColumnFormats("[h]:mm"), ColumnFormats('[$-804]yyyy"年"m"月"'), ColumnFormats("@"))
    rows: list[list[Scalar]] = [[1.5, 43832, "2024-02-30"], [0.25, 43833, "2024-02-01"], [2, 43834, "2024-02-02"]]
    result = cleaned(cells(*rows, header=("Spent", "Month", "Day"), formats=formats, date_system=1904))
    (table,) = result.tables
    assert repr(table.grid.columns[0]) == "[DateSerial(1.5), DateSerial(0.25), DateSerial(2.0)]"
    assert {change.column for change in table.changes.changes} <= {2}
    assert [change.after for change in table.changes.changes] == [DateSerial(43861.0), DateSerial(43862.0)]


class Keeping(Quiet):
    """A context that keeps parts as JSON text, and cancels when it is asked for the given time."""

    def __init__(self, *, cancel_at: int = 10**9) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self.begun: list[str] = []
        self.asked = 0
        self.cancel_at = cancel_at

    def progress(self, done: int, total: int, what: str) -> None:
        if done == 0:
            self.begun.append(what)

    def check_cancelled(self) -> None:
        self.asked += 1
        if self.asked == self.cancel_at:
            raise Cancelled

    def kept(self, key: str) -> Any | None:
        return json.loads(self.parts[key]) if key in self.parts else None

    def keep(self, key: str, part: Any) -> None:
        self.parts[key] = json.dumps(part)


TABLES = tuple(cells(*CITIES, first_row=row) for row in (1, 10, 20))


def test_a_resumed_run_takes_finished_tables_as_they_were_kept() -> None:
    context = Keeping(cancel_at=30)
    with pytest.raises(Cancelled):
        cleaned(*TABLES, context=context)
    assert (len(context.parts), len(context.begun)) == (1, 2)

    context.begun.clear()
    result = cleaned(*TABLES, context=context)
    assert (len(context.parts), len(context.begun)) == (3, 2)
    assert repr(result) == repr(cleaned(*TABLES))


def test_what_was_kept_for_another_request_or_other_cells_is_not_taken() -> None:
    context = Keeping()
    cleaned(TABLES[0], context=context)
    for grids, wishes in (
        ([TABLES[0]], {"language": "zh"}),
        ([cells(*CITIES[1:])], {}),
        ([TABLES[1], TABLES[0]], {}),
    ):
        before = len(context.parts)
        cleaned(*grids, context=context, **wishes)
        assert len(context.parts) == before + len(grids)


def test_a_kept_part_that_cannot_be_read_is_made_again() -> None:
    context = Keeping()
    cleaned(TABLES[0], context=context)
    (key,) = context.parts
    for broken in ("{}", "[]", '{"changes": 1, "steps": [], "misfits": [], "removed_rows": []}', "5"):
        context.parts[key] = broken
        assert told(cleaned(TABLES[0], context=context)) == told(cleaned(TABLES[0]))
        assert context.parts[key] != broken


class Opened:
    """One table as a file gave it."""

    name, typed, selected = "file", True, False

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def tables(self, names: Collection[str] | None, reference: str | None) -> list[Grid]:
        return [self._grid]


def as_a_host_sends_it(grid: Grid) -> Grid:
    """Dates as plain numbers, and through the wire."""
    plain = [[float(v) if isinstance(v, DateSerial) else v for v in column] for column in grid.columns]
    (sent,) = decode_all(encode_all([replace(grid, columns=tuple(plain))]))[1]
    return sent


def test_cells_from_a_host_are_cleaned_as_those_of_the_file_are(samples: Path) -> None:
    compared = changed = 0
    for path in [*sorted((samples / "workbooks").rglob("*.xlsx")), Path(build.__file__).parent / "orders.xlsx"]:
        try:
            grids = open_source(path).tables()
        except DeskhandError:
            continue
        for grid in grids:
            if not grid.header or grid.row_count * grid.column_count > 20_000:
                continue
            (read,) = CLEAN.run(CleanRequest(), Opened(grid), Quiet()).tables
            (sent,) = cleaned(as_a_host_sends_it(grid)).tables
            assert sent.changes == read.changes, path.name
            compared += 1
            changed += len(read.changes.changes)
    assert (compared >= 50, changed >= 50) == (True, True)
