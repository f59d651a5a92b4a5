"""The one module that needs Windows, run over a stand-in for ``winreg`` that keeps its keys in memory.

What is proven is that the calls fit the documented signatures of ``winreg`` and that the answers are taken apart
rightly; that Windows itself agrees is left for a day on Windows.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from services.installing.open_values import edits_to_load, loaded
from services.installing.registry import Value

KEY = r"HKCU\Software\Deskhand Test"


class Handle:
    """An open key."""

    def __init__(self, values: dict[str, tuple[object, int]], access: int) -> None:
        self.values = values
        self.access = access

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_: object) -> None:
        self.access = 0


class MemoryWinreg(ModuleType):
    """The parts of ``winreg`` in use, with its signatures; a name that is missing raises ``FileNotFoundError``."""

    HKEY_CURRENT_USER = 0x80000001
    HKEY_LOCAL_MACHINE = 0x80000002
    KEY_SET_VALUE = 0x0002
    KEY_READ = 0x20019

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[tuple[int, str], dict[str, tuple[object, int]]] = {}

    def OpenKey(self, key: int, sub_key: str, reserved: int = 0, access: int = KEY_READ) -> Handle:  # noqa: N802
        if (key, sub_key) not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return Handle(self.keys[key, sub_key], access)

    def CreateKeyEx(self, key: int, sub_key: str, reserved: int = 0, access: int = 0x20006) -> Handle:  # noqa: N802
        return Handle(self.keys.setdefault((key, sub_key), {}), access)

    def QueryInfoKey(self, handle: Handle) -> tuple[int, int, int]:  # noqa: N802
        assert handle.access == self.KEY_READ
        return (0, len(handle.values), 0)

    def EnumValue(self, handle: Handle, index: int) -> tuple[str, object, int]:  # noqa: N802
        name, (data, kind) = list(handle.values.items())[index]
        return name, data, kind

    def SetValueEx(self, handle: Handle, name: str, reserved: int, kind: int, data: object) -> None:  # noqa: N802
        assert handle.access & self.KEY_SET_VALUE
        handle.values[name] = (data, kind)

    def DeleteValue(self, handle: Handle, name: str) -> None:  # noqa: N802
        assert handle.access & self.KEY_SET_VALUE
        if name not in handle.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        del handle.values[name]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module, imported as on Windows."""
    if sys.platform != "win32":
        monkeypatch.setattr(sys, "platform", "win32")
        user32 = SimpleNamespace(FindWindowW=lambda kind, title: 4711 if (kind, title) == ("XLMAIN", None) else 0)
        monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setitem(sys.modules, "winreg", MemoryWinreg())
    monkeypatch.delitem(sys.modules, "services.installing.windows", raising=False)
    yield importlib.import_module("services.installing.windows")
    sys.modules.pop("services.installing.windows", None)


def test_values_are_set_read_and_removed_with_their_kinds(windows: Any) -> None:
    registry = windows.WindowsRegistry()
    assert (registry.exists(KEY), registry.values(KEY)) == (False, {})

    registry.set(KEY, "text", Value("文字"))
    registry.set(KEY, "number", Value(3, kind=4))
    assert registry.exists(KEY)
    assert registry.values(KEY) == {"text": Value("文字", kind=1), "number": Value(3, kind=4)}

    registry.delete(KEY, "text")
    assert registry.values(KEY) == {"number": Value(3, kind=4)}


def test_removing_what_is_not_there_is_no_error(windows: Any) -> None:
    registry = windows.WindowsRegistry()
    registry.delete(KEY, "text")
    registry.set(KEY, "number", Value(3, kind=4))
    registry.delete(KEY, "text")

    assert registry.values(KEY) == {"number": Value(3, kind=4)}


def test_the_list_of_add_ins_is_kept_through_it(windows: Any, tmp_path: Any) -> None:
    registry, add_in = windows.WindowsRegistry(), tmp_path / "Deskhand.xlam"
    registry.set(KEY, "OPEN", Value("a.xlam"))
    for edit in edits_to_load(KEY, registry.values(KEY), add_in):
        registry.set(edit.key, edit.name, edit.value)

    assert registry.values(KEY) == {"OPEN": Value("a.xlam"), "OPEN1": Value(f'"{add_in}"')}
    assert loaded(registry.values(KEY), add_in)


@pytest.mark.skipif(sys.platform == "win32", reason="whether Excel is open here is not for a test to say")
def test_an_open_excel_is_found_by_the_class_of_its_window(windows: Any) -> None:
    assert windows.excel_is_open() is True
