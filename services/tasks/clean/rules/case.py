"""Rule ``case``: in a column whose values agree on capitals, the few written otherwise get the column's form.

Not here: which forms there are and how a text is brought into one (``services.text.tidy``), nor values that differ in
more than capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.tidy import case_form, to_case
from services.workbook.changes import reason

Form = Literal["upper", "lower", "title"]

CONSISTENT = 0.95
"""Share of the cells, and of the distinct values, that must be in one form for it to be the column's."""

ENOUGH = 12
"""Cells and ``MANY_VALUES`` distinct values with letters in that form, below which a column shows no habit."""

MANY_VALUES = 4
"""Two do where all that is written otherwise also stands there in the form."""

FREQUENT = 3
"""A value that occurs this often in the column's form, and as many times as often as its twin, is the right one."""

LONGEST_CODE = 3
"""Letters up to which a value in capitals and small ones may be another code with one letter wrong."""

LONGEST = 100
"""Longer texts are prose; their capitals are the writer's affair."""


class CaseStep(Step):
    """Bring the words of a column into one form: all capitals, all small, or Each Word Capitalised."""

    rule: Literal["case"] = "case"
    form: Form


def propose(table: Table) -> list[CaseStep]:
    """A step for each column that has a form and values in another one."""
    steps = []
    for column in table.columns:
        form = _form_of(column)
        if form is not None:
            steps.append(CaseStep(column=column.name, form=form))
    return steps


def run(step: CaseStep, table: Table) -> Outcome:
    """Propose the column's form for each value that differs from it in capitals alone."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    cells = distinct = 0
    odd = []
    for text in _worded(column):
        if _fits(text, step.form):
            cells += column.texts[text]
            distinct += 1
        elif case_form(text) != "none":
            odd.append(text)
    others = sum(column.texts[text] for text in odd)
    if step.asked:
        outcome.values.update(_asked_for(column, step, odd))
        return outcome
    if cells < CONSISTENT * (cells + others):
        outcome.misfit = reason("case.misfit", count=cells, total=cells + others)
    # The column's own spelling of a value, McDonald's and all, by its letters without case.
    written = _frequent(column, step.form) if odd else {}
    for text in odd:
        twin = written.get(text.casefold())
        if twin is not None and len(twin) > 1 and column.texts[twin] >= FREQUENT * column.texts[text]:
            why = reason("case.twin", value=twin, count=column.texts[twin])
            # LaFayette may be a name of its own beside Lafayette, and in Nc the slip may be the letter itself.
            slip = case_form(text) != "mixed" and (len(text) > LONGEST_CODE or text.isupper() or text.islower())
            outcome.values[text] = Proposal(twin, why, slip, 1.0 if slip else 0.6)
        elif _recasable(text, step.form):
            after = to_case(text, step.form)
            if after != text:
                why = reason(f"case.{step.form}", count=cells, total=cells + others)
                outcome.values[text] = Proposal(after, why, False, 0.6)
    return outcome


RULE = Rule("case", CaseStep, propose, run)

# Values whose letters are no words of a language, or in which capitals carry meaning: addresses, paths, names of files.
_SIGNS = re.compile(r"[@\\_=<>{}\[\]|\n]")
_FILE_OR_SITE = re.compile(r"://|^www\.|\w\.[A-Za-z]{2,4}$")
_WORDS_ONLY = re.compile(r"[^\W\d_]+(?:[ '’.,&/()-]+[^\W\d_]+)*[.)]?")
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-/. ][A-Za-z0-9]+)*")
# Names that hold a capital inside or a small word before: what is right for them only the person knows.
_OWN_CAPITALS = re.compile(
    r"\b(?:mc|mac|o['’]|d['’]|l['’]|fitz|van|von|de|di|da|del|der|den|la|le|el|al|bin|ibn|ter|zu)", re.I
)


def _asked_for(column: Column, step: CaseStep, odd: list[str]) -> Iterator[tuple[str, Proposal]]:
    """What was asked for, on all words; names with capitals inside (McDonald) and iPhone are for a person to decide."""
    for text in odd:
        after = to_case(text, step.form)
        if after != text:
            plain = case_form(text) != "mixed" and not (step.form == "title" and _OWN_CAPITALS.search(text))
            safe = plain and step.asked == "person" and _fits(after, step.form)
            why = reason("case.asked", before=text, after=after)
            yield text, Proposal(after, why, safe, 1.0 if safe else 0.6)


def _worded(column: Column) -> Iterator[str]:
    for text in column.texts:
        if len(text) > LONGEST or _SIGNS.search(text) or ("." in text and _FILE_OR_SITE.search(text)):
            continue
        if text.isascii() or _mostly_cased(text):
            yield text


def _mostly_cased(text: str) -> bool:
    """Whether most letters are of a script with capitals: a lone Latin letter among Chinese is a sign, not a word."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(1 for letter in letters if letter.upper() != letter.lower()) > len(letters)


def _form_of(column: Column) -> Form | None:
    """The form that nearly all values of the column have, None where there is none or where nothing differs from it."""
    texts = column.texts
    if not texts:
        return None
    sample = [text for text in islice(texts, 300) if any(map(str.isalpha, text[:40])) and text.upper() != text.lower()]
    forms: tuple[Form, ...] = ("upper", "lower", "title")
    seen = sum(texts[text] for text in sample)
    likely = [form for form in forms if sum(texts[text] * _fits(text, form) for text in sample) >= 0.85 * max(1, seen)]
    if not likely:
        return None
    worded = [text for text in _worded(column) if text.upper() != text.lower()]
    cells = sum(texts[text] for text in worded)
    for form in likely:
        fitting = [text for text in worded if _fits(text, form)]
        if len(fitting) == len(worded):
            return None
        held = sum(texts[text] for text in fitting)
        # Odd spellings of values that also stand in the form speak for it; so do many cells of few labels.
        known = {text.casefold() for text in fitting}
        alone = sum(1 for text in worded if not _fits(text, form) and text.casefold() not in known)
        habit = len(fitting) >= CONSISTENT * (len(fitting) + alone) or held >= 0.98 * cells
        enough = len(fitting) >= (MANY_VALUES if alone else 2)
        if held >= max(ENOUGH, CONSISTENT * cells) and enough and habit:
            return form
    return None


def _fits(text: str, form: Form) -> bool:
    if form == "upper":
        return text.isupper()
    return text.islower() if form == "lower" else text.istitle() or case_form(text) == "title"


def _frequent(column: Column, form: Form) -> dict[str, str]:
    """The most frequent spelling in the column's form by its caseless letters, where it occurs often."""
    best: dict[str, str] = {}
    for text, count in column.texts.items():
        if count >= FREQUENT and _fits(text, form):
            key = text.casefold()
            if key not in best or count > column.texts[best[key]]:
                best[key] = text
    return best


def _recasable(text: str, form: Form) -> bool:
    """Whether the letters of a value say how it is written in that form: not so for acronyms, iPhone, van Gogh."""
    found = case_form(text)
    if form == "upper":
        return found in ("lower", "title") and bool(_CODE.fullmatch(text))
    if form == "lower":
        return (found == "upper" and len(text) > 5 and bool(_WORDS_ONLY.fullmatch(text))) or _capitalised(text)
    if not _WORDS_ONLY.fullmatch(text) or _OWN_CAPITALS.search(text):
        return False
    words = re.findall(r"[^\W\d_]+", text)
    if found == "lower":
        return all(len(word) > 1 for word in words)
    # A short run of capitals is more often an acronym than a name that was shouted.
    return found == "upper" and len(words) > 1 and all(len(word) > 3 for word in words)


def _capitalised(text: str) -> bool:
    """A single word with a capital first, as a spreadsheet's own correction makes it."""
    return text.isalpha() and text[:1].isupper() and text[1:].islower() and len(text) > 1
