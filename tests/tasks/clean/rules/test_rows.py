"""The rule ``rows``: rows that are no data are flagged, each as what it plainly is, and left out only when asked."""

from __future__ import annotations

from services.tasks.clean.rules.rows import RULE, RowsStep, rows_to_remove
from services.tasks.clean.table import Table
from services.workbook.grid import FORMULA, Grid, Scalar

HEADER = ("customer", "city", "mail", "amount")
ROWS: list[tuple[Scalar, ...]] = [
    ("Ada Lovelace", "London", "ada@example.org", 120.5),
    ("Grace Hopper", "New York", "grace@example.org", 80),
    ("Alan Turing", "Wilmslow", "alan@example.org", 99.25),
    ("Edsger Dijkstra", "Nuenen", "edsger@example.org", 15),
]


def table_of(header: tuple[str, ...], rows: list[tuple[Scalar, ...]], first_row: int = 2) -> Table:
    grid = Grid(columns=tuple(map(list, zip(*rows, strict=True))), header=header, first_row=first_row)
    return Table(grid=grid, typed=True, language="en")


def flags(table: Table) -> list[tuple[int, str, tuple[int, ...]]]:
    return [
        (doubt.row, doubt.reason.code, doubt.others)
        for step in RULE.propose(table)
        for doubt in RULE.run(step, table).rows
    ]


def test_plain_rows_are_not_flagged() -> None:
    assert flags(table_of(HEADER, ROWS)) == []


def test_an_empty_row_and_a_repeated_header_are_flagged() -> None:
    rows: list[tuple[Scalar, ...]] = [*ROWS, (None, None, None, None), ("Customer", "City", "Mail", "Amount ")]
    assert flags(table_of(HEADER, rows)) == [(4, "rows.empty", ()), (5, "rows.header", ())]


def test_a_repeated_row_names_the_first_one_by_its_number_in_the_sheet() -> None:
    table = table_of(HEADER, [*ROWS, ROWS[1]])
    (doubt,) = RULE.run(RowsStep(), table).rows
    assert (doubt.row, doubt.others, dict(doubt.reason.parameters)) == (4, (1,), {"first": 3})


def test_a_column_that_counts_the_rows_does_not_hide_a_repeat() -> None:
    numbered: list[tuple[Scalar, ...]] = [(number, *row) for number, row in enumerate([*ROWS, ROWS[0]], 1)]
    table = table_of(("no", *HEADER), numbered)
    assert RULE.propose(table) == [RowsStep(ignore=("no",))]
    assert flags(table) == [(4, "rows.duplicate", (0,))]


def test_a_repeat_under_another_id_is_told_as_such() -> None:
    codes = ["A17", "C03", "B99", "D41", "A18"]
    rows: list[tuple[Scalar, ...]] = [(code, *row) for code, row in zip(codes, [*ROWS, ROWS[0]], strict=True)]
    assert flags(table_of(("id", *HEADER), rows)) == [(4, "rows.duplicate_but_id", (0,))]


def test_a_slip_in_one_cell_makes_a_near_repeat() -> None:
    rows: list[tuple[Scalar, ...]] = [*ROWS, ("Edsger Dijksrta", "Nuenen", "edsger@example.org", 15)]
    assert flags(table_of(HEADER, rows)) == [(4, "rows.nearly", (3,))]


def test_rows_that_differ_in_a_number_are_no_near_repeat() -> None:
    rows: list[tuple[Scalar, ...]] = [*ROWS, ("Edsger Dijkstra", "Nuenen", "edsger@example.org", 16)]
    assert flags(table_of(HEADER, rows)) == []


def test_answers_on_a_scale_repeat_without_a_flag() -> None:
    rows: list[tuple[Scalar, ...]] = [(number % 5, number % 3, number % 2) for number in range(90)]
    assert flags(table_of(("q1", "q2", "q3"), rows)) == []


SALES: list[tuple[Scalar, ...]] = [
    ("甲", "食品", 10.5, 1),
    ("乙", "食品", 20, 2),
    ("小计", None, 30.5, 3),
    ("丙", "饮料", 7, 4),
    ("丁", "饮料", 8, 5),
    ("小计", None, 15, 9),
    ("合 计", None, 45.5, 12),
]


def test_subtotals_and_the_total_are_proved_by_their_sums() -> None:
    table = table_of(("商品", "类别", "金额", "数量"), SALES)
    assert flags(table) == [(2, "rows.total", ()), (5, "rows.total", ()), (6, "rows.total", ())]


def test_sums_written_as_text_are_read() -> None:
    rows: list[tuple[Scalar, ...]] = [
        ("tea", "1,200.50"),
        ("milk", "¥300"),
        ("bread", "20"),
        ("Grand total", "1,520.50"),
    ]
    assert flags(table_of(("item", "amount"), rows)) == [(3, "rows.total", ())]


def test_a_total_that_does_not_add_up_is_told_apart() -> None:
    rows: list[tuple[Scalar, ...]] = [("tea", "x", 1), ("milk", "x", 2), ("bread", "x", 3), ("Total", None, 7)]
    assert flags(table_of(("item", "kind", "amount"), rows)) == [(3, "rows.total_wrong", ())]


def test_a_firm_called_total_is_a_row_like_others() -> None:
    rows: list[tuple[Scalar, ...]] = [
        ("Shell", "UK", 10),
        ("BP", "UK", 20),
        ("Eni", "Italy", 30),
        ("Total", "France", 25),
    ]
    assert flags(table_of(("firm", "country", "amount"), rows)) == []


def test_only_the_kinds_that_the_step_names_are_left_out() -> None:
    table = table_of(("商品", "类别", "金额", "数量"), [*SALES, (None, None, None, None), SALES[0]])
    assert rows_to_remove(RowsStep(), table) == []
    assert rows_to_remove(RowsStep(remove=("total", "empty")), table) == [2, 5, 6, 7]
    assert rows_to_remove(RowsStep(remove=("duplicate",)), table) == [8]


def test_the_name_of_a_total_may_stand_in_a_column_of_numbers() -> None:
    numbers: list[Scalar] = ["0001", "0002", "0003", "0004", "合计 Total"]
    sales: list[Scalar] = [120, 80, 99, 15, 0]
    grid = Grid(columns=(numbers, sales), header=("单号", "销售额"), masks=(b"", bytes([0, 0, 0, 0, FORMULA])))

    assert flags(Table(grid=grid, typed=True, language="zh")) == [(4, "rows.total_formula", ())]


def test_a_total_by_formula_is_one_even_where_its_saved_result_is_old() -> None:
    names: list[Scalar] = ["华北", "华东", "华南", "西南", "合计"]
    sales: list[Scalar] = [120, 80, 99, 15, 0]
    grid = Grid(columns=(names, sales), header=("区域", "销售额"), masks=(b"", bytes([0, 0, 0, 0, FORMULA])))
    assert flags(Table(grid=grid, typed=True, language="zh")) == [(4, "rows.total_formula", ())]
    assert flags(Table(grid=Grid(columns=(names, sales), header=grid.header), typed=True, language="zh")) == []


def test_rows_that_are_no_records_are_told_from_those_that_are() -> None:
    rows: list[tuple[Scalar, ...]] = [*ROWS, (None, None, None, None), HEADER, ("Total", None, None, 314.75), ROWS[0]]
    (step,) = RULE.propose(table_of(HEADER, rows))
    found = RULE.run(step, table_of(HEADER, rows)).rows
    assert [(doubt.row, doubt.data) for doubt in found] == [(4, False), (5, False), (6, False), (7, True)]


def test_empty_rows_that_follow_one_another_are_one_flag_and_leave_together() -> None:
    rows = [["a", 1], [None, None], [None, None], [None, None], ["b", 2], [None, None], ["c", 3]]
    table = table_of(["name", "n"], rows)

    assert flags(table) == [(1, "rows.empty_run", (2, 3)), (5, "rows.empty", ())]
    assert rows_to_remove(RowsStep(remove=("empty",)), table) == [1, 2, 3, 5]
