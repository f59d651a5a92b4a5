"""A response within bounds: it is read to its end, which comes in time and after so many bytes, whatever is sent.

The time-outs of the HTTP library are for each byte that comes, and it reads as much as it is sent.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

MOST_MB = 16
"""The longest reply that is read. The longest that can be asked for, a million tokens, is about a third of it."""


class TooLong(Exception):
    """More came than any reply has; the rest was left unread."""


def whole(response: httpx2.Response, until: float) -> httpx2.Response:
    """The response with its content, unpacked. ``until`` is a time of ``time.monotonic``.

    Raises ``TooLong``, ``httpx2.ReadTimeout``, and what reading raises; the connection is closed then.
    """
    import httpx2

    parts, size = [], 0
    try:
        for part in response.iter_bytes():
            size += len(part)
            if size > MOST_MB * 1024**2:
                raise TooLong
            if time.monotonic() > until:
                raise httpx2.ReadTimeout("the reply came too slowly")
            parts.append(part)
    finally:
        response.close()
    about_the_wire = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in about_the_wire]
    return httpx2.Response(
        response.status_code, headers=headers, content=b"".join(parts), extensions=response.extensions
    )
