"""Trying the endpoint that is set, for every surface alike: with its key, and noted in the log of what left.

Which models it has is asked here too, for whoever has not chosen one yet.
"""

from __future__ import annotations

from contextlib import closing

from services.errors import InputError
from services.llm.client import Client
from services.llm.endpoint import endpoint_of
from services.llm.faults import Fault
from services.llm.keys import api_key
from services.llm.opening import JobAsking, records_for
from services.llm.testing import Tried, try_endpoint
from services.llm.wishes import ModelWishes
from services.messages import system_language
from services.settings import Settings


def tried(settings: Settings) -> Tried:
    """What comes of asking the endpoint of the settings a simple question; what is found of it is remembered.

    Raises what ``endpoint_of`` raises, ``InputError`` (``model-not-set``), and ``LedgerError``.
    """
    endpoint = endpoint_of(settings, api_key(settings))
    if endpoint is None:
        raise InputError("model-not-set")
    records = records_for(settings, endpoint, ModelWishes(), JobAsking(task="model"))
    try:
        return try_endpoint(endpoint, records, settings.language or system_language())
    finally:
        records.close()


def models_there(settings: Settings, key: str | None) -> tuple[str, ...]:
    """The models that the endpoint of the settings lists, whichever is chosen; none where it lists none.

    Raises what ``endpoint_of`` raises.
    """
    endpoint = endpoint_of(settings.model_copy(update={"model": settings.model or "-"}), key)
    if endpoint is None:
        return ()
    with closing(Client(endpoint)) as client:
        try:
            return client.models() or ()
        except Fault:
            return ()
