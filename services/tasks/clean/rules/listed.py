"""Rule ``listed``: values that a person has listed become the values listed for them (男 becomes M, 1 becomes yes).

Only an instruction or a recipe asks for it. Slips of a frequent value are found by ``spelling``.
"""

from __future__ import annotations

from typing import Literal

from services.tasks.clean.rule import Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Table
from services.workbook.changes import reason
from services.workbook.grid import Scalar


class ListedStep(Step):
    """What each of the listed values becomes, empty text for an empty cell. Outer spaces and case don't matter."""

    rule: Literal["listed"] = "listed"
    values: dict[str, str]


def propose(table: Table) -> list[ListedStep]:
    """Nothing: which value stands for which other one only a person can say."""
    return []


def run(step: ListedStep, table: Table) -> Outcome:
    """Propose the listed value in each cell that holds one to be replaced, as a whole."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    wanted = {old.strip().casefold(): new for old, new in step.values.items()}
    held: dict[Scalar, str] = {text: text.strip().casefold() for text in column.texts}
    held.update({number: str(number).removesuffix(".0") for number in column.numbers})
    for value, key in held.items():
        after = wanted.get(key)
        if after is None or after == value:
            continue
        why = reason("listed.replaced", before=str(value), after=after)
        safe = step.asked == "person"
        outcome.values[value] = Proposal(after or None, why, safe, 1.0 if safe else 0.7)
    return outcome


RULE = Rule("listed", ListedStep, propose, run)
