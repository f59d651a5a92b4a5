"""What the terminal shows of a cleaned workbook: what changed and why, grouped so that it fits on a screen.

Only looks are decided here; the lines come from ``workbook.report``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from services.messages import Language, message
from services.workbook.grid import Grid
from services.workbook.report import ReportLine, shown

MOST_GROUPS = 40
"""How many groups a screen shows before it points to the report."""

STYLES = {"applied": "green", "held": "cyan", "open": "yellow", "flagged": "red"}


@dataclass(slots=True)
class Group:
    """Changes or flags of one column for one reason and with one state: how many, and the first as the example."""

    line: ReportLine
    grid: Grid
    count: int = 1


def grouped(lines: Iterable[tuple[Grid, ReportLine]]) -> list[Group]:
    """The lines by sheet, column, reason and state: written ones first, then open, then flagged; largest first."""
    groups: dict[tuple[object, ...], Group] = {}
    for grid, line in lines:
        key = (line.sheet, grid.first_row, line.column, line.code, line.state)
        group = groups.get(key)
        if group is None:
            groups[key] = Group(line, grid)
        else:
            group.count += 1
    order = list(STYLES)
    return sorted(groups.values(), key=lambda group: (order.index(group.line.state), -group.count))


def show_changes(console: Console, groups: list[Group], language: Language) -> None:
    """Print the table of what changed and why."""
    several = len({group.line.sheet for group in groups}) > 1
    table = RichTable(show_lines=False, pad_edge=False, expand=False, header_style="bold")
    for name in ("state", "where", "cells", "example", "why"):
        table.add_column(
            message(f"show.{name}", language), justify="right" if name == "cells" else "left", overflow="fold"
        )
    for group in groups[:MOST_GROUPS]:
        line = group.line
        column = line.column or message("show.row", language)
        where = f"{line.sheet} · {column}" if several and line.sheet else column
        table.add_row(
            f"[{STYLES[line.state]}]{message(f'report.state.{line.state}', language)}[/]",
            escape(where),
            str(group.count),
            escape(_example(group)),
            escape(line.reason),
        )
    console.print(table)
    if len(groups) > MOST_GROUPS:
        console.print(message("show.more", language, count=len(groups) - MOST_GROUPS))


def _example(group: Group) -> str:
    line = group.line
    before = _clip(shown(line.before, group.grid))
    if line.applied is None:
        return f"{line.cell}: {before}" if before else line.cell
    return f"{line.cell}: {before} → {_clip(shown(line.after, group.grid)) or '∅'}"


def _clip(text: str, most: int = 32) -> str:
    text = "".join(mark if mark.isprintable() else "␣" for mark in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
