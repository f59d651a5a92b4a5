"""A model that plays a script: an OpenAI-compatible endpoint on a real socket of this machine.

    with scripted(answering(lambda item: {"value": item["text"].upper()})) as endpoint:
        ...  # endpoint.base_url, endpoint.requests

Each request for a completion takes the next step of the script, the last step is played for all that follow.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_DATA = re.compile(r"<data (\w+)>\n(.*?)\n</data \1>", re.DOTALL)

Answers = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: ``items`` are those that it asks about, with their ids. ``at`` is in seconds."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    at: float

    @property
    def messages(self) -> Sequence[Mapping[str, str]]:
        return list(self.body.get("messages", ()))

    @property
    def text(self) -> str:
        """All messages, one after another."""
        return "\n".join(message["content"] for message in self.messages)

    @property
    def items(self) -> Answers:
        found = [block[2] for block in _DATA.finditer(self.messages[-1]["content"])] if self.messages else []
        return list(json.loads(found[-1])) if found else []

    @property
    def asks_for(self) -> str:
        """The rung of the ladder: json_schema, tool, json_object or text."""
        if self.body.get("tools"):
            return "tool"
        return str((self.body.get("response_format") or {"type": "text"})["type"])


@dataclass(frozen=True, slots=True)
class Played:
    """What goes back: ``content`` in a completion, or ``raw`` as the whole body."""

    content: str | None = ""
    finish: str = "stop"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: str | None = None
    seconds: float = 0
    drop_after: int | None = None
    tokens_in: int | None = None
    usage: bool = True
    message: Mapping[str, Any] = field(default_factory=dict)
    as_tool: bool = False


Step = Callable[[Received], Played]


def answering(
    answer: Callable[[dict[str, Any]], Mapping[str, Any]],
    edit: Callable[[Answers], Any] = lambda answers: answers,
    wrap: Callable[[str], str] = lambda text: text,
    **changes: Any,
) -> Step:
    """Each item is answered by ``answer``, which sees it without its id.

    ``edit`` may spoil the list of answers (leave some out, double them, invent ids), ``wrap`` the text of the reply.
    ``changes`` are fields of ``Played``.
    """

    def play(received: Received) -> Played:
        answers = [
            {"id": item["id"], **answer({key: value for key, value in item.items() if key != "id"})}
            for item in received.items
        ]
        text = json.dumps({"answers": edit(answers)}, ensure_ascii=False)
        return replace(Played(content=wrap(text), as_tool=received.asks_for == "tool"), **changes)

    return play


def saying(content: str | None, **changes: Any) -> Step:
    """This very content, whatever was asked."""
    return lambda received: replace(Played(content=content), **changes)


def cut_off(step: Step, after: int) -> Step:
    """The reply of ``step`` ends after so many characters, since its longest length is reached."""

    def play(received: Received) -> Played:
        played = step(received)
        return replace(played, content=(played.content or "")[:after], finish="length")

    return play


def failing(status: int, message: str = "", headers: Mapping[str, str] | None = None, **error: Any) -> Step:
    """An error of the endpoint, in the form that OpenAI's has."""
    raw = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": None, **error}})
    return lambda received: Played(status=status, headers=headers or {}, raw=raw)


def showing_html(status: int = 200, title: str = "Sign in to the network") -> Step:
    """The page of a proxy in place of a reply."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>Please sign in.</body></html>"
    return lambda received: Played(status=status, raw=page, headers={"Content-Type": "text/html"})


def dropping(after: int = 0) -> Step:
    """The connection is closed after so many bytes of the body; with 0 before anything is answered."""
    return lambda received: Played(content="x" * 1000, drop_after=after)


def slowly(seconds: float, step: Step) -> Step:
    """The reply of ``step``, so many seconds later."""
    return lambda received: replace(step(received), seconds=seconds)


def rejecting(step: Step, *rungs: str, message: str = "This response_format type is unavailable now") -> Step:
    """Requests that ask for one of these rungs are refused with status 400, as endpoints do that don't know it."""
    refused = failing(400, message, type="invalid_request_error")
    return lambda received: refused(received) if received.asks_for in rungs else step(received)


def where(condition: Callable[[Received], Any], then: Step, otherwise: Step) -> Step:
    """One step or another."""
    return lambda received: then(received) if condition(received) else otherwise(received)


class Scripted:
    """A running endpoint: where it is, and what it was asked."""

    def __init__(self, steps: Sequence[Step], models: Sequence[str], certificate: ssl.SSLContext | None) -> None:
        self.requests: list[Received] = []
        """Requests for completions, in the order they came."""
        self.lists = 0
        """How often the list of models was asked for."""
        self.models = models
        self.busiest = 0
        """How many requests were being answered at one time at most."""
        self._steps = steps
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.endpoint = self
        if certificate is not None:
            self._server.socket = certificate.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.base_url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def asked(self) -> list[dict[str, Any]]:
        """All items that it was asked about so far, without their ids."""
        return [
            {key: value for key, value in item.items() if key != "id"}
            for received in self.requests
            for item in received.items
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, received: Received) -> Played:
        with self._lock:
            step = self._steps[min(len(self.requests), len(self._steps) - 1)]
            self.requests.append(received)
            self._now += 1
            self.busiest = max(self.busiest, self._now)
        return step(received)

    def played(self) -> None:
        with self._lock:
            self._now -= 1


@contextmanager
def scripted(
    *steps: Step, models: Sequence[str] = ("scripted-1",), certificate: ssl.SSLContext | None = None
) -> Iterator[Scripted]:
    """An endpoint that plays these steps until the block ends."""
    endpoint = Scripted(steps, models, certificate)
    try:
        yield endpoint
    finally:
        endpoint.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    endpoint: Scripted

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no fault of this endpoint."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        endpoint = self.server.endpoint
        endpoint.lists += 1
        if self.path.endswith("/models") and endpoint.models:
            data = [{"id": name, "object": "model"} for name in endpoint.models]
            self._send(200, json.dumps({"object": "list", "data": data}), {})
        else:
            self._send(404, '{"error": {"message": "Not Found"}}', {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        received = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body, time.monotonic())
        if not self.path.endswith("/chat/completions"):
            self._send(404, '{"error": {"message": "Not Found"}}', {})
            return
        endpoint = self.server.endpoint
        try:
            played = endpoint.play(received)
            if played.seconds:
                time.sleep(played.seconds)
            text = played.raw if played.raw is not None else json.dumps(_completion(received, played))
            self._send(played.status, text, played.headers, played.drop_after)
        finally:
            endpoint.played()

    def _send(self, status: int, text: str, headers: Mapping[str, str], drop_after: int | None = None) -> None:
        content = text.encode()
        if drop_after != 0:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:drop_after])
        if drop_after is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)


def _completion(received: Received, played: Played) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": played.content}
    if played.as_tool:
        name = received.body["tools"][0]["function"]["name"]
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": played.content}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    tokens_in = len(received.text) // 3 if played.tokens_in is None else played.tokens_in
    tokens_out = len(played.content or "") // 3
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": received.body.get("model", ""),
        "choices": [{"index": 0, "message": {**message, **played.message}, "finish_reason": played.finish}],
        **({"usage": usage} if played.usage else {}),
    }
