"""What cleaning with a model would cost: the rules run, and what they would ask is counted in place of being asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from services.llm.prompts import Prompts
from services.llm.question import Answer, AnswerT, Estimate, Item, Model, Question, Unanswered
from services.tasks.context import TaskContext

RequestT = TypeVar("RequestT")
SourceT = TypeVar("SourceT")


def estimate(
    run: Callable[[RequestT, SourceT, TaskContext], object], request: RequestT, source: SourceT, context: TaskContext
) -> Estimate:
    """The sum of all questions of a run, none of which is asked; zero at once where there is no model."""
    if context.model is None:
        return Estimate()
    counting = _Counting(context.model)
    run(request, source, _Trial(context, counting))
    return counting.sum


class _Counting:
    """A Model that adds up what it is asked, and answers nothing."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.sum = Estimate()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def is_local(self) -> bool:
        return self._model.is_local

    def estimate(self, question: Question[AnswerT], items: Sequence[Item]) -> Estimate:
        return self._model.estimate(question, items)

    def ask(
        self,
        question: Question[AnswerT],
        items: Sequence[Item],
        heard: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Answer[AnswerT]]:
        self.sum = _together(self.sum, self._model.estimate(question, items))
        return [Unanswered("only-shown")] * len(items)


class _Trial:
    """The context of a run whose result nobody sees: it keeps nothing, and takes nothing that was kept."""

    def __init__(self, context: TaskContext, model: _Counting) -> None:
        self._context = context
        self.model: Model | None = model

    @property
    def prompts(self) -> Prompts:
        return self._context.prompts

    def progress(self, done: int, total: int, what: str) -> None:
        self._context.progress(done, total, what)

    def check_cancelled(self) -> None:
        self._context.check_cancelled()

    def kept(self, key: str) -> Any | None:
        return None

    def keep(self, key: str, part: Any) -> None:
        return None


def _together(one: Estimate, other: Estimate) -> Estimate:
    costs = [known.cost for known in (one, other) if known.cost is not None]
    return Estimate(
        model_calls=one.model_calls + other.model_calls,
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
        items=one.items + other.items,
        known=one.known + other.known,
        cost=sum(costs) if costs else None,
        currency=one.currency or other.currency,
    )
