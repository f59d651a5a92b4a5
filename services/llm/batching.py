"""Which items go into one call: their keys, batches that fit, and the canaries among them. Nothing here calls."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from services.llm.endpoint import Endpoint
from services.llm.question import AnswerT, Canary, Item, Question
from services.llm.tokens import estimated_tokens
from services.llm.wording import Told, as_json

_ROOM_TO_SPARE = 0.9
"""What of the room for prompt and reply is planned with, since tokens are estimated."""

_PER_ANSWER, _PER_FIELD, _PER_ITEM = 10, 6, 6


@dataclass(frozen=True, slots=True)
class Distinct:
    """Items that differ, by key, and for each item of a request the key of its answer."""

    items: Mapping[str, Item]
    keys: Sequence[str]


def distinct(endpoint: Endpoint, question: Question[Any], told: Told, items: Sequence[Item]) -> Distinct:
    """The items under the keys of their answers: all that an answer depends on goes into a key."""
    temperature = temperature_of(endpoint, question)
    asked = [
        endpoint.base_url,
        endpoint.model,
        temperature,
        endpoint.top_p,
        told.system,
        told.body,
        told.schema,
        told.done,
    ]
    start = hashlib.sha256(as_json(asked).encode())
    found: dict[str, Item] = {}
    keys = []
    for item in items:
        whole = start.copy()
        whole.update(json.dumps(item, sort_keys=True, default=str).encode())
        key = whole.hexdigest()
        found.setdefault(key, item)
        keys.append(key)
    return Distinct(found, keys)


def temperature_of(endpoint: Endpoint, question: Question[Any]) -> float:
    """The prompt's own temperature, else that of the settings."""
    return endpoint.temperature if question.prompt.temperature is None else question.prompt.temperature


@dataclass(frozen=True, slots=True)
class Room:
    """What there is room for in one call, in tokens as the endpoint counts them."""

    context: int
    reply: int
    most_items: int
    ratio: float
    reply_ratio: float


@dataclass(frozen=True, slots=True)
class Load:
    """About how many tokens something takes in a prompt and in the reply to it, as we estimate them."""

    tokens_in: int
    tokens_out: int

    def __add__(self, other: Load) -> Load:
        return Load(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


def frame(question: Question[Any], told: Told) -> Load:
    """The load of a call without its items: the prompt, the schema, and the canaries."""
    return sum((item_load(question, canary.item) for canary in question.canaries), Load(told.frame_tokens, _PER_ANSWER))


def item_load(question: Question[Any], item: Item) -> Load:
    """The load of one item and of its answer, before anything is learnt of answers."""
    tokens = estimated_tokens(as_json(item))
    return Load(tokens + _PER_ITEM, _PER_ANSWER + _PER_FIELD * len(question.answer.model_fields) + tokens // 2)


def fits(load: Load, room: Room) -> bool:
    """Whether a call of this load has room."""
    reply = load.tokens_out * room.reply_ratio
    return reply <= room.reply * _ROOM_TO_SPARE and load.tokens_in * room.ratio + reply <= room.context * _ROOM_TO_SPARE


def first_that_fit(start: Load, loads: Iterable[Load], room: Room) -> int:
    """How many of the items with these loads, from the first, go into one call with this frame; one at least."""
    load, count = start, 0
    for one in loads:
        load += one
        if count == room.most_items or (count and not fits(load, room)):
            break
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Composed(Generic[AnswerT]):
    """A batch as it goes out: items with ids, and which id is which item's or canary's."""

    wire: Sequence[tuple[str, Item]]
    keys: Mapping[str, str]
    canaries: Mapping[str, Canary[AnswerT]]


def composed(question: Question[AnswerT], batch: Mapping[str, Item]) -> Composed[AnswerT]:
    """The batch with the canaries among its items, where nothing tells them apart; the same each time."""
    places: list[str | Canary[AnswerT]] = list(batch)
    chance = random.Random("".join(batch))
    for canary in question.canaries:
        places.insert(chance.randint(0, len(places)), canary)
    numbered = [(str(number), place) for number, place in enumerate(places, 1)]
    return Composed(
        wire=[(number, batch[place] if isinstance(place, str) else place.item) for number, place in numbered],
        keys={number: place for number, place in numbered if isinstance(place, str)},
        canaries={number: place for number, place in numbered if not isinstance(place, str)},
    )
