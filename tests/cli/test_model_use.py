"""The options about the model that every task has: looking before it is asked, asking, and asking again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.jobs.ledger import Ledger
from services.llm.store import sent_lines
from services.settings import load_settings
from tests.cli.orders import Deskhand
from tests.endpoint import Scripted, scripted
from tests.jobs.asking_task import csv, in_capitals, register, without


@pytest.fixture(autouse=True)
def capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that asks, and settings that name a model."""
    register(monkeypatch)
    monkeypatch.setenv("DESKHAND_MODEL", "scripted-1")
    monkeypatch.setenv("DESKHAND_CONCURRENCY", "1")


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """An endpoint that answers as it should, and is set."""
    with scripted(in_capitals()) as running:
        monkeypatch.setenv("DESKHAND_BASE_URL", running.base_url)
        yield running


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Six texts, which are three calls."""
    path = tmp_path / "texts.csv"
    path.write_text(csv(6), "utf-8")
    return path


def test_an_estimate_asks_and_writes_nothing(deskhand: Deskhand, endpoint: Scripted, texts: Path) -> None:
    code, out, err = deskhand("clean", texts, "--estimate")

    host = endpoint.base_url.split("/")[2]
    assert (code, err, len(out.splitlines())) == (0, "", 1)
    assert out.startswith(f"scripted-1 at {host} (on this machine) would be asked: calls 3, tokens sent about ")
    assert endpoint.requests == []
    assert [path.name for path in texts.parent.iterdir()] == ["texts.csv"]
    code, out, _ = deskhand("jobs", "list", "--json")
    assert json.loads(out) == []


def test_an_estimate_counts_what_is_known_and_what_it_costs(
    deskhand: Deskhand, endpoint: Scripted, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PRICE_IN", "2")
    deskhand("clean", texts, "--apply", "none")
    texts.write_text(csv(8), "utf-8")

    _, out, _ = deskhand("clean", texts, "--estimate")
    _, fresh, _ = deskhand("clean", texts, "--estimate", "--fresh", "--json")
    _, none, _ = deskhand("clean", texts, "--estimate", "--no-model")

    assert "would be asked: calls 1, " in out
    assert "Of 8 answers 6 are known already and cost nothing. That is about 0.00" in out
    told = json.loads(fresh)
    assert (told["model_calls"], told["known"], told["currency"]) == (4, 0, "USD")
    assert told["cost"] == pytest.approx(told["tokens_in"] * 2 / 1_000_000)
    assert none == "No model would be asked: this is work by rules alone, and it costs nothing.\n"


def test_prompts_are_shown_as_they_would_be_sent(deskhand: Deskhand, endpoint: Scripted, texts: Path) -> None:
    code, shown, _ = deskhand("clean", texts, "--show-prompts")

    assert (code, endpoint.requests) == (0, [])
    assert [path.name for path in texts.parent.iterdir()] == ["texts.csv"]
    assert shown.count("=====") == 6
    assert shown.endswith("Calls: 3. Nothing was sent, and nothing was written.\n")
    _, both, _ = deskhand("clean", texts, "--show-prompts", "--estimate")
    assert both.endswith(shown)
    assert "would be asked: calls 3, " in both
    deskhand("clean", texts, "--apply", "none")
    for message in endpoint.requests[0].messages:
        assert message["content"] in shown


def test_a_run_says_what_was_asked_and_its_document_too(deskhand: Deskhand, endpoint: Scripted, texts: Path) -> None:
    code, out, _ = deskhand("clean", texts)
    assert code == 0
    host = endpoint.base_url.split("/")[2]
    assert f"Asked scripted-1 at {host}: calls 3, tokens sent " in out

    _, text, _ = deskhand("clean", texts, "--json")
    document = json.loads(text)
    assert (document["applied"], document["gaps"]) == (6, 0)
    assert document["model"] == {
        "model": "scripted-1",
        "host": host,
        "calls": 0,
        "tokens_in": 0,
        "tokens_out": 0,
        "cost": None,
        "currency": "",
        "kept": 6,
    }
    _, text, _ = deskhand("clean", texts, "--json", "--no-model")
    assert json.loads(text)["model"] is None


def test_places_left_open_are_told_and_asked_again(
    deskhand: Deskhand, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = texts.with_name("out.csv")
    with scripted(without("text 5")) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        code, out, _ = deskhand("clean", texts, "-o", output)
        assert code == 0
        last = out.splitlines()[-1]
        assert last.startswith("Places left open because the model gave no answer: 1. To ask again, for these alone:  ")
        job = last.split()[-1]
        assert last.endswith(f"deskhand jobs resume {job}")
        _, listed, _ = deskhand("jobs", "list")
        assert "left open 1" in listed
        _, shown, _ = deskhand("jobs", "show", job)
        assert "To ask again for what is left open, and for that alone:  " in shown
        assert "calls " in shown
        endpoint._steps = [in_capitals()]
        endpoint.requests.clear()

        code, out, _ = deskhand("jobs", "resume", job)

        assert (code, "left open" in out) == (0, False)
        assert [item["text"] for item in endpoint.asked] == ["text 5"]
    assert output.read_text("utf-8").split() == csv(6).upper().replace("TEXT\n", "Text\n", 1).split()
    code, _, err = deskhand("jobs", "resume", job)
    assert (code, "can't be taken up" in err or job in err) == (1, True)


def test_places_left_open_in_a_file_that_was_written_over_are_asked_again_too(
    deskhand: Deskhand, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(without("text 5")) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        _, text, _ = deskhand("clean", texts, "--in-place", "--json")
        document = json.loads(text)
        assert (document["gaps"], "text 5" in texts.read_text("utf-8")) == (1, True)
        endpoint._steps = [in_capitals()]

        code, _, err = deskhand("jobs", "resume", document["job"])

    assert (code, err) == (0, "")
    assert "TEXT 5" in texts.read_text("utf-8")


def test_a_budget_is_kept_to(deskhand: Deskhand, endpoint: Scripted, texts: Path) -> None:
    code, out, _ = deskhand("clean", texts, "--apply", "none", "--budget-tokens", "10", "--json")

    assert (code, json.loads(out)["gaps"], endpoint.requests) == (0, 6, [])
    code, _, err = deskhand("clean", texts, "--budget-tokens", "0")
    assert (code, "--budget-tokens" in err) == (2, True)


def test_another_model_can_be_asked_for_one_run(deskhand: Deskhand, endpoint: Scripted, texts: Path) -> None:
    deskhand("clean", texts, "--apply", "none", "--model", "larger")

    assert {request.body["model"] for request in endpoint.requests} == {"larger"}


def test_the_hint_at_a_further_run_repeats_the_model_but_not_the_wish_to_pay_anew(
    deskhand: Deskhand, endpoint: Scripted, texts: Path
) -> None:
    deskhand("clean", texts, "--model", "larger", "--fresh", "--yes")
    with Ledger(load_settings()) as ledger:
        (job,) = ledger.list()
    assert job.wishes["given"] == ["--model", "larger"]
    assert job.wishes["model"]["fresh"] is True


def test_a_person_at_a_terminal_sees_the_cost_before_anything_leaves_the_machine(
    deskhand: Deskhand, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_BASE_URL", "http://models.example.invalid/v1")
    monkeypatch.setenv("DESKHAND_RETRIES", "0")
    said: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        said.append(text)
        raise click.Abort

    monkeypatch.setattr(click, "confirm", confirm)
    monkeypatch.setattr("services.cli.costs.is_terminal", lambda: True)

    code, out, err = deskhand("clean", texts)
    assert (code, out, said) == (130, "", ["Go on?"])
    assert "scripted-1 at models.example.invalid (outside this machine) would be asked: calls 3, " in err
    assert not load_settings().ledger_file.exists()

    code, out, _ = deskhand("clean", texts, "--yes", "--apply", "none")
    assert (code, len(said)) == (0, 1)
    assert "Places left open" in out

    monkeypatch.setattr("services.cli.costs.is_terminal", lambda: False)
    deskhand("clean", texts, "--apply", "none")
    assert len(said) == 1
    assert {line.outcome for line in sent_lines(load_settings().replies_file, 10)} == {"failed"}


def test_nobody_is_asked_where_nothing_leaves_the_machine(
    deskhand: Deskhand, endpoint: Scripted, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.costs.is_terminal", lambda: True)

    code, _, _ = deskhand("clean", texts, "--apply", "none")

    assert (code, len(endpoint.requests)) == (0, 3)
