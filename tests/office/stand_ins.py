"""What stands in for Office's own objects when pyOpenVBA runs the add-in: DhHost's twin, WinHTTP, ribbon controls.

Each carries the member names that VBA calls it by. What a test sees of them is kept by ``interpreter.Excel``.
"""

# ruff: noqa: N802, N803

from __future__ import annotations

import http.client
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAInt, VBAObject, member, method, to_text
from pyopenvba.interpreter._values import error

if TYPE_CHECKING:
    from tests.office.interpreter import Excel


class HostTwin(VBAObject):
    """What DhHost's twin calls: one method for each function."""

    vba_type_name = "HostTwin"

    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @method
    def Environment(self, Name: object) -> object:
        return self.excel.environment.get(to_text(Name), "")

    @method
    def ReadFile(self, Path_: object) -> object:
        path = Path(to_text(Path_).replace("\\", "/"))
        return path.read_text("utf-8") if path.is_file() else ""

    @method
    def Pause(self, Milliseconds: object) -> object:
        self.excel.pause(_whole(Milliseconds))
        return EMPTY

    @method
    def Seconds(self) -> object:
        return self.excel.seconds()

    @method
    def Utf8(self, Text: object) -> object:
        # A surrogate without its other half becomes the replacement character, as WideCharToMultiByte does.
        text = to_text(Text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return _bytes(text.encode("utf-8"))

    @method
    def FromUtf8(self, Bytes: object) -> object:
        return _content(Bytes).decode("utf-8", "replace")

    @method
    def Tell(self, Text: object, Kind: object) -> object:
        self.excel.told.append(to_text(Text))
        self.excel.told_kinds.append(_whole(Kind))
        given = self.excel.answer(1)
        assert isinstance(given, int), "a message box is answered by a number"
        return VBAInt(given, "Long")

    @method
    def Ask(self, Prompt: object, Preset: object) -> object:
        prompt = to_text(Prompt)
        assert len(prompt) <= 255, "Excel takes 255 characters of prompt"
        self.excel.asked.append(prompt)
        return self.excel.answer(False)

    @method
    def Browse(self, Address: object) -> object:
        if self.excel.has_browser:
            self.excel.browsed.append(to_text(Address))
        return self.excel.has_browser

    @method
    def OnUndo(self, Label: object, Macro: object) -> object:
        self.excel.undo.append((to_text(Label), to_text(Macro)))
        return EMPTY

    @method
    def CancelKey(self, Mode: object) -> object:
        self.excel.cancel_keys.append(_whole(Mode))
        return EMPTY

    @method
    def OfficeLanguage(self) -> object:
        return VBAInt(self.excel.language, "Long")

    @method
    def Cursor(self, Kind: object) -> object:
        self.excel.cursors.append(_whole(Kind))
        return EMPTY

    @method
    def TickList(self, Address: object, Choices: object) -> object:
        self.excel.tick_lists.append((to_text(Address), to_text(Choices)))
        return EMPTY

    @method
    def FreezeAbove(self, Sheet: object, Row: object) -> object:
        self.excel.frozen.append((to_text(Sheet), _whole(Row)))
        return EMPTY

    @method
    def Status(self, Text: object) -> object:
        self.excel.status.append(to_text(Text))
        return EMPTY


class WinHttpRequest(VBAObject):
    """WinHttp.WinHttpRequest.5.1 over Python's http.client, with WinHTTP's error numbers."""

    vba_type_name = "WinHttpRequest"

    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        self._headers: dict[str, str] = {}
        self._answer: tuple[int, bytes, dict[str, str]] | None = None
        self._method, self._address, self._seconds = "", "", 30.0

    @method
    def SetProxy(self, ProxySetting: object) -> object:
        assert _whole(ProxySetting) == 1, "requests to this computer go past any proxy"
        return EMPTY

    @method
    def SetTimeouts(self, Resolve: object, Connect: object, Send: object, Receive: object) -> object:
        self._seconds = min(_whole(Receive) / 1000, self.excel.receive_seconds)
        return EMPTY

    @method
    def Open(self, Method: object, Url: object, Async: object = MISSING) -> object:
        self._method, self._address = to_text(Method), to_text(Url)
        return EMPTY

    @method
    def SetRequestHeader(self, Header: object, Value: object) -> object:
        self._headers[to_text(Header)] = to_text(Value)
        return EMPTY

    @method
    def Send(self, Body: object = MISSING) -> object:
        parts = urllib.parse.urlsplit(self._address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self._seconds)
        content = None if Body is MISSING else _content(Body)
        status = 0
        self.excel.asking(self._method, path)
        try:
            connection.request(self._method, path, content, self._headers)
            reply = connection.getresponse()
            self._answer = (
                reply.status,
                reply.read(),
                {name.lower(): value for name, value in reply.getheaders()},
            )
            status = reply.status
        except ConnectionRefusedError:
            raise error(-2147012867, "A connection with the server could not be established\r\n") from None
        except TimeoutError:
            raise error(-2147012894, "The operation timed out\r\n") from None
        except (OSError, http.client.HTTPException):
            raise error(-2147012866, "The connection with the server was terminated abnormally\r\n") from None
        finally:
            connection.close()
            self.excel.requests.append((self._method, path, status))
        return EMPTY

    @member
    def Status(self) -> object:
        return VBAInt(self._received()[0], "Long")

    @member
    def ResponseBody(self) -> object:
        content = self._received()[1]
        return _bytes(content) if content else EMPTY

    @method
    def GetResponseHeader(self, Header: object) -> object:
        found = self._received()[2].get(to_text(Header).lower())
        if found is None:
            raise error(-2147012746, "The requested header could not be found\r\n")
        return found

    def _received(self) -> tuple[int, bytes, dict[str, str]]:
        if self._answer is None:
            raise error(-2147012763, "The data necessary to complete this operation is not yet available\r\n")
        return self._answer


class RibbonControl(VBAObject):
    """What Office hands to a ribbon callback."""

    vba_type_name = "IRibbonControl"

    def __init__(self, id: str, tag: str) -> None:
        self._id, self._tag = id, tag

    @member
    def Id(self) -> object:
        return self._id

    @member
    def Tag(self) -> object:
        return self._tag


def _whole(value: object) -> int:
    return int(float(to_text(value)))


def _bytes(content: bytes) -> object:
    items: list[object] = [VBAInt(byte, "Byte") for byte in content]
    return VBAArray([(0, len(content) - 1)], element_type="Byte", items=items) if content else EMPTY


def _content(value: object) -> bytes:
    return bytes(int(item) for item in value.elements()) if isinstance(value, VBAArray) else b""
