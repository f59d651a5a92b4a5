"""A command and a service that are killed while they ask a model: what was answered is not paid again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from services.jobs.ledger import Ledger
from services.llm.store import Replies
from services.settings import load_settings
from tests.endpoint import Scripted, scripted, slowly
from tests.jobs.asking_task import PER_CALL, PROGRAM, csv, in_capitals, words
from tests.jobs.long_work import PROJECT, ended, wait_until
from tests.serving import running_service

CALLS = 12
AT_WORK = 3
"""Calls that run side by side, so many of which may be under way when the process is killed."""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.csv"
    path.write_text(csv(CALLS * PER_CALL), "utf-8")
    return path


def surroundings(endpoint: Scripted) -> dict[str, str]:
    """The environment of a process that asks this endpoint."""
    return {
        "DESKHAND_LANGUAGE": "en",
        "DESKHAND_LEASE_SECONDS": "1",
        "DESKHAND_BASE_URL": endpoint.base_url,
        "DESKHAND_MODEL": "scripted-1",
        "DESKHAND_CONCURRENCY": str(AT_WORK),
    }


def start(endpoint: Scripted, *arguments: object) -> subprocess.Popen[bytes]:
    """A command line whose task asks this endpoint, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8", **surroundings(endpoint)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kept() -> int:
    """How many answers are on the disk."""
    file = load_settings().replies_file
    if not file.exists():
        return 0
    replies = Replies(file)
    try:
        return replies.count()
    finally:
        replies.close()


def paid_twice(endpoint: Scripted, kept_before: int) -> list[str]:
    """Texts that were asked more than once; those under way when the process was killed have no reply."""
    times = Counter(item["text"] for item in endpoint.asked)
    twice = [text for text, count in times.items() if count > 1]
    assert len(times) == CALLS * PER_CALL
    assert kept_before + len(twice) <= CALLS * PER_CALL
    return twice


def test_a_command_that_was_killed_asks_only_for_what_had_no_reply(
    texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "1")
    with scripted(slowly(0.15, in_capitals())) as endpoint:
        whole, output = texts.with_name("whole.csv"), texts.with_name("out.csv")
        code, said = ended(start(endpoint, "clean", texts, "-o", whole))
        assert (code, len(endpoint.requests)) == (0, CALLS), said
        code, _ = ended(start(endpoint, "model", "forget", "--yes"))
        assert (code, kept()) == (0, 0)
        endpoint.requests.clear()

        process = start(endpoint, "clean", texts, "-o", output)
        wait_until(lambda: kept() >= 4 * PER_CALL, process)
        process.kill()
        process.communicate()
        before = kept()
        assert before < CALLS * PER_CALL
        assert not output.exists()

        with Ledger(load_settings()) as ledger:
            job = ledger.list()[0]
            wait_until(lambda: ledger.get(job.id).interrupted)
            code, said = ended(start(endpoint, "jobs", "resume", job.id))
            assert code == 0, said
            done = ledger.get(job.id)
        assert output.read_bytes() == whole.read_bytes()
        assert len(paid_twice(endpoint, before)) <= AT_WORK * PER_CALL
        assert (done.state, done.gaps, done.summary["kept"]) == ("done", 0, before)
        replies = Replies(load_settings().replies_file)
        noted = sum(line.items for line in replies.sent(100, job.id))
        replies.close()
        assert noted >= CALLS * PER_CALL - AT_WORK * PER_CALL


def test_a_service_that_was_killed_goes_on_when_it_starts_again(tmp_path: Path) -> None:
    folder = load_settings().folder
    column = ["Text", *words(CALLS * PER_CALL)]
    with scripted(slowly(0.15, in_capitals())) as endpoint:
        with running_service(folder, PROGRAM, **surroundings(endpoint)) as service:
            call = {"grids": [{"sheet": "S", "columns": [column]}]}
            job = service.request("POST", "/v1/tasks/clean", call).json["job"]
            wait_until(lambda: kept() >= 4 * PER_CALL, service.process)
            service.kill()
            before = kept()
            assert before < CALLS * PER_CALL

        with running_service(folder, PROGRAM, **surroundings(endpoint)) as service:
            done = service.finished(job)
        assert (done["state"], done["changes"], done["gaps"], done["kept"]) == ("done", CALLS * PER_CALL, 0, before)
        assert len(paid_twice(endpoint, before)) <= AT_WORK * PER_CALL


def test_two_commands_at_one_time_share_what_is_kept(texts: Path) -> None:
    with scripted(in_capitals()) as endpoint:
        first = start(endpoint, "clean", texts, "-o", texts.with_name("one.csv"))
        second = start(endpoint, "clean", texts, "-o", texts.with_name("two.csv"))
        assert [ended(first)[0], ended(second)[0]] == [0, 0]
        asked = len(endpoint.requests)
        code, said = ended(start(endpoint, "clean", texts, "-o", texts.with_name("three.csv")))

        assert (code, len(endpoint.requests)) == (0, asked), said
    assert CALLS <= asked <= 2 * CALLS
    one, two, three = (texts.with_name(f"{name}.csv").read_bytes() for name in ("one", "two", "three"))
    assert one == two == three
