"""Endpoints that fail: what is tried again, what is split, what ends at once, and what waits."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from services.llm.faults import status_fault
from services.llm.question import Question, Unanswered
from tests.asking import InMemory, model_at
from tests.endpoint import (
    Received,
    dropping,
    failing,
    saying,
    scripted,
    showing_html,
    slowly,
    where,
)
from tests.llm.capitals import RIGHT, Capitals, texts, told, words


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (failing(401, "Incorrect API key provided"), "unauthorized"),
        (failing(403, "Forbidden"), "unauthorized"),
        (failing(402, "Insufficient Balance"), "unauthorized"),
        (failing(429, "You exceeded your current quota", code="insufficient_quota"), "unauthorized"),
        (failing(404, "The model `gpt-9` does not exist", code="model_not_found"), "no-such-model"),
        (failing(404, "model 'qwen' not found, try pulling it first"), "no-such-model"),
        (failing(400, "Model Not Exist"), "no-such-model"),
        (failing(400, "Model does not exist. Please check it carefully."), "no-such-model"),
        (failing(400, "模型不存在，请检查模型代码"), "no-such-model"),
        (failing(404, "Not Found"), "unreachable"),
        (failing(302, headers={"Location": "https://elsewhere.example/v1"}), "unreachable"),
    ],
)
def test_what_no_other_call_would_better_ends_at_once(question: Question[Capitals], step: Any, why: str) -> None:
    with scripted(step) as endpoint:
        model = model_at(endpoint, retries=3)
        answers = model.ask(replace(question, most_items=2), words(10))
        again = model.ask(question, texts("z"))

    assert told(answers) == [f"({why})"] * 10
    assert told(again) == [f"({why})"]
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_is_not_there_is_unreachable(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as endpoint:
        pass
    answers = model_at(endpoint, retries=0).ask(replace(question, most_items=1), words(3))

    assert told(answers) == ["(unreachable)"] * 3
    first = answers[0]
    assert isinstance(first, Unanswered)
    assert endpoint.base_url.split("/")[2] in first.detail


@pytest.mark.parametrize(
    "headers",
    [{"retry-after-ms": "300"}, {"Retry-After": "0.3"}, {"retry-after-ms": "300", "Retry-After": "60"}],
)
def test_a_wish_to_wait_is_granted_and_holds_for_all_calls(
    question: Question[Capitals], headers: dict[str, str]
) -> None:
    with scripted(RIGHT, failing(429, "Slow down", headers), slowly(0.15, RIGHT)) as endpoint:
        answers = model_at(endpoint, concurrency=3).ask(replace(question, most_items=1), words(7))

    assert told(answers) == [f"WORD {number}" for number in range(7)]
    limited = endpoint.requests[1].at
    assert all(received.at - limited >= 0.28 for received in endpoint.requests[4:])


def test_an_endpoint_that_wants_an_hour_is_not_waited_for(question: Question[Capitals]) -> None:
    with scripted(failing(429, "Come back later", {"Retry-After": "3600"})) as endpoint:
        answers = model_at(endpoint, retries=5).ask(question, words(3))

    assert told(answers) == ["(rate-limited)"] * 3
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    "step",
    [failing(500, "oops"), failing(503, "overloaded"), failing(408), dropping(), dropping(after=40), showing_html()],
    ids=["500", "503", "408", "closed", "closed in the middle", "a page"],
)
def test_a_passing_fault_is_tried_again(question: Question[Capitals], step: Any) -> None:
    records = InMemory()
    with scripted(RIGHT, step, RIGHT) as endpoint:
        model = model_at(endpoint, records)
        model.ask(question, texts("a"))
        answers = model.ask(question, texts("b", "c"))

    assert told(answers) == ["B", "C"]
    assert [call.outcome for call in records.calls] == ["answered", "failed", "answered"]


def test_a_page_of_a_proxy_is_told_by_its_title(question: Question[Capitals]) -> None:
    with scripted(showing_html(title="Sign in &amp; surf")) as endpoint:
        answers = model_at(endpoint, retries=0).ask(question, texts("a"))

    assert answers == [Unanswered("unreachable", "Sign in & surf")]


def test_a_batch_that_breaks_the_server_is_split_and_only_the_item_that_does_it_is_lost(
    question: Question[Capitals],
) -> None:
    broken = where(lambda received: "word 5" in received.text, failing(500, "oops"), RIGHT)
    with scripted(RIGHT, broken) as endpoint:
        model = model_at(endpoint, retries=0)
        model.ask(question, texts("a"))
        answers = model.ask(question, words(8))

    assert [text for text in told(answers) if text.startswith("(")] == ["(server-error)"]
    assert told(answers)[5] == "(server-error)"


def test_a_server_that_stays_broken_is_given_up_soon(question: Question[Capitals]) -> None:
    with scripted(RIGHT, failing(502, "Bad gateway")) as endpoint:
        model = model_at(endpoint, retries=0)
        model.ask(question, texts("a"))
        answers = model.ask(replace(question, most_items=4), words(100))

    assert set(told(answers)) == {"(server-error)"}
    assert len(endpoint.requests) == 1 + 4


def test_a_batch_that_takes_too_long_is_made_smaller(question: Question[Capitals]) -> None:
    slow = where(lambda received: len(received.items) > 2, slowly(1.6, RIGHT), RIGHT)
    with scripted(slow) as endpoint:
        answers = model_at(endpoint, timeout=1).ask(question, words(4))

    assert told(answers) == [f"WORD {number}" for number in range(4)]
    assert [len(received.items) for received in endpoint.requests] == [4, 2, 2]


def test_one_item_that_takes_too_long_timed_out(question: Question[Capitals]) -> None:
    with scripted(slowly(1.5, RIGHT)) as endpoint:
        answers = model_at(endpoint, timeout=1, retries=0).ask(question, texts("a"))

    assert answers == [Unanswered("timed-out", "1 s")]


def test_no_more_requests_leave_in_a_minute_than_are_allowed(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as endpoint:
        model = model_at(endpoint, concurrency=4, requests_per_minute=600)
        model.ask(question, words(1))
        begun = time.monotonic()
        model.ask(replace(question, most_items=1), words(7)[1:])

    assert len(endpoint.requests) == 7
    assert endpoint.requests[-1].at - begun >= 0.5


@pytest.mark.parametrize(
    "message",
    [
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "Model deepseek-x: json mode is not available",
        "This model does not support tool calls, unknown function",
        "Invalid value for temperature: unknown for this model",
    ],
)
def test_a_model_that_lacks_something_is_not_taken_for_one_that_is_not_there(message: str) -> None:
    assert status_fault(400, {}, f'{{"error": {{"message": "{message}"}}}}').why == "bad-request"


@pytest.mark.parametrize(
    ("status", "body", "why", "detail"),
    [
        (
            400,
            "{\"error\": \"'response_format.type' must be 'json_schema'\"}",
            "bad-request",
            "400 'response_format.type'",
        ),
        (
            400,
            '{"code": 20012, "message": "Model does not exist."}',
            "no-such-model",
            "400 Model does not exist. (20012)",
        ),
        (422, '{"detail": [{"msg": "field required"}, "x"]}', "bad-request", "422 field required; x"),
        (400, '{"error": {"code": "1301", "message": "内容包含敏感信息"}}', "refused", "400 内容包含敏感信息 (1301)"),
        (502, "<html><head><title>502 Bad  Gateway</title></head></html>", "server-error", "502 502 Bad Gateway"),
        (407, "", "unreachable", "407"),
        (413, "", "too-long", "413"),
        (400, '{"error": {"message": "the request exceeds the context size", "n_ctx": 4096}}', "too-long", "400 the"),
        (503, '{"error": {"message": "Loading model"}}', "server-error", "503 Loading model"),
    ],
)
def test_endpoints_say_the_same_in_many_ways(status: int, body: str, why: str, detail: str) -> None:
    fault = status_fault(status, {}, body)

    assert fault.why == why
    assert fault.detail.startswith(detail)


def test_a_connection_that_one_item_breaks_loses_that_item_only(question: Question[Capitals]) -> None:
    breaking = where(lambda received: "word 2" in received.text, dropping(after=20), RIGHT)
    with scripted(RIGHT, breaking) as endpoint:
        model = model_at(endpoint, retries=0)
        model.ask(question, texts("a"))
        answers = model.ask(question, words(4))

    assert told(answers) == ["WORD 0", "WORD 1", "(unreachable)", "WORD 3"]


def test_an_endpoint_that_says_too_early_without_saying_when_is_given_time(question: Question[Capitals]) -> None:
    early = failing(429, "Too many requests")
    with scripted(early, early, RIGHT) as endpoint:
        assert told(model_at(endpoint, retries=1).ask(question, texts("a"))) == ["A"]

    assert endpoint.requests[2].at - endpoint.requests[0].at >= 2.9


def test_a_slow_model_is_asked_about_as_much_as_it_answers_in_time(question: Question[Capitals]) -> None:
    def slow(received: Received) -> Any:
        played = RIGHT(received)
        return replace(played, seconds=len(played.content or "") / 3 / 400)  # 400 tokens a second

    records = InMemory()
    with scripted(slow) as endpoint:
        answers = model_at(endpoint, records, timeout=1, retries=0).ask(question, words(100))
        sizes = [len(received.items) for received in endpoint.requests]
        model_at(endpoint, records, timeout=1, retries=0).ask(question, texts(*(f"other {n}" for n in range(50))))

    assert told(answers) == [f"WORD {number}" for number in range(100)]
    assert sizes[0] == 50
    assert max(sizes[1:]) < 40
    assert len(endpoint.requests[len(sizes)].items) < 40
    assert [call.error for call in records.calls].count("timed-out: 1 s") <= 2


@pytest.mark.parametrize("opening", ["<html><title>", "<title", "model ", "{"])
def test_an_error_that_is_made_to_keep_us_busy_does_not(opening: str) -> None:
    begun = time.perf_counter()

    fault = status_fault(400, {}, opening * 500_000)
    assert fault.why in ("bad-request", "no-such-model")
    assert time.perf_counter() - begun < 5


def test_a_refusal_as_long_as_a_book_is_told_by_its_begin(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(saying("", message={"refusal": "No. " * 100_000})) as endpoint:
        answers = model_at(endpoint, records).ask(question, words(1))

    assert answers == [Unanswered("refused", "No. " * 100)]
    assert records.calls[0].error == "No. " * 100
