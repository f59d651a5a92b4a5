"""A new column from others told by LibreOffice Calc: the form, the preview, the answers in the cells, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font

from tests.endpoint import answering, scripted
from tests.office.front_door import UNKNOWN, front_door
from tests.office.libreoffice.calc import Calc
from tests.office.libreoffice.paper import NO, YES, Paper
from tests.office.shop import (
    CHINESE_COMMENTS,
    CHINESE_HEADER,
    CHINESE_TENDENCIES,
    COMMENTS,
    HEADER,
    TENDENCIES,
    praise_or_complaint,
    service_asking,
    set_model,
)
from tests.office.stories import story
from tests.serving import Service, running_service

CANCEL = 2
Given = Callable[..., Paper]


@pytest.fixture
def given(office: Calc, tmp_path: Path) -> Given:
    """A function that lays the comments on the desk, one cell of theirs selected."""

    def lay(**wishes: Any) -> Paper:
        paper = Paper(office, tmp_path, **{"rows": [HEADER, *COMMENTS], "dress": bold_titles, **wishes})
        paper.select("B3")
        return paper

    return lay


def bold_titles(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def column(paper: Paper, letter: str = "C", rows: int = 6) -> list[Any]:
    """What stands in a column of the first sheet, its title first."""
    return [value for (value,) in paper.cells(f"{letter}1:{letter}{rows}")]


def tick_all(paper: Paper) -> None:
    """Tick every line of the list."""
    for line in paper.lines:
        paper.tick(line["cell"], "✓")


def fill_tendencies(paper: Paper) -> None:
    """From the form to the answers in the new columns."""
    paper.click("Fill")
    paper.fill_in(template="Sentiment")
    paper.click("FillAll")
    tick_all(paper)
    paper.click("Apply")


@story("fill-form", engine="libreoffice")
def test_fill_opens_a_form_for_the_table_under_the_selection(given: Given) -> None:
    paper = given()
    paper.select("B3:B4")

    told = paper.click("Fill")

    assert told.messages == []
    assert paper.sheets == ["Sheet1", "Deskhand fill"]
    assert paper.form == {
        "table": "Sheet1!A2:B6",
        "template": "(own instruction)",
        "prompt": "",
        "columns": "Comment",
        "into": "",
        "type": "text",
        "choices": "",
        "rows": "3-4",
        "values": "",
        "filled": "leave them",
    }


@story("fill-preview", engine="libreoffice")
def test_preview_lists_the_first_rows_and_says_what_all_would_take(given: Given) -> None:
    paper = given()
    paper.click("Fill")
    paper.fill_in(template="Sentiment")

    told = paper.click("Preview")

    assert {line["cell"][1:] for line in paper.lines} == {"1", "2", "3", "4"}
    assert told.messages == [
        "This is a preview of the first 3 rows. For all rows click Run.\nNo request to a model is needed for all rows."
    ]
    paper.click("FillAll")
    assert paper.sheets == ["Sheet1", "Deskhand fill", "Deskhand review"]
    assert {line["cell"][1:] for line in paper.lines} == {"1", "2", "3", "4", "5", "6"}


@story("fill-to-cells", engine="libreoffice")
def test_run_and_apply_put_the_answers_beside_the_table(given: Given) -> None:
    paper = given()

    fill_tendencies(paper)

    assert column(paper) == ["Tendency", *TENDENCIES]
    assert paper.cells("A1:B6") == [HEADER, *COMMENTS]
    assert paper.cells("C1:F1") == [["Tendency", "Strength", "Keywords", "Score"]]


@story("fill-undo", engine="libreoffice")
def test_undo_takes_back_one_answer_or_all_columns(given: Given) -> None:
    paper = given()
    fill_tendencies(paper)
    paper.select("C3")
    paper.click("Undo", says=YES)
    assert column(paper) == ["Tendency", "positive", None, *TENDENCIES[2:]]

    paper.select("A1:A2")
    paper.click("Undo", says=YES)

    assert paper.cells("C1:F6") == [[None] * 4] * 6
    assert paper.cells("A1:B6") == [HEADER, *COMMENTS]


@story("fill-gaps", engine="libreoffice")
def test_rows_without_an_answer_are_told_and_asked_again_alone(office: Calc, given: Given, tmp_path: Path) -> None:
    def shy(item: Any) -> dict[str, Any]:
        return {"value": "nonsense"} if "Awful" in str(item) else praise_or_complaint(item)

    broken = True
    good, bad = answering(praise_or_complaint), answering(shy)
    with (
        scripted(lambda received: bad(received) if broken else good(received)) as endpoint,
        service_asking(tmp_path / "asking", endpoint) as service,
    ):
        office.environment(DESKHAND_FOLDER=str(service.folder))
        paper = given()
        paper.click("Fill")
        paper.fill_in(prompt="What is {Comment}?", into="Kind", type="choice", choices="praise; complaint")
        gaps = paper.click("FillAll").messages[-1]

        broken = False
        before = len(endpoint.asked)
        paper.click("Jobs", "R 1")

    assert gaps.startswith("Rows without an answer: 1.\n   ")
    assert [item["Comment"] for item in endpoint.asked[before:]] == ["Awful, I hate the colour"]
    assert paper.sheets == ["Sheet1", "Deskhand fill", "Deskhand review"]
    assert {line["cell"]: line["after"] for line in paper.lines}["C5"] == "complaint"


@story("fill-needs-model", engine="libreoffice")
def test_without_a_model_a_message_says_what_to_do(given: Given) -> None:
    paper = given()
    paper.click("Fill")
    paper.fill_in(template="Translate")

    told = paper.click("FillAll")

    assert len(told.messages) == 1
    assert "Translate" in told.messages[0]
    assert "model" in told.messages[0]
    assert paper.sheets == ["Sheet1", "Deskhand fill"]


@story("fill-asks-before-sending", engine="libreoffice")
def test_before_cells_leave_the_receiver_is_named(office: Calc, given: Given, tmp_path: Path) -> None:
    with running_service(tmp_path / "asking") as service:
        set_model(service, provider="custom", base_url="https://models.example.invalid/v1", model="far-2")
        office.environment(DESKHAND_FOLDER=str(service.folder))
        paper = given()
        paper.click("Fill")
        paper.fill_in(prompt="What is {Comment}?", into="Kind")

        told = paper.click("FillAll", says=CANCEL)

    assert "they go to models.example.invalid, model far-2." in told.messages[0]
    assert [request for request in told.requests if "/v1/tasks" in request] == []
    assert paper.sheets == ["Sheet1", "Deskhand fill"]


@story("clean-asks-before-sending", engine="libreoffice")
def test_clean_asks_before_values_leave_and_a_no_means_rules_alone(office: Calc, given: Given, tmp_path: Path) -> None:
    with running_service(tmp_path / "asking") as service:
        set_model(service, provider="custom", base_url="https://models.example.invalid/v1", model="far-3")
        office.environment(DESKHAND_FOLDER=str(service.folder))
        paper = given(rows=[HEADER, *([number, f"text {number} "] for number in range(5))])

        told = paper.click("Clean", says=NO)
        sent = service.request("GET", "/v1/sent").json["sent"]

    assert told.messages[0].startswith("A model elsewhere is set up: far-3 at models.example.invalid.")
    assert len(paper.lines) == 5
    assert sent == []


@story("fill-chinese", engine="libreoffice")
def test_form_answers_and_messages_are_chinese(office: Calc, given: Given, story_service: Service) -> None:
    office.environment(**{"DESKHAND_FOLDER": str(story_service.folder), "office language": "2052"})
    paper = given(rows=[CHINESE_HEADER, *CHINESE_COMMENTS])
    paper.click("Fill")
    assert paper.sheets == ["Sheet1", "Deskhand 填列"]
    assert (paper.form["columns"], paper.form["rows"]) == ("评论", "所有行")
    paper.fill_in(template="sentiment")

    paper.click("FillAll")
    tick_all(paper)
    told = paper.click("Apply")

    assert column(paper, rows=3)[1:] == CHINESE_TENDENCIES
    assert told.messages[0].startswith("已写入的单元格：")


@story("fill-neighbour", engine="libreoffice")
def test_what_stands_right_of_the_table_is_left_alone(given: Given) -> None:
    paper = given(rows=[[*HEADER, None, "Other table"], *([*row, None, "note"] for row in COMMENTS)])

    fill_tendencies(paper)

    assert column(paper, "D") == ["Other table", *["note"] * 5]
    assert column(paper) == ["Tendency", *TENDENCIES]
    assert "no longer holds" in paper.states["D2"]


@story("fill-partly", engine="libreoffice")
def test_of_a_partly_filled_column_only_the_empty_cells_are_filled(given: Given) -> None:
    rows = [[*row, "my own" if number == 1 else None] for number, row in enumerate(COMMENTS)]
    paper = given(rows=[[*HEADER, "Tendency"], *rows])

    fill_tendencies(paper)

    assert column(paper) == ["Tendency", "positive", "my own", *TENDENCIES[2:]]


@story("fill-older-service", engine="libreoffice")
def test_a_service_that_cannot_fill_is_told(given: Given, story_service: Service) -> None:
    with front_door(story_service, {"GET /v1/templates": UNKNOWN}):
        paper = given()
        told = paper.click("Fill")

    assert told.messages[0].startswith("The service that is running is older than this add-in")
    assert paper.sheets == ["Sheet1"]
