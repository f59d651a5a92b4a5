"""Stopping the service from another process: by command, over HTTP, with a job at work, and where it does not stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from services.endpoint import read_endpoint, write_endpoint
from services.errors import Conflict
from services.jobs.ledger import Ledger
from services.settings import load_settings
from services.stopping import stop_service
from services.workbook.tsv import encode_all
from tests.api.orders import sheet
from tests.jobs.long_work import Log, grids
from tests.serving import SECONDS_TO_START, free_port, running_service, start


def test_the_command_stops_the_service_and_says_so_once_it_has_ended(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        asked = start(tmp_path, "--stop", DESKHAND_LANGUAGE="en")
        said, _ = asked.communicate(timeout=SECONDS_TO_START)

        assert said.decode() == f"The service at {service.address} has stopped. Its folder: {tmp_path}\n"
        assert asked.returncode == 0
        assert not (tmp_path / "endpoint.txt").exists()
        assert service.process.wait(timeout=SECONDS_TO_START) == 0


def test_where_none_runs_the_command_says_so_and_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "never"
    asked = start(folder, "--stop", DESKHAND_LANGUAGE="en")
    said, _ = asked.communicate(timeout=SECONDS_TO_START)

    assert (asked.returncode, said.decode()) == (0, f"No service runs. Its folder would be {folder}\n")
    assert not folder.exists()


def test_the_answer_comes_before_the_service_goes(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        reply = service.tsv("POST", "/v1/stop")

        assert (reply.status, reply.options["state"]) == (202, "stopping")
        assert service.process.wait(timeout=SECONDS_TO_START) == 0


def test_only_whoever_has_the_token_can_stop_it(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        assert service.request("POST", "/v1/stop", headers={"Authorization": None}).status == 401
        assert service.request("GET", "/v1/stop").status == 405
        assert service.request("POST", "/v1/tasks/clean", sheet(), {"Origin": "http://evil.example"}).status == 403
        assert service.request("GET", "/v1/jobs").status == 200


def test_a_job_at_work_goes_back_into_the_queue(tmp_path: Path) -> None:
    settings = load_settings(folder=tmp_path)
    log = Log(settings)
    with running_service(tmp_path) as service:
        job = service.tsv("POST", "/v1/tasks/clean", encode_all(grids(), {"workbook": "book.xlsx"})).options["job"]
        with log.standstill(1, service.process):
            pass

        assert stop_service(settings) == service.address

    with Ledger(settings) as ledger:
        found = ledger.get(job)
    assert (found.state, found.owner, found.attempts) == ("queued", None, 0)


def test_one_that_holds_the_folder_and_can_not_be_asked_is_told(tmp_path: Path) -> None:
    settings = load_settings(folder=tmp_path)
    with FileLock(settings.lock_file):
        with pytest.raises(Conflict) as unknown:
            stop_service(settings)
        write_endpoint(settings.endpoint_file, f"http://127.0.0.1:{free_port()}", "old")
        with pytest.raises(Conflict) as silent:
            stop_service(settings)

    assert (unknown.value.code, silent.value.code) == ("service-hangs", "service-hangs")


def test_an_endpoint_left_behind_by_a_kill_is_no_service(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.kill()

    assert (tmp_path / "endpoint.txt").exists()
    assert stop_service(load_settings(folder=tmp_path)) is None


@pytest.mark.parametrize(
    "address", ["http://evil.example:80", "http://127.0.0.1@evil:1", "file:///etc", "http://[::1]:1"]
)
def test_an_endpoint_of_another_machine_is_none(tmp_path: Path, address: str) -> None:
    (tmp_path / "endpoint.txt").write_text(f"{address}\ntoken\n")

    assert read_endpoint(tmp_path / "endpoint.txt") is None
