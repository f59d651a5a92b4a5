"""The checks: each looks at one thing and says whether it is in place. What is said stands in the messages.

``wrong`` stands in the way of what the person has installed; ``look`` may be meant so, or can't be told for certain.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from services.diagnosis.service import ask_service
from services.errors import DeskhandError
from services.installing.open_values import loaded
from services.installing.plan import run_line
from services.installing.registry import Value
from services.installing.surroundings import Excel, Machine, Surroundings, look_around
from services.jobs.ledger import Ledger
from services.llm.endpoint import endpoint_of
from services.llm.keys import api_key, key_place
from services.llm.store import Replies
from services.messages import Language, message
from services.settings import Settings, load_settings

State = Literal["ok", "look", "wrong"]

LITTLE_ROOM = 200 * 1024 * 1024
"""Bytes: three uploads of the largest workbook that people mail around, with their results."""

_NAMES = {"en": "English", "zh": "中文"}
_SIGNED_ONLY = 3
"""``VBAWarnings`` from here on runs no unsigned macro: 3 signed ones only, 4 none (Office administrative templates)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: ``code`` names its texts below ``doctor.what`` and ``doctor.todo``."""

    check: str
    state: State
    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def what(self, language: Language) -> str:
        """What was found."""
        return message(f"doctor.what.{self.code}", language, **self.parameters)

    def todo(self, language: Language, commands: Mapping[str, str]) -> str:
        """What to do about it; nothing where all is well. ``commands``: what to type for ``serve`` and ``install``."""
        if self.state == "ok":
            return ""
        return message(f"doctor.todo.{self.code}", language, **{**commands, **self.parameters})


def diagnose(machine: Machine, language: Language) -> list[Finding]:
    """Look at everything there is to look at, in the order in which a person would mend it."""
    findings: list[Finding] = []
    try:
        settings = load_settings()
        findings.append(Finding("settings", "ok", "settings", {"file": settings.settings_file}))
    except DeskhandError as error:
        settings = Settings.model_construct()
        findings.append(_error("settings", error, language))
    try:
        around = look_around(machine, settings.folder)
    except DeskhandError as error:
        return [*findings, _error("installation", error, language)]
    return [
        *_program(machine, around),
        *findings,
        _folder(settings.folder),
        _ledger(settings, language),
        _service(settings, around),
        *_add_in(around),
        *_logon(around),
        Finding("language", "ok", "language", {"name": _NAMES[language]}),
        _model(settings, language),
        *_replies(settings, language),
    ]


def _program(machine: Machine, around: Surroundings) -> Iterator[Finding]:
    place = {"version": platform.python_version(), "path": machine.python}
    yield (
        Finding("python", "wrong", "python-store", place)
        if around.store_python
        else Finding("python", "ok", "python", place)
    )
    yield Finding("deskhand", "ok", "deskhand", {"version": around.version})


def _folder(folder: Path) -> Finding:
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding("folder", "wrong", "folder-refused", {"folder": folder, "detail": str(error)})
    facts = {"folder": folder, "free": f"{free / 1e9:.1f} GB"}
    return (
        Finding("folder", "look", "folder-full", facts)
        if free < LITTLE_ROOM
        else Finding("folder", "ok", "folder", facts)
    )


def _ledger(settings: Settings, language: Language) -> Finding:
    if not settings.ledger_file.exists():
        return Finding("ledger", "ok", "ledger-none")
    try:
        ledger = Ledger(settings)
        try:
            return Finding("ledger", "ok", "ledger", {"count": len(ledger.list())})
        finally:
            ledger.close()
    except DeskhandError as error:
        return _error("ledger", error, language)


def _service(settings: Settings, around: Surroundings) -> Finding:
    found = ask_service(settings.endpoint_file)
    missed: State = "wrong" if around.sha256 is not None else "look"  # without the add-in nobody waits for it
    facts = {"address": found.address, "file": settings.endpoint_file, "found": found.version}
    if found.state == "token":
        return Finding("service", "wrong", "service-token", facts)
    if found.state != "ready":
        return Finding("service", missed, f"service-{found.state}", facts)
    if found.version != around.version:
        return Finding("service", "wrong", "service-version", {**facts, "version": around.version})
    return Finding("service", "ok", "service", facts)


def _add_in(around: Surroundings) -> Iterator[Finding]:
    if around.package_sha256 is None:
        yield Finding("add-in", "wrong", "add-in-not-built", {"file": around.package_add_in})
    elif around.add_in is None:
        yield Finding("add-in", "ok", "add-in-elsewhere", {"file": around.package_add_in})
    elif around.sha256 is None:
        yield Finding("add-in", "look", "add-in-missing", {"file": around.add_in})
    elif around.sha256 != around.package_sha256:
        yield Finding("add-in", "wrong", "add-in-other", {"file": around.add_in})
    elif around.from_internet:
        yield Finding("add-in", "wrong", "add-in-blocked", {"file": around.add_in})
    else:
        yield Finding("add-in", "ok", "add-in", {"file": around.add_in})
    if around.add_in is None:
        return
    if not around.excels:
        yield Finding("excel", "look", "no-excel")
    for excel in around.excels:
        yield from _excel(excel, around, around.add_in)
    if around.wps:
        yield Finding("wps", "look", "wps")


def _excel(excel: Excel, around: Surroundings, add_in: Path) -> Iterator[Finding]:
    name = {"excel": excel.version}
    if loaded(excel.options, add_in):
        yield Finding("excel", "ok", "loaded", name)
    else:
        yield Finding("excel", "wrong" if around.sha256 is not None else "look", "not-loaded", name)
    if _keeps_unsigned_out(excel.policy):
        yield Finding("macros", "look", "macros-policy", name)
    elif _keeps_unsigned_out(excel.security):
        yield Finding("macros", "look", "macros-off", name)


def _keeps_unsigned_out(security: Mapping[str, Value]) -> bool:
    """A trusted location may still let the add-in in, which is why nobody can say that it will not run."""
    numbers = {name.casefold(): value.data for name, value in security.items() if isinstance(value.data, int)}
    refused = numbers.get("requireaddinsig") == 1 or numbers.get("disablealladdins") == 1
    return refused or numbers.get("vbawarnings", 0) >= _SIGNED_ONLY


def _logon(around: Surroundings) -> Iterator[Finding]:
    if around.system != "windows":
        return
    if around.at_logon is None:
        yield Finding("logon", "look", "logon-off")
    elif around.at_logon != run_line(around.service):
        yield Finding("logon", "look", "logon-other", {"command": around.at_logon})
    elif around.logon_switched_off:
        yield Finding("logon", "look", "logon-switched-off")
    else:
        yield Finding("logon", "ok", "logon")


def _model(settings: Settings, language: Language) -> Finding:
    """Which model would be asked, as far as the settings say; it is not called (``deskhand model test`` does that)."""
    place = key_place(settings)
    try:
        endpoint = endpoint_of(settings, api_key(settings))
    except DeskhandError as error:
        return _error("model", error, language)
    if endpoint is None:
        return Finding("model", "ok", "model")
    key = message(f"model.key_{place}" if place else "model.key_none", language)
    facts = {"model": endpoint.model, "host": endpoint.host, "key": key}
    if endpoint.is_local:
        return Finding("model", "ok", "model-local", facts)
    if settings.local_only:
        return Finding("model", "look", "model-kept-in", facts)
    if endpoint.base_url.startswith("http:"):
        return Finding("model", "look", "model-readable", facts)
    return Finding("model", "ok", "model-set", facts)


def _replies(settings: Settings, language: Language) -> Iterator[Finding]:
    """The record of what models answered, where it is in a bad way."""
    if settings.replies_file.exists():
        try:
            with closing(Replies(settings.replies_file)) as replies:
                replies.count()
        except DeskhandError as error:
            yield _error("replies", error, language)


def _error(check: str, error: DeskhandError, language: Language) -> Finding:
    return Finding(check, "wrong", "error", {"what": error.what(language), "todo": error.todo(language)})
