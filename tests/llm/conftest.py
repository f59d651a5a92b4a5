"""A simple question that the tests of this folder ask, and a way to hold a script to what it was asked."""

from __future__ import annotations

import pytest

from services.llm.prompts import Prompt
from services.llm.question import Question
from tests.llm.capitals import Capitals


@pytest.fixture
def question() -> Question[Capitals]:
    """Put each text in capitals."""
    prompt = Prompt("capitals", "You are careful.", "Put each text in capitals.", language="en")
    return Question("test.capitals", prompt, Capitals)
