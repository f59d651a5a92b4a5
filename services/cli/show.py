"""What the terminal shows of a cleaned file: what changed and why, grouped so that it fits on a screen.

Only looks are decided here; the lines come from ``workbook.report``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as RichTable

from services.messages import Language, message
from services.workbook.grid import Grid
from services.workbook.report import ReportLine, shown, visible

MOST_GROUPS = 40
"""How many groups a screen shows before it points to the report."""

STYLES = {"applied": "green", "held": "cyan", "open": "yellow", "flagged": "red"}
"""The colour of each state, in the order in which they are shown."""


@dataclass(slots=True)
class Group:
    """Changes or flags of one column for one reason and with one state: how many, and the first as the example."""

    line: ReportLine
    grid: Grid
    count: int = 1


def grouped(lines: Iterable[tuple[Grid, ReportLine]]) -> list[Group]:
    """The lines by sheet, column, reason and state: written ones first, then open, then flagged; largest first.

    What became of the person's own words stands before all, so that it is never among what there is no room for.
    """
    groups: dict[tuple[object, ...], Group] = {}
    for grid, line in lines:
        key = (line.sheet, grid.first_row, line.column, line.code, line.state)
        group = groups.get(key)
        if group is None:
            groups[key] = Group(line, grid)
        else:
            group.count += 1
    order = list(STYLES)
    return sorted(
        groups.values(),
        key=lambda group: (group.line.rule != "instruction", order.index(group.line.state), -group.count),
    )


def show_changes(console: Console, groups: list[Group], language: Language) -> None:
    """Print what changed and why: a block for each state, a row for each group, the reason below its example."""
    several = len({group.line.sheet for group in groups}) > 1
    seen = groups[:MOST_GROUPS]
    for state, colour in STYLES.items():
        here = [group for group in seen if group.line.state == state]
        if not here:
            continue
        cells = sum(group.count for group in here)
        console.print(f"[bold {colour}]{message(f'show.block.{state}', language)}[/]  [dim]{cells}[/]")
        table = RichTable(box=None, show_header=False, pad_edge=False, expand=False)
        table.add_column(justify="right", style=f"bold {colour}", min_width=5)
        table.add_column(overflow="fold", max_width=26)
        table.add_column(overflow="fold")
        for group in here:
            column = group.line.column or message("show.row", language)
            where = f"{group.line.sheet} · {column}" if several and group.line.sheet else column
            why = f"{escape(_example(group))}\n[dim]{escape(group.line.reason)}[/]"
            table.add_row(str(group.count), escape(where), why)
        console.print(Padding(table, (0, 0, 1, 0)))
    if len(groups) > MOST_GROUPS:
        console.print(message("show.more", language, count=len(groups) - MOST_GROUPS))


def _example(group: Group) -> str:
    line = group.line
    before = _clip(shown(line.before, group.grid))
    if line.applied is None:
        return f"{line.cell}  {before}" if before else line.cell
    return f"{line.cell}  {before} → {_clip(shown(line.after, group.grid)) or '∅'}"


def _clip(text: str, most: int = 40) -> str:
    """The text on one line, with what can't be seen made visible."""
    text = visible(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
