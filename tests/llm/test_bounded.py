"""Endpoints that send without end, too slowly, or packed so that it grows: time and memory stay within bounds."""

from __future__ import annotations

import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from services.llm.bounded import MOST_MB
from services.llm.client import Client
from services.llm.endpoint import Endpoint
from services.llm.faults import Fault

OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def sending(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """The base URL of a server that answers each request so, in bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        asked = b""
                        while not asked.endswith(b"}"):
                            asked += connection.recv(65_536)
                        answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def without_end(connection: socket.socket) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def packed(connection: socket.socket) -> None:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(pack.compress(b" " * 1024**2) for _ in range(4 * MOST_MB)) + pack.flush()
    connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def drop_by_drop(connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "why", "detail"),
    [
        (without_end, "server-error", f"> {MOST_MB} MB"),
        (packed, "server-error", f"> {MOST_MB} MB"),
        (drop_by_drop, "timed-out", "1 s"),
    ],
)
def test_what_has_no_end_is_not_waited_for(answer: Callable[[socket.socket], None], why: str, detail: str) -> None:
    begun = time.perf_counter()
    with sending(answer) as base_url:
        client = Client(Endpoint(base_url, "m", timeout=1 if why == "timed-out" else 60))
        with pytest.raises(Fault) as fault:
            client.complete({"model": "m"})

    assert (fault.value.why, fault.value.detail) == (why, detail)
    assert fault.value.was_heard
    assert time.perf_counter() - begun < 30


def test_a_packed_reply_is_unpacked() -> None:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = pack.compress(json.dumps({"answers": ["中"]}).encode()) + pack.flush()
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)

    with sending(lambda connection: connection.sendall(head + body)) as base_url:
        assert Client(Endpoint(base_url, "m")).complete({"model": "m"}).body == {"answers": ["中"]}
