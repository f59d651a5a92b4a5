"""What a task asks a model and what it hears: Question, Answered and Unanswered, and the Protocol of a Model.

A question is asked of many items at once. How items become calls, and replies become answers, is in ``asking``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from services.llm.prompts import Prompt

AnswerT = TypeVar("AnswerT", bound=BaseModel)

Item = Mapping[str, Any]
"""One thing that is asked about, as JSON can hold it; its id is given to it for the call."""

WhyNot = Literal[
    "invalid",
    "missing",
    "refused",
    "cut-off",
    "too-long",
    "canary",
    "budget",
    "timed-out",
    "unreachable",
    "rate-limited",
    "server-error",
    "unauthorized",
    "no-such-model",
    "bad-request",
    "not-local",
    "only-shown",
]
"""Why an item has no answer; told to a person by the messages under ``unanswered``."""


class Estimate(BaseModel):
    """What a run would cost: calls of a model, tokens sent and received, and money where prices are set.

    ``known`` counts items whose answers are kept already and cost nothing; all is zero for work by rules alone.
    """

    model_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    items: int = 0
    known: int = 0
    cost: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Canary(Generic[AnswerT]):
    """An item whose right answer is known. It travels in a batch; where ``holds`` is false, the whole batch is void."""

    item: Item
    holds: Callable[[AnswerT], bool]


@dataclass(frozen=True, slots=True)
class Question(Generic[AnswerT]):
    """One question about any number of items.

    ``purpose`` names it in the log (``clean.values``, ``fill.translate``). ``variables`` fill the prompt. ``answer``
    is the model of what is said of one item, its id apart: every field needs a description for the schema to make
    sense. ``most_items`` go in one call at most.
    ``examples`` are items and answers out of the data itself, such as rows that a person has filled in: they travel
    between markers as the items do, and are no part of the prompt.
    """

    purpose: str
    prompt: Prompt
    answer: type[AnswerT]
    variables: Mapping[str, str] = field(default_factory=dict)
    canaries: Sequence[Canary[AnswerT]] = ()
    most_items: int = 50
    examples: Sequence[tuple[Item, Mapping[str, Any]]] = ()


@dataclass(frozen=True, slots=True)
class Answered(Generic[AnswerT]):
    """The answer on one item. ``kept`` says that it was known from an earlier call and cost nothing."""

    value: AnswerT
    kept: bool = False


LONGEST_DETAIL = 400
"""How many characters of an endpoint's own words a person is shown."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """There is no answer on this item, and why; ``detail`` is the begin of the endpoint's words, for a person."""

    why: WhyNot
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", self.detail[:LONGEST_DETAIL])


Answer = Answered[AnswerT] | Unanswered


class Model(Protocol):
    """A model that a task may ask. Calls, threads, retries, money and the log are its own business."""

    @property
    def name(self) -> str:
        """The model's name, for a person."""

    @property
    def is_local(self) -> bool:
        """Whether its endpoint is on this machine, so that nothing leaves it."""

    def estimate(self, question: Question[AnswerT], items: Sequence[Item]) -> Estimate:
        """What asking would cost; asks nothing."""

    def ask(
        self,
        question: Question[AnswerT],
        items: Sequence[Item],
        heard: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Answer[AnswerT]]:
        """An answer for each item, in their order; equal items are asked once, and none whose answer is kept.

        ``heard`` is told how many of how many items are done. Raises nothing for a call that fails: its items are
        ``Unanswered``. Raises what stops the job (``Cancelled``); answers heard by then are kept.
        """
