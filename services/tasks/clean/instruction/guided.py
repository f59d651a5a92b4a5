"""The rulebook under an instruction: steps asked for take the place of the rules' own, others may be left out.

What is left out is counted, so that a person is told. How an instruction becomes wishes is in ``lexicon`` and
``choosing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from services.tasks.clean.engine import AnyRule
from services.tasks.clean.instruction.choices import Wish
from services.tasks.clean.instruction.steps import RESTORING, asked_steps, subject_of
from services.tasks.clean.rule import Proposal, Step
from services.tasks.clean.table import Table


@dataclass(slots=True)
class Tally:
    """What came of the wishes in one table: the steps that were asked for, and the cells whose change was left out."""

    steps: list[Step] = field(default_factory=list)
    left_out: int = 0


def guided(rulebook: Iterable[AnyRule], wishes: Sequence[Wish], tally: Tally) -> list[AnyRule]:
    """The rules in their order, each proposing what was asked for and, of its own, what the wishes leave room for."""
    return [replace(rule, propose=partial(_propose, rule, wishes, tally)) for rule in rulebook]


def _propose(rule: AnyRule, wishes: Sequence[Wish], tally: Tally, table: Table) -> list[Step]:
    asked = asked_steps(rule.name, wishes, table)
    about = {_place(step) for step in asked}
    kept: list[Step] = []
    for step in rule.propose(table):
        if _place(step) in about:
            continue
        if has_room(step, wishes):
            kept.append(step)
        else:
            tally.left_out += _cells(rule, step, table)
    tally.steps += asked
    return [*asked, *kept]


def _place(step: Step) -> tuple[object, ...]:
    """Two steps of one rule at the same place are one step with other settings; of containment the place may differ."""
    rule, column, operation, other, _, *rest = subject_of(step)
    return rule, column, operation, other, *rest


def has_room(step: Step, wishes: Sequence[Wish]) -> bool:
    """Whether a rule may do what it would do by itself: not on columns to be left alone, nor beside "nothing else"."""
    if not step.column:
        return True  # rows are only flagged
    touched = {step.column, getattr(step, "other", step.column)}
    if any(wish.choice.kind == "leave" and wish.choice.column in touched for wish in wishes):
        return False
    if not any(wish.choice.kind == "nothing-else" for wish in wishes):
        return True
    restoring = any(wish.choice.kind == "restore" for wish in wishes)
    named = {wish.choice.column for wish in wishes if wish.choice.kind != "leave"}
    return touched <= named or (restoring and step.rule in RESTORING)


def _cells(rule: AnyRule, step: Step, table: Table) -> int:
    """How many cells a step would have proposed to change."""
    outcome = rule.run(step, table)
    column = table.column_named(step.column)
    proposed = {value for value, made in outcome.values.items() if isinstance(made, Proposal)}
    by_value = 0 if column is None else sum(1 for value in column.values if value in proposed)
    return by_value + sum(1 for _, _, made in outcome.cells if isinstance(made, Proposal))
