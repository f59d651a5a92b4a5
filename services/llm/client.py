"""One request to an endpoint over HTTP: sent once, and what came back, or why nothing did.

Proxies, own certificates and the switch "local only" are here, at the lowest level. What a request says is the business
of ``ladder``; waiting and trying again is that of ``exchange``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import finalize

from services.llm.base_url import is_loopback
from services.llm.bounded import MOST_MB, TooLong, whole
from services.llm.endpoint import Endpoint
from services.llm.faults import Fault, connection_fault, page_fault, status_fault
from services.llm.wording import as_json
from services.version import own_version

if TYPE_CHECKING:  # it takes a third of a second to import, and most runs ask no model
    import httpx2
    from openai import OpenAI

SECONDS_TO_CONNECT = 10.0

_HEADERS = frozenset(
    ("host", "connection", "accept", "accept-encoding", "content-type", "content-length", "user-agent")
)
"""What goes along with a request beside the key. The library would add what it knows of this machine, and what the
environment holds for OpenAI: an organisation, a project, other headers."""


@dataclass(frozen=True, slots=True)
class Received:
    """The body of a reply, as JSON and as the text that came. ``seconds`` is how long it took."""

    body: Mapping[str, Any]
    text: str
    seconds: float


class NotLocal(Exception):
    """Something was to be sent to another machine while only local endpoints are allowed. Nothing was sent."""


class Client:
    """Speaks to one endpoint. Any thread may use it; connections are kept open between requests."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._lock = Lock()

    def complete(self, request: Mapping[str, Any]) -> Received:
        """The reply to a request for a completion. Raises ``Fault``."""
        return self._sent("POST", "/chat/completions", request)

    def models(self) -> tuple[str, ...] | None:
        """The names of the models that the endpoint lists, or None where it has no such list. Raises ``Fault``."""
        try:
            body = self._sent("GET", "/models").body
        except Fault as fault:
            if fault.status in (404, 405, 501):
                return None
            raise
        listed = body.get("data")
        if not isinstance(listed, list):
            return None
        return tuple(str(entry["id"]) for entry in listed if isinstance(entry, dict) and "id" in entry)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            if "_openai" in self.__dict__:
                self._openai.close()

    def _sent(self, method: Literal["GET", "POST"], path: str, request: Mapping[str, Any] | None = None) -> Received:
        """The reply as it came: what an endpoint sends may be of any shape, and is read in ``replies``."""
        import httpx2
        from openai import APIConnectionError, APIStatusError, OpenAIError

        begun = time.perf_counter()
        try:
            with self._lock:
                openai = self._openai
            if method == "GET":
                text = openai.get(path, cast_to=httpx2.Response).text
            else:
                text = openai.post(path, cast_to=httpx2.Response, body=request).text
        except httpx2.InvalidURL as error:
            raise Fault("unreachable", str(error)) from error
        except NotLocal as error:
            raise Fault("not-local", self.endpoint.host) from error
        except TooLong as error:
            raise Fault("server-error", f"> {MOST_MB} MB", was_heard=True) from error
        except APIStatusError as error:
            said = self.endpoint.without_key(error.response.text)
            raise status_fault(error.status_code, error.response.headers, said) from error
        except APIConnectionError as error:
            raise connection_fault(error, self.endpoint) from error
        except OpenAIError as error:
            raise Fault("server-error", str(error), again=True) from error
        seconds = time.perf_counter() - begun
        if request is None or self.endpoint.key not in as_json(request):  # else it is a word of the data itself
            text = self.endpoint.without_key(text)
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise page_fault(text) from error
        if not isinstance(body, dict):
            raise page_fault(text)
        return Received(body, text, seconds)

    @cached_property
    def _openai(self) -> OpenAI:
        from openai import OpenAI

        connections = http_client(self.endpoint)
        finalize(self, connections.close)  # whoever forgets to close it leaves no open sockets
        return OpenAI(
            base_url=self.endpoint.base_url,
            api_key=self.endpoint.key,
            max_retries=0,  # there is one loop only, in ``exchange``
            timeout=self.endpoint.timeout,
            http_client=connections,
            default_headers={"User-Agent": f"Deskhand/{own_version()}"},
        )


def http_client(endpoint: Endpoint) -> httpx2.Client:
    """Connections as the settings want them: proxy, certificates, no redirects, and nothing past "local only"."""
    import httpx2

    verify = httpx2.create_ssl_context()
    if endpoint.ca_file is not None:
        verify.load_verify_locations(cafile=str(endpoint.ca_file))
    proxy = None if endpoint.local_only else proxy_for(endpoint.base_url, endpoint.proxy)
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=endpoint.concurrency)
    transport = httpx2.HTTPTransport(verify=verify, trust_env=False, limits=limits, proxy=proxy)

    class Guarded(httpx2.BaseTransport):
        """Lets nothing through to another machine where only local endpoints are allowed, and no header but ours."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if endpoint.local_only and not is_loopback(request.url.host):
                raise NotLocal(request.url.host)
            for name in set(request.headers) - _HEADERS:
                del request.headers[name]
            request.headers["Authorization"] = f"Bearer {endpoint.key}"
            until = time.monotonic() + endpoint.timeout
            return whole(transport.handle_request(request), until)

        def close(self) -> None:
            transport.close()

    return httpx2.Client(
        transport=Guarded(),
        trust_env=False,
        follow_redirects=False,  # a key and a text go where the settings say, nowhere else
        timeout=httpx2.Timeout(endpoint.timeout, connect=min(SECONDS_TO_CONNECT, endpoint.timeout)),
    )


def proxy_for(url: str, wish: str | None) -> str | None:
    """The proxy on the way to ``url``: the one that is set, else the system's; never one to this machine itself."""
    split = urlsplit(url)
    host = split.hostname or ""
    if is_loopback(host):
        return None
    if wish is not None:
        return wish
    system = getproxies()
    proxy = system.get(split.scheme) or system.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
