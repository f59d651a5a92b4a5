"""From a wish to the steps that carry it out: which rule does what was asked, with the settings this table needs.

A step is made when its rule's turn comes, of the table as the rules before have left it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, cast, get_args

from services.tasks.clean.instruction.choices import ALL, Choice, Wish
from services.tasks.clean.rule import Step
from services.tasks.clean.rules import amounts, containment, dates, durations, measures, numbers, percents
from services.tasks.clean.rules.case import CaseStep
from services.tasks.clean.rules.case import Form as CaseForm
from services.tasks.clean.rules.date_forms import DateForm
from services.tasks.clean.rules.decimals import DecimalsStep
from services.tasks.clean.rules.empties import EmptiesStep
from services.tasks.clean.rules.listed import ListedStep
from services.tasks.clean.rules.parts import PartsStep
from services.tasks.clean.rules.tidy import Operation, TidyStep
from services.tasks.clean.table import Column, Table

_SPACES: tuple[Operation, ...] = ("odd-space", "trim", "inner-space")

Maker = Callable[[Choice, Column, Table, Sequence[Wish]], Sequence[Step | None]]


def asked_steps(rule: str, wishes: Sequence[Wish], table: Table) -> list[Step]:
    """The steps of one rule that the wishes call for, each once."""
    steps: dict[tuple[object, ...], Step] = {}
    for wish in wishes:
        maker = _MAKERS.get((wish.choice.kind, rule))
        if maker is None:
            continue
        for column in _columns(wish.choice, table):
            for step in maker(wish.choice, column, table, wishes):
                if step is not None:
                    made = step.model_copy(update={"asked": wish.by})
                    steps[subject_of(made)] = made
    return list(steps.values())


def subject_of(step: Step) -> tuple[object, ...]:
    """What a step is about: two of one rule with the same subject would contradict each other."""
    known = step.model_dump()
    about = [known.get(name) for name in ("operation", "other", "place", "values", "text", "words")]
    return (step.rule, step.column, *map(repr, about))


def is_carried_out_by(choice: Choice) -> frozenset[str]:
    """The names of the rules that do what a choice asks."""
    if choice.kind == "restore":
        return RESTORING
    return frozenset(rule for kind, rule in _MAKERS if kind == choice.kind)


RESTORING = frozenset(("spelling", "agreement"))
"""The rules that find what a damaged value was."""


def _columns(choice: Choice, table: Table) -> list[Column]:
    if choice.column == ALL:
        return list(table.columns)
    column = table.column_named(choice.column)
    return [] if column is None else [column]


def _also(kind: str, column: Column, wishes: Sequence[Wish]) -> bool:
    """Whether another wish asks this of the same column."""
    return any(wish.choice.kind == kind and wish.choice.column == column.name for wish in wishes)


def _measures(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [measures.number_only(column)]


def _amounts(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [amounts.number_only(column, table)]


def _numbers(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [numbers.plain_numbers(column, table, drop_zeros=_also("no-trailing-zero", column, wishes))]


def _decimals(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [DecimalsStep(column=column.name, places=int(choice.text))]


def _percents(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [percents.without_sign(column, table, as_fraction=_also("fraction", column, wishes))]


def _empties(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    words = [wish.choice.text for wish in wishes if wish.choice.kind == "empty" and _means(wish.choice, column)]
    return [EmptiesStep(column=column.name, words=tuple(dict.fromkeys(words)))]


def _case(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [CaseStep(column=column.name, form=cast(CaseForm, choice.kind))]


def _spaces(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [TidyStep(column=column.name, operation=operation) for operation in _SPACES]


def _parts(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    places: dict[str, Literal["start", "end", "anywhere"]] = {"remove-start": "start", "remove-end": "end"}
    return [PartsStep(column=column.name, text=choice.text, place=places.get(choice.kind, "anywhere"))]


def _listed(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    pairs = {wish.choice.text: wish.choice.other for wish in wishes if wish.choice.kind == "replace" and
             wish.choice.column == column.name}  # fmt: skip
    return [ListedStep(column=column.name, values=pairs)]


def _without(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    if not choice.other:
        return [step for step in containment.propose(table) if step.column == column.name and step.strip]
    other = table.column_named(choice.other)
    return [] if other is None else [containment.taken_out(column, other, strip=True)]


def _from(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    """Filling from another column; where what is taken must also leave that one, one step does both."""
    source = table.column_named(choice.other)
    if source is None:
        return []
    stripped = {wish.choice.other for wish in wishes if wish.choice.kind == "without-column" and
                wish.choice.column == source.name}  # fmt: skip
    return [] if stripped & {column.name, ""} else [containment.taken_out(source, column, strip=False)]


def _durations(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [durations.in_form(column, choice.text)]


def _dates(choice: Choice, column: Column, table: Table, wishes: Sequence[Wish]) -> Sequence[Step | None]:
    return [dates.in_form(column, table, form) for form in get_args(DateForm) if form == choice.text]


def _means(choice: Choice, column: Column) -> bool:
    return choice.column in (column.name, ALL)


_MAKERS: dict[tuple[str, str], Maker] = {
    ("number", "measures"): _measures,
    ("number", "amounts"): _amounts,
    ("number", "numbers"): _numbers,
    ("no-trailing-zero", "numbers"): _numbers,
    ("decimals", "decimals"): _decimals,
    ("no-percent", "percents"): _percents,
    ("fraction", "percents"): _percents,
    ("empty", "empties"): _empties,
    ("upper", "case"): _case,
    ("lower", "case"): _case,
    ("title", "case"): _case,
    ("spaces", "tidy"): _spaces,
    ("remove-start", "parts"): _parts,
    ("remove-end", "parts"): _parts,
    ("remove-part", "parts"): _parts,
    ("without-column", "containment"): _without,
    ("from-column", "containment"): _from,
    ("duration", "durations"): _durations,
    ("date", "dates"): _dates,
    ("replace", "listed"): _listed,
}
