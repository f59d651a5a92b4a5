"""Amounts of money as a person reads them."""

from __future__ import annotations

from math import floor, log10


def price_text(cost: float) -> str:
    """An amount with two decimals, or one of less than 1 with four, or as many as it takes to be more than nothing."""
    if cost >= 1 or not cost:
        return f"{cost:.2f}"
    return f"{cost:.{max(4, -floor(log10(cost)))}f}"
