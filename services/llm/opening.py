"""Opening the model that the settings and a job's wishes name, with what is written down of its calls.

What an endpoint is made of is in ``endpoint``, how it is asked in ``asking``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.errors import InputError
from services.llm.endpoint import Endpoint, endpoint_of
from services.llm.keys import api_key
from services.llm.question import Model
from services.llm.wishes import ModelWishes
from services.settings import Settings

if TYPE_CHECKING:  # its file takes time to load, and most runs ask no model
    from services.llm.job_records import RecordsOfJob


@dataclass(frozen=True, slots=True)
class JobAsking:
    """The job that asks.

    Kept answers from before ``created`` are none for a fresh one; ``resumed`` is the last time that a person took it up
    again, from when on what it spends counts for its budget.
    """

    id: str = ""
    task: str = ""
    created: datetime | None = None
    resumed: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A model for as long as a job asks it."""

    model: Model
    endpoint: Endpoint
    records: RecordsOfJob
    _close: Callable[[], None]

    def bill(self) -> dict[str, Any]:
        """What the job has cost over all its runs, in the names of a job's summary; ``kept`` counts what was free."""
        spent = self.records.total()
        return {
            "model": self.endpoint.model,
            "host": self.endpoint.host,
            "calls": spent.calls,
            "tokens_in": spent.tokens_in,
            "tokens_out": spent.tokens_out,
            "cost": spent.cost,
            "currency": spent.currency,
            "kept": self.records.used,
        }

    def close(self) -> None:
        """Let go of connections and of the file; what could not be written is tried once more."""
        self._close()
        self.records.close()


def open_model(
    settings: Settings, wishes: ModelWishes, job: JobAsking, check: Callable[[], None] = lambda: None
) -> OpenModel | None:
    """The model for a job, or None where none is set or none is wanted. Nothing is sent yet.

    ``check`` raises what stops the job. Raises what ``endpoint_of`` raises, ``InputError`` (``model-no-price``) where
    a budget is in money and no price is set, and ``LedgerError``.
    """
    endpoint = wished_endpoint(settings, wishes)
    if endpoint is None:
        return None
    from services.llm.asking import Asking

    records = records_for(settings, endpoint, wishes, job)
    asking = Asking(endpoint, records, check)
    return OpenModel(asking, endpoint, records, asking.close)


def open_shown(settings: Settings, wishes: ModelWishes, job: JobAsking) -> OpenModel | None:
    """The same, but for a model that only collects what it would send (``showing.Shown``)."""
    endpoint = wished_endpoint(settings, wishes)
    if endpoint is None:
        return None
    from services.llm.showing import Shown

    records = records_for(settings, endpoint, wishes, job)
    return OpenModel(Shown(endpoint, records), endpoint, records, lambda: None)


def records_for(settings: Settings, endpoint: Endpoint, wishes: ModelWishes, job: JobAsking) -> RecordsOfJob:
    """What is written down of a job's calls, to be closed at its end. Raises ``InputError`` (``model-no-price``)."""
    from services.llm.job_records import Budget, JobFacts, RecordsOfJob
    from services.llm.store import Replies

    budget = Budget(wishes.budget_tokens or settings.budget_tokens, wishes.budget_money or settings.budget_money)
    if budget.money is not None and endpoint.cost(1, 1) is None:
        raise InputError("model-no-price", budget=budget.money)
    facts = JobFacts(
        job.id,
        job.task,
        answers_since=job.created if wishes.fresh else None,
        budget_since=job.resumed,
        with_request=settings.log_text,
    )
    return RecordsOfJob(Replies(settings.replies_file), facts, budget, endpoint)


def wished_endpoint(settings: Settings, wishes: ModelWishes) -> Endpoint | None:
    """The endpoint for a job, or None where none is set or none is wanted. Raises what ``endpoint_of`` raises."""
    if wishes.no_model:
        return None
    wished = settings if wishes.model is None else settings.model_copy(update={"model": wishes.model})
    return endpoint_of(wished, api_key(settings))
