"""The cookie that a session of the page is known by. Cookies know no ports, so its name has ours in it."""

from __future__ import annotations

from flask import Response
from werkzeug.http import parse_cookie

from services.api.desk import Desk
from services.api.pages.visits import Session


def session_in(header: str, desk: Desk) -> Session | None:
    """The session that a header ``Cookie`` names, while it lasts."""
    return desk.visits.session(parse_cookie(header).get(_name(desk), ""))


def with_session(response: Response, session: Session, desk: Desk) -> Response:
    """The answer that makes a browser keep the session: for this service alone, out of reach of scripts."""
    response.set_cookie(_name(desk), session.id, path="/", httponly=True, samesite="Strict")
    return response


def _name(desk: Desk) -> str:
    return f"deskhand-{desk.settings.port}"
