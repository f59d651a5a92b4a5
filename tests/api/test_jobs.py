"""The routes on jobs: how they stand, lists of them, stopping them and taking them up again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.orders import applied, cleaned, options, sheet, taken_back, values
from tests.serving import PROJECT, TSV, Service, running_service


def large(rows: int = 6000, columns: int = 10) -> str:
    """A sheet that takes seconds to clean."""
    line = "\t".join(f"t:item {number} " for number in range(columns))
    header = "\t".join(f"Column {number}" for number in range(columns))
    lines = [f"{line}\tt:{number},000.50 \tt:2024/{number % 12 + 1}/{number % 28 + 1}" for number in range(rows)]
    head = [f"#size\t{rows}\t{columns + 2}", "#sheet\tLarge", "#address\tA2", f"#header\t{header}\tAmount\tDay", ""]
    return "\n".join([*head, *lines, ""])


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that runs one job at a time."""
    with running_service(tmp_path_factory.mktemp("service"), DESKHAND_WORKERS="1") as running:
        yield running


def test_a_job_that_takes_long_is_accepted_and_can_be_asked_for(one_worker: Service) -> None:
    started = one_worker.tsv("POST", "/v1/tasks/clean", large())
    job = started.options["job"]

    assert started.status == 202
    assert started.options["state"] in ("queued", "running")
    assert "changes" not in started.options
    assert one_worker.tsv("GET", f"/v1/jobs/{job}/result").headers["deskhand-error"] == "job-not-done"
    assert one_worker.tsv("POST", f"/v1/jobs/{job}/apply", values()).status == 409
    told = one_worker.finished(job)
    assert told["state"] == "done"
    assert told["tables"][0]["range"] == "A2:L6001"


def test_a_job_that_waits_is_cancelled_at_once_and_one_at_work_soon(one_worker: Service) -> None:
    at_work = one_worker.tsv("POST", "/v1/tasks/clean", large()).options["job"]
    waiting = one_worker.tsv("POST", "/v1/tasks/clean", large()).options["job"]

    assert one_worker.tsv("POST", f"/v1/jobs/{waiting}/cancel").options["state"] == "cancelled"
    one_worker.tsv("POST", f"/v1/jobs/{at_work}/cancel")
    assert one_worker.finished(at_work)["state"] == "cancelled"


def test_a_cancelled_job_can_be_taken_up_again(one_worker: Service) -> None:
    job = one_worker.tsv("POST", "/v1/tasks/clean", large(3000)).options["job"]
    one_worker.tsv("POST", f"/v1/jobs/{job}/cancel")
    assert one_worker.finished(job)["state"] == "cancelled"

    resumed = one_worker.tsv("POST", f"/v1/jobs/{job}/resume")

    assert resumed.options["state"] in ("queued", "running")
    assert one_worker.finished(job)["state"] == "done"


def test_a_job_that_is_done_can_not_be_resumed(service: Service) -> None:
    reply = service.request("POST", f"/v1/jobs/{cleaned(service)}/resume")

    assert (reply.status, reply.json["code"]) == (409, "job-not-resumable")


def test_cancelling_a_job_that_is_done_leaves_it_done(service: Service) -> None:
    assert service.tsv("POST", f"/v1/jobs/{cleaned(service)}/cancel").options["state"] == "done"


def test_a_job_that_fails_says_why_and_what_to_do_in_the_callers_language(service: Service) -> None:
    empty = "#size\t2\t1\n#sheet\tOrders\n\n\n\n"
    job = service.tsv("POST", "/v1/tasks/clean", empty, {"Prefer": "wait=10"}).options["job"]
    service.finished(job)

    english = service.tsv("GET", f"/v1/jobs/{job}").options
    chinese = service.tsv("GET", f"/v1/jobs/{job}", headers={"Accept-Language": "zh-CN"}).options

    assert (english["state"], english["error_code"]) == ("failed", "selection-empty")
    assert english["error"]
    assert english["todo"]
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese["error"])


def test_a_result_that_is_gone_is_told(service: Service) -> None:
    job = cleaned(service)
    (service.folder / "jobs" / job / "result.json").unlink()

    reply = service.request("GET", f"/v1/jobs/{job}/result")

    assert (reply.status, reply.json["code"]) == (404, "result-gone")


def test_jobs_are_listed_the_newest_first(service: Service) -> None:
    first, second = cleaned(service, workbook="Lists.xlsx"), cleaned(service, workbook="Lists.xlsx")

    reply = service.tsv("GET", "/v1/jobs?workbook=Lists.xlsx&limit=5")

    assert reply.text.split("\n")[1] == (
        "#header\tjob\ttask\tstate\tcreated\tworkbook\ttitle\twhat\tchanges\tapplied\tgaps"
    )
    assert [row[0] for row in reply.rows] == [f"t:{second}", f"t:{first}"]
    assert [reply.rows[0][at] for at in (1, 2, 4, 5, 7, 8)] == [
        "t:clean", "t:done", "t:Lists.xlsx", "t:Orders", "n:4", "n:0",
    ]  # fmt: skip


def test_a_workbook_with_a_chinese_name_is_found(service: Service) -> None:
    job = cleaned(service, workbook="订单 2026.xlsx")

    reply = service.request("GET", f"/v1/jobs?workbook={quote('订单 2026.xlsx')}")

    assert [line["job"] for line in reply.json["jobs"]] == [job]


def test_only_jobs_whose_changes_stand_are_listed_where_that_is_wished(service: Service) -> None:
    untouched, written, undone = (cleaned(service, workbook="Stand.xlsx") for _ in range(3))
    applied(service, written)
    applied(service, undone, "1", values(accept="1"))
    taken_back(service, undone, values(("Ann", "Bob", " Cid", "Dee", "Eve", "Fay", "Gus", "Hal", "Ian", "Joy")))

    reply = service.tsv("GET", "/v1/jobs?workbook=Stand.xlsx&applied=1")

    assert [(row[0], row[8]) for row in reply.rows] == [(f"t:{written}", "n:3")]
    assert untouched


@pytest.mark.parametrize("query", ["state=asleep", "limit=0", "limit=99999", "applied=maybe", "colour=red"])
def test_a_query_that_means_nothing_is_refused(service: Service, query: str) -> None:
    reply = service.request("GET", f"/v1/jobs?{query}")

    assert (reply.status, reply.json["code"]) in ((400, "option-invalid"), (400, "unknown-option"))


def test_neither_cells_nor_a_file_is_told(service: Service) -> None:
    for body in (options(workbook="Book1.xlsx"), sheet(file="abc")):
        reply = service.tsv("POST", "/v1/tasks/clean", body)
        assert reply.headers["deskhand-error"] in ("cells-or-file", "unknown-upload")


def test_an_unknown_task_is_not_there(service: Service) -> None:
    assert service.tsv("POST", "/v1/tasks/iron", sheet()).headers["deskhand-error"] == "no-such-address"


def test_what_was_sent_as_tsv_is_answered_as_tsv_unless_json_is_asked_for(service: Service) -> None:
    sent = {"Content-Type": TSV, "Prefer": "wait=10"}

    plain = service.request("POST", "/v1/tasks/clean", sheet(), sent)
    asked = service.request("POST", "/v1/tasks/clean", sheet(), {**sent, "Accept": "application/json"})

    assert plain.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert asked.json["state"] == "done"


def test_the_outcome_in_json_has_the_names_of_the_command_line(service: Service) -> None:
    job = cleaned(service)
    applied(service, job)

    outcome = service.request("GET", f"/v1/jobs/{job}/result").json

    assert (outcome["task"], outcome["engine"], outcome["applied"], outcome["review"]) == ("clean", "rules", 3, 1)
    (table,) = outcome["tables"]
    assert (table["sheet"], table["first_cell"], table["rows"], table["columns"]) == ("Orders", "A2", 10, 2)
    assert [(line["cell"], line["after"], line["applied"]) for line in table["changes"]] == [
        ("A2", "Ann", True),
        ("B3", "OPEN", True),
        ("B3", "open", False),
        ("A4", "Cid", True),
    ]


def test_the_recipe_of_a_job_can_be_fetched_and_run(service: Service) -> None:
    job = cleaned(service)

    recipe = service.request("GET", f"/v1/jobs/{job}/recipe")
    again = service.request("POST", f"/v1/jobs/{job}/recipe")
    grid = {"sheet": "Orders", "columns": [["Name", "Zoe ", "Al"], ["Status", "open", "open"]]}
    call = {"request": {"recipe": recipe.text}, "grids": [grid]}
    told = service.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json

    assert recipe.headers["content-type"] == "application/toml; charset=utf-8"
    assert again.status == 405
    assert (told["state"], told["changes"]) == ("done", 1)


def test_a_killed_service_goes_on_where_it_was_when_it_is_started_again(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_WORKERS="1") as first:
        whole = cleaned(first, large())
        expected = first.tsv("GET", f"/v1/jobs/{whole}/result").text.partition("\n\n")[2]
        at_work = first.tsv("POST", "/v1/tasks/clean", large(), {"Prefer": "wait=1"}).options
        waiting = first.tsv("POST", "/v1/tasks/clean", sheet()).options["job"]
        first.kill()

    assert at_work["state"] == "running"
    with running_service(tmp_path, DESKHAND_WORKERS="1") as second:
        assert second.token != first.token
        assert second.finished(at_work["job"])["state"] == "done"
        assert second.finished(waiting)["state"] == "done"
        result = second.tsv("GET", f"/v1/jobs/{at_work['job']}/result").text.partition("\n\n")[2]

    assert result == expected


def test_a_job_of_the_command_line_is_listed_and_left_to_it(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("Name,Status\nAnn ,open\nBob,open\n", "utf-8")
    command = [sys.executable, "-c", "from services.cli import main; main()", "clean", str(file), "--json"]
    known = {**os.environ, "PYTHONPATH": str(PROJECT), "DESKHAND_FOLDER": str(service.folder)}
    subprocess.run(command, env=known, stdout=subprocess.DEVNULL, check=True)

    (line, *_) = service.request("GET", "/v1/jobs").json["jobs"]
    result = service.request("GET", f"/v1/jobs/{line['job']}/result")
    resumed = service.request("POST", f"/v1/jobs/{line['job']}/resume")

    assert (line["title"], line["state"]) == ("orders.csv", "done")
    assert (result.status, result.json["code"]) == (409, "job-of-terminal")
    assert (resumed.status, resumed.json["code"]) == (409, "job-of-terminal")


@pytest.mark.parametrize("kind", ["tsv", "json"])
def test_more_separate_ranges_than_a_person_selects_are_refused(service: Service, kind: str) -> None:
    if kind == "tsv":
        headers = {"Content-Type": TSV, "Accept": "application/json"}
        reply = service.request("POST", "/v1/tasks/clean", "#size\t1\t1\n\nt:a\n" * 1001, headers)
    else:
        reply = service.request("POST", "/v1/tasks/clean", {"grids": [{"columns": [["a"]]}] * 1001})

    assert (reply.status, reply.json["code"]) == (422, "too-many-grids")
    assert reply.json["parameters"] == {"count": 1001, "limit": 1000}
