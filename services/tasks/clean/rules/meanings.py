"""Rule ``meanings``: values that no rule could read become what a model said they mean, where the cell bears it out.

A step holds the meanings, so that it runs again without a model; each is verified anew on every run, by the cell alone
(``meaning.verifying``), and written as the column's own rule writes such a value.
"""

from __future__ import annotations

from typing import Any, Literal

from services.tasks.clean.meaning.verifying import Kind, proved_order, verdict_on
from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules import amounts, dates, durations, measures, numbers, percents, phones
from services.tasks.clean.rules.date_columns import read_date_column
from services.tasks.clean.rules.number_columns import PLAIN
from services.tasks.clean.table import Column, Table
from services.text.dates import DateOrder
from services.text.tidy import tidy
from services.workbook.changes import reason
from services.workbook.grid import ColumnFormats, Grid, Scalar

VERIFIED, OPEN = 0.95, 0.6
"""How sure a meaning is that the cell says, and one that it could say."""

_WRITERS: tuple[Rule[Any], ...] = (
    dates.RULE,
    durations.RULE,
    percents.RULE,
    measures.RULE,
    amounts.RULE,
    numbers.RULE,
    phones.RULE,
)


class MeaningsStep(Step):
    """What values of one column mean, each in the canonical notation of ``kind`` (``meaning.verifying``)."""

    rule: Literal["meanings"] = "meanings"
    kind: Kind
    meanings: dict[str, str]


def propose(table: Table) -> list[MeaningsStep]:
    """Nothing: without a model the values stay open."""
    return []


def run(step: MeaningsStep, table: Table) -> Outcome:
    """Propose each meaning that the cell says (safe) or could say (for review); any other is told as refused.

    A name that is merely rare is no fault, so that nothing is told where another one was refused for it.
    """
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    order = _order(column, table) if step.kind == "date" else None
    held = {cell: meaning for cell, meaning in step.meanings.items() if cell in column.texts}
    verdicts = {cell: verdict_on(step.kind, cell, meaning, column, order) for cell, meaning in held.items()}
    borne_out = {cell: meaning for cell, meaning in held.items() if verdicts[cell] != "refused"}
    if step.kind == "name":
        written: dict[str, Scalar | Proposal] = {cell: tidy(meaning).text for cell, meaning in borne_out.items()}
    else:
        written = written_as_column(borne_out, column, table)
    for cell, meaning in held.items():
        if step.kind == "name" and verdicts[cell] == "refused":
            continue
        outcome.values[cell] = _finding(cell, meaning, verdicts[cell], written.get(cell))
    return outcome


RULE = Rule("meanings", MeaningsStep, propose, run)


def _finding(cell: str, meaning: str, verdict: str, after: Scalar | Proposal) -> Finding:
    if verdict == "refused":
        return Doubt(reason("meanings.refused", value=cell, meaning=meaning))
    if after is None:
        return Doubt(reason("meanings.unwritable", value=cell, meaning=meaning))
    number_format = after.number_format if isinstance(after, Proposal) else None
    value = after.after if isinstance(after, Proposal) else after
    safe = verdict == "verified"
    why = reason("meanings.verified" if safe else "meanings.open", value=cell, meaning=meaning)
    return Proposal(value, why, safe, VERIFIED if safe else OPEN, number_format, "model")


def _order(column: Column, table: Table) -> DateOrder | None:
    found = read_date_column(column, table)
    return None if found is None else proved_order(found.order)


def written_as_column(meanings: dict[str, str], column: Column, table: Table) -> dict[str, Scalar | Proposal]:
    """Each meaning as the column's rules would write it if the cell held it, None where they would only doubt it."""
    if not meanings:
        return {}
    grid = table.grid
    formats = grid.formats[column.index] if column.index < len(grid.formats) else ColumnFormats()
    values = [meanings.get(value, value) if type(value) is str else value for value in column.values]
    alone = Grid(columns=(values,), header=(column.name,), formats=(formats,), date_system=grid.date_system)
    as_if = Table(alone, table.typed, table.language, table.region)
    said: dict[Scalar, Finding] = {}
    for rule in _WRITERS:
        for step in rule.propose(as_if):
            for value, finding in rule.run(step, as_if).values.items():
                said.setdefault(value, finding)
    written: dict[str, Scalar | Proposal] = {}
    for cell, meaning in meanings.items():
        as_written: Finding | None = said.get(meaning)
        if as_written is None:
            plain = PLAIN.fullmatch(meaning) is not None
            written[cell] = _as_number(meaning) if table.typed and plain and not _is_text(column) else meaning
        else:
            written[cell] = as_written if isinstance(as_written, Proposal) else None
    return written


def _as_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _is_text(column: Column) -> bool:
    """Whether the column keeps its digits as text: telephone numbers, codes."""
    return column.kinds["text"] > column.kinds["number"]
