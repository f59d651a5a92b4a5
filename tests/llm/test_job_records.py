"""What one job writes down, what it may spend, and that nothing that was paid is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest

from services.errors import LedgerError
from services.llm.endpoint import Endpoint
from services.llm.job_records import Budget, JobFacts, RecordsOfJob
from services.llm.store import Replies, Spent
from services.sqlite_file import BUSY_SECONDS
from tests.llm.calls import call, logged

FREE = Endpoint("https://api.example.com/v1", "small", "sk-12345")
EURO = Endpoint("https://api.example.com/v1", "small", price_in=2.0, price_out=10.0, currency="EUR")


def records(
    replies: Replies, facts: JobFacts | None = None, budget: Budget | None = None, endpoint: Endpoint = FREE
) -> RecordsOfJob:
    return RecordsOfJob(replies, facts or JobFacts("job", "clean"), budget or Budget(), endpoint)


def test_a_call_is_noted_with_its_job_and_what_it_cost(replies: Replies) -> None:
    own = records(replies, endpoint=EURO)

    own.note(call(tokens_in=1_000_000, tokens_out=500_000, request="secret text"))

    (line,) = replies.sent(10)
    assert (line.job, line.task, line.cost, line.currency, line.request) == ("job", "clean", 7.0, "EUR", "")
    assert replies.spent("job") == Spent(1, 1_000_000, 500_000, 7.0, "EUR")


def test_kept_answers_are_counted_and_a_fresh_job_uses_none_from_before(replies: Replies) -> None:
    replies.keep({"old": 1})
    own = records(replies)
    fresh = records(replies, JobFacts("job", answers_since=datetime.now(UTC)))

    assert (own.answers(["old", "new"]), own.used) == ({"old": 1}, 1)
    assert (fresh.answers(["old"]), fresh.used) == ({}, 0)
    fresh.keep_answers({"old": 2})
    fresh.note(call())
    assert fresh.answers(["old"]) == {"old": 2}  # as a fresh job that was stopped goes on
    own.answers(["old"])
    assert (own.used, fresh.used) == (1, 0)  # neither twice, nor what a run has asked for itself


def test_what_is_known_of_an_endpoint_is_read_once_and_kept_for_the_next_job(replies: Replies) -> None:
    replies.keep({}, (), {("http://a", "ratio"): 1.5})
    own = records(replies)
    assert (own.fact("http://a", "ratio"), own.fact("http://a", "rung")) == (1.5, None)
    replies.keep({}, (), {("http://a", "ratio"): 2.5})

    own.keep_fact("http://a", "rung", "text")
    own.keep_fact("http://b", "rung", "tool")

    assert (own.fact("http://a", "ratio"), own.fact("http://a", "rung")) == (1.5, "text")
    assert own.fact("http://b", "rung") == "tool"
    assert replies.facts("http://b") == {}
    own.close()
    other = records(replies)
    assert [other.fact("http://a", name) for name in ("ratio", "rung")] == [2.5, "text"]


def test_answers_are_written_with_the_call_that_gave_them(replies: Replies) -> None:
    own = records(replies)

    own.keep_answers({"a": 1})
    assert replies.count() == 0
    own.note(call())

    assert (replies.answers(["a"]), len(replies.sent(10))) == ({"a": 1}, 1)


def test_a_key_is_never_written_whoever_repeats_it(replies: Replies, file: Path) -> None:
    own = records(replies, JobFacts("job", with_request=True))

    own.note(call(request="Bearer sk-12345", reply="you sent sk-12345", error="Incorrect API key: sk-12345."))

    (line,) = replies.sent(1)
    assert (line.request, line.reply, line.error) == ("Bearer ***", "you sent ***", "Incorrect API key: ***.")
    replies.close()
    assert b"sk-12345" not in file.read_bytes()


def test_a_budget_of_tokens_counts_what_was_spent_before(replies: Replies) -> None:
    replies.keep({}, [logged(call(tokens_in=600, tokens_out=200), job="job")])
    own = records(replies, budget=Budget(tokens=1000))

    assert not own.within_budget(150, 51)
    assert own.within_budget(150, 50)
    own.note(call(tokens_in=100, tokens_out=20))
    assert own.within_budget(60, 20)
    assert not own.within_budget(61, 20)


def test_a_budget_counts_from_the_moment_the_job_was_taken_up_again(replies: Replies) -> None:
    replies.keep({}, [logged(call(tokens_in=5000), job="job")])
    own = records(replies, JobFacts("job", budget_since=datetime.now(UTC)), Budget(tokens=1000))

    assert own.within_budget(900, 100)


def test_a_budget_of_money_counts_by_the_prices(replies: Replies) -> None:
    own = records(replies, budget=Budget(money=3.0), endpoint=EURO)

    assert own.within_budget(1_000_000, 100_000)
    assert not own.within_budget(1_000_001, 100_000)
    own.note(call(tokens_in=1_000_000, tokens_out=0))
    assert own.within_budget(0, 100_000)
    assert not own.within_budget(0, 100_001)


def test_a_call_under_way_in_one_thread_takes_its_part_of_the_budget_from_all_others(replies: Replies) -> None:
    own = records(replies, budget=Budget(tokens=2000))
    start, granted = Barrier(8), list[int]()

    def work() -> None:
        start.wait()
        for _ in range(20):
            if own.within_budget(80, 20):
                granted.append(1)
                own.note(call(tokens_in=80, tokens_out=20))

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(granted) == 20
    assert replies.spent("job") == Spent(20, 1600, 400)
    assert not own.within_budget(1, 0)


def test_a_thread_that_asks_again_gives_its_first_place_back(replies: Replies) -> None:
    own = records(replies, budget=Budget(tokens=100))

    assert own.within_budget(60, 0)
    assert own.within_budget(100, 0)


def test_what_can_not_be_written_just_now_stops_the_job_and_is_written_at_its_end(
    replies: Replies, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.sqlite_file.BUSY_SECONDS", 0.1)
    assert BUSY_SECONDS > 0.1
    own = records(Replies(file))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        own.keep_answers({"a": 1})
        own.keep_fact("http://a", "rung", "text")
        with pytest.raises(LedgerError) as caught:
            own.note(call(reply="paid"))
        assert caught.value.code == "replies-locked"

    own.close()

    assert replies.answers(["a"]) == {"a": 1}
    assert [line.reply for line in replies.sent(10)] == ["paid"]


def test_closing_a_job_that_can_never_write_ends_all_the_same(
    replies: Replies, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.sqlite_file.BUSY_SECONDS", 0.1)
    own = records(Replies(file))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError):
            own.note(call())
        own.close()

    assert replies.sent(10) == []
