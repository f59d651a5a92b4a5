"""The service's workers: a job from the queue to its result, and every way in which it can end."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from time import sleep

import pytest

from services.errors import Conflict, NotFound
from services.jobs import runner as runner_module
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.jobs.runner import Runner
from services.jobs.work import load_result, store_grids
from services.settings import Settings
from services.tasks.context import TaskContext
from services.workbook.grid import DateSerial, Grid
from services.workbook.placing import sha256_of
from tests.cli.orders import CSV
from tests.jobs.small_tasks import Found, register

LONG = 60.0
"""Seconds that nothing here comes near to."""


@pytest.fixture
def runner(settings: Settings, ledger: Ledger) -> Iterator[Runner]:
    """The workers, started."""
    workers = Runner(settings, ledger)
    workers.start()
    yield workers
    workers.stop()


def submit(ledger: Ledger, runner: Runner, source: SourceRef, *grids: Grid, task: str = "clean") -> Job:
    job = ledger.add(
        task, {}, source, surface="http", language="en", prepare=lambda job: store_grids(job, grids) if grids else None
    )
    runner.wake()
    return job


def small(ledger: Ledger, runner: Runner) -> Job:
    grid = Grid(columns=([1],), first_row=1, sheet="S")
    return submit(ledger, runner, SourceRef("grids", name="book.xlsx"), grid, task="small")


def test_grids_that_a_host_sent_are_cleaned_and_the_result_is_read_back_whole(ledger: Ledger, runner: Runner) -> None:
    grid = Grid(
        columns=([" Leeds ", *["Leeds"] * 20], [DateSerial(45000.0 + n) for n in range(21)]),
        header=("City", "Day"),
        first_row=2,
        sheet="订单",
    )

    job = runner.wait(submit(ledger, runner, SourceRef("grids", name="book.xlsx"), grid).id, LONG)

    assert (job.state, job.error) == ("done", None)
    assert job.summary == {
        "engine": "rules",
        "changes": 1,
        "safe": 1,
        "review": 0,
        "flags": 0,
        "gaps": 0,
        "tables": [{"sheet": "订单", "range": "A2:B22", "header": ["City", "Day"]}],
    }
    (table,) = load_result(job).tables
    (change,) = table.changes.changes
    assert (change.row, change.column, change.before, change.after) == (0, 0, " Leeds ", "Leeds")
    assert table.grid.fingerprint() == grid.fingerprint()


def test_an_uploaded_file_is_cleaned(ledger: Ledger, runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(CSV.encode())
    upload = ledger.add_upload("orders.csv", path, path.stat().st_size)

    job = runner.wait(submit(ledger, runner, SourceRef("upload", upload, "orders.csv", sha256_of(path))).id, LONG)

    assert (job.state, job.summary["changes"], job.summary["flags"]) == ("done", 2, 1)


def test_an_error_names_an_uploaded_file_as_the_person_does(ledger: Ledger, runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "0f3a.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    upload = ledger.add_upload("订单.xlsx", path, path.stat().st_size)

    job = runner.wait(submit(ledger, runner, SourceRef("upload", upload, "订单.xlsx")).id, LONG)

    assert (job.state, job.error_parameters["file"]) == ("failed", "订单.xlsx")


def test_a_file_that_is_another_by_now_is_not_worked_on(ledger: Ledger, runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(CSV.encode())

    job = runner.wait(submit(ledger, runner, SourceRef("path", str(path), "orders.csv", "0" * 64)).id, LONG)

    assert (job.state, job.error_code) == ("failed", "job-source-changed")
    assert job.error is not None
    assert job.error.what("en") == f"orders.csv is no longer as it was when job {job.id} began. Nothing was written."


def test_an_error_that_a_person_can_act_on_is_kept_with_the_job(ledger: Ledger, runner: Runner, tmp_path: Path) -> None:
    job = runner.wait(submit(ledger, runner, SourceRef("path", str(tmp_path / "none.csv"), "none.csv")).id, LONG)

    assert (job.state, job.error_code, job.error_parameters) == ("failed", "file-missing", {"file": "none.csv"})
    with pytest.raises(Conflict) as caught:
        load_result(job)
    assert caught.value.code == "job-not-done"


def test_a_fault_of_ours_fails_the_job_with_its_place_and_the_worker_goes_on(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(context: TaskContext) -> str:
        raise ZeroDivisionError("by nothing")

    register(monkeypatch, run)
    job = runner.wait(small(ledger, runner).id, LONG)
    assert (job.state, job.error_code) == ("failed", "unexpected")
    assert str(job.error_parameters["detail"]).startswith("ZeroDivisionError: by nothing (test_runner.py:")
    assert "ZeroDivisionError" in caplog.text

    register(monkeypatch, lambda context: "found")
    job = runner.wait(small(ledger, runner).id, LONG)
    assert load_result(job) == Found(text="found")


def until(wanted: Event) -> Callable[[TaskContext], str]:
    """A task that says that it runs, and then runs until it is stopped."""

    def run(context: TaskContext) -> str:
        wanted.set()
        while True:
            context.check_cancelled()
            Event().wait(0.01)

    return run


def test_a_row_that_nobody_can_read_ends_no_worker(
    settings: Settings, ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "IDLE_SECONDS", 0.05)
    register(monkeypatch, lambda context: "found")
    with closing(sqlite3.connect(settings.ledger_file)) as books, books:
        job = ledger.add("clean", {}, SourceRef("grids"), surface="http", language="en")
        books.execute("UPDATE jobs SET source = 'no json' WHERE id = ?", (job.id,))
    runner.wake()
    sleep(0.5)  # long enough for both workers to look
    with closing(sqlite3.connect(settings.ledger_file)) as books, books:
        books.execute("DELETE FROM jobs")

    after = small(ledger, runner)

    assert runner.wait(after.id, LONG).state == "done"


def test_a_running_job_is_cancelled_and_leaves_no_result(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Event()
    register(monkeypatch, until(running))
    job = small(ledger, runner)
    assert running.wait(LONG)

    ledger.cancel(job.id)

    job = runner.wait(job.id, LONG)
    assert (job.state, job.cancel_wanted, job.owner) == ("cancelled", False, None)
    assert [path.name for path in job.folder.iterdir()] == ["source.tsv"]


def test_stopping_the_service_puts_its_jobs_back_and_the_next_start_does_them(
    settings: Settings, ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Event()
    register(monkeypatch, until(running))
    job = small(ledger, runner)
    assert running.wait(LONG)

    runner.stop(LONG)
    waiting = ledger.get(job.id)
    assert (waiting.state, waiting.attempts, waiting.owner) == ("queued", 0, None)

    register(monkeypatch, lambda context: "found")
    again = Runner(settings, ledger)
    again.start()
    assert again.wait(job.id, LONG).state == "done"
    again.stop(LONG)


def test_a_worker_whose_job_went_to_another_writes_nothing(
    settings: Settings, ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, go_on, ended = Event(), Event(), Event()

    def run(context: TaskContext) -> str:
        running.set()
        go_on.wait(LONG)
        ended.set()
        return "found"

    register(monkeypatch, run)
    job = small(ledger, runner)
    assert running.wait(LONG)
    with closing(sqlite3.connect(settings.ledger_file)) as books, books:
        books.execute("UPDATE jobs SET owner='another worker'")

    go_on.set()
    assert ended.wait(LONG)
    runner.stop(LONG)

    assert (ledger.get(job.id).state, ledger.get(job.id).owner) == ("running", "another worker")
    assert [path.name for path in job.folder.iterdir()] == ["source.tsv"]


def test_no_room_for_a_result_fails_the_job_and_it_can_be_resumed(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    register(monkeypatch, lambda context: "found")
    workers = Runner(settings, ledger)
    job = small(ledger, workers)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        workers.start()
        job = workers.wait(job.id, LONG)
        assert (job.state, job.error_code) == ("failed", "output-disk-full")
        assert [path.name for path in job.folder.iterdir()] == ["source.tsv"]

    ledger.resume(job.id)
    workers.wake()
    assert load_result(workers.wait(job.id, LONG)) == Found(text="found")
    workers.stop(LONG)


def test_waiting_ends_with_the_time_given_where_the_job_does_not(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Event()
    register(monkeypatch, until(running))
    job = small(ledger, runner)
    assert running.wait(LONG)

    assert runner.wait(job.id, 0.05).state == "running"
    with pytest.raises(NotFound):
        runner.wait("nothing", LONG)


def test_a_worker_that_idles_is_woken_by_a_new_job(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, lambda context: "found")
    monkeypatch.setattr(runner_module, "IDLE_SECONDS", 10 * LONG)
    workers = Runner(settings, ledger)
    workers.start()
    assert workers.wait(small(ledger, workers).id, LONG).state == "done"

    assert workers.wait(small(ledger, workers).id, LONG).state == "done"
    workers.stop(LONG)


def test_a_job_that_another_process_queued_is_found_without_a_word(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, lambda context: "found")
    monkeypatch.setattr(runner_module, "IDLE_SECONDS", 0.05)
    workers = Runner(settings, ledger)
    workers.start()

    job = small(ledger, Runner(settings, ledger))

    while not ledger.get(job.id).is_finished:
        Event().wait(0.02)
    workers.stop(LONG)


def test_a_result_that_was_deleted_or_damaged_is_told(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = Grid(columns=(["a"] * 3,), header=("x",), first_row=2, sheet="S")
    job = runner.wait(submit(ledger, runner, SourceRef("grids", name="b"), grid).id, LONG)
    kept = job.folder / "result.json"
    for content in ('{"cut', json.dumps({"other": "thing"})):
        kept.write_text(content, "utf-8")
        with pytest.raises(NotFound, match="no longer there"):
            load_result(job)
    kept.unlink()
    with pytest.raises(NotFound, match="no longer there"):
        load_result(job)


def test_progress_reaches_the_ledger_in_few_writes(
    settings: Settings, ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(settings.ledger_file)) as books, books:
        books.execute("CREATE TABLE told (done INTEGER)")
        books.execute(
            "CREATE TRIGGER tell AFTER UPDATE OF done ON jobs WHEN NEW.done <> OLD.done "
            "BEGIN INSERT INTO told VALUES (NEW.done); END"
        )
    told = Event()

    def run(context: TaskContext) -> str:
        for done in range(1, 100_001):
            context.progress(done, 100_000, "rule.dates")
        while ledger.get(job_id[0]).done < 100_000:
            Event().wait(0.02)
        told.set()
        return "found"

    register(monkeypatch, run)
    job_id: list[str] = []
    job_id.append(small(ledger, Runner(settings, ledger)).id)
    runner.wake()
    job = runner.wait(job_id[0], LONG)

    assert told.is_set()
    assert (job.done, job.total, job.what) == (100_000, 100_000, "rule.dates")
    with closing(sqlite3.connect(settings.ledger_file)) as books:
        ((writes,),) = books.execute("SELECT count(*) FROM told")
    assert 1 <= writes <= 100
