"""Rule ``rows``: whole rows a person should look at: empty, repeated, nearly repeated, totals and headers in the data.

Rows are only flagged; which kinds are left out of a csv or tsv that is written anew the step says (``remove``). Not
here: how the pairs of alike rows are found (``twins``), and anything that changes a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from services.tasks.clean.rule import Outcome, RowDoubt, Rule, Step
from services.tasks.clean.rules.twins import counting_columns, nearly_same, same_rows, single_id
from services.tasks.clean.table import Column, Table
from services.workbook.changes import reason
from services.workbook.grid import FORMULA, Scalar

Removable = Literal["empty", "duplicate", "total", "header"]

_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall)?[\s-]*total(?:s|\s+sum)?|sum|subtotals?|(?:gesamt|zwischen)?summe|gesamt|totale|合\s*计|小\s*计|总\s*计|共\s*计|总\s*和|累\s*计|合計|小計|總計)"
)
_TOTAL_ENDS = re.compile(r"(?:.*\s(?:sub)?totals?|(?:sub)?total\s+(?:for|of)\s.*|.*[一-鿿](?:合计|小计|总计))")
_TOTAL_HINT = re.compile(r"(?i)total|sum|[合小总共累總]\s*[计計和]")
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+")
_LONGEST_NAME = 40
_SIGNS = " ¥￥$€£元"
_CENT = 0.006


class RowsStep(Step):
    """Look for rows that are no data. ``remove`` names the kinds that are left out when a csv or tsv is written.

    ``ignore`` lists columns that merely count the rows and say nothing about whether two of them are the same.
    """

    rule: Literal["rows"] = "rows"
    remove: tuple[Removable, ...] = ()
    ignore: tuple[str, ...] = ()


def propose(table: Table) -> list[RowsStep]:
    """One step for the table."""
    if not table.row_count:
        return []
    ignore = tuple(column.name for column in counting_columns(table))
    return [RowsStep(ignore=ignore)]


def run(step: RowsStep, table: Table) -> Outcome:
    """Flag the rows: each once, as the plainest thing it is."""
    outcome = Outcome()
    taken: set[int] = set()

    def flag(found: Iterator[RowDoubt]) -> None:
        for doubt in found:
            if doubt.row not in taken:
                taken.add(doubt.row)
                if doubt.reason.code == "rows.empty_run":
                    taken.update(doubt.others)
                outcome.rows.append(doubt)

    compared = [column for column in table.columns if column.name not in step.ignore]
    flag(_empty_rows(table))
    flag(RowDoubt(row, reason("rows.header"), data=False) for row in _headers(table))
    flag(_totals(table))
    flag(_repeats(table, compared, "rows.duplicate", taken))
    numbered = single_id(compared)
    if numbered is not None:
        rest = [column for column in compared if column is not numbered]
        flag(_repeats(table, rest, "rows.duplicate_but_id", taken, numbered))
    number = table.grid.first_row
    for row, first, different in nearly_same(table, compared, taken):
        names = ", ".join(column.name for column in different)
        flag(iter([RowDoubt(row, reason("rows.nearly", first=number + first, columns=names), (first,))]))
    outcome.rows.sort(key=lambda doubt: doubt.row)
    return outcome


def rows_to_remove(step: RowsStep, table: Table) -> list[int]:
    """The 0-based rows of the kinds that ``step.remove`` names, ascending; of repeated rows the first one stays."""
    codes = {f"rows.{kind}" for kind in step.remove} | ({"rows.empty_run"} if "empty" in step.remove else set())
    odd = [doubt for doubt in run(step, table).rows if doubt.reason.code in codes]
    more = [row for doubt in odd if doubt.reason.code == "rows.empty_run" for row in doubt.others]
    return sorted([*(doubt.row for doubt in odd), *more])


RULE = Rule(name="rows", step_type=RowsStep, propose=propose, run=run)


def _empty_rows(table: Table) -> Iterator[RowDoubt]:
    """Empty rows, those that follow one another as one."""
    width = len(table.columns)
    cells = enumerate(zip(*(column.values for column in table.columns), strict=True))
    empty = (row for row, values in cells if values[0] is None and values.count(None) == width)
    for _, run_of in groupby(enumerate(empty), key=lambda item: item[1] - item[0]):
        rows = tuple(row for _, row in run_of)
        several = reason("rows.empty_run", count=len(rows), last=table.grid.first_row + rows[-1])
        yield RowDoubt(rows[0], several if len(rows) > 1 else reason("rows.empty"), rows[1:], data=False)


def _headers(table: Table) -> Iterator[int]:
    """Rows that repeat the header: every cell that the header has a title for holds that title."""
    titles = [(index, title.strip()) for index, title in enumerate(table.grid.header) if title.strip()]
    if len(titles) < 2:
        return
    first, title = titles[0]
    for row, value in enumerate(table.columns[first].values):
        if value == title or (isinstance(value, str) and value.strip().casefold() == title.casefold()):
            cells = ((table.columns[index].values[row], text) for index, text in titles)
            if all(isinstance(cell, str) and cell.strip().casefold() == text.casefold() for cell, text in cells):
                yield row


def _repeats(
    table: Table, columns: list[Column], code: str, taken: set[int], numbered: Column | None = None
) -> Iterator[RowDoubt]:
    number = table.grid.first_row
    for row, first in same_rows(columns, table.row_count, taken):
        told: dict[str, object] = {"first": number + first}
        if numbered is not None:
            told["column"] = numbered.name
        yield RowDoubt(row, reason(code, **told), (first,))


def _totals(table: Table) -> Iterator[RowDoubt]:
    """Rows that are called a total: told apart by whether their numbers are the sums of rows above."""
    rows = sorted(set(_called_total(table)))
    if not rows or 2 * len(rows) > table.row_count:
        return
    numbers = {
        column.index: [_number(value) for value in column.values] for column in table.columns if _numeric(column)
    }
    called = set(rows)
    for row in rows:
        shown = {index: values[row] for index, values in numbers.items() if values[row] is not None}
        proved = [index for index in shown if _is_sum(row, numbers[index], called)]
        if proved and 2 * len(proved) >= len(shown):
            names = ", ".join(table.columns[index].name for index in proved)
            yield RowDoubt(row, reason("rows.total", columns=names), data=False)
        elif (summed := _summed(table, row, numbers)) and _texts_in(table, row) == 1:
            names = ", ".join(table.columns[index].name for index in summed)
            yield RowDoubt(row, reason("rows.total_formula", columns=names), data=False)
        elif shown and len(table.columns) - len(numbers) >= 2 and _texts_in(table, row) == 1:
            yield RowDoubt(row, reason("rows.total_wrong"), data=False)


def _summed(table: Table, row: int, numeric: Iterable[int]) -> list[int]:
    """The columns of plain numbers in which this row has a formula: its saved result may be old or missing."""
    found = []
    for index in numeric:
        masks = table.grid.masks[index] if index < len(table.grid.masks) else b""
        if masks and masks[row] & FORMULA and 2 * sum(1 for mask in masks if mask & FORMULA) < len(masks):
            found.append(index)
    return found


def _called_total(table: Table) -> Iterator[int]:
    for column in table.columns:
        if not _TOTAL_HINT.search("\n".join(column.texts)):
            continue
        names = {
            text
            for text in column.texts
            if len(text) <= _LONGEST_NAME and _TOTAL_HINT.search(text) and _is_total_name(text)
        }
        if names and sum(column.texts[name] for name in names) * 2 <= table.row_count:
            yield from (row for row, value in enumerate(column.values) if isinstance(value, str) and value in names)


def _is_total_name(text: str) -> bool:
    plain = text.strip(" :：-—=()（）*").casefold()
    return bool(_TOTAL.fullmatch(plain) or _TOTAL_ENDS.fullmatch(plain))


def _numeric(column: Column) -> bool:
    if column.kinds["number"]:
        return True
    texts = list(column.texts)[:200]
    return 2 * sum(1 for text in texts if _number(text) is not None) > len(texts) > 0


def _number(value: Scalar) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return None
    plain = value.strip(_SIGNS)
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def _is_sum(row: int, values: list[float | None], called: set[int]) -> bool:
    """Whether the value of a row is the sum of the plain rows above it, back to the last total, or to the first row."""
    goal = values[row]
    if goal is None:
        return False
    block = everything = subtotals = 0.0
    counted = 0
    last = -1
    for above in range(row):
        value = values[above]
        if above in called:
            block, counted, last = 0.0, 0, above
            subtotals += value or 0.0
        elif value is not None:
            block += value
            everything += value
            counted += 1
    room = _CENT + 1e-9 * abs(goal)
    whole = abs(everything - goal) <= room or (last >= 0 and abs(subtotals - goal) <= room)
    return (counted >= 2 and abs(block - goal) <= room) or (whole and row >= 2)


def _texts_in(table: Table, row: int) -> int:
    """How many cells of the row hold something else than a number: 1 where that is the name of the total alone."""
    values = (column.values[row] for column in table.columns)
    return sum(1 for value in values if value is not None and _number(value) is None)
