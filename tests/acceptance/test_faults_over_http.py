"""A model that fails while the service asks it, and a service that is killed meanwhile: nothing lost or paid twice."""

from __future__ import annotations

from typing import Any

import pytest

from services.settings import load_settings
from tests.acceptance.faults import FAULTS, RIGHT, WORKS, Failing, Work, asked
from tests.endpoint import Scripted, scripted, slowly
from tests.jobs.long_work import wait_until
from tests.serving import Service, running_service

SHOWN = ("connection reset", "cut off, broken JSON")
"""Kinds of failure; all of them go through the same code whoever has the job."""


def surroundings(endpoint: Scripted) -> dict[str, str]:
    known = {"BASE_URL": endpoint.base_url, "MODEL": "scripted-1", "CONCURRENCY": "1", "RETRIES": "0"}
    return {f"DESKHAND_{name}": value for name, value in {**known, "LANGUAGE": "en", "LEASE_SECONDS": "1"}.items()}


def call_of(work: Work) -> dict[str, Any]:
    """The same work with cells in place of a file."""
    rows = [line.split(",") for line in work.text.splitlines()]
    call: dict[str, Any] = {"grids": [{"sheet": "S", "columns": [list(column) for column in zip(*rows, strict=True)]}]}
    if work.task == "fill":
        call["request"] = {"prompt": work.words[1], "into": [work.words[3]]}
    return call


def answered(service: Service, work: Work, job: str) -> set[str]:
    """The items that the result has the right answer on."""
    reply = service.request("GET", f"/v1/jobs/{job}/result").json
    after = {change["cell"]: str(change["after"]) for table in reply["tables"] for change in table["changes"]}
    names = {item: f"{'AB'[column]}{line + 1}" for item, (line, column, _) in work.cells.items()}
    dates = work.task == "clean"
    right = {item for item, (_, _, value) in work.cells.items() if after.get(names[item]) == value}
    return right | {item for item in work.cells if dates and item.startswith("the ") and names[item] in after}


@pytest.mark.parametrize("task", WORKS)
@pytest.mark.parametrize("name", SHOWN)
def test_a_job_of_the_service_keeps_what_was_answered_and_resumes_with_the_rest(name: str, task: str) -> None:
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    work, step = WORKS[task](), Failing(fault)
    rest = len(work.cells) - work.first
    with (
        scripted(step) as endpoint,
        running_service(load_settings().folder, **surroundings(endpoint)) as service,
    ):
        job = service.request("POST", f"/v1/tasks/{task}", call_of(work)).json["job"]
        first = service.finished(job)
        had, calls = answered(service, work, job), len(endpoint.requests)
        assert (first["state"], first["gaps"], len(had)) == ("done", rest, work.first)
        step.healthy = True
        service.request("POST", f"/v1/jobs/{job}/resume")
        last = service.finished(job)
        assert (last["state"], last["gaps"]) == ("done", 0)
        assert answered(service, work, job) == set(work.cells)
    again = set(asked(endpoint, calls)) & set(work.cells)
    assert again == set(work.cells) - had


@pytest.mark.parametrize("task", WORKS)
def test_a_service_that_is_killed_goes_on_where_it_was_and_asks_for_the_rest_alone(task: str) -> None:
    work, folder = WORKS[task](), load_settings().folder
    with scripted(RIGHT, slowly(3, RIGHT), RIGHT) as endpoint:
        with running_service(folder, **surroundings(endpoint)) as service:
            job = service.request("POST", f"/v1/tasks/{task}", call_of(work)).json["job"]
            wait_until(lambda: len(endpoint.requests) == 2, service.process)
            service.kill()
        with running_service(folder, **surroundings(endpoint)) as service:
            last = service.finished(job)
            assert (last["state"], last["gaps"]) == ("done", 0)
            assert answered(service, work, job) == set(work.cells)
    first = set(asked(endpoint) - asked(endpoint, 1)) & set(work.cells)
    assert len(first) == work.first
    assert not first & set(asked(endpoint, 2))
