"""Asking a model: a question about any number of items becomes calls, and their replies answers.

Equal items are asked once, kept answers are not asked again, batches run side by side, what fails is split and asked
again, and what can't succeed is not tried. One call is the business of ``exchange``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, Generic

from services.llm.batching import Distinct, Load, distinct, first_that_fit, fits, frame, item_load
from services.llm.client import Client
from services.llm.endpoint import Endpoint
from services.llm.exchange import Line, Outcome
from services.llm.ladder import Ladder
from services.llm.planning import estimated, known_answers, learnt_ratio, room_in
from services.llm.question import Answer, Answered, AnswerT, Estimate, Item, Question, Unanswered, WhyNot
from services.llm.records import Records
from services.llm.wording import Told, told

_SECONDS_BETWEEN_LOOKS = 0.2
"""How long a wish to stop waits at most until it is heard of."""

_SECONDS_FOR_REPLIES = 5.0
"""How long calls that are under way are waited for when all is to stop: they are paid for."""

_ENDS_ALL: frozenset[WhyNot] = frozenset(
    {"unauthorized", "no-such-model", "not-local", "unreachable", "rate-limited", "budget"}
)
"""After these no other call would fare better."""

_MOST_FAILURES: Mapping[WhyNot, int] = {"server-error": 4, "unreachable": 4, "timed-out": 3}
_MOST_USELESS = 8
"""After so many calls in a row without a single answer the rest is not asked."""


class Asking:
    """A Model that asks the endpoint of the settings. One for each job or command; one thread at a time may ask."""

    def __init__(
        self, endpoint: Endpoint, records: Records, check_cancelled: Callable[[], None] = lambda: None
    ) -> None:
        """``check_cancelled`` raises what stops the job; it is called in the asking thread, also while that waits."""
        self.endpoint = endpoint
        self._records = records
        self._check_cancelled = check_cancelled
        self._line = Line(
            endpoint=endpoint,
            client=Client(endpoint),
            ladder=Ladder(endpoint, records),
            ratio=learnt_ratio(endpoint, records),
            records=records,
        )
        self._given_up: Unanswered | None = None

    @property
    def name(self) -> str:
        """The model's name, for a person."""
        return self.endpoint.model

    @property
    def is_local(self) -> bool:
        """Whether its endpoint is on this machine, so that nothing leaves it."""
        return self.endpoint.is_local

    def close(self) -> None:
        """Let go of the connections."""
        self._line.client.close()

    def estimate(self, question: Question[AnswerT], items: Sequence[Item]) -> Estimate:
        """What asking would cost; asks nothing."""
        return estimated(self.endpoint, self._records, self._line.ratio, question, items)

    def ask(
        self,
        question: Question[AnswerT],
        items: Sequence[Item],
        heard: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Answer[AnswerT]]:
        """An answer for each item, in their order; see ``Model.ask``."""
        ready = told(question)
        asked = distinct(self.endpoint, question, ready, items)
        run = _Run(self._line, question, ready, asked, self._records, self._given_up)
        run.take(known_answers(self._records, question, asked))
        for done in run.through(self._check_cancelled):
            heard(done, len(items))
        self._given_up = run.given_up if run.given_up and run.given_up.why != "budget" else None
        return run.answers()


@dataclass
class _Run(Generic[AnswerT]):
    """One question on its way: what is open, what is being asked, and what is answered."""

    line: Line
    question: Question[AnswerT]
    told: Told
    asked: Distinct
    records: Records
    given_up: Unanswered | None
    done: dict[str, Answer[AnswerT]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._frame = frame(self.question, self.told)
        self._loads: dict[str, Load] = {}
        self._room = room_in(self.line.endpoint, self.records, self.question, self.line.ratio)
        self._fresh: deque[str] = deque()
        self._again: deque[list[str]] = deque()
        self._under_way: dict[int, tuple[list[str], Load]] = {}
        self._heard: SimpleQueue[tuple[int, Outcome[AnswerT] | BaseException]] = SimpleQueue()
        self._stopped = Event()
        self._useless = 0
        self._failures: dict[WhyNot, int] = {}
        self._calls = 0

    def take(self, known: Mapping[str, Answered[AnswerT]]) -> None:
        """These answers are there already."""
        self.done.update(known)
        self._fresh.extend(key for key in self.asked.items if key not in known)
        self._loads = {key: item_load(self.question, self.asked.items[key]) for key in self._fresh}

    def answers(self) -> list[Answer[AnswerT]]:
        """The answers in the order of the items."""
        return [self.done[key] for key in self.asked.keys]

    def through(self, check_cancelled: Callable[[], None]) -> Iterator[int]:
        """Ask until nothing is open; gives how many items are done after each step."""
        try:
            yield self._count()
            while self._fresh or self._again or self._under_way:
                check_cancelled()
                self._send_what_may_go()
                if (self._under_way and self._hear(_SECONDS_BETWEEN_LOOKS)) or not self._under_way:
                    yield self._count()
        except BaseException:
            self._stop()
            raise

    def _send_what_may_go(self) -> None:
        """Start calls, as many as may be under way; one alone until it is known how the endpoint is asked."""
        while self._fresh or self._again:
            if self.given_up is not None:
                self._give_up_the_rest(self.given_up)
                return
            most = self.line.endpoint.concurrency if self.line.ladder.is_settled else 1
            if len(self._under_way) >= most:
                return
            batch = self._next_batch()
            if batch is None:
                continue
            size = self._load(batch)
            if not self._affordable(size):
                self._again.append(batch)
                if not self._under_way:  # what is under way may cost less than was thought
                    self.given_up = Unanswered("budget")
                    continue
                return
            self._start(batch, size)

    def _next_batch(self) -> list[str] | None:
        """The next items to be asked together, or None where the one that came next can't be asked."""
        if self._again:
            batch = self._again.popleft()
        else:
            count = first_that_fit(self._frame, map(self._loads.__getitem__, self._fresh), self._room)
            batch = [self._fresh.popleft() for _ in range(count)]
        size = self._load(batch)
        if len(batch) > 1 and not fits(size, self._room):
            self._split(batch)
            return None
        if size.tokens_in // 2 > self._room.context:  # even if we have counted twice what the endpoint will
            self.done.update(dict.fromkeys(batch, Unanswered("too-long")))
            return None
        return batch

    def _load(self, batch: list[str]) -> Load:
        return sum((self._loads[key] for key in batch), self._frame)

    def _affordable(self, size: Load) -> bool:
        """Whether the call fits what may be spent, with those that are under way."""
        loads = [size, *(one for _, one in self._under_way.values())]
        tokens_in = sum(self.line.ratio.tokens(one.tokens_in) for one in loads)
        tokens_out = sum(round(one.tokens_out * self._room.reply_ratio) for one in loads)
        return self.records.within_budget(tokens_in, tokens_out)

    def _start(self, batch: list[str], size: Load) -> None:
        self._calls += 1
        number = self._calls
        self._under_way[number] = (batch, size)
        items = {key: self.asked.items[key] for key in batch}

        def work() -> None:
            try:
                outcome: Any = self.line.exchange(self.question, self.told, items, size, self._stopped)
            except BaseException as error:  # it is raised in the thread that asks
                outcome = error
            self._heard.put((number, outcome))

        Thread(target=work, name=f"call {number}", daemon=True).start()

    def _hear(self, seconds: float) -> bool:
        """Wait for a call to end; whether one did."""
        try:
            number, outcome = self._heard.get(timeout=seconds)
        except Empty:
            return False
        batch, _ = self._under_way.pop(number)
        if isinstance(outcome, BaseException):
            raise outcome
        self.done.update(outcome.answered)
        self._learn(outcome)
        if outcome.unanswered:
            self._after_failure(batch, outcome)
        if outcome.answered:
            self._useless = 0
            self._failures.clear()
        return True

    def _learn(self, outcome: Outcome[AnswerT]) -> None:
        endpoint = self.line.endpoint
        if outcome.smaller_context is not None:
            found = max(512, outcome.smaller_context)
            self.records.keep_fact(endpoint.identity, "context", {"set": endpoint.context_tokens, "found": found})
        if outcome.speed is not None:
            before = self.records.fact(endpoint.identity, "speed")
            speed = 0.5 * (before + outcome.speed) if isinstance(before, float) else outcome.speed
            if not isinstance(before, float) or abs(speed - before) > 0.2 * before:
                self.records.keep_fact(endpoint.identity, "speed", speed)
        if outcome.reply_ratio is not None:
            before = self._room.reply_ratio
            ratio = before + 0.5 * (min(max(outcome.reply_ratio, 0.2), 5.0) - before)
            if abs(ratio - before) > 0.05 * before:
                self.records.keep_fact(endpoint.identity, f"reply ratio {self.question.purpose}", ratio)
        self._room = room_in(endpoint, self.records, self.question, self.line.ratio)

    def _after_failure(self, batch: list[str], outcome: Outcome[AnswerT]) -> None:
        """What failed alone, or can't succeed, has its reason; the rest is asked again, in smaller parts."""
        failed = outcome.unanswered
        why = next(iter(failed.values()))
        if not outcome.answered:
            self._useless += 1
            self._failures[why.why] = self._failures.get(why.why, 0) + 1
        ends = why.why in _ENDS_ALL and outcome.fault is not None and not outcome.fault.was_heard
        if ends or self._useless >= _MOST_USELESS or self._failures.get(why.why, 0) >= _MOST_FAILURES.get(why.why, 99):
            self.given_up = why
        if len(batch) == 1 or why.why == "canary" or self.given_up is not None:
            self.done.update(failed)
        elif outcome.answered:
            self._again.append([key for key in batch if key in failed])
        else:
            self._split(batch)

    def _split(self, batch: list[str]) -> None:
        half = (len(batch) + 1) // 2
        self._again.extend((batch[:half], batch[half:]))

    def _give_up_the_rest(self, why: Unanswered) -> None:
        rest = [*self._fresh, *(key for batch in self._again for key in batch)]
        self.done.update(dict.fromkeys(rest, why))
        self._fresh.clear()
        self._again.clear()

    def _stop(self) -> None:
        """No new call starts; those under way are heard for a little while, since each keeps its answers itself."""
        self._stopped.set()
        with suppress(Empty):
            while self._under_way:
                number, _ = self._heard.get(timeout=_SECONDS_FOR_REPLIES)
                self._under_way.pop(number, None)

    def _count(self) -> int:
        return sum(key in self.done for key in self.asked.keys)
