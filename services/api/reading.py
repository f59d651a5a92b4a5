"""Reading a request off the wire (waitress): what comes without the token is read and forgotten, not kept.

Any page in the person's browser can send a body to this machine. The server has a body whole before the app may refuse
it, and would fill the disk with what nobody wants. Who may speak to the service is decided in ``security``.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from waitress.parser import HTTPRequestParser

from services.api.security import is_token


def parser_class(token: str) -> type[HTTPRequestParser]:
    """Waitress's parser of a request, that keeps no body without ``token``."""

    def parse_header(parser: Any, header_plus: bytes) -> None:
        HTTPRequestParser.parse_header(parser, header_plus)
        if parser.body_rcv is not None and not is_token(parser.headers.get("AUTHORIZATION", ""), token):
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
