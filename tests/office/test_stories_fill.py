"""A new column from others, told by clicks: the preview, the answers in the cells, and back. Not here: the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.endpoint import answering, scripted
from tests.office.desk import BEFORE_LIST, listed, notes, states
from tests.office.front_door import UNKNOWN, front_door
from tests.office.interpreter import Excel
from tests.office.shop import (
    CHINESE_COMMENTS,
    CHINESE_HEADER,
    CHINESE_TENDENCIES,
    COMMENTS,
    HEADER,
    TENDENCIES,
    fill_in,
    form,
    praise_or_complaint,
    service_asking,
    set_model,
    shop,
    tendencies,
    tick_all,
)
from tests.office.stories import story
from tests.serving import Service, running_service


@pytest.fixture
def excel(story_service: Service) -> Excel:
    return shop(story_service.folder)


def fill_tendencies(excel: Excel) -> None:
    """From the form to the answers in a single new column."""
    excel.click("DhRibbonFill")
    fill_in(excel, template="Sentiment", into="Tendency; Strength; Keywords; Score")
    excel.click("DhRibbonFillAll")
    for line in listed(excel):
        excel.put(f"A{line['row']}", [["x" if line["column"] == "Tendency" else "no"]])
    excel.click("DhRibbonApply")


@story("fill-preview", engine="pyopenvba")
def test_preview_lists_the_first_rows_and_says_what_all_would_take(excel: Excel) -> None:
    excel.click("DhRibbonFill")
    fill_in(excel, template="Sentiment")

    excel.click("DhRibbonPreview")

    assert {line["cell"][1:] for line in listed(excel)} == {"1", "2", "3", "4"}
    assert excel.told == [
        "This is a preview of the first 3 rows. For all rows click Run.\nNo request to a model is needed for all rows."
    ]
    assert notes(excel)[1:3] == excel.told[0].split("\n")
    assert tendencies(excel) == [None] * 6

    excel.click("DhRibbonFillAll")
    assert excel.sheet_names() == ["Sheet1", "Deskhand fill", "Deskhand review"]
    assert {line["cell"][1:] for line in listed(excel)} == {"1", "2", "3", "4", "5", "6"}


@story("fill-preview", engine="pyopenvba")
def test_a_preview_tells_the_requests_and_tokens_of_all_rows(tmp_path: Path) -> None:
    with scripted(answering(praise_or_complaint)) as endpoint, service_asking(tmp_path, endpoint) as service:
        excel = shop(service.folder)
        excel.click("DhRibbonFill")
        fill_in(excel, prompt="What is {Comment}?", into="Kind", type="choice", choices="praise; complaint")

        excel.click("DhRibbonPreview")

    assert len(endpoint.asked) == 3
    assert "All rows: 5 different ones, 0 of them known already. Requests to the model: about 1;" in excel.told[0]


@story("fill-to-cells", engine="pyopenvba")
def test_run_and_apply_put_the_answers_beside_the_table(excel: Excel) -> None:
    excel.cells("A1:B1").vba_get("Font").vba_set("Bold", True)

    fill_tendencies(excel)

    assert tendencies(excel) == ["Tendency", *TENDENCIES]
    assert excel.value("A1:B6", sheet=1) == [HEADER, *COMMENTS]
    assert excel.cells("C1", sheet=1).vba_get("Font").vba_get("Bold") is True
    assert excel.get("C1", "ColumnWidth", sheet=1) == 12
    assert excel.told == ["Cells written: 6.\n\nTo take it back: Ctrl+Z now, or the button Undo at any time."]
    assert excel.undo[-1][1] == "DhUndoByKey"
    assert excel.switches() == BEFORE_LIST


@story("fill-to-cells", engine="pyopenvba")
def test_an_own_instruction_is_answered_by_the_model_within_its_choices(tmp_path: Path) -> None:
    with scripted(answering(praise_or_complaint)) as endpoint, service_asking(tmp_path, endpoint) as service:
        excel = shop(service.folder)
        excel.click("DhRibbonFill")
        fill_in(excel, prompt="What is {Comment}?", into="Kind", type="choice", choices="praise，complaint")
        excel.click("DhRibbonFillAll")
        tick_all(excel)
        excel.click("DhRibbonApply")

    assert tendencies(excel) == ["Kind", "praise", "complaint", "praise", "complaint", "complaint"]
    assert [set(item) for item in endpoint.asked] == [{"Comment"}] * 5


@story("fill-undo", engine="pyopenvba")
def test_undo_takes_back_one_answer_or_the_whole_column(excel: Excel) -> None:
    excel.cells("A1:B1").vba_get("Font").vba_set("Bold", True)
    fill_tendencies(excel)
    excel.run("GoTo_", "Sheet1")
    excel.select("C3")
    excel.say(6)
    excel.click("DhRibbonUndo")
    assert tendencies(excel) == ["Tendency", "positive", None, *TENDENCIES[2:]]

    excel.select("A1:A2")
    excel.say(6)
    excel.click("DhRibbonUndo")

    assert tendencies(excel) == [None] * 6
    assert excel.cells("C1", sheet=1).vba_get("Font").vba_get("Bold") is False
    assert excel.value("A1:B6", sheet=1) == [HEADER, *COMMENTS]


@story("fill-undo", engine="pyopenvba")
def test_ctrl_z_takes_the_whole_column_back(excel: Excel) -> None:
    fill_tendencies(excel)

    excel.run(excel.undo[-1][1])

    assert tendencies(excel) == [None] * 6


@story("fill-gaps", engine="pyopenvba")
def test_rows_without_an_answer_are_told_and_asked_again_alone(tmp_path: Path) -> None:
    def shy(item: Any) -> dict[str, Any]:
        return {"value": "nonsense"} if "Awful" in str(item) else praise_or_complaint(item)

    broken = True
    good, bad = answering(praise_or_complaint), answering(shy)
    with (
        scripted(lambda received: bad(received) if broken else good(received)) as endpoint,
        service_asking(tmp_path, endpoint) as service,
    ):
        excel = shop(service.folder)
        excel.click("DhRibbonFill")
        fill_in(excel, prompt="What is {Comment}?", into="Kind", type="choice", choices="praise; complaint")
        excel.click("DhRibbonFillAll")
        gaps = excel.told[-1]
        assert [line["cell"] for line in listed(excel) if line["verdict"] == "look"] == ["C5"]

        broken = False
        before = len(endpoint.asked)
        excel.say(1, "R 1")
        excel.click("DhRibbonJobs")

    assert gaps.startswith("Rows without an answer: 1.\n   ")
    assert gaps.endswith(
        "To try only those again: click Run once more, or Jobs, R and the number of the job. "
        "What is answered already costs nothing."
    )
    assert [item["Comment"] for item in endpoint.asked[before:]] == ["Awful, I hate the colour"]
    assert excel.sheet_names() == ["Sheet1", "Deskhand fill", "Deskhand review"]
    assert {line["cell"]: line["after"] for line in listed(excel)}["C5"] == "complaint"
    assert [line for line in listed(excel) if line["verdict"] == "look"] == []


@story("fill-needs-model", engine="pyopenvba")
def test_without_a_model_a_message_says_what_to_do(excel: Excel, story_service: Service) -> None:
    excel.click("DhRibbonFill")
    fill_in(excel, template="Translate")

    excel.click("DhRibbonFillAll")

    assert len(excel.told) == 1
    assert "Translate" in excel.told[0]
    assert "model" in excel.told[0]
    assert excel.sheet_names() == ["Sheet1", "Deskhand fill"]
    assert excel.switches() == BEFORE_LIST


@story("fill-asks-before-sending", engine="pyopenvba")
def test_before_cells_leave_the_receiver_is_named_once(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        set_model(service, provider="custom", base_url="https://models.example.invalid/v1", model="far-1", retries="0")
        excel = shop(service.folder)
        excel.click("DhRibbonFill")
        fill_in(excel, prompt="What is {Comment}?", into="Kind")
        excel.say(2)

        excel.click("DhRibbonPreview")

        assert "they go to models.example.invalid, model far-1." in excel.told[0]
        assert excel.told_kinds == [33]
        assert [path for _, path, _ in excel.requests if path.startswith("/v1/tasks")] == []
        assert excel.sheet().name == "Deskhand fill"

        excel.say(1)
        excel.click("DhRibbonPreview")
        excel.click("DhRibbonPreview")

    assert excel.told_kinds.count(33) == 2


@story("fill-chinese", engine="pyopenvba")
def test_form_answers_and_messages_are_chinese(story_service: Service) -> None:
    excel = shop(story_service.folder, header=CHINESE_HEADER, rows=CHINESE_COMMENTS, language=2052)

    excel.click("DhRibbonFill")
    assert excel.sheet().name == "Deskhand 填列"
    assert (form(excel)["columns"], form(excel)["rows"], form(excel)["type"]) == ("评论", "所有行", "文本")
    fill_in(excel, template=chinese_title(excel))
    excel.click("DhRibbonPreview")
    excel.click("DhRibbonFillAll")
    tick_all(excel)
    excel.click("DhRibbonApply")

    assert tendencies(excel, rows=2)[1:] == CHINESE_TENDENCIES
    assert excel.told[0].startswith("这是前 3 行的试填结果。")
    assert excel.told[-1].startswith("已写入的单元格：")


def chinese_title(excel: Excel) -> str:
    """The title of the template sentiment in the form in front."""
    return next(title for mark, title in excel.value("A16:B40") if mark == "dh-template:sentiment")


@story("fill-neighbour", engine="pyopenvba")
def test_what_stands_right_of_the_table_is_left_alone(story_service: Service) -> None:
    rows = [[*row, None, "note"] for row in COMMENTS]
    excel = shop(story_service.folder, header=[*HEADER, None, "Other table"], rows=rows)  # type: ignore[list-item]
    excel.click("DhRibbonFill")
    assert form(excel)["table"] == "Sheet1!A2:B6"
    fill_in(excel, template="Sentiment")

    excel.click("DhRibbonFillAll")
    tick_all(excel)
    excel.click("DhRibbonApply")

    assert [value for (value,) in excel.value("D1:D6", sheet=1)] == ["Other table", *["note"] * 5]
    assert tendencies(excel) == ["Tendency", *TENDENCIES]
    assert "no longer holds" in states(excel)["D2"]
    assert excel.told[-1].split("\n")[1].startswith("Left alone: 6.")


@story("fill-partly", engine="pyopenvba")
def test_of_a_partly_filled_column_only_the_empty_cells_are_filled(story_service: Service) -> None:
    rows = [[*row, "my own" if number == 1 else None] for number, row in enumerate(COMMENTS)]
    excel = shop(story_service.folder, header=[*HEADER, "Tendency"], rows=rows)
    excel.click("DhRibbonFill")
    fill_in(excel, template="Sentiment", into="Tendency; Strength; Keywords; Score")

    excel.click("DhRibbonFillAll")
    tick_all(excel)
    excel.click("DhRibbonApply")

    assert tendencies(excel) == ["Tendency", "positive", "my own", *TENDENCIES[2:]]
    assert excel.value("D1:F1", sheet=1) == [["Strength", "Keywords", "Score"]]


@story("fill-table", engine="pyopenvba")
def test_a_table_takes_the_columns_in_and_lets_them_go_again(excel: Excel) -> None:
    excel.run("MakeTable", "A1:B6", "Comments")
    excel.select("B3")
    fill_tendencies(excel)
    assert tendencies(excel) == ["Tendency", *TENDENCIES]
    assert table_range(excel) == "$A$1:$C$6"

    excel.run("GoTo_", "Sheet1")
    excel.select("A1:A2")
    excel.say(6)
    excel.click("DhRibbonUndo")

    assert tendencies(excel) == [None] * 6
    assert table_range(excel) == "$A$1:$B$6"


@story("fill-table", engine="pyopenvba")
def test_a_column_right_beside_a_table_is_not_written_over(excel: Excel) -> None:
    excel.run("MakeTable", "A1:B6", "Comments")
    excel.run("ResizeTable", "Comments", "A1:C6")
    excel.put("C1", [["Remark"], *([f"r{row}"] for row in range(5))])
    excel.run("ResizeTable", "Comments", "A1:B6")
    excel.select("B3")
    excel.click("DhRibbonFill")
    assert form(excel)["table"] == "Sheet1!A2:C6"
    fill_in(excel, template="Sentiment")

    excel.click("DhRibbonFillAll")
    excel.click("DhRibbonApply")

    assert [value for (value,) in excel.value("C1:C3", sheet=1)] == ["Remark", "r0", "r1"]
    assert excel.value("D1", sheet=1) == "Tendency"


def table_range(excel: Excel) -> Any:
    """Where the table stands that A1 is in."""
    return excel.get("A1", "ListObject", sheet=1).vba_get("Range").vba_get("Address")  # type: ignore[attr-defined]


@story("fill-older-service", engine="pyopenvba")
def test_a_service_that_cannot_fill_is_told(story_service: Service) -> None:
    with front_door(story_service, {"GET /v1/templates": UNKNOWN}):
        excel = shop(story_service.folder)

        excel.click("DhRibbonFill")

    assert excel.told[0].startswith("The service that is running is older than this add-in and can't fill columns.")
    assert excel.sheet_names() == ["Sheet1"]
    assert excel.switches() == BEFORE_LIST
