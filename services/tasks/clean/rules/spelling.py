"""Rule ``spelling``: misspelt, damaged and variant values of one column, restored by the column's own frequent values.

Three units are looked at, each where it repeats: whole values, the parts of lists (``Drama,Romance``), and words;
numbers inside a value never count as a difference and never change. How sure a likeness is stands in ``variants`` and
``damage``; what columns say about each other in ``agreement``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.damage import Readable, as_counts, as_scalar, damage_mark, masked_on_purpose
from services.tasks.clean.rules.variants import FREQUENT, Variant, confusions_in, forms_in, slips_in
from services.tasks.clean.table import Column, Table
from services.text.lexicon import is_known_word
from services.text.similarity import digits_masked, digits_restored, doubled, words_of
from services.workbook.changes import Reason, reason
from services.workbook.grid import Scalar

Unit = Literal["values", "parts", "words"]

_FEWEST_CELLS = 10
"""Texts of a column from which on some may be frequent and others rare."""
_SAMPLE = 3000
"""Distinct texts looked at to tell what a column's units are."""
_MOST_ROUNDS = 5
"""Rounds in which safe findings make others safe; nearly always the second finds nothing."""
_WORD = re.compile(r"([^\W_]+)")
_SEPARATORS = (",", ";", "|", "、", "，", "；")
_LIKELY, _CERTAIN = 0.6, 0.99
"""Certainty of a reading through damage, to be proposed and to be safe."""
_DAMAGED_WORD = 4
"""Letters of a damaged word that leave enough to tell it by."""


class SpellingStep(Step):
    """Look for misspelt values in ``column``.

    ``units`` says what is compared: whole values, the parts of lists between ``separator``, words. ``damage`` is
    a character that stands for others in this table, empty where there is none.
    """

    rule: Literal["spelling"] = "spelling"
    units: tuple[Unit, ...] = ("values",)
    separator: str = ""
    damage: str = ""


def propose(table: Table) -> list[SpellingStep]:
    """A step for each column in which values, parts or words repeat enough to tell a slip from another value."""
    mark = damage_mark(table)
    steps = []
    for column in table.columns:
        if table.column_named(column.name) is not column:
            continue
        damaged = bool(mark) and any(mark in text for text in column.texts)
        if column.kinds["text"] < _FEWEST_CELLS and not damaged:
            continue
        separator = _separator(column)
        units = _units(column, separator)
        if units or damaged:
            found: tuple[Unit, ...] = units or ("values",)
            steps.append(
                SpellingStep(
                    column=column.name,
                    units=found,
                    separator=separator if "parts" in found else "",
                    damage=mark if damaged else "",
                )
            )
    return steps


def run(step: SpellingStep, table: Table) -> Outcome:
    """Find the misspelt values of the step's column.

    What was found safe is counted as what it should be, and the rest looked at again until nothing safe is added, so
    that a run on the cleaned column finds nothing new.
    """
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    texts = dict(column.texts)
    found: dict[str, Finding] = {}
    if step.damage and not masked_on_purpose(column.texts, step.damage):
        _restore(column, step.damage, found)
    fresh = {text: finding for text, finding in found.items() if isinstance(finding, Proposal)}
    texts = _settled(texts, fresh)
    elsewhere = partial(_elsewhere, table, [])
    for _ in range(_MOST_ROUNDS):
        fresh = _slips(step, column, texts, elsewhere)
        _take(fresh, found, column)
        settled = _settled(texts, fresh)
        if settled == texts:
            break
        texts = settled
    outcome.values.update(found)
    return outcome


RULE = Rule(name="spelling", step_type=SpellingStep, propose=propose, run=run)


def _slips(
    step: SpellingStep, column: Column, texts: dict[str, int], elsewhere: Callable[[str], int]
) -> dict[str, Proposal]:
    """What is misspelt among ``texts``, the safer of two findings for the same text."""
    fresh: dict[str, Proposal] = {}

    def add(text: str, finding: Proposal) -> None:
        if text not in fresh or (finding.safe and not fresh[text].safe):
            fresh[text] = finding

    for unit in step.units:
        for text, finding in _misspelt(texts, unit, step.separator, elsewhere):
            add(text, finding)
    if "values" in step.units:
        forms = {} if step.separator or _separator(column) else forms_in(texts)
        for text, variant in [*forms.items(), *confusions_in(texts).items()]:
            add(text, _proposal(variant, variant.common, f"spelling.{variant.way}"))
    return fresh


def _take(fresh: dict[str, Proposal], found: dict[str, Finding], column: Column) -> None:
    """Take findings over; one for a text that an earlier safe finding led to goes to the values it came from."""
    origins: dict[Scalar, list[tuple[str, Proposal]]] = {}
    for origin, known in found.items():
        if isinstance(known, Proposal) and known.safe:
            origins.setdefault(known.after, []).append((origin, known))
    for text, finding in fresh.items():
        for origin, known in origins.get(text, ()) if finding.safe else ():
            found[origin] = replace(known, after=finding.after)
        known_here = found.get(text)
        if text in column.texts and (
            known_here is None or (isinstance(known_here, Proposal) and finding.safe and not known_here.safe)
        ):
            found[text] = finding


def _settled(texts: dict[str, int], fresh: dict[str, Proposal]) -> dict[str, int]:
    """The counts once the safe findings are carried out; a text that has become a number is gone."""
    safe = {text: finding for text, finding in fresh.items() if finding.safe}
    if not safe:
        return texts
    counts = {text: count for text, count in texts.items() if text not in safe}
    for text, finding in safe.items():
        if isinstance(finding.after, str):
            counts[finding.after] = counts.get(finding.after, 0) + texts.get(text, 0)
    return counts


def _separator(column: Column) -> str:
    sample = list(islice(column.texts, _SAMPLE))
    for separator in _SEPARATORS:
        if sum(1 for text in sample if separator in text) >= 0.3 * len(sample) > 0:
            return separator
    return ""


def _units(column: Column, separator: str) -> tuple[Unit, ...]:
    """The units that repeat: of a sample of the column's distinct values, at most so many are seen once."""
    sample = list(islice(column.texts, _SAMPLE))
    units: list[Unit] = []
    if 10 * sum(1 for text in sample if any(map(str.isalpha, text))) < len(sample):
        return ()
    weight = sum(column.texts[text] for text in sample)
    if 2 * len({digits_masked(text) for text in sample}) <= weight:
        units.append("values")
    if separator and _repeat(part for text in sample for part in _split(text, separator)):
        units.append("parts")
    words = [word for text in sample for word in words_of(text)]
    if len(words) >= 2 * len(sample) and _repeat(map(digits_masked, words)):
        units.append("words")
    return tuple(units)


def _repeat(units: Iterable[str]) -> bool:
    return _repeat_counts(Counter(units))


def _repeat_counts(counts: Counter[str]) -> bool:
    once = sum(1 for count in counts.values() if count == 1)
    return once <= 0.15 * sum(counts.values())


def _split(text: str, separator: str) -> list[str]:
    return [digits_masked(part.strip()) for part in text.split(separator)]


def _restore(column: Column, mark: str, found: dict[str, Finding]) -> None:
    """Read through the mark: by whole values, then word by word where no digit is damaged."""
    counts = as_counts(column)
    index = Readable(counts, mark)
    words: Counter[str] = Counter()
    shapes: Counter[str] = Counter()
    for text, count in counts.items():
        shapes[digits_masked(text)] += count
        if mark not in text or count >= FREQUENT:
            for word in _WORD.findall(text):
                words[word] += count
    word_index = Readable(words, mark)
    # A letter that is the mark may be right in a name that occurs once; a sign that is the mark is never right.
    closed = not mark.isalpha() or _repeat_counts(Counter(map(digits_masked, words.elements())))
    for text in column.texts:
        if mark not in text:
            continue
        reading = index.reading(text, mark)
        if reading is not None and reading.certainty >= _LIKELY:
            safe = reading.certainty >= _CERTAIN and reading.count >= 3
            why = reason("spelling.damage", mark=mark, count=reading.count)
            found[text] = Proposal(as_scalar(column, reading.value), why, safe, reading.certainty)
            continue
        mended = "".join(_mended_word(word, mark, word_index) for word in _split_words(text, mark))
        if mended != text and not _damaged_words(mended, mark, words):
            found[text] = Proposal(mended, reason("spelling.damaged_words", mark=mark), closed, 0.95)
        elif mended != text or reading is not None or _lost_digits(text, mark, shapes):
            found[text] = Doubt(reason("spelling.unreadable", mark=mark))


def _split_words(text: str, mark: str) -> list[str]:
    """The words, with the mark as a part of them, and what stands between them."""
    return re.split(rf"((?:[^\W_]|{re.escape(mark)})+)", text)


def _damaged_words(text: str, mark: str, words: Counter[str]) -> bool:
    return any(mark in word and words[word] < FREQUENT for word in _split_words(text, mark))


def _mended_word(word: str, mark: str, index: Readable) -> str:
    if mark not in word or len(word) < _DAMAGED_WORD or index.counts.get(word, 0) >= FREQUENT:
        return word
    # Too little is left to tell by, or the sign simply ends a sentence.
    if 3 * word.count(mark) > len(word) or (not mark.isalpha() and is_known_word(word.rstrip(mark))):
        return word
    reading = index.reading(word, mark)
    if reading is None or reading.certainty < _CERTAIN or reading.count < 2 * FREQUENT or not reading.value.isalpha():
        return word
    return reading.value


def _lost_digits(text: str, mark: str, shapes: Counter[str]) -> bool:
    """Whether the text has the shape of many values once the mark is read as a digit."""
    if not any(character.isdigit() for character in text):
        return False
    return shapes[digits_masked(text.replace(mark, "0"))] >= 2 * FREQUENT > 2 * shapes[digits_masked(text)]


def _misspelt(
    texts: dict[str, int], unit: Unit, separator: str, elsewhere: Callable[[str], int]
) -> Iterator[tuple[str, Proposal]]:
    once = (text for text, count in texts.items() if count == 1)
    counts = Counter(chain.from_iterable(_pieces(text, unit, separator) for text in once))
    for text, count in texts.items():
        for piece in _pieces(text, unit, separator) if count > 1 else ():
            counts[piece] += count
    slips = slips_in(counts, elsewhere)
    if not slips:
        return
    written = _as_written(texts, {slip.common for slip in slips.values()}) if unit == "words" else {}
    for text in texts:
        hit = [slips[piece] for piece in _pieces(text, unit, separator) if piece in slips]
        after = _rewritten(text, unit, separator, slips, written) if len(hit) == 1 else None
        if after is not None and after != text:
            slip = replace(hit[0], safe=False) if unit != "values" and _at_an_edge(hit[0]) else hit[0]
            if unit == "values":
                yield text, _proposal(replace(slip, common=after), after, f"spelling.{slip.way}")
            else:
                yield text, _proposal(slip, after, "spelling.slip_inside" if slip.way == "slip" else "spelling.form")


def _at_an_edge(slip: Variant) -> bool:
    """Whether a piece only won or lost a letter at its end or start, which may belong to the one beside it."""
    short, long = sorted((slip.rare, slip.common), key=len)
    return len(short) < len(long) and (long.startswith(short) or long.endswith(short)) and not doubled(long, short)


def _pieces(text: str, unit: Unit, separator: str) -> list[str]:
    if unit == "values":
        return [digits_masked(text)]
    return _split(text, separator) if unit == "parts" else words_of(digits_masked(text))


def _rewritten(
    text: str, unit: Unit, separator: str, slips: dict[str, Variant], written: dict[str, list[str]]
) -> str | None:
    if unit == "values":
        return digits_restored(slips[digits_masked(text)].common, text)
    pieces = _WORD.split(text) if unit == "words" else re.split(f"(\\s*{re.escape(separator)}\\s*)", text)
    for place, piece in enumerate(pieces):
        variant = slips.get(digits_masked(piece.lower() if unit == "words" else piece.strip()))
        if variant is not None:
            new = digits_restored(variant.common, piece)
            if new is None:
                return None
            pieces[place] = _as_here(piece, new, written) if unit == "words" else piece.replace(piece.strip(), new)
    return "".join(pieces)


def _as_written(texts: dict[str, int], words: set[str]) -> dict[str, list[str]]:
    """How some lower-case words are written in the column: all frequent ways, the most frequent first."""
    forms: Counter[str] = Counter()
    for text, count in texts.items():
        for word in _WORD.findall(text):
            if word.lower() in words:
                forms[word] += count
    ways: dict[str, list[str]] = {}
    for form, count in forms.most_common():
        if count >= FREQUENT or form.lower() not in ways:
            ways.setdefault(form.lower(), []).append(form)
    return ways


def _as_here(piece: str, word: str, written: dict[str, list[str]]) -> str:
    """The word with the capitals it has in the column, where there are several ways that of ``piece``."""
    ways = written.get(word, [word])
    return next((way for way in ways if way[:1].isupper() == piece[:1].isupper()), ways[0])


def _proposal(variant: Variant, after: Scalar, code: str) -> Proposal:
    return Proposal(after, _reason(variant, code), variant.safe, variant.confidence)


def _reason(variant: Variant, code: str) -> Reason:
    return reason(code, common=variant.common, count=variant.common_count, seen=variant.rare_count)


def _elsewhere(table: Table, made: list[Counter[str]], word: str) -> int:
    """How many cells of the table hold a word, counted when first asked for, over a sample of each column's values."""
    if not made:
        words: Counter[str] = Counter()
        for column in table.columns:
            for text, count in islice(column.texts.items(), _SAMPLE):
                for single in words_of(text):
                    words[digits_masked(single)] += count
        made.append(words)
    return made[0][word]
