"""A ledger that is locked, full or broken, and faults of our own: each is answered, and the service goes on."""

from __future__ import annotations

import os
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy import event
from sqlalchemy.pool import Pool

from services.api.problems import status_of
from services.app import create_app
from services.errors import Conflict, InputError, LedgerError, NotFound, OutputError, UnreadableFile
from services.messages import Language
from services.settings import load_settings
from tests.api.orders import cleaned, sheet, values
from tests.serving import PROJECT, TSV, Service, running_service

PORT = 8421


@pytest.fixture
def app(tmp_path: Path) -> Iterator[OpenAPI]:
    """The service within this process, without workers."""
    made = create_app(load_settings(folder=tmp_path, port=PORT))
    yield made
    made.extensions["deskhand"].ledger.close()


def client_of(app: OpenAPI) -> tuple[FlaskClient, dict[str, str]]:
    headers = {"Host": f"127.0.0.1:{PORT}", "Authorization": f"Bearer {app.extensions['deskhand'].token}"}
    return app.test_client(), headers


def test_a_locked_ledger_is_told_and_works_again_afterwards(tmp_path: Path) -> None:
    with running_service(tmp_path, DESKHAND_LANGUAGE="en") as service:
        cleaned(service)
        holder = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        locked = service.tsv("POST", "/v1/tasks/clean", sheet())
        listed = service.tsv("GET", "/v1/jobs")
        holder.execute("ROLLBACK")
        holder.close()

        assert (locked.status, locked.headers["deskhand-error"]) == (503, "ledger-locked")
        assert len(locked.text.splitlines()) == 2
        assert listed.status == 200
        assert len(list((tmp_path / "jobs").iterdir())) == 1
        assert cleaned(service)


def test_tidying_up_waits_for_a_ledger_that_is_locked(app: OpenAPI, tmp_path: Path) -> None:
    desk = app.extensions["deskhand"]
    leftover = tmp_path / "journals" / ".old-draft.json"
    leftover.parent.mkdir()
    leftover.touch()
    os.utime(leftover, (0, 0))
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        desk.tidy()
        holder.execute("ROLLBACK")
    assert leftover.exists()

    desk.tidy()

    assert not leftover.exists()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    def fill(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    create_app(load_settings(folder=tmp_path, port=PORT)).extensions["deskhand"].ledger.close()
    event.listen(Pool, "connect", fill)
    try:
        app = create_app(load_settings(folder=tmp_path, port=PORT))
        client, headers = client_of(app)
        body = sheet(workbook="x" * 900)
        replies = [
            client.post("/v1/tasks/clean", data=body, headers={**headers, "Content-Type": TSV}) for _ in range(40)
        ]
        app.extensions["deskhand"].ledger.close()
    finally:
        event.remove(Pool, "connect", fill)

    last = replies[-1]
    assert (last.status_code, last.headers["Deskhand-Error"]) == (507, "ledger-disk-full")
    assert replies[0].status_code == 202
    taken = sum(reply.status_code == 202 for reply in replies)
    assert len(list((tmp_path / "jobs").iterdir())) == taken


def test_a_ledger_that_is_none_keeps_the_service_from_starting(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no ledger at all" * 1000)

    with (
        pytest.raises(AssertionError, match=r"exit code 1") as ended,
        running_service(tmp_path, DESKHAND_LANGUAGE="en"),
    ):
        pass

    assert "Traceback" not in str(ended.value)
    assert not (tmp_path / "endpoint.txt").exists()


def test_a_fault_of_ours_is_told_without_its_insides(app: OpenAPI, tmp_path: Path) -> None:
    @app.get("/v1/fault", doc_ui=False)
    def fault() -> str:
        raise ZeroDivisionError("<b>secret</b>")

    client, headers = client_of(app)

    reply = client.get("/v1/fault", headers=headers)

    assert (reply.status_code, reply.get_json()["code"]) == (500, "unexpected")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("unknown-job", job="x"), 404),
        (Conflict("job-not-done", job="x"), 409),
        (InputError("tsv", line=1, column=1, why="x"), 400),
        (InputError("cells-or-file"), 422),
        (UnreadableFile("encrypted", file="x"), 422),
        (LedgerError("ledger-locked", file="x"), 503),
        (LedgerError("ledger-disk-full", file="x"), 507),
        (OutputError("output-disk-full", file="x"), 507),
        (OutputError("output-locked", file="x"), 503),
    ],
)
def test_each_kind_of_error_has_its_status(error: InputError, status: int) -> None:
    assert status_of(error) == status


def test_every_refusal_has_a_text_in_both_languages() -> None:
    written = re.compile(r"""Refused\(\s*"([a-z-]+)\"|\d{3}: "([a-z-]+)\"""")
    sources = [path.read_text("utf-8") for path in (PROJECT / "services" / "api").glob("*.py")]
    codes = {one or other for source in sources for one, other in written.findall(source)}

    assert {"bad-token", "wrong-method", "headers-too-large"} <= codes
    codes.add("refused")  # where Flask refuses for a reason of its own
    for language in get_args(Language):
        texts = tomllib.loads((PROJECT / "templates" / "messages" / f"{language}.toml").read_text("utf-8"))["errors"]
        assert {code for code in codes if set(texts.get(code, ())) != {"what", "todo"}} == set()


def test_a_journal_that_can_not_be_written_leaves_nothing_to_write(service: Service) -> None:
    job = cleaned(service)
    journals = service.folder / "journals"
    aside = service.folder / "journals-aside"
    if journals.exists():
        journals.rename(aside)
    journals.write_bytes(b"a file where the folder should be")
    try:
        reply = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1"))
    finally:
        journals.unlink()
        if aside.exists():
            aside.rename(journals)

    assert (reply.status, reply.headers["deskhand-error"]) == (503, "output-folder-missing")
    assert "Ann" not in reply.text
    again = service.tsv("POST", f"/v1/jobs/{job}/apply", values(accept="1"))
    assert (again.status, again.options["writes"]) == (200, "1")
