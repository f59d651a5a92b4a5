"""Trying an endpoint: what is found, what is said of it, and what is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from services.llm.endpoint import Endpoint
from services.llm.question import WhyNot
from services.llm.testing import Tried, try_endpoint
from services.messages import message
from tests.asking import InMemory
from tests.endpoint import Scripted, answering, failing, rejecting, saying, scripted, showing_html, slowly

NUMBERS = answering(lambda item: {"number": 7 if "7" in item["text"] else 21})


def tried_at(endpoint: Scripted, records: InMemory | None = None, **changes: Any) -> Tried:
    own: dict[str, Any] = {"base_url": endpoint.base_url, "model": "scripted-1", "key": "key", "retries": 0}
    return try_endpoint(Endpoint(**{**own, **changes}), records or InMemory(), "en")


def test_a_model_that_answers_works() -> None:
    records = InMemory()
    with scripted(rejecting(NUMBERS, "json_schema")) as endpoint:
        tried = tried_at(endpoint, records)

    assert (tried.works, tried.told, tried.why) == (True, "tried.works", None)
    assert (tried.rung, tried.rungs) == ("tool", {"json_schema": False, "tool": True})
    assert (tried.is_reached, tried.is_listed, tried.models) == (True, True, ("scripted-1",))
    assert tried.is_local
    assert tried.seconds is not None
    assert tried.tokens_in > 100
    assert [call.purpose for call in records.calls] == ["model.test", "model.test"]
    assert records.kept == {}
    assert records.fact(f"{endpoint.base_url} scripted-1", "manner")["rung"] == "tool"


def test_a_rung_that_was_found_before_is_looked_for_anew() -> None:
    records = InMemory()
    with scripted(rejecting(NUMBERS, "json_schema", "tool"), NUMBERS) as endpoint:
        tried_at(endpoint, records)
    with scripted(NUMBERS) as endpoint:
        assert tried_at(endpoint, records).rung == "json_schema"


def test_a_model_whose_replies_nothing_holds_works_loosely() -> None:
    with scripted(rejecting(NUMBERS, "json_schema", "tool")) as endpoint:
        assert tried_at(endpoint).told == "tried.works_loosely"


@pytest.mark.parametrize("step", [saying("Hello!"), answering(lambda item: {"number": 7})], ids=["talks", "is wrong"])
def test_a_model_that_can_not_answer_a_simple_question_works_badly(step: Any) -> None:
    with scripted(step) as endpoint:
        tried = tried_at(endpoint)

    assert (tried.works, tried.told, tried.is_reached) == (False, "tried.works_badly", True)


@pytest.mark.parametrize(
    ("step", "why", "is_reached"),
    [
        (failing(401, "Incorrect API key provided"), "unauthorized", True),
        (failing(404, "The model `x` does not exist"), "no-such-model", True),
        (failing(429, "Slow down"), "rate-limited", True),
        (failing(500, "oops"), "server-error", True),
        (slowly(1.4, NUMBERS), "timed-out", True),
        (showing_html(), "unreachable", False),
    ],
)
def test_a_fault_is_told_with_what_to_do(step: Any, why: WhyNot, is_reached: bool) -> None:
    with scripted(step) as endpoint:
        tried = tried_at(endpoint, timeout=1)

    assert (tried.works, tried.why, tried.told, tried.is_reached) == (False, why, f"unanswered.{why}", is_reached)
    assert tried.text("zh") == message(f"unanswered.{why}", "zh")
    assert tried.detail


def test_a_model_that_is_not_in_the_list_is_tried_all_the_same() -> None:
    with scripted(NUMBERS, models=("other",)) as endpoint:
        tried = tried_at(endpoint)

    assert (tried.works, tried.is_listed, tried.models) == (True, False, ("other",))


def test_an_endpoint_without_a_list_is_tried_all_the_same() -> None:
    with scripted(NUMBERS, models=()) as endpoint:
        assert (tried_at(endpoint).works, tried_at(endpoint).is_listed) == (True, None)


def test_an_endpoint_that_is_not_there_is_not_reached() -> None:
    with scripted(NUMBERS) as endpoint:
        pass

    tried = tried_at(endpoint)

    assert (tried.works, tried.why, tried.is_reached, tried.models) == (False, "unreachable", False, ())


def test_only_local_endpoints_are_tried_where_only_they_are_allowed() -> None:
    tried = try_endpoint(Endpoint("http://model.example/v1", "m", local_only=True), InMemory(), "en")

    assert (tried.works, tried.why, tried.is_reached) == (False, "not-local", False)
