"""The log of what left, as the page tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from services.llm.records import Call
from services.llm.store import Replies, ToKeep
from tests.serving import Service, running_service
from tests.visiting import visitor

TRAP = "</pre><script>alert(1)</script>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests of this file."""
    with running_service(tmp_path_factory.mktemp("sent") / "data", DESKHAND_LANGUAGE="en") as running:
        yield running


@pytest.fixture
def own(running: Service) -> Service:
    """The service, without what earlier tests have written into its log."""
    for file in running.folder.glob("replies.sqlite3*"):
        file.unlink()
    return running


def note(service: Service, job: str, **changes: Any) -> None:
    """Write a request into the log, as a job does."""
    known: dict[str, Any] = {
        "when": datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
        "purpose": "clean.values",
        "host": "api.example.com",
        "model": "m-1",
        "is_local": False,
        "items": 3,
        "outcome": "answered",
        "tokens_in": 1200,
        "tokens_out": 34,
        "seconds": 0.5,
        "request": json.dumps([{"role": "user", "content": "Leeds\n利兹"}]),
        "reply": '{"answers": []}',
    }
    call = Call(**{**known, **changes})
    with closing(Replies(service.folder / "replies.sqlite3")) as replies:
        replies.keep({}, [ToKeep(call, job, "clean", 0.0123, "CNY", with_request=True)])


def test_it_says_plainly_that_nothing_ever_left_and_makes_no_file_for_that(own: Service) -> None:
    told = visitor(own).get("/sent").text

    assert "Nothing has ever left: no model was asked." in told
    assert not (own.folder / "replies.sqlite3").exists()


def test_each_request_is_told_with_time_place_purpose_size_cost_and_text(own: Service) -> None:
    note(own, "abc")

    told = visitor(own).get("/sent").text

    for words in (
        "api.example.com",
        "Cleaning: values that rules left open",
        "m-1",
        "tokens sent: 1,200, received: 34",
        "0.0123 CNY",
    ):
        assert words in told
    assert "[user]\nLeeds\n利兹" in told
    assert '<a href="/jobs/abc">' in told
    assert "All of it stayed on this computer." not in told


def test_the_codes_of_the_log_are_told_in_words(own: Service) -> None:
    note(own, "abc", purpose="fill.tag", error="extra-ids: 3")
    note(own, "xyz", outcome="failed", error="timed-out: 120 s")

    told = visitor(own).get("/sent").text

    assert "New column: template tag" in told
    assert "The model gave 3 answers to nothing that was asked; none was taken." in told
    assert "timed-out:" not in told
    assert "(120 s)" in told


def test_the_log_of_one_job_has_its_requests_alone_and_its_sum(own: Service) -> None:
    note(own, "abc")
    note(own, "xyz", host="other.example.com", tokens_in=7, tokens_out=1)

    all_of_it, of_one = visitor(own).get("/sent").text, visitor(own).get("/sent?job=xyz").text

    assert "<dd>1,242</dd>" in all_of_it
    assert "<dd>8</dd>" in of_one
    assert "api.example.com" not in of_one
    assert "This job has sent nothing." in visitor(own).get("/sent?job=none").text


def test_texts_of_models_and_of_cells_are_shown_and_never_run(own: Service) -> None:
    trap = dict.fromkeys(("host", "model", "reply", "error", "purpose"), TRAP)
    note(own, "abc", **trap, request=json.dumps([{"role": TRAP, "content": TRAP}]))
    note(own, "abc", request=TRAP, reply="\ud800")

    told = visitor(own).get("/sent").text

    assert "<script>" not in told
    assert told.count("&lt;/pre&gt;&lt;script&gt;") == 8


def test_what_a_call_of_a_tool_holds_is_told_as_it_was_sent(own: Service) -> None:
    sent = json.dumps([{"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}])
    note(own, "abc", request=sent)

    assert "tool_calls" in visitor(own).get("/sent").text
