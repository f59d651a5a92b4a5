"""Rule ``decimals``: the numbers of a column are written or shown with so many decimal places.

Only an instruction or a recipe asks for it. In a workbook the cells get a number format and keep their values; in a
text file zeros are put in or left out, and where a digit would be lost, a person decides.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import Field

from services.tasks.clean.rule import Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.number_cells import as_text, number_format_of, shown_format
from services.tasks.clean.rules.number_columns import PLAIN, read_number_column
from services.tasks.clean.table import Column, Table
from services.workbook.changes import reason


class DecimalsStep(Step):
    """Show the numbers of the column with ``places`` decimals."""

    rule: Literal["decimals"] = "decimals"
    places: int = Field(ge=0, le=10)


def propose(table: Table) -> list[DecimalsStep]:
    """Nothing: how many decimals are wanted only a person can say."""
    return []


def run(step: DecimalsStep, table: Table) -> Outcome:
    """Propose each number in that form."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not (column.texts or column.numbers):
        return outcome
    if table.typed:
        _show(step, column, table, outcome)
        return outcome
    found = read_number_column(column, table)
    if found is None:
        outcome.misfit = reason("numbers.no_numbers", column=column.name)
        return outcome
    for text, (number, _) in found.read.items():
        if not PLAIN.fullmatch(text) or not number.exact_in_double:
            continue
        value = number.value.quantize(Decimal(1).scaleb(-step.places), ROUND_HALF_UP)
        after = as_text(value)
        if after != text:
            exact = value == number.value
            why = reason("decimals.places" if exact else "decimals.rounded", before=text, after=after)
            safe = exact and step.asked == "person"
            outcome.values[text] = Proposal(after, why, safe, 1.0 if safe else 0.7)
    return outcome


RULE = Rule("decimals", DecimalsStep, propose, run)


def _show(step: DecimalsStep, column: Column, table: Table, outcome: Outcome) -> None:
    """Give the numbers a format; what they are stays."""
    own = number_format_of(column, table)
    code = shown_format(step.places, grouped=own is not None and "#,##" in own)
    if code == own:
        return
    safe = step.asked == "person"
    for value in column.numbers:
        why = reason("decimals.shown", before=str(value), places=step.places)
        outcome.values[value] = Proposal(value, why, safe, 1.0 if safe else 0.7, code)
