"""A door before the real service: every request goes through to it, but for those that the door answers by itself.

For stories about a service that is older, or whose answer has to be a certain one. No test lives here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import TSV, Service, call

UNKNOWN = (404, "There is nothing at this address.\nCheck it.\n", "no-such-address")
"""What a service says of a route that it does not have."""


@contextmanager
def front_door(service: Service, answers: Mapping[str, tuple[int, str, str]]) -> Iterator[None]:
    """A door whose address stands in the service's endpoint.txt, for as long as the ``with`` block lasts.

    ``answers`` are status, text and error code by the beginning of a request (``GET /v1/templates``).
    """

    class Door(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            asked = f"{self.command} {self.path}"
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size).decode("utf-8") if size else None
            own = next((answer for begin, answer in answers.items() if asked.startswith(begin)), None)
            if own is not None:
                status, text, code = own
                self._answer(status, text.encode("utf-8"), {"Deskhand-Error": code} if code else {})
                return
            sent = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            reply = call(service.address, self.command, self.path, body, sent)
            kept = {name: value for name, value in reply.headers.items() if name in ("content-type", "deskhand-error")}
            self._answer(reply.status, reply.content, kept)

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815

        def _answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-type": TSV, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    endpoint = service.folder / "endpoint.txt"
    before = endpoint.read_text("utf-8")
    endpoint.write_text(f"http://127.0.0.1:{server.server_port}\n{service.token}\n", "utf-8")
    try:
        yield
    finally:
        endpoint.write_text(before, "utf-8")
        server.shutdown()
        server.server_close()
        thread.join()
