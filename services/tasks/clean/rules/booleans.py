"""Rule ``booleans``: a column of yes and no is written in the pair of words that most of its cells use.

Which words mean yes and no, and only among their like, is in ``services.text.booleans``.
"""

from __future__ import annotations

from typing import Literal

from services.tasks.clean.rule import Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.booleans import BooleanColumn, boolean_vocabulary
from services.text.nulls import null_word
from services.workbook.changes import reason

MOST_VALUES = 60
"""A column with more distinct values than this holds something else, slips and all."""

FREQUENT = 0.02
"""Values with at least this share of the cells must all be words of yes and no."""

CLEAR = 0.8
"""Share of the cells that must be in the column's words for another word to be brought to them without asking."""


class BooleansStep(Step):
    """Write yes and no in one way: ``true`` and ``false`` are the column's words for them."""

    rule: Literal["booleans"] = "booleans"
    true: str
    false: str


def propose(table: Table) -> list[BooleansStep]:
    """A step for each column of yes and no that is written in more than one way."""
    steps = []
    for column in table.columns:
        found = _vocabulary(column)
        if found is not None and (found.mixed or column.kinds["boolean"]):
            steps.append(BooleansStep(column=column.name, true=found.true, false=found.false))
    return steps


def run(step: BooleansStep, table: Table) -> Outcome:
    """Propose the step's words for each value that means yes or no and is written otherwise."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    found = _vocabulary(column)
    if found is None:
        outcome.misfit = reason("booleans.misfit", true=step.true, false=step.false)
        return outcome
    words = {True: step.true, False: step.false}
    real = column.kinds["boolean"]
    cells = sum(column.texts[value] for value in found.meanings)
    own = sum(column.texts.get(word, 0) for word in words.values())
    if table.typed and real >= CLEAR * (real + cells):
        for value, truth in found.meanings.items():
            same_word = value.strip().casefold() == str(truth).casefold()
            why = reason("booleans.real", count=real, total=real + cells)
            outcome.values[value] = Proposal(truth, why, same_word, 1.0 if same_word else 0.8)
        return outcome
    for value, truth in found.meanings.items():
        word = words[truth]
        if value == word:
            continue
        # A sign or a digit among words may be a mark or a count; a word of yes or no can't be anything else.
        safe = own >= CLEAR * cells and own >= 5 and value.strip().rstrip(".").isalpha()
        why = reason("booleans.word", true=step.true, false=step.false, count=own, total=cells)
        outcome.values[value] = Proposal(word, why, safe, 1.0 if safe else 0.7)
    return outcome


RULE = Rule("booleans", BooleansStep, propose, run)


def _vocabulary(column: Column) -> BooleanColumn | None:
    """The column's words of yes and no; values that are rare or stand for nothing may be anything."""
    texts = column.texts
    if not texts or len(texts) > MOST_VALUES or column.kinds["date"]:
        return None
    cells = sum(texts.values())
    frequent = {
        value: count for value, count in texts.items() if count >= FREQUENT * cells and null_word(value) != "certain"
    }
    if column.kinds["boolean"]:
        frequent.setdefault("TRUE", 0)
        frequent.setdefault("FALSE", 0)
    if boolean_vocabulary(frequent) is None:
        return None
    known = dict(frequent)
    for value, count in texts.items():
        if value not in known and boolean_vocabulary({**known, value: count}) is not None:
            known[value] = count
    found = boolean_vocabulary(known)
    if found is None or not column.kinds["boolean"]:
        return found
    held = {value: truth for value, truth in found.meanings.items() if value in texts}
    return BooleanColumn(found.true, found.false, held, found.canonical, found.mixed)
