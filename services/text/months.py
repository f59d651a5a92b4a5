"""The months by their English names: whole, and as people shorten them."""

from __future__ import annotations

from collections.abc import Mapping

MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

MONTHS: Mapping[str, int] = (
    {name: number for number, name in enumerate(MONTH_NAMES, start=1)}
    | {name[:3]: number for number, name in enumerate(MONTH_NAMES, start=1)}
    | {"sept": 9}
)
"""Numbers by names and short names, all in lower case."""
