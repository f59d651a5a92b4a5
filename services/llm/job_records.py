"""What one job writes down of its calls, what it may spend, and which kept answers it uses: RecordsOfJob.

The file behind it is in ``store``. A reply that was paid is not given up where the file can't be written just now: it
stays here, goes with the next that is written, and is tried once more at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock, get_ident
from typing import Any, TypeVar

from services.errors import LedgerError
from services.llm.endpoint import Endpoint
from services.llm.records import Call
from services.llm.store import Replies, Spent, ToKeep

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Budget:
    """What a job may spend: tokens (sent and received together) and money; None is no limit."""

    tokens: int | None = None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class JobFacts:
    """Which job it is, from when on answers may be used, and from when on what it spends counts for its budget.

    ``with_request`` keeps the texts of requests.
    """

    job: str
    task: str = ""
    answers_since: datetime | None = None
    budget_since: datetime | None = None
    with_request: bool = False


class RecordsOfJob:
    """The ``Records`` of one job. Any thread may use it; a thread has one call under way at a time."""

    def __init__(self, replies: Replies, facts: JobFacts, budget: Budget, endpoint: Endpoint) -> None:
        """``endpoint`` says what tokens cost, and has the key that is never written. Raises ``LedgerError``."""
        self._replies = replies
        self._facts = facts
        self._budget = budget
        self._endpoint = endpoint
        self._counting = Lock()
        self._writing = Lock()
        self._before = replies.spent(facts.job) if facts.job else Spent()
        self._spent = replies.spent(facts.job, since=facts.budget_since) if facts.job else Spent()
        self._own = Spent()
        self._reserved: dict[int, tuple[int, int]] = {}
        self._unsaved_answers: dict[str, Any] = {}
        self._unsaved_calls: list[ToKeep] = []
        self._unsaved_facts: dict[tuple[str, str], Any] = {}
        self._known: set[str] = set()
        self._made: set[str] = set()
        self._facts_of: dict[str, dict[str, Any]] = {}

    @property
    def used(self) -> int:
        """How many answers were found that this run has not asked for itself."""
        return len(self._known)

    def total(self) -> Spent:
        """What the job has cost over all its runs, this one with it."""
        with self._counting:
            return self._before + self._own

    def answers(self, keys: Collection[str]) -> Mapping[str, Any]:
        """The kept answers among these keys. Raises ``LedgerError``."""
        found = self._replies.answers(keys, since=self._facts.answers_since)
        with self._counting:
            self._known |= found.keys() - self._made
        return found

    def keep_answers(self, answers: Mapping[str, Any]) -> None:
        """Keep answers: they are written with the call that gave them, so that none is there without the other."""
        with self._counting:
            self._made |= answers.keys()
            self._unsaved_answers.update(answers)

    def note(self, call: Call) -> None:
        """Write a call into the log, and its answers; on disk when this returns. Raises ``LedgerError``."""
        cost = self._endpoint.cost(call.tokens_in, call.tokens_out)
        currency = "" if cost is None else self._endpoint.currency
        facts = self._facts
        kept = ToKeep(self._without_key(call), facts.job, facts.task, cost, currency, facts.with_request)
        with self._counting:
            self._reserved.pop(get_ident(), None)
            own = Spent(1, call.tokens_in, call.tokens_out, cost, currency)
            self._spent, self._own = self._spent + own, self._own + own
            self._unsaved_calls.append(kept)
        self._save()

    def within_budget(self, tokens_in: int, tokens_out: int) -> bool:
        """Whether a call of this size still fits; if so, its place is taken until this thread notes its call."""
        with self._counting:
            self._reserved.pop(get_ident(), None)
            taken = list(self._reserved.values())
            sent = self._spent.tokens_in + sum(size[0] for size in taken) + tokens_in
            received = self._spent.tokens_out + sum(size[1] for size in taken) + tokens_out
            if self._budget.tokens is not None and sent + received > self._budget.tokens:
                return False
            if self._budget.money is not None:
                others = sum(self._endpoint.cost(*size) or 0.0 for size in taken)
                own = self._endpoint.cost(tokens_in, tokens_out) or 0.0
                if (self._spent.cost or 0.0) + others + own > self._budget.money:
                    return False
            self._reserved[get_ident()] = (tokens_in, tokens_out)
            return True

    def fact(self, endpoint: str, name: str) -> Any | None:
        """What is remembered of an endpoint. Raises ``LedgerError``.

        Read once: it is asked for before each call, and what another job finds meanwhile can wait.
        """
        with self._counting:
            if endpoint not in self._facts_of:
                unsaved = {known: value for (of, known), value in self._unsaved_facts.items() if of == endpoint}
                self._facts_of[endpoint] = self._replies.facts(endpoint) | unsaved
            return self._facts_of[endpoint].get(name)

    def keep_fact(self, endpoint: str, name: str, value: Any) -> None:
        """Remember something of an endpoint: written with the next call, or at the end."""
        with self._counting:
            self._unsaved_facts[endpoint, name] = value
            if endpoint in self._facts_of:
                self._facts_of[endpoint][name] = value

    def close(self) -> None:
        """Try once more to write what could not be written, and close the file. Raises nothing."""
        with suppress(LedgerError):  # the job has ended in this very error already
            self._save()
        self._replies.close()

    def _save(self) -> None:
        """Write what waits: one transaction for all threads that came meanwhile, since each costs a wait for the disk.

        A thread that finds nothing left waits for nothing: another one has written its part, and it is on disk.
        """
        with self._writing:
            with self._counting:
                answers, calls, facts = (
                    dict(self._unsaved_answers),
                    list(self._unsaved_calls),
                    dict(self._unsaved_facts),
                )
            if not answers and not calls and not facts:
                return
            self._replies.keep(answers, calls, facts)
            with self._counting:
                del self._unsaved_calls[: len(calls)]
                _take_out(self._unsaved_answers, answers)
                _take_out(self._unsaved_facts, facts)

    def _without_key(self, call: Call) -> Call:
        """The call as it may be written: an endpoint's error may repeat the key."""
        strike = self._endpoint.without_key
        return replace(call, request=strike(call.request), reply=strike(call.reply), error=strike(call.error))


def _take_out(unsaved: dict[KeyT, Any], saved: Mapping[KeyT, Any]) -> None:
    """What was saved waits no longer, unless there is something newer under its key."""
    for key, value in saved.items():
        if unsaved.get(key) is value:
            del unsaved[key]
