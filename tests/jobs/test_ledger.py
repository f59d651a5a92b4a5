"""The ledger as surfaces see it: adding, listing, cancelling and resuming jobs, uploads, applications, the purge."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.errors import Conflict, InputError, NotFound
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.settings import Settings, load_settings

GRIDS = SourceRef("grids", name="orders.xlsx")


def add(ledger: Ledger, **changes: object) -> Job:
    known = {"surface": "http", "language": "en", "title": "Orders", "workbook": "orders.xlsx"}
    return ledger.add("clean", {"region": "CN"}, GRIDS, **{**known, **changes})  # type: ignore[arg-type]


def test_a_job_comes_back_as_it_was_added(ledger: Ledger, settings: Settings) -> None:
    source = SourceRef("path", "/data/orders.xlsx", "orders.xlsx", "ab" * 32)
    added = ledger.add("clean", {"sheet": "订单"}, source, surface="cli", language="zh", wishes={"apply": "all"})

    job = ledger.get(added.id)
    assert (job.task, job.state, job.surface, job.language) == ("clean", "queued", "cli", "zh")
    assert (job.request, job.wishes, job.source) == ({"sheet": "订单"}, {"apply": "all"}, source)
    assert job.folder == settings.jobs_folder / job.id
    assert len(job.id) == 12
    assert job.id.isalnum()
    assert abs(datetime.now(UTC) - job.created) < timedelta(minutes=1)
    assert (job.started, job.finished, job.error, job.owner, job.attempts) == (None, None, None, None, 0)


def test_what_a_job_needs_is_in_its_folder_before_a_worker_can_take_it(ledger: Ledger) -> None:
    seen: list[Job | None] = []

    def prepare(job: Job) -> None:
        job.folder.mkdir(parents=True)
        seen.append(ledger.take("me"))

    job = add(ledger, prepare=prepare)

    assert seen == [None]
    taken = ledger.take("me")
    assert taken is not None
    assert (taken.id, taken.folder.is_dir()) == (job.id, True)


def test_a_job_that_cannot_be_prepared_is_not_there(ledger: Ledger, settings: Settings) -> None:
    def prepare(job: Job) -> None:
        job.folder.mkdir(parents=True)
        raise InputError("cells-or-file")

    with pytest.raises(InputError):
        add(ledger, prepare=prepare)

    assert list(ledger.list()) == []
    assert list(settings.jobs_folder.iterdir()) == []


def test_a_name_with_half_a_character_can_be_kept(ledger: Ledger) -> None:
    broken = "a\udcff.csv"
    source = SourceRef("path", f"/data/{broken}", broken)

    job = ledger.add("clean", {}, source, surface="cli", language="en", title=broken)

    assert ledger.get(job.id).source == source
    assert ledger.get(job.id).title == "a?.csv"


def test_jobs_are_listed_newest_first_by_state_and_workbook(ledger: Ledger) -> None:
    first, second, third = add(ledger), add(ledger, workbook="other.xlsx"), add(ledger)
    ledger.cancel(first.id)

    assert [job.id for job in ledger.list()] == [third.id, second.id, first.id]
    assert [job.id for job in ledger.list(limit=1)] == [third.id]
    assert [job.id for job in ledger.list(states=["cancelled"])] == [first.id]
    assert [job.id for job in ledger.list(workbook="orders.xlsx")] == [third.id, first.id]


def test_an_unknown_job_is_told(ledger: Ledger) -> None:
    with pytest.raises(NotFound) as caught:
        ledger.get("nothing")

    assert (caught.value.code, caught.value.parameters) == ("unknown-job", {"job": "nothing"})


def test_cancelling_ends_a_waiting_job_and_asks_a_running_one_to_stop(ledger: Ledger) -> None:
    waiting = add(ledger)
    assert ledger.cancel(waiting.id).state == "cancelled"

    running = add(ledger)
    ledger.take("me")
    assert (ledger.cancel(running.id).state, ledger.heartbeat(running.id, "me")) == ("running", True)
    ledger.finish(running.id, "me", "cancelled")

    done = add(ledger)
    ledger.take("me")
    ledger.finish(done.id, "me", "done")
    assert ledger.cancel(done.id).state == "done"


def test_a_failed_or_cancelled_job_is_resumed_with_its_parts_and_others_are_not(ledger: Ledger) -> None:
    job = add(ledger)
    ledger.take("me")
    ledger.keep(job.id, "part", [1, "二", None])
    ledger.finish(job.id, "me", "failed", error=InputError("sheet-missing", file="a.xlsx", sheet="S"))
    failed = ledger.get(job.id)
    assert failed.error is not None
    assert failed.error.what("en") == "The file a.xlsx has no sheet named S."

    resumed = ledger.resume(job.id)

    assert (resumed.state, resumed.error, resumed.finished, resumed.attempts) == ("queued", None, None, 0)
    assert (ledger.kept(job.id, "part"), ledger.items(job.id)) == ([1, "二", None], ["part"])
    for state in ("queued", "running", "done"):
        with pytest.raises(Conflict) as caught:
            ledger.resume(job.id)
        assert caught.value.code == ("job-running" if state == "running" else "job-not-resumable")
        if state == "queued":
            ledger.take("me")
        elif state == "running":
            ledger.finish(job.id, "me", "done")


def test_a_command_that_was_stopped_before_it_began_can_be_resumed(ledger: Ledger) -> None:
    job = add(ledger, surface="cli")

    assert ledger.resume(job.id).state == "queued"
    assert ledger.claim(job.id, "me").state == "running"


def test_the_parts_of_a_job_that_is_done_are_gone(ledger: Ledger) -> None:
    job = add(ledger)
    ledger.take("me")
    ledger.keep(job.id, "part", 1)
    ledger.keep(job.id, "part", 2)
    assert ledger.kept(job.id, "part") == 2

    ledger.progress(job.id, "me", 3, 7, "rule.dates")
    ledger.finish(job.id, "me", "done", summary={"changes": 5})

    job = ledger.get(job.id)
    assert (job.state, job.summary, job.done, job.total, ledger.items(job.id)) == ("done", {"changes": 5}, 7, 7, [])


def test_an_upload_is_found_by_its_id(ledger: Ledger, tmp_path: Path) -> None:
    id = ledger.add_upload("订单.xlsx", tmp_path / "x" / "订单.xlsx", 12)

    upload = ledger.upload(id)
    assert (upload.name, upload.path, upload.size) == ("订单.xlsx", tmp_path / "x" / "订单.xlsx", 12)
    with pytest.raises(NotFound, match="no uploaded file"):
        ledger.upload("nothing")


def test_applications_of_a_job_are_counted_and_the_last_applied_job_comes_first(ledger: Ledger) -> None:
    first, second = add(ledger), add(ledger)
    assert (ledger.add_application(second.id, "orders.xlsx", 4), ledger.last_application(first.id)) == (1, None)
    assert [job.id for job in ledger.list(applied=True)] == []  # prepared only: nothing is written yet

    ledger.set_application(second.id, 1, state="written", written=3, conflicts={"4": "edited"})
    assert ledger.add_application(first.id, "orders.xlsx", 2) == 1
    ledger.set_application(first.id, 1, state="partly", written=1, conflicts={})
    assert [job.id for job in ledger.list(applied=True)] == [first.id, second.id]

    assert ledger.add_application(second.id, "orders.xlsx", 1) == 2
    ledger.set_application(second.id, 2, state="undone", written=0, conflicts={})
    last = ledger.last_application(second.id)
    assert last is not None
    assert (last.n, last.state, last.stands) == (2, "undone", False)
    one = ledger.application(second.id, 1)
    assert (one.accepted, one.written, one.conflicts, one.stands) == (4, 3, {"4": "edited"}, True)
    assert [each.n for each in ledger.applications(second.id)] == [1, 2]
    assert [job.id for job in ledger.list(applied=False)] == []
    with pytest.raises(NotFound, match="under the number 3"):
        ledger.application(second.id, 3)


def test_the_purge_forgets_what_ended_long_ago_with_its_files_and_leaves_the_rest(tmp_path: Path) -> None:
    settings = load_settings(folder=tmp_path, keep_days=10)
    with Ledger(settings) as ledger:
        settings.uploads_folder.mkdir()
        uploads = []
        for name in ("unneeded.xlsx", "needed.xlsx"):
            (settings.uploads_folder / name).write_bytes(b"book")
            uploads.append(ledger.add_upload("book.xlsx", settings.uploads_folder / name, 4))

        def prepare(job: Job) -> None:
            job.folder.mkdir(parents=True)
            (job.folder / "source.tsv").write_text("cells", "utf-8")

        done = add(ledger, prepare=prepare)
        ledger.take("me")
        ledger.add_application(done.id, "orders.xlsx", 1)
        ledger.keep(done.id, "part", 1)
        ledger.finish(done.id, "me", "failed")
        waiting = ledger.add(
            "clean", {}, SourceRef("upload", uploads[1]), surface="http", language="en", prepare=prepare
        )
        left_lying = add(ledger, surface="cli")
        (settings.jobs_folder / "of-a-crash").mkdir()
        settings.journals_folder.mkdir()
        (settings.journals_folder / f"{done.id}-1.json").write_text("{}", "utf-8")
        now = datetime.now(UTC)

        assert ledger.purge(now + timedelta(days=9)) == 0
        assert len(list(settings.jobs_folder.iterdir())) == 3
        assert ledger.purge(now + timedelta(days=11)) == 2

        assert [job.id for job in ledger.list()] == [waiting.id]
        assert (ledger.applications(done.id), ledger.items(done.id)) == ([], [])
        for gone in (done.id, left_lying.id):
            with pytest.raises(NotFound):
                ledger.get(gone)
        with pytest.raises(NotFound):
            ledger.upload(uploads[0])
        assert ledger.upload(uploads[1]).path.read_bytes() == b"book"
        assert [path.name for path in settings.uploads_folder.iterdir()] == ["needed.xlsx"]
        assert [path.name for path in settings.jobs_folder.iterdir()] == [waiting.id]
        assert [path.name for path in settings.journals_folder.iterdir()] == [f"{done.id}-1.json"]


def test_a_job_whose_changes_were_applied_lately_is_not_forgotten(ledger: Ledger, settings: Settings) -> None:
    job = add(ledger)
    ledger.take("me")
    ledger.finish(job.id, "me", "done")
    with closing(sqlite3.connect(settings.ledger_file)) as books, books:
        books.execute("UPDATE jobs SET finished = finished - 40 * 86400")
    ledger.add_application(job.id, "orders.xlsx", 1)

    assert ledger.purge(datetime.now(UTC)) == 0
    assert ledger.purge(datetime.now(UTC) + timedelta(days=31)) == 1
