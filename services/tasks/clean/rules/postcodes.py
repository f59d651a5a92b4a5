"""Rule ``postcodes``: codes of a proven region are written in one way; what can't be a code of it is doubted.

The regions' shapes are in ``services.text.identifiers``. Plain digits fit several regions, so that a column of them is
one of postcodes only where its header says so, and nothing is then changed without asking.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.identifiers import check_postcode, postcode_region, postcode_regions
from services.text.nulls import null_word
from services.workbook.changes import reason

SAMPLE = 300
"""Distinct values looked at to tell what a column holds."""

CLEAR = 0.8
"""Share of cells that must be in the column's form for another form to be brought to it without asking."""

Form = Literal["spaced", "compact"]


class PostcodesStep(Step):
    """Check and write the postcodes of ``region`` (ISO 3166): as the region prints them, or without space or hyphen."""

    rule: Literal["postcodes"] = "postcodes"
    region: str
    form: Form = "spaced"


def propose(table: Table) -> list[PostcodesStep]:
    """A step for each column of postcodes."""
    steps = []
    for column in table.columns:
        sample = [text for text in islice(column.texts, SAMPLE) if null_word(text) is None]
        region = _by_shape(column, sample) or _by_header(column, sample, table)
        if region is not None:
            steps.append(PostcodesStep(column=column.name, region=region, form=_form(column, region)))
    return steps


def run(step: PostcodesStep, table: Table) -> Outcome:
    """Bring sound codes to the form, give back lost zeros for review, doubt the rest."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or step.region not in postcode_regions():
        return outcome
    length = _DIGITS.get(step.region)
    if length is not None:
        return _digit_codes(column, step.region, length)
    texts = {text: count for text, count in column.texts.items() if null_word(text) is None}
    checks = {text: check_postcode(text, step.region) for text in texts}
    cells = sum(texts.values())
    sound = sum(texts[text] for text, found in checks.items() if found.valid)
    if sound < CLEAR * cells:
        outcome.misfit = reason("postcodes.misfit", region=step.region, count=sound, total=cells)
        return outcome
    written = {text: found.canonical if step.form == "spaced" else found.compact for text, found in checks.items()}
    own = sum(texts[text] for text, found in checks.items() if found.valid and written[text] == text)
    for text, found in checks.items():
        if not found.valid:
            outcome.values[text] = Doubt(reason("postcodes.malformed", region=step.region, count=sound, total=cells))
        elif written[text] != text:
            safe = own >= CLEAR * sound
            why = reason("postcodes.form", region=step.region, count=own, total=sound)
            outcome.values[text] = Proposal(written[text], why, safe, 1.0 if safe else 0.8)
    return outcome


RULE = Rule("postcodes", PostcodesStep, propose, run)

_DIGITS = {"CN": 6, "US": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "KR": 5, "SG": 6}
"""Regions whose codes are digits alone (US: the first five), with how many (Universal Postal Union)."""

# Words of a header for a code, with the region they speak of where they do.
_HEADERS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(r"邮编|邮政编码|郵遞區號"), "CN"),
    (re.compile(r"(?:^|[^a-z])zip(?:$|[^a-z])|zip_?code", re.IGNORECASE), "US"),
    (re.compile(r"(?:^|[^a-z])(?:plz|postleitzahl)(?:$|[^a-z])", re.IGNORECASE), "DE"),
    (re.compile(r"code[ _]postal", re.IGNORECASE), "FR"),
    (re.compile(r"post(?:al)?[ _]?code", re.IGNORECASE), None),
)


_UNMISTAKABLE = frozenset({"GB", "CA", "NL"})
"""Regions whose shape other codes hardly have; for the rest the header must speak of postcodes."""


def _by_shape(column: Column, sample: list[str]) -> str | None:
    """Where letters, a space or a hyphen prove the region."""
    if len(sample) < 5 or not any(len(text) <= 10 and any(map(str.isdigit, text)) for text in sample[:5]):
        return None
    region = postcode_region(sample)
    named = any(words.search(column.name) for words, _ in _HEADERS)
    return region if region in _UNMISTAKABLE or (named and region not in _DIGITS) else None


def _by_header(column: Column, sample: list[str], table: Table) -> str | None:
    """Digits alone: the header must call them postcodes, and nearly all must have the region's length."""
    region = next((named or table.region for words, named in _HEADERS if words.search(column.name)), None)
    length = _DIGITS.get(region or "")
    if length is None:
        return None
    cells = list(sample) + [str(int(value)) for value in islice(column.numbers, SAMPLE) if value == int(value)]
    if len(cells) < 5:
        return None
    full = sum(len(_bare(text)) == length and _bare(text).isdigit() for text in cells)
    return region if full >= 0.6 * len(cells) else None


def _bare(text: str) -> str:
    """A code without the four digits that the US add."""
    return re.sub(r"-\d{4}$", "", text.strip())


def _form(column: Column, region: str) -> Form:
    """The form that more of the column's cells have."""
    if region in _DIGITS:
        return "spaced"
    spaced = compact = 0
    for text, count in islice(column.texts.items(), SAMPLE):
        found = check_postcode(text, region)
        spaced += count * (found.valid and text == found.canonical)
        compact += count * (found.valid and text == found.compact)
    return "compact" if compact > spaced else "spaced"


def _digit_codes(column: Column, region: str, length: int) -> Outcome:
    outcome = Outcome()
    texts = {text: count for text, count in column.texts.items() if null_word(text) is None}
    full = sum(count for text, count in texts.items() if len(_bare(text)) == length and _bare(text).isdigit())
    full += sum(count for value, count in column.numbers.items() if len(str(int(value))) == length)
    cells = sum(texts.values()) + sum(column.numbers.values())
    if full < 0.6 * cells:
        outcome.misfit = reason("postcodes.misfit", region=region, count=full, total=cells)
        return outcome
    for text in texts:
        finding = _digit_code(_bare(text), text, region, length, full, cells)
        if finding is not None:
            outcome.values[text] = finding
    for value in column.numbers:
        text = str(int(value)) if value == int(value) else str(value)
        finding = _digit_code(text, text, region, length, full, cells)
        if finding is not None:
            outcome.values[value] = finding
    return outcome


def _digit_code(code: str, text: str, region: str, length: int, full: int, cells: int) -> Finding | None:
    if len(code) == length and code.isascii() and code.isdigit():
        return None
    if check_postcode(text, region).valid:
        return None
    if code.isascii() and code.isdigit() and length - 2 <= len(code) < length:
        why = reason("postcodes.zeros", region=region, length=length, count=full, total=cells)
        return Proposal(text.strip().replace(code, code.zfill(length), 1), why, False, 0.7)
    return Doubt(reason("postcodes.malformed", region=region, count=full, total=cells))
