"""What the page says of jobs, models and settings, where that takes more than a text in a template."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from services.api.pages.job_view import JobView, view_of
from services.api.pages.settings_form import FIELDS, GROUPS, changes, missing, planned, read, typed, wrong
from services.api.pages.usage import Usage, grouped, money
from services.jobs.model import Job, SourceRef
from services.llm.keys import KeyPlace
from services.llm.presets import RUNGS
from services.llm.records import CallOutcome
from services.messages import message
from services.settings import Settings, load_settings
from services.tasks import TASKS
from tests.serving import Service
from tests.visiting import visitor

NOTHING = Usage(0, "0", "")
DONE = Job(
    id="abc",
    task="clean",
    state="done",
    surface="http",
    language="en",
    request={},
    source=SourceRef("grids", name="Book1.xlsx"),
    folder=Path("nowhere"),
    created=datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
    summary={"engine": "rules", "changes": 5, "safe": 3, "review": 2, "flags": 1},
)


def seen(**changes: object) -> JobView:
    """A job as the page shows it."""
    return view_of(replace(DONE, **changes), NOTHING, "en")  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings as they are where nobody has set anything."""
    return load_settings(folder=tmp_path)


def test_a_job_whose_model_left_gaps_can_be_resumed_and_says_how_many() -> None:
    job = seen(summary={**DONE.summary, "gaps": 7})

    assert (job.gaps, job.can_resume, job.can_cancel, job.is_live) == (7, True, False, False)
    assert not seen().can_resume


@pytest.mark.parametrize(
    ("changes", "state", "can_cancel", "can_resume"),
    [
        ({"state": "queued"}, "queued", True, False),
        ({"state": "running", "lease_until": None}, "interrupted", True, True),
        ({"state": "failed", "error_code": "file-empty", "error_parameters": {"file": "a.csv"}}, "failed", False, True),
        ({"state": "cancelled"}, "cancelled", False, True),
        ({"state": "cancelled", "surface": "cli"}, "cancelled", False, False),
        ({"state": "queued", "cancel_wanted": True}, "queued", False, False),
    ],
)
def test_what_can_be_done_with_a_job_follows_from_its_state(
    changes: dict[str, object], state: str, can_cancel: bool, can_resume: bool
) -> None:
    job = seen(**changes)

    assert (job.state, job.can_cancel, job.can_resume) == (state, can_cancel, can_resume)


def test_a_job_at_work_says_what_it_does_and_how_far_it_is() -> None:
    job = seen(
        state="running", lease_until=datetime.now(UTC) + timedelta(seconds=20), done=3, total=8, what="rule.tidy"
    )

    assert (job.state, job.percent, job.doing) == ("running", 38, message("progress.rule.tidy", "en"))


def test_amounts_have_as_many_digits_as_they_need() -> None:
    assert [money(cost, "CNY") for cost in (None, 0.0, 0.00042, 1.5)] == ["", "0.00 CNY", "0.0004 CNY", "1.50 CNY"]
    assert money(0.0000123, "CNY") == "0.00001 CNY"
    assert grouped(1234567) == "1,234,567"


def test_what_is_shown_of_the_settings_becomes_the_same_settings(settings: Settings) -> None:
    assert wrong(settings, typed(settings)) == {}
    assert changes(settings, typed(settings)) == {}
    assert planned(settings, dict.fromkeys(FIELDS, "")) == settings


def test_what_the_environment_decides_is_not_changed_by_a_form(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_MODEL", "fixed")
    fixed = load_settings(folder=settings.folder)

    assert read({"model": "other", "region": "CN"}, fixed)["model"] == "fixed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"provider": "custom", "base_url": "ftp://x"}, "base_url"),
        ({"provider": "custom"}, "base_url"),
        ({"provider": "nobody"}, "provider"),
        ({"provider": "ollama", "model": "m", "proxy": "socks9://x"}, "proxy"),
        ({"provider": "ollama", "model": "m", "ca_file": "/nothing/here.pem"}, "ca_file"),
        ({"budget_money": "2"}, "budget_money"),
        ({"currency": "", "price_in": "-1"}, "price_in"),
    ],
)
def test_what_can_not_be_kept_is_told_at_its_field(settings: Settings, given: dict[str, str], field: str) -> None:
    assert list(wrong(settings, {**typed(settings), **given})) == [field]


def test_a_name_or_a_key_may_be_missing_until_somebody_asks(settings: Settings) -> None:
    given = {**typed(settings), "provider": "openai"}

    assert wrong(settings, given) == {}
    assert list(missing(planned(settings, given), None)) == ["key"]
    assert missing(planned(settings, given), "sk-1") == {}


def test_everything_that_the_page_may_have_to_say_has_words() -> None:
    keys = [
        *(f"page.group.{group}" for group in GROUPS),
        *(f"page.{kind}.{name}" for kind in ("field", "hint") for name in FIELDS),
        *(f"page.tried.way_{rung}" for rung in RUNGS),
        *(f"page.key.{place}" for place in (*get_args(KeyPlace), "none")),
        *(f"page.outcome.{outcome}" for outcome in get_args(CallOutcome)),
        *(f"page.task.{task}" for task in TASKS),
    ]

    assert all(isinstance(message(key, language), str) for key in keys for language in ("en", "zh"))


def test_names_that_look_like_a_page_are_escaped_everywhere(service: Service) -> None:
    trap = "\"'><img src=x onerror=alert(1)>"
    grid = {"sheet": trap, "columns": [[trap, f"{trap} ", "b", "c"], ["B", "1", "2", "3"]]}
    call = {"grids": [grid], "workbook": trap}
    job = service.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json["job"]
    service.finished(job)
    known = visitor(service)

    for path in ("/", "/jobs", f"/jobs/{job}", "/sent?job=%22%3E%3Cimg+src%3Dx%3E"):
        assert "<img" not in known.get(path).text
    assert "&lt;img src=x" in known.get(f"/jobs/{job}").text
