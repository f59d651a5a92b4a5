"""Every room imports only the rooms that the design lets it: the arrows, held as a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SERVICES = PROJECT / "services"

SHARED = {"errors", "messages", "refused", "version"}
"""What any room may import: it has no room of its own."""

ARROWS = {
    "text": set[str](),
    "workbook": set[str](),
    "llm": {"folder", "settings", "sqlite_file", "text", "workbook"},
    "tasks": {"llm", "text", "workbook"},
    "jobs": {"llm", "tasks", "workbook", "settings", "folder", "sqlite_file"},
    "api": {"jobs", "llm", "tasks", "workbook", "settings", "folder"},
    "installing": {"folder", "workbook"},
    "diagnosis": {"endpoint", "installing", "jobs", "llm", "settings"},
    "demo": {"workbook"},
    "cli": {
        "api",
        "app",
        "demo",
        "diagnosis",
        "endpoint",
        "folder",
        "installing",
        "jobs",
        "llm",
        "opening",
        "settings",
        "stopping",
        "tasks",
        "workbook",
    },
    "app": {"api", "jobs", "settings"},
    "opening": {"endpoint", "settings"},
    "stopping": {"endpoint", "settings"},
    "endpoint": {"folder", "workbook"},
    "settings": {"folder", "text", "workbook"},
    "sqlite_file": {"folder"},
    "folder": set[str](),
    "errors": {"messages"},
    "messages": set[str](),
    "refused": {"errors"},
    "version": set[str](),
}
"""What each room imports at most, besides itself and what is shared."""

SURFACES = {"flask", "flask_openapi3", "werkzeug", "waitress", "click", "rich"}
BOOKS = {"sqlalchemy", "sqlite3"}
THREADS = {"threading", "concurrent", "asyncio"}
WINDOWS = {"winreg", "ctypes"}
FOREIGN = {
    "text": SURFACES | BOOKS | THREADS,
    "workbook": SURFACES | BOOKS | THREADS,
    "tasks": SURFACES | BOOKS | THREADS | {"multiprocessing"},
    "jobs": SURFACES,
    "api": {"click", "rich"} | BOOKS,
    "llm": SURFACES,
    "installing": SURFACES | BOOKS,
    "diagnosis": SURFACES | BOOKS,
    "cli": {"flask", "flask_openapi3", "werkzeug", "waitress"} | BOOKS,
}
"""Libraries that a room does without, since another room is there for what they do."""


def modules(room: str) -> Iterator[Path]:
    folder = SERVICES / room
    yield from sorted(folder.rglob("*.py")) if folder.is_dir() else [SERVICES / f"{room}.py"]


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever in it."""
    package = path.relative_to(PROJECT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (start, node.module)))
            yield from (f"{module}.{name.name}" for name in node.names)


def rooms_of(path: Path) -> set[str]:
    """The rooms of services that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("services.")}


def test_every_room_stands_in_the_table_of_arrows() -> None:
    rooms = (path for path in SERVICES.iterdir() if path.is_dir() or path.suffix == ".py")
    there = {path.stem for path in rooms if not path.stem.startswith("_")}

    assert there == ARROWS.keys()


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_where_an_arrow_leads(room: str) -> None:
    allowed = ARROWS[room] | SHARED | {room}

    assert {(path.name, other) for path in modules(room) for other in rooms_of(path) - allowed} == set()


@pytest.mark.parametrize("room", ARROWS)
def test_no_arrow_is_there_that_nothing_follows(room: str) -> None:
    followed = set[str]().union(*map(rooms_of, modules(room)))

    assert ARROWS[room] - followed == set()


@pytest.mark.parametrize("room", FOREIGN)
def test_a_room_does_without_the_libraries_of_other_rooms(room: str) -> None:
    found = {(path.name, name) for path in modules(room) for name in imported(path)}

    assert {(where, name) for where, name in found if name.split(".")[0] in FOREIGN[room]} == set()


def test_what_only_windows_has_is_imported_in_one_module() -> None:
    found = {path for path in SERVICES.rglob("*.py") for name in imported(path) if name.split(".")[0] in WINDOWS}

    assert found == {SERVICES / "installing" / "windows.py"}


def test_a_task_imports_no_other_task() -> None:
    packages = [folder for folder in (SERVICES / "tasks").iterdir() if (folder / "task.py").exists()]
    crossing = {
        (path.name, name)
        for folder in packages
        for path in folder.rglob("*.py")
        for name in imported(path)
        for other in packages
        if other != folder and name.startswith(f"services.tasks.{other.name}.")
    }

    assert packages
    assert crossing == set()


def test_the_add_in_is_built_without_the_service() -> None:
    found = {name for path in (PROJECT / "office_macros").rglob("*.py") for name in imported(path)}

    assert {name for name in found if name.split(".")[0] in ("services", "tests")} == set()
