"""Jobs, Settings and Help, told by clicks; and what a button says where there is nothing that it can work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.desk import BEFORE_LIST, CHANGES, CLEAN, ORDERS, excel_on, listed, orders, states
from tests.office.front_door import UNKNOWN, front_door
from tests.office.interpreter import Excel, addin_modules
from tests.office.stories import story
from tests.serving import Service, running_service


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A service that nobody else uses, so that its jobs and settings are known."""
    with running_service(tmp_path) as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def older(service: Service) -> Iterator[Service]:
    """A service without a page."""
    with front_door(service, {"POST /v1/tickets": UNKNOWN}):
        yield service


@story("jobs-list", engine="pyopenvba")
def test_jobs_lists_what_ran_and_a_number_opens_its_list_again(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.click("DhRibbonApply")
    excel.run("GoTo_", "Sheet1")
    excel.run("DeleteSheet", "Deskhand review")
    told = len(excel.told)
    excel.say(1, "1")

    excel.click("DhRibbonJobs")

    lines = excel.told[told].split("\n")
    assert lines[0] == "The latest jobs:"
    assert lines[2].startswith("1   ")
    assert lines[2].endswith("   Orders.xlsx (Sheet1)   11 changes, 10 cells written")
    assert excel.asked == [
        "A number opens its list again; C 2 stops job 2; R 2 takes job 2 up again; "
        "0 opens the page of all jobs in the browser."
    ]
    assert excel.sheet_names() == ["Sheet1", "Deskhand review"]
    assert {cell for cell, state in states(excel).items() if state == "changed"} == set(CHANGES)
    assert excel.switches() == BEFORE_LIST


def test_a_list_that_is_still_there_is_not_made_twice(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.run("GoTo_", "Sheet1")
    excel.say(1, "1")

    excel.click("DhRibbonJobs")

    assert excel.sheet_names() == ["Sheet1", "Deskhand review"]
    assert excel.sheet().name == "Deskhand review"


def test_what_an_earlier_job_wrote_is_taken_back_from_its_list(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.click("DhRibbonApply")
    excel.run("GoTo_", "Sheet1")
    excel.run("DeleteSheet", "Deskhand review")
    excel.say(1, "1")
    excel.click("DhRibbonJobs")
    excel.select("A2")
    excel.say(6)

    excel.click("DhRibbonUndo")

    assert orders(excel) == ORDERS


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("77", "77 is none of the numbers in the list."),
        ("C1", "Job 1 was told to stop."),
        ("Ｃ１", "Job 1 was told to stop."),
        ("1E300", "1E300 is none of"),
        ("abc", "ABC is none of"),
    ],
)
def test_jobs_takes_a_letter_and_a_number(story_service: Service, wish: str, said: str) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.say(1, wish)

    excel.click("DhRibbonJobs")

    assert excel.told[-1].startswith(said)


def test_a_stopped_job_is_taken_up_again(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.run("GoTo_", "Sheet1")
    job = story_service.request("GET", "/v1/jobs").json["jobs"][0]["job"]
    excel.say(1, "R 1")

    excel.click("DhRibbonJobs")

    # A job that is done needs no second run; the service says so in its own words.
    assert excel.told[-1].split("\n")[0] == story_service.tsv("POST", f"/v1/jobs/{job}/resume").text.split("\n")[0]


def test_jobs_can_be_left_by_cancel(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.run("GoTo_", "Sheet1")
    excel.say(2)

    excel.click("DhRibbonJobs")

    assert excel.asked == []
    assert excel.sheet().name == "Sheet1"
    assert excel.switches() == BEFORE_LIST


def test_where_nothing_ran_jobs_says_how_to_begin(service: Service) -> None:
    excel = excel_on(service)

    excel.click("DhRibbonJobs")

    assert excel.told == ["There are no jobs yet. Select cells and click Clean."]


@story("page", engine="pyopenvba")
def test_settings_opens_the_page_with_a_ticket(story_service: Service) -> None:
    excel = excel_on(story_service)

    excel.click("DhRibbonSettings")

    (address,) = excel.browsed
    assert address.startswith(f"{story_service.address}/settings?ticket=")
    assert (excel.told, excel.asked) == ([], [])
    assert excel.switches() == BEFORE_LIST


@story("page", engine="pyopenvba")
def test_jobs_opens_the_page_of_all_jobs(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.click("DhRibbonClean")
    excel.say(1, "0")

    excel.click("DhRibbonJobs")

    (address,) = excel.browsed
    assert address.startswith(f"{story_service.address}/jobs?ticket=")


def test_an_address_that_no_browser_takes_is_told(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.has_browser = False

    excel.click("DhRibbonSettings")

    assert excel.told[0].startswith("The browser could not be opened.")
    assert f"{story_service.address}/settings?ticket=" in excel.told[0]


def test_a_language_chosen_on_the_page_is_spoken_from_the_next_click_on(service: Service) -> None:
    excel = excel_on(service)
    service.request("PUT", "/v1/settings", {"language": "zh"})

    excel.click("DhRibbonHelp")

    assert "清洗：" in excel.told[0]


def test_an_older_service_has_no_page_of_jobs(older: Service) -> None:
    excel = excel_on(older)
    excel.click("DhRibbonClean")
    excel.say(1, "0")

    excel.click("DhRibbonJobs")

    assert excel.told[-1].startswith("The service that is running has no page of jobs.")
    assert excel.browsed == []


@story("settings", engine="pyopenvba")
def test_settings_of_an_older_service_shows_and_changes_language_and_region(older: Service) -> None:
    excel = excel_on(older)
    excel.say("2", "gb")

    excel.click("DhRibbonSettings")

    assert excel.asked == [
        "Language: 0 like Office, 1 English, 2 Chinese",
        "Country of phone numbers and postcodes that do not say theirs, as two letters such as CN, GB or US;"
        " empty if it differs:",
    ]
    assert older.request("GET", "/v1/settings").json["language"] == "zh"
    assert older.request("GET", "/v1/settings").json["region"] == "GB"
    assert excel.told[0].startswith("已保存。")
    assert excel.browsed == []
    assert excel.switches() == BEFORE_LIST


def test_settings_can_be_left_by_cancel(older: Service) -> None:
    excel = excel_on(older)
    excel.say("2", False)

    excel.click("DhRibbonSettings")

    assert older.request("GET", "/v1/settings").json["language"] == "auto"
    assert excel.told == []


@pytest.mark.parametrize("language", ["3", "", "zh", "12"])
def test_a_language_that_is_none_is_said(older: Service, language: str) -> None:
    excel = excel_on(older)
    excel.say(language)

    excel.click("DhRibbonSettings")

    assert excel.told == [f"{language} is none of 0, 1, 2."]


@story("errors-shown", engine="pyopenvba")
def test_a_region_that_is_none_is_said_by_the_service(older: Service) -> None:
    excel = excel_on(older)
    excel.say("0", "Narnia")

    excel.click("DhRibbonSettings")

    assert len(excel.told) == 1
    assert "region" in excel.told[0]
    assert excel.switches() == BEFORE_LIST


@story("help", engine="pyopenvba")
def test_help_says_what_the_buttons_do_and_where_the_guide_is(story_service: Service) -> None:
    excel = excel_on(story_service)

    excel.click("DhRibbonHelp")

    text = excel.told[0]
    assert all(word in text for word in ("Clean:", "Review:", "Apply:", "Undo:"))
    assert f"Service: running at {story_service.address}" in text
    assert f"A longer guide: {story_service.folder}\\guide.en.txt" in text


@story("help", engine="pyopenvba")
def test_help_says_in_chinese_that_the_service_is_not_running(tmp_path: Path) -> None:
    excel = Excel(addin_modules(), folder=tmp_path, language=2052)
    excel.new_workbook()

    excel.click("DhRibbonHelp")

    assert "服务：没有运行。" in excel.told[0]
    assert f"更详细的说明：{tmp_path}\\guide.zh.txt" in excel.told[0]


@pytest.mark.parametrize(
    ("language", "english"), [(1033, True), (2057, True), (1031, True), (0, True), (2052, False), (1028, False)]
)
def test_the_tab_in_office_s_language_is_shown(tmp_path: Path, language: int, english: bool) -> None:
    excel = Excel(addin_modules(), folder=tmp_path, language=language)
    excel.app.add_module(
        "Function Shown(english As Boolean) As Boolean\n"
        "    Dim answer As Variant\n"
        "    If english Then DhRibbonEnglish Nothing, answer Else DhRibbonChinese Nothing, answer\n"
        "    Shown = answer\n"
        "End Function\n",
        name="Ask",
    )

    assert excel.run("Shown", True) is english
    assert excel.run("Shown", False) is not english


@pytest.mark.parametrize("callback", ["Clean", "Review", "Apply", "Undo"])
def test_without_a_workbook_a_button_says_so(story_service: Service, callback: str) -> None:
    excel = Excel(addin_modules(), folder=story_service.folder)
    excel.app.add_module(
        "Sub CloseAll()\n    Do While Workbooks.Count > 0\n        Workbooks(1).Close False\n    Loop\nEnd Sub\n"
    )
    excel.run("CloseAll")

    excel.click(f"DhRibbon{callback}")

    assert excel.told[0].startswith("There is no workbook open that can be worked on.")
    assert "Protected View" in excel.told[0]
    assert excel.switches()["CancelKey"] == 1


def test_a_second_click_while_one_is_at_work_is_said(story_service: Service) -> None:
    excel = excel_on(story_service)
    excel.app.add_module("Sub Twice()\n    DhBegin\n    DhRunClean\n    DhEnd\nEnd Sub\n", name="Again")

    excel.run("Twice")

    assert excel.told == ["Deskhand is still at work. Press Esc to stop it, or wait until it is ready."]
    assert orders(excel) == ORDERS
    excel.click("DhRibbonClean")
    excel.click("DhRibbonApply")
    assert orders(excel) == CLEAN
    assert len(listed(excel)) == 11
