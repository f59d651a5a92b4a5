"""``deskhand model``: setting the model, trying it, the log of what left, and forgetting answers."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.llm.keys import VARIABLE, api_key
from services.llm.store import Replies
from services.settings import load_settings
from tests.cli.orders import Deskhand
from tests.endpoint import Scripted, failing, rejecting, scripted
from tests.jobs.asking_task import csv, in_capitals, register
from tests.llm.calls import call, logged
from tests.llm.numbers import right_numbers

KEY = "sk-3f9a77"


@pytest.fixture
def endpoint() -> Iterator[Scripted]:
    """An endpoint that knows the numbers it is asked for when it is tried."""
    with scripted(right_numbers()) as running:
        yield running


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let standard input hold this."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_nothing_is_set_at_first(deskhand: Deskhand) -> None:
    code, out, _ = deskhand("model", "show")

    assert code == 0
    assert "No model is set: everything works by rules, and nothing leaves this machine." in out
    _, text, _ = deskhand("model", "show", "--json")
    told = json.loads(text)
    assert (told["provider"], told["has_key"], told["host"], told["problem"]) == (None, False, None, None)


def test_settings_are_kept_shown_and_taken_back(deskhand: Deskhand) -> None:
    words = ("--provider", "ollama", "--model", "qwen3:4b", "--temperature", "0.2", "--local-only", "--timeout", "300")
    code, out, err = deskhand("model", "set", *words)

    assert (code, err) == (0, "")
    assert "qwen3:4b at 127.0.0.1:11434 is asked, on this machine; nothing leaves it." in out
    assert load_settings().settings_file.read_text("utf-8") == (
        'provider = "ollama"\nmodel = "qwen3:4b"\ntemperature = 0.2\nmodel_timeout = 300.0\nlocal_only = true\n'
    )
    code, out, _ = deskhand("model", "set", "--temperature", "", "--no-local-only")
    assert code == 0
    assert (load_settings().temperature, load_settings().local_only) == (0, False)


def test_a_model_elsewhere_that_may_not_be_asked_is_not_said_to_be_asked(deskhand: Deskhand) -> None:
    words = ("--provider", "custom", "--base-url", "https://llm.company.example/v1", "--model", "m")
    assert "texts that need it leave this machine" in deskhand("model", "set", *words)[1]
    out = deskhand("model", "set", "--local-only")[1]
    assert "m at llm.company.example is never asked" in out
    assert "leave this machine" not in out


def test_another_provider_has_another_address_and_model(deskhand: Deskhand) -> None:
    deskhand("model", "set", "--provider", "custom", "--base-url", "models.example.com/v1", "--model", "ours")
    code, out, _ = deskhand("model", "set", "--provider", "deepseek")

    assert code == 0
    settings = load_settings()
    assert (settings.provider, settings.base_url, settings.model) == ("deepseek", None, None)
    assert "api.deepseek.com" not in out.splitlines()[0]
    assert "wants a key, and none is set" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "opnai"), "opnai"),
        (("--provider", "custom"), "address"),
        (("--base-url", "ftp://x", "--model", "m"), "ftp://x"),
        (("--provider", "ollama"), "model"),
        (("--provider", "openai", "--proxy", "socks://x"), "socks://x"),
        (("--provider", "openai", "--ca-file", "/no/such.pem"), "such.pem"),
        (("--provider", "openai", "--temperature", "hot"), "hot"),
        (("--provider", "openai", "--temperature", "7"), "temperature"),
        (("--provider", "openai", "--budget-money", "5"), "no price is set"),
    ],
)
def test_settings_that_cannot_work_are_refused_and_nothing_is_kept(
    deskhand: Deskhand, words: tuple[str, ...], said: str
) -> None:
    code, _, err = deskhand("model", "set", *words)

    assert (code, said in err) == (1, True)
    assert not load_settings().settings_file.exists()


def test_a_setting_that_the_environment_decides_is_not_changed_in_vain(
    deskhand: Deskhand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PROVIDER", "openai")

    code, _, err = deskhand("model", "set", "--provider", "deepseek")

    assert (code, "DESKHAND_PROVIDER" in err) == (1, True)


def test_a_key_is_read_from_standard_input_and_never_shown(deskhand: Deskhand, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, f"{KEY}\n")
    code, out, err = deskhand("model", "set", "--provider", "openai", "--key-stdin")

    assert code == 0
    assert api_key(load_settings()) == KEY
    _, shown, _ = deskhand("model", "show", "--json")
    _, doctor, _ = deskhand("doctor", "--json")
    assert KEY not in out + err + shown + doctor
    assert json.loads(shown)["key_place"] == "file"
    assert KEY not in load_settings().settings_file.read_text("utf-8")
    code, _, _ = deskhand("model", "set", "--forget-key")
    assert (code, api_key(load_settings())) == (0, None)


def test_a_key_is_asked_for_unseen_at_a_terminal_only(deskhand: Deskhand, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")
    code, _, err = deskhand("model", "set", "--provider", "openai", "--key")
    assert (code, "--key-stdin" in err) == (1, True)
    assert not load_settings().settings_file.exists()

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[bool] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append(hide_input and err)
        return KEY

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", prompt)
    code, _, _ = deskhand("model", "set", "--provider", "openai", "--key")
    assert (code, asked, api_key(load_settings())) == (0, [True], KEY)


def test_no_option_takes_a_key_as_a_word(deskhand: Deskhand) -> None:
    code, _, _ = deskhand("model", "set", "--provider", "openai", f"--key={KEY}")

    assert code == 2


def test_nothing_named_is_told(deskhand: Deskhand) -> None:
    code, _, err = deskhand("model", "set")
    assert (code, "model set --help" in err) == (1, True)
    code, _, _ = deskhand("model", "set", "--key-stdin", "--forget-key")
    assert code == 1


def test_the_endpoint_is_tried_and_what_it_can_do_is_told(
    deskhand: Deskhand, endpoint: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    deskhand("model", "set", "--base-url", endpoint.base_url, "--model", "scripted-1")
    code, out, _ = deskhand("model", "test")

    assert code == 0
    assert "✓ replies held to a schema" in out
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
    code, text, _ = deskhand("model", "test", "--json")
    told = json.loads(text)
    assert (code, told["works"], told["rung"], KEY in text) == (0, True, "json_schema", False)
    _, log, _ = deskhand("model", "log", "--json")
    lines = json.loads(log)["sent"]
    assert {(line["purpose"], line["job"], line["is_local"]) for line in lines} == {("model.test", "", True)}
    assert KEY not in log


def test_a_rung_that_an_endpoint_refuses_is_told(deskhand: Deskhand) -> None:
    with scripted(rejecting(right_numbers(), "json_schema", "tool")) as running:
        deskhand("model", "set", "--base-url", running.base_url, "--model", "scripted-1")
        code, out, _ = deskhand("model", "test")

    assert code == 0
    assert [
        line.strip() for line in out.splitlines() if ("schema" in line and "✗" in line) or "held to JSON" in line
    ] == ["✗ replies held to a schema", "✓ replies held to JSON"]


def test_an_endpoint_that_refuses_is_told_with_what_to_do_and_without_the_key(
    deskhand: Deskhand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    with scripted(failing(401, f"Incorrect API key provided: {KEY}")) as running:
        deskhand("model", "set", "--base-url", running.base_url, "--model", "scripted-1")
        code, out, err = deskhand("model", "test")
        _, text, _ = deskhand("model", "test", "--json")
        _, log, _ = deskhand("model", "log")

    assert code == 1
    assert json.loads(text)["why"] == "unauthorized"
    assert KEY not in out + err + text + log


def test_trying_without_an_endpoint_is_told(deskhand: Deskhand) -> None:
    code, _, err = deskhand("model", "test")

    assert (code, "No model is set." in err) == (1, True)


def test_the_log_is_listed_the_last_first(deskhand: Deskhand) -> None:
    code, out, _ = deskhand("model", "log")
    assert (code, out) == (0, "Nothing was sent to any model.\n")
    assert not load_settings().replies_file.exists()
    replies = Replies(load_settings().replies_file)
    replies.keep({}, [logged(call(), job="one"), logged(call(outcome="failed", error="timed-out: 120 s"), job="two")])
    replies.close()

    _, out, _ = deskhand("model", "log")
    _, one, _ = deskhand("model", "log", "--job", "one", "--json")

    title, *lines = [line.rstrip() for line in out.splitlines()]
    assert title.split("  ")[-1] == "What for, where to, and what came of it"
    assert lines[0].split()[2:6] == ["two", "100", "/", "20"]
    told = " ".join(" ".join(lines).split())
    assert "Cleaning: values that rules left open → small · api.example.com failed: The model did not answer" in told
    assert "(120 s)" in told
    assert told.endswith("api.example.com answered")
    assert [line["job"] for line in json.loads(one)["sent"]] == ["one"]


def test_kept_answers_are_forgotten_once_that_is_confirmed(
    deskhand: Deskhand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch)
    texts = tmp_path / "texts.csv"
    texts.write_text(csv(4), "utf-8")
    with scripted(in_capitals()) as running:
        deskhand("model", "set", "--base-url", running.base_url, "--model", "scripted-1")
        deskhand("clean", texts, "--apply", "none")
        typed(monkeypatch, "n\n")
        code, _, err = deskhand("model", "forget")
        assert (code, "Forget 4 kept answers?" in err) == (130, True)

        code, out, _ = deskhand("model", "forget", "--yes")
        assert (code, out) == (0, "Answers forgotten: 4.\n")
        deskhand("clean", texts, "--apply", "none")
        assert len(running.requests) == 4
    assert deskhand("model", "forget", "--yes")[1] == "Answers forgotten: 4.\n"
    assert deskhand("model", "forget")[1] == "Answers forgotten: 0.\n"


@pytest.mark.parametrize(
    ("words", "code", "state"),
    [
        (("--provider", "ollama", "--model", "m"), "model-local", "ok"),
        (("--base-url", "https://models.example.com/v1", "--model", "m"), "model-set", "ok"),
        (("--base-url", "https://models.example.com/v1", "--model", "m", "--local-only"), "model-kept-in", "look"),
        (("--base-url", "http://models.example.com/v1", "--model", "m"), "model-readable", "look"),
        (("--provider", "openai"), "error", "wrong"),
    ],
)
def test_the_doctor_says_which_model_would_be_asked_without_asking_it(
    deskhand: Deskhand, words: tuple[str, ...], code: str, state: str
) -> None:
    deskhand("model", "set", *words)

    _, text, _ = deskhand("doctor", "--json")

    (check,) = [check for check in json.loads(text)["checks"] if check["check"] == "model"]
    assert (check["code"], check["state"]) == (code, state)


def test_the_doctor_says_when_the_record_of_answers_is_damaged(deskhand: Deskhand) -> None:
    settings = load_settings()
    settings.folder.mkdir(parents=True)
    settings.replies_file.write_bytes(b"broken" * 1000)

    _, text, _ = deskhand("doctor", "--json")

    (check,) = [check for check in json.loads(text)["checks"] if check["check"] == "replies"]
    assert (check["state"], "replies.sqlite3" in check["what"]) == ("wrong", True)
