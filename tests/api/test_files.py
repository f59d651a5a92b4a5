"""Files in and out: uploads, tasks on them, and what comes back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from services.workbook.files import open_source
from services.workbook.grid import Grid, Sheet
from services.workbook.new_workbook import write_new_workbook
from tests.api.orders import NAMES, STATES, cells
from tests.serving import Service

CSV = "Name,Status\n" + "".join(f"{name},{state}\n" for name, state in zip(NAMES, STATES, strict=True))
CLEAN_CSV = (
    CSV.replace("Ann ,", "Ann,").replace("OPEN ,", "OPEN,").replace(" Cid,", "Cid,").replace("OPEN \n", "OPEN\n")
)


def uploaded(service: Service, content: bytes, name: str = "orders.csv") -> str:
    reply = service.request("POST", f"/v1/files?name={quote(name)}", content)
    assert reply.status == 201, reply.text
    assert (reply.json["name"], reply.json["size"]) == (name, len(content))
    return str(reply.json["file"])


def cleaned_file(service: Service, content: bytes, name: str = "orders.csv") -> str:
    call = {"file": uploaded(service, content, name)}
    told = service.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json
    assert service.finished(told["job"])["state"] == "done"
    return str(told["job"])


@pytest.fixture
def workbook(tmp_path: Path) -> bytes:
    """The orders as an xlsx file."""
    path = tmp_path / "orders.xlsx"
    grid = Grid(columns=(["Name", *NAMES], ["Status", *STATES]), sheet="Orders")
    write_new_workbook(path, [Sheet("Orders", grid)])
    return path.read_bytes()


def test_a_csv_file_is_sent_cleaned_and_fetched(service: Service) -> None:
    job = cleaned_file(service, CSV.encode())

    reply = service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "safe"})
    fetched = service.request("GET", f"/v1/jobs/{job}/files/result.csv")

    assert reply.json == {
        "application": 1,
        "writes": [],
        "conflicts": [],
        "cells": 3,
        "files": ["result.csv", "result.csv.journal.json"],
    }
    assert fetched.text == CLEAN_CSV
    assert fetched.headers["content-disposition"] == "attachment; filename=orders-clean.csv"
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert service.request("GET", f"/v1/jobs/{job}").json["applied"] == 3


def test_a_workbook_is_sent_cleaned_and_fetched(service: Service, workbook: bytes, tmp_path: Path) -> None:
    job = cleaned_file(service, workbook, "订单.xlsx")

    service.tsv("POST", f"/v1/jobs/{job}/apply", "#accept\tall\n\n")
    fetched = service.request("GET", f"/v1/jobs/{job}/files/result.xlsx")

    path = tmp_path / "fetched.xlsx"
    path.write_bytes(fetched.content)
    (table,) = open_source(path).tables()
    assert table.columns[0][:3] == ["Ann", "Bob", "Cid"]
    assert table.columns[1][:3] == ["open", "open", "open"]
    assert quote("订单-clean.xlsx") in fetched.headers["content-disposition"]


def test_what_was_written_into_a_file_is_taken_back(service: Service) -> None:
    job = cleaned_file(service, CSV.encode())
    service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "safe"})

    one = service.request("POST", f"/v1/jobs/{job}/undo", {"cell": "A4"})
    after_one = service.request("GET", f"/v1/jobs/{job}/files/result.csv").text
    rest = service.request("POST", f"/v1/jobs/{job}/undo", {})
    after_all = service.request("GET", f"/v1/jobs/{job}/files/result.csv").text
    again = service.request("POST", f"/v1/jobs/{job}/undo", {})

    assert (one.json["conflicts"], one.json["cells"], rest.json["cells"]) == ([], 1, 2)
    assert after_one == CLEAN_CSV.replace("\nCid,", "\n Cid,")
    assert after_all == CSV
    assert (again.status, again.json["code"]) == (404, "nothing-applied")


def test_a_file_is_written_anew_by_each_apply(service: Service) -> None:
    job = cleaned_file(service, CSV.encode())
    service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "safe"})

    reply = service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "1"})

    assert reply.json["files"] == ["result.csv", "result.csv.journal.json"]
    assert (reply.json["writes"], reply.json["cells"]) == ([], 1)
    assert service.request("GET", f"/v1/jobs/{job}/files/result.csv").text == CSV.replace("Ann ,", "Ann,")


@pytest.mark.parametrize(
    "name",
    [
        "../../endpoint.txt",
        "..\\..\\endpoint.txt",
        "/etc/passwd.csv",
        "C:\\Windows\\win.ini",
        "con.csv",
        "a\r\nX: y.csv",
    ],
)
def test_the_name_of_a_file_is_never_a_path(service: Service, name: str) -> None:
    known = {path for path in service.folder.rglob("*") if path.is_file()}

    reply = service.request("POST", f"/v1/files?name={quote(name)}", CSV.encode())

    new = [path for path in service.folder.rglob("*") if path.is_file() and path not in known]
    assert reply.status == 201
    assert [path.parent for path in new] == [service.folder / "uploads"]
    assert new[0].stem.isalnum()
    assert "/" not in reply.json["name"]
    assert "\\" not in reply.json["name"]
    assert "\n" not in reply.json["name"]
    assert "x" not in reply.headers


@pytest.mark.parametrize(
    "name",
    [
        "result.json",
        "..%2fresult.json",
        "%2e%2e%2fsource.tsv",
        "..%5c..%5cendpoint.txt",
        "%2fetc%2fpasswd",
        ".",
        "..",
        "result.csv%00",
    ],
)
def test_only_what_a_job_has_made_can_be_fetched(service: Service, name: str) -> None:
    job = cleaned_file(service, CSV.encode())
    service.request("POST", f"/v1/jobs/{job}/apply", {"accept": "safe"})

    reply = service.request("GET", f"/v1/jobs/{job}/files/{name}")

    assert reply.status == 404
    assert service.token not in reply.text


def test_a_file_that_is_no_table_is_called_by_its_own_name(service: Service) -> None:
    call = {"file": uploaded(service, b"%PDF-1.7 nothing", "报表.pdf")}
    job = service.request("POST", "/v1/tasks/clean", call).json["job"]

    told = service.finished(job)

    assert (told["state"], told["error_code"]) == ("failed", "not-a-table-file")
    assert "报表.pdf" in told["error"]


def test_an_empty_file_and_one_without_a_name_are_refused(service: Service) -> None:
    empty = service.request("POST", "/v1/files?name=a.csv", b"")
    nameless = service.request("POST", "/v1/files", b"a,b\n")

    assert (empty.status, empty.json["code"]) == (422, "file-empty")
    assert (nameless.status, nameless.json["code"]) == (400, "option-invalid")
    assert not list((service.folder / "uploads").glob(".*"))


def test_a_file_that_was_never_sent_is_not_found(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", {"file": "../../endpoint.txt"})

    assert (reply.status, reply.json["code"]) == (404, "unknown-upload")


def test_an_upload_can_be_answered_in_tsv(service: Service) -> None:
    reply = service.tsv("POST", "/v1/files?name=orders.csv", CSV)

    assert (reply.status, reply.options["name"]) == (201, "orders.csv")
    job = service.tsv("POST", "/v1/tasks/clean", f"#file\t{reply.options['file']}\n\n", {"Prefer": "wait=10"})
    assert job.options["workbook"] == "orders.csv"
    assert cells(job) == []
