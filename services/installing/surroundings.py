"""What an installation has to know about a machine before anything is planned. Everything here only reads."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from services.errors import OutputError
from services.installing.registry import KINGSOFT, OFFICE, OFFICE_POLICIES, RUN, RUN_SWITCHES, Registry, Value
from services.messages import Language
from services.version import own_version

System = Literal["windows", "macos", "linux"]

ADD_IN = "Deskhand.xlam"
RUN_NAME = "Deskhand"
"""Our name among what Windows starts at logon."""

EXCEL_VERSIONS = ("16.0", "15.0", "14.0")
"""Excel 2016 and all later ones, 2013, 2010: the oldest whose ribbon and VBA 7 the add-in needs."""

RECORD_FILE = "installed.json"

_STORE = "windowsapps"
_ZONE = re.compile(r"^ZoneId=[34]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Machine:
    """What is read from and written to: the real machine, or one that a test makes up."""

    system: System
    environment: Mapping[str, str]
    registry: Registry | None
    excel_is_open: Callable[[], bool]
    python: Path
    base_python: str
    package_add_in: Path


class Record(BaseModel):
    """What an installation remembers of itself: the add-in it placed, and where what lay there before is kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str
    add_in: Path
    sha256: str
    backup: Path | None = None


@dataclass(frozen=True, slots=True)
class Excel:
    """One version of Excel that this person has used: its list of add-ins, and its settings about macros."""

    version: str
    options: Mapping[str, Value]
    manager: Mapping[str, Value]
    security: Mapping[str, Value]
    policy: Mapping[str, Value]

    @property
    def options_key(self) -> str:
        """The key with the list of add-ins to load."""
        return rf"{OFFICE}\{self.version}\Excel\Options"

    @property
    def manager_key(self) -> str:
        """The key with the add-ins that are known and not loaded."""
        return rf"{OFFICE}\{self.version}\Excel\Add-in Manager"


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide in one language: where it comes from, where the Help of the add-in seeks it, whether it is there."""

    source: Path
    target: Path
    there: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One look at a machine. ``sha256`` None: there is no such file; ``add_in`` None: no folder of add-ins."""

    system: System
    version: str
    folder: Path
    package_add_in: Path
    package_sha256: str | None
    add_in: Path | None
    sha256: str | None
    from_internet: bool
    record: Record | None
    guides: tuple[Guide, ...]
    excels: tuple[Excel, ...]
    excel_open: bool
    wps: bool
    service: tuple[str, ...]
    at_logon: str | None
    logon_switched_off: bool
    store_python: bool

    @property
    def record_file(self) -> Path:
        """Where the installation remembers what it did."""
        return self.folder / RECORD_FILE


def this_machine() -> Machine:
    """The machine this runs on."""
    package = Path(str(resources.files("office_macros"))) / ADD_IN
    python = Path(sys.executable)
    if sys.platform == "win32":
        from services.installing.windows import WindowsRegistry, excel_is_open

        return Machine("windows", os.environ, WindowsRegistry(), excel_is_open, python, sys.base_prefix, package)
    system: System = "macos" if sys.platform == "darwin" else "linux"
    return Machine(system, os.environ, None, lambda: False, python, sys.base_prefix, package)


def look_around(machine: Machine, folder: Path) -> Surroundings:
    """Look at ``machine``, whose person's Deskhand folder is ``folder``.

    Raises ``OutputError`` (``registry-refused``, ``file-refused``) where something can't be read.
    """
    package = machine.package_add_in
    add_in = add_in_place(machine)
    registry = machine.registry
    try:
        run = {} if registry is None else registry.values(RUN)
        switch = {} if registry is None else registry.values(RUN_SWITCHES)
        excels = () if registry is None else _excels(registry)
        wps = registry is not None and registry.exists(KINGSOFT)
    except OSError as error:
        raise OutputError("registry-refused", detail=str(error)) from error
    return Surroundings(
        system=machine.system,
        version=own_version(),
        folder=folder,
        package_add_in=package,
        package_sha256=_sha256(package),
        add_in=add_in,
        sha256=None if add_in is None else _sha256(add_in),
        from_internet=add_in is not None and _from_internet(add_in),
        record=_record(folder / RECORD_FILE),
        guides=() if add_in is None else tuple(_guides(package.parent, folder)),
        excels=excels,
        excel_open=machine.excel_is_open(),
        wps=wps,
        service=service_command(machine),
        at_logon=run[RUN_NAME].text if RUN_NAME in run else None,
        logon_switched_off=_switched_off(switch.get(RUN_NAME)),
        store_python=machine.system == "windows" and _STORE in machine.base_python.casefold(),
    )


def add_in_place(machine: Machine) -> Path | None:
    r"""Where the person's add-ins belong: ``%APPDATA%\Microsoft\AddIns`` on Windows, nowhere on other systems.

    Excel for Mac has such a folder, but its VBA has no object that speaks HTTP, and Linux has no Excel.
    """
    if machine.system != "windows":
        return None
    roaming = machine.environment.get("APPDATA") or Path.home() / "AppData" / "Roaming"
    return Path(roaming) / "Microsoft" / "AddIns" / ADD_IN


def service_command(machine: Machine) -> tuple[str, ...]:
    """The words that start the service: on Windows without a window where Python brings what that needs.

    ``-P`` keeps the folder in which the system starts it from being searched for modules.
    """
    silent = machine.python.with_name("pythonw.exe")
    python = silent if machine.system == "windows" and silent.exists() else machine.python
    return (str(python), "-P", "-m", "services.cli", "serve")


def guide_text(source: Path) -> bytes:
    """A guide as every Notepad shows it: UTF-8 that says so, lines that end as on Windows. Raises ``OSError``."""
    return b"\xef\xbb\xbf" + source.read_text("utf-8").replace("\n", "\r\n").encode("utf-8")


def _guides(package: Path, folder: Path) -> Iterator[Guide]:
    """A wheel brings the guides beside the add-in; a checkout has them in ``docs``."""
    for language in get_args(Language):
        name = f"guide.{language}.md"
        source = next((place for place in (package / name, package.parent / "docs" / name) if place.is_file()), None)
        if source is not None:
            target = folder / f"guide.{language}.txt"
            yield Guide(source, target, _holds(target, guide_text(source)))


def _excels(registry: Registry) -> tuple[Excel, ...]:
    return tuple(
        Excel(
            version=version,
            options=registry.values(rf"{OFFICE}\{version}\Excel\Options"),
            manager=registry.values(rf"{OFFICE}\{version}\Excel\Add-in Manager"),
            security=registry.values(rf"{OFFICE}\{version}\Excel\Security"),
            policy=registry.values(rf"{OFFICE_POLICIES}\{version}\Excel\Security"),
        )
        for version in EXCEL_VERSIONS
        if registry.exists(rf"{OFFICE}\{version}\Excel")
    )


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OutputError("file-refused", file=path, detail=str(error)) from error


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _from_internet(path: Path) -> bool:
    """Whether Windows has marked the file as come from the internet: zone 3 or 4 in a second stream of it (NTFS)."""
    try:
        with open(f"{path}:Zone.Identifier", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 (no path)
            return _ZONE.search(stream.read(4096)) is not None
    except OSError:
        return False


def _record(path: Path) -> Record | None:
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _switched_off(value: Value | None) -> bool:
    return value is not None and isinstance(value.data, bytes) and value.data[:1] != b"" and value.data[0] % 2 == 1
