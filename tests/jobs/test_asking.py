"""Jobs that ask a model: what they cost, what they leave open, and running them again for that alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.errors import Conflict, LedgerError
from services.jobs.inline import claimed
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.jobs.runner import Runner
from services.jobs.tidying import forget_old
from services.jobs.trial import Forecast, forecast
from services.jobs.work import load_result, store_grids
from services.llm.store import Replies, sent_lines
from services.llm.wishes import ModelWishes
from services.settings import Settings, load_settings, save_settings
from services.workbook.grid import Grid
from services.workbook.host import HostCells
from tests.endpoint import Scripted, Step, failing, scripted
from tests.jobs.asking_task import CAPITALS, Request, in_capitals, register, without, words
from tests.llm.calls import call, logged

LONG = 60.0


@pytest.fixture(autouse=True)
def capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that asks, and an endpoint that is asked one call after another."""
    register(monkeypatch)
    monkeypatch.setenv("DESKHAND_MODEL", "scripted-1")
    monkeypatch.setenv("DESKHAND_CONCURRENCY", "1")
    monkeypatch.setenv("DESKHAND_RETRIES", "0")


@pytest.fixture
def runner(settings: Settings, ledger: Ledger) -> Iterator[Runner]:
    workers = Runner(settings, ledger)
    workers.start()
    yield workers
    workers.stop()


def asking(monkeypatch: pytest.MonkeyPatch, endpoint: Scripted) -> None:
    """Let the settings name the endpoint."""
    monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)


def grid(count: int = 6) -> Grid:
    return Grid(columns=(words(count),), header=("Text",), first_row=2, sheet="S")


def submit(ledger: Ledger, runner: Runner, count: int = 6, **wishes: object) -> Job:
    source = SourceRef("grids", name="book.xlsx")
    job = ledger.add(
        "clean",
        {},
        source,
        surface="http",
        language="en",
        wishes={"model": wishes},
        prepare=lambda job: store_grids(job, [grid(count)]),
    )
    runner.wake()
    return runner.wait(job.id, LONG)


def bill(job: Job) -> tuple[object, ...]:
    return tuple(job.summary.get(name) for name in ("gaps", "calls", "kept"))


def test_a_job_tells_what_it_cost_and_a_second_one_costs_nothing(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("DESKHAND_PRICE_IN", "1000")
    monkeypatch.setenv("DESKHAND_CURRENCY", "CNY")
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)
        first = submit(ledger, runner)
        second = submit(ledger, runner)

        assert (first.state, bill(first)) == ("done", (0, 3, 0))
        assert (second.state, bill(second)) == ("done", (0, 0, 6))
        assert len(endpoint.requests) == 3
    host = endpoint.base_url.split("/")[2]
    assert (first.summary["model"], first.summary["host"]) == ("scripted-1", host)
    assert first.summary["tokens_in"] > 0
    assert first.summary["cost"] == pytest.approx(first.summary["tokens_in"] / 1000)
    assert first.summary["currency"] == "CNY"
    assert [change.after for change in load_result(second).tables[0].changes.changes] == [w.upper() for w in words(6)]
    lines = sent_lines(settings.replies_file, 10, first.id)
    assert [(line.task, line.purpose, line.items, line.is_local) for line in lines] == [
        ("clean", "clean.capitals", 2, True)
    ] * 3
    assert sum(line.tokens_in for line in lines) == first.summary["tokens_in"]
    assert all(line.request == "" and line.reply for line in lines)


def test_what_the_model_left_open_is_asked_again_and_that_alone(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(without("text 3", "text 4")) as endpoint:
        asking(monkeypatch, endpoint)
        job = submit(ledger, runner)
        assert (job.state, job.gaps, job.is_resumable) == ("done", 2, True)
        endpoint.requests.clear()
        endpoint._steps = [in_capitals()]

        ledger.resume(job.id)
        runner.wake()
        job = runner.wait(job.id, LONG)

        assert [item["text"] for item in endpoint.asked] == ["text 3", "text 4"]
    assert (job.state, job.gaps, job.is_resumable) == ("done", 0, False)
    assert len(load_result(job).tables[0].changes.changes) == 6
    with pytest.raises(Conflict):
        ledger.resume(job.id)


def test_a_budget_ends_in_gaps_and_taking_it_up_again_may_spend_as_much_anew(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)
        whole = submit(ledger, runner, 12)
        one = (whole.summary["tokens_in"] + whole.summary["tokens_out"]) // 6
        Replies(ledger.settings.replies_file).forget()

        job = submit(ledger, runner, 12, budget_tokens=one * 3)
        assert 0 < job.gaps < 12
        spent = job.summary["tokens_in"] + job.summary["tokens_out"]
        assert spent <= one * 3

        rounds = 0
        while job.gaps and rounds < 12:
            ledger.resume(job.id)
            runner.wake()
            job, rounds = runner.wait(job.id, LONG), rounds + 1
    assert (job.gaps, rounds > 0) == (0, True)
    assert job.summary["calls"] == 6


def test_a_job_that_is_run_again_and_stopped_keeps_its_first_result(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(without("text 3")) as endpoint:
        asking(monkeypatch, endpoint)
        job = submit(ledger, runner)
        runner.stop()
        ledger.resume(job.id)
        with pytest.raises(Conflict):
            load_result(ledger.get(job.id))

        job = ledger.cancel(job.id)

    assert (job.state, job.gaps, job.is_resumable) == ("cancelled", 1, True)
    assert len(load_result(job).tables[0].changes.changes) == 5


@pytest.mark.parametrize("step", [failing(401, "Incorrect API key provided"), failing(404, "model not found")])
def test_an_endpoint_that_refuses_leaves_gaps_and_is_not_asked_on(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    with scripted(step) as endpoint:
        asking(monkeypatch, endpoint)
        job = submit(ledger, runner)

        assert (job.state, job.gaps, len(endpoint.requests)) == ("done", 6, 1)


def test_wishes_of_a_job_come_before_the_settings(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)
        assert bill(submit(ledger, runner, no_model=True)) == (0, None, None)
        assert submit(ledger, runner, model="other").summary["model"] == "other"
        assert submit(ledger, runner, model="other").summary["calls"] == 0
        assert submit(ledger, runner, model="other", fresh=True).summary["calls"] == 3


def test_a_model_that_is_set_while_the_service_runs_is_asked(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bill(submit(ledger, runner)) == (0, None, None)
    with scripted(in_capitals()) as endpoint:
        save_settings(load_settings(), base_url=endpoint.base_url)

        assert bill(submit(ledger, runner)) == (0, 3, 0)


def test_settings_that_cannot_work_fail_the_job_with_the_setting_named(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PROVIDER", "opnai")
    job = submit(ledger, runner)
    assert job.error is not None
    assert (job.state, job.error_code, "opnai" in job.error.what("en")) == ("failed", "model-provider", True)

    monkeypatch.setenv("DESKHAND_PROVIDER", "ollama")
    monkeypatch.setenv("DESKHAND_BUDGET_MONEY", "1")
    job = submit(ledger, runner)
    assert job.error is not None
    assert (job.error_code, "budget_money" in job.error.what("en")) == ("model-no-price", True)


def test_a_file_of_replies_that_can_not_be_used_fails_the_job_and_no_other(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.replies_file.mkdir(parents=True)
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)

        assert submit(ledger, runner).error_code == "replies-unreachable"
        assert submit(ledger, runner, no_model=True).state == "done"
        assert endpoint.requests == []


def test_answers_that_can_not_be_kept_stop_the_job_and_what_was_kept_is_not_paid_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []

    class Full(Replies):
        """A file on a disk that is full after the second call."""

        def keep(self, *args: object, **named: object) -> None:  # type: ignore[override]
            kept.append(1)
            if len(kept) == 2:
                raise LedgerError("replies-disk-full", file="replies.sqlite3")
            super().keep(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("services.llm.store.Replies", Full)
    job = ledger.add("clean", {}, SourceRef("grids"), surface="cli", language="en")
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)
        with pytest.raises(LedgerError), claimed(ledger, job) as context:
            CAPITALS.run(Request(), HostCells("b", (grid(),)), context)
        job = ledger.get(job.id)
        assert (job.state, job.error_code, len(endpoint.requests)) == ("failed", "replies-disk-full", 2)
        assert job.summary["calls"] == 2

        ledger.resume(job.id)
        with claimed(ledger, job) as context:
            result = CAPITALS.run(Request(), HostCells("b", (grid(),)), context)
            assert context.bill["calls"] == 3
        assert (result.gaps, len(endpoint.requests)) == (0, 3)


def test_a_forecast_asks_nothing_and_counts_what_is_known(
    ledger: Ledger, runner: Runner, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def look(count: int, **wishes: object) -> Forecast:
        source = HostCells("b", (grid(count),))
        return forecast(CAPITALS, Request(), source, load_settings(), ModelWishes.model_validate(wishes))

    assert look(6) == Forecast()
    with scripted(in_capitals()) as endpoint:
        asking(monkeypatch, endpoint)
        submit(ledger, runner, 2)

        found = look(6)

        assert (found.model_calls, found.items, found.known, found.model) == (2, 6, 2, "scripted-1")
        assert (found.is_local, found.tokens_in > 0) == (True, True)
        assert look(6, fresh=True).known == 0
        assert look(6, no_model=True) == Forecast()
        assert len(endpoint.requests) == 1


def test_what_is_old_is_forgotten_with_the_jobs_and_a_damaged_file_of_replies_is_no_hindrance(
    ledger: Ledger, settings: Settings
) -> None:
    replies = Replies(settings.replies_file)
    replies.keep({"a": 1}, [logged(call(when=datetime.now(UTC)))])
    forget_old(ledger, datetime.now(UTC) + timedelta(days=settings.keep_days - 1))
    assert len(replies.sent(10)) == 1
    forget_old(ledger, datetime.now(UTC) + timedelta(days=settings.keep_days + 1))
    assert (replies.sent(10), replies.count()) == ([], 0)
    replies.close()
    settings.replies_file.write_bytes(b"broken" * 1000)

    forget_old(ledger, datetime.now(UTC))
