"""A ChangeSet told to a person: one line for each change and each flag, the same for a screen, JSON and a sheet.

No file is written here and no colour chosen; values are shown as a person would read them in a cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from services.messages import Language, message
from services.workbook.changes import Change, ChangeSet, Flag
from services.workbook.grid import DateSerial, DateSystem, Grid, Scalar, column_letter
from services.workbook.rendering import text_of

COLUMNS = (
    "sheet",
    "cell",
    "column",
    "before",
    "after",
    "reason",
    "verdict",
    "state",
    "confidence",
    "proposer",
    "rule",
    "id",
)
"""The fields of a report line in the order of a report's columns; titles stand in the messages under ``report``."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One change (``applied`` true or false) or one flag (``applied`` None), told in the person's language.

    ``code`` is that of its last reason, the same in every language.
    """

    id: str
    sheet: str
    cell: str
    column: str
    before: Scalar
    after: Scalar
    reason: str
    verdict: str
    applied: bool | None
    confidence: float | None
    proposer: str
    rule: str
    code: str = ""
    rows: tuple[int, ...] = ()

    @property
    def state(self) -> str:
        """``applied``; ``held`` (safe, not written); ``open`` (for a person to decide); ``flagged`` (to look at)."""
        if self.applied is None:
            return "flagged"
        return "applied" if self.applied else "held" if self.verdict == "safe" else "open"

    def as_json(self, grid: Grid) -> dict[str, Any]:
        """The line with values that JSON can hold: a date as ISO text, the rest as it is."""
        line: dict[str, Any] = {
            "id": self.id,
            "sheet": self.sheet,
            "cell": self.cell,
            "column": self.column,
            "before": json_value(self.before, grid),
            "after": json_value(self.after, grid),
            "reason": self.reason,
            "verdict": self.verdict,
            "applied": self.applied,
            "confidence": self.confidence,
            "proposer": self.proposer,
            "rule": self.rule,
        }
        if self.rows:
            line["rows"] = list(self.rows)
        return line

    def as_row(self, grid: Grid, language: Language) -> list[Scalar]:
        """The cells of the line in a report sheet, in the order of ``COLUMNS``."""
        row: dict[str, Scalar] = {
            "sheet": self.sheet,
            "cell": self.cell,
            "column": self.column,
            "before": shown(self.before, grid),
            "after": "" if self.applied is None else shown(self.after, grid),
            "reason": self.reason,
            "verdict": message(f"report.verdict.{self.verdict}", language),
            "state": message(f"report.state.{self.state}", language),
            "confidence": self.confidence,
            "proposer": message(f"report.proposer.{self.proposer}", language),
            "rule": message(f"progress.rule.{self.rule}", language),
            "id": self.id,
        }
        return [row[name] for name in COLUMNS]


def report_lines(grid: Grid, changes: ChangeSet, applied: Collection[str], language: Language) -> Iterable[ReportLine]:
    """The lines for one table: its changes, then its flags, each in the order of the rows."""
    told: dict[tuple[int, ...], str] = {}  # by identity: thousands of changes share their reasons
    for change in changes.changes:
        key = tuple(map(id, change.reasons))
        if key not in told:
            told[key] = _joined([reason.text(language) for reason in change.reasons], language)
        yield _change_line(grid, change, change.id in applied, told[key])
    for flag in changes.flags:
        yield _flag_line(grid, flag, language)


def titles(language: Language) -> list[str]:
    """The column titles of a report, in the order of ``COLUMNS``."""
    return [message(f"report.title.{name}", language) for name in COLUMNS]


def shown(value: Scalar, grid: Grid) -> str:
    """A value as a person would read it: dates as ISO text, booleans as a spreadsheet shows them, empty as nothing."""
    return text_of(value, None, grid.date_system)


def visible(text: str) -> str:
    """The text on one line, with a mark for each odd character and for each space at its ends."""
    text = "".join(mark if mark.isprintable() else "␣" for mark in text)
    inner = text.strip(" ")
    if inner and inner != text:
        lead = len(text) - len(text.lstrip(" "))
        text = "␣" * lead + inner + "␣" * (len(text) - lead - len(inner))
    return text


def json_value(value: Scalar, grid: Grid) -> str | int | float | bool | None:
    """A value as JSON holds it; a date becomes ISO text, an error its code."""
    return text_of(value, None, grid.date_system) if isinstance(value, DateSerial) else value


def conflict_text(code: str, cell: str, expected: Scalar, date_system: DateSystem, language: Language) -> str:
    """Why a cell was left alone, as a sentence: ``code`` is that of the conflict, ``cell`` its address."""
    told = text_of(expected, None, date_system) or "∅"
    return message(f"conflict.{code}", language, cell=cell, expected=told)


def _change_line(grid: Grid, change: Change, applied: bool, told: str) -> ReportLine:
    return ReportLine(
        id=change.id,
        sheet=grid.sheet,
        cell=grid.address_of(change.row, change.column),
        column=grid.name_of(change.column),
        before=change.before,
        after=change.after,
        reason=told,
        verdict=change.verdict,
        applied=applied,
        confidence=round(change.confidence, 3),
        proposer=change.proposer,
        rule=change.rule,
        code=change.reasons[-1].code,
    )


def _joined(reasons: list[str], language: Language) -> str:
    """Several sentences as one, with the full stop of the last."""
    *first, last = reasons
    return message("report.between", language).join([*(text.rstrip(".。") for text in first), last])


def _flag_line(grid: Grid, flag: Flag, language: Language) -> ReportLine:
    if flag.column is None:
        last = column_letter(grid.first_column + grid.column_count - 1)
        cell = f"{grid.address_of(flag.row, 0)}:{last}{grid.first_row + flag.row}"
    else:
        cell = grid.address_of(flag.row, flag.column)
    return ReportLine(
        id=flag.id,
        sheet=grid.sheet,
        cell=cell,
        column="" if flag.column is None else grid.name_of(flag.column),
        before=flag.value,
        after=None,
        reason=flag.reason.text(language),
        verdict="flag",
        applied=None,
        confidence=None,
        proposer="rule",
        rule=flag.rule,
        code=flag.reason.code,
        rows=tuple(grid.first_row + row for row in flag.rows),
    )
