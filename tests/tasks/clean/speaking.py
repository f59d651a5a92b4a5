"""A model that answers as a test says, without an endpoint: batches, canaries and kept answers as in the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from services.llm.question import Answer, Answered, AnswerT, Estimate, Item, Question, Unanswered, WhyNot

Says = Callable[[Item], Mapping[str, Any] | WhyNot]


class Speaking:
    """``says`` gives the fields of an answer, or why there is none. ``calls`` are the items of each call, in order."""

    def __init__(self, says: Says, name: str = "speaking") -> None:
        self.name = name
        self.is_local = True
        self.says = says
        self.calls: list[list[Item]] = []
        self.kept: dict[str, Any] = {}

    def estimate(self, question: Question[AnswerT], items: Sequence[Item]) -> Estimate:
        open_items = [item for item in items if repr(item) not in self.kept]
        calls = -(-len(open_items) // question.most_items)
        return Estimate(model_calls=calls, tokens_in=100 * calls, tokens_out=10 * calls, items=len(items))

    def ask(
        self,
        question: Question[AnswerT],
        items: Sequence[Item],
        heard: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Answer[AnswerT]]:
        todo = [item for item in dict.fromkeys(map(repr, items)) if item not in self.kept]
        by_key = {repr(item): item for item in items}
        found: dict[str, Answer[AnswerT]] = {key: Answered(self.kept[key], kept=True) for key in self.kept}
        for start in range(0, len(todo), question.most_items):
            batch = [by_key[key] for key in todo[start : start + question.most_items]]
            self.calls.append(batch)
            sound = all(
                isinstance(said := self._answer(question, canary.item), Answered) and canary.holds(said.value)
                for canary in question.canaries
            )
            for item in batch:
                answer = self._answer(question, item) if sound else Unanswered("canary")
                found[repr(item)] = answer
                if isinstance(answer, Answered):
                    self.kept[repr(item)] = answer.value
        heard(len(items), len(items))
        return [found[repr(item)] for item in items]

    def _answer(self, question: Question[AnswerT], item: Item) -> Answer[AnswerT]:
        said = self.says(item)
        if isinstance(said, str):
            return Unanswered(said)
        try:
            return Answered(question.answer.model_validate(said))
        except ValidationError:
            return Unanswered("invalid")


def meaning(value: str) -> dict[str, Any]:
    """The fields of an answer on a value: certain, or left where ``value`` is empty."""
    return {"certain": bool(value), "value": value}
