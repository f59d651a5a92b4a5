"""The route that stops the service, for an upgrade or an uninstallation. Who asks is in ``services.stopping``."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel

from services.api.describing import ANSWERS, answer, tag
from services.api.desk import desk
from services.api.negotiation import wants_tsv
from services.api.replies import json_reply, tsv_reply

api = APIBlueprint("stopping", __name__, url_prefix="/v1", abp_tags=[tag("service")])


class StopReply(BaseModel):
    """``state`` is ``stopping``: the service ends in a moment, and its lock is free then."""

    state: str


@api.post("/stop", responses={202: answer(StopReply, "It will stop"), **ANSWERS})
def stop_service() -> Response:
    """Stop the service. Jobs at work go back into the queue and go on when it is started again."""
    desk().stopping.set()
    reply = StopReply(state="stopping")
    return tsv_reply(reply.model_dump(), status=202) if wants_tsv() else json_reply(reply, 202)
