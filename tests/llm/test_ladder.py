"""How an endpoint is found to be asked: rungs, parameters, and that it is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.llm.endpoint import endpoint_of
from services.llm.presets import PRESETS
from services.llm.question import Question
from services.settings import Settings
from tests.asking import InMemory, model_at
from tests.endpoint import Received, Step, answering, failing, rejecting, saying, scripted, where
from tests.llm.capitals import RIGHT, Capitals, capital, texts, told, words


def rungs(requests: list[Received]) -> list[str]:
    return [received.asks_for for received in requests]


@pytest.mark.parametrize(
    ("refused", "message", "asked"),
    [
        ((), "", ["json_schema"]),
        (("json_schema",), "This response_format type is unavailable now", ["json_schema", "tool"]),
        (("json_schema", "tool"), "tool_choice is not supported", ["json_schema", "tool", "json_object"]),
        (
            ("json_schema", "tool", "json_object"),
            "'response_format.type' must be 'text'",
            ["json_schema", "tool", "json_object", "text"],
        ),
        (("json_schema", "tool"), "Bad Request", ["json_schema", "tool", "json_object"]),
    ],
)
def test_the_firmest_rung_that_is_not_refused_is_found_once(
    question: Question[Capitals], refused: tuple[str, ...], message: str, asked: list[str]
) -> None:
    records = InMemory()
    with scripted(rejecting(RIGHT, *refused, message=message)) as endpoint:
        first = model_at(endpoint, records).ask(replace(question, most_items=2), words(4))
        model_at(endpoint, records).ask(question, texts("later"))

    assert told(first) == ["WORD 0", "WORD 1", "WORD 2", "WORD 3"]
    assert rungs(endpoint.requests) == [*asked, asked[-1], asked[-1]]


def test_each_rung_sends_what_holds_the_reply_to_its_shape(question: Question[Capitals]) -> None:
    with scripted(rejecting(RIGHT, "json_schema", "tool", "json_object")) as endpoint:
        model_at(endpoint).ask(question, texts("a"))

    schema, tool, as_object, text = (received.body for received in endpoint.requests)
    held = schema["response_format"]["json_schema"]
    assert held["strict"] is True
    assert held["schema"]["properties"]["answers"]["items"]["required"] == ["id", "value"]
    assert tool["tools"][0]["function"]["parameters"] == held["schema"]
    assert tool["tool_choice"] == {"type": "function", "function": {"name": "give_answers"}}
    assert as_object["response_format"] == {"type": "json_object"}
    assert "response_format" not in text
    assert "tools" not in text
    told_schema = [
        "must fit this JSON schema" in body["messages"][0]["content"] for body in (schema, tool, as_object, text)
    ]
    assert told_schema == [False, False, True, True]
    assert all("json" in body["messages"][0]["content"].lower() for body in (schema, as_object))


@pytest.mark.parametrize("content", ["", "Sure! Here are your capitals.", '{"error": "no"}', "[]"])
def test_a_rung_that_is_taken_but_not_kept_to_is_left(question: Question[Capitals], content: str) -> None:
    loose = where(lambda received: received.asks_for in ("json_schema", "tool"), saying(content), RIGHT)
    with scripted(loose) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a"))

    assert told(answers) == ["A"]
    assert rungs(endpoint.requests) == ["json_schema", "tool", "json_object"]


def test_a_rung_that_breaks_the_server_is_tried_twice_and_left(question: Question[Capitals]) -> None:
    broken = where(lambda received: received.asks_for in ("json_schema", "tool"), failing(500, "Internal error"), RIGHT)
    with scripted(broken) as endpoint:
        answers = model_at(endpoint, retries=2).ask(question, texts("a"))

    assert told(answers) == ["A"]
    assert rungs(endpoint.requests) == ["json_schema", "json_schema", "tool", "tool", "json_object"]


def test_a_fault_of_one_batch_does_not_take_a_known_rung_away(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(RIGHT, saying("no"), saying("no"), RIGHT) as endpoint:
        model = model_at(endpoint, records)
        model.ask(question, texts("a"))
        model.ask(question, texts("b"))
        model.ask(question, texts("c"))

    assert set(rungs(endpoint.requests)) == {"json_schema"}


def test_a_known_rung_that_is_refused_one_day_is_left_for_a_lower_one(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(RIGHT, rejecting(RIGHT, "json_schema")) as endpoint:
        model_at(endpoint, records).ask(question, texts("a"))
        model_at(endpoint, records).ask(question, texts("b"))
        model_at(endpoint, records).ask(question, texts("c"))

    assert rungs(endpoint.requests) == ["json_schema", "json_schema", "tool", "tool"]


def test_a_tool_call_may_answer_in_its_text(question: Question[Capitals]) -> None:
    with scripted(rejecting(answering(capital, as_tool=False), "json_schema")) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["A"]


def refusing(name: str, message: str, step: Step = RIGHT, value: Any = ...) -> Step:
    """An endpoint that refuses a parameter, whatever its value or this one."""

    def is_refused(received: Received) -> bool:
        return name in received.body and value in (..., received.body[name])

    return where(is_refused, failing(400, message, param=name), step)


def test_a_temperature_that_a_model_refuses_is_left_out_from_then_on(question: Question[Capitals]) -> None:
    message = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported."
    records = InMemory()
    with scripted(refusing("temperature", message)) as endpoint:
        first = model_at(endpoint, records).ask(question, texts("a"))
        second = model_at(endpoint, records).ask(question, texts("b"))

    assert told(first) + told(second) == ["A", "B"]
    assert ["temperature" in received.body for received in endpoint.requests] == [True, False, False]
    assert set(rungs(endpoint.requests)) == {"json_schema"}


def test_the_longest_reply_goes_by_the_name_that_the_model_takes(question: Question[Capitals]) -> None:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    with scripted(refusing("max_tokens", message)) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["A"]

    assert endpoint.requests[1].body["max_completion_tokens"] == 4096
    assert "max_tokens" not in endpoint.requests[1].body


def test_the_longest_reply_is_as_long_as_the_model_takes(question: Question[Capitals]) -> None:
    message = "Invalid max_tokens value, the valid range of max_tokens is [1, 2048]"
    with scripted(refusing("max_tokens", message, value=4096)) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["A"]

    assert [received.body["max_tokens"] for received in endpoint.requests] == [4096, 2048]


def test_thinking_is_turned_off_where_the_endpoint_wants_that(question: Question[Capitals]) -> None:
    error = failing(400, "parameter.enable_thinking must be set to false for non-streaming calls")
    with scripted(where(lambda received: received.body.get("enable_thinking") is not False, error, RIGHT)) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["A"]

    assert len(endpoint.requests) == 2


def test_an_extra_that_a_model_does_not_know_is_left_out(question: Question[Capitals]) -> None:
    message = "Unrecognized request argument supplied: thinking"
    with scripted(refusing("thinking", message)) as endpoint:
        model = model_at(endpoint, extra={"thinking": {"type": "disabled"}})
        assert told(model.ask(question, texts("a"))) == ["A"]

    assert ["thinking" in received.body for received in endpoint.requests] == [True, False]


def test_a_model_without_a_system_role_is_told_all_in_one_message(question: Question[Capitals]) -> None:
    error = failing(400, "System role not supported")
    with scripted(where(lambda received: received.messages[0]["role"] == "system", error, RIGHT)) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["A"]

    (message,) = endpoint.requests[1].messages
    assert message["content"].startswith("You are careful.")


def test_several_dislikes_are_learnt_one_after_another(question: Question[Capitals]) -> None:
    step = refusing(
        "temperature", "invalid temperature: only 1 is allowed for this model", rejecting(RIGHT, "json_schema")
    )
    step = refusing("max_tokens", "'max_tokens' is not supported, use 'max_completion_tokens'", step)
    records = InMemory()
    with scripted(step) as endpoint:
        assert told(model_at(endpoint, records).ask(question, texts("a"))) == ["A"]
        assert told(model_at(endpoint, records).ask(question, texts("b"))) == ["B"]

    assert len(endpoint.requests) == 5


def test_a_request_that_is_refused_in_every_manner_is_a_bad_request(question: Question[Capitals]) -> None:
    with scripted(failing(400, "I do not like it")) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a"))

    assert told(answers) == ["(bad-request)"]
    assert rungs(endpoint.requests) == ["json_schema", "tool", "json_object", "text"]


def test_what_is_remembered_and_can_not_be_read_is_found_anew(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(RIGHT) as endpoint:
        records.keep_fact(f"{endpoint.base_url} scripted-1", "manner", {"rung": "hop"})
        assert told(model_at(endpoint, records).ask(question, texts("a"))) == ["A"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sends_what_its_endpoint_is_known_to_want(question: Question[Capitals], name: str) -> None:
    with scripted(RIGHT) as endpoint:
        made = endpoint_of(Settings(provider=name, base_url=endpoint.base_url, model="m"), "key")
        assert made is not None
        model_at(endpoint, **{f: getattr(made, f) for f in ("rungs", "extra", "long_reply")}).ask(question, texts("a"))

    body = endpoint.requests[0].body
    assert endpoint.requests[0].asks_for == PRESETS[name].rungs[0]
    assert body[PRESETS[name].long_reply] == 4096
    assert {key: body[key] for key in PRESETS[name].extra} == PRESETS[name].extra


@pytest.mark.parametrize("message", ['"qwen2.5" does not support thinking', "invalid reasoning value: 'none'"])
def test_what_turns_thinking_off_is_left_out_where_a_model_has_none(question: Question[Capitals], message: str) -> None:
    with scripted(refusing("reasoning_effort", message)) as endpoint:
        assert told(model_at(endpoint, extra={"reasoning_effort": "none"}).ask(question, texts("a"))) == ["A"]

    assert [received.asks_for for received in endpoint.requests] == ["json_schema", "json_schema"]
