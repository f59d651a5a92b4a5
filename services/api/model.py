"""The routes on the model: its settings, a trial of its endpoint, and the log of what left.

The key comes in and never goes out. What an endpoint is made of, and what is kept of its replies, is in ``llm``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.api.bodies import Call, read_call
from services.api.describing import ANSWERS, answer, body, tag
from services.api.desk import desk
from services.api.job_reply import local_time
from services.api.negotiation import language, wants_tsv
from services.api.replies import grid_of, json_reply, tsv_reply
from services.errors import InputError
from services.llm.changing import MODEL_SETTINGS, change_model
from services.llm.endpoint import endpoint_of
from services.llm.keys import api_key, key_place
from services.llm.store import Sent, sent_document, sent_lines
from services.llm.trying import tried
from services.settings import Settings
from services.workbook.grid import Scalar

api = APIBlueprint("model", __name__, url_prefix="/v1", abp_tags=[tag("model")])


class _ModelFields(BaseModel):
    """The settings of the model; nothing is that of the provider, or none."""

    provider: str | None = Field(None, description="A preset's name, such as `deepseek`, `ollama` or `custom`.")
    base_url: str | None = None
    model: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = Field(None, description="The longest reply.")
    context_tokens: int | None = Field(None, description="What prompt and reply have room for together.")
    model_timeout: float | None = Field(None, description="Seconds.")
    concurrency: int | None = None
    requests_per_minute: int | None = None
    retries: int | None = None
    proxy: str | None = None
    ca_file: str | None = None
    local_only: bool | None = Field(None, description="Send nothing to any other machine.")
    log_text: bool | None = Field(None, description="Keep the text of what is sent in the log.")
    price_in: float | None = Field(None, description="For a million tokens sent, in `currency`.")
    price_out: float | None = Field(None, description="For a million tokens received.")
    currency: str | None = None
    budget_tokens: int | None = Field(None, description="For one run of a job, sent and received together.")
    budget_money: float | None = None


class ModelReply(_ModelFields):
    """The settings of the model as they stand. ``host`` is who would be asked; ``is_local`` that it is this machine.

    ``problem`` and ``todo`` say why they can't work. ``key_place``: environment, keyring or file.
    """

    has_key: bool
    key_place: str | None = None
    host: str | None = None
    is_local: bool | None = None
    problem: str | None = None
    todo: str | None = None


class ModelCall(Call, _ModelFields):
    """What to change; what is left out stays, nothing takes a setting back. The key is kept and never told."""

    key: str | None = Field(None, description="The endpoint's key; nothing forgets it.")

    @field_validator(*MODEL_SETTINGS, mode="before")
    @classmethod
    def _none_where_empty(cls, value: Any) -> Any:
        return None if value == "" else value


class TriedReply(BaseModel):
    """What came of trying the endpoint; ``found`` says it and what to do, ``detail`` is in the endpoint's words.

    ``rungs`` are the ways to hold a reply to its form, the firmest first, and whether they work; ``rung`` is the one
    that is used. ``is_listed`` says whether the endpoint's list has the model, nothing where it has no list.
    """

    works: bool
    found: str
    why: str | None = None
    detail: str = ""
    host: str
    model: str
    is_local: bool
    is_reached: bool
    is_listed: bool | None = None
    models: tuple[str, ...] = ()
    rung: str | None = None
    rungs: dict[str, bool] = {}
    seconds: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0


class SentQuery(BaseModel):
    """Which lines of the log to list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=1000)
    job: str | None = Field(None, max_length=40, description="Only those of this job.")


class SentList(BaseModel):
    """What left, the last first."""

    sent: list[Sent]


@api.get("/model", responses={200: answer(ModelReply), **ANSWERS})
def show_model() -> Response:
    """The settings of the model as they stand, and whether there is a key."""
    return _reply(desk().current())


@api.put("/model", responses={200: answer(ModelReply), **ANSWERS}, openapi_extensions=body(ModelCall))
def change_model_settings() -> Response:
    """Change settings of the model, now and for later."""
    call, _ = read_call(ModelCall)
    changes = call.model_dump(include=set(MODEL_SETTINGS), exclude_unset=True)
    key = (call.key or "") if "key" in call.model_fields_set else None
    here = desk()
    here.settings = change_model(here.current(), changes, key)
    return _reply(here.settings)


@api.post("/model/test", responses={200: answer(TriedReply), **ANSWERS})
def test_model() -> Response:
    """Ask the endpoint a simple question: whether it is reached, knows the model, and how its replies are held."""
    came = tried(desk().current())
    reply = TriedReply(**came.model_dump(exclude={"told"}), found=came.text(language()))
    if not wants_tsv():
        return json_reply(reply)
    return tsv_reply({**reply.model_dump(), "rungs": [rung for rung, works in reply.rungs.items() if works]})


@api.get("/sent", responses={200: answer(SentList), **ANSWERS})
def list_sent(query: SentQuery) -> Response:
    """What left for a model: when, where to, what for, how much, and what came of it."""
    lines = sent_lines(desk().settings.replies_file, query.limit, query.job)
    if not wants_tsv():
        return json_reply({"sent": [sent_document(line) for line in lines]})
    names = [field.name for field in fields(Sent) if field.name not in ("request", "reply")]
    rows = [_row({**sent_document(line), "when": local_time(line.when)}, names) for line in lines]
    return tsv_reply({"count": len(lines)}, grid_of(names, rows))


def _row(told: dict[str, Any], names: Sequence[str]) -> list[Scalar]:
    return [told[name] for name in names]


def _reply(settings: Settings) -> Response:
    key = api_key(settings)
    known: dict[str, Any] = {"has_key": key is not None, "key_place": key_place(settings)}
    try:
        endpoint = endpoint_of(settings, key)
    except InputError as error:
        known |= {"problem": error.what(language()), "todo": error.todo(language())}
    else:
        if endpoint is not None:
            known |= {"host": endpoint.host, "is_local": endpoint.is_local}
    reply = ModelReply(**settings.model_dump(mode="json", include=set(MODEL_SETTINGS)), **known)
    return tsv_reply(reply.model_dump()) if wants_tsv() else json_reply(reply)
