"""Reading a request off the wire (waitress): what a stranger sends is read and forgotten, not kept.

Any page in the person's browser can send a body to this machine. The server has a body whole before the app may refuse
it, and would fill the disk with what nobody wants. Who may speak to the service is decided in ``security``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from waitress.parser import HTTPRequestParser

IsKnown = Callable[[str, Mapping[str, str]], bool]
"""Whether a request for this path, with these headers (``CONTENT_LENGTH``), comes from one of our front ends."""


def parser_class(is_known: IsKnown) -> type[HTTPRequestParser]:
    """Waitress's parser of a request, that keeps no body but of those who are known."""

    def parse_header(parser: Any, header_plus: bytes) -> None:
        HTTPRequestParser.parse_header(parser, header_plus)
        if parser.body_rcv is not None and not is_known(parser.path, parser.headers):
            parser.body_rcv.buf = _Nowhere()

    return type("Parser", (HTTPRequestParser,), {"parse_header": parse_header})


class _Nowhere:
    """Where a body goes that nobody is to read: as much of waitress's buffers as its receivers use."""

    def append(self, data: bytes) -> None:
        """Forget ``data``."""

    def getfile(self) -> BytesIO:
        """Nothing to read."""
        return BytesIO()

    def close(self) -> None:
        """Nothing to close."""

    def __len__(self) -> int:
        return 0
