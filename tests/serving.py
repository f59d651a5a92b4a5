"""The real service in a process of its own, for tests that speak to it as a front end does."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
TSV = "text/tab-separated-values"
SECONDS_TO_START = 60
"""How long a service may take until it answers, on a machine that is busy with other tests."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered; header names are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def options(self) -> dict[str, str]:
        """The ``#key`` lines of a TSV answer that have one value."""
        head = self.text.partition("\n\n")[0].split("\n")
        return {line[1:].partition("\t")[0]: line.partition("\t")[2] for line in head}

    @property
    def rows(self) -> list[list[str]]:
        """The rows of a TSV answer with one grid, each cell as it stands in the text (``t:abc``)."""
        body = self.text.partition("\n\n")[2]
        return [line.split("\t") for line in body.split("\n")[:-1]]


@dataclass(slots=True)
class Service:
    """A running service: its process, its folder, and what stands in ``endpoint.txt``."""

    process: subprocess.Popen[bytes]
    folder: Path
    address: str
    token: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str | None] | None = None
    ) -> Reply:
        """One request with the token. A header that is None is left out; ``str`` and ``dict`` bodies are encoded."""
        sent: dict[str, str | None] = {"Authorization": f"Bearer {self.token}"}
        if isinstance(body, dict):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        sent.update(headers or {})
        return call(
            self.address, method, path, body, {name: value for name, value in sent.items() if value is not None}
        )

    def tsv(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request as a macro sends it: TSV there and back."""
        known = {"Accept": TSV, **({} if body is None else {"Content-Type": f"{TSV}; charset=utf-8"})}
        return self.request(method, path, body, {**known, **(headers or {})})

    def finished(self, job: str, seconds: float = SECONDS_TO_START) -> dict[str, Any]:
        """The reply on a job once it is neither queued nor running."""
        end = time.monotonic() + seconds
        while True:
            reply: dict[str, Any] = self.request("GET", f"/v1/jobs/{job}", headers={"Prefer": "wait=5"}).json
            if reply["state"] not in ("queued", "running"):
                return reply
            if time.monotonic() > end:
                raise AssertionError(f"the job did not end: {reply}")

    def kill(self) -> None:
        """End the process at once, as a crash or ``kill -9`` would."""
        self.process.kill()
        self.process.wait()


def call(address: str, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
    """One request to ``address``, with these headers and no others but those that HTTP needs."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS_TO_START)
    try:
        connection.request(method, path, body.encode("utf-8") if isinstance(body, str) else body, dict(headers))
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


PROGRAM = "from services.cli import main; main()"


@contextmanager
def running_service(folder: Path, program: str = PROGRAM, **environment: str) -> Iterator[Service]:
    """A service on ``folder`` and a free port; it is killed at the end. Started again, it finds what the first left.

    ``environment`` is added to that of the process, such as ``DESKHAND_PORT`` or ``DESKHAND_WORKERS``; ``program`` is
    the command line in Python.
    """
    process = start(folder, program=program, **environment)
    try:
        address, token = _endpoint(process, folder)
        yield Service(process, folder, address, token)
    finally:
        process.kill()
        output, _ = process.communicate()
        if output:
            sys.stdout.write(output.decode("utf-8", "replace"))


def start(folder: Path, *arguments: str, program: str = PROGRAM, **environment: str) -> subprocess.Popen[bytes]:
    """Start ``deskhand serve`` and return at once."""
    known = {
        "PYTHONPATH": str(PROJECT),
        "PYTHONIOENCODING": "utf-8",
        "DESKHAND_FOLDER": str(folder),
        "DESKHAND_PORT": str(free_port()),
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, "serve", *arguments],
        env={**os.environ, **known, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _endpoint(process: subprocess.Popen[bytes], folder: Path) -> tuple[str, str]:
    """Address and token, once the service that this process is answers with them."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if process.poll() is not None:
            output = process.stdout.read().decode("utf-8", "replace") if process.stdout else ""
            raise AssertionError(f"the service ended with exit code {process.returncode}: {output}")
        try:
            address, token = (folder / "endpoint.txt").read_text("utf-8").splitlines()
            reply = call(address, "GET", "/v1/jobs?limit=1", None, {"Authorization": f"Bearer {token}"})
            if reply.status == 200:
                return address, token
        except (OSError, ValueError):  # not there yet, or that of a service that was killed
            pass
        time.sleep(0.05)
    raise AssertionError("the service did not start")
