"""Columns put together from others: ``full name = first name + " " + last name``, ``key = state + "_" + code``.

Finding such a template and telling what a row's parts make of it lives here; which side of a broken row is wrong is
decided in ``agreement``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from services.tasks.clean.table import Column, Table
from services.workbook.grid import Scalar

HOLDS = 0.9
"""From this share of the rows on a template is taken for a rule of the table."""

_SAMPLE = 400
"""Rows, spread over the table, from which templates are made."""
_FEWEST_ROWS, _GLIMPSE = 20, 14
"""Rows a template is judged by, and how many of the first of them must fit before the rest are looked at."""
_LONGEST_JOINT = 3
"""Characters between two parts; more is a text of its own."""
_MOST_PARTS = 4
"""Columns, those with the longest texts, that are tried as parts of one."""


@dataclass(frozen=True, slots=True)
class Template:
    """``target`` is the texts of the columns ``parts`` (indexes) with ``joints`` before, between and after them."""

    target: int
    parts: tuple[int, ...]
    joints: tuple[str, ...]


def plain_text(value: Scalar) -> str:
    """A text or a whole number as the text that a template is made of, empty for anything else."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else ""


def templates(table: Table) -> list[Template]:
    """The columns that one or two others make up in nearly all rows, each with its template."""
    rows = range(0, table.row_count, max(1, table.row_count // _SAMPLE))
    samples = [[plain_text(column.values[row]) for row in rows] for column in table.columns]
    varied = [len(set(sample)) >= 3 for sample in samples]
    found = []
    for column in table.columns:
        target = column.index
        if varied[target] and sum(map(bool, samples[target])) >= _FEWEST_ROWS:
            template = _template(target, samples, varied)
            if template is not None and holds(template, table.columns) >= HOLDS:
                found.append(template)
    return found


def holds(template: Template, columns: Sequence[Column]) -> float:
    """The share of the rows, with all cells filled, in which the template is right."""
    right = seen = 0
    parts = [columns[part].values for part in template.parts]
    for whole, *pieces in zip(columns[template.target].values, *parts, strict=True):
        made = assembled(template, pieces)
        if whole is not None and made:
            seen += 1
            right += made == plain_text(whole)
    return right / seen if seen >= _FEWEST_ROWS else 0.0


def assembled(template: Template, pieces: Sequence[Scalar]) -> str:
    """What the template makes of the parts of one row; empty where a part is."""
    texts = [plain_text(piece) for piece in pieces]
    if not all(texts):
        return ""
    return template.joints[0] + "".join(text + joint for text, joint in zip(texts, template.joints[1:], strict=True))


def part_within(template: Template, whole: str, pieces: Sequence[Scalar], place: int) -> str:
    """What the part at ``place`` must be for the other parts to give ``whole``; empty where it can't be anything."""
    texts = [plain_text(piece) for piece in pieces]
    before = "".join(joint + text for joint, text in zip(template.joints, texts[:place], strict=False))
    before += template.joints[place]
    after = template.joints[place + 1] + "".join(
        text + joint for text, joint in zip(texts[place + 1 :], template.joints[place + 2 :], strict=False)
    )
    if len(whole) <= len(before) + len(after) or not (whole.startswith(before) and whole.endswith(after)):
        return ""
    return whole[len(before) : len(whole) - len(after)]


def _template(target: int, samples: Sequence[list[str]], varied: Sequence[bool]) -> Template | None:
    goal = samples[target]
    others = [index for index in range(len(samples)) if index != target and any(samples[index])]
    starts = _longest([index for index in others if _fits(goal, samples[index], 0)], samples)
    ends = _longest([index for index in others if _fits(goal, samples[index], 1)], samples)
    for first in starts:
        for last in ends:
            if first == last or not (varied[first] or varied[last]):
                continue
            rests = [
                whole[len(start) : len(whole) - len(end)]
                for whole, start, end in zip(goal, samples[first], samples[last], strict=True)
                if start and end and len(whole) >= len(start) + len(end)
            ]
            joint = _constant(rests)
            if joint is not None and len(joint) <= _LONGEST_JOINT:
                return Template(target, (first, last), ("", joint, ""))
    for part in (part for part in dict.fromkeys([*starts, *ends]) if varied[part]):
        texts = [(whole, piece) for whole, piece in zip(goal, samples[part], strict=True) if piece and whole]
        if part in starts:
            joint = _constant([whole[len(piece) :] for whole, piece in texts])
            if joint:
                return Template(target, (part,), ("", joint))
        if part in ends:
            joint = _constant([whole[: len(whole) - len(piece)] for whole, piece in texts])
            if joint:
                return Template(target, (part,), (joint, ""))
    return None


def _fits(goal: Sequence[str], sample: Sequence[str], end: int) -> bool:
    """Whether nearly all texts of ``goal`` start (``end`` 0) or end (``end`` 1) with those of ``sample``."""
    test = str.endswith if end else str.startswith
    filled = ((whole, piece) for whole, piece in zip(goal, sample, strict=True) if whole and piece)
    # Nearly all pairs of columns are told at a glance, which a wide table of many pairs needs.
    glimpse = list(islice(filled, _FEWEST_ROWS))
    if len(glimpse) < _FEWEST_ROWS or sum(1 for whole, piece in glimpse if test(whole, piece)) < _GLIMPSE:
        return False
    both = [*glimpse, *filled]
    return sum(1 for whole, piece in both if test(whole, piece)) >= (HOLDS - 0.1) * len(both)


def _longest(columns: Sequence[int], samples: Sequence[list[str]]) -> list[int]:
    """The few columns with the longest texts: they explain most of a whole."""
    return sorted(columns, key=lambda index: -sum(map(len, samples[index])))[:_MOST_PARTS]


def _constant(rests: Sequence[str]) -> str | None:
    """The one text that nearly all of ``rests`` are, None where there is none."""
    if len(rests) < _FEWEST_ROWS:
        return None
    text, count = Counter(rests).most_common(1)[0]
    return text if count >= (HOLDS - 0.05) * len(rests) else None
