"""Everything that goes wrong between us and a model, as steps of a scripted endpoint, and two tables to ask about.

The endpoint answers the first call of a job as it should, so that there is something to lose, and fails from then on,
until it is ``healthy`` again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

from services.llm.question import WhyNot
from tests.endpoint import (
    Answers,
    Played,
    Received,
    Scripted,
    Step,
    answering,
    cut_off,
    dropping,
    failing,
    saying,
    showing_html,
    slowly,
)

ODD = "777"
"""What the one item holds that a model gets wrong alone."""


@dataclass(frozen=True, slots=True)
class Work:
    """A command on a small text file, and what becomes of it if all goes well.

    ``cells`` has line, column and right value for all that a model is asked about, by what it is shown; the first
    ``first`` go in one call.
    """

    task: str
    words: tuple[str, ...]
    text: str
    cells: Mapping[str, tuple[int, int, str]]
    first: int

    def written(self, path: Path) -> Path:
        """The file in this folder."""
        file = path / f"{self.task}.csv"
        file.write_text(self.text, "utf-8")
        return file

    def answered(self, output: Path) -> set[str]:
        """The items whose cell in a result is as it should be; every other one has to be as it was."""
        rows = [line.split(",") for line in output.read_text("utf-8").splitlines()]
        found = set()
        for item, (line, column, right) in self.cells.items():
            now = rows[line][column] if column < len(rows[line]) else ""
            if now == right:
                found.add(item)
            else:
                before = "" if self.task == "fill" else item
                assert now == before, (item, now)
        return found


def clean() -> Work:
    """Six odd dates, which are a call, and fourteen odd numbers below them, which are the next."""
    days = [f"2024-{month:02d}-{day:02d},{100 * month + day}.5" for month in (1, 2, 3) for day in range(1, 29)]
    odd_days = {f"the {day}th of April in 2024": f"2024-04-{day:02d}" for day in range(4, 10)}
    numbers = [*range(701, 714), int(ODD)]
    odd_numbers = {f"{number} (est. by the clerk of the yard)": str(number) for number in numbers}
    rows = [*days, *(f"{day},50.5" for day in odd_days), *(f"2024-05-01,{number}" for number in odd_numbers)]
    cells = {
        cell: (line, int(cell in odd_numbers), means)
        for line, (cell, means) in enumerate({**odd_days, **odd_numbers}.items(), len(days) + 1)
    }
    return Work("clean", (), "\n".join(["Day,Price", *rows, ""]), cells, len(odd_days))


CITIES = ("Leeds", "York", "Bath", "Ely", "Derby")
AS_EVER = (
    "by the first van of the day and is kept dry and upright and out of the sun on its way whatever the driver says "
    "and whoever is there to take it in signs for it with a legible name and the hour of the day"
)


def fill() -> Work:
    """Fifty texts, which are a call, and ten more."""
    notes = [f"parcel {number} goes to {CITIES[number % 5]} {AS_EVER}" for number in range(100, 159)]
    notes.append(f"parcel {ODD} goes to Derby {AS_EVER}")
    cells = {note: (line, 1, note.split()[4]) for line, note in enumerate(notes, 1)}
    words = ("--prompt", "Which city does {Note} name?", "--into", "City")
    return Work("fill", words, "\n".join(["Note", *notes, ""]), cells, 50)


WORKS: Mapping[str, Callable[[], Work]] = {"clean": clean, "fill": fill}


def shown(item: Mapping[str, Any]) -> str:
    """What an item shows of its cell or row."""
    return str(item.get("cell") or item.get("Note") or item.get("text"))


def right(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a good model says, of clean cells too."""
    text = shown(item)
    if "kind" not in item:
        return {"value": text.split()[4]}
    if text.startswith("the "):
        return {"certain": True, "value": f"2024-04-{int(text.split()[1][:-2]):02d}"}
    return {"certain": True, "value": text.split()[0]}


RIGHT = answering(right)


def spoiling_odd(spoil: Callable[[dict[str, Any]], Sequence[dict[str, Any]]]) -> Step:
    """A model that gets the odd item alone wrong: ``spoil`` makes of its answer those that are given."""

    def play(received: Received) -> Played:
        ids = {item["id"] for item in received.items if ODD in shown(item)}

        def edit(answers: Answers) -> Answers:
            return [made for one in answers for made in (spoil(one) if one["id"] in ids else (one,))]

        return answering(right, edit=edit)(received)

    return play


def running_on(received: Received) -> Played:
    """A model that comes to its longest reply before it has answered on more than a few items."""
    played = RIGHT(received)
    whole = played.content or ""
    return cut_off(RIGHT, len(whole) * 6 // 10)(received) if len(received.items) > 5 else played


def invented(answers: Answers) -> Answers:
    """The answers with ids that nobody gave."""
    return [{**one, "id": f"x{one['id']}"} for one in answers]


CONTEXT = 1026
"""What a local server that leaves out the rest without a word has counted for a prompt (Ollama's half of 2048)."""


def truncating(received: Received) -> Played:
    """An endpoint that leaves out what it has no room for, so that the model answers by chance, and says nothing."""
    if len(received.text) // 3 <= CONTEXT:
        return RIGHT(received)
    return answering(lambda item: {"value": "41", "certain": True}, tokens_in=CONTEXT)(received)


def changing_canaries(received: Received) -> Played:
    """A model that does well what it is asked, and changes values that are in order."""
    known = WORKS["clean"]().cells
    return answering(lambda item: right(item) if shown(item) in known else {"certain": True, "value": "41"})(received)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of failure: how it is played, how often, and how the job should end.

    ``why`` is what the gaps are said to come from, None where there should be none. ``one`` says that the odd item is
    the only gap; else it is all that the first call did not answer. ``settings`` are names of the environment.
    """

    name: str
    step: Step
    why: WhyNot | None = None
    one: bool = False
    times: int = 10**6
    settings: Mapping[str, str] = field(default_factory=dict)
    only: str = ""


EMPTY = json.dumps({"id": "1", "object": "chat.completion", "choices": [], "usage": {"prompt_tokens": 9}})
FILTERED = "The response was filtered due to the prompt triggering our content management policy"
IN_A_SECOND: Step = lambda received: failing(  # noqa: E731 - the date is of the moment
    429, "Slow down", {"Retry-After": formatdate(time() + 1, usegmt=True)}
)(received)
RETRIES = {"DESKHAND_RETRIES": "1"}
SHORT = {"DESKHAND_MODEL_TIMEOUT": "1"}

FAULTS = [
    Fault("blank content", saying(""), "missing"),
    Fault("blank content, once", saying(""), times=1, settings=RETRIES),
    Fault("cut off, broken JSON", cut_off(RIGHT, 12), "cut-off"),
    Fault("cut off after some answers", running_on),
    Fault("fences and chatter", answering(right, wrap=lambda text: f"Sure!\n```json\n{text}\n```\nAnything else?")),
    Fault("reasoning before the JSON", answering(right, wrap=lambda text: f'<think>{{"answers": []}}</think>{text}')),
    Fault("no JSON at all", saying("I am happy to help with your table."), "missing"),
    Fault("refusal", saying(None, message={"refusal": "I can't help with that."}), "refused"),
    Fault("content filter, in the reply", saying("", finish="content_filter"), "refused"),
    Fault("content filter, as an error", failing(400, FILTERED, code="content_filter"), "refused"),
    Fault("empty choices", lambda received: Played(raw=EMPTY), "missing"),
    Fault("missing usage", answering(right, usage=False)),
    Fault("HTML page", showing_html(), "unreachable"),
    Fault("HTML page with status 502", showing_html(502), "server-error"),
    Fault("an id is missing", spoiling_odd(lambda one: ()), "missing", one=True),
    Fault("invented ids beside", answering(right, edit=lambda answers: [*answers, {**answers[0], "id": "999"}])),
    Fault("only invented ids", answering(right, edit=invented), "missing"),
    Fault("each id twice", answering(right, edit=lambda answers: [*answers, *answers])),
    Fault("an id twice, in two ways", spoiling_odd(lambda one: (one, {**one, "value": "41"})), "invalid", one=True),
    Fault("wrong types", spoiling_odd(lambda one: ({**one, "value": {"is": 1}},)), "invalid", one=True),
    Fault("wrong types throughout", answering(lambda item: {"value": {"is": [1]}}), "invalid"),
    Fault("401", failing(401, "Incorrect API key provided"), "unauthorized"),
    Fault("403", failing(403, "Forbidden"), "unauthorized"),
    Fault("402, no credit", failing(402, "Insufficient Balance"), "unauthorized"),
    Fault("404, no such model", failing(404, "The model `gpt-9` does not exist"), "no-such-model"),
    Fault("429, Retry-After in ms, once", failing(429, "Slow", {"retry-after-ms": "30"}), times=1, settings=RETRIES),
    Fault("429, Retry-After in s, once", failing(429, "Slow down", {"Retry-After": "0.1"}), times=1, settings=RETRIES),
    Fault("429, Retry-After as a date, once", IN_A_SECOND, times=1, settings=RETRIES),
    Fault("429 for good", failing(429, "Slow down", {"Retry-After": "3600"}), "rate-limited"),
    Fault("500, once", failing(500, "oops"), times=1, settings=RETRIES),
    Fault("500 for good", failing(500, "oops"), "server-error"),
    Fault("503 for good", failing(503, "overloaded", {"Retry-After": "0"}), "server-error"),
    Fault("time-out", slowly(1.2, RIGHT), "timed-out", settings=SHORT),
    Fault("time-out, once", slowly(1.2, RIGHT), times=1, settings=SHORT),
    Fault("connection reset", dropping(), "unreachable"),
    Fault("connection reset, once", dropping(), times=1, settings=RETRIES),
    Fault("drop in the middle of the body", dropping(after=40), "unreachable"),
    Fault("drop in the middle, once", dropping(after=40), times=1, settings=RETRIES),
    Fault("a body that is no JSON", lambda received: Played(raw='{"choices": [{"mess'), "server-error"),
    Fault("silent truncation", truncating),
    Fault("canary changed", changing_canaries, "canary", only="clean"),
]  # fmt: skip


class Failing:
    """The step that all is played by: the first call as it should be, then the fault, until ``healthy`` is set."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self.healthy = False
        self.played = 0

    def __call__(self, received: Received) -> Played:
        self.played += 1
        fails = 1 < self.played <= 1 + self._fault.times and not self.healthy
        return (self._fault.step if fails else RIGHT)(received)


def asked(endpoint: Scripted, since: int = 0) -> Counter[str]:
    """How often each item was asked about."""
    return Counter(shown(item) for received in endpoint.requests[since:] for item in received.items)
