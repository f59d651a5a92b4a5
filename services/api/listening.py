"""The socket and the HTTP server (waitress) in front of the app. What is answered is decided in the app."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Mapping
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from services.api.desk import Desk
from services.api.negotiation import TSV
from services.api.pages.cookies import session_in
from services.api.problems import Refused, problem_response
from services.api.reading import parser_class
from services.api.security import API_PATHS, is_token, with_security_headers
from services.errors import InputError
from services.messages import Language
from services.settings import Settings

_HOST = "127.0.0.1"
_THREADS = 16
"""Requests at once; one that waits for a job takes up a thread for ten seconds at most."""
_MOST_CONNECTIONS = 200
_IDLE_SECONDS = 30
"""After which a connection that sends nothing is closed."""
_KEPT_FREE = 10
"""Where no more connections than these are left, a new one ends the one that has been idle longest, so that no one can
hold them all."""
_MOST_HEADER_BYTES = 32 * 1024
_SLACK = 2
"""So many times the limit are read, for an answer that the caller gets to see; of more the connection is cut."""
_REFUSALS = {400: "bad-request", 413: "request-too-large", 431: "headers-too-large"}
_TAKEN = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEADDRINUSE", 0), getattr(errno, "WSAEACCES", 0)}


def bind(settings: Settings) -> socket.socket:
    """A socket on the first free port of loopback from ``settings.port`` on.

    Raises ``InputError`` (``no-free-port``) where all of them are taken.
    """
    last = min(settings.port + settings.ports_tried - 1, 65535)
    for port in range(settings.port, last + 1):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: else another program could share the port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:  # elsewhere: a port whose last connections are still closing is free
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((_HOST, port))
        except OSError as error:
            listener.close()
            if error.errno not in _TAKEN:
                raise
        else:
            return listener
    raise InputError("no-free-port", first=settings.port, last=last)


def server_on(listener: socket.socket, app: Flask, settings: Settings, language: Language) -> BaseWSGIServer:
    """A server that accepts connections on ``listener``; ``run()`` serves them until it is interrupted.

    What it refuses by itself, before the app sees it, is told in ``language``.
    """
    most = max(settings.request_limit_mb, settings.upload_limit_mb)
    server = create_server(
        app,
        sockets=[listener],
        threads=_THREADS,
        connection_limit=_MOST_CONNECTIONS,
        channel_timeout=_IDLE_SECONDS,
        max_request_header_size=_MOST_HEADER_BYTES,
        max_request_body_size=_SLACK * most * 1024**2,
        ident="deskhand",
        clear_untrusted_proxy_headers=True,
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue for an instant is nothing to note
    assert isinstance(server, BaseWSGIServer)  # that of one socket
    server.channel_class = _channel_class(language, most, app.extensions["deskhand"])
    return server


def _channel_class(language: Language, most: int, desk: Desk) -> type[HTTPChannel]:
    """Waitress's connection, but what it refuses has the form of all other refusals; a stranger's body is not kept."""

    def refusal(channel: HTTPChannel, request: Any) -> ErrorTask:
        request.error = _Refusal(request, language, most)
        return ErrorTask(channel, request)

    def is_known(path: str, headers: Mapping[str, str]) -> bool:
        if is_token(headers.get("AUTHORIZATION", ""), desk.token):
            return True
        is_page = not path.startswith(API_PATHS)
        return is_page and session_in(headers.get("COOKIE", ""), desk) is not None

    own = {"__init__": _open, "error_task_class": staticmethod(refusal), "parser_class": parser_class(is_known)}
    return type("Channel", (HTTPChannel,), own)


def _open(channel: HTTPChannel, server: BaseWSGIServer, *connection: Any, **known: Any) -> None:
    HTTPChannel.__init__(channel, server, *connection, **known)
    others = [one for one in server.active_channels.values() if one is not channel]
    if len(others) >= _MOST_CONNECTIONS - _KEPT_FREE:
        idle = [one for one in others if not one.requests and not one.will_close]
        if idle:
            min(idle, key=lambda one: one.last_activity).will_close = True


class _Refusal:
    """A request that waitress can't or won't read, as the answer that it gives to that."""

    def __init__(self, request: Any, language: Language, most: int) -> None:
        self.code = int(request.error.code)
        self._plain = TSV in request.headers.get("ACCEPT", "")
        self._language = language
        self._most = most

    def to_response(self, _ident: str) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body."""
        limit = {"limit": self._most} if self.code == 413 else {}
        refused = Refused(_REFUSALS.get(self.code, "bad-request"), self.code, **limit)
        told = with_security_headers(problem_response(refused, self.code, self._language, plain=self._plain))
        return told.status, list(told.headers.items()), told.get_data()
