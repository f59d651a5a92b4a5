"""The rule ``durations``: lengths of time in the form that most cells of their column have (1 hr. 41 min. as 101 min).

Times of day belong to times.py. A length said loosely, a range, and a month in days are never converted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.tasks.clean.rule import Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.first_look import countable, share_of_first_texts
from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.table import Column, Table
from services.text.durations import Duration, duration_pattern, format_duration, parse_duration
from services.workbook.changes import reason
from services.workbook.grid import Scalar

LEAST_SHARE = 0.6
"""Below this share of lengths of time among the filled cells a column is no column of them."""
SAFE_SHARE = 0.8
"""From this share of one form on it is the column's."""
_CANDIDATES = 5
"""The forms that are tried as the column's: one that is no fifth of it is not."""
_PADDED = 0.05
"""The share of cells that must show a leading zero (1h 05m) for it to be the form: a sixth of all minutes need one."""
_PADDED_FIRST = 0.2
"""The same for the first number of a length, where a leading zero is rare."""


class DurationsStep(Step):
    """Lengths of time of one column, written as ``form`` with N for the number: "N min", "N小时", "N hr N min".

    NN is a number padded to two digits: "Nh NNm" for 1h 05m.
    """

    rule: Literal["durations"] = "durations"
    form: str


@dataclass(frozen=True, slots=True)
class _DurationColumn:
    read: dict[str, tuple[Duration, int]]
    form: str
    form_cells: int
    filled: int


def propose(table: Table) -> list[DurationsStep]:
    """A step for each column of lengths that are not all in one form."""
    steps = []
    for column in table.columns:
        found = _read(column)
        if found is None:
            continue
        step = DurationsStep(column=column.name, form=found.form)
        if _findings(step, found, column, table):
            steps.append(step)
    return steps


def run(step: DurationsStep, table: Table) -> Outcome:
    """Bring the column's lengths into the step's form."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return outcome
    found = _read(column)
    if found is None or format_duration(Decimal(0), step.form) is None:
        outcome.misfit = reason("durations.no_lengths", column=column.name, form=step.form)
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="durations", step_type=DurationsStep, propose=propose, run=run)


def in_form(column: Column, form: str) -> DurationsStep | None:
    """The step that writes the column's lengths in ``form``, None where it has none or they can't be written so."""
    if _read(column) is None or format_duration(Decimal(0), form) is None:
        return None
    return DurationsStep(column=column.name, form=form)


def _read(column: Column) -> _DurationColumn | None:
    """The column as lengths of time with the form most of them have, or None where there is no such form."""
    if not column.texts or share_of_first_texts(column, parse_duration) < 0.4:
        return None
    read = {text: (length, n) for text, n in column.texts.items() if (length := parse_duration(text)) is not None}
    filled = countable(column)
    if sum(count for _, count in read.values()) < LEAST_SHARE * filled:
        return None
    patterns: Counter[str] = Counter()
    for text, (_, count) in read.items():
        pattern = duration_pattern(text)
        if pattern is not None:
            patterns[pattern] += count
    best, best_cells = "", 0
    for pattern, shown in patterns.most_common(_CANDIDATES):
        if "NN" in pattern and shown < (_PADDED_FIRST if pattern.startswith("NN") else _PADDED) * patterns.total():
            continue
        cells = sum(count for text, (length, count) in read.items() if _is_written_so(text, length, pattern))
        if cells > best_cells:
            best, best_cells = pattern, cells
    return _DurationColumn(read, best, best_cells, filled) if best_cells > 0.5 * filled else None


def _is_written_so(text: str, length: Duration, form: str) -> bool:
    """Whether a text has the form: as the form writes that length, or with decimals it cannot write (1.5 hours)."""
    seconds = length.total_seconds
    if seconds is None or length.precision != "exact":
        return False
    written = format_duration(seconds, form)
    return written == text or (written is None and duration_pattern(text) == form)


def _findings(step: DurationsStep, found: _DurationColumn, column: Column, table: Table) -> dict[Scalar, Finding]:
    lengths = sum(count for _, count in found.read.values())
    findings: dict[Scalar, Finding] = dict(
        leftovers(column, table, found.read, "durations.not_read", lengths, found.filled)
    )
    form_cells = found.form_cells if step.form == found.form else 0
    for text, (length, _) in found.read.items():
        seconds = length.total_seconds
        if seconds is None or length.precision != "exact" or _is_written_so(text, length, step.form):
            continue
        after = format_duration(seconds, step.form)
        if after is None or after == text:
            continue
        facts = {"before": text, "after": after, "count": form_cells, "filled": found.filled}
        if _counts_days(length) != _counts_days(parse_duration(after)):
            # A day may be a working day, which has no 24 hours.
            findings[text] = Proposal(after, reason("durations.days", **facts), False, 0.5)
            continue
        # 09 min may be 9 minutes, or what is left of 109.
        cut = text[0] == "0" and not after.startswith("0")
        usual = form_cells >= SAFE_SHARE * found.filled or step.asked == "person"
        safe = usual and not cut and not _overflows(length)
        findings[text] = Proposal(after, reason("durations.form", **facts), safe, 1.0 if safe else 0.8)
    return findings


def _overflows(length: Duration) -> bool:
    """Whether minutes or seconds behind a larger unit make more than one of it: 2h 225m is more often a slip."""
    parts = length.parts
    return any(parts.get(unit, 0) >= 60 and len(parts) > 1 for unit in ("minute", "second"))


def _counts_days(length: Duration | None) -> bool:
    return length is not None and "day" in length.parts
