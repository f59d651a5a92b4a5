"""The table as the rules see it: columns with their distinct values and counts, kept up to date as rules settle cells.

No rule lives here, and nothing here decides what is wrong with a value.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from services.messages import Language
from services.workbook.grid import UNWRITABLE, Grid, Scalar, kind_of

_HAN = re.compile("[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")
_MOSTLY_CHINESE = 0.2
"""Share of texts with Chinese characters: names and cities are, but numbers, codes and addresses often are not."""

Kind = Literal["empty", "text", "number", "boolean", "date", "error"]


@dataclass(slots=True)
class Column:
    """One column: its values as the safe changes so far have left them, and what a rule wants to count in it.

    ``texts`` and ``numbers`` hold each distinct text or number (booleans, dates and errors excepted) with its count,
    in order of first appearance, formulas' cached results included, since they are evidence too.
    """

    index: int
    name: str
    values: list[Scalar]
    original: list[Scalar]
    _counts: tuple[dict[str, int], dict[int | float, int], Counter[Kind]] | None = None

    @property
    def texts(self) -> dict[str, int]:
        """Each distinct text with the number of cells that hold it."""
        return self._counted()[0]

    @property
    def numbers(self) -> dict[int | float, int]:
        """Each distinct number with the number of cells that hold it; 1 and 1.0 are one number."""
        return self._counted()[1]

    @property
    def kinds(self) -> Counter[Kind]:
        """How many cells hold a value of each kind."""
        return self._counted()[2]

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return len(self.values) - self.kinds["empty"]

    def forget(self) -> None:
        """Drop the counts after values were changed."""
        self._counts = None

    def _counted(self) -> tuple[dict[str, int], dict[int | float, int], Counter[Kind]]:
        if self._counts is None:
            kinds: Counter[Kind] = Counter()
            texts: Counter[str] = Counter(value for value in self.values if type(value) is str)
            rest = [value for value in self.values if type(value) is not str]
            numbers: dict[int | float, int] = {}
            for value in rest:
                kind = kind_of(value)
                kinds[kind] += 1
                if isinstance(value, (int, float)) and kind == "number":
                    numbers[value] = numbers.get(value, 0) + 1
            kinds["text"] = len(self.values) - len(rest)
            self._counts = (dict(texts), numbers, kinds)
        return self._counts


@dataclass(slots=True)
class Table:
    """A Grid under cleaning.

    ``typed`` says whether a cell can hold a number or a date as such (a workbook) or only its text (csv, tsv);
    ``language`` is the person's, for what is written out in words; ``region`` is a two-letter country code where the
    person's settings give one, else None. ``passed_over`` are 0-based rows that are evidence as any others, but nothing
    is said of them.
    """

    grid: Grid
    typed: bool
    language: Language
    region: str | None = None
    passed_over: frozenset[int] = frozenset()
    columns: list[Column] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.columns:
            named = zip(self.grid.names(), self.grid.columns, strict=True)
            self.columns = [Column(index, name, values, values) for index, (name, values) in enumerate(named)]
        self._places = {column.name: place for place, column in enumerate(self.columns)}

    @property
    def row_count(self) -> int:
        """Rows of values."""
        return self.grid.row_count

    def writable(self, row: int, column: int) -> bool:
        """Whether a rule may propose a change of this cell at all."""
        return not self.grid.mask_at(row, column) & UNWRITABLE

    def column_named(self, name: str) -> Column | None:
        """The column with this name, exactly as ``Grid.names`` gives it."""
        place = self._places.get(name)
        return None if place is None else self.columns[place]


def likely_region(grid: Grid) -> str | None:
    """The country that a table's own texts speak for: CN where its header and texts are Chinese, else None.

    Only a hint for what the values themselves leave open, such as a telephone number that two countries could have.
    """
    first = [value for column in grid.columns for value in column[:50] if type(value) is str]
    texts = [*grid.header, *first]
    chinese = sum(1 for text in texts if _HAN.search(text))
    kana_or_hangul = any(_KANA_OR_HANGUL.search(text) for text in texts)
    return "CN" if texts and chinese >= _MOSTLY_CHINESE * len(texts) and not kana_or_hangul else None
