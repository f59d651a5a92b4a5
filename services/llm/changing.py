"""Changing the settings of the model, for every surface alike: seen to work together before anything is kept.

What each setting means is in ``settings``; what an endpoint is made of them in ``endpoint``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.errors import InputError
from services.llm.endpoint import endpoint_of
from services.llm.keys import api_key, check_key, forget_key, keep_key
from services.settings import Settings, deciding_variable, load_settings, save_settings

MODEL_SETTINGS = (
    "provider",
    "base_url",
    "model",
    "temperature",
    "top_p",
    "max_tokens",
    "context_tokens",
    "model_timeout",
    "concurrency",
    "requests_per_minute",
    "retries",
    "proxy",
    "ca_file",
    "local_only",
    "log_text",
    "price_in",
    "price_out",
    "currency",
    "budget_tokens",
    "budget_money",
)
"""The settings that are about the model, in the order in which they are shown."""

_OF_PROVIDER = ("base_url", "model", "context_tokens", "price_in", "price_out")
"""What another provider has otherwise: it goes when the provider is changed and nothing else is said."""

_UNSEEN = "unseen"
"""Stands for a key while settings are looked at: one may still come."""


def change_model(settings: Settings, changes: Mapping[str, Any], key: str | None = None) -> Settings:
    """Keep changed settings of the model (None takes one back), and its key ("" forgets it); gives the settings then.

    Raises ``InputError``: what ``save_settings``, ``endpoint_of``, ``check_budget`` and ``keep_key`` raise, before
    anything is written, and ``setting-from-environment`` for one that a variable of the environment decides;
    ``OutputError`` where a file can't be written.
    """
    wanted = {name: _default(name) if value is None else value for name, value in changes.items()}
    if "provider" in wanted and wanted["provider"] != settings.provider:
        wanted = {**{name: _default(name) for name in _OF_PROVIDER}, **wanted}
    wanted = {name: wanted[name] for name in MODEL_SETTINGS if name in wanted}
    for name in changes:
        if variable := deciding_variable(name):
            raise InputError("setting-from-environment", key=name, variable=variable)
    if key:
        check_key(key)
    seen = load_settings(**{**settings.model_dump(), **wanted})
    endpoint_of(seen, key or api_key(seen) or _UNSEEN)
    check_budget(seen)
    if wanted:
        settings = save_settings(settings, **wanted)
    if key:
        keep_key(settings, key)
    elif key is not None:
        forget_key(settings)
    return settings


def check_budget(settings: Settings) -> None:
    """Raise ``InputError`` (``model-no-price``) where a budget is in money and no price is set to reckon it with."""
    if settings.budget_money is not None and settings.price_in is None and settings.price_out is None:
        raise InputError("model-no-price", budget=settings.budget_money)


def _default(name: str) -> Any:
    return Settings.model_fields[name].default
