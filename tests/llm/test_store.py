"""What is kept of models' replies: answers, the log of what left, and the file's troubles."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.errors import LedgerError
from services.llm.store import Replies, Sent, Spent, ToKeep
from tests.full_disk import room_for
from tests.llm.calls import NOON, call, logged

PROJECT = Path(__file__).resolve().parent.parent.parent
ENOUGH = 60.0
"""Seconds."""


def told(do: Callable[[], object]) -> LedgerError:
    """The error that something ends in, which has texts in both languages that name the file."""
    with pytest.raises(LedgerError) as caught:
        do()
    for language in ("en", "zh"):
        assert "replies.sqlite3" in caught.value.what(language)
        assert caught.value.todo(language)
    return caught.value


def test_an_answer_is_found_by_its_key_and_a_later_one_takes_its_place(replies: Replies) -> None:
    replies.keep({"a": {"value": "北京"}, "b": [1, None]})
    replies.keep({"b": [2]})

    assert replies.answers(["a", "b", "c"]) == {"a": {"value": "北京"}, "b": [2]}
    assert replies.count() == 2
    assert replies.forget() == 2
    assert replies.answers(["a", "b"]) == {}


def test_many_keys_are_asked_for_at_once(replies: Replies) -> None:
    replies.keep({str(n): n for n in range(2500)})

    assert replies.answers([str(n) for n in range(5000)]) == {str(n): n for n in range(2500)}


def test_answers_made_before_a_moment_can_be_left_out(replies: Replies) -> None:
    replies.keep({"old": 1})
    since = datetime.now(UTC)
    replies.keep({"new": 2})

    assert replies.answers(["old", "new"], since=since) == {"new": 2}


def test_the_log_tells_what_left_the_last_first(replies: Replies) -> None:
    replies.keep({}, [logged(call(request="[...]", reply="{}"), job="one", cost=0.5)])
    replies.keep({}, [logged(call(purpose="fill.tag", outcome="failed", error="HTTP 500"), job="two")])

    second, first = replies.sent(10)
    assert first == Sent(
        n=1,
        when=NOON,
        job="one",
        task="clean",
        purpose="clean.values",
        host="api.example.com",
        model="small",
        is_local=False,
        items=3,
        outcome="answered",
        tokens_in=100,
        tokens_out=20,
        seconds=1.5,
        cost=0.5,
        currency="EUR",
        request="",
        reply="{}",
        error="",
    )
    assert (second.job, second.purpose, second.outcome, second.error) == ("two", "fill.tag", "failed", "HTTP 500")
    assert [line.n for line in replies.sent(1)] == [2]
    assert [line.n for line in replies.sent(10, "one")] == [1]


def test_the_text_of_a_request_is_kept_where_the_person_wishes_so(replies: Replies) -> None:
    replies.keep({}, [logged(call(request="你好 \ud800"), with_request=True)])

    assert replies.sent(1)[0].request == "你好 ?"


def test_what_a_job_has_spent_is_summed(replies: Replies) -> None:
    assert replies.spent("one") == Spent()
    replies.keep({}, [logged(call(), job="one", cost=0.25), logged(call(tokens_out=30), job="one", cost=0.5)])
    replies.keep({}, [logged(call(), job="other"), logged(call(when=NOON - timedelta(hours=1)), job="one", cost=1.0)])

    assert replies.spent("one") == Spent(3, 300, 70, 1.75, "EUR")
    assert replies.spent("one", since=NOON) == Spent(2, 200, 50, 0.75, "EUR")


def test_what_is_known_of_an_endpoint_is_remembered(replies: Replies) -> None:
    assert replies.facts("http://a") == {}
    replies.keep({}, (), {("http://a", "rung"): "text"})
    replies.keep({}, (), {("http://a", "rung"): {"kind": "json_schema"}, ("http://a", "ratio"): 1.5})

    assert replies.facts("http://a") == {"rung": {"kind": "json_schema"}, "ratio": 1.5}
    assert replies.facts("http://b") == {}


def test_old_lines_and_answers_that_nobody_uses_are_forgotten(replies: Replies, file: Path) -> None:
    now = datetime.now(UTC)
    replies.keep({"used": 1, "unused": 2}, [logged(call(when=now - timedelta(days=40))), logged(call(when=now))])
    with closing(sqlite3.connect(file)) as books, books:
        books.execute("UPDATE answers SET made = 0, used = 0")
    replies.answers(["used"])

    assert replies.purge(now, 30) == 1

    assert replies.answers(["used", "unused"]) == {"used": 1}
    assert [line.n for line in replies.sent(10)] == [2]


def test_answers_and_log_are_written_together_or_not_at_all(replies: Replies) -> None:
    broken = logged(call(host=None))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        replies.keep({"a": 1}, [broken])

    assert (replies.count(), replies.sent(10)) == (0, [])


def test_a_file_held_by_another_program_can_be_read_and_not_written(replies: Replies, file: Path) -> None:
    replies.keep({"a": 1})
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert replies.answers(["a"]) == {"a": 1}
        assert told(lambda: replies.keep({"b": 2})).code == "replies-locked"


def test_no_room_left_is_told_and_what_was_there_stays(replies: Replies) -> None:
    replies.keep({"a": 1})
    replies.close()
    with room_for(30):
        assert told(lambda: replies.keep({"b": "x" * 1_000_000})).code == "replies-disk-full"
        assert replies.answers(["a", "b"]) == {"a": 1}


def test_a_damaged_file_and_one_of_a_newer_deskhand_are_told_and_left_alone(file: Path) -> None:
    file.write_bytes(b"not a database at all, but long enough to be one" * 30)
    assert told(lambda: Replies(file)).code == "replies-damaged"
    file.unlink()
    Replies(file).close()
    with closing(sqlite3.connect(file)) as books:
        books.execute("PRAGMA user_version=9")

    assert told(lambda: Replies(file)).code == "replies-version"


def test_a_file_whose_place_is_taken_by_a_folder_is_out_of_reach(file: Path) -> None:
    file.mkdir()

    assert told(lambda: Replies(file)).code == "replies-unreachable"


def _write(path: str, name: str) -> None:
    replies = Replies(Path(path))
    for n in range(50):
        replies.keep({f"{name}{n}": n}, [ToKeep(call(), name, "clean", None, "", False)])
    replies.close()


def test_several_processes_write_into_one_file(replies: Replies, file: Path) -> None:
    writers = [multiprocessing.get_context("spawn").Process(target=_write, args=(str(file), name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(ENOUGH)

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert replies.count() == 100
    assert (replies.spent("a").calls, replies.spent("b").calls) == (50, 50)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is for POSIX")
def test_what_was_said_to_be_kept_is_there_after_a_kill(replies: Replies, file: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom services.llm.store import Replies\n"
        f"replies = Replies(Path({str(file)!r}))\n"
        "for n in range(100000):\n    replies.keep({str(n): n})\n    print(n, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    said += [int(line) for line in process.stdout.read().split()]
    process.wait(ENOUGH)
    process.stdout.close()

    kept = replies.answers([str(n) for n in range(said[-1] + 2)])
    assert {str(n): n for n in said}.items() <= kept.items()
