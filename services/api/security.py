"""Who may speak to the service, and how much at once: Host, Origin, token and limits; headers that keep answers safe.

A page in the person's browser can reach 127.0.0.1 too. It has neither the token nor a Host and Origin of ours. The
service's own page has no token either: its routes are for whoever has a session, which ``pages.entrance`` looks at, and
no session opens any other route.
"""

from __future__ import annotations

import hmac

from flask import Response, request

from services.api.desk import desk
from services.api.problems import PAGES, Refused

UPLOAD_PATH = "/v1/files"
API_PATHS = "/v1/"
"""How the addresses begin that only the token opens."""
OPEN_PATHS = ("/health",)
"""What is answered without a token."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would send the Origin of a form as null
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MOST_OF_A_FORM_MB = 1


def guard() -> None:
    """Refuse a request that does not come from one of our front ends, or that is too large. Raises ``Refused``."""
    names = _own_names()
    if request.environ.get("HTTP_HOST", "").lower() not in names:
        raise Refused("bad-host", 403, host=request.environ.get("HTTP_HOST", "")[:100])
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in {f"http://{name}" for name in names}:
        raise Refused("bad-origin", 403, origin=origin[:100])
    is_page = PAGES in request.blueprints
    if (
        not is_page
        and request.path not in OPEN_PATHS
        and not is_token(request.headers.get("Authorization", ""), desk().token)
    ):
        raise Refused("bad-token", 401)
    settings = desk().settings
    limit = settings.upload_limit_mb if request.path == UPLOAD_PATH else settings.request_limit_mb
    limit = min(limit, _MOST_OF_A_FORM_MB) if is_page else limit
    if (request.content_length or 0) > limit * 1024**2:  # the server tells it of chunks as well
        raise Refused("request-too-large", 413, limit=limit)


def is_token(authorization: str, token: str) -> bool:
    """Whether a header ``Authorization`` holds the token (RFC 6750); takes the same time whatever it holds."""
    scheme, _, given = authorization.partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode("ascii"))
    return same and scheme.lower() == "bearer"


def with_security_headers(response: Response) -> Response:
    """The answer with headers that let no browser store, sniff or frame it, nor run what is not our own."""
    response.headers.update(_HEADERS)
    if response.mimetype == "text/html":
        response.headers.update(_PAGE_HEADERS)
    return response


def _own_names() -> set[str]:
    port = desk().settings.port
    return {f"127.0.0.1:{port}", f"localhost:{port}"}
