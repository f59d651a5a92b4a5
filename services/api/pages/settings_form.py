"""The form of the settings: its fields in groups, what a person has typed into it, and what is wrong with that.

What a setting means and what it can be is decided in ``services.settings`` and ``llm.endpoint``; how the form looks is
in the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.errors import InputError, Phrase
from services.llm.base_url import base_url
from services.llm.changing import check_budget
from services.llm.endpoint import endpoint_of
from services.llm.presets import PRESETS
from services.messages import Language, message
from services.settings import Settings, deciding_variable, load_settings, refusals

GROUPS: Mapping[str, tuple[str, ...]] = {
    "endpoint": ("provider", "base_url", "model"),
    "privacy": ("local_only", "log_text"),
    "replies": ("temperature", "top_p", "max_tokens", "context_tokens"),
    "calls": ("model_timeout", "concurrency", "requests_per_minute", "retries", "proxy", "ca_file"),
    "money": ("price_in", "price_out", "currency", "budget_tokens", "budget_money"),
    "person": ("language", "region"),
}
"""The settings that the page knows, as they are grouped on it."""

Wrong = Phrase | str | InputError
"""Why what was typed can't be kept."""

FIELDS = tuple(name for names in GROUPS.values() for name in names)

_CHECKS = ("local_only", "log_text")
_CHOICES = ("provider", "language")
_WORDS = ("base_url", "model", "proxy", "ca_file", "currency", "region")
_TO_KEEP = {
    "model-provider": "provider",
    "model-url": "base_url",
    "model-url-secret": "base_url",
    "model-url-missing": "base_url",
    "model-proxy": "proxy",
    "model-ca-file": "ca_file",
}
"""The fields that an endpoint is refused for, by the code of the error."""
_TO_ASK = {"model-name-missing": "model", "model-key-missing": "key", "model-not-set": "provider"}
"""Those that may be missing as long as nobody asks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field is chosen from, or that are suggested; ``data`` is for the page's script."""

    value: str
    text: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as the form shows it. ``kind`` is ``check``, ``choice``, ``number`` or ``text``.

    One that ``is_fixed`` is decided by the environment.
    """

    name: str
    kind: str
    label: str
    value: str
    hint: str
    error: str
    placeholder: str
    choices: tuple[Choice, ...] = ()
    is_fixed: bool = False


def typed(settings: Settings) -> dict[str, str]:
    """The settings as a person would type them; "1" is a check that is set."""
    return {name: _as_typed(getattr(settings, name)) for name in FIELDS}


def read(form: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """What the person has typed, by field; what the environment decides is as it is."""
    standing = typed(settings)
    return {name: standing[name] if deciding_variable(name) else form.get(name, "").strip() for name in FIELDS}


def changes(settings: Settings, given: Mapping[str, str]) -> dict[str, Any]:
    """What the person has typed otherwise than it stands; nothing typed is the value that a setting has by itself."""
    standing = typed(settings)
    return {name: _setting(name, text) for name, text in given.items() if text != standing[name]}


def planned(settings: Settings, given: Mapping[str, str]) -> Settings:
    """The settings as they would be then. Raises what ``load_settings`` raises."""
    return load_settings(**{**settings.model_dump(), **changes(settings, given)})


def wrong(settings: Settings, given: Mapping[str, str]) -> dict[str, Wrong]:
    """What is wrong with which field; empty where it can be kept."""
    refused: dict[str, Wrong] = dict(refusals(settings, **changes(settings, given)))
    if refused:
        return refused
    then = planned(settings, given)
    try:
        check_budget(then)
    except InputError as error:
        return {"budget_money": error}
    return _of_endpoint(then, None, _TO_KEEP)


def missing(settings: Settings, key: str | None) -> dict[str, Wrong]:
    """What is still missing for settings and key that can be kept, but not asked."""
    return _of_endpoint(settings, key, _TO_ASK)


def groups(
    given: Mapping[str, str],
    refused: Mapping[str, Wrong],
    models: tuple[str, ...],
    language: Language,
) -> dict[str, list[FieldView]]:
    """The fields of each group, with the values and the errors that they have. ``models`` are known at the endpoint."""
    return {
        group: [_view(name, given[name], refused.get(name), models, language) for name in names]
        for group, names in GROUPS.items()
    }


def troubles(refused: Mapping[str, Wrong], language: Language) -> list[tuple[str, str]]:
    """What is wrong, for the head of the page: the field's name and label."""
    return [(name, message(f"page.field.{name}", language)) for name in refused]


def told(refused: Wrong | None, language: Language) -> str:
    """What is wrong with a field, in words; "" where nothing is."""
    if isinstance(refused, InputError):
        return f"{refused.what(language)} {refused.todo(language)}"
    if isinstance(refused, Phrase):
        return message("page.settings.refused", language, why=refused.text(language))
    return refused or ""


def _of_endpoint(settings: Settings, key: str | None, fields: Mapping[str, str]) -> dict[str, Wrong]:
    try:
        if endpoint_of(settings, key) is None:
            raise InputError("model-not-set")
    except InputError as error:
        return {fields[error.code]: error} if error.code in fields else {}
    return {}


def _view(name: str, value: str, refused: Wrong | None, models: tuple[str, ...], language: Language) -> FieldView:
    variable = deciding_variable(name)
    hint = message(f"page.hint.{name}", language)
    if variable:
        hint = f"{hint} {message('page.settings.from_environment', language, variable=variable)}".strip()
    return FieldView(
        name=name,
        kind=_kind(name),
        label=message(f"page.field.{name}", language),
        value=value,
        hint=hint,
        error=told(refused, language),
        placeholder=_default(name),
        choices=_choices(name, models, language),
        is_fixed=bool(variable),
    )


def _kind(name: str) -> str:
    if name in _CHECKS:
        return "check"
    if name in _CHOICES:
        return "choice"
    return "text" if name in _WORDS else "number"


def _choices(name: str, models: tuple[str, ...], language: Language) -> tuple[Choice, ...]:
    if name == "model":
        return tuple(Choice(model, model) for model in models)
    if name == "provider":
        none = Choice("", message("page.settings.no_provider", language))
        known = (
            Choice(preset.name, preset.title(language), {"base_url": preset.base_url, "model": preset.model})
            for preset in PRESETS.values()
        )
        return (none, *known)
    if name == "language":
        texts = {code: message(f"page.settings.language_{code}", language) for code in ("auto", "zh", "en")}
        return tuple(Choice("" if code == "auto" else code, text) for code, text in texts.items())
    return ()


def _default(name: str) -> str:
    return _as_typed(Settings.model_fields[name].default)


def _as_typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return f"{Decimal(repr(value)):f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _setting(name: str, text: str) -> Any:
    if name in _CHECKS:
        return bool(text)
    if name == "base_url" and text:
        return _repaired(text)
    return text or Settings.model_fields[name].default


def _repaired(address: str) -> str:
    """An address as it will be used, so that a person sees what became of it; as typed where it is none."""
    try:
        return base_url(address)
    except InputError:
        return address
