"""Trying an endpoint before it is used: whether it is reached, knows the model, and how its replies keep to a shape.

The question is a simple one and holds nothing of a person's. What is found is remembered for the calls that follow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from threading import Event
from time import perf_counter
from typing import Any

from pydantic import BaseModel, Field

from services.llm.batching import distinct, frame, item_load
from services.llm.client import Client
from services.llm.endpoint import Endpoint
from services.llm.exchange import Line, Outcome
from services.llm.faults import Fault
from services.llm.ladder import Ladder
from services.llm.planning import learnt_ratio
from services.llm.presets import Rung
from services.llm.prompts import Prompts
from services.llm.question import Item, Question, WhyNot
from services.llm.records import Call, Records
from services.llm.wording import told
from services.messages import Language, message

_ITEMS: Mapping[str, int] = {"7 boxes of pens": 7, "第 21 号柜台": 21}


class Tried(BaseModel):
    """What came of trying an endpoint.

    ``told`` is the key of a message for a person: what was found, and what to do. ``rungs`` are those that were tried,
    the firmest first, and whether they work; ``rung`` is the one that is used. ``is_listed`` says whether the list of
    the endpoint has the model, None where it has no list. ``detail`` is in the endpoint's words.
    """

    works: bool
    told: str
    why: WhyNot | None = None
    detail: str = ""
    host: str = ""
    model: str = ""
    is_local: bool = False
    is_reached: bool = False
    is_listed: bool | None = None
    models: tuple[str, ...] = ()
    rung: Rung | None = None
    rungs: dict[Rung, bool] = {}
    seconds: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0

    def text(self, language: Language) -> str:
        """What was found and what to do, in ``language``."""
        return message(self.told, language)


class _Number(BaseModel):
    number: int = Field(description="the number that stands in the text")


def try_endpoint(endpoint: Endpoint, records: Records, language: Language) -> Tried:
    """Ask an endpoint a simple question, in ``language``; what is found of it is remembered in ``records``."""
    with closing(Client(endpoint)) as client:
        return _tried(endpoint, client, records, language)


def _tried(endpoint: Endpoint, client: Client, records: Records, language: Language) -> Tried:
    about: dict[str, Any] = {"host": endpoint.host, "model": endpoint.model, "is_local": endpoint.is_local}
    try:
        models = client.models()
    except Fault as fault:
        if fault.why in ("not-local", "unauthorized", "unreachable"):
            return Tried(
                works=False,
                told=f"unanswered.{fault.why}",
                why=fault.why,
                detail=fault.detail,
                is_reached=fault.status is not None,
                **about,
            )
        models = None
    about["models"] = models or ()
    about["is_listed"] = None if models is None else endpoint.model in models
    ladder = Ladder(endpoint, records, afresh=True)
    noted = _Counting(records)
    line = Line(endpoint, client, ladder, learnt_ratio(endpoint, records), noted)
    begun = perf_counter()
    outcome = _asked(line, language)
    about |= {"seconds": perf_counter() - begun, "tokens_in": noted.tokens_in, "tokens_out": noted.tokens_out}
    if ladder.is_settled:
        about["rung"] = ladder.manner.rung
        tried = endpoint.rungs[: endpoint.rungs.index(ladder.manner.rung) + 1]
        about["rungs"] = {rung: rung == ladder.manner.rung for rung in tried}
    elif outcome.fault is None:
        about["rungs"] = dict.fromkeys(endpoint.rungs, False)
    if outcome.fault is not None:
        why = outcome.fault.why
        reached = outcome.fault.status is not None or why == "timed-out"
        return Tried(
            works=False, told=f"unanswered.{why}", why=why, detail=outcome.fault.detail, is_reached=reached, **about
        )
    if outcome.unanswered or sorted(found.value.number for found in outcome.answered.values()) != [*_ITEMS.values()]:
        failed = next(iter(outcome.unanswered.values()), None)
        return Tried(
            works=False,
            told="tried.works_badly",
            why=failed.why if failed else None,
            detail=failed.detail if failed else "",
            is_reached=True,
            **about,
        )
    firm = ladder.manner.rung in ("json_schema", "tool")
    return Tried(works=True, told="tried.works" if firm else "tried.works_loosely", is_reached=True, **about)


def _asked(line: Line, language: Language) -> Outcome[_Number]:
    question = Question("model.test", Prompts().load("model/test", language), _Number)
    items: list[Item] = [{"text": text} for text in _ITEMS]
    ready = told(question)
    batch = distinct(line.endpoint, question, ready, items).items
    load = sum((item_load(question, item) for item in items), frame(question, ready))
    return line.exchange(question, ready, batch, load, Event())


class _Counting:
    """Records that count what a try has cost; answers are neither kept nor used."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.tokens_in = 0
        self.tokens_out = 0

    def answers(self, keys: Collection[str]) -> Mapping[str, Any]:
        return {}

    def keep_answers(self, answers: Mapping[str, Any]) -> None:
        """A try is always made anew."""

    def note(self, call: Call) -> None:
        self.tokens_in += call.tokens_in
        self.tokens_out += call.tokens_out
        self._records.note(call)

    def within_budget(self, tokens_in: int, tokens_out: int) -> bool:
        return True

    def fact(self, endpoint: str, name: str) -> Any | None:
        return self._records.fact(endpoint, name)

    def keep_fact(self, endpoint: str, name: str, value: Any) -> None:
        self._records.keep_fact(endpoint, name, value)
