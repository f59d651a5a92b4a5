"""A Model that shows what it would send, and sends nothing: for ``--show-prompts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.llm.batching import composed
from services.llm.endpoint import Endpoint
from services.llm.ladder import Ladder
from services.llm.planning import estimated, learnt_ratio, planned
from services.llm.question import Answer, AnswerT, Estimate, Item, Question, Unanswered
from services.llm.records import Records


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """One call that was not made: what it would be about, and its two texts."""

    purpose: str
    items: int
    system: str
    user: str


class Shown:
    """A Model that collects prompts in ``prompts``. Kept answers are given; all else is ``only-shown``."""

    def __init__(self, endpoint: Endpoint, records: Records) -> None:
        self.endpoint = endpoint
        self.prompts: list[ShownPrompt] = []
        self._records = records
        self._ratio = learnt_ratio(endpoint, records)
        self._ladder = Ladder(endpoint, records)

    @property
    def name(self) -> str:
        """The model's name, for a person."""
        return self.endpoint.model

    @property
    def is_local(self) -> bool:
        """Whether its endpoint is on this machine."""
        return self.endpoint.is_local

    def estimate(self, question: Question[AnswerT], items: Sequence[Item]) -> Estimate:
        """What asking would cost; asks nothing."""
        return estimated(self.endpoint, self._records, self._ratio, question, items)

    def ask(
        self,
        question: Question[AnswerT],
        items: Sequence[Item],
        heard: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Answer[AnswerT]]:
        """Collect the prompts; no item but those whose answers are kept has one afterwards."""
        plan = planned(self.endpoint, self._records, self._ratio, question, items)
        for keys, _ in plan.calls:
            batch = {key: plan.asked.items[key] for key in keys}
            system, user = plan.told.messages(composed(question, batch).wire, self._ladder.manner.tells_schema)
            self.prompts.append(ShownPrompt(question.purpose, len(batch), system, user))
        heard(len(items), len(items))
        return [plan.known.get(key, Unanswered("only-shown")) for key in plan.asked.keys]
