"""Trying the endpoint that is set, for every surface alike: with its key, and noted in the log of what left."""

from __future__ import annotations

from services.errors import InputError
from services.llm.endpoint import endpoint_of
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
