"""The model that the settings name, as the page shows it. Nothing is asked for that."""

from __future__ import annotations

from dataclasses import dataclass

from services.errors import InputError
from services.llm.endpoint import endpoint_of
from services.llm.keys import api_key, key_place
from services.messages import Language, message
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class ModelView:
    """The model's name, or "" and with ``problem`` why there is none; where it is; where its key is kept, in words.

    ``is_refused`` says that only local endpoints may be asked, and that this is none.
    """

    name: str = ""
    host: str = ""
    is_local: bool = False
    is_refused: bool = False
    key: str = ""
    problem: str = ""


def model_in_use(settings: Settings, language: Language) -> ModelView:
    """The model that tasks ask as the settings stand."""
    try:
        endpoint = endpoint_of(settings, api_key(settings))
    except InputError as error:
        return ModelView(problem=f"{error.what(language)} {error.todo(language)}")
    if endpoint is None:
        return ModelView()
    return ModelView(
        name=endpoint.model,
        host=endpoint.host,
        is_local=endpoint.is_local,
        is_refused=settings.local_only and not endpoint.is_local,
        key=key_told(settings, language),
    )


def key_told(settings: Settings, language: Language) -> str:
    """Whether a key is kept for the endpoint, and where."""
    return message(f"page.key.{key_place(settings) or 'none'}", language)
