"""Replies that are wrong in part or as a whole: what is taken of them, what is asked again, and what is given up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.llm.question import Canary, Question, Unanswered
from tests.asking import InMemory, model_at
from tests.endpoint import (
    Received,
    answering,
    cut_off,
    failing,
    saying,
    scripted,
    where,
)
from tests.llm.capitals import RIGHT, Capitals, capital, texts, told, words


def test_items_that_are_left_out_are_asked_again_by_themselves(question: Question[Capitals]) -> None:
    with scripted(answering(capital, edit=lambda answers: answers[:3]), RIGHT) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a", "b", "c", "d", "e"))

    assert told(answers) == ["A", "B", "C", "D", "E"]
    assert [len(received.items) for received in endpoint.requests] == [5, 2]


def test_an_item_that_is_always_left_out_is_missing_and_only_it(question: Question[Capitals]) -> None:
    def without_c(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [answer for answer in answers if answer["value"] != "C"]

    with scripted(answering(capital, edit=without_c)) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a", "b", "c", "d"))

    assert told(answers) == ["A", "B", "(missing)", "D"]


def test_invented_ids_are_passed_over_and_counted(question: Question[Capitals]) -> None:
    records = InMemory()
    extra = answering(capital, edit=lambda answers: [*answers, {"id": "77", "value": "X"}, {"id": "x", "value": "Y"}])
    with scripted(extra) as endpoint:
        answers = model_at(endpoint, records).ask(question, texts("a", "b"))

    assert told(answers) == ["A", "B"]
    assert records.calls[0].error == "extra-ids: 2"


def test_an_id_answered_twice_differently_has_no_answer_until_it_has_one(
    question: Question[Capitals],
) -> None:
    twice = answering(capital, edit=lambda answers: [*answers, {"id": answers[0]["id"], "value": "OTHER"}])
    with scripted(twice, RIGHT) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a", "b"))

    assert told(answers) == ["A", "B"]
    assert [len(received.items) for received in endpoint.requests] == [2, 1]


def test_an_id_answered_twice_with_the_same_value_is_answered(question: Question[Capitals]) -> None:
    with scripted(answering(capital, edit=lambda answers: answers * 2)) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a", "b"))

    assert told(answers) == ["A", "B"]
    assert len(endpoint.requests) == 1


def test_an_answer_of_the_wrong_type_is_invalid_with_its_reason(question: Question[Capitals]) -> None:
    with scripted(answering(lambda item: {"value": ["A"]})) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a"))

    assert answers == [Unanswered("invalid", "value: Input should be a valid string")]


def test_a_reply_that_grew_too_long_is_split(question: Question[Capitals]) -> None:
    def long_for_many(received: Received) -> bool:
        return len(received.items) > 2

    with scripted(where(long_for_many, cut_off(RIGHT, after=30), RIGHT)) as endpoint:
        answers = model_at(endpoint).ask(question, words(8))

    assert told(answers) == [f"WORD {number}" for number in range(8)]
    assert [len(received.items) for received in endpoint.requests] == [8, 4, 4, 2, 2, 2, 2]


def test_of_a_reply_that_was_cut_off_the_whole_answers_are_kept(question: Question[Capitals]) -> None:
    with scripted(cut_off(RIGHT, after=100), RIGHT) as endpoint:
        answers = model_at(endpoint).ask(question, words(4))

    assert told(answers) == ["WORD 0", "WORD 1", "WORD 2", "WORD 3"]
    assert [len(received.items) for received in endpoint.requests] == [4, 2]


def test_one_item_whose_reply_is_always_cut_off_says_so(question: Question[Capitals]) -> None:
    with scripted(cut_off(RIGHT, after=20)) as endpoint:
        assert told(model_at(endpoint).ask(question, texts("a"))) == ["(cut-off)"]


@pytest.mark.parametrize(
    "refusing",
    [saying("", finish="content_filter"), saying(None, message={"refusal": "I can't help with that."})],
    ids=["by a filter", "by the model"],
)
def test_a_refused_batch_is_split_until_the_refused_item_stands_alone(
    question: Question[Capitals], refusing: Any
) -> None:
    def holds_bad(received: Received) -> bool:
        return any(item["text"] == "bad" for item in received.items)

    with scripted(where(holds_bad, refusing, RIGHT)) as endpoint:
        answers = model_at(endpoint).ask(question, texts("a", "b", "bad", "c"))

    assert told(answers) == ["A", "B", "(refused)", "C"]


def test_a_refusal_by_status_is_a_refusal_too(question: Question[Capitals]) -> None:
    inspected = failing(400, "Input data may contain inappropriate content.", code="data_inspection_failed")
    with scripted(RIGHT, inspected) as endpoint:
        model = model_at(endpoint)
        model.ask(question, texts("a"))
        assert told(model.ask(question, texts("bad"))) == ["(refused)"]


def test_a_blank_reply_is_asked_for_once_more(question: Question[Capitals]) -> None:
    with scripted(RIGHT, saying(""), RIGHT) as endpoint:
        model = model_at(endpoint)
        model.ask(question, texts("a"))
        answers = model.ask(question, texts("b", "c"))

    assert told(answers) == ["B", "C"]
    assert [len(received.items) for received in endpoint.requests] == [1, 2, 2]


def test_no_choices_and_no_usage_are_a_blank_reply(question: Question[Capitals]) -> None:
    empty = saying("", raw='{"id": "1", "choices": []}')
    with scripted(RIGHT, empty, RIGHT) as endpoint:
        model = model_at(endpoint)
        model.ask(question, texts("a"))
        assert told(model.ask(question, texts("b"))) == ["B"]


def test_tokens_are_estimated_where_the_endpoint_counts_none(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(answering(capital, usage=False)) as endpoint:
        model_at(endpoint, records).ask(question, texts("a"))

    assert 100 < records.calls[0].tokens_in < 400
    assert records.calls[0].tokens_out > 0


def test_an_endpoint_that_only_talks_is_given_up_after_a_few_calls(question: Question[Capitals]) -> None:
    with scripted(saying("I am happy to help you with that!")) as endpoint:
        answers = model_at(endpoint).ask(replace(question, most_items=4), words(200))

    assert set(told(answers)) == {"(missing)"}
    assert len(endpoint.requests) < 20


def test_a_canary_that_comes_back_changed_voids_its_whole_batch(question: Question[Capitals]) -> None:
    canaries = [Canary({"text": "known"}, lambda answer: answer.value == "KNOWN")]
    spoilt = answering(lambda item: {"value": "2024-01-01"})
    records = InMemory()
    with scripted(spoilt) as endpoint:
        answers = model_at(endpoint, records).ask(replace(question, canaries=canaries), words(6))

    assert told(answers) == ["(canary)"] * 6
    assert records.kept == {}
    assert [call.outcome for call in records.calls] == ["void"]


def test_canaries_travel_in_every_batch_where_nothing_tells_them_apart(question: Question[Capitals]) -> None:
    canaries = [Canary({"text": text}, lambda answer: True) for text in ("known 1", "known 2")]
    with scripted(RIGHT) as endpoint:
        answers = model_at(endpoint).ask(replace(question, canaries=canaries, most_items=10), words(40))
        first = [received.items for received in endpoint.requests]
        model_at(endpoint).ask(replace(question, canaries=canaries, most_items=10), words(40))
        second = [received.items for received in endpoint.requests[4:]]

    assert told(answers) == [f"WORD {number}" for number in range(40)]
    assert first == second
    assert all([item["id"] for item in items] == [str(n) for n in range(1, 13)] for items in first)
    places = [tuple(i for i, item in enumerate(items) if item["text"].startswith("known")) for items in first]
    assert all(len(place) == 2 for place in places)
    assert len(set(places)) > 1


def test_a_batch_whose_canary_is_left_out_is_not_trusted(question: Question[Capitals]) -> None:
    canaries = [Canary({"text": "known"}, lambda answer: answer.value == "KNOWN")]

    def without_canary(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [answer for answer in answers if answer["value"] != "KNOWN"]

    with scripted(answering(capital, edit=without_canary), RIGHT) as endpoint:
        answers = model_at(endpoint).ask(replace(question, canaries=canaries), words(4))

    assert told(answers) == ["WORD 0", "WORD 1", "WORD 2", "WORD 3"]
    assert [len(received.items) for received in endpoint.requests] == [5, 3, 3]


def test_batches_keep_to_the_room_of_the_model(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as endpoint:
        long = [{"text": f"{number} " + "lorem ipsum " * 40} for number in range(12)]
        model_at(endpoint, context_tokens=1500, max_tokens=700).ask(question, long)

    assert len(endpoint.requests) > 3
    assert all(received.body["max_tokens"] == 700 for received in endpoint.requests)
    assert all(len(received.text) < 4 * 1500 for received in endpoint.requests)


def test_an_item_that_no_room_holds_is_not_sent(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as endpoint:
        answers = model_at(endpoint, context_tokens=1000).ask(question, texts("a", "long " * 4000, "b"))

    assert told(answers) == ["A", "(too-long)", "B"]
    assert all(len(received.text) < 4000 for received in endpoint.requests)


def test_a_prompt_that_is_cut_short_without_a_word_is_noticed_split_and_remembered(
    question: Question[Capitals],
) -> None:
    def short(received: Received) -> Any:
        whole = len(received.text) // 4
        played = RIGHT(received)
        if whole <= 2000:
            return replace(played, tokens_in=whole)
        return replace(answering(capital, edit=lambda answers: answers[-3:])(received), tokens_in=900)

    records = InMemory()
    long = [{"text": f"{number} " + "lorem ipsum dolor " * 30} for number in range(24)]
    with scripted(RIGHT, short) as endpoint:
        model = model_at(endpoint, records, context_tokens=32_000, max_tokens=16_000)
        model.ask(question, texts("a"))
        answers = model.ask(question, long)
        sizes = [len(received.items) for received in endpoint.requests]
        model_at(endpoint, records, context_tokens=32_000, max_tokens=16_000).ask(question, [{"text": "n" * 3000}] * 2)

    assert told(answers) == [item["text"].upper() for item in long]
    assert sizes[1] == 24
    assert [call.outcome for call in records.calls][1] == "void"
    assert max(sizes[2:]) < 12
    assert records.fact(endpoint.base_url + " scripted-1", "context")["found"] < 2000


def test_a_request_that_the_endpoint_calls_too_long_is_split(question: Question[Capitals]) -> None:
    error = failing(400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded")
    with scripted(where(lambda received: len(received.items) > 3, error, RIGHT)) as endpoint:
        answers = model_at(endpoint).ask(question, words(6))

    assert told(answers) == [f"WORD {number}" for number in range(6)]


@pytest.mark.parametrize("counted", [2048, 2050, 4096, 4097])
def test_a_count_that_ends_at_a_round_number_too_early_is_a_prompt_cut_short(
    question: Question[Capitals], counted: int
) -> None:
    def cut(received: Received) -> Any:
        whole = len(received.text) // 4
        return replace(RIGHT(received), tokens_in=whole if whole <= counted else counted)

    records = InMemory()
    long = [{"text": f"{number} " + "lorem ipsum dolor " * 40} for number in range(counted * 5 // 4 // 160)]
    with scripted(cut) as endpoint:
        model = model_at(endpoint, records, context_tokens=64_000, max_tokens=32_000)
        answers = model.ask(question, long)

    assert told(answers) == [item["text"].upper() for item in long]
    assert records.calls[0].outcome == "void"
    assert len(endpoint.requests) >= 3


def test_a_reply_that_ends_at_the_context_teaches_how_much_room_there_is(question: Question[Capitals]) -> None:
    records = InMemory()

    def short(received: Received) -> Any:
        played = replace(RIGHT(received), tokens_in=900)
        if len(received.items) <= 4:
            return played
        return replace(played, content=(played.content or "")[:900], finish="length")

    long = [{"text": f"{number} " + "lorem ipsum dolor " * 4} for number in range(24)]
    with scripted(short) as endpoint:
        answers = model_at(endpoint, records, context_tokens=32_000, max_tokens=16_000).ask(question, long)

    assert all(not text.startswith("(") for text in told(answers))
    assert 1000 < records.fact(f"{endpoint.base_url} scripted-1", "context")["found"] <= 1200


def test_a_first_reply_of_another_shape_leads_a_rung_lower_even_with_canaries(question: Question[Capitals]) -> None:
    canaries = [Canary({"text": "known"}, lambda answer: answer.value == "KNOWN")]
    other = answering(lambda item: {"capitals": item["text"].upper()})
    with scripted(where(lambda received: received.asks_for == "json_object", RIGHT, other)) as endpoint:
        answers = model_at(endpoint).ask(replace(question, canaries=canaries), words(3))

    assert told(answers) == ["WORD 0", "WORD 1", "WORD 2"]
    assert [received.asks_for for received in endpoint.requests] == ["json_schema", "tool", "json_object"]
