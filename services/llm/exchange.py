"""One batch of items and what became of it: asked, asked again where that may help, read, kept, and noted.

It runs in a thread of its own. Which batches there are, and what is done about those that failed, is in ``asking``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from time import perf_counter
from typing import Any, Generic, Literal

from services.llm.batching import Composed, Load, composed, temperature_of
from services.llm.client import Client, Received
from services.llm.endpoint import Endpoint
from services.llm.faults import Fault
from services.llm.ladder import Ladder, Manner
from services.llm.log_words import EXTRA_IDS
from services.llm.pacing import LONGEST_WAIT, TRIES_IN_A_MINUTE, own_wait, pace_of
from services.llm.question import LONGEST_DETAIL, Answered, AnswerT, Item, Question, Unanswered
from services.llm.records import Call, CallOutcome, Records
from services.llm.replies import Matched, Reply, answers_in, matched, reply_in
from services.llm.schema import reply_schema
from services.llm.tokens import PER_MESSAGE, Ratio, estimated_tokens
from services.llm.wording import Told, Wording, as_json

_LEAST_TO_JUDGE, _TRUNCATED = 1_000, 0.5
"""A prompt of so many tokens, of which an endpoint counts less than half, was cut short by it without a word."""

_ROUND, _PAST_ROUND, _LESS = 1_024, 4, 0.87
"""So was one that is clearly longer than what is counted, where that is a round number: Ollama leaves as much as
its whole context holds, or half of it and two or three tokens."""

_MOST_MANNERS = 16

_LEAST_TO_TIME = 100
"""How many tokens a reply has at least that says how fast an endpoint writes."""


Wrong = Literal["shape", "blank"]
"""A reply that holds no answer at all, or only such as do not fit."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[AnswerT]):
    """What became of a batch, by key.

    ``fault`` is set where no reply came at all, ``wrong`` where one held no answer that can be used. The others are
    what was learnt of the endpoint: that it has less room, how long its answers are beside what was thought, and how
    many tokens it writes in a second.
    """

    answered: Mapping[str, Answered[AnswerT]] = field(default_factory=dict)
    unanswered: Mapping[str, Unanswered] = field(default_factory=dict)
    fault: Fault | None = None
    smaller_context: int | None = None
    reply_ratio: float | None = None
    speed: float | None = None
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What all batches to an endpoint share: the client, the ladder, the ratio of tokens, and the records."""

    endpoint: Endpoint
    client: Client
    ladder: Ladder
    ratio: Ratio
    records: Records

    def exchange(
        self, question: Question[AnswerT], told: Told, batch: Mapping[str, Item], load: Load, stopped: Event
    ) -> Outcome[AnswerT]:
        """Ask about a batch of items, by key. Raises ``Stopped``, and what the records raise."""
        made = composed(question, batch)
        pace = pace_of(self.endpoint)
        schema = reply_schema(question.answer)
        temperature = temperature_of(self.endpoint, question)
        tries = manners = 0
        while True:
            manner = self.ladder.manner
            wording = told.messages(made.wire, with_schema=manner.tells_schema)
            request = self.ladder.request(manner, wording, schema, temperature)
            pace.turn(stopped)
            begun, when, tries = perf_counter(), datetime.now(UTC), tries + 1
            call = _Sent(self, question, told, manner, when, begun, len(batch), wording, as_json(request["messages"]))
            try:
                received = self.client.complete(request)
            except Fault as fault:
                call.failed(fault)
                manners += 1
                if manners < _MOST_MANNERS and self.ladder.adapt(manner, fault, tries):
                    tries = 0
                    continue
                if self._again(fault, tries, len(batch)):
                    pace.hold(own_wait(tries, fault.why) if fault.wait is None else fault.wait)
                    continue
                return _failed(batch, fault, load)
            outcome = self._read(question, made, received, call, load)
            if outcome.wrong and self._other_way(manner, outcome.wrong, tries):
                tries = 0 if manner != self.ladder.manner else tries
                continue
            return outcome

    def _again(self, fault: Fault, tries: int, count: int) -> bool:
        """Whether the same request is sent again. One that takes too long is made smaller instead, where it can be."""
        most = self.endpoint.retries
        if most and fault.why == "rate-limited" and fault.wait is None:
            most = max(most, TRIES_IN_A_MINUTE)
        if not fault.again or tries > most or (fault.wait or 0) > LONGEST_WAIT:
            return False
        return fault.why != "timed-out" or count == 1

    def _other_way(self, manner: Manner, wrong: Wrong, tries: int) -> bool:
        """After a reply without a single answer that can be used: a rung lower, or after a blank one the same again."""
        if self.ladder.unusable(manner):
            return True
        return wrong == "blank" and self.ladder.is_settled and tries == 1 and self.endpoint.retries > 0

    def _read(
        self,
        question: Question[AnswerT],
        made: Composed[AnswerT],
        received: Received,
        call: _Sent,
        load: Load,
    ) -> Outcome[AnswerT]:
        """What the reply is worth; its answers are kept and the call is noted when this returns."""
        reply = reply_in(received.body)
        estimate = call.estimate
        if _is_truncated(reply, self.ratio.tokens(estimate)):
            call.answered(reply, received, "void", "the prompt was cut short")
            context = (reply.tokens_in or 0) + (reply.tokens_out or 0)
            return Outcome(unanswered=_all(made, Unanswered("too-long")), smaller_context=context)
        if reply.tokens_in is not None and self.ratio.learn(estimate, reply.tokens_in):
            self.records.keep_fact(self.endpoint.identity, "ratio", self.ratio.value)
        if reply.is_refused:
            call.answered(reply, received, "void", reply.refusal or reply.finish)
            return Outcome(unanswered=_all(made, Unanswered("refused", reply.refusal)))
        answers = answers_in(reply.content)
        found = matched(answers, [number for number, _ in made.wire], question.answer)
        if found.values:
            self.ladder.worked(call.manner)
        wrong: Wrong | None = None if found.values or reply.is_cut_off else "shape" if answers else "blank"
        void = _canary_void(made, found, reply)
        if void is not None:
            call.answered(reply, received, "void", void.why)
            return Outcome(unanswered=_all(made, void), wrong=wrong)
        answered = {key: Answered(found.values[number]) for number, key in made.keys.items() if number in found.values}
        missing = "cut-off" if reply.is_cut_off else "missing"
        unanswered = {
            key: _why(found.unanswered[number], missing, reply)
            for number, key in made.keys.items()
            if number in found.unanswered
        }
        try:
            if answered:
                kept = {key: answer.value.model_dump(mode="json") for key, answer in answered.items()}
                self.records.keep_answers(kept)
        finally:
            outcome: CallOutcome = "answered" if not unanswered else "partly" if answered else "void"
            call.answered(reply, received, outcome, f"{EXTRA_IDS}: {found.extra}" if found.extra else "")
        learnt = reply.tokens_out / load.tokens_out if reply.tokens_out and not unanswered else None
        met = _context_met(reply, self.ladder.longest(call.manner))
        written = reply.tokens_out or 0
        speed = written / received.seconds if written >= _LEAST_TO_TIME else None
        return Outcome(answered, unanswered, smaller_context=met, reply_ratio=learnt, speed=speed, wrong=wrong)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request that has left, to be noted with what came of it."""

    line: Line
    question: Question[Any]
    told: Told
    manner: Manner
    when: datetime
    begun: float
    items: int
    wording: Wording
    request: str

    def failed(self, fault: Fault) -> None:
        if fault.why == "not-local":  # nothing has left
            return
        tokens_in = self._expected() if fault.was_heard else 0
        self._note("failed", tokens_in, 0, perf_counter() - self.begun, "", f"{fault.why}: {fault.detail}")

    def answered(self, reply: Reply, received: Received, outcome: CallOutcome, error: str) -> None:
        tokens_in = self._expected() if reply.tokens_in is None else reply.tokens_in
        tokens_out = estimated_tokens(reply.content) if reply.tokens_out is None else reply.tokens_out
        said = reply.content or received.text
        self._note(outcome, tokens_in, tokens_out, received.seconds, said, error)

    @property
    def estimate(self) -> int:
        """About how many tokens it is, before what was learnt of the endpoint."""
        tools = (self.told.schema,) if self.manner.rung == "tool" else ()  # endpoints write them into the prompt
        return sum(estimated_tokens(text) + PER_MESSAGE for text in (*self.wording, *tools))

    def _expected(self) -> int:
        return self.line.ratio.tokens(self.estimate)

    def _note(
        self, outcome: CallOutcome, tokens_in: int, tokens_out: int, seconds: float, reply: str, error: str
    ) -> None:
        endpoint = self.line.endpoint
        self.line.records.note(
            Call(
                when=self.when,
                purpose=self.question.purpose,
                host=endpoint.host,
                model=endpoint.model,
                is_local=endpoint.is_local,
                items=self.items,
                outcome=outcome,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                seconds=seconds,
                request=self.request,
                reply=reply,
                error=error[:LONGEST_DETAIL],
            )
        )


def _failed(batch: Mapping[str, Item], fault: Fault, load: Load) -> Outcome[Any]:
    failed = dict.fromkeys(batch, Unanswered(fault.why, fault.detail))
    slow = load.tokens_out / fault.waited / 2 if fault.why == "timed-out" and fault.waited else None
    return Outcome(unanswered=failed, fault=fault, speed=slow)


def _all(made: Composed[Any], why: Unanswered) -> dict[str, Unanswered]:
    return dict.fromkeys(made.keys.values(), why)


def _is_truncated(reply: Reply, expected: int) -> bool:
    """Whether the endpoint has left out a part of the prompt without a word, as some local ones do."""
    counted = reply.tokens_in
    if counted is None or expected < _LEAST_TO_JUDGE:
        return False
    is_round = counted >= _ROUND and counted % _ROUND <= _PAST_ROUND
    return counted < expected * (_LESS if is_round else _TRUNCATED)


def _context_met(reply: Reply, longest: int) -> int | None:
    """The room that the endpoint has, where a reply ended at it and not at the longest that was allowed."""
    if not reply.is_cut_off or reply.tokens_in is None or reply.tokens_out is None:
        return None
    met = reply.tokens_in + reply.tokens_out
    return met if reply.tokens_out < longest * 0.9 and met >= _LEAST_TO_JUDGE else None


def _canary_void(made: Composed[Any], found: Matched[Any], reply: Reply) -> Unanswered | None:
    """Why a batch is void for its canaries: one came back wrong, or is not there to vouch for the others."""
    for number, canary in made.canaries.items():
        if number in found.values and not canary.holds(found.values[number]):
            return Unanswered("canary", as_json(found.values[number].model_dump(mode="json")))
    for number in made.canaries:
        if number in found.unanswered:
            return _why(found.unanswered[number], "cut-off" if reply.is_cut_off else "missing", reply)
    return None


def _why(unanswered: Unanswered, missing: Any, reply: Reply) -> Unanswered:
    """The reason of an item that is missing: the reply ended too early, or it left it out."""
    if unanswered.why != "missing":
        return unanswered
    return Unanswered(missing, reply.content[-80:] if missing == "cut-off" else "")
