"""What asking would take: the room for a call, by what was learnt of an endpoint, and an estimate. Asks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic

from pydantic import ValidationError

from services.llm.batching import Distinct, Load, Room, distinct, first_that_fit, frame, item_load
from services.llm.endpoint import Endpoint
from services.llm.question import Answered, AnswerT, Estimate, Item, Question
from services.llm.records import Records
from services.llm.tokens import Ratio
from services.llm.wording import Told, told

_OF_THE_TIME, _SHORTEST_REPLY = 0.6, 64
"""A reply is planned to take so much of the time that it may take, and is never planned shorter than so many tokens."""


@dataclass(frozen=True, slots=True)
class Planned(Generic[AnswerT]):
    """A question as it would be asked: its words, what is known already, and the keys and the load of each call."""

    told: Told
    asked: Distinct
    known: Mapping[str, Answered[AnswerT]]
    calls: Sequence[tuple[Sequence[str], Load]]
    room: Room


def planned(
    endpoint: Endpoint, records: Records, ratio: Ratio, question: Question[AnswerT], items: Sequence[Item]
) -> Planned[AnswerT]:
    """The calls that asking about these items takes, if each is answered at once."""
    ready = told(question)
    asked = distinct(endpoint, question, ready, items)
    known = known_answers(records, question, asked)
    keys = [key for key in asked.items if key not in known]
    loads = [item_load(question, asked.items[key]) for key in keys]
    room = room_in(endpoint, records, question, ratio)
    start = frame(question, ready)
    calls = []
    at = 0
    while at < len(keys):
        end = at + first_that_fit(start, islice(loads, at, None), room)
        calls.append((keys[at:end], sum(loads[at:end], start)))
        at = end
    return Planned(ready, asked, known, calls, room)


def estimated(
    endpoint: Endpoint, records: Records, ratio: Ratio, question: Question[Any], items: Sequence[Item]
) -> Estimate:
    """What asking about these items would cost; what is known already costs nothing."""
    plan = planned(endpoint, records, ratio, question, items)
    tokens_in = sum(round(load.tokens_in * plan.room.ratio) for _, load in plan.calls)
    tokens_out = sum(round(load.tokens_out * plan.room.reply_ratio) for _, load in plan.calls)
    cost = endpoint.cost(tokens_in, tokens_out)
    return Estimate(
        model_calls=len(plan.calls),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        items=len(items),
        known=sum(key in plan.known for key in plan.asked.keys),
        cost=cost,
        currency=endpoint.currency if cost is not None else "",
    )


def known_answers(records: Records, question: Question[AnswerT], asked: Distinct) -> dict[str, Answered[AnswerT]]:
    """The answers that are kept, by key; one that no longer fits its type is none."""
    found = {}
    for key, value in records.answers(asked.items.keys()).items():
        with suppress(ValidationError):
            found[key] = Answered(question.answer.model_validate(value), kept=True)
    return found


def room_in(endpoint: Endpoint, records: Records, question: Question[Any], ratio: Ratio) -> Room:
    """The room there is for a call, with what was learnt of the endpoint."""
    learnt = records.fact(endpoint.identity, "context")
    context = endpoint.context_tokens
    if isinstance(learnt, dict) and learnt.get("set") == context:  # a person who sets another means it
        context = min(context, int(learnt["found"]))
    speed = records.fact(endpoint.identity, "speed")
    in_time = int(speed * endpoint.timeout * _OF_THE_TIME) if isinstance(speed, float) else endpoint.max_tokens
    reply_ratio = records.fact(endpoint.identity, f"reply ratio {question.purpose}")
    return Room(
        context=context,
        reply=min(endpoint.max_tokens, context // 2, max(in_time, _SHORTEST_REPLY)),
        most_items=question.most_items,
        ratio=ratio.value,
        reply_ratio=reply_ratio if isinstance(reply_ratio, float) else 1.0,
    )


def learnt_ratio(endpoint: Endpoint, records: Records) -> Ratio:
    """The ratio of tokens that calls before this one have found."""
    ratio = records.fact(endpoint.identity, "ratio")
    return Ratio(ratio if isinstance(ratio, float) else None)
