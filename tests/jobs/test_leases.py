"""Who works on a job: leases that lapse, workers that lose them, several processes that want the same job."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from services.errors import Conflict
from services.jobs.ledger import MOST_ATTEMPTS, Ledger, LostLease
from services.jobs.model import Job, SourceRef, Surface
from services.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent.parent


def add(ledger: Ledger, surface: Surface = "http") -> Job:
    return ledger.add("clean", {}, SourceRef("grids"), surface=surface, language="en")


@pytest.fixture
def brief(tmp_path: Path) -> Ledger:
    """A ledger whose leases last a second."""
    return Ledger(load_settings(folder=tmp_path, lease_seconds=1))


def lapse(ledger: Ledger, job: Job) -> None:
    """Wait until the worker of a job has given no sign of life for the time of its lease."""
    while not ledger.get(job.id).interrupted:
        time.sleep(0.05)


def test_jobs_are_taken_in_the_order_they_came_and_only_those_of_the_service(ledger: Ledger) -> None:
    add(ledger, "cli")
    first, second = add(ledger), add(ledger)

    taken = [ledger.take("me"), ledger.take("you"), ledger.take("me")]

    assert [(job.id, job.owner, job.state, job.attempts) if job else None for job in taken] == [
        (first.id, "me", "running", 1),
        (second.id, "you", "running", 1),
        None,
    ]


def test_a_job_whose_worker_is_gone_is_taken_by_another_and_the_first_one_can_write_nothing_more(
    brief: Ledger,
) -> None:
    job = add(brief)
    brief.take("first")
    assert brief.take("second") is None
    lapse(brief, job)

    taken = brief.take("second")

    assert taken is not None
    assert (taken.id, taken.attempts) == (job.id, 2)
    with pytest.raises(LostLease):
        brief.heartbeat(job.id, "first")
    with pytest.raises(LostLease):
        brief.progress(job.id, "first", 1, 2, "rule.dates")
    assert not brief.finish(job.id, "first", "done", summary={"changes": 9})
    brief.give_back(job.id, "first")
    now = brief.get(job.id)
    assert (now.state, now.owner, now.summary, now.total) == ("running", "second", {}, 0)


def test_a_lease_from_before_the_clock_was_set_back_is_over(ledger: Ledger) -> None:
    http, cli = add(ledger), add(ledger, "cli")
    ledger.take("first")
    ledger.claim(cli.id, "first")
    with closing(sqlite3.connect(ledger.settings.ledger_file)) as books, books:
        books.execute("UPDATE jobs SET lease_until = lease_until + 86400")  # as if the clock had stood a day later

    assert [ledger.get(job.id).interrupted for job in (http, cli)] == [True, True]
    taken = ledger.take("second")
    assert (taken is not None and taken.id, ledger.claim(cli.id, "second").id) == (http.id, cli.id)


def test_the_longest_lease_is_none_of_those(tmp_path: Path) -> None:
    with Ledger(load_settings(folder=tmp_path, lease_seconds=3600)) as ledger:
        job = add(ledger)
        ledger.take("first")

        assert not ledger.get(job.id).interrupted
        assert ledger.take("second") is None


def test_a_worker_that_slept_goes_on_where_nobody_took_its_job(brief: Ledger) -> None:
    job = add(brief)
    brief.take("me")
    lapse(brief, job)

    assert brief.heartbeat(job.id, "me") is False
    assert not brief.get(job.id).interrupted
    assert brief.take("second") is None


def test_a_job_that_never_ends_is_failed_after_some_attempts_and_can_be_resumed(ledger: Ledger) -> None:
    job = add(ledger)
    for _ in range(MOST_ATTEMPTS):
        assert ledger.take("me") is not None
        ledger.release_orphans("http")

    assert ledger.take("me") is None

    failed = ledger.get(job.id)
    assert failed.error is not None
    assert (failed.state, failed.error.code) == ("failed", "job-keeps-failing")
    assert "was started 3 times" in failed.error.what("en")
    ledger.resume(job.id)
    assert ledger.take("me") is not None


def test_a_job_given_back_waits_as_before(ledger: Ledger) -> None:
    job = add(ledger)
    ledger.take("me")

    ledger.give_back(job.id, "me")

    waiting = ledger.get(job.id)
    assert (waiting.state, waiting.owner, waiting.attempts) == ("queued", None, 0)


def test_orphans_of_one_surface_are_released_and_the_other_keeps_its_own(ledger: Ledger) -> None:
    service, command = add(ledger), add(ledger, "cli")
    ledger.take("dead")
    ledger.claim(command.id, "alive")

    assert ledger.release_orphans("http") == 1

    assert (ledger.get(service.id).state, ledger.get(command.id).state) == ("queued", "running")


def test_a_job_cancelled_while_its_worker_is_gone_is_not_taken_again(ledger: Ledger) -> None:
    job = add(ledger)
    ledger.take("dead")
    ledger.cancel(job.id)
    ledger.release_orphans("http")

    assert ledger.take("me") is None
    assert ledger.get(job.id).state == "cancelled"


def test_a_claimed_job_is_nobody_elses(ledger: Ledger) -> None:
    job = add(ledger, "cli")
    ledger.claim(job.id, "me")

    with pytest.raises(Conflict) as caught:
        ledger.claim(job.id, "you")
    assert caught.value.code == "job-running"
    assert 1 <= int(str(caught.value.parameters["seconds"])) <= 30

    ledger.finish(job.id, "me", "done")
    with pytest.raises(Conflict) as caught:
        ledger.claim(job.id, "me")
    assert caught.value.code == "job-not-resumable"


TAKER = """
import sys, time
from pathlib import Path
from services.errors import Conflict
from services.jobs.ledger import Ledger
from services.settings import load_settings

owner, command = sys.argv[1:]
with Ledger(load_settings()) as ledger:
    Path(ledger.settings.folder, owner).touch()
    while not Path(ledger.settings.folder, "go").exists():
        time.sleep(0.001)
    while True:
        try:
            print(ledger.claim(command, owner).id)
        except Conflict as error:
            assert error.code == "job-running", error.code
        job = ledger.take(owner)
        if job is None:
            break
        print(job.id)
        ledger.finish(job.id, owner, "done")
"""
"""A process that takes all the jobs it can get from the moment on that all of them are told to."""


def test_processes_that_race_for_jobs_never_get_the_same_one(ledger: Ledger) -> None:
    command = add(ledger, "cli")
    wanted = [add(ledger).id for _ in range(60)]
    owners = ["one", "two", "three"]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, owner, command.id], cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )
        for owner in owners
    ]
    folder = ledger.settings.folder
    while not all((folder / owner).exists() for owner in owners):
        assert all(racer.poll() is None for racer in racers)
        time.sleep(0.01)
    (folder / "go").touch()
    taken = [racer.communicate()[0].split() for racer in racers]

    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert sorted(id for ids in taken for id in ids) == sorted([*wanted, command.id])
    assert {job.attempts for job in ledger.list(limit=100)} == {1}
