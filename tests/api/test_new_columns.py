"""A task that adds columns over HTTP: on cells of a host and on an uploaded file, applied and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask_openapi3.openapi import OpenAPI

from services import tasks
from services.api.applications import Applications
from services.api.file_results import FOLDER, apply_to_file, take_back_in_file
from services.app import create_app
from services.jobs.work import open_job_source
from services.settings import load_settings
from services.workbook.addresses import parse_place
from services.workbook.grid import Grid
from services.workbook.host import HostCells
from tests.tasks.marking import MARK, UNKNOWN, MarkRequest
from tests.tasks.quiet import Quiet

PORT = 8421
DATA = b"Name,City\nAnn,Oslo\nBobby,Rome\nCem,Bonn\n"
FILLED = b"Name,City,Kind,Length\nAnn,Oslo,short,3\nBobby,Rome,long,5\nCem,Bonn,short,3\n"
SENT = {"sheet": "S", "address": "B3", "columns": [["Name", "Ann", "Bobby", "Cem"], ["City", "Oslo", "Rome", "Bonn"]]}
EMPTY = {"sheet": "S", "address": "D3", "columns": [[None] * 4, [None] * 4]}
WHOLE = {"sheet": "S", "address": "D3", "columns": [["Kind", "short", "long", "short"], ["Length", 3, 5, 3]]}


@dataclass
class Here:
    """The service within this process, its workers running."""

    app: OpenAPI

    def ask(self, method: str, path: str, body: Any = None, **sent: Any) -> Any:
        token = self.app.extensions["deskhand"].token
        headers = {"Host": f"127.0.0.1:{PORT}", "Authorization": f"Bearer {token}", "Prefer": "wait=10"}
        with self.app.test_client().open(path, method=method, json=body, headers=headers, **sent) as reply:
            assert reply.status_code in (200, 201, 202), reply.text
            return reply.json if reply.is_json else reply.data

    @property
    def desk(self) -> Any:
        return self.app.extensions["deskhand"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setitem(tasks.TASKS, "mark", "tests.tasks.marking:MARK")
    monkeypatch.setenv("DESKHAND_LANGUAGE", "en")
    app = create_app(load_settings(folder=tmp_path, port=PORT))
    app.extensions["deskhand"].runner.start()
    yield Here(app)
    UNKNOWN.clear()
    app.extensions["deskhand"].runner.stop()
    app.extensions["deskhand"].ledger.close()


def on_cells(here: Here) -> str:
    """The id of a job on a host's cells that is done."""
    told = here.ask("POST", "/v1/tasks/mark", {"grids": [SENT], "workbook": "Book1"})
    assert told["state"] == "done", told
    return str(told["job"])


def on_file(here: Here) -> str:
    """The id of a job on an uploaded file that is done."""
    uploaded = here.ask("POST", "/v1/files?name=people.csv", data=DATA)
    told = here.ask("POST", "/v1/tasks/mark", {"file": uploaded["file"]})
    assert told["state"] == "done", told
    return str(told["job"])


def written(reply: Any) -> list[tuple[int, int, Any, str]]:
    return [(cell["row"], cell["column"], cell["value"], cell["id"]) for cell in reply["writes"]]


def test_a_host_is_told_the_ranges_of_the_new_columns_with_their_title_cells(here: Here) -> None:
    told = here.ask("GET", f"/v1/jobs/{on_cells(here)}")
    assert told["tables"] == [{"sheet": "S", "range": "D3:E6", "header": ["Kind", "Length"]}]


def test_a_host_writes_titles_and_values_and_takes_them_back(here: Here) -> None:
    job = on_cells(here)
    reply = here.ask("POST", f"/v1/jobs/{job}/apply", {"grids": [EMPTY], "accept": "all"})
    assert written(reply) == [
        (3, 4, "Kind", "1"), (4, 4, "short", "3"), (5, 4, "long", "5"), (6, 4, "short", "7"),
        (3, 5, "Length", "2"), (4, 5, 3, "4"), (5, 5, 5, "6"), (6, 5, 3, "8"),
    ]  # fmt: skip
    here.ask("POST", f"/v1/jobs/{job}/confirm", {"application": 1, "written": 8})
    one = here.ask("POST", f"/v1/jobs/{job}/undo", {"grids": [WHOLE], "cell": "S!E5"})
    assert written(one) == [(5, 5, None, "6")]
    by_id = here.ask("POST", f"/v1/jobs/{job}/undo", {"grids": [WHOLE], "change": "3"})
    assert written(by_id) == [(4, 4, None, "3")]
    everything = here.ask("POST", f"/v1/jobs/{job}/undo", {"grids": [WHOLE]})
    assert len(everything["writes"]) == 8
    assert {cell["value"] for cell in everything["writes"]} == {None}


def test_a_cell_that_holds_something_by_now_is_a_conflict(here: Here) -> None:
    job = on_cells(here)
    taken = {**EMPTY, "columns": [[None, None, "mine", None], [None] * 4]}
    reply = here.ask("POST", f"/v1/jobs/{job}/apply", {"grids": [taken], "accept": "all"})
    assert len(reply["writes"]) == 7
    assert [(left["row"], left["column"], left["value"]) for left in reply["conflicts"]] == [(5, 4, "mine")]
    assert "D5" in reply["conflicts"][0]["text"]


def test_the_review_calls_the_columns_by_their_titles(here: Here) -> None:
    result = here.ask("GET", f"/v1/jobs/{on_cells(here)}/result")
    assert "Length" in str(result)


def test_answers_that_came_later_are_applied_to_a_host_beside_those_that_stand(here: Here, tmp_path: Path) -> None:
    UNKNOWN.add("Bobby")
    id_ = on_cells(here)
    job = here.desk.ledger.get(id_)
    first, second = marked(), marked(knows_all=True)
    journals = tmp_path / "journals"
    before = Applications(here.desk.ledger, journals, job, first)
    made = before.apply([grid_of(EMPTY)], ids_of(first))
    before.confirm(made.n, 6, undone=False)
    gap = {**WHOLE, "columns": [["Kind", "short", None, "short"], ["Length", 3, None, 3]]}
    after = Applications(here.desk.ledger, journals, job, second)
    more = after.apply([grid_of(gap)], ids_of(second))
    assert [(write.row, write.column, write.value) for part in more.applied for write in part.writes] == [
        (2, 0, "long"), (2, 1, 5)
    ]  # fmt: skip
    assert not any(part.conflicts for part in more.applied)
    after.confirm(more.n, 2, undone=False)
    assert len(after.written_ids()) == 8


def test_a_file_gets_its_columns_and_gives_them_back(here: Here) -> None:
    job = on_file(here)
    reply = here.ask("POST", f"/v1/jobs/{job}/apply", {"accept": "all"})
    assert (reply["cells"], reply["conflicts"]) == (8, [])
    assert here.ask("GET", f"/v1/jobs/{job}/files/result.csv") == FILLED
    one = here.ask("POST", f"/v1/jobs/{job}/undo", {"cell": "D3"})
    assert one["cells"] == 1
    assert here.ask("GET", f"/v1/jobs/{job}/files/result.csv") == FILLED.replace(b"long,5", b"long,")
    by_id = here.ask("POST", f"/v1/jobs/{job}/undo", {"change": "3"})
    assert by_id["cells"] == 1
    here.ask("POST", f"/v1/jobs/{job}/undo", {})
    assert here.ask("GET", f"/v1/jobs/{job}/files/result.csv") == DATA


def test_answers_that_came_later_are_applied_to_a_file_with_those_that_stand(here: Here) -> None:
    UNKNOWN.add("Bobby")
    job = here.desk.ledger.get(on_file(here))
    tables = file_tables(here, job)
    assert apply_to_file(here.desk.ledger, job, tables, ids_of(tables)).cells == 6
    UNKNOWN.clear()
    more = file_tables(here, job)
    assert apply_to_file(here.desk.ledger, job, more, ids_of(more)).cells == 8
    assert (job.folder / FOLDER / "result.csv").read_bytes() == FILLED
    back = take_back_in_file(here.desk.ledger, job, more, None, parse_place("C3"))
    assert back.cells == 1


def grid_of(sent: dict[str, Any]) -> Grid:
    return Grid(tuple(map(list, sent["columns"])), first_row=3, first_column=ord(sent["address"][0]) - 64, sheet="S")


def marked(*, knows_all: bool = False) -> Any:
    """What the task finds in the cells that were sent."""
    unknown = set(UNKNOWN)
    if knows_all:
        UNKNOWN.clear()
    try:
        return MARK.run(MarkRequest(), HostCells("Book1", (grid_of(SENT),)), Quiet()).tables
    finally:
        UNKNOWN.update(unknown)


def file_tables(here: Here, job: Any) -> Any:
    """What the task finds in the uploaded file by now."""
    return MARK.run(MarkRequest(), open_job_source(job, here.desk.ledger), Quiet()).tables


def ids_of(tables: Any) -> set[str]:
    return {change.id for table in tables for change in table.changes.changes}
