"""The page of the settings: which model is asked and how, its key, and a try whether that works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from services.api.desk import desk
from services.api.pages import settings_form
from services.api.pages.entrance import see_other
from services.api.pages.model_view import key_told, model_in_use
from services.api.pages.rendering import page, session, speaking
from services.api.pages.settings_form import Wrong
from services.api.pages.tried_view import view_of_try
from services.errors import InputError
from services.llm.keys import api_key, forget_key, keep_key, key_place
from services.llm.trying import models_there, tried
from services.settings import Settings, save_settings

_MOST_MODELS = 20
"""Models that are named where none is chosen yet."""

pages = Blueprint("settings", __name__, url_prefix="/settings")


@pages.get("")
def show_settings() -> Response:
    """The settings as they stand, and what the last try of the endpoint has found."""
    return _form(settings_form.typed(desk().current()), {})


@pages.post("")
def change_settings() -> Response:
    """Keep what was typed, and try the endpoint where that is wished; or say what is wrong, and keep nothing."""
    settings, key = desk().current(), request.form.get("key", "").strip()
    given, to_try = settings_form.read(request.form, settings), request.form.get("do") == "try"
    wrong = settings_form.wrong(settings, given)
    if not wrong:
        then = settings_form.planned(settings, given)
        wrong = (_missing(then, key or api_key(then)) if to_try else {}) or _kept_key(then, key)
    if wrong:
        return _form(given, wrong, 422)
    _save(settings, settings_form.changes(settings, given))
    if to_try:
        session().tried = tried(desk().settings)
        return see_other("/settings#tried")
    session().notice = "saved"
    return see_other("/settings")


@pages.post("/forget-key")
def forget_kept_key() -> Response:
    """Forget the key of the endpoint."""
    forget_key(desk().current())
    session().notice, session().tried = "key_forgotten", None
    return see_other("/settings")


def _missing(settings: Settings, key: str | None) -> dict[str, Wrong]:
    """What is missing for a try; of a model that is not named, which ones there are."""
    missing = settings_form.missing(settings, key)
    if "model" in missing and (models := models_there(settings, key)):
        return {"model": InputError("model-to-choose", models=", ".join(models[:_MOST_MODELS]))}
    return missing


def _kept_key(settings: Settings, key: str) -> dict[str, Wrong]:
    """Keep the key where one was typed, or say what is wrong with it."""
    try:
        if key:
            keep_key(settings, key)
    except InputError as error:
        return {"key": error}
    return {}


def _save(settings: Settings, changed: Mapping[str, Any]) -> None:
    visit = session()
    visit.tried = None
    desk().settings = save_settings(settings, **changed) if changed else settings
    if "language" in changed:
        visit.language = None


def _form(given: Mapping[str, str], wrong: Mapping[str, Wrong], status: int = 200) -> Response:
    settings, language, last = desk().current(), speaking(), session().tried
    return page(
        "settings.html",
        "settings",
        status,
        groups=settings_form.groups(given, wrong, () if last is None else last.models, language),
        troubles=settings_form.troubles(wrong, language),
        model=model_in_use(settings, language),
        key=key_told(settings, language),
        key_error=settings_form.told(wrong.get("key"), language),
        key_place=key_place(settings),
        tried=None if last is None or wrong else view_of_try(last, language),
    )
