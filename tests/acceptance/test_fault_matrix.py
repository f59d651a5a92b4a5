"""Every kind of failure of a model, through the real command line: nothing is lost, and nothing is paid twice.

With ``-s`` the matrix is printed as a table in Markdown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.jobs.ledger import Ledger
from services.llm.store import Replies
from services.messages import message
from services.settings import load_settings
from tests.acceptance.faults import FAULTS, RIGHT, WORKS, Failing, Fault, Work, asked
from tests.endpoint import Received, Scripted, Step, scripted, slowly
from tests.jobs.long_work import ended, start, wait_until

CASES = [(fault, task) for fault in FAULTS for task in WORKS if fault.only in ("", task)]
Command = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of the matrix: what was answered and left open at first, what resuming asked for, and what it left."""

    fault: str
    task: str
    items: int
    answered: int
    gaps: Counter[str]
    calls: int
    asked_again: int
    lost: int
    paid_twice: int

    def __str__(self) -> str:
        why = ", ".join(f"{count} {name}" for name, count in self.gaps.items()) or "0"
        return (
            f"| {self.fault} | {self.task} | {self.answered} of {self.items} | {why} | {self.calls} "
            f"| {self.asked_again} | {self.lost} | {self.paid_twice} |"
        )


@pytest.fixture(scope="module")
def matrix() -> Iterator[list[Line]]:
    lines: list[Line] = []
    yield lines
    print("\n| fault | task | answered at first | gaps, and why | calls | asked by resume | lost | paid twice |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(map(str, lines)))


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line to its good end; gives what it says as JSON."""
    for name, value in {"LANGUAGE": "en", "MODEL": "scripted-1", "CONCURRENCY": "1", "RETRIES": "0"}.items():
        monkeypatch.setenv(f"DESKHAND_{name}", value)

    def run(*words: object) -> dict[str, Any]:
        with pytest.raises(SystemExit) as leaving:
            main([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        assert not leaving.value.code, err
        return dict(json.loads(out))

    return run


def reasons(document: dict[str, Any]) -> Counter[str]:
    """Why places were left open, by what a person is told of them."""
    texts = {message(f"unanswered.{why}", "en"): why for why in WHYS}
    told = [flag["reason"] for table in document["tables"] for flag in table["flags"]]
    return Counter(why for reason in told for text, why in texts.items() if text in reason)


WHYS = (
    *("invalid", "missing", "refused", "cut-off", "too-long", "canary", "budget", "timed-out", "unreachable"),
    *("rate-limited", "server-error", "unauthorized", "no-such-model", "bad-request", "not-local"),
)


def first_run(command: Command, work: Work, folder: Path, *words: str) -> tuple[dict[str, Any], Path]:
    """Run it, and see that the source is as it was and that each gap is there to be seen, with its reason."""
    source, output = work.written(folder), folder / "out.csv"
    before = source.read_bytes()
    document = command(work.task, source, *work.words, "-o", output, "--apply", "all", *words)
    assert source.read_bytes() == before
    with Ledger(load_settings()) as ledger:
        job = ledger.get(document["job"])
    gaps = len(work.cells) - len(work.answered(output))
    assert (job.state, job.gaps, document["gaps"]) == ("done", gaps, gaps)
    assert reasons(document).total() == gaps
    return document, output


def resumed(
    command: Command, work: Work, job: str, output: Path, endpoint: Scripted, had: set[str]
) -> tuple[int, int, int]:
    """Resume it: how many items were asked about, how many have no answer now, how many that had one were asked.

    A job without gaps can't be resumed: it is run again, which should ask for nothing.
    """
    before = len(endpoint.requests)
    if len(had) < len(work.cells):
        command("jobs", "resume", job)
    else:
        command(work.task, work.written(output.parent), *work.words, "-o", output, "--apply", "all")
    again = asked(endpoint, before) & Counter(dict.fromkeys(work.cells, 10**6))
    assert output.with_name(f"{work.task}.csv").read_text("utf-8") == work.text
    return len(again), len(work.cells) - len(work.answered(output)), len(again.keys() & had)


@pytest.mark.parametrize(("fault", "task"), CASES, ids=[f"{fault.name} - {task}" for fault, task in CASES])
def test_a_failure_loses_nothing_and_resuming_pays_nothing_twice(
    fault: Fault, task: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matrix: list[Line]
) -> None:
    work, step = WORKS[task](), Failing(fault)
    for name, value in fault.settings.items():
        monkeypatch.setenv(name, value)
    with scripted(step) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        document, output = first_run(command, work, tmp_path)
        answered, calls = work.answered(output), len(endpoint.requests)
        step.healthy = True
        again, lost, twice = resumed(command, work, document["job"], output, endpoint, answered)

    gaps = reasons(document)
    matrix.append(Line(fault.name, task, len(work.cells), len(answered), gaps, calls, again, lost, twice))
    wanted = 0 if fault.why is None else 1 if fault.one else len(work.cells) - work.first
    assert dict(gaps) == ({fault.why: wanted} if wanted else {})
    assert (again, lost, twice) == (wanted, 0, 0)


@pytest.mark.parametrize("task", WORKS)
def test_a_budget_that_is_reached_keeps_what_was_answered(
    task: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matrix: list[Line]
) -> None:
    work = WORKS[task]()
    with scripted(RIGHT) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        command(work.task, work.written(tmp_path), *work.words, "-o", tmp_path / "whole.csv", "--apply", "all")
        replies = Replies(load_settings().replies_file)
        calls = sorted(sent.tokens_in + sent.tokens_out for sent in replies.sent(10))
        replies.forget()
        replies.close()
        endpoint.requests.clear()

        budget = str(sum(calls) - calls[0] // 3)  # not enough for both calls
        document, output = first_run(command, work, tmp_path, "--budget-tokens", budget)
        answered, asked_first = work.answered(output), len(endpoint.requests)
        again, lost, twice = resumed(command, work, document["job"], output, endpoint, answered)

    gaps = reasons(document)
    matrix.append(Line("budget reached", task, len(work.cells), len(answered), gaps, asked_first, again, lost, twice))
    rest = len(work.cells) - len(answered)
    assert 0 < rest < len(work.cells)
    assert (dict(gaps), again, lost, twice) == ({"budget": rest}, rest, 0, 0)


@pytest.mark.parametrize("task", WORKS)
def test_nothing_leaves_for_another_machine_where_only_this_one_is_allowed(
    task: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matrix: list[Line]
) -> None:
    """The other machine is played by a proxy, which would see all that leaves."""
    work = WORKS[task]()
    with scripted(RIGHT) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", "http://models.example.invalid/v1")
        monkeypatch.setenv("DESKHAND_PROXY", endpoint.base_url.removesuffix("/v1"))
        monkeypatch.setenv("DESKHAND_LOCAL_ONLY", "true")
        document, output = first_run(command, work, tmp_path)
        assert (len(endpoint.requests), endpoint.lists) == (0, 0)
        monkeypatch.setenv("DESKHAND_LOCAL_ONLY", "false")
        again, lost, twice = resumed(command, work, document["job"], output, endpoint, set())

    gaps = reasons(document)
    matrix.append(Line("not local", task, len(work.cells), 0, gaps, 0, again, lost, twice))
    assert (dict(gaps), again, lost) == ({"not-local": len(work.cells)}, len(work.cells), 0)


@pytest.mark.parametrize("task", WORKS)
def test_a_process_that_is_killed_in_the_middle_has_lost_nothing_that_was_heard(
    task: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matrix: list[Line]
) -> None:
    work = WORKS[task]()
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "1")
    source, output = work.written(tmp_path), tmp_path / "out.csv"
    with scripted(RIGHT, second := Waiting(RIGHT)) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        process = start(work.task, source, *work.words, "-o", output, "--apply", "all")
        wait_until(lambda: len(endpoint.requests) == 2, process)
        process.kill()
        ended(process)
        second.waits = False
        assert not output.exists()
        heard = set(asked(endpoint) - asked(endpoint, 1)) & work.cells.keys()
        with Ledger(load_settings()) as ledger:
            job = ledger.list()[0].id
            wait_until(lambda: ledger.get(job).interrupted)
        again, lost, twice = resumed(command, work, job, output, endpoint, heard)

    matrix.append(Line("kill -9", task, len(work.cells), len(heard), Counter(), 2, again, lost, twice))
    assert (len(heard), again, lost, twice) == (work.first, len(work.cells) - work.first, 0, 0)


class Waiting:
    """A step that takes its time as long as it ``waits``."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self.waits = True

    def __call__(self, received: Received) -> Any:
        return (slowly(2, self._step) if self.waits else self._step)(received)
