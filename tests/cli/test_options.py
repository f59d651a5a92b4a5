"""Options of a task that are numbers, or can be given again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from services.jobs.ledger import Ledger
from services.settings import load_settings
from services.tasks import TASKS
from services.tasks.clean.result import CleanResult
from services.tasks.registry import Option
from tests.cli.orders import Deskhand
from tests.jobs.asking_task import CAPITALS, csv

PLACE = "tests.cli.test_options:TASK"


class Request(BaseModel):
    """A number and words."""

    cells: int | None = None
    sheet: tuple[str, ...] = ("none",)


TASK = replace(
    CAPITALS,
    request_type=Request,  # type: ignore[arg-type]
    run=lambda request, source, context: CleanResult(tables=()),
    options=(Option("cells", ("--preview",), "number", "N"), Option("sheet", ("--set",), "repeated", "NAME=VALUE")),
)


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(TASKS, "clean", PLACE)
    path = tmp_path / "texts.csv"
    path.write_text(csv(2), "utf-8")
    return path


def test_a_number_and_an_option_given_again_reach_the_request(deskhand: Deskhand, texts: Path) -> None:
    code, _, err = deskhand("clean", texts, "--preview", "5", "--set", "to=zh", "--set", "tone=plain, short")

    assert (code, err) == (0, "")
    with Ledger(load_settings()) as ledger:
        (job,) = ledger.list()
    assert job.request == {"cells": 5, "sheet": ["to=zh", "tone=plain, short"]}
    assert job.wishes["given"] == ["--preview", "5", "--set", "to=zh", "--set", "tone=plain, short"]


def test_without_them_the_request_has_its_own_values(deskhand: Deskhand, texts: Path) -> None:
    deskhand("clean", texts)

    _, text, _ = deskhand("jobs", "list", "--json")
    assert len(json.loads(text)) == 1
    with Ledger(load_settings()) as ledger:
        assert ledger.list()[0].request == {"cells": None, "sheet": ["none"]}


@pytest.mark.parametrize("number", ["0", "many"])
def test_what_is_no_number_is_refused(deskhand: Deskhand, texts: Path, number: str) -> None:
    code, _, err = deskhand("clean", texts, "--preview", number)

    assert (code, "--preview" in err) == (2, True)
