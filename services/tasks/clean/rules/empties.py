"""Rule ``empties``: words that stand for "no value" become empty cells, where the column proves that they are none.

Which words may stand for nothing is in ``services.text.nulls``; here is what the column must show. In a column
of nothing but one such word, of codes, of yes and no, of grades, the word is a value and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from services.tasks.clean.rule import Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.nulls import null_word
from services.workbook.changes import reason
from services.workbook.grid import Scalar

MEASURED = 0.95
"""Share of the other cells that must be numbers or dates for a column to be one of measurements."""

ENOUGH = 5
"""Cells with a value that a column needs before it proves anything."""

MEASURED_MOSTLY = 0.85
"""From this share on a word is proposed as no value, and a person decides."""

SENTINELS = frozenset((-999, -9999))
"""Numbers that instruments and statistics write where they have none, far below everything that they do measure."""

RARE = 0.2
"""A word of the less certain kind must have fewer than this share of the cells."""

FREE_TEXT = 30
"""Distinct values from which a text column is no list of choices, in which the word could be one."""

LONGEST = 30
"""No word for "no value" is longer."""


class EmptiesStep(Step):
    """Empty the cells that hold one of these words."""

    rule: Literal["empties"] = "empties"
    words: tuple[str, ...]


def propose(table: Table) -> list[EmptiesStep]:
    """A step for each column that has values and words for none."""
    steps = []
    for column in table.columns:
        words = tuple(text for text in column.texts if _is_word(text))
        words += tuple(str(int(number)) for number in column.numbers if number in SENTINELS)
        if words and _findings(column, words):
            steps.append(EmptiesStep(column=column.name, words=words))
    return steps


def run(step: EmptiesStep, table: Table) -> Outcome:
    """Propose an empty cell for each of the step's words that the column proves to be no value."""
    column = table.column_named(step.column)
    if column is None:
        return Outcome()
    return Outcome(values=_asked_for(column, step) if step.asked else _findings(column, step.words))


RULE = Rule("empties", EmptiesStep, propose, run)

# A number, date, amount or measure in any usual writing: a digit first, at most a short unit after the last one.
_MEASURE = re.compile(
    r"[-+(~<>≤≥约]?\s*[^\w\s]?\s*\d[\d\s.,:/%'年月日时分秒-]*[^\W\d_]{0,8}\.?(?:\s?[^\W\d_]{0,3}\.?)?\)?[%℃]?"
)
_MONTH = re.compile(
    r"\d\W{0,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z]{0,6}\W{1,2}\d",
    re.IGNORECASE,
)
# Words that no one enters as a value of text: marks of programs and forms. Not the bare word nan, also a bread.
_MARKS = re.compile(r"[#<(\[\\]|n\.?/?a\.?$|null$|NULL$|暂无|无数据|暂缺|空值|未填|不适用", re.IGNORECASE)
_DASHES = re.compile(r"[-‐-―−ー－_.?？/*]+")
# What may mean zero, and what is a country among codes but nothing else among numbers.
_NO_NUMBER = frozenset({"无", "没有", "none", "na"})
_BARE = frozenset({"nan", "-nan", "undefined", "nil"})
_CODE = re.compile(r"[A-Z]{2,3}")
_PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.][0-9]+)?")


def _is_word(text: str) -> bool:
    """Whether a text is a word for no value; numbers and codes, of which a column may hold many, are told at once."""
    if not text or len(text) > LONGEST or text[0] in "23456789" or (text[0] in "01" and text.isalnum()):
        return False
    return null_word(text) is not None


def _findings(column: Column, words: tuple[str, ...]) -> dict[Scalar, Finding]:
    judged = _judged(column, tuple(word for word in words if word in column.texts))
    found: dict[Scalar, Finding] = {word: finding for word, finding in judged.items() if finding is not None}
    return found | _sentinels(column, words)


def _asked_for(column: Column, step: EmptiesStep) -> dict[Scalar, Finding]:
    """The words that a person named, whatever they are; where they are most of the column, the person looks again."""
    named = {word.strip().casefold() for word in step.words}
    held = {text: count for text, count in column.texts.items() if text.strip().casefold() in named}
    cells = sum(held.values())
    found: dict[Scalar, Finding] = {}
    for text, count in held.items():
        known = step.asked == "person" or null_word(text) == "certain"
        safe = known and 2 * cells <= column.filled
        why = reason("empties.asked", word=text.strip(), count=count, total=column.filled)
        found[text] = Proposal(None, why, safe, 1.0 if safe else 0.6)
    return found


def _sentinels(column: Column, words: tuple[str, ...]) -> dict[Scalar, Finding]:
    """-999 in a column of numbers none of which comes near it: hardly a measurement, so a person decides."""
    marks = {str(number) for number in SENTINELS} & set(words)
    if not marks:
        return {}
    held: dict[Scalar, int] = {text: column.texts[text] for text in marks if text in column.texts}
    held.update({number: count for number, count in column.numbers.items() if str(number).removesuffix(".0") in marks})
    plain = {float(text): count for text, count in column.texts.items() if _PLAIN_NUMBER.fullmatch(text)}
    others = {n: c for n, c in (*plain.items(), *column.numbers.items()) if n not in SENTINELS}
    cells = sum(others.values())
    if cells < max(ENOUGH, MEASURED * (column.filled - sum(held.values()))) or min(others) < max(SENTINELS) / 10:
        return {}
    facts = {"measured": cells, "total": column.filled - sum(held.values())}
    return {
        value: Proposal(None, reason("empties.measures", word=str(value), count=count, **facts), False, 0.7)
        for value, count in held.items()
        if 2 * count < cells
    }


def _judged(column: Column, words: tuple[str, ...]) -> Mapping[str, Finding | None]:
    texts = column.texts
    empty_words = {text: count for text, count in texts.items() if _is_word(text)}
    others = column.filled - sum(empty_words.values())
    if others < ENOUGH:
        return {}
    typed = sum(column.numbers.values()) + column.kinds["date"]
    measured = typed + sum(count for text, count in texts.items() if text not in empty_words and _is_measure(text))
    if measured >= MEASURED_MOSTLY * others:
        found = {word: _among_measures(column, word, measured, others) for word in words}
        if measured >= MEASURED * others:
            return found
        return {word: replace(finding, safe=False) if finding else None for word, finding in found.items()}
    return {word: _among_texts(column, word, empty_words) for word in words}


def _is_measure(text: str) -> bool:
    """Whether a text is a number, an amount, a measure or a date, as far as its shape tells."""
    if len(text) >= 40:
        return False
    return bool(_MEASURE.fullmatch(text) or _MONTH.search(text))


def _among_measures(column: Column, word: str, measured: int, others: int) -> Proposal | None:
    """Among numbers or dates a certain word is no value; a dash or "none" may mean zero there, so a person decides."""
    count = column.texts[word]
    bare = word.strip().casefold()
    why = reason("empties.measures", word=word.strip(), count=count, measured=measured, total=others)
    if null_word(word) == "certain":
        # Programs that write nan compute with it: there it may be a result, so a person decides.
        return Proposal(None, why, bare not in _BARE, 0.5 if bare in _BARE else 1.0)
    if bare in _NO_NUMBER or _DASHES.fullmatch(bare):
        return Proposal(None, why, False, 0.5) if count * 2 < column.filled else None
    # Any other word may be how this table writes "none" on purpose, unless it has empty cells as well.
    return Proposal(None, why, False, 0.6) if column.kinds["empty"] and count < RARE * column.filled else None


def _among_texts(column: Column, word: str, empty_words: Mapping[str, int]) -> Finding | None:
    """Among texts only a mark that nobody enters as a value, and not where the cells are codes or a list of choices."""
    texts = column.texts
    bare = word.strip()
    rest = {text: count for text, count in texts.items() if text not in empty_words}
    if _DASHES.fullmatch(bare):
        # A lone dash in a column of free text with empty cells; elsewhere it may be a mark.
        why = reason("empties.texts", word=bare, count=texts[word], distinct=len(rest))
        return Proposal(None, why, False, 0.5) if len(rest) >= FREE_TEXT and column.kinds["empty"] else None
    if null_word(word) != "certain" or not _MARKS.match(bare) or bare.casefold() in _BARE:
        return None
    codes = sum(count for text, count in rest.items() if _CODE.fullmatch(text))
    if codes * 2 > sum(rest.values()) and _CODE.fullmatch(bare):
        return None
    if bare == "Null" and sum(1 for text in rest if text.istitle()) * 2 > len(rest):
        return None  # a surname
    if len(rest) < FREE_TEXT and not column.kinds["empty"]:
        return None
    why = reason("empties.texts", word=bare, count=texts[word], distinct=len(rest))
    return Proposal(None, why, False, 0.6)
