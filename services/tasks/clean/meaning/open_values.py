"""Which values the rules left open: heard while they run, by column and by what the column is of.

Only what is odd is collected, and never more than ``MOST_ASKED`` values of a table: clean values are not asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from services.tasks.clean.engine import AnyRule
from services.tasks.clean.meaning.verifying import Kind, is_prose, may_be_slip
from services.tasks.clean.rule import Doubt, Outcome, Proposal, Step
from services.tasks.clean.rules.phones import PhonesStep
from services.tasks.clean.table import Column, Table
from services.text.nulls import null_word
from services.text.phones import parse_phone
from services.text.similarity import LONG, Likes

MOST_ASKED = 200
"""Distinct values of one table that are asked about; the rest stays flagged."""

LONGEST = 120
"""Characters of the longest value that is asked about: more is prose."""

_KINDS: Mapping[str, Kind] = {
    "dates": "date",
    "durations": "duration",
    "percents": "number",
    "measures": "number",
    "amounts": "number",
    "numbers": "number",
    "identifiers": "code",
}
_UNREAD = ("not_read", "no_number")
"""The ends of the reasons that say a text was not understood; vague amounts and several numbers stay as they are."""

_FREQUENT, _RARE = 5, 2
_CLOSED = 0.9
_MOST_CHOICES = 60
_SHORTEST_NAME = 5
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class OpenValue:
    """One distinct value of a column that is open; ``near`` are the frequent values that it could be."""

    column: str
    cell: str
    kind: Kind
    cells: int
    near: tuple[str, ...] = ()


@dataclass(slots=True)
class Heard:
    """What rules said while they ran: texts that were not understood, and values that something else is said of."""

    unread: dict[tuple[str, str], Kind] = field(default_factory=dict)
    spoken: set[tuple[str, str]] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)


def listening(rulebook: Iterable[AnyRule], heard: Heard) -> list[AnyRule]:
    """The same rules, with what they say noted."""
    return [replace(rule, run=partial(_run, rule, heard)) for rule in rulebook]


def open_values(heard: Heard, table: Table) -> list[OpenValue]:
    """The values that are still open once the rules are done, the most frequent first where there are too many."""
    found: list[OpenValue] = []
    for column in table.columns:
        if table.column_named(column.name) is not column:
            continue
        here: list[OpenValue] = []
        for text, count in column.texts.items():
            kind = heard.unread.get((column.name, text))
            if kind is not None and (column.name, text) not in heard.spoken and _may_be_asked(text):
                here.append(OpenValue(column.name, text, kind, count))
        if column.name in heard.phones:
            here += _unread_phones(column, heard)
        elif column.name not in heard.typed:
            here += _near_misses(column, heard)
        open_to_change = _changeable(column, table) if here else frozenset()
        found += [value for value in here if value.cell in open_to_change]
    if len(found) > MOST_ASKED:
        chosen = set(sorted(range(len(found)), key=lambda place: -found[place].cells)[:MOST_ASKED])
        found = [value for place, value in enumerate(found) if place in chosen]
    return found


def _run(rule: AnyRule, heard: Heard, step: Step, table: Table) -> Outcome:
    outcome = rule.run(step, table)
    kind = _KINDS.get(rule.name)
    if kind is not None and outcome.values:
        heard.typed.add(step.column)
    if isinstance(step, PhonesStep):
        heard.phones[step.column] = step.region
    for value, finding in outcome.values.items():
        if not isinstance(value, str):
            continue
        if kind is not None and isinstance(finding, Doubt) and _is_unread(finding, rule.name):
            heard.unread.setdefault((step.column, value), kind)
        elif isinstance(finding, Proposal) or not finding.leftover:
            heard.spoken.add((step.column, value))
    for row, place, finding in outcome.cells:
        held = table.columns[place].values[row]
        if type(held) is str and isinstance(finding, Proposal):
            heard.spoken.add((table.columns[place].name, held))
    return outcome


def _changeable(column: Column, table: Table) -> frozenset[str]:
    """The texts of the cells that may be changed at all and of which anything is said."""
    return frozenset(
        value
        for row, value in enumerate(column.values)
        if type(value) is str and row not in table.passed_over and table.writable(row, column.index)
    )


def _may_be_asked(text: str) -> bool:
    return len(text) <= LONGEST and not is_prose(text)


def _is_unread(doubt: Doubt, rule: str) -> bool:
    code = doubt.reason.code.partition(".")[2]
    return code in _UNREAD if doubt.leftover else rule == "identifiers" and code != "digits_lost"


def _unread_phones(column: Column, heard: Heard) -> list[OpenValue]:
    """Texts with the digits of a number and words around them, which the rule for phones passes over."""
    region = heard.phones[column.name] or None
    return [
        OpenValue(column.name, text, "phone", count)
        for text, count in column.texts.items()
        if (column.name, text) not in heard.spoken
        and _may_be_asked(text)
        and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS
        and parse_phone(text, region) is None
    ]


def _near_misses(column: Column, heard: Heard) -> list[OpenValue]:
    """In a column of a few frequent values: rare ones a slip away from one of those, and nothing proves them slips."""
    frequent = [text for text, count in column.texts.items() if count >= _FREQUENT and len(text) >= _SHORTEST_NAME]
    held = sum(count for count in column.texts.values() if count >= _FREQUENT)
    if not 2 <= len(frequent) <= _MOST_CHOICES or held < _CLOSED * column.filled:
        return []
    likes, long_likes = Likes(frequent), Likes([text for text in frequent if len(text) >= LONG], limit=2)
    found = []
    for text, count in column.texts.items():
        if count > _RARE or not _SHORTEST_NAME <= len(text) <= LONGEST or null_word(text) is not None:
            continue
        near = [other for other in likes.of(text) or long_likes.of(text) if may_be_slip(text, other)]
        if near and (column.name, text) not in heard.spoken:
            found.append(OpenValue(column.name, text, "name", count, tuple(near)))
    return found
