"""What the tests of this folder share: a simple question to ask, and a new file of replies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.llm.prompts import Prompt
from services.llm.question import Question
from services.llm.store import Replies
from tests.llm.capitals import Capitals


@pytest.fixture
def question() -> Question[Capitals]:
    """Put each text in capitals."""
    prompt = Prompt("capitals", "You are careful.", "Put each text in capitals.", language="en")
    return Question("test.capitals", prompt, Capitals)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite3"


@pytest.fixture
def replies(file: Path) -> Iterator[Replies]:
    """A new file, closed at the end."""
    opened = Replies(file)
    yield opened
    opened.close()
