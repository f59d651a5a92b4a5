"""How fast an endpoint is asked: so many requests a minute, and pauses that it asks for, for all threads and jobs."""

from __future__ import annotations

import random
import time
from threading import Event, Lock

from services.llm.endpoint import Endpoint
from services.llm.question import WhyNot

LONGEST_WAIT = 120.0
"""Seconds that a wish of the endpoint to wait is granted; who asks for more is not asked again."""

TRIES_IN_A_MINUTE = 6
"""How often a request is tried again that an endpoint finds too early without saying when: limits are by the minute."""

_FIRST_WAIT, _LONGEST_OWN_WAIT = 0.5, 8.0
_FIRST_WAIT_FOR_A_MINUTE = 1.0


class Stopped(Exception):
    """Whoever asked no longer wants an answer; said to a thread that waits."""


class Pace:
    """When the next request may leave. One for an endpoint and its key, in the whole process."""

    def __init__(self, requests_per_minute: int | None) -> None:
        self._gap = 60 / requests_per_minute if requests_per_minute else 0.0
        self._next = 0.0
        self._held_until = 0.0
        self._lock = Lock()

    def turn(self, stopped: Event) -> None:
        """Wait until a request may leave. Raises ``Stopped``."""
        with self._lock:
            start = max(time.monotonic(), self._next)
            self._next = start + self._gap
        while True:
            if stopped.is_set():
                raise Stopped
            wait = max(start, self._held_until) - time.monotonic()
            if wait <= 0:
                return
            stopped.wait(wait)

    def hold(self, seconds: float) -> None:
        """No request leaves for so long, whoever's it is."""
        with self._lock:
            self._held_until = max(self._held_until, time.monotonic() + seconds)


def pace_of(endpoint: Endpoint) -> Pace:
    """The pace that all who ask this endpoint keep together."""
    name = (endpoint.base_url, endpoint.key, endpoint.requests_per_minute)
    with _lock:
        return _paces.setdefault(name, Pace(endpoint.requests_per_minute))


def own_wait(tries: int, why: WhyNot) -> float:
    """Seconds to wait before the next try, after so many: twice as long each time, a little by chance."""
    if why == "rate-limited":
        return _FIRST_WAIT_FOR_A_MINUTE * 2.0 ** (tries - 1)
    return min(_FIRST_WAIT * 2.0 ** (tries - 1), _LONGEST_OWN_WAIT) * random.uniform(0.75, 1.0)


_paces: dict[tuple[str, str, int | None], Pace] = {}
_lock = Lock()
