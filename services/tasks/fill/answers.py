"""What is known of one distinct input: what goes into each new column and why, or why there is no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.workbook.changes import Proposer, Reason, Verdict

Text = str | Sequence[str]
"""An answer in words, or the entries of a list."""

LONGEST_CELL = 32_767
"""Characters that a cell holds (Excel specifications and limits)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What goes into one column: a text of the column's kind, or the entries of a list, and how sure that is."""

    value: Text
    verdict: Verdict
    reason: Reason
    proposer: Proposer


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to write. ``is_gap`` says that another try may bring an answer."""

    reason: Reason
    is_gap: bool = False


Outcome = Mapping[str, Said] | Nothing
"""What each column gets, by its key; a column that is not in it gets nothing."""


def fits_a_cell(text: str) -> bool:
    """Whether a cell holds the text: it counts UTF-16, in which an emoji is two characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST_CELL
