"""Prompts that are shown and not sent."""

from __future__ import annotations

from dataclasses import replace

from services.llm.question import Question
from services.llm.showing import Shown
from tests.asking import InMemory, model_at
from tests.endpoint import scripted
from tests.llm.capitals import RIGHT, Capitals, texts, told, words


def test_prompts_are_shown_as_they_would_be_sent_and_nothing_is(question: Question[Capitals]) -> None:
    asked = replace(question, most_items=2)
    with scripted(RIGHT) as endpoint:
        shown = Shown(model_at(endpoint).endpoint, InMemory())
        answers = shown.ask(asked, words(3))
        assert endpoint.requests == []
        model_at(endpoint).ask(asked, words(3))
        sent = [tuple(message["content"] for message in received.messages) for received in endpoint.requests]

    assert told(answers) == ["(only-shown)"] * 3
    assert [(prompt.system, prompt.user) for prompt in shown.prompts] == sent
    assert [(prompt.purpose, prompt.items) for prompt in shown.prompts] == [("test.capitals", 2), ("test.capitals", 1)]


def test_what_is_kept_is_not_among_what_would_be_sent(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(RIGHT) as endpoint:
        model_at(endpoint, records).ask(question, texts("a"))
        shown = Shown(model_at(endpoint).endpoint, records)
        answers = shown.ask(question, texts("a", "b"))

    assert told(answers) == ["A", "(only-shown)"]
    assert '"text": "a"' not in shown.prompts[0].user
    assert shown.estimate(question, texts("a", "b")).known == 1
