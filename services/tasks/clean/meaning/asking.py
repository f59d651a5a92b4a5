"""Asking a model what open values mean: once for each distinct value, with a few clean cells of the same columns along.

What comes back is data too. An answer that copies an example of the prompt, or that is the same for many different
cells, is none; every other one goes to the rule ``meanings``, which holds it against the cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.llm.prompts import Prompt
from services.llm.question import Answer, Answered, Canary, Item, Model, Question, Unanswered
from services.tasks.clean.meaning.open_values import OpenValue
from services.tasks.clean.meaning.verifying import Kind, is_prose, name_key, said_number, verdict_on
from services.tasks.clean.rule import Doubt, Proposal
from services.tasks.clean.rules.date_columns import read_text
from services.tasks.clean.rules.meanings import MeaningsStep, run
from services.tasks.clean.rules.number_cells import as_text
from services.tasks.clean.table import Column, Table
from services.text.durations import parse_duration
from services.text.widths import fold_width
from services.workbook.changes import Reason, Term, reason
from services.workbook.grid import DateSerial
from services.workbook.rendering import text_of

PROMPT = "clean-values"

MOST_ITEMS = 50
"""Values in one call: 200 odd values of up to five groups take at most eight calls."""

_GROUPS: tuple[tuple[Kind, ...], ...] = (("date",), ("number",), ("duration",), ("phone", "code"), ("name",))
"""The kinds that are asked about together."""

_CANARIES = 3
_LOOKED_AT = 50
_MOST_NEAR = 8
_FEWEST_DIGITS = 7
_MANY = 3
"""Different cells of one column that can't all mean the same, unless each says so by itself."""


class Meaning(BaseModel):
    """What is said of one value."""

    model_config = ConfigDict(extra="forbid")

    certain: bool = Field(description="true only if the cell itself says the value beyond doubt; false to leave it.")
    value: str = Field(
        description="date: YYYY-MM-DD; number: plain digits with a point, no unit; duration: N min; phone: digits; "
        "code: as it should be; name: one of near, exactly. Empty if certain is false."
    )


@dataclass(slots=True)
class Asked:
    """What came of asking: steps with meanings, what to tell of values without one, how many answers, how many gaps."""

    steps: list[MeaningsStep] = field(default_factory=list)
    doubts: dict[tuple[str, str], Doubt] = field(default_factory=dict)
    answered: int = 0
    gaps: int = 0


def ask_for_meanings(
    model: Model,
    prompt: Prompt,
    values: Sequence[OpenValue],
    table: Table,
    heard: Callable[[int, int], None] = lambda done, total: None,
) -> Asked:
    """Ask about the values, group by group. ``heard`` is told how many of how many are done."""
    asked = Asked()
    meanings: dict[tuple[str, Kind], dict[str, str]] = {}
    done = 0
    for group in _GROUPS:
        here = [value for value in values if value.kind in group]
        if not here:
            continue
        question = Question(
            purpose="clean.values",
            prompt=prompt,
            answer=Meaning,
            canaries=_canaries(here, table),
            most_items=MOST_ITEMS,
        )
        answers = model.ask(question, [_item(value) for value in here], partial(_tell, heard, done, len(values)))
        done += len(here)
        _take(asked, meanings, here, answers, prompt, table)
    for (column, kind), found in meanings.items():
        step = MeaningsStep(column=column, kind=kind, meanings=found)
        made = run(step, table).values
        asked.doubts.update({(column, str(cell)): said for cell, said in made.items() if isinstance(said, Doubt)})
        borne_out = {cell: meaning for cell, meaning in found.items() if isinstance(made.get(cell), Proposal)}
        if borne_out:
            asked.steps.append(step.model_copy(update={"meanings": borne_out}))
    return asked


def _tell(heard: Callable[[int, int], None], before: int, total: int, done: int, _of_group: int) -> None:
    heard(before + done, total)


def _take(
    asked: Asked,
    meanings: dict[tuple[str, Kind], dict[str, str]],
    values: Sequence[OpenValue],
    answers: Sequence[Answer[Meaning]],
    prompt: Prompt,
    table: Table,
) -> None:
    said = {
        value: in_notation(value.kind, answer.value.value) if answer.value.certain else ""
        for value, answer in zip(values, answers, strict=True)
        if isinstance(answer, Answered)
    }
    same = Counter((value.column, meaning) for value, meaning in said.items() if meaning)
    copied = _of_examples(prompt)
    for value, answer in zip(values, answers, strict=True):
        place = (value.column, value.cell)
        if isinstance(answer, Unanswered):
            asked.gaps += 1
            asked.doubts[place] = Doubt(_unanswered(value.cell, answer))
            continue
        asked.answered += 1
        meaning = said[value]
        if not meaning or answer.value.value.strip() == value.cell:
            continue  # left as it is: what the rules say of it stays
        if not _is_its_own(value, meaning, same, copied, table):
            asked.doubts[place] = Doubt(reason("meanings.copied", value=value.cell, meaning=meaning))
        else:
            meanings.setdefault((value.column, value.kind), {})[value.cell] = meaning


def _unanswered(cell: str, answer: Unanswered) -> Reason:
    return reason("meanings.unanswered", value=cell, why=Term(f"unanswered.{answer.why}"))


def _is_its_own(
    value: OpenValue, meaning: str, same: Counter[tuple[str, str]], copied: Mapping[str, set[str]], table: Table
) -> bool:
    """Whether an answer is about this cell: not copied from the prompt, nor one answer for many different cells."""
    if value.cell not in copied.get(meaning, {value.cell}):
        return False
    if same[value.column, meaning] < _MANY or value.kind == "name":
        return True
    column = table.column_named(value.column)
    return column is not None and verdict_on(value.kind, value.cell, meaning, column) == "verified"


def _of_examples(prompt: Prompt) -> dict[str, set[str]]:
    """The values that the prompt's examples answer, each with the cells that they answer."""
    found: dict[str, set[str]] = {}
    for item, answer in prompt.examples:
        meaning, cell = answer.get("value"), item.get("cell")
        if isinstance(meaning, str) and meaning and isinstance(cell, str):
            found.setdefault(meaning, set()).add(cell)
    return found


def _item(value: OpenValue) -> Item:
    item: dict[str, Any] = {"column": value.column, "kind": value.kind, "cell": value.cell}
    if value.near:
        item["near"] = list(value.near[:_MOST_NEAR])
    return item


def _canaries(values: Sequence[OpenValue], table: Table) -> list[Canary[Meaning]]:
    """Clean cells of the columns that are asked about, column after column in turn."""
    odd = {(value.column, value.cell) for value in values}
    kinds = dict.fromkeys((value.column, value.kind) for value in values)
    clean: list[list[Canary[Meaning]]] = []
    for name, kind in kinds:
        column = table.column_named(name)
        if column is not None:
            cells = [text for text in _shown(column, table) if (name, text) not in odd]
            clean.append([canary for cell in cells if (canary := _canary(name, kind, cell, column)) is not None])
    turns = max(map(len, clean), default=0)
    return [cells[turn] for turn in range(turns) for cells in clean if turn < len(cells)][:_CANARIES]


def _shown(column: Column, table: Table) -> list[str]:
    """The first different values of a column as text: as rules found them, and what they are by now."""
    shown: dict[str, None] = {}
    for value in islice(column.original, _LOOKED_AT):
        if isinstance(value, DateSerial):
            shown[text_of(value, None, table.grid.date_system)] = None
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            shown[str(value)] = None
    return [text for text in shown if text and not is_prose(text)]


def _canary(name: str, kind: Kind, cell: str, column: Column) -> Canary[Meaning] | None:
    """A clean cell as an item whose meaning is known, None where the cell does not say it beyond doubt."""
    meaning = canonical(kind, cell)
    if not meaning or (kind not in ("name", "code") and verdict_on(kind, cell, meaning, column) != "verified"):
        return None
    item: dict[str, Any] = {"column": name, "kind": kind, "cell": cell}
    if kind == "name":
        item["near"] = [cell]

    def holds(answer: Meaning) -> bool:
        said = in_notation(kind, answer.value)
        if not answer.certain or not said:
            return True
        return said == meaning if kind in ("name", "code") else verdict_on(kind, cell, said, column) == "verified"

    return Canary(item, holds)


def in_notation(kind: Kind, said: str) -> str:
    """What a model said in the notation of the kind, where it is another way of writing it: 1,200.50, 95 (minutes)."""
    said = said.strip()
    if kind in ("name", "code"):
        return said
    return canonical(kind, f"{said} min" if kind == "duration" and said.isdecimal() else said) or said


def canonical(kind: Kind, cell: str) -> str:
    """What a clean cell means in the notation of its kind, empty where it says nothing by itself."""
    if kind == "date":
        reading = read_text(cell)
        if reading is None or reading.value is None or reading.two_digit_year:
            return ""
        value = reading.value
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if kind == "number":
        number = said_number(cell)
        return "" if number is None else as_text(number)
    if kind == "duration":
        length = parse_duration(cell)
        seconds = length.total_seconds if length is not None and length.precision == "exact" else None
        minutes = None if seconds is None else seconds / Decimal(60)
        whole = minutes is not None and minutes == minutes.to_integral_value()
        return f"{int(minutes)} min" if whole and minutes is not None else ""
    if kind == "phone":
        digits = "".join(filter(str.isdigit, fold_width(cell)))
        return digits if len(digits) >= _FEWEST_DIGITS and not any(map(str.isalpha, cell)) else ""
    return cell if kind == "code" or name_key(cell) else ""
