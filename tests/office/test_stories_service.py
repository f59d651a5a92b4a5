"""The service away, refusing, slow, stopped or started again: what a person is told, and that no cell changed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.workbook import tsv
from services.workbook.grid import Grid
from tests.office.desk import BEFORE_LIST, CHANGES, CLEAN, HEADER, ORDERS, excel_on, listed, orders
from tests.office.interpreter import Excel, addin_modules
from tests.office.stories import story
from tests.serving import Service, running_service, start

AWAY = "Deskhand's service is not running on this computer, so nothing was done."


def excel_in(folder: Path, address: str, token: str = "token", **options: object) -> Excel:
    """Excel with the orders selected, and an endpoint.txt that names this address and token."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "endpoint.txt").write_text(f"{address}\n{token}\n", "utf-8")
    excel = Excel(addin_modules(), folder=folder, **options)  # type: ignore[arg-type]
    excel.new_workbook("Orders.xlsx")
    excel.put("A1", [HEADER, *ORDERS])
    excel.select("A1:E9")
    return excel


def long_job(service: Service) -> str:
    """Start a job that keeps the only worker busy for a while."""
    names = [f"Person {number} " if number % 3 else f"person  {number}" for number in range(50_000)]
    grid = Grid(columns=(names, list(reversed(names)), [f"{n} km" for n in range(50_000)]), header=("A", "B", "C"))
    return service.tsv("POST", "/v1/tasks/clean", tsv.encode(grid, {"workbook": "other"})).options["job"]


def wait_for_another(folder: Path, address: str) -> None:
    """Wait until a service at another address than this one says in endpoint.txt that it is there."""
    for _ in range(600):
        if (folder / "endpoint.txt").read_text("utf-8").partition("\n")[0] not in ("", address):
            return
        time.sleep(0.1)
    raise AssertionError("no service came back")


@contextmanager
def nobody_answers() -> Iterator[str]:
    """An address that takes connections and never says anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        taken: list[socket.socket] = []
        stop = threading.Event()

        def take() -> None:
            listening.settimeout(0.2)
            while not stop.is_set():
                try:
                    taken.append(listening.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()
            for connection in taken:
                connection.close()


@story("service-down", engine="pyopenvba")
@pytest.mark.parametrize("callback", ["Clean", "Review", "Undo", "Jobs", "Settings"])
def test_without_a_service_every_button_says_what_to_do(tmp_path: Path, callback: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    excel = excel_in(tmp_path, address)

    excel.click(f"DhRibbon{callback}")

    assert len(excel.told) == 1
    assert excel.told[0].startswith(AWAY)
    assert "install.cmd" in excel.told[0]
    assert excel.told_kinds == [48]
    assert orders(excel) == ORDERS
    assert excel.switches() == BEFORE_LIST


@story("service-down", engine="pyopenvba")
def test_where_the_service_never_ran_it_says_the_same_in_the_person_s_language(tmp_path: Path) -> None:
    excel = excel_in(tmp_path, "", language=2052)
    (tmp_path / "endpoint.txt").unlink()

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith("这台电脑上没有运行 Deskhand 服务，因此没有做任何事。")


def test_a_service_that_went_away_before_apply_leaves_the_cells_alone(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        excel = excel_on(service)
        excel.click("DhRibbonClean")
        service.kill()

        excel.click("DhRibbonApply")

    assert orders(excel) == ORDERS
    assert excel.told[0].startswith(AWAY)
    assert excel.switches() == BEFORE_LIST


@story("wrong-token", engine="pyopenvba")
def test_a_wrong_token_is_said_with_what_to_do(tmp_path: Path, story_service: Service) -> None:
    excel = excel_in(tmp_path, story_service.address, "not-the-token")

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith("Deskhand's service did not take the key of this add-in, so nothing was done.")
    assert [status for _, _, status in excel.requests] == [401]
    assert orders(excel) == ORDERS
    assert excel.switches() == BEFORE_LIST


@story("time-out", engine="pyopenvba")
def test_a_service_that_does_not_answer_is_said_with_what_to_do(tmp_path: Path) -> None:
    with nobody_answers() as address:
        excel = excel_in(tmp_path, address, receive_seconds=0.3)

        excel.click("DhRibbonClean")

    assert excel.told[0].startswith("Deskhand's service did not answer in time.")
    assert orders(excel) == ORDERS
    assert excel.switches() == BEFORE_LIST


@story("cancel", engine="pyopenvba")
def test_esc_stops_the_job_and_leaves_the_cells_as_they_are(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_WORKERS="1") as service:
        long_job(service)
        excel = excel_on(service)
        excel.on_pause = lambda number: excel.escape()

        excel.click("DhRibbonClean")

        own = service.request("GET", "/v1/jobs?workbook=Orders.xlsx").json["jobs"]
        assert [job["state"] for job in own] == ["cancelled"]
    assert excel.told == ["Stopped. No cell was changed."]
    assert excel.told_kinds == [64]
    assert orders(excel) == ORDERS
    assert excel.sheet_names() == ["Sheet1"]
    assert excel.switches() == BEFORE_LIST


def test_esc_while_the_cells_are_sent_stops_the_job_too(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_WORKERS="1") as service:
        long_job(service)
        excel = excel_on(service)
        excel.on_request = lambda method, path: excel.escape() if path == "/v1/tasks/clean" else None

        excel.click("DhRibbonClean")

        own = service.request("GET", "/v1/jobs?workbook=Orders.xlsx").json["jobs"]
        assert [job["state"] for job in own] == ["cancelled"]
    assert excel.told == ["Stopped. No cell was changed."]
    assert excel.switches() == BEFORE_LIST


def test_a_workbook_closed_while_its_job_works_gets_a_word(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        excel = excel_on(service)
        excel.on_request = lambda method, path: excel.run("CloseBook", "Orders.xlsx") if method == "POST" else None

        excel.click("DhRibbonClean")

    assert excel.told[0].startswith("The workbook was closed while Deskhand worked: Orders.xlsx")
    assert excel.switches() == BEFORE_LIST


def test_a_job_that_somebody_else_stops_is_said_to_be_stopped(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_WORKERS="1") as service:
        long_job(service)
        excel = excel_on(service)

        def stop(number: int) -> None:
            for job in service.request("GET", "/v1/jobs?workbook=Orders.xlsx").json["jobs"]:
                service.request("POST", f"/v1/jobs/{job['job']}/cancel")

        excel.on_pause = stop
        excel.click("DhRibbonClean")

    assert excel.told == ["Stopped. No cell was changed."]


@story("restart-in-the-middle", engine="pyopenvba")
def test_a_service_that_is_killed_and_started_again_finishes_the_job(tmp_path: Path) -> None:
    restarted: list[object] = []
    with running_service(tmp_path, DESKHAND_WORKERS="1") as service:
        long_job(service)
        excel = excel_on(service)
        process = None

        def kill_and_start(number: int) -> None:
            nonlocal process
            if number == 1:
                service.kill()
            if number == 3:
                process = start(tmp_path, DESKHAND_WORKERS="1")
                restarted.append(process)
                wait_for_another(tmp_path, service.address)

        excel.on_pause = kill_and_start
        try:
            excel.click("DhRibbonClean")
            assert excel.told == []
            assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}
            assert "Deskhand: the service has gone, waiting for it to come back ... (Esc stops)" in excel.status
            excel.click("DhRibbonApply")
            assert orders(excel) == CLEAN
        finally:
            if process is not None:
                process.kill()
                process.communicate()
    assert len(restarted) == 1
    assert excel.switches() == BEFORE_LIST


def test_a_service_that_does_not_come_back_is_said_in_the_end(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_WORKERS="1") as service:
        long_job(service)
        excel = excel_on(service)
        excel.on_pause = lambda number: service.kill() if number == 1 else None

        excel.click("DhRibbonClean")

    assert excel.told[0].startswith(AWAY)
    assert orders(excel) == ORDERS
    assert excel.switches() == BEFORE_LIST


@story("errors-shown", engine="pyopenvba")
@pytest.mark.parametrize("language", [1033, 2052])
def test_the_service_s_own_error_is_shown_in_the_person_s_language(tmp_path: Path, language: int) -> None:
    with running_service(tmp_path, DESKHAND_REQUEST_LIMIT_MB="1") as service:
        excel = excel_on(service, language=language)
        excel.put("A10", [["x" * 30_000] for _ in range(40)])
        excel.select("A1:E49")

        excel.click("DhRibbonClean")

    assert excel.requests[-1][2] == 413
    assert len(excel.told) == 1
    assert "1 MB" in excel.told[0]
    assert len(excel.told[0].split("\n\n")) == 2
    assert excel.told[0].isascii() == (language == 1033)
    assert excel.switches() == BEFORE_LIST


@story("rows-50000", engine="pyopenvba")
def test_fifty_thousand_rows_go_out_and_come_back(story_service: Service) -> None:
    excel = excel_on(story_service)
    names = [f"Person {number}" + (" " if 20_000 <= number < 20_100 else "") for number in range(50_000)]
    excel.new_workbook("Many.xlsx")
    excel.put("A1", [["Name"], *([name] for name in names)])
    excel.select("A:A")

    excel.click("DhRibbonClean")
    assert [line["cell"] for line in listed(excel)] == [f"A{row}" for row in range(20_002, 20_102)]

    excel.click("DhRibbonApply")
    assert [value for (value,) in excel.value("A2:A50001", sheet=1)] == [name.strip() for name in names]
    assert excel.switches() == BEFORE_LIST
