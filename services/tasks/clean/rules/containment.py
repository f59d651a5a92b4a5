"""Rule ``containment``: a value of one column that stands at the start or end of another column's text.

``Portland OR`` beside an empty state, where the states of other rows stand in a column of their own: the piece is
taken out of the text and put where it belongs. Where nearly all texts hold the other column's value it is meant to
stand there, and only empty cells are filled. All of this is for a person to decide; nothing here is safe but what was
asked for in plain words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.pinyin import has_han
from services.workbook.changes import reason

Place = Literal["start", "end"]

_FEWEST_ROWS = 3
_FEWEST_SHARE = 0.002
_FEWEST_FILLED = 10
_FIRST = 200
_MEANT = 0.5
_CONTRARY = 0.1
_MOST_WORDS = 3
_EDGES = " ,;/-()[]，；、（）【】\u3000"


class ContainmentStep(Step):
    """Take from the ``place`` of the texts of ``column`` what belongs into column ``other``.

    ``strip`` false leaves the texts as they are and only fills the other column's empty cells.
    """

    rule: Literal["containment"] = "containment"
    other: str
    place: Place
    strip: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A row whose text holds a value of the other column: that value, and the text without it."""

    row: int
    value: str
    rest: str


def propose(table: Table) -> list[ContainmentStep]:
    """A step for each pair of columns in which enough rows hold the other column's value, and few contradict it."""
    steps = []
    places: tuple[Place, ...] = ("end", "start")
    edges: dict[tuple[int, Place], Counter[str]] = {}
    named = [column for column in table.columns if table.column_named(column.name) is column]
    for other in named:
        values = _vocabulary(other)
        if not values:
            continue
        outermost = {place: _outermost(values, place) for place in places}
        for column in named:
            if column.index == other.index or column.kinds["text"] < _FEWEST_FILLED or _same_kind(column, values):
                continue
            for place in places:
                if (column.index, place) not in edges:
                    edges[column.index, place] = _edge_words(column, place)
                if not _may_hold(edges[column.index, place], outermost[place]):
                    continue
                step = _proposed(column, other, values, place)
                if step is not None:
                    steps.append(step)
                    break
    return steps


def run(step: ContainmentStep, table: Table) -> Outcome:
    """Find the texts that hold a value of the other column where that is empty or the same."""
    outcome = Outcome()
    column, other = table.column_named(step.column), table.column_named(step.other)
    if column is None or other is None:
        outcome.misfit = reason("containment.gone", column=step.other)
        return outcome
    wanted = step.asked == "person"
    fillings: dict[str, Finding] = {}
    cuttings: dict[str, Finding] = {}
    for found in _rows(column, _holders(column, _vocabulary(other), step.place)):
        held = other.values[found.row]
        if held is not None and held != found.value:
            continue
        if held is None:
            if found.value not in fillings:
                why = reason("containment.fill", column=column.name, value=found.value)
                fillings[found.value] = Proposal(found.value, why, wanted, 1.0 if wanted else 0.9)
            outcome.cells.append((found.row, other.index, fillings[found.value]))
        if step.strip:
            text = str(column.values[found.row])
            if text not in cuttings:
                known = column.texts.get(found.rest, 0)
                code = "containment.strip_known" if known else "containment.strip"
                why = reason(code, other=other.name, value=found.value, rest=found.rest, count=known)
                cuttings[text] = Proposal(found.rest, why, wanted, 1.0 if wanted else 0.92 if known else 0.8)
            outcome.cells.append((found.row, column.index, cuttings[text]))
    return outcome


RULE = Rule(name="containment", step_type=ContainmentStep, propose=propose, run=run)


def taken_out(column: Column, other: Column, *, strip: bool) -> ContainmentStep | None:
    """The step for this pair that a person asked for, at the place where more cells hold a value of ``other``.

    None where hardly any does.
    """
    values = _vocabulary(other)
    places: tuple[Place, ...] = ("end", "start")
    cells = {
        place: sum(column.texts[text] for text in _holders(column, values, place)) if values else 0 for place in places
    }
    place = max(places, key=lambda place: cells[place])
    if not cells[place]:
        return None
    return ContainmentStep(column=column.name, other=other.name, place=place, strip=strip)


def _vocabulary(column: Column) -> dict[str, int]:
    """The values that may be looked for in other columns: repeated texts that are no numbers, few words each."""
    texts = column.texts
    if not texts or 2 * len(texts) > sum(texts.values()):
        return {}
    return {
        text: count
        for text, count in texts.items()
        if count >= _FEWEST_ROWS and len(text) >= 2 and len(text.split()) <= _MOST_WORDS and any(map(str.isalpha, text))
    }


def _edge_words(column: Column, place: Place) -> Counter[str]:
    """How many cells have each first or last word; of a Chinese text its first or last two characters stand for it."""
    raw: Counter[str] = Counter()
    for text, count in column.texts.items():
        spaced = text.replace(",", " ") if "," in text else text
        words = spaced.rsplit(None, 1) if place == "end" else spaced.split(None, 1)
        if len(words) == 2:
            raw[words[-1 if place == "end" else 0]] += count
        if not text.isascii() and len(text) > 2:
            raw[text[-2:] if place == "end" else text[:2]] += count
    counts: Counter[str] = Counter()
    for word, count in raw.items():
        counts[word.strip(_EDGES).casefold()] += count
    return counts


def _outermost(values: dict[str, int], place: Place) -> set[str]:
    """The first or last words of the values, as ``_edge_words`` counts them."""
    found: set[str] = set()
    for value in values:
        found.add(value.split()[-1 if place == "end" else 0].strip(_EDGES).casefold())
        if not value.isascii():
            found.add((value[-2:] if place == "end" else value[:2]).strip(_EDGES).casefold())
    return found


def _same_kind(column: Column, values: dict[str, int]) -> bool:
    """Whether the column's texts are values of the other one as they are: two columns of one kind, of many at times."""
    first = list(islice(column.texts, _FIRST))
    return 2 * sum(1 for text in first if text in values) > len(first)


def _may_hold(edges: Counter[str], outermost: set[str]) -> bool:
    held = sum(edges[word] for word in edges.keys() & outermost)
    return held >= max(_FEWEST_ROWS, _FEWEST_SHARE * edges.total())


def _proposed(column: Column, other: Column, values: dict[str, int], place: Place) -> ContainmentStep | None:
    """The step for this pair, None where the likeness is chance, or where the texts do not hold the other's values."""
    hits = _holders(column, values, place)
    cells = sum(column.texts[text] for text in hits)
    if cells < _FEWEST_ROWS:
        return None
    most_contrary = _CONTRARY * cells / (1 + _CONTRARY)
    empty = same = contrary = known = 0
    for found in _rows(column, hits):
        held = other.values[found.row]
        if held is None:
            empty += 1
            known += found.rest in column.texts
        elif held == found.value:
            same += 1
        else:
            contrary += 1
            if contrary > most_contrary:
                return None
    if len({found for found, _ in hits.values()}) < 2:
        return None
    filled = column.kinds["text"] - (other.kinds["empty"])
    meant = same > _MEANT * max(1, filled)
    if meant:
        fits = empty >= 1
    else:
        # Rows with the value in its own column seldom hold it in the text too, or the text is simply about it.
        fits = (empty >= _FEWEST_ROWS and 2 * empty > other.kinds["empty"]) or (
            empty + same >= _FEWEST_ROWS and known > 0
        )
        fits = fits or (same >= _FEWEST_ROWS and _rests_known(column, hits))
    if not fits:
        return None
    return ContainmentStep(column=column.name, other=other.name, place=place, strip=not meant)


def _rests_known(column: Column, hits: dict[str, tuple[str, str]]) -> bool:
    """Whether most of what would be left occurs by itself in the column."""
    return 2 * sum(1 for _, rest in hits.values() if rest in column.texts) >= len(hits)


def _rows(column: Column, hits: dict[str, tuple[str, str]]) -> Iterator[_Found]:
    for row, text in enumerate(column.values):
        hit = hits.get(text)  # type: ignore[arg-type]
        if hit is not None and isinstance(text, str):
            yield _Found(row, *hit)


def _holders(column: Column, values: dict[str, int], place: Place) -> dict[str, tuple[str, str]]:
    """The texts of the column that hold one of the values at that place, with the value and what is left."""
    folded: dict[str, str] = {}
    for value in sorted(values, key=lambda value: values[value]):
        folded[value.casefold()] = value
    numbers = sorted({len(value.split()) for value in values}, reverse=True)
    lengths = sorted({len(value) for value in values if has_han(value)}, reverse=True)
    edge = -1 if place == "end" else 0
    outermost = {value.split()[edge] for value in folded if value.strip()}
    found = {}
    for text in column.texts:
        hit = None
        if not text.isalnum():
            spaced = text.replace(",", ", ")
            words = spaced.rsplit(None, 1) if edge else spaced.split(None, 1)
            if len(words) == 2 and words[edge].strip(_EDGES).casefold() in outermost:
                hit = _split_off(text, folded, numbers, place)
        if hit is None and lengths:
            hit = _cut_off(text, values, lengths, place)
        if hit is not None and hit[1]:
            found[text] = hit
    return found


def _split_off(text: str, folded: dict[str, str], numbers: list[int], place: Place) -> tuple[str, str] | None:
    """The value that the first or last words of the text are, and the other words."""
    for number in numbers:
        spaced = text.replace(",", ", ")
        pieces = spaced.rsplit(None, number) if place == "end" else spaced.split(None, number)
        if len(pieces) != number + 1:
            continue
        taken = pieces[1:] if place == "end" else pieces[:-1]
        value = folded.get(" ".join(taken).strip(_EDGES).casefold())
        if value is not None:
            piece = taken[0] if place == "end" else taken[-1]
            at = text.rfind(piece) if place == "end" else text.find(piece) + len(piece)
            rest = text[:at] if place == "end" else text[at:]
            return value, rest.strip(_EDGES)
    return None


def _cut_off(text: str, values: dict[str, int], lengths: list[int], place: Place) -> tuple[str, str] | None:
    """The value that a Chinese text, which has no spaces between words, starts or ends with, and the rest."""
    for length in lengths:
        if length < len(text):
            value = text[:length] if place == "start" else text[-length:]
            if value in values:
                return value, (text[length:] if place == "start" else text[:-length]).strip(_EDGES)
    return None
