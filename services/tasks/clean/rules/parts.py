"""Rule ``parts``: a given piece of text is taken off the start or the end of the values of a column, or out of them.

Only an instruction or a recipe asks for it; what stands in another column is the business of ``containment``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.tasks.clean.rule import Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Table
from services.workbook.changes import reason

_EDGES = " \t,;/|:：，；、\u3000"


class PartsStep(Step):
    """Take ``text`` off the ``place`` of the values, whatever its case, with the spaces and commas left beside it."""

    rule: Literal["parts"] = "parts"
    text: str = Field(min_length=1)
    place: Literal["start", "end", "anywhere"]


def propose(table: Table) -> list[PartsStep]:
    """Nothing: no column tells by itself that a part of its values is not wanted."""
    return []


def run(step: PartsStep, table: Table) -> Outcome:
    """Propose each value without the part; a value that is nothing else stays."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    for text in column.texts:
        after, whole = _without(text, step)
        if after and after != text:
            safe = whole and step.asked == "person"
            why = reason("parts.taken", before=text, after=after, part=step.text)
            outcome.values[text] = Proposal(after, why, safe, 1.0 if safe else 0.7)
    return outcome


RULE = Rule("parts", PartsStep, propose, run)


def _without(text: str, step: PartsStep) -> tuple[str, bool]:
    """The text without the part, and whether the part stands there as a whole and not as a piece of a word."""
    folded, part = text.casefold().strip(), step.text.casefold()
    if len(folded) != len(text.strip()):
        return text, False  # letters that have two for one in small: the places would not be the same
    bare = text.strip()
    if step.place == "start":
        at = 0 if folded.startswith(part) else -1
    elif step.place == "end":
        at = len(folded) - len(part) if folded.endswith(part) else -1
    else:
        at = folded.find(part)
    if at < 0:
        return text, False
    before, after = bare[:at], bare[at + len(part) :]
    whole = _apart(before[-1:], part[0]) and _apart(part[-1], after[:1])
    return _joined(before, after), whole


def _joined(before: str, after: str) -> str:
    """What stood on either side of the part, with what parted it from the one side or the other between them."""
    left, right = before.rstrip(_EDGES), after.lstrip(_EDGES)
    if not left or not right:
        return left + right
    return left + (before[len(left) :] or after[: len(after) - len(right)]) + right


def _apart(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to different words: not two letters of an alphabet, nor two digits."""
    if not left or not right:
        return True
    letters = left.isalpha() and right.isalpha() and left.isascii() and right.isascii()
    return not letters and not (left.isdigit() and right.isdigit())
