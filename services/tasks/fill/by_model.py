"""Answers of a model: asked once for each distinct input, cleaned of talk, and checked one by one and together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from services.llm.question import Answer, Model, Question, Unanswered
from services.tasks.context import TaskContext
from services.tasks.fill.agreement import disagreement
from services.tasks.fill.answers import LONGEST_CELL, Nothing, Outcome, Said, Text, fits_a_cell
from services.tasks.fill.crowd import copies, crowd_doubt, example_answers, is_one_for_all, of_another, repeated
from services.tasks.fill.items import Asked
from services.tasks.fill.lookup import ENTRIES, offered
from services.tasks.fill.orders import follows_order, ordered_in
from services.tasks.fill.plan import Plan
from services.tasks.fill.spoken import answer_alone
from services.tasks.fill.verify import Row, doubt
from services.tasks.fill.wanted import Wanted
from services.workbook.changes import Term, reason

_MOST_SAID = 80
"""Characters of what an endpoint said that are shown beside a reason."""
_REFUSED = re.compile(r": ['\"](.*)['\"] is (?:not|none)", re.S)


def items_of(plan: Plan, asked: Sequence[Asked]) -> list[Mapping[str, Any]]:
    """The items to ask about; for a lookup each with the entries to pick from, which are data as well."""
    if plan.template.settings.rules != "lookup":
        return [one.item for one in asked]
    choices = plan.asked[0].kind.choices
    return [{**one.item, ENTRIES: offered(" ".join(one.texts), choices)} for one in asked]


def by_model(
    plan: Plan, question: Question[BaseModel], asked: Sequence[Asked], model: Model, context: TaskContext
) -> list[Outcome]:
    """What the model says of each input, in their order. Raises ``Cancelled``."""
    context.check_cancelled()
    context.progress(0, len(asked), "rule.fill")  # a slow model takes minutes for its first answer
    answers = model.ask(question, items_of(plan, asked), lambda done, total: context.progress(done, total, "rule.fill"))
    context.check_cancelled()
    said = [_values(plan, one, answer) for one, answer in zip(asked, answers, strict=True)]
    texts = ["\n".join(one.texts) for one in asked]
    doubts = _Doubts(plan, question, texts, said)
    return [
        values if isinstance(values, Nothing) else doubts.outcome(place, values) for place, values in enumerate(said)
    ]


class _Doubts:
    """The checks of a run: what is known of all answers, and the judgement on each."""

    def __init__(
        self,
        plan: Plan,
        question: Question[BaseModel],
        sources: Sequence[str],
        said: Sequence[Mapping[str, Text] | Nothing],
    ) -> None:
        self._plan, self._sources = plan, sources
        self._ordered = ordered_in(sources)
        self._instructions = question.prompt.filled(question.variables)
        self._known = {
            column.key: example_answers([*question.prompt.examples, *question.examples], column.key)
            for column in plan.asked
        }
        by_key = {
            column.key: [None if isinstance(values, Nothing) else values.get(column.key) for values in said]
            for column in plan.asked
        }
        self._often = {column.key: repeated(column, by_key[column.key], sources) for column in plan.asked}
        self._one_for_all = {
            column.key
            for column in plan.asked
            if not plan.template.settings.rules and is_one_for_all(column, by_key[column.key])
        }
        self._examples = question.prompt.examples
        self._passed = reason("fill.answered")

    def outcome(self, place: int, values: Mapping[str, Text]) -> Outcome:
        """What goes into each column, each answer judged on its row and beside the others."""
        variables = self._plan.variables
        row = Row(
            self._sources[place], self._instructions, variables.get("target", ""), variables.get("instruction", "")
        )
        judged = {
            column.key: self._judged(column, values[column.key], row, place)
            for column in self._plan.asked
            if column.key in values
        }
        keys: Sequence[str] = copies(self._examples, values)
        why = reason("fill.like-example")
        if not keys and (found := disagreement(self._plan.asked, values, row.source)) is not None:
            keys, why = found
        for key in keys:
            if judged[key].verdict == "safe":
                judged[key] = replace(judged[key], verdict="review", reason=why)
        return judged

    def _judged(self, column: Wanted, value: Text, row: Row, place: int) -> Said:
        why = doubt(column, value, row) or crowd_doubt(
            column, value, row.source, self._known[column.key], self._often[column.key]
        )
        if why is None and of_another(column, value, place, self._sources):
            why = reason("fill.of-another-row")
        if why is None and column.key in self._one_for_all:
            why = reason("fill.one-for-all")
        if follows_order(value, row.source, self._ordered):
            why = reason("fill.ordered")
        return Said(value, "safe" if why is None else "review", why or self._passed, "model")


def _said_instead(answer: Unanswered) -> str:
    """What the endpoint said, in brackets: of an answer of the wrong kind only the answer itself, not how it failed."""
    quoted = _REFUSED.search(answer.detail) if answer.why == "invalid" else None
    said = quoted[1] if quoted else answer.detail
    said = f"{said[:_MOST_SAID]}…" if len(said) > _MOST_SAID else said
    return f" (“{said}”)" if quoted else f" ({said})" if said else ""


def _values(plan: Plan, one: Asked, answer: Answer[BaseModel]) -> Mapping[str, Text] | Nothing:
    """What was said for each column, without talk; nothing where no column got an answer."""
    if isinstance(answer, Unanswered):
        detail = _said_instead(answer)
        return Nothing(reason("fill.unanswered", why=Term(f"unanswered.{answer.why}"), detail=detail), is_gap=True)
    source = "\n".join(one.texts)
    values: dict[str, Text] = {}
    for column in plan.asked:
        said = getattr(answer.value, column.key)
        if isinstance(said, str) and column.kind.name == "text":
            said = answer_alone(said, source)
        if said:
            values[column.key] = said
    if not all(fits_a_cell(said if isinstance(said, str) else ", ".join(said)) for said in values.values()):
        return Nothing(reason("fill.too-long", most=LONGEST_CELL), is_gap=True)
    return values or Nothing(reason("fill.nothing-said"))
