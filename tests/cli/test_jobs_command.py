"""A command is a job: what the ledger holds of it, and ``deskhand jobs`` to see, cancel and resume jobs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from services.cli import running
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.settings import Settings, load_settings
from services.workbook.placing import sha256_of
from tests.cli.orders import CSV, Deskhand


@pytest.fixture
def settings() -> Settings:
    return load_settings()


def jobs(settings: Settings) -> list[Job]:
    with Ledger(settings) as ledger:
        return list(ledger.list())


def waiting(settings: Settings) -> Job:
    """A job of the service."""
    with Ledger(settings) as ledger:
        return ledger.add(
            "clean", {}, SourceRef("grids"), surface="http", language="en", workbook="orders.xlsx", title="Orders"
        )


def told(deskhand: Deskhand, *words: object) -> Any:
    code, out, err = deskhand(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_command_is_kept_as_a_job_with_all_that_is_needed_to_do_it_again(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    deskhand("clean", "orders.csv", "-o", "clean.csv", "--apply", "all", "--region", "gb")

    (job,) = jobs(settings)
    assert (job.task, job.state, job.surface, job.language, job.attempts) == ("clean", "done", "cli", "en", 1)
    assert job.source == SourceRef("path", str(orders), "orders.csv", sha256_of(orders))
    assert (job.request["region"], job.wishes["apply"]) == ("GB", "all")
    assert (job.wishes["input"], job.wishes["output"]) == (str(orders), str(tmp_path / "clean.csv"))
    assert {key: job.summary[key] for key in ("engine", "changes", "flags", "applied", "output")} == {
        "engine": "rules",
        "changes": 2,
        "flags": 1,
        "applied": 2,
        "output": str(tmp_path / "clean.csv"),
    }


def test_jobs_are_listed_and_shown_for_a_person(deskhand: Deskhand, orders: Path, settings: Settings) -> None:
    code, out, _ = deskhand("jobs", "list")
    assert (code, out) == (0, "There are no jobs.\n")
    deskhand("clean", orders)
    second = waiting(settings)
    first = jobs(settings)[1]

    code, out, _ = deskhand("jobs", "list")
    lines = [line.split() for line in out.splitlines()]
    assert (code, lines[0]) == (0, ["Job", "State", "Begun", *["What,", "and", "what", "came", "of", "it"]])
    assert lines[1] == [second.id, "waiting", *lines[1][2:4], "clean", "orders.xlsx"]
    assert lines[2] == [first.id, "done", *lines[2][2:4], "clean", "orders.csv"]
    assert lines[3:] == [["changed", "2,", "to", "decide", "0,", "to", "look", "at", "1"]]

    _, out, _ = deskhand("jobs", "list", "--state", "done", "--language", "zh")
    assert [line.split()[1] for line in out.splitlines()[:2]] == ["状态", "已完成"]

    _, out, _ = deskhand("jobs", "show", first.id)
    assert f"Result    {orders.with_name('orders-clean.csv')}" in out


def test_jobs_are_listed_and_shown_for_a_program(deskhand: Deskhand, orders: Path, tmp_path: Path) -> None:
    deskhand("clean", orders)
    deskhand("clean", orders, "--sheet", "Nowhere")

    failed, done = told(deskhand, "jobs", "list")

    assert (done["state"], done["error"], done["summary"]["changes"]) == ("done", None, 2)
    assert done["source"] == {"kind": "path", "ref": str(orders), "name": "orders.csv"}
    assert (failed["state"], failed["error"]["code"]) == ("failed", "sheet-missing")
    assert told(deskhand, "jobs", "list", "--limit", "1") == [failed]
    assert told(deskhand, "jobs", "show", failed["job"]) == failed


def test_a_job_that_failed_says_why_and_how_to_go_on(deskhand: Deskhand, orders: Path, settings: Settings) -> None:
    deskhand("clean", orders, "--sheet", "Nowhere")
    (job,) = jobs(settings)

    code, out, _ = deskhand("jobs", "show", job.id)

    assert code == 0
    assert "The file orders.csv has no sheet named Nowhere." in out
    assert out.splitlines()[-1] == f"To run the same command again:  deskhand jobs resume {job.id}"


def test_a_command_that_failed_at_its_end_is_resumed_and_does_all_that_it_was_to_do(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, report = tmp_path / "out", tmp_path / "report.json"
    out.mkdir()
    with closing(_books(settings)) as books, books:  # no part can be kept, so the first run fails
        books.execute("CREATE TRIGGER no_room BEFORE INSERT ON parts BEGIN SELECT RAISE(ABORT, 'no'); END")
    code, _, _ = deskhand("clean", orders, "-o", out / "clean.csv", "--report", report)
    assert (code, list(out.iterdir()), report.exists()) == (1, [], False)
    with closing(_books(settings)) as books, books:
        books.execute("DROP TRIGGER no_room")
    (job,) = jobs(settings)
    monkeypatch.chdir(out)

    code, said, err = deskhand("jobs", "resume", job.id)

    assert (code, err) == (0, "")
    assert f"Result:  {out / 'clean.csv'}" in said
    assert b"1210.50" in (out / "clean.csv").read_bytes()
    assert json.loads(report.read_text("utf-8"))["applied"] == 2
    assert [(job.state, job.error) for job in jobs(settings)] == [("done", None)]


def _books(settings: Settings) -> sqlite3.Connection:
    Ledger(settings).close()
    return sqlite3.connect(settings.ledger_file)


def stopped(settings: Settings, orders: Path) -> Job:
    """A command that was stopped before it began."""
    with Ledger(settings) as ledger:
        job = ledger.add(
            "clean",
            {"language": "en"},
            SourceRef("path", str(orders), "orders.csv", sha256_of(orders)),
            surface="cli",
            language="en",
            wishes={"input": str(orders), "language": "en"},
        )
        return ledger.cancel(job.id)


def test_a_resumed_command_can_print_json(deskhand: Deskhand, orders: Path, settings: Settings) -> None:
    job = stopped(settings, orders)

    document = told(deskhand, "jobs", "resume", job.id)

    assert (document["applied"], document["output"]) == (2, str(orders.with_name("orders-clean.csv")))


def test_a_file_changed_since_is_not_worked_on_again(deskhand: Deskhand, orders: Path, settings: Settings) -> None:
    job = stopped(settings, orders)
    orders.write_bytes(CSV.encode() + b"23,2024-03-23,Leeds,1.00\r\n")

    code, _, err = deskhand("jobs", "resume", job.id)

    assert (code, f"orders.csv is no longer as it was when job {job.id} began" in err.replace("\n", " ")) == (1, True)
    assert [path.name for path in orders.parent.iterdir()] == ["orders.csv"]
    assert jobs(settings)[0].state == "cancelled"


def test_a_job_that_is_done_or_at_work_elsewhere_is_not_resumed(
    deskhand: Deskhand, orders: Path, settings: Settings
) -> None:
    deskhand("clean", orders)
    (done,) = jobs(settings)
    code, _, err = deskhand("jobs", "resume", done.id)
    assert (code, f"There is nothing to resume in job {done.id}" in err) == (1, True)

    job = stopped(settings, orders)
    with Ledger(settings) as ledger:
        ledger.resume(job.id)
        ledger.claim(job.id, "another terminal")
    code, _, err = deskhand("jobs", "resume", job.id)
    assert (code, f"Somebody is working on job {job.id}." in err) == (1, True)
    assert jobs(settings)[0].owner == "another terminal"


def test_a_job_of_the_service_is_cancelled_and_put_back_into_its_queue(deskhand: Deskhand, settings: Settings) -> None:
    job = waiting(settings)

    assert deskhand("jobs", "cancel", job.id) == (0, f"Job {job.id} is cancelled.\n", "")
    assert deskhand("jobs", "cancel", job.id) == (0, f"Job {job.id} had ended already: stopped.\n", "")
    assert deskhand("jobs", "resume", job.id) == (
        0,
        f"Job {job.id} waits. No service is running; it is taken up when one starts:  deskhand serve\n",
        "",
    )
    assert jobs(settings)[0].state == "queued"
    assert told(deskhand, "jobs", "cancel", job.id)["state"] == "cancelled"


@pytest.mark.parametrize("words", [("show",), ("cancel",), ("resume",)])
def test_an_unknown_job_is_told(deskhand: Deskhand, words: tuple[str, ...]) -> None:
    code, out, err = deskhand("jobs", *words, "nothing")

    assert (code, out, err.splitlines()[0]) == (1, "", "There is no job nothing.")


def test_a_data_folder_that_cannot_be_made_is_told_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_FOLDER", str(orders / "deskhand"))

    code, out, err = deskhand("clean", orders)

    assert (code, out) == (1, "")
    assert "set the environment variable DESKHAND_FOLDER to another folder" in err.replace("\n", " ")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]
    assert deskhand("--help")[0] == 0


def test_a_ledger_held_by_another_program_is_told_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings
) -> None:
    with closing(_books(settings)) as books:
        books.isolation_level = None
        books.execute("BEGIN EXCLUSIVE")

        code, out, err = deskhand("clean", orders)

    assert (code, out) == (1, "")
    assert "is held by another program" in err.replace("\n", " ")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_language_and_region_of_the_settings_are_those_of_commands(
    deskhand: Deskhand, orders: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKHAND_LANGUAGE")
    settings.folder.mkdir(parents=True)
    settings.settings_file.write_text('language = "zh"\nregion = "gb"\n', "utf-8")

    code, out, _ = deskhand("clean", orders)
    assert (code, "已改 2 个单元格" in out) == (0, True)
    deskhand("clean", orders, "--region", "US", "--language", "en")

    assert [(job.language, job.request["region"]) for job in jobs(settings)] == [("en", "US"), ("zh", "GB")]


def test_settings_that_make_no_sense_are_told_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.folder.mkdir(parents=True)
    settings.settings_file.write_text("port = 0\n", "utf-8")

    code, out, err = deskhand("clean", orders)

    assert (code, out) == (1, "")
    assert f"The setting port can't be 0 ({settings.settings_file})" in err.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_no_room_for_the_ledger_is_told_and_nothing_is_written(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings
) -> None:
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=2")

    event.listen(Engine, "connect", limit)
    try:
        code, out, err = deskhand("clean", orders)
    finally:
        event.remove(Engine, "connect", limit)

    assert (code, out) == (1, "")
    assert "There is no room left on the disk for Deskhand's list of jobs" in err.replace("\n", " ")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]
    assert deskhand("clean", orders)[0] == 0


def test_ctrl_c_after_the_result_was_written_says_that_it_stands(
    deskhand: Deskhand, orders: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "write_json_report", interrupted)
    output = tmp_path / "clean.csv"

    code, out, err = deskhand("clean", orders, "-o", output, "--report", tmp_path / "report.json")

    (job,) = jobs(settings)
    assert (code, out, job.state) == (130, "", "cancelled")
    assert err.replace("\n", "").startswith(f"Stopped. The result stands already: {output}")
    assert f"deskhand jobs resume {job.id}" in err
    assert output.exists()
