"""The closed vocabulary of an instruction: what can be asked of a column, and whether a choice fits a table.

How words become choices is in ``lexicon`` (by rules) and ``choosing`` (by a model); what a choice does is in ``steps``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.clean.rules.date_forms import DateForm
from services.tasks.clean.table import Table
from services.text.durations import format_duration
from services.workbook.changes import Term

Kind = Literal[
    "number",
    "no-trailing-zero",
    "decimals",
    "no-percent",
    "fraction",
    "empty",
    "upper",
    "lower",
    "title",
    "spaces",
    "remove-start",
    "remove-end",
    "remove-part",
    "without-column",
    "from-column",
    "duration",
    "date",
    "replace",
    "restore",
    "leave",
    "nothing-else",
]

ALL = "*"
"""The name that stands for all columns, where a kind may mean them all."""

ANYWHERE: frozenset[Kind] = frozenset(("spaces", "empty", "restore", "nothing-else"))
_TEXT: frozenset[Kind] = frozenset(("empty", "remove-start", "remove-end", "remove-part", "replace"))
_OTHER: frozenset[Kind] = frozenset(("without-column", "from-column"))
_MOST_PLACES = 10
_DATE_FORMS: dict[str, DateForm] = {
    "iso": "yyyy-mm-dd",
    "iso 8601": "yyyy-mm-dd",
    "年月日": "yyyy年m月d日",
    "年-月-日": "yyyy-mm-dd",
    "年/月/日": "yyyy/mm/dd",
    "年.月.日": "yyyy.mm.dd",
}


class Choice(BaseModel):
    """One thing that is asked of one column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(description="The column's name exactly as listed, or * for all columns.")
    kind: Kind = Field(description="What is asked of the column: one of the kinds explained.")
    text: str = Field(default="", description="What the kind needs beside the column, else empty.")
    other: str = Field(default="", description="The other column, or the new value for replace, else empty.")


@dataclass(frozen=True, slots=True)
class Wish:
    """A choice that fits its table, and who made it of the instruction."""

    choice: Choice
    by: Literal["person", "model"]


def fitting(choice: Choice, table: Table) -> Choice | None:
    """The choice with its column's name as the table has it and its text in one form; None where it can't be done."""
    column = ALL if choice.kind == "restore" else _named(choice.column, table)
    other = _named(choice.other, table) if choice.kind in _OTHER else choice.other
    if column is None or (column == ALL and choice.kind not in ANYWHERE):
        return None
    if other is None and choice.kind == "without-column" and not choice.other:
        other = ""  # whichever column the texts hold
    if other is None or other == column or (choice.kind in _OTHER and other == ALL):
        return None
    text = choice.text.strip()
    if choice.kind in _TEXT and not text:
        return None
    if choice.kind == "decimals" and not (text.isdecimal() and text.isascii() and int(text) <= _MOST_PLACES):
        return None
    if choice.kind == "duration" and format_duration(Decimal(0), text) is None:
        return None
    if choice.kind == "date":
        form = date_form(text)
        if form is None:
            return None
        text = form
    return Choice(column=column, kind=choice.kind, text=text, other=other)


def date_form(text: str) -> DateForm | None:
    """The notation that a person means by ISO, YYYY/MM/DD or 年月日, None for any other word."""
    word = " ".join(text.casefold().split())
    known = _DATE_FORMS.get(word)
    if known is not None:
        return known
    return next((form for form in get_args(DateForm) if form == word), None)


def _named(name: str, table: Table) -> str | None:
    """The column that a name means: exactly, or but for case and outer spaces where only one does."""
    if name == ALL or table.column_named(name) is not None:
        return name
    folded = name.strip().casefold()
    likely = [column.name for column in table.columns if column.name.strip().casefold() == folded]
    return likely[0] if folded and len(likely) == 1 else None


def told(choice: Choice) -> Term:
    """The choice in words, for a person."""
    code = f"asked.{choice.kind}"
    if choice.kind in _OTHER and not choice.other:
        code += "-any"
    return Term(code, (("text", choice.text), ("other", choice.other)))
