"""A Fault: why a request got no reply that can be read, and what follows from it. Endpoints say the same differently.

What is wrong with a reply that was read is in ``replies``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from html import unescape
from time import time
from typing import Any

from services.llm.endpoint import Endpoint
from services.llm.question import LONGEST_DETAIL, WhyNot


class Fault(Exception):
    """A request that failed.

    ``detail`` is in the endpoint's words. ``again`` says that the same request may do better after a while, of
    ``wait`` seconds where the endpoint has said so. ``was_heard`` says that the endpoint may have worked on it, and
    will charge for it; ``waited`` for how many seconds a reply was waited for in vain.
    """

    def __init__(
        self,
        why: WhyNot,
        detail: str = "",
        *,
        status: int | None = None,
        again: bool = False,
        wait: float | None = None,
        was_heard: bool = False,
        waited: float | None = None,
    ) -> None:
        super().__init__(why, detail)
        self.why = why
        self.said = detail
        self.detail = detail[:LONGEST_DETAIL]
        self.status = status
        self.again = again
        self.wait = wait
        self.was_heard = was_heard
        self.waited = waited


_MOST_READ = 4_000
"""How many characters of an error are read: what it is about stands at its begin, and patterns take their time."""

_NO_MODEL = re.compile(
    r"model[^.]{0,120}(not (be )?(exist|found|available)|does ?n[o']t exist|no such|unknown)"
    r"|(not found|unknown|invalid|no such|not exist)[^.]{0,20} model"
    r"|model.?not.?(found|exist)|模型[^。]{0,40}(不存在|未找到)",
    re.IGNORECASE,
)
_OF_THE_REQUEST = re.compile(
    r"response_format|json|schema|tool|function|parameter|temperature|top_p|tokens|thinking|\brole\b", re.IGNORECASE
)
_NO_CREDIT = re.compile(r"insufficient[_ ](quota|balance|funds)|arrearage|overdue|余额不足|欠费", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context[_ ](length|size|window)|maximum context|too (long|many tokens)|exceed_context|prompt is too|"
    r"range of input length|input length|reduce the length|max_prompt_tokens|超过.{0,12}(长度|上限)|过长",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"content[_ ](filter|policy|management)|data_inspection_failed|inappropriate content|sensitive|high risk|"
    r"safety|moderation|敏感|违规|不安全",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def status_fault(status: int, headers: Mapping[str, str], text: str) -> Fault:
    """What a reply with a status other than 2xx means."""
    said = _told(text)
    detail = f"{status} {said}".strip()
    if 300 <= status < 400:
        return Fault("unreachable", f"{status} -> {headers.get('location', '?')}", status=status)
    if status == 402 or _NO_CREDIT.search(said):
        return Fault("unauthorized", detail, status=status)
    if status in (400, 403, 404, 422) and _NO_MODEL.search(said) and not _OF_THE_REQUEST.search(said):
        return Fault("no-such-model", detail, status=status)
    if status in (401, 403):
        if status == 403 and _UNWANTED.search(said):
            return Fault("refused", detail, status=status)
        return Fault("unauthorized", detail, status=status)
    if status in (404, 407):  # another server's, or a proxy's that wants a password
        return Fault("unreachable", detail, status=status)
    if status == 429:
        return Fault("rate-limited", detail, status=status, again=True, wait=retry_after(headers))
    if status == 413 or (status in (400, 422, 500) and _TOO_LONG.search(said)):
        return Fault("too-long", detail, status=status)
    if status in (408, 409) or status >= 500:
        return Fault("server-error", detail, status=status, again=True, wait=retry_after(headers))
    if _UNWANTED.search(said):
        return Fault("refused", detail, status=status)
    return Fault("bad-request", detail, status=status)


def page_fault(text: str) -> Fault:
    """A reply with status 200 that is no JSON: mostly the page of a proxy, or of another server at that address."""
    if "<html" in text[:1000].lower():
        return Fault("unreachable", _told(text) or "HTML", again=True)
    return Fault("server-error", _told(text), again=True, was_heard=True)


def connection_fault(error: Exception, endpoint: Endpoint) -> Fault:
    """No reply came, or not all of it."""
    from openai import APITimeoutError

    cause = error.__cause__ or error
    kind = type(cause).__name__
    if isinstance(error, APITimeoutError) and kind not in ("ConnectTimeout", "PoolTimeout"):
        return Fault("timed-out", f"{endpoint.timeout:g} s", again=True, was_heard=True, waited=endpoint.timeout)
    detail = f"{endpoint.host}: {cause}" if str(cause) else f"{endpoint.host}: {kind}"
    if "certificate" in detail.lower():
        return Fault("unreachable", detail)
    return Fault(
        "unreachable", detail, again=True, was_heard=kind in ("RemoteProtocolError", "ReadError", "WriteError")
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that an endpoint asks to wait: ``retry-after-ms``, or ``Retry-After`` in seconds or as a date."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        with suppress(KeyError, ValueError):
            seconds = float(headers[name]) / unit
            if 0 <= seconds < float("inf"):
                return seconds
    with suppress(KeyError, ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - time())
    return None


def _told(text: str) -> str:
    """What an error's body says, without what is round it."""
    try:
        return " ".join(_message(json.loads(text))[:_MOST_READ].split())
    except (ValueError, RecursionError):
        begin = text[:_MOST_READ]
        title = _TITLE.search(begin)
        return " ".join(unescape(title[1] if title else begin).split())


def _message(body: Any) -> str:
    if isinstance(body, dict):
        for key in ("error", "message", "detail", "msg", "error_msg"):
            if body.get(key):
                said = _message(body[key])
                code = body.get("code") or body.get("type")
                return f"{said} ({code})" if key == "message" and code and str(code) not in said else said
        return json.dumps(body, ensure_ascii=False)
    if isinstance(body, list):
        return "; ".join(map(_message, body))
    return str(body)
