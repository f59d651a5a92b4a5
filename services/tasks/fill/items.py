"""The rows of a plan as items to ask about, each distinct one once; and rows that serve as examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.llm.question import Item
from services.tasks.fill.columns import is_empty
from services.tasks.fill.kinds import checked
from services.tasks.fill.plan import Plan, TablePlan
from services.tasks.fill.template import FREE
from services.tasks.fill.wanted import Wanted
from services.workbook.grid import DateSerial, Grid, Scalar
from services.workbook.rendering import text_of

TEXT = "text"
"""The name of the value in an item where a template reads one column."""

MOST_EXAMPLES = 5
_CANDIDATES = 200
"""Different answers among which examples are chosen."""
_LONGEST_EXAMPLE = 600
"""Characters of a row that is given as an example."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One distinct input: its item and its source values as text."""

    item: Item
    texts: tuple[str, ...]


def distinct(plan: Plan) -> tuple[list[Asked], dict[tuple[int, int], int]]:
    """The distinct inputs of all rows, and by (table, row) which of them each row has."""
    asked: list[Asked] = []
    known: dict[str, int] = {}
    places: dict[tuple[int, int], int] = {}
    for number, table in enumerate(plan.tables):
        for row in table.rows:
            item = item_of(plan, table, row)
            key = json.dumps(item, sort_keys=True)
            if key not in known:
                known[key] = len(asked)
                asked.append(Asked(item, texts_of(table, row)))
            places[number, row] = known[key]
    return asked, places


def item_of(plan: Plan, table: TablePlan, row: int) -> dict[str, Any]:
    """The values of a row's source columns by their names, and nothing else; a lone one of a template as ``text``."""
    values = {name: _value(table.table, row, column) for name, column in zip(table.names, table.sources, strict=True)}
    if len(values) == 1 and plan.template.name != FREE:
        return {TEXT: next(iter(values.values()))}
    return values


def texts_of(table: TablePlan, row: int) -> tuple[str, ...]:
    """The values of a row's source columns as text, those that say something."""
    shown = (_shown(table.table, row, column) for column in table.sources)
    return tuple(text for text in shown if text)


def examples(plan: Plan) -> list[tuple[Item, Mapping[str, Any]]]:
    """Rows that are filled in already, as items and answers: a few that differ, and none that is overlong."""
    found: dict[str, tuple[Item, Mapping[str, Any]]] = {}
    for table in plan.tables:
        for row in range(table.table.row_count):
            answer = _standing_answer(plan, table, row)
            if answer is None or not texts_of(table, row):
                continue
            pair = (item_of(plan, table, row), answer)
            if len(json.dumps(pair, ensure_ascii=False)) <= _LONGEST_EXAMPLE:
                found.setdefault(json.dumps(answer, sort_keys=True), pair)
            if len(found) == _CANDIDATES:
                break
    different = list(found.values())
    if len(different) <= MOST_EXAMPLES:
        return different
    step = (len(different) - 1) / (MOST_EXAMPLES - 1)
    return [different[round(number * step)] for number in range(MOST_EXAMPLES)]


def _standing_answer(plan: Plan, table: TablePlan, row: int) -> dict[str, Any] | None:
    """What stands in the new columns of a row, where all of them hold what they should."""
    answer: dict[str, Any] = {}
    for column, place in zip(plan.columns, table.places, strict=True):
        if column.changes_of is not None:
            continue
        value = table.standing(row, place)
        if is_empty(value):
            return None
        said = _said(value, column, table.table)
        if said is None:
            return None
        answer[column.key] = said
    return answer


def _said(value: Scalar, column: Wanted, grid: Grid) -> str | list[str] | None:
    """A value as a model would have said it; None where it is not of the column's kind."""
    text = text_of(value, None, grid.date_system)
    if column.kind.name == "list":
        return [text]
    try:
        return checked(text, column.kind)
    except ValueError:
        return None


def _value(grid: Grid, row: int, column: int) -> Any:
    value = grid.columns[column][row]
    if is_empty(value):
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, DateSerial):
        return text_of(value, None, grid.date_system)
    number = float(value or 0)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _shown(grid: Grid, row: int, column: int) -> str:
    value = grid.columns[column][row]
    return "" if is_empty(value) else text_of(value, grid.format_at(row, column), grid.date_system)
