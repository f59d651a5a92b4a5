"""The question that a plan asks: the shape of an answer, made from the new columns, and the prompt with its variables.

No value of a cell becomes part of the prompt: items and examples travel as data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from services.llm.question import Question
from services.tasks.fill.items import examples
from services.tasks.fill.kinds import Kind, checked, checked_list
from services.tasks.fill.plan import Plan
from services.tasks.fill.template import FREE
from services.tasks.fill.wanted import Wanted

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (section 2.2) has no place for; a lone half of a surrogate pair is no character."""


def question_of(plan: Plan, *, overwrite: bool) -> Question[BaseModel]:
    """The question of a plan. Rows that are filled in already are examples, unless they are to be filled anew."""
    name = plan.template.name
    shown = not overwrite and plan.template.settings.rules != "lookup"
    listed = {"choices": _listed(plan.asked)}
    return Question(
        purpose=f"fill.{'prompt' if name == FREE else name}",
        prompt=plan.template.prompt,
        answer=answer_model(plan.asked),
        variables={**listed, **plan.variables},
        examples=examples(plan) if shown else (),
    )


def answer_model(columns: Sequence[Wanted]) -> type[BaseModel]:
    """What is said of one row: a field for each column, null where the row does not say it."""
    fields: dict[str, Any] = {column.key: (_field(column.kind), Field(description=column.hint)) for column in columns}
    return create_model("Filled", __config__=ConfigDict(extra="ignore"), **fields)


def _field(kind: Kind) -> Any:
    if kind.name == "list":
        entry: dict[str, Any] = {"type": "string"}
        if kind.choices and kind.told:
            entry["enum"] = list(kind.choices)
        return Annotated[
            list[str],
            BeforeValidator(_as_list),
            AfterValidator(lambda said: checked_list(said, kind)),
            WithJsonSchema({"type": "array", "items": entry}),
        ]
    said: dict[str, Any] = {"type": "string"}
    if kind.name == "choice" and kind.told:
        said["enum"] = list(kind.choices)
    either = [said, {"type": "number"}] if kind.name == "number" else [said]
    return Annotated[
        str | None,
        BeforeValidator(_as_text),
        AfterValidator(lambda text: checked(text, kind)),
        WithJsonSchema({"anyOf": [*either, {"type": "null"}]}),
    ]


def _as_text(said: Any) -> Any:
    """Numbers and truth as text, and a text without what no cell can hold; a list is no text."""
    if isinstance(said, str):
        return _UNWRITABLE.sub("", said.replace("\r\n", "\n"))
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, float) and said.is_integer() and abs(said) < 1e15:
        return str(int(said))
    return str(said) if isinstance(said, int | float) else said


def _as_list(said: Any) -> Any:
    """A lone text as a list, parted where people part entries."""
    if said is None:
        return []
    if isinstance(said, str):
        for mark in ("\n", "；", ";", "、", "，", ","):
            said = said.replace(mark, "\n")
        return said.split("\n")
    return [_as_text(entry) for entry in said] if isinstance(said, list) else said


def _listed(columns: Sequence[Wanted]) -> str:
    """The choices of the columns that a person gave, as a list in words; those from cells are never told here."""
    return "\n".join(f"- {choice}" for column in columns if column.kind.told for choice in column.kind.choices)
