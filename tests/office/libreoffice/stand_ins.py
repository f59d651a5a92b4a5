"""Objects handed to Basic in place of Windows' and Excel's: the host, an HTTP request, a dictionary.

Lives in the system's Python, which has ``uno``. Nothing here knows the add-in or a test: what a macro shows or asks
goes to ``Bell``, and the answer comes back. Only ``XInvocation`` is spoken (LibreOffice crashes on ``XInvocation2``).
"""

from __future__ import annotations

import http.client
import time
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import uno  # type: ignore[import-not-found]
import unohelper  # type: ignore[import-not-found]
from com.sun.star.script import XDefaultMethod, XInvocation  # type: ignore[import-not-found]
from com.sun.star.uno import RuntimeException  # type: ignore[import-not-found]

NUMBER, ERROR = 1, 4  # com.sun.star.sheet.FormulaResult
DATES = 2  # com.sun.star.sheet.CellFlags.DATETIME
EXCEL_ERRORS = {32767: 2042, 532: 2007, 524: 2023, 525: 2029, 503: 2036, 502: 2036, 519: 2015, 521: 2000}
"""LibreOffice's error numbers (formula/errorcodes.hxx) and Excel's (XlCVError)."""
LONGEST_ARRAY = 4000  # bytes; longer bodies cross as texts, as an array would cross byte by byte
TIMED_OUT, CANNOT_CONNECT, BROKEN_OFF = -2147012894, -2147012867, -2147012866
"""WinHTTP's errors 12002, 12029 and 12030 (winhttp.h) as COM gives them."""

Bell = Callable[[str, Mapping[str, Any]], Any]  # what happened, with what; the answer


class Invoked(unohelper.Base, XInvocation):  # type: ignore[misc]
    """Methods ``m_name`` and properties ``p_name``, found without regard to case as Basic wants it.

    Basic holds what a method returns only weakly, so it is kept here.
    """

    kept: ClassVar[list[Any]] = []

    def getIntrospection(self) -> None:  # noqa: N802
        return None

    def hasMethod(self, name: str) -> bool:  # noqa: N802
        return hasattr(self, f"m_{name.lower()}")

    def hasProperty(self, name: str) -> bool:  # noqa: N802
        return hasattr(self, f"p_{name.lower()}")

    def getValue(self, name: str) -> Any:  # noqa: N802
        return getattr(self, f"p_{name.lower()}")()

    def setValue(self, name: str, value: Any) -> None:  # noqa: N802
        getattr(self, f"s_{name.lower()}")(value)

    def invoke(self, name: str, arguments: tuple[Any, ...], *_out: Any) -> tuple[Any, tuple[()], tuple[()]]:
        result = getattr(self, f"m_{name.lower()}")(*arguments)
        if isinstance(result, Invoked):
            Invoked.kept.append(result)
        return result, (), ()


class Request(Invoked):
    """``WinHttp.WinHttpRequest.5.1`` as far as the add-in uses it, on a real socket."""

    last_error = 0

    def __init__(self, bell: Bell, patience: float) -> None:
        self._bell = bell
        self._headers: dict[str, str] = {}
        self._patience = patience
        self._reply: http.client.HTTPResponse | None = None
        self._body = b""

    def m_setproxy(self, *_: Any) -> None:
        """Nothing stands between: the socket is opened directly."""

    def m_settimeouts(self, _resolve: int, _connect: int, _send: int, receive: int) -> None:
        self._patience = min(self._patience, receive / 1000)

    def m_open(self, method: str, address: str, _later: bool = False) -> None:
        self._method, self._address = method, urllib.parse.urlsplit(address)

    def m_setrequestheader(self, name: str, value: str) -> None:
        self._headers[name] = value

    def m_send(self, body: Any = None) -> None:
        sent = None if body is None else _bytes(body)
        address = self._address
        target = address.path + (f"?{address.query}" if address.query else "")
        self._bell("request", {"method": self._method, "target": target, "bytes": len(sent or b"")})
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=self._patience)
        try:
            connection.request(self._method, target, sent, self._headers)
            self._reply = connection.getresponse()
            self._body = self._reply.read()
        except TimeoutError:
            raise _failure(TIMED_OUT, "The operation timed out") from None
        except ConnectionRefusedError:
            raise _failure(CANNOT_CONNECT, "A connection with the server could not be established") from None
        except (OSError, http.client.HTTPException):
            raise _failure(BROKEN_OFF, "The connection with the server was terminated abnormally") from None
        finally:
            connection.close()

    def m_waitforresponse(self, _seconds: Any = None) -> bool:
        return self._reply is not None

    def m_abort(self) -> None:
        """The request is over by the time Basic can ask for this."""

    def m_getresponseheader(self, name: str) -> str:
        value = self._reply.getheader(name) if self._reply else None
        if value is None:
            raise RuntimeException("The requested header was not found", None)
        return value

    def m_getallresponseheaders(self) -> str:
        return "".join(f"{name}: {value}\r\n" for name, value in self._reply.getheaders()) if self._reply else ""

    def p_status(self) -> int:
        return self._reply.status if self._reply else 0

    def p_responsebody(self) -> Any:
        return uno.ByteSequence(self._body) if len(self._body) <= LONGEST_ARRAY else self._body.decode("utf-8")


def _bytes(data: Any) -> bytes:
    """The bytes of an array of Basic, which may come as signed numbers, or of a text that crossed as it is."""
    if isinstance(data, str):
        return data.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")
    return data.value if isinstance(data, uno.ByteSequence) else bytes(number & 255 for number in data)


def _failure(number: int, text: str) -> Exception:
    Request.last_error = number
    return RuntimeException(text, None)  # type: ignore[no-any-return]


class Dictionary(Invoked, XDefaultMethod):  # type: ignore[misc]
    """``Scripting.Dictionary``: Add, Exists, Item (to read), Remove, Keys, Items, Count. ``d(key)`` reads too."""

    def __init__(self) -> None:
        self._items: dict[Any, Any] = {}

    def getDefaultMethodName(self) -> str:  # noqa: N802
        return "Item"

    def m_add(self, key: Any, value: Any) -> None:
        if key in self._items:
            raise RuntimeException("This key is already associated with an element of this collection", None)
        self._items[key] = value

    def m_exists(self, key: Any) -> bool:
        return key in self._items

    def m_item(self, key: Any) -> Any:
        return self._items.get(key)

    def m_remove(self, key: Any) -> None:
        del self._items[key]

    def m_removeall(self) -> None:
        self._items.clear()

    def m_keys(self) -> tuple[Any, ...]:
        return tuple(self._items)

    def m_items(self) -> tuple[Any, ...]:
        return tuple(self._items.values())

    def p_count(self) -> int:
        return len(self._items)

    def p_comparemode(self) -> int:
        return 0

    def s_comparemode(self, mode: int) -> None:
        """Only the binary comparison, which is the default, is known here."""


class Host(Invoked):
    """What the Basic twin of DhHost calls. ``environment`` is what the macro sees of the system's variables.

    Two more names in it are a test's: "office language", Office's LCID, and "patience", the most seconds that a request
    waits, whatever the add-in set.

    ``book`` gives an open workbook by its name.
    """

    def __init__(self, bell: Bell, book: Callable[[str], Any]) -> None:
        self.environment: dict[str, str] = {}
        self._bell = bell
        self._book = book

    def m_date1904(self, book: str) -> bool:
        return bool(self._book(book).NullDate.Year == 1904)

    def m_errors(self, place: str) -> tuple[tuple[int, int, int], ...]:
        """The cells of ``[book]sheet!A1:B2`` that hold an error: row and column in it, from 1, and Excel's number."""
        area = self._area(place)
        top, left = area.RangeAddress.StartRow, area.RangeAddress.StartColumn
        found = []
        for part in area.queryFormulaCells(ERROR).RangeAddresses:
            for row in range(part.StartRow - top, part.EndRow - top + 1):
                for column in range(part.StartColumn - left, part.EndColumn - left + 1):
                    error = area.getCellByPosition(column, row).getError()
                    found.append((row + 1, column + 1, EXCEL_ERRORS.get(error, 2015)))
        return tuple(found)

    def m_mayholddates(self, place: str) -> bool:
        """Whether a constant with a date's format stands in a range, or a formula that gave a number."""
        area = self._area(place)
        return bool(area.queryContentCells(DATES).Count or area.queryFormulaCells(NUMBER).Count)

    def m_errornumber(self, number: int) -> int:
        """The number WinHTTP would have given; over the bridge every object's error is number 1."""
        return Request.last_error if number == 1 else number

    def m_create(self, prog_id: str) -> Any:
        if prog_id.lower() == "winhttp.winhttprequest.5.1":
            return Request(self._bell, float(self.environment.get("patience", "60")))
        if prog_id.lower() == "scripting.dictionary":
            return Dictionary()
        raise RuntimeException(f"ActiveX component can't create object: {prog_id}", None)

    def m_environment(self, name: str) -> str:
        return self.environment.get(name, "")

    def m_readfile(self, path: str) -> str:
        try:
            return Path(path.replace("\\", "/")).read_text("utf-8")
        except OSError:
            return ""

    def m_seconds(self) -> float:
        return time.monotonic()

    def m_utf8(self, text: str) -> Any:
        return uno.ByteSequence(_bytes(text))

    def m_fromutf8(self, data: Any) -> str:
        return _bytes(data).decode("utf-8")

    def m_pause(self, milliseconds: int) -> bool:
        """Wait; true where Esc was pressed meanwhile."""
        time.sleep(milliseconds / 1000)
        return bool(self._bell("pause", {"milliseconds": milliseconds}))

    def m_tell(self, text: str, kind: int) -> int:
        return int(self._bell("tell", {"text": text, "kind": kind}))

    def m_ask(self, prompt: str, preset: str) -> str | None:
        """What the person types; None where the box was cancelled."""
        answer = self._bell("ask", {"prompt": prompt, "preset": preset})
        return None if answer is None else str(answer)

    def m_note(self, what: str, value: Any) -> None:
        """Something set that LibreOffice has no place for: the status bar, the undo entry, the cursor."""
        self._bell("note", {"what": what, "value": value})

    def _area(self, place: str) -> Any:
        """The cells of ``[book]sheet!A1:B2``."""
        place, _, address = place.replace("'", "").rpartition("!")
        book, _, sheet = place.lstrip("[").partition("]")
        return self._book(book).Sheets.getByName(sheet).getCellRangeByName(address)
