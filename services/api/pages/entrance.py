"""The door of the page: a ticket opens a session, a session opens every page, and a form must be one of ours.

Host, Origin and size were looked at before, in ``api.security``.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from flask import Response, g, request, url_for

from services.api.desk import desk
from services.api.pages.cookies import session_in, with_session
from services.api.pages.rendering import closed_page
from services.api.problems import Refused

ASSETS = "pages.asset"
"""The route of the files that pages are made with; they are the same for everybody and tell nothing."""

_OURS = frozenset(("same-origin", "none"))
"""What ``Sec-Fetch-Site`` (W3C Fetch Metadata) says of our own pages, and of an address that a person opens.

A page on another port of this machine is ``same-site``: it would be sent our cookie along.
"""


def admit() -> Response | None:
    """Let a request in that has a session, exchange a ticket for one, or answer in the page's place.

    Raises ``Refused``: ``bad-origin`` and ``page-form`` for a form that is not of a page of this session.
    """
    if request.endpoint == ASSETS:
        return None
    here, is_foreign = desk(), request.headers.get("Sec-Fetch-Site", "none").lower() not in _OURS
    if request.method == "POST" and (is_foreign or "Origin" not in request.headers):
        raise Refused("bad-origin", 403, origin=request.headers.get("Origin", "-")[:100])
    session = None if is_foreign else session_in(request.headers.get("Cookie", ""), here)
    if "ticket" in request.args and request.method == "GET" and not is_foreign and not _is_office():
        session = here.visits.enter(request.args["ticket"]) or session
        if session is not None:
            return with_session(see_other(_address_without_ticket()), session, here)
    if session is None:
        return closed_page()
    if request.method == "POST" and not _is_ours(request.form.get("csrf", ""), session.csrf):
        raise Refused("page-form", 403)
    g.session = session
    return None


def see_other(address: str) -> Response:
    """The answer that leads a browser on to a page (303)."""
    return Response(status=303, headers={"Location": address})


def _address_without_ticket() -> str:
    """The address that was asked for. What stands behind its question mark is data, and no wish of ``url_for``."""
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "ticket"])
    address = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{address}?{query}" if query else address


def _is_office() -> bool:
    """Whether Office itself asks before it lets a browser do so, as it does for hyperlinks: that spends no ticket."""
    return "Sec-Fetch-Mode" not in request.headers and "office" in request.user_agent.string.lower()


def _is_ours(given: str, csrf: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), csrf.encode("ascii"))
