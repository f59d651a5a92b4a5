"""A model at a scripted endpoint, with records in memory, for tests of whatever asks a model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any

from services.llm.asking import Asking
from services.llm.endpoint import Endpoint
from services.llm.records import Call
from tests.endpoint import Scripted


class InMemory:
    """Records that last as long as the test. ``most_tokens`` is the budget."""

    def __init__(self, most_tokens: int | None = None) -> None:
        self.kept: dict[str, Any] = {}
        self.calls: list[Call] = []
        self.facts: dict[tuple[str, str], Any] = {}
        self.most_tokens = most_tokens
        self._lock = Lock()

    def answers(self, keys: Collection[str]) -> Mapping[str, Any]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keep_answers(self, answers: Mapping[str, Any]) -> None:
        with self._lock:
            self.kept.update(answers)

    def note(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)

    def within_budget(self, tokens_in: int, tokens_out: int) -> bool:
        with self._lock:
            spent = sum(call.tokens_in + call.tokens_out for call in self.calls)
        return self.most_tokens is None or spent + tokens_in + tokens_out <= self.most_tokens

    def fact(self, endpoint: str, name: str) -> Any | None:
        return self.facts.get((endpoint, name))

    def keep_fact(self, endpoint: str, name: str, value: Any) -> None:
        self.facts[endpoint, name] = value


def model_at(
    endpoint: Scripted,
    records: InMemory | None = None,
    check_cancelled: Callable[[], None] = lambda: None,
    **changes: Any,
) -> Asking:
    """A model that asks the scripted endpoint; ``changes`` are fields of ``Endpoint``."""
    own = {"base_url": endpoint.base_url, "model": "scripted-1", "concurrency": 1, "retries": 1, "timeout": 10}
    return Asking(Endpoint(**{**own, **changes}), records or InMemory(), check_cancelled)
