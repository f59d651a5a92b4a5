"""The question that tests ask: each text in capitals; and the model that answers it rightly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from services.llm.question import Answer, Answered, Item, Unanswered
from tests.endpoint import answering


class Capitals(BaseModel):
    value: str = Field(description="the text in capitals")


def capital(item: dict[str, Any]) -> dict[str, Any]:
    return {"value": item["text"].upper()}


RIGHT = answering(capital)
"""A model that answers every item rightly."""


def texts(*said: str) -> list[Item]:
    return [{"text": text} for text in said]


def words(count: int) -> list[Item]:
    """So many different items."""
    return texts(*(f"word {number}" for number in range(count)))


def told(answers: Sequence[Answer[Capitals]]) -> list[str]:
    """What was answered, or why it was not."""
    return [_told(answer) for answer in answers]


def _told(answer: Answer[Capitals]) -> str:
    if isinstance(answer, Unanswered):
        return f"({answer.why})"
    assert isinstance(answer, Answered)
    return answer.value.value
