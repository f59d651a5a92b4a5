"""Reading what a model said: the reply in a response's body, the JSON in its text, and the answers by their ids.

Nothing here trusts anything: what does not fit is said with its reason, and what was cut short is noticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from pydantic import ValidationError

from services.llm.question import AnswerT, Unanswered

_BORDER_OF_THOUGHTS = re.compile(r"<(/?)(?:think|thinking|reasoning)>", re.IGNORECASE)
_OPENING = re.compile(r"[{\[]")
_DECODER = json.JSONDecoder(strict=False)  # a line break in a text is a small sin
_MOST_STARTS = 2_000
"""How many opening brackets are tried in a text that is no JSON as a whole."""
_MOST_READINGS = 8
"""How often such a text is gone through at most: once for each bracket that is still open where it ends too early."""
_DEEPEST = 50
_MOST_TOKENS = 10**9
"""More than this is no count of tokens, and no column of the log would hold any number."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply as the endpoint gave it; its reasoning is left out. Tokens are None where it counted none."""

    content: str
    finish: str = ""
    refusal: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None

    @property
    def is_cut_off(self) -> bool:
        """Whether it ended since it grew too long."""
        return self.finish in ("length", "max_tokens", "model_length")

    @property
    def is_refused(self) -> bool:
        """Whether the model, or a filter, would not answer."""
        return bool(self.refusal) or self.finish in ("content_filter", "sensitive", "refusal")


def reply_in(body: Mapping[str, Any]) -> Reply:
    """The reply in a response's body, whatever is missing in it. The first choice counts."""
    usage = _mapping(body.get("usage"))
    tokens_in, tokens_out = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    choices = body.get("choices")
    choice = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
    message = _mapping(choice.get("message"))
    content = _text(message.get("content"))
    calls = message.get("tool_calls")
    if isinstance(calls, list) and calls:
        arguments = _mapping(_mapping(calls[0]).get("function")).get("arguments")
        content = arguments if isinstance(arguments, str) else "" if _is_deep(arguments) else json.dumps(arguments)
    return Reply(content, str(choice.get("finish_reason") or ""), _text(message.get("refusal")), tokens_in, tokens_out)


def answers_in(content: str) -> list[dict[str, Any]]:
    """The answers, each with its id as a text, that stand in a text; none where there are none.

    Fences, chatter and thoughts round the JSON are passed over. Of JSON that ends too early, those answers are given
    that are whole.
    """
    values = list(_values(_without_thoughts(content)))
    lists = [found for value in values if (found := _listed(value))]
    if lists:
        return max(reversed(lists), key=len)  # a model may try its hand before it is sure
    return [answer for value in values for answer in _one(value)]


@dataclass(slots=True)
class Matched(Generic[AnswerT]):
    """Answers by the ids they were asked with. ``extra`` counts those with ids that no one asked for."""

    values: dict[str, AnswerT] = field(default_factory=dict)
    unanswered: dict[str, Unanswered] = field(default_factory=dict)
    extra: int = 0


def matched(answers: list[dict[str, Any]], ids: Collection[str], answer: type[AnswerT]) -> Matched[AnswerT]:
    """Each id with its answer, validated, or with the reason why it has none.

    An id that is answered twice with different values has no answer, since no one can say which is meant.
    """
    found: Matched[AnswerT] = Matched()
    said: dict[str, list[dict[str, Any]]] = {}
    for one in answers:
        if one["id"] in ids:
            said.setdefault(one["id"], []).append({key: value for key, value in one.items() if key != "id"})
        else:
            found.extra += 1
    for number in ids:
        if number not in said:
            found.unanswered[number] = Unanswered("missing")
            continue
        values = said[number]
        if any(value != values[0] for value in values[1:]):
            found.unanswered[number] = Unanswered("invalid", json.dumps(values, ensure_ascii=False))
            continue
        try:
            found.values[number] = answer.model_validate(values[0])
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            found.unanswered[number] = Unanswered(
                "invalid", f"{where}: {first['msg'].removeprefix('Value error, ')}".strip(": ")
            )
    return found


def _without_thoughts(text: str) -> str:
    """What stands outside of thoughts, and after the last end of such as never began. Takes one pass."""
    kept, at, is_open = list[str](), 0, False
    for border in _BORDER_OF_THOUGHTS.finditer(text):
        if border[1]:
            kept = kept if is_open else []
            at, is_open = border.end(), False
        elif not is_open:
            kept.append(text[at : border.start()])
            at, is_open = border.start(), True
    return "".join([*kept, text[at:]])


def _values(text: str) -> Iterator[Any]:
    """The JSON values in a text, one after another; of one that is not whole, those within it that are."""
    at = read = 0
    for _ in range(_MOST_STARTS):
        found = _OPENING.search(text, at)
        if found is None or read > _MOST_READINGS * len(text):
            return
        start = found.start()
        at = start + 1
        try:
            value, at = _DECODER.raw_decode(text, start)
        except json.JSONDecodeError as error:
            read += (len(text) if error.msg.startswith("Unterminated") else error.pos) - start
        except ValueError:  # a number of thousands of digits
            read += len(text) - start
        except RecursionError:
            return
        else:
            if not _is_deep(value):
                yield value


def _is_deep(value: Any) -> bool:
    """Whether a value is deeper than any answer, and than code that goes through it level by level would bear."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return False
    return True


def _children(value: Any) -> Collection[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _listed(value: Any) -> list[dict[str, Any]]:
    """The answers in a value that lists them, in one of the forms that models give."""
    if isinstance(value, dict):
        if "answers" in value:
            return _listed(value["answers"])
        lists = [child for child in value.values() if isinstance(child, list)]
        if len(lists) == 1 and "id" not in value:
            return _listed(lists[0])
        if value and all(isinstance(child, dict) for child in value.values()):  # by their ids
            return [{**child, "id": key} for key, child in value.items()]
        return []
    if isinstance(value, list):
        return [answer for child in value for answer in _one(child)]
    return []


def _one(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict) or isinstance(value.get("id"), (dict, list, bool, type(None))):
        return []
    number = value["id"]
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return [{**value, "id": str(number).strip()}]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    """A count of tokens; none, or nought, which some endpoints give for a prompt that they had kept, is unknown."""
    is_count = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= _MOST_TOKENS
    return int(value) if is_count else None


def _text(value: Any) -> str:
    """The text of a message's content: a text, or a list of parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part["text"] for part in value if isinstance(part, dict) and isinstance(part.get("text"), str))
    return ""
