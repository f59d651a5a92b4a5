"""An Endpoint: which model is asked, where, and with what parameters. Made of the settings and a key; asks nothing."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from services.errors import InputError
from services.llm.base_url import base_url, is_loopback
from services.llm.presets import PRESETS, RUNGS, Preset, Rung
from services.settings import Settings

NO_KEY = "none"
"""What is sent as a key where none is needed: the client takes no empty one."""

_SHORTEST_SECRET = 8
"""Characters. Shorter keys are words such as ``ollama`` for endpoints that need none, which any text may hold."""

_PROXIES = ("http", "https")

_AT_A_TIME, _AT_A_TIME_HERE = 4, 1
"""Calls side by side where a person says nothing of it: a server on this machine mostly answers one after the other,
and calls that wait for their turn there run out of time."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked and how. Times are in seconds, tokens as the endpoint counts them.

    ``proxy`` and ``ca_file`` are those of a company; neither is used for an endpoint on this machine.
    """

    base_url: str
    model: str
    key: str = field(default=NO_KEY, repr=False)
    provider: str = "custom"
    temperature: float = 0.0
    top_p: float | None = None
    max_tokens: int = 4096
    context_tokens: int = 8192
    timeout: float = 120
    concurrency: int = 4
    requests_per_minute: int | None = None
    retries: int = 3
    proxy: str | None = None
    ca_file: Path | None = None
    local_only: bool = False
    price_in: float | None = None
    price_out: float | None = None
    currency: str = ""
    rungs: tuple[Rung, ...] = RUNGS
    extra: Mapping[str, Any] = field(default_factory=dict)
    long_reply: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    @property
    def host(self) -> str:
        """Its host, with the port where one is said."""
        return urlsplit(self.base_url).netloc

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, so that nothing leaves it."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def identity(self) -> str:
        """What the facts that are remembered of it go by."""
        return f"{self.base_url} {self.model}"

    def without_key(self, text: str) -> str:
        """The text as it may be shown and kept: some endpoints repeat the key that they are sent."""
        return text if len(self.key) < _SHORTEST_SECRET else text.replace(self.key, "***")

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """What so many tokens cost, in ``currency``; None where no price is set."""
        if self.price_in is None and self.price_out is None:
            return None
        cost = tokens_in * (self.price_in or 0) + tokens_out * (self.price_out or 0)
        return round(cost / 1_000_000, 12)  # a form shows it as it is


def calls_at_a_time(place: str) -> int:
    """How many calls run side by side at an address if a person says nothing of it."""
    return _AT_A_TIME_HERE if is_loopback(urlsplit(place).hostname or "") else _AT_A_TIME


def endpoint_of(settings: Settings, key: str | None = None) -> Endpoint | None:
    """The endpoint that the settings name, or None where they name none.

    Raises ``InputError``: ``model-provider``, ``model-url``, ``model-url-secret``, ``model-url-missing``,
    ``model-name-missing``, ``model-key-missing``, ``model-proxy``, ``model-ca-file``.
    """
    if settings.provider is None and settings.base_url is None:
        return None
    preset = _preset(settings.provider or "custom")
    address = settings.base_url or preset.base_url
    if not address:
        raise InputError("model-url-missing", provider=preset.name)
    place = base_url(address)
    if preset.name == "custom":
        preset = _vendor_at(place) or preset
    model = settings.model or preset.model
    if not model:
        raise InputError("model-name-missing", provider=preset.name)
    if preset.needs_key and not key and place == base_url(preset.base_url):
        raise InputError("model-key-missing", provider=preset.name)
    return Endpoint(
        base_url=place,
        model=model,
        key=key or NO_KEY,
        provider=preset.name,
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_tokens=settings.max_tokens,
        context_tokens=settings.context_tokens or preset.context_tokens,
        timeout=settings.model_timeout,
        concurrency=settings.concurrency or calls_at_a_time(place),
        requests_per_minute=settings.requests_per_minute,
        retries=settings.retries,
        proxy=_proxy(settings.proxy),
        ca_file=_ca_file(settings.ca_file),
        local_only=settings.local_only,
        price_in=settings.price_in,
        price_out=settings.price_out,
        currency=settings.currency,
        rungs=preset.rungs,
        extra=preset.extra,
        long_reply=preset.long_reply,
    )


def _vendor_at(place: str) -> Preset | None:
    """The known vendor at an address that somebody pasted without choosing the vendor: it has its manners there too."""
    host = urlsplit(place).hostname
    vendors = (preset for preset in PRESETS.values() if preset.needs_key)
    return next((preset for preset in vendors if urlsplit(preset.base_url).hostname == host), None)


def _preset(name: str) -> Preset:
    try:
        return PRESETS[name.strip().lower()]
    except KeyError as error:
        raise InputError("model-provider", provider=name, known=", ".join(PRESETS)) from error


def _proxy(proxy: str | None) -> str | None:
    if not proxy:
        return None
    text = proxy if "://" in proxy else f"http://{proxy}"
    try:
        split = urlsplit(text)
        fits = split.scheme in _PROXIES and bool(split.hostname) and (split.port is None or split.port > 0)
    except ValueError as error:
        raise InputError("model-proxy", proxy=proxy) from error
    if not fits:
        raise InputError("model-proxy", proxy=proxy)
    return text


def _ca_file(file: Path | None) -> Path | None:
    if file is None:
        return None
    try:
        ssl.create_default_context(cafile=str(file))
    except (OSError, ValueError) as error:  # of a name that no file can have, ValueError
        raise InputError("model-ca-file", file=file, detail=str(error)) from error
    return file
