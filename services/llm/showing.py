"""A Model that shows what it would send, and sends nothing: for ``--show-prompts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.llm.batching import composed, distinct, first_that_fit, frame, item_load
from services.llm.endpoint import Endpoint
from services.llm.ladder import Ladder
from services.llm.planning import estimated, known_answers, learnt_ratio, room_in
from services.llm.question import Answer, AnswerT, Estimate, Item, Question, Unanswered
from services.llm.records import Records
from services.llm.wording import told


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
        ready = told(question)
        asked = distinct(self.endpoint, question, ready, items)
        known = known_answers(self._records, question, asked)
        room = room_in(self.endpoint, self._records, question, self._ratio)
        start = frame(question, ready)
        rest = [key for key in asked.items if key not in known]
        with_schema = self._ladder.manner.rung in ("json_object", "text")
        while rest:
            count = first_that_fit(start, (item_load(question, asked.items[key]) for key in rest), room)
            batch = {key: asked.items[key] for key in rest[:count]}
            system, user = ready.messages(composed(question, batch).wire, with_schema)
            self.prompts.append(ShownPrompt(question.purpose, count, system, user))
            rest = rest[count:]
        heard(len(items), len(items))
        return [known.get(key, Unanswered("only-shown")) for key in asked.keys]
