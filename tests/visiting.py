"""The page as a browser without scripts gets it: a ticket, a cookie, forms with what goes with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from tests.serving import Reply, Service, call

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


def new_ticket(service: Service) -> str:
    """A ticket, as a front end with the token gets it."""
    reply = service.request("POST", "/v1/tickets")
    assert reply.status == 201, reply.text
    return str(reply.json["ticket"])


@dataclass(slots=True)
class Visitor:
    """A browser with a session; ``cookie`` is what it sends."""

    service: Service
    cookie: str

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """A page."""
        return call(self.service.address, "GET", path, None, {"Cookie": self.cookie, **(headers or {})})

    def post(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str | None] | None = None
    ) -> Reply:
        """A form that is sent as a page sends it; a header that is None is left out."""
        known = {"Cookie": self.cookie, "Origin": self.service.address, "Content-Type": FORM, **(headers or {})}
        body = urlencode({"csrf": self.csrf, **(form or {})})
        return call(self.service.address, "POST", path, body, {n: v for n, v in known.items() if v is not None})

    @property
    def csrf(self) -> str:
        """What goes with each form of this session."""
        found = _CSRF.search(self.get("/").text)
        assert found is not None
        return unescape(found[1])


def visitor(service: Service) -> Visitor:
    """Somebody who was let in."""
    reply = call(service.address, "GET", f"/?ticket={new_ticket(service)}", None, {})
    assert (reply.status, reply.headers["location"]) == (303, "/"), reply.text
    return Visitor(service, reply.headers["set-cookie"].partition(";")[0])
