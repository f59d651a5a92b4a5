"""The context of a task outside of any job: what it would cost, what it would send, or a first look at its answers.

No part of a result is kept or written. What a model has answered is kept as for a job, and what is kept of jobs counts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pydantic import BaseModel

from services.llm.opening import JobAsking, OpenModel, open_model
from services.llm.prompts import Prompts
from services.llm.question import Estimate, Model
from services.llm.wishes import ModelWishes
from services.settings import Settings
from services.tasks.registry import AnyTask


class Forecast(Estimate):
    """What a run would cost, and who would be asked: the model and its host, "" where none is set or wanted.

    ``is_local`` says that nothing would leave this machine.
    """

    model: str = ""
    host: str = ""
    is_local: bool = True


class Trial:
    """The outside of a task that is no job, for as long as the ``with`` block lasts."""

    def __init__(
        self,
        settings: Settings,
        wishes: ModelWishes,
        task: AnyTask,
        *,
        show: Callable[[int, int, str], None] = lambda done, total, what: None,
        opener: Callable[[Settings, ModelWishes, JobAsking], OpenModel | None] = open_model,
    ) -> None:
        """``show`` is told how far the task is; ``opener`` opens the model, such as ``open_shown``."""
        self._settings = settings
        self._wishes = wishes
        self._task = task
        self._show = show
        self._opener = opener
        self._opened: OpenModel | None = None
        self._looked = False

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()

    @property
    def model(self) -> Model | None:
        """The model that would be asked. Raises what ``open_model`` raises."""
        if not self._looked:
            asking = JobAsking(task=self._task.name, created=datetime.now(UTC))
            self._opened = self._opener(self._settings, self._wishes, asking)
            self._looked = True
        return None if self._opened is None else self._opened.model

    @property
    def prompts(self) -> Prompts:
        """The prompts, with those in the data folder first."""
        return Prompts(self._settings.prompts_folder)

    def progress(self, done: int, total: int, what: str) -> None:
        """Show how far the task is."""
        self._show(done, total, what)

    def check_cancelled(self) -> None:
        """Nobody can stop it but by Ctrl+C."""

    def kept(self, key: str) -> Any | None:
        """It begins anew."""
        return None

    def keep(self, key: str, part: Any) -> None:
        """Keep nothing."""

    def forecast(self, estimate: Estimate) -> Forecast:
        """An estimate with who would be asked; without calls nobody is."""
        if self._opened is None:
            return Forecast(**estimate.model_dump())
        endpoint = self._opened.endpoint
        return Forecast(model=endpoint.model, host=endpoint.host, is_local=endpoint.is_local, **estimate.model_dump())


def forecast(
    task: AnyTask,
    request: BaseModel,
    source: Any,
    settings: Settings,
    wishes: ModelWishes,
    show: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> Forecast:
    """What a run of the task would cost. Raises what the task and ``open_model`` raise."""
    with Trial(settings, wishes, task, show=show) as trial:
        return trial.forecast(task.estimate(request, source, trial))
