"""A ledger of the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.jobs.ledger import Ledger
from services.settings import Settings, load_settings


@pytest.fixture
def settings() -> Settings:
    """The settings that come with Deskhand, on the test's own folder."""
    return load_settings()


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """A new ledger, closed at the end."""
    with Ledger(settings) as opened:
        yield opened
