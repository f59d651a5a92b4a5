"""Who may see the page: tickets that open it once, and the sessions that they open. All of it lives in memory.

A ticket stands in an address for an instant, so that the token never does. Cookies and addresses are read elsewhere.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from services.llm.testing import Tried
from services.messages import Language

TICKET_SECONDS = 60.0
"""How long a ticket can be exchanged."""
SESSION_SECONDS = 12 * 3600.0
"""How long a page stays open: a working day."""
_MOST = 100
"""Tickets and sessions that are remembered; the oldest are forgotten beyond that."""


@dataclass(slots=True)
class Session:
    """One browser that was let in. ``csrf`` goes with each of its forms; ``notice`` is told once, on the next page.

    ``tried`` is what the last try of the endpoint has found, until the settings change.
    """

    id: str
    csrf: str
    ends: float
    language: Language | None = None
    notice: str = ""
    tried: Tried | None = None

    def told(self) -> str:
        """The notice, which is forgotten with that."""
        notice, self.notice = self.notice, ""
        return notice


class Visits:
    """The tickets and sessions of one service. Any thread may use it. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._tickets: OrderedDict[str, float] = OrderedDict()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def new_ticket(self) -> str:
        """A ticket for whoever has the token: good once, for ``TICKET_SECONDS``."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._tickets[ticket] = self._clock() + TICKET_SECONDS
            _trim(self._tickets)
        return ticket

    def enter(self, ticket: str) -> Session | None:
        """The session that a ticket opens; None for one that is unknown, used or too old."""
        with self._lock:
            until = self._tickets.pop(ticket, None)
            if until is None or until < self._clock():
                return None
            session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._clock() + SESSION_SECONDS)
            self._sessions[session.id] = session
            _trim(self._sessions)
            return session

    def session(self, id: str) -> Session | None:
        """The session with this id, while it lasts."""
        with self._lock:
            session = self._sessions.get(id)
            if session is not None and session.ends < self._clock():
                del self._sessions[id]
                return None
            return session


def _trim(remembered: OrderedDict[str, float] | OrderedDict[str, Session]) -> None:
    while len(remembered) > _MOST:
        remembered.popitem(last=False)
