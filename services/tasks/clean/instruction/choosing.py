"""Asking a model what the phrases of an instruction mean that rules did not understand: choices, checked against both.

A model only chooses from the vocabulary. A word that it fills in must stand in the instruction, so that nothing it read
in a cell, and nothing it made up, becomes a setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.llm.prompts import Prompt
from services.llm.question import Answered, Item, Model, Question, Unanswered
from services.tasks.clean.instruction.choices import ALL, Choice, Wish, fitting
from services.tasks.clean.instruction.phrases import as_a_word
from services.tasks.clean.instruction.steps import is_carried_out_by
from services.tasks.clean.table import Column, Table

PROMPT = "clean-instruction"

MOST_PHRASES = 20
"""Phrases that are asked about; an instruction of more is an essay."""
_MOST_COLUMNS = 60
_MOST_VALUES = 4
_LONGEST_VALUE = 40
_MOST_CHOICES = 12
_WORDS_OF_ITS_OWN = frozenset(("decimals", "duration", "date"))
"""Kinds whose text is a notation, checked as such, and need not stand in the instruction."""


class Chosen(BaseModel):
    """What one phrase asks for."""

    model_config = ConfigDict(extra="forbid")

    choices: list[Choice] = Field(
        description="What the phrase asks for, nothing more; empty if no kind fits.", max_length=_MOST_CHOICES
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking: wishes that fit, phrases not understood, choices that can't be, and why it is silent."""

    wishes: tuple[Wish, ...] = ()
    left: tuple[str, ...] = ()
    impossible: tuple[Choice, ...] = ()
    unanswered: Unanswered | None = None
    answered: int = 0


def ask_for_choices(
    model: Model, prompt: Prompt, instruction: str, phrases: Sequence[str], known: Sequence[Wish], table: Table
) -> Heard:
    """Ask about the phrases; ``known`` are the wishes that rules have read of the rest, which come first."""
    asked = list(phrases[:MOST_PHRASES])
    items: list[Item] = [{"phrase": phrase, "columns": _profiles(phrase, table)} for phrase in asked]
    question = Question(
        purpose="clean.instruction",
        prompt=prompt,
        answer=Chosen,
        variables={"instruction": instruction},
        most_items=MOST_PHRASES,
    )
    answers = model.ask(question, items)
    wishes: dict[Wish, None] = {}
    impossible: list[Choice] = []
    left = list(phrases[MOST_PHRASES:])
    unanswered = None
    for phrase, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Unanswered):
            unanswered = answer
            left.append(phrase)
            continue
        taken = 0
        for choice in answer.value.choices:
            fit = fitting(choice, table)
            if fit is None or not _stands_in(fit, instruction) or not _is_about(fit, phrase, table):
                impossible.append(choice)
            elif _is_new(fit, known):
                wishes[Wish(fit, "model")] = None
                taken += 1
            else:
                taken += 1
        if not taken:
            left.append(phrase)
    heard = sum(1 for answer in answers if isinstance(answer, Answered))
    return Heard(tuple(wishes), tuple(left), tuple(impossible), unanswered, heard)


def _named_in(phrase: str, table: Table) -> frozenset[str]:
    """The columns that a phrase names."""
    names = (column.name for column in table.columns)
    return frozenset(name for name in names if name.strip() and as_a_word(name).search(phrase))


def _is_about(choice: Choice, phrase: str, table: Table) -> bool:
    """Whether a choice is on a column that the phrase names, where it names any."""
    named = _named_in(phrase, table)
    return not named or choice.column == ALL or choice.column in named


def _profiles(phrase: str, table: Table) -> list[dict[str, Any]]:
    """The columns in brief: all names, and what is in those that the phrase names, or in all where it names none."""
    named = _named_in(phrase, table)
    return [
        _profile(column) if not named or column.name in named else {"name": column.name}
        for column in islice(table.columns, _MOST_COLUMNS)
    ]


def _profile(column: Column) -> dict[str, Any]:
    """A column in brief: never all its values, only a few different ones."""
    values = islice((*column.texts, *map(str, column.numbers)), _MOST_VALUES)
    return {
        "name": column.name,
        "kinds": {kind: count for kind, count in column.kinds.items() if count},
        "values": [value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…" for value in values],
    }


def _stands_in(choice: Choice, instruction: str) -> bool:
    """Whether the words that a choice fills in are the person's own."""
    if choice.kind in _WORDS_OF_ITS_OWN:
        return True
    words = [choice.text] if choice.kind != "replace" else [choice.text, choice.other]
    return all(not word or as_a_word(word).search(instruction) for word in words)


def _is_new(choice: Choice, known: Sequence[Wish]) -> bool:
    """Whether nothing that was read in plain words is done by the same rules on the same column."""
    rules = is_carried_out_by(choice)
    for wish in known:
        same = wish.choice.column in (choice.column, ALL) or choice.column == ALL
        if same and (wish.choice.kind == choice.kind or rules & is_carried_out_by(wish.choice)):
            return False
    return True
