"""The ladder: how a reply is held to its shape, and which parameters an endpoint takes, found once and remembered.

``json_schema``, then a strict tool call, then ``json_object`` with the schema in the prompt, then plain text. An
endpoint that says no, or answers past it, is asked a rung lower. Whether a reply is any good is found in ``replies``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services.llm.endpoint import Endpoint
from services.llm.faults import Fault
from services.llm.presets import Rung
from services.llm.records import Records
from services.llm.wording import Wording

TOOL = "give_answers"

_REFUSES = re.compile(
    r"not (be )?(support|allow|permit|recogni[sz])|unsupported|does ?n.t support|unknown|unrecogni[sz]ed|invalid|"
    r"unexpected|extra (inputs|fields)|not available|unavailable|only|must be|should be|required|不支持|无效|非法|错误",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"response_format|json_schema|json_object|\bschema\b|tool|function|grammar|strict", re.IGNORECASE)
_SYSTEM = re.compile(
    r"system (role|message|prompt|instruction)[^.]*not|(role|message).{0,20}[\"']?system|developer instr", re.IGNORECASE
)
_TURNS_OFF_THOUGHT = ("thinking", "enable_thinking", "reasoning_effort", "chat_template_kwargs")
_THOUGHT = "think|reasoning|chat_template_kwargs"
_NUMBER = re.compile(r"\d{2,7}")
_LEAST_REPLY = 16


class Manner(BaseModel):
    """How an endpoint is asked: the rung, and what differs from what the settings say."""

    model_config = ConfigDict(frozen=True)

    rung: Rung
    without: tuple[str, ...] = ()
    long_reply: str = "max_tokens"
    most_reply: int | None = None
    thinking_off: bool = False
    without_system: bool = False

    @property
    def tells_schema(self) -> bool:
        """Whether the schema stands in the prompt, since the endpoint is given none."""
        return self.rung in ("json_object", "text")


class Ladder:
    """Where an endpoint stands on the ladder. Any thread may use it."""

    def __init__(self, endpoint: Endpoint, records: Records, afresh: bool = False) -> None:
        """``afresh`` looks for it anew, whatever is remembered."""
        self._endpoint = endpoint
        self._records = records
        self._lock = Lock()
        self._first = Manner(rung=endpoint.rungs[0], long_reply=endpoint.long_reply)
        kept = None if afresh else _kept(records.fact(endpoint.identity, "manner"))
        self.manner = kept if kept is not None and kept.rung in endpoint.rungs else self._first
        self.is_settled = self.manner is kept
        self._may_start_over = True

    def request(
        self, manner: Manner, wording: Wording, schema: Mapping[str, Any], temperature: float
    ) -> dict[str, Any]:
        """The request: messages, what holds the reply to its shape, and parameters."""
        endpoint = self._endpoint
        system, user = wording
        if manner.without_system:
            messages = [{"role": "user", "content": f"{system}\n\n{user}"}]
        else:
            messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        wanted: dict[str, Any] = {
            "temperature": temperature,
            "top_p": endpoint.top_p,
            manner.long_reply: self.longest(manner),
        }
        extra = {**endpoint.extra, **({"enable_thinking": False} if manner.thinking_off else {})}
        extra = {name: value for name, value in extra.items() if name not in manner.without}
        return {
            "model": endpoint.model,
            "messages": messages,
            **{name: value for name, value in wanted.items() if value is not None and name not in manner.without},
            **_shape(manner.rung, schema),
            **extra,
        }

    def longest(self, manner: Manner) -> int:
        """How long a reply may be, in tokens."""
        return min(self._endpoint.max_tokens, manner.most_reply or self._endpoint.max_tokens)

    def adapt(self, manner: Manner, fault: Fault, tries: int) -> bool:
        """After a request in this manner failed: whether the endpoint is to be asked in another manner, and at once.

        ``tries`` counts requests in this manner. A fault of the server's own counts against the rung if it comes twice.
        """
        with self._lock:
            if manner != self.manner:
                return True
            other = self._other(fault)
            if other is None and not self.is_settled:
                unsaid = fault.why == "bad-request" or (fault.status == 500 and tries > 1)
                other = self._lower() if unsaid else None
                if unsaid and other is None:
                    self._start_over()
            if other is None:
                return False
            self.manner = other
            if self.is_settled:
                self._remember()
            return True

    def unusable(self, manner: Manner) -> bool:
        """After a reply in this manner that holds no answer: whether the endpoint is to be asked a rung lower."""
        with self._lock:
            if manner != self.manner:
                return True
            if self.is_settled:
                return False
            other = self._lower()
            if other is None:
                self._start_over()
                return False
            self.manner = other
            return True

    def worked(self, manner: Manner) -> None:
        """Answers came in this manner: it is kept for good."""
        with self._lock:
            if not self.is_settled:
                self.manner, self.is_settled = manner, True
                self._remember()

    def _start_over(self) -> None:
        """No rung has worked: that may be for the items of one batch, but not for those of a second as well."""
        if self._may_start_over:
            self.manner, self._may_start_over = self._first, False

    def _remember(self) -> None:
        self._records.keep_fact(self._endpoint.identity, "manner", self.manner.model_dump(mode="json"))

    def _lower(self) -> Manner | None:
        rungs = self._endpoint.rungs
        below = rungs.index(self.manner.rung) + 1
        return self.manner.model_copy(update={"rung": rungs[below]}) if below < len(rungs) else None

    def _other(self, fault: Fault) -> Manner | None:
        """The manner that an endpoint's words ask for, or None where they ask for none."""
        if fault.status not in (400, 404, 415, 422, 500, 501):
            return None
        said, manner = fault.said, self.manner
        change: dict[str, Any] = {}
        if "max_completion_tokens" in said and manner.long_reply == "max_tokens" and "max_tokens" in said:
            change["long_reply"] = "max_completion_tokens"
        elif "max_completion_tokens" in said and manner.long_reply == "max_completion_tokens" and _REFUSES.search(said):
            change["long_reply"] = "max_tokens"
        elif manner.long_reply in said and (most := self._most(said)) is not None:
            change["most_reply"] = most
        elif "enable_thinking" in said and "enable_thinking" not in self._endpoint.extra and not manner.thinking_off:
            change["thinking_off"] = True
        elif (name := self._refused(said)) is not None:
            change["without"] = (*manner.without, name)
        elif _SYSTEM.search(said) and _REFUSES.search(said) and not manner.without_system:
            change["without_system"] = True
        elif _SHAPE.search(said) and manner.rung != "text":
            return self._lower()
        return manner.model_copy(update=change) if change else None

    def _refused(self, said: str) -> str | None:
        """The parameter of ours that the endpoint names and refuses."""
        if not _REFUSES.search(said):
            return None
        sent = [
            *self._endpoint.extra,
            *(["enable_thinking"] if self.manner.thinking_off else []),
            "temperature",
            "top_p",
        ]
        for name in sent:
            words = _THOUGHT if name in _TURNS_OFF_THOUGHT else rf"(?<!\w){name}(?!\w)"
            if name not in self.manner.without and re.search(words, said, re.IGNORECASE):
                return name
        return None

    def _most(self, said: str) -> int | None:
        """The longest reply that the endpoint's words name, where it is shorter than what was asked for."""
        asked = self.longest(self.manner)
        named = [int(number) for number in _NUMBER.findall(said)]
        return max((number for number in named if _LEAST_REPLY <= number < asked and number != 400), default=None)


def _shape(rung: Rung, schema: Mapping[str, Any]) -> dict[str, Any]:
    if rung == "json_schema":
        form = {"name": "answers", "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": form}}
    if rung == "tool":
        function = {
            "name": TOOL,
            "description": "Give the answers on all items.",
            "strict": True,
            "parameters": schema,
        }
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": TOOL}},
        }
    if rung == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}


def _kept(fact: Any) -> Manner | None:
    try:
        return None if fact is None else Manner.model_validate(fact)
    except ValidationError:
        return None
