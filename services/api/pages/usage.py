"""What a job, or all of them, have asked of models, as figures for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.llm.prices import price_text
from services.llm.store import Replies, Spent


@dataclass(frozen=True, slots=True)
class Usage:
    """Requests, tokens sent and received together, and what that cost by the prices set then, "" where none was."""

    calls: int
    tokens: str
    cost: str


class Counted(Protocol):
    """Gives what a job has used, or without one what all have."""

    def __call__(self, job: str | None = None) -> Usage:
        """The usage."""


@contextmanager
def counted(file: Path) -> Iterator[Counted]:
    """What the file of replies has counted, while the block lasts; where nothing was ever sent, there is no file."""
    if not file.exists():
        yield lambda job=None: _usage(Spent())
        return
    with closing(Replies(file)) as replies:
        yield lambda job=None: _usage(replies.spent(job))


def grouped(number: int) -> str:
    """A number with its thousands apart: ``12,345``."""
    return f"{number:,}"


def money(cost: float | None, currency: str) -> str:
    """An amount with its currency; "" where no price was set."""
    return "" if cost is None else f"{price_text(cost)} {currency}"


def _usage(spent: Spent) -> Usage:
    return Usage(spent.calls, grouped(spent.tokens_in + spent.tokens_out), money(spent.cost, spent.currency))
