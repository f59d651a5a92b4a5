"""The form of the button Fill, told by clicks: what it shows, how it is read, and what it says of too little."""

from __future__ import annotations

import pytest

from tests.office.desk import BEFORE_LIST, listed
from tests.office.interpreter import Excel
from tests.office.shop import COMMENTS, HEADER, fill_in, form, shop, tendencies, tick_all
from tests.office.stories import story
from tests.serving import Service


@pytest.fixture
def excel(story_service: Service) -> Excel:
    return shop(story_service.folder)


@story("fill-form", engine="pyopenvba")
def test_fill_opens_a_form_for_the_table_under_the_selection(excel: Excel) -> None:
    excel.select("B3:B4")

    excel.click("DhRibbonFill")

    assert excel.told == []
    assert excel.sheet().name == "Deskhand fill"
    assert form(excel) == {
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
    assert "Sentiment" in [value for (value,) in excel.value("B16:B40")]
    assert ("C10", "text,number,date,choice,list") in excel.tick_lists
    assert [excel.get("A:A", "Hidden"), excel.get("1:1", "Hidden")] == [True, True]
    assert excel.value("A1:B6", sheet=1) == [HEADER, *COMMENTS]
    assert excel.switches() == BEFORE_LIST


def test_the_form_keeps_what_was_chosen_and_shows_the_settings_of_a_template(excel: Excel) -> None:
    excel.click("DhRibbonFill")
    fill_in(excel, template="Translate")

    excel.click("DhRibbonFill")
    settings = form(excel)["values"]
    excel.run("GoTo_", "Sheet1")
    excel.select("A2")
    excel.click("DhRibbonFill")

    assert "=" in settings
    assert {key: form(excel)[key] for key in ("template", "columns", "values")} == {
        "template": "Translate",
        "columns": "No",
        "values": settings,
    }
    assert excel.sheet_names().count("Deskhand fill") == 1


@pytest.mark.parametrize(
    ("selected", "columns", "rows"),
    [
        ("A1:B6", "No", "all rows"),
        ("B:B", "Comment", "all rows"),
        ("B2:B3,B6", "Comment", "2-3,6"),
        ("D9", "", ""),
    ],
)
def test_what_is_selected_says_what_is_read(excel: Excel, selected: str, columns: str, rows: str) -> None:
    excel.select(selected)

    excel.click("DhRibbonFill")

    if columns:
        assert (form(excel)["columns"], form(excel)["rows"]) == (columns, rows)
    else:
        assert excel.told[0].startswith("There are no cells to work on.")


def test_of_hidden_rows_the_form_means_the_visible_ones(excel: Excel) -> None:
    excel.hide_rows(3, 4)
    excel.select("B2")
    excel.click("DhRibbonFill")
    assert form(excel)["rows"] == "visible rows"
    fill_in(excel, template="Sentiment")

    excel.click("DhRibbonFillAll")
    tick_all(excel)
    excel.click("DhRibbonApply")

    assert [value is None for value in tendencies(excel)] == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "The form has neither a template nor an instruction."),
        ({"prompt": "What is {Comment}?"}, "The new column has no title yet."),
        ({"template": "Magic"}, "There is no template with this name: Magic"),
        ({"template": "Sentiment", "table": "Gone!A1"}, "The table of this form is no longer there: Gone!A1"),
    ],
)
def test_a_form_that_says_too_little_is_told(excel: Excel, fields: dict[str, str], said: str) -> None:
    excel.click("DhRibbonFill")
    fill_in(excel, **fields)

    excel.click("DhRibbonFillAll")

    assert excel.told[0].startswith(said)
    assert excel.switches() == BEFORE_LIST


def test_choices_may_stand_in_a_range_of_another_sheet(excel: Excel) -> None:
    excel.new_workbook("Towns.xlsx")
    excel.put("A1", [["Town"], ["berlin "], ["PARIS"], ["Rome"]])
    excel.run("AddSheet", "Q#1 'a'")
    excel.put("A1", [["Berlin"], ["Paris"]], sheet="Q#1 'a'")
    excel.run("GoTo_", "Sheet1")
    excel.select("A2")
    excel.click("DhRibbonFill")
    fill_in(excel, template="Look up", choices="'Q#1 ''a'''!A1:A2")

    excel.click("DhRibbonFillAll")
    tick_all(excel)
    excel.click("DhRibbonApply")

    assert [value for (value,) in excel.value("B2:B4", sheet="Sheet1")] == ["Berlin", "Paris", None]


def test_a_table_that_begins_further_down_on_a_sheet_with_an_odd_name_is_found_again(excel: Excel) -> None:
    excel.new_workbook("Odd.xlsx")
    excel.put("B3", [HEADER, *COMMENTS])
    excel.run("RenameSheet", "Q#1 'a'!")
    excel.select("C:C")
    excel.click("DhRibbonFill")
    assert form(excel)["table"] == "Q#1 'a'!!B4:C8"
    fill_in(excel, template="Sentiment")

    excel.click("DhRibbonFillAll")

    assert {line["sheet"] for line in listed(excel)} == {"Q#1 'a'!"}
    assert {line["cell"] for line in listed(excel)} >= {"D3", "D4", "D8"}


def test_run_without_a_form_opens_one(excel: Excel) -> None:
    excel.click("DhRibbonFillAll")

    assert excel.sheet().name == "Deskhand fill"


def test_clean_does_not_take_the_form_for_data(excel: Excel) -> None:
    excel.click("DhRibbonFill")

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith("This sheet is Deskhand's own.")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a; b", "a\nb\n"),
        ("a，b、c", "a\nb\nc\n"),
        ("Address, full;", "Address, full\n"),
        ("a\nb, c", "a\nb, c\n"),
        ("", ""),
    ],
)
def test_a_list_is_read_however_it_was_typed(excel: Excel, typed: str, sent: str) -> None:
    assert excel.run("Listed", typed) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("language=English; rule=Be short, friendly", "language=English\nrule=Be short, friendly\n"),
        ("language＝英语，tone=正式", "language=英语\ntone=正式\n"),
        ("rule=Be short, friendly", "rule=Be short, friendly\n"),
    ],
)
def test_settings_are_read_however_they_were_typed(excel: Excel, typed: str, sent: str) -> None:
    assert excel.run("Settings", typed) == sent
