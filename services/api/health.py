"""Whether the service is there, for anyone who asks; and the OpenAPI text, for those who have the token."""

from __future__ import annotations

from flask import Response, current_app
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from services.api.describing import ANSWERS, answer, tag
from services.api.negotiation import wants_tsv
from services.api.replies import json_reply, tsv_reply
from services.version import own_version

api = APIBlueprint("health", __name__, abp_tags=[tag("service")])


class Health(BaseModel):
    """The service's name and version; ``ready`` once it takes jobs."""

    name: str
    version: str
    ready: bool


@api.get("/health", responses={200: answer(Health), **ANSWERS}, openapi_extensions={"security": []})
def show_health() -> Response:
    """Whether the service is there; needs no token."""
    health = Health(name="deskhand", version=own_version(), ready=True)
    return tsv_reply(health.model_dump()) if wants_tsv() else json_reply(health)


@api.get("/openapi.json", doc_ui=False)
def show_openapi() -> Response:
    """The description of all routes."""
    app = current_app
    assert isinstance(app, OpenAPI)
    return json_reply(app.api_doc)
