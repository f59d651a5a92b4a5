"""A real command and a real service, killed or stopped in the middle, and what is left when they go on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from services.jobs.ledger import Ledger
from services.settings import Settings, load_settings
from services.workbook.tsv import encode_all
from tests.jobs.long_work import TABLES, Log, build_workbook, ended, grids, start, wait_until
from tests.serving import running_service

BRIEF = {"DESKHAND_LEASE_SECONDS": "1"}
"""So that a job whose worker was killed is free after a second."""


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose leases last a second."""
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", BRIEF["DESKHAND_LEASE_SECONDS"])
    return load_settings()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook that takes some seconds to clean."""
    path = tmp_path / "book.xlsx"
    build_workbook(path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_command_that_was_killed_goes_on_where_it_was(brief: Settings, book: Path) -> None:
    log, before = Log(brief), book.read_bytes()
    code, _ = ended(start("clean", book, "-o", book.with_name("whole.xlsx")))
    assert (code, len(log.keys())) == (0, TABLES)
    output = book.with_name("out.xlsx")
    process = start("clean", book, "-o", output)
    with log.standstill(TABLES + 2, process) as made:
        assert made < 2 * TABLES
        process.kill()
        process.communicate()

    assert names(book.parent) == ["book.xlsx", "whole.xlsx", "whole.xlsx.journal.json"]
    assert book.read_bytes() == before
    with Ledger(brief) as ledger:
        job = ledger.list()[0]
        assert job.state == "running"
        wait_until(lambda: ledger.get(job.id).interrupted)
        code, said = ended(start("jobs", "list"))
        assert (code, "interrupted" in said) == (0, True)

        code, said = ended(start("jobs", "resume", job.id))

        assert (code, str(output) in said) == (0, True)
        assert output.read_bytes() == book.with_name("whole.xlsx").read_bytes()
        keys = log.keys()[TABLES:]
        assert (len(keys), len(set(keys))) == (TABLES, TABLES)  # none was made twice
        assert (ledger.get(job.id).state, ledger.get(job.id).attempts) == ("done", 1)


def test_a_service_that_was_killed_takes_its_job_up_again_when_it_starts(settings: Settings) -> None:
    log = Log(settings)
    with running_service(settings.folder) as service:
        job = service.tsv("POST", "/v1/tasks/clean", encode_all(grids(), {"workbook": "book.xlsx"})).options["job"]
        with log.standstill(2, service.process) as made:
            assert made < TABLES
            service.kill()

    with running_service(settings.folder) as service:
        assert service.finished(job)["state"] == "done"
    assert (len(log.keys()), len(set(log.keys()))) == (TABLES, TABLES)
    with Ledger(settings) as ledger:
        assert ledger.get(job).attempts == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl+C to a whole console, the tests' own too")
def test_ctrl_c_stops_a_command_which_says_how_to_go_on(settings: Settings, book: Path) -> None:
    log = Log(settings)
    process = start("clean", book, "-o", book.with_name("out.xlsx"))
    wait_until(lambda: len(log.keys()) >= 1, process)

    process.send_signal(signal.SIGINT)
    code, said = ended(process)

    with Ledger(settings) as ledger:
        (job,) = ledger.list()
        assert (code, job.state, job.owner) == (130, "cancelled", None)
        stopped, go_on = said.splitlines()
        assert stopped == "Stopped. Every file is as it was."
        assert go_on.startswith("To go on with it:  ")
        assert go_on.endswith(f"deskhand jobs resume {job.id}")  # after the path to it, where that is not on the PATH
        assert names(book.parent) == ["book.xlsx"]

        code, _ = ended(start("jobs", "resume", job.id))
        assert (code, ledger.get(job.id).state) == (0, "done")
        assert (len(log.keys()), len(set(log.keys()))) == (TABLES, TABLES)


def test_a_command_is_cancelled_from_another_process(settings: Settings, book: Path) -> None:
    log = Log(settings)
    process = start("clean", book, "-o", book.with_name("out.xlsx"), "--report", book.with_name("report.json"))
    wait_until(lambda: len(log.keys()) >= 1, process)
    with Ledger(settings) as ledger:
        (job,) = ledger.list()

        assert ledger.cancel(job.id).cancel_wanted

        code, said = ended(process)
        assert (code, "Stopped. Every file is as it was." in said) == (130, True)
        assert ledger.get(job.id).state == "cancelled"
    assert names(book.parent) == ["book.xlsx"]
