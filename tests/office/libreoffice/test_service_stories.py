"""Stories about the service told by LibreOffice Calc: stopped, gone, slow, killed, and the buttons that ask it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.workbook import tsv
from services.workbook.grid import Grid
from tests.office.desk import CLEAN, ORDERS
from tests.office.front_door import UNKNOWN, front_door
from tests.office.libreoffice.calc import Calc
from tests.office.libreoffice.paper import Paper
from tests.office.stories import story
from tests.serving import Service, running_service


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A service whose one worker is held up by a large job, and that job: what is clicked now has to wait."""
    folder = tmp_path / "service"
    with running_service(folder, DESKHAND_WORKERS="1") as service:
        numbers = range(40_000)
        columns = (
            [f"{number} Main Street " for number in numbers],
            [f"2024-01-{number % 31:02}" for number in numbers],
        )
        reply = service.tsv("POST", "/v1/tasks/clean", tsv.encode(Grid(columns=columns)))
        assert reply.status == 202
        yield service, reply.options["job"]


@story("cancel", engine="libreoffice")
def test_esc_stops_the_job_and_leaves_the_cells(office: Calc, tmp_path: Path, busy: tuple[Service, str]) -> None:
    service, _ = busy
    office.environment(DESKHAND_FOLDER=str(service.folder))
    paper = Paper(office, tmp_path)

    told = paper.click("Clean", meanwhile=lambda event, _: True if event == "pause" else None)

    assert told.messages == ["Stopped. No cell was changed."]
    assert paper.cells() == ORDERS
    assert paper.sheets == ["Sheet1"]
    assert told.requests[-1].endswith("/cancel")
    assert service.tsv("GET", "/v1/jobs?limit=1").rows[0][2] == "t:cancelled"
    assert told.status[-1] == ""


@story("restart-in-the-middle", engine="libreoffice")
def test_a_service_that_is_killed_and_started_again_finishes_the_job(
    office: Calc, tmp_path: Path, busy: tuple[Service, str]
) -> None:
    service, large_job = busy
    office.environment(DESKHAND_FOLDER=str(service.folder))
    paper = Paper(office, tmp_path)
    started: list[Service] = []

    with contextlib.ExitStack() as stack:

        def trouble(event: str, details: Any) -> None:
            if event == "pause" and service.process.poll() is None:
                service.kill()
            elif event == "note" and "the service has gone" in str(details["value"]) and not started:
                started.append(stack.enter_context(running_service(service.folder)))
                started[0].request("POST", f"/v1/jobs/{large_job}/cancel")

        told = paper.click("Clean", meanwhile=trouble)
        assert told.messages == []
        assert started[0].port != service.port
        assert sum(request.startswith("POST") for request in told.requests) == 1
        paper.click("Apply")

    assert paper.cells() == CLEAN


@story("service-down", engine="libreoffice")
@pytest.mark.parametrize(
    ("language", "begin"),
    [("1033", "Deskhand's service is not running on this computer"), ("2052", "这台电脑上没有运行 Deskhand 服务")],
)
def test_without_a_service_a_message_says_what_to_do(office: Calc, tmp_path: Path, language: str, begin: str) -> None:
    office.environment(**{"DESKHAND_FOLDER": str(tmp_path), "office language": language})
    paper = Paper(office, tmp_path)

    told = paper.click("Clean")

    assert told.messages[0].startswith(begin)
    assert "deskhand serve" in told.messages[0]
    assert (paper.sheets, paper.cells()) == (["Sheet1"], ORDERS)


@story("wrong-token", engine="libreoffice")
def test_a_token_that_is_not_taken_is_told(office: Calc, tmp_path: Path, story_service: Service) -> None:
    (tmp_path / "endpoint.txt").write_text(f"{story_service.address}\nanother-token\n", "utf-8")
    office.environment(DESKHAND_FOLDER=str(tmp_path))
    paper = Paper(office, tmp_path)

    told = paper.click("Clean")

    assert told.messages[0].startswith("Deskhand's service did not take the key of this add-in")
    assert paper.cells() == ORDERS


@story("time-out", engine="libreoffice")
def test_a_service_that_does_not_answer_in_time_is_told(office: Calc, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (tmp_path / "endpoint.txt").write_text(f"http://127.0.0.1:{silent.getsockname()[1]}\ntoken\n", "utf-8")
        office.environment(DESKHAND_FOLDER=str(tmp_path), patience="0.3")
        paper = Paper(office, tmp_path)

        told = paper.click("Clean")

    assert told.messages[0].startswith("Deskhand's service did not answer in time.")
    assert len(told.requests) == 1
    assert paper.cells() == ORDERS


@story("jobs-list", engine="libreoffice")
def test_jobs_lists_what_ran_and_a_number_opens_its_list(office: Calc, tmp_path: Path) -> None:
    paper = Paper(office, tmp_path)
    paper.click("Clean")
    paper.select("A1")

    told = paper.click("Jobs", "1")

    assert f"{paper.book} (Sheet1)   11 changes, 0 cells written" in told.messages[0]
    assert office.active()[:2] == [paper.book, "Deskhand review"]
    assert paper.sheets == ["Sheet1", "Deskhand review"]


@pytest.fixture
def older(story_service: Service) -> Iterator[None]:
    """A service without a page."""
    with front_door(story_service, {"POST /v1/tickets": UNKNOWN}):
        yield


@story("page", engine="libreoffice")
def test_settings_and_jobs_open_the_page_with_a_ticket(office: Calc, tmp_path: Path, story_service: Service) -> None:
    paper = Paper(office, tmp_path)
    paper.click("Clean")

    (settings,) = paper.click("Settings").browser
    (jobs,) = paper.click("Jobs", "0").browser

    assert settings.startswith(f"{story_service.address}/settings?ticket=")
    assert jobs.startswith(f"{story_service.address}/jobs?ticket=")


@story("settings", engine="libreoffice")
@pytest.mark.usefixtures("older")
def test_settings_of_an_older_service_changes_language_and_region(
    office: Calc, tmp_path: Path, story_service: Service
) -> None:
    paper = Paper(office, tmp_path)
    try:
        told = paper.click("Settings", "2", "de")
        kept = story_service.tsv("GET", "/v1/settings").options
    finally:
        again = paper.click("Settings", "0", "")

    assert (kept["language"], kept["region"]) == ("zh", "DE")
    assert told.messages[0].startswith("已保存。")
    assert told.questions[0] == "Language: 0 like Office, 1 English, 2 Chinese"
    assert again.questions[0].startswith("语言")
    assert story_service.tsv("GET", "/v1/settings").options["region"] == ""


@story("errors-shown", engine="libreoffice")
@pytest.mark.usefixtures("older")
def test_what_the_service_refuses_is_told_in_its_own_words(
    office: Calc, tmp_path: Path, story_service: Service
) -> None:
    told = Paper(office, tmp_path).click("Settings", "1", "Atlantis")

    wrong = {"language": "en", "region": "ATLANTIS"}
    refused = story_service.request("PUT", "/v1/settings", wrong, {"Accept-Language": "en"}).json
    assert told.messages == [f"{refused['detail']}\n\n{refused['todo']}"]


@story("help", engine="libreoffice")
def test_help_says_what_the_buttons_do_and_where_the_service_is(office: Calc, story_service: Service) -> None:
    told = office.run("DhRunHelp")

    assert "Clean: looks for what is not as the rest of its column" in told.messages[0]
    assert f"Service: running at {story_service.address}" in told.messages[0]
    assert str(story_service.folder) in told.messages[0]
