"""Before cells go to a model that is not on this computer: what Clean asks, and what each answer does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endpoint import saying, scripted
from tests.office.desk import BEFORE_LIST, CHANGES, excel_on, listed
from tests.office.shop import service_asking, set_model
from tests.office.stories import story
from tests.serving import Service, running_service

YES, NO, CANCEL = 6, 7, 2


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service for which a model far away is set."""
    with running_service(tmp_path) as running:
        set_model(running, provider="custom", base_url="https://models.example.invalid/v1", model="far-1", retries="0")
        yield running


@story("clean-asks-before-sending", engine="pyopenvba")
def test_clean_asks_before_values_leave_and_a_no_means_rules_alone(service: Service) -> None:
    excel = excel_on(service)
    excel.say(NO)

    excel.click("DhRibbonClean")

    assert excel.told[0].startswith("A model elsewhere is set up: far-1 at models.example.invalid.")
    assert excel.told_kinds == [35]
    assert {line["cell"] for line in listed(excel)} == {*CHANGES, "E4"}
    assert service.request("GET", "/v1/sent").json["sent"] == []
    assert excel.switches() == BEFORE_LIST


@story("clean-asks-before-sending", engine="pyopenvba")
def test_clean_does_nothing_where_the_question_is_cancelled(service: Service) -> None:
    excel = excel_on(service)
    excel.say(CANCEL)

    excel.click("DhRibbonClean")

    assert excel.told[1:] == ["Stopped. No cell was changed."]
    assert [path for method, path, _ in excel.requests if method == "POST"] == []
    assert excel.switches() == BEFORE_LIST


def test_a_yes_is_asked_for_once(service: Service) -> None:
    excel = excel_on(service)
    excel.say(YES)
    excel.click("DhRibbonClean")
    excel.run("GoTo_", "Sheet1")

    excel.click("DhRibbonClean")

    assert excel.told_kinds.count(35) == 1


def test_a_model_on_this_computer_needs_no_question(tmp_path: Path) -> None:
    with scripted(saying("{}")) as endpoint, service_asking(tmp_path, endpoint) as service:
        excel = excel_on(service)

        excel.click("DhRibbonClean")

    assert 35 not in excel.told_kinds
