"""What only Windows has: its registry, and whether a window of Excel is open. Imported on Windows alone.

Nothing here starts a process, uses COM or needs an administrator.
"""

from __future__ import annotations

import ctypes
import sys

from services.installing.registry import Value

assert sys.platform == "win32"

import winreg  # noqa: E402  (only Windows has it)

_HIVES = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
_EXCEL_WINDOW = "XLMAIN"
"""The class of Excel's main windows; WPS Spreadsheets uses it too."""


class WindowsRegistry:
    """The registry of this machine, as ``services.installing.registry.Registry`` asks for it."""

    def exists(self, key: str) -> bool:
        """Whether there is this key, as far as this person may see it."""
        try:
            with winreg.OpenKey(*_split(key)):
                return True
        except OSError:
            return False

    def values(self, key: str) -> dict[str, Value]:
        """The values of a key by name; none where there is no such key."""
        found: dict[str, Value] = {}
        try:
            with winreg.OpenKey(*_split(key)) as handle:
                for index in range(winreg.QueryInfoKey(handle)[1]):
                    name, data, kind = winreg.EnumValue(handle, index)
                    found[name] = Value(data, kind)
        except FileNotFoundError:
            return {}
        return found

    def set(self, key: str, name: str, value: Value) -> None:
        """Set a value, making its key where there is none. Raises ``OSError``."""
        with winreg.CreateKeyEx(*_split(key), 0, winreg.KEY_SET_VALUE) as handle:
            winreg.SetValueEx(handle, name, 0, value.kind, value.data)

    def delete(self, key: str, name: str) -> None:
        """Remove a value; nothing happens where there is none. Raises ``OSError``."""
        try:
            with winreg.OpenKey(*_split(key), 0, winreg.KEY_SET_VALUE) as handle:
                winreg.DeleteValue(handle, name)
        except FileNotFoundError:
            return


def excel_is_open() -> bool:
    """Whether this person has a window of Excel (or WPS Spreadsheets) open."""
    return bool(ctypes.windll.user32.FindWindowW(_EXCEL_WINDOW, None))


def _split(key: str) -> tuple[int, str]:
    hive, _, path = key.partition("\\")
    return _HIVES[hive], path
