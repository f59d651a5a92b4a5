"""Carrying out the actions of a plan, one at a time. What to do is decided in ``plan``.

Each action is whole or leaves its files as they were; an error between two edits of the registry loses no value.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from services.errors import NotFound, OutputError
from services.folder import private_folder
from services.installing.plan import Action, EditRegistry, PlaceAddIn, PlaceGuides, RemoveAddIn, RemoveData
from services.installing.registry import Edit, Registry
from services.installing.surroundings import Record, guide_text
from services.workbook.placing import backup, placed, sha256_of


def carry_out(action: Action, registry: Registry | None) -> None:
    """Do what ``action`` says; ``registry`` is that of the machine, where it has one.

    Raises ``NotFound`` (``add-in-not-built``) and ``OutputError`` (``add-in-in-use``, ``registry-refused``,
    ``file-refused`` and those of ``placed``).
    """
    if isinstance(action, PlaceAddIn):
        _place(action)
    elif isinstance(action, RemoveAddIn):
        _remove(action)
    elif isinstance(action, PlaceGuides):
        for guide in action.guides:
            _make_folder(guide.target.parent)
            with placed(guide.target) as draft:
                draft.write_bytes(guide_text(guide.source))
    elif isinstance(action, RemoveData):
        for path in action.paths:
            _delete(path)
    elif isinstance(action, EditRegistry) and registry is not None:
        for edit in action.edits:
            _apply(edit, registry)


def _place(action: PlaceAddIn) -> None:
    if not action.source.is_file():
        raise NotFound("add-in-not-built", file=action.source)
    _make_folder(action.target.parent)
    kept = backup(action.target) if action.keep_old else _kept_before(action)
    try:
        _copy(action.source, action.target)
    except OutputError:
        if action.keep_old and kept is not None:
            _delete(kept)
        raise
    record = Record(version=action.version, add_in=action.target, sha256=sha256_of(action.source), backup=kept)
    _make_folder(action.record_file.parent)
    with placed(action.record_file) as draft:
        draft.write_text(record.model_dump_json(indent=1), "utf-8")


def _remove(action: RemoveAddIn) -> None:
    if action.backup is not None and action.backup.is_file():
        _copy(action.backup, action.target)
        _delete(action.backup)
    else:
        _delete(action.target)
    _delete(action.record_file)


def _copy(source: Path, target: Path) -> None:
    """Bytes only: a mark that the file came from the internet stays behind."""
    try:
        with placed(target) as draft:
            shutil.copyfile(source, draft)
    except OutputError as error:
        if error.code != "output-locked":
            raise
        raise OutputError("add-in-in-use", file=target) from error


def _kept_before(action: PlaceAddIn) -> Path | None:
    """What an earlier installation kept stays known."""
    try:
        return Record.model_validate_json(action.record_file.read_bytes()).backup
    except (OSError, ValueError):
        return None


def _make_folder(folder: Path) -> None:
    try:
        private_folder(folder)
    except OSError as error:
        raise OutputError("file-refused", file=folder, detail=str(error)) from error


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except PermissionError as error:
        code = "add-in-in-use" if path.suffix == ".xlam" else "file-refused"
        raise OutputError(code, file=path, detail=str(error)) from error
    except OSError as error:
        raise OutputError("file-refused", file=path, detail=str(error)) from error


def _apply(edit: Edit, registry: Registry) -> None:
    try:
        if edit.value is None:
            registry.delete(edit.key, edit.name)
        else:
            registry.set(edit.key, edit.name, edit.value)
    except OSError as error:
        raise OutputError("registry-refused", detail=f"{edit.key}: {error}") from error
