"""The settings that a person chooses in a front end: language and region."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel

from services.api.bodies import Call, read_call
from services.api.describing import ANSWERS, answer, body, tag
from services.api.desk import desk
from services.api.negotiation import wants_tsv
from services.api.replies import json_reply, tsv_reply
from services.settings import save_settings

api = APIBlueprint("settings", __name__, url_prefix="/v1/settings", abp_tags=[tag("settings")])


class SettingsReply(BaseModel):
    """``language`` is zh, en, or auto for that of the caller; ``region`` two letters of a country, or nothing."""

    language: str
    region: str
    folder: str


class SettingsCall(Call):
    """What to change; what is left out stays. ``auto`` or nothing takes a setting back."""

    language: str | None = None
    region: str | None = None


@api.get("", responses={200: answer(SettingsReply), **ANSWERS})
def show_settings() -> Response:
    """The settings as they stand."""
    return _reply()


@api.put("", responses={200: answer(SettingsReply), **ANSWERS}, openapi_extensions=body(SettingsCall))
def change_settings() -> Response:
    """Change settings, now and for later."""
    call, _ = read_call(SettingsCall)
    changes = {
        name: None if value in (None, "", "auto") else value
        for name, value in call.model_dump(include={"language", "region"}, exclude_unset=True).items()
    }
    if changes:
        here = desk()
        here.settings = save_settings(here.current(), **changes)
    return _reply()


def _reply() -> Response:
    settings = desk().current()
    reply = SettingsReply(
        language=settings.language or "auto", region=settings.region or "", folder=str(settings.folder)
    )
    return tsv_reply(reply.model_dump()) if wants_tsv() else json_reply(reply)
