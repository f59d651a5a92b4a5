"""Cleaning one table with what a person and a model add to the rules: an instruction, and meanings of open values.

The rules go first and code does all the work: an instruction only chooses steps, a model only chooses where rules could
not read one, and says what single values mean.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from services.llm.question import Model, Unanswered
from services.tasks.clean.engine import AnyRule, Cleaned, propose
from services.tasks.clean.instruction.choices import Choice, Wish
from services.tasks.clean.instruction.choosing import PROMPT as CHOOSING
from services.tasks.clean.instruction.choosing import ask_for_choices
from services.tasks.clean.instruction.guided import Tally, guided, has_room
from services.tasks.clean.instruction.lexicon import read_instruction
from services.tasks.clean.instruction.notes import as_flags, notes_on
from services.tasks.clean.meaning.asking import PROMPT as VALUES
from services.tasks.clean.meaning.asking import Asked, ask_for_meanings
from services.tasks.clean.meaning.open_values import Heard, listening, open_values
from services.tasks.clean.rule import Outcome, Step
from services.tasks.clean.rulebook import RULEBOOK
from services.tasks.clean.rules import meanings
from services.tasks.clean.rules.meanings import MeaningsStep
from services.tasks.clean.table import Table
from services.tasks.context import TaskContext

MOST_SAID = 4000
"""Characters of the longest instruction."""


@dataclass(frozen=True, slots=True)
class Assisted:
    """What came of one table: as by rules alone, and how much a model answered and left open."""

    cleaned: Cleaned
    answered: int = 0
    gaps: int = 0


@dataclass(slots=True)
class _Understood:
    """What an instruction asks of one table, and what of it nobody understood."""

    wishes: tuple[Wish, ...] = ()
    left: tuple[str, ...] = ()
    impossible: tuple[Choice, ...] = ()
    unanswered: Unanswered | None = None
    answered: int = 0


@dataclass(slots=True)
class _Asking:
    """The rule ``meanings`` while a model is there: it asks once the other rules are done."""

    model: Model
    context: TaskContext
    wishes: Sequence[Wish]
    heard: Heard
    asked: Asked = field(default_factory=Asked)

    def propose(self, table: Table) -> list[MeaningsStep]:
        """Ask about what is still open; a step for each column with meanings or with values that got none."""
        values = [
            value
            for value in open_values(self.heard, table)
            if has_room(MeaningsStep(column=value.column, kind=value.kind, meanings={}), self.wishes)
        ]
        if not values:
            return []
        prompt = self.context.prompts.load(VALUES, table.language)
        self.asked = ask_for_meanings(
            self.model, prompt, values, table, lambda done, total: self.context.progress(done, total, "rule.meanings")
        )
        told = {column for column, _ in self.asked.doubts} - {step.column for step in self.asked.steps}
        kinds = {value.column: value.kind for value in values}
        return [*self.asked.steps, *(MeaningsStep(column=name, kind=kinds[name], meanings={}) for name in sorted(told))]

    def run(self, step: MeaningsStep, table: Table) -> Outcome:
        """What the step's meanings make of the cells, and what is to be told of the values without one."""
        outcome = meanings.run(step, table)
        for (column, cell), doubt in self.asked.doubts.items():
            if column == step.column:
                outcome.values[cell] = doubt
        return outcome


def assisted(
    table: Table,
    instruction: str,
    nowhere: Collection[str],
    context: TaskContext,
    *,
    changes_before: int = 0,
    flags_before: int = 0,
) -> Assisted:
    """Clean a table by rules, by the instruction where there is one, and with the model where there is one.

    ``nowhere`` are the phrases of the instruction that rules can't read for any table; others that they can't read for
    this one mean another.
    """
    model = context.model
    understood = _understand(table, instruction, nowhere, context)
    tally = Tally()
    rulebook: list[AnyRule] = list(RULEBOOK)
    if understood.wishes:
        rulebook = guided(rulebook, understood.wishes, tally)
    asking = None
    if model is not None:
        heard = Heard()
        asking = _Asking(model, context, understood.wishes, heard)
        rulebook = [
            replace(rule, propose=asking.propose, run=asking.run) if rule.name == meanings.RULE.name else rule
            for rule in listening(rulebook, heard)
        ]
    cleaned = propose(table, rulebook, context, changes_before=changes_before, flags_before=flags_before)
    steps = tuple(step for step in cleaned.steps if not _is_empty(step))
    flags = cleaned.changes.flags
    if instruction:
        notes = list(
            notes_on(
                table,
                understood.wishes,
                cleaned.changes,
                tally.left_out,
                understood.left,
                understood.impossible,
                understood.unanswered,
                model is not None,
            )
        )
        flags = (*as_flags(table, notes, flags_before + len(flags) + 1), *flags)
    asked = asking.asked if asking is not None else Asked()
    return Assisted(
        replace(cleaned, steps=steps, changes=replace(cleaned.changes, flags=flags)),
        answered=understood.answered + asked.answered,
        gaps=(understood.unanswered is not None) + asked.gaps,
    )


def understood_nowhere(instruction: str, tables: Sequence[Table]) -> frozenset[str]:
    """The phrases that rules can't read for any of the tables."""
    left = [frozenset(read_instruction(instruction, table).left) for table in tables]
    return frozenset.intersection(*left) if left else frozenset()


def _understand(table: Table, instruction: str, nowhere: Collection[str], context: TaskContext) -> _Understood:
    if not instruction:
        return _Understood()
    reading = read_instruction(instruction, table)
    left = tuple(phrase for phrase in reading.left if phrase in nowhere)
    if not left or context.model is None:
        return _Understood(reading.wishes, left)
    prompt = context.prompts.load(CHOOSING, table.language)
    context.progress(0, len(left), "rule.instruction")  # a slow model takes minutes for its first answer
    heard = ask_for_choices(context.model, prompt, instruction, left, reading.wishes, table)
    return _Understood((*reading.wishes, *heard.wishes), heard.left, heard.impossible, heard.unanswered, heard.answered)


def _is_empty(step: Step) -> bool:
    """Whether a step only told of values without a meaning: nothing to run again."""
    return isinstance(step, MeaningsStep) and not step.meanings
