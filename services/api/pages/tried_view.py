"""What a try of the endpoint has found, in words: what works, and what to do about what does not."""

from __future__ import annotations

from dataclasses import dataclass

from services.llm.testing import Tried
from services.messages import Language, message

_MOST_MODELS = 20
"""Models that are named where the one that is set is not among them; the field of the model offers all."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    text: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class TriedView:
    """What was tried, one after the other, and what follows from it, in sentences. ``models`` are known there."""

    works: bool
    checks: list[Check]
    advice: list[str]
    models: tuple[str, ...]


def view_of_try(tried: Tried, language: Language) -> TriedView:
    """What was found, as a person reads it."""

    def text(key: str, **words: object) -> str:
        return message(f"page.tried.{key}", language, **words)

    checks = [Check(text("reached" if tried.is_reached else "not_reached", host=tried.host), tried.is_reached)]
    if tried.is_listed is not None:
        key = "model_listed" if tried.is_listed else "model_not_listed"
        checks.append(Check(text(key, model=tried.model), tried.is_listed))
    checks += [Check(text(f"way_{rung}"), works) for rung, works in tried.rungs.items()]
    advice = [tried.text(language)]
    if tried.detail:
        advice.append(text("said", detail=tried.detail))
    if tried.works and tried.rung is not None:
        advice.append(text("uses", way=text(f"way_{tried.rung}")))
    if tried.seconds is not None:
        advice.append(text("took", seconds=f"{tried.seconds:.1f}", tokens=tried.tokens_in + tried.tokens_out))
    if tried.is_listed is False and tried.models:
        advice.append(text("there", models=", ".join(tried.models[:_MOST_MODELS])))
    return TriedView(tried.works, checks, advice, tried.models)
