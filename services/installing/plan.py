"""What an installation does, as data: a plan is a tuple of steps, made from one look at a machine. It does nothing.

A step that is done already, or that a person has to do, is in the plan too and has no action.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.installing.logon import launch_agent, systemd_unit
from services.installing.open_values import edits_to_forget, edits_to_load, edits_to_unload
from services.installing.registry import RUN, RUN_SWITCHES, Edit, Value
from services.installing.surroundings import RECORD_FILE, RUN_NAME, Excel, Guide, Record, Surroundings

KEPT_NAMES = (
    "endpoint.txt",
    RECORD_FILE,
    "jobs",
    "journals",
    "ledger.sqlite3",
    "ledger.sqlite3-shm",
    "ledger.sqlite3-wal",
    "model.key",
    "replies.sqlite3",
    "replies.sqlite3-shm",
    "replies.sqlite3-wal",
    "serve.lock",
    "service.log",
    "service.log.1",
    "settings.toml",
    "uploads",
)
"""What Deskhand keeps in its folder, for ``--purge``; anything else there is not ours, or is the program itself."""


@dataclass(frozen=True, slots=True)
class PlaceAddIn:
    """Copy the add-in to ``target``, keeping what lies there under another name where ``keep_old``."""

    source: Path
    target: Path
    keep_old: bool
    version: str
    record_file: Path


@dataclass(frozen=True, slots=True)
class RemoveAddIn:
    """Delete the add-in, and put back what lay there before."""

    target: Path
    backup: Path | None
    record_file: Path


@dataclass(frozen=True, slots=True)
class PlaceGuides:
    """Write these guides as text files."""

    guides: tuple[Guide, ...]


@dataclass(frozen=True, slots=True)
class EditRegistry:
    """Set and remove values, in this order."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class RemoveData:
    """Delete these files and folders."""

    paths: tuple[Path, ...]


Action = PlaceAddIn | RemoveAddIn | PlaceGuides | EditRegistry | RemoveData


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan: ``code`` names its text below ``install.step``; without an action it is only said."""

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    action: Action | None = None


Plan = tuple[Step, ...]


def install_plan(around: Surroundings, *, start_at_logon: bool) -> Plan:
    """What puts the add-in before Excel, and, where wished, the service into the logon."""
    if around.add_in is None:
        add_in = Step(f"add-in-{around.system}", {"file": around.package_add_in})
        return (add_in, _logon_elsewhere(around, wished=start_at_logon))
    return (
        *([Step("excel-open")] if around.excel_open else []),
        _place(around, around.add_in),
        *(_load(excel, around.add_in) for excel in around.excels),
        *([] if around.excels else [Step("no-excel")]),
        _logon(around, wished=start_at_logon),
        *_place_guides(around),
        *([Step("wps", {"file": around.add_in})] if around.wps else []),
    )


def uninstall_plan(around: Surroundings, *, purge: bool) -> Plan:
    """What takes back what ``install_plan`` did; jobs, journals and settings only where ``purge``."""
    add_in = around.add_in
    if add_in is None:
        return (Step(f"logon-{around.system}-off"), _data(around, purge=purge))
    return (
        *([Step("excel-open")] if around.excel_open else []),
        *(step for excel in around.excels for step in _unload(excel, add_in)),
        _remove(around, add_in),
        *([] if around.at_logon is None else [_logon_off()]),
        *_remove_guides(around),
        _data(around, purge=purge),
    )


def todo(plan: Plan) -> Plan:
    """The steps that something is done for."""
    return tuple(step for step in plan if step.action is not None)


def run_line(service: tuple[str, ...]) -> str:
    """The command line of the service as Windows reads it."""
    return subprocess.list2cmdline(service)


def _place(around: Surroundings, target: Path) -> Step:
    same = around.sha256 == around.package_sha256 is not None
    if same and not around.from_internet:
        return Step("add-in-there", {"file": target})
    ours = same or (around.record is not None and around.record.sha256 == around.sha256)
    keep_old = around.sha256 is not None and not ours
    if around.sha256 is None:
        code = "add-in"
    else:
        code = "add-in-marked" if same else "add-in-newer" if ours else "add-in-keeping"
    action = PlaceAddIn(around.package_add_in, target, keep_old, around.version, around.record_file)
    return Step(code, {"file": target}, action)


def _load(excel: Excel, add_in: Path) -> Step:
    where = {"excel": excel.version, "where": excel.options_key}
    edits = edits_to_load(excel.options_key, excel.options, add_in)
    if not edits:
        return Step("loaded", where)
    return Step("load", {**where, "name": edits[0].name}, EditRegistry(edits))


def _unload(excel: Excel, add_in: Path) -> list[Step]:
    edits = (
        *edits_to_unload(excel.options_key, excel.options, add_in),
        *edits_to_forget(excel.manager_key, excel.manager, add_in),
    )
    return [Step("unload", {"excel": excel.version, "where": excel.options_key}, EditRegistry(edits))] if edits else []


def _logon(around: Surroundings, *, wished: bool) -> Step:
    line = run_line(around.service)
    where = {"command": line, "name": RUN_NAME, "where": RUN}
    if around.at_logon == line:
        return Step("logon-there", where)
    if not wished and around.at_logon is None:
        return Step("logon-not-asked")
    return Step("logon", where, EditRegistry((Edit(RUN, RUN_NAME, Value(line)),)))


def _logon_elsewhere(around: Surroundings, *, wished: bool) -> Step:
    if not wished:
        return Step("logon-not-asked")
    text = launch_agent(around.service) if around.system == "macos" else systemd_unit(around.service)
    return Step(f"logon-{around.system}", {"text": text})


def _logon_off() -> Step:
    edits = (Edit(RUN, RUN_NAME, None), Edit(RUN_SWITCHES, RUN_NAME, None))
    return Step("logon-off", {"name": RUN_NAME, "where": RUN}, EditRegistry(edits))


def _remove(around: Surroundings, add_in: Path) -> Step:
    if around.sha256 is None:
        return Step("add-in-gone", {"file": add_in})
    if around.sha256 not in (around.package_sha256, None if around.record is None else around.record.sha256):
        return Step("add-in-foreign", {"file": add_in})
    backup = _backup(around.record, add_in)
    code = "remove-add-in" if backup is None else "restore-add-in"
    return Step(code, {"file": add_in, "backup": backup}, RemoveAddIn(add_in, backup, around.record_file))


def _backup(record: Record | None, add_in: Path) -> Path | None:
    return record.backup if record is not None and record.add_in == add_in else None


def _place_guides(around: Surroundings) -> list[Step]:
    missing = tuple(guide for guide in around.guides if not guide.there)
    return [Step("guides", {"folder": around.folder}, PlaceGuides(missing))] if missing else []


def _remove_guides(around: Surroundings) -> list[Step]:
    placed = tuple(guide.target for guide in around.guides if guide.there)
    return [Step("guides-off", {"folder": around.folder}, RemoveData(placed))] if placed else []


def _data(around: Surroundings, *, purge: bool) -> Step:
    if not purge:
        return Step("data-stays", {"folder": around.folder})
    paths = tuple(around.folder / name for name in KEPT_NAMES)
    return Step("purge", {"folder": around.folder}, RemoveData(paths))
