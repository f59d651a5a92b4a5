"""The route that gives a ticket for the page: for a front end that has the token and opens a browser."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel

from services.api.describing import ANSWERS, answer, tag
from services.api.desk import desk
from services.api.negotiation import wants_tsv
from services.api.replies import json_reply, tsv_reply

api = APIBlueprint("tickets", __name__, url_prefix="/v1", abp_tags=[tag("page")])


class TicketReply(BaseModel):
    """A ticket, good once within 60 s: `/?ticket=` opens the page in a browser, `/settings?ticket=` a part of it."""

    ticket: str


@api.post("/tickets", responses={201: answer(TicketReply, "A ticket"), **ANSWERS})
def new_ticket() -> Response:
    """A ticket that opens the web page once, in place of the token."""
    reply = TicketReply(ticket=desk().visits.new_ticket())
    return tsv_reply(reply.model_dump(), status=201) if wants_tsv() else json_reply(reply, 201)
