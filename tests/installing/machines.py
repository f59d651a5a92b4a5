"""Machines made up for tests: a Windows with a registry in memory, and a Deskhand that carries an add-in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from services.installing.registry import Value
from services.installing.surroundings import Machine, System

OFFICE = r"HKCU\Software\Microsoft\Office"
OPTIONS = rf"{OFFICE}\16.0\Excel\Options"
MANAGER = rf"{OFFICE}\16.0\Excel\Add-in Manager"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"


class MemoryRegistry:
    """A registry as ``services.installing.registry.Registry`` asks for it; ``refused`` keys can't be written to."""

    def __init__(self, keys: Iterable[str] = (), refused: Iterable[str] = ()) -> None:
        self.keys: dict[str, dict[str, Value]] = {key: {} for key in keys}
        self.refused = set(refused)

    def exists(self, key: str) -> bool:
        return any(known == key or known.startswith(f"{key}\\") for known in self.keys)

    def values(self, key: str) -> dict[str, Value]:
        return dict(self.keys.get(key, {}))

    def set(self, key: str, name: str, value: Value) -> None:
        self._check(key)
        self.keys.setdefault(key, {})[name] = value

    def delete(self, key: str, name: str) -> None:
        self._check(key)
        self.keys.get(key, {}).pop(name, None)

    def texts(self, key: str) -> dict[str, object]:
        """The data of a key by name, in the order of the names."""
        return {name: value.data for name, value in sorted(self.keys.get(key, {}).items())}

    def _check(self, key: str) -> None:
        if key in self.refused:
            raise PermissionError(5, "Access is denied")


def windows(folder: Path, registry: MemoryRegistry, *, excel_open: bool = False, base_python: str = "") -> Machine:
    """A Windows whose ``%APPDATA%`` and Python lie below ``folder``."""
    scripts = folder / "app" / "Scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    (scripts / "pythonw.exe").touch()
    package = folder / "app" / "Deskhand.xlam"
    if not package.exists():
        package.write_bytes(b"the add-in")
    return Machine(
        system="windows",
        environment={"APPDATA": str(folder / "Roaming")},
        registry=registry,
        excel_is_open=lambda: excel_open,
        python=scripts / "python.exe",
        base_python=base_python,
        package_add_in=package,
    )


def other(system: str, folder: Path) -> Machine:
    """A macOS or a Linux."""
    package = folder / "Deskhand.xlam"
    package.write_bytes(b"the add-in")
    name: System = "macos" if system == "macos" else "linux"
    return Machine(name, {}, None, lambda: False, folder / "bin" / "python", "", package)
