"""A plan is data made from one look at a machine; making it touches nothing."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from services.installing.logon import systemd_unit
from services.installing.plan import (
    EditRegistry,
    PlaceAddIn,
    RemoveAddIn,
    RemoveData,
    Step,
    install_plan,
    run_line,
    todo,
    uninstall_plan,
)
from services.installing.registry import RUN, RUN_SWITCHES, Edit, Value
from services.installing.surroundings import Excel, Record, Surroundings, look_around
from tests.installing.machines import OPTIONS, MemoryRegistry, windows

ADD_IN = Path("C:/Users/me/AppData/Roaming/Microsoft/AddIns/Deskhand.xlam")
FOLDER = Path("C:/Users/me/AppData/Local/Deskhand")
PACKAGE = Path("C:/app/Deskhand.xlam")
SERVICE = (r"C:\Program Files\app\pythonw.exe", "-P", "-m", "services.cli", "serve")
COMMAND = r'"C:\Program Files\app\pythonw.exe" -P -m services.cli serve'

FRESH = Surroundings(
    system="windows",
    version="1.0",
    folder=FOLDER,
    package_add_in=PACKAGE,
    package_sha256="new",
    add_in=ADD_IN,
    sha256=None,
    from_internet=False,
    record=None,
    guides=(),
    excels=(Excel("16.0", {}, {}, {}, {}),),
    excel_open=False,
    wps=False,
    service=SERVICE,
    at_logon=None,
    logon_switched_off=False,
    store_python=False,
)
INSTALLED = replace(
    FRESH,
    sha256="new",
    record=Record(version="1.0", add_in=ADD_IN, sha256="new"),
    excels=(Excel("16.0", {"OPEN": Value(f'"{ADD_IN}"')}, {}, {}, {}),),
    at_logon=COMMAND,
)


def test_the_plan_for_a_fresh_windows() -> None:
    assert install_plan(FRESH, start_at_logon=True) == (
        Step(
            "add-in",
            {"file": ADD_IN},
            PlaceAddIn(PACKAGE, ADD_IN, keep_old=False, version="1.0", record_file=FOLDER / "installed.json"),
        ),
        Step(
            "load",
            {"excel": "16.0", "where": OPTIONS, "name": "OPEN"},
            EditRegistry((Edit(OPTIONS, "OPEN", Value(f'"{ADD_IN}"')),)),
        ),
        Step(
            "logon",
            {"command": COMMAND, "name": "Deskhand", "where": RUN},
            EditRegistry((Edit(RUN, "Deskhand", Value(COMMAND)),)),
        ),
    )


def test_where_everything_is_in_place_nothing_is_to_do() -> None:
    plan = install_plan(INSTALLED, start_at_logon=True)

    assert [step.code for step in plan] == ["add-in-there", "loaded", "logon-there"]
    assert todo(plan) == ()


def test_the_plan_that_takes_it_back() -> None:
    assert uninstall_plan(INSTALLED, purge=True) == (
        Step("unload", {"excel": "16.0", "where": OPTIONS}, EditRegistry((Edit(OPTIONS, "OPEN", None),))),
        Step(
            "remove-add-in",
            {"file": ADD_IN, "backup": None},
            RemoveAddIn(ADD_IN, backup=None, record_file=FOLDER / "installed.json"),
        ),
        Step(
            "logon-off",
            {"name": "Deskhand", "where": RUN},
            EditRegistry((Edit(RUN, "Deskhand", None), Edit(RUN_SWITCHES, "Deskhand", None))),
        ),
        Step(
            "purge",
            {"folder": FOLDER},
            RemoveData(
                tuple(
                    FOLDER / name
                    for name in (
                        "endpoint.txt",
                        "installed.json",
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
                )
            ),
        ),
    )


@pytest.mark.parametrize(
    ("there", "recorded", "code"),
    [
        (None, None, "add-in"),
        ("old", "old", "add-in-newer"),
        ("x", "old", "add-in-keeping"),
        ("x", None, "add-in-keeping"),
    ],
)
def test_what_lies_there_already_decides_what_is_said_and_kept(
    there: str | None, recorded: str | None, code: str
) -> None:
    record = None if recorded is None else Record(version="0.9", add_in=ADD_IN, sha256=recorded)
    step = install_plan(replace(FRESH, sha256=there, record=record), start_at_logon=False)[0]

    assert step.code == code
    assert isinstance(step.action, PlaceAddIn)
    assert step.action.keep_old is (code == "add-in-keeping")


def test_an_add_in_that_is_marked_as_from_the_internet_is_written_anew() -> None:
    step = install_plan(replace(INSTALLED, from_internet=True), start_at_logon=False)[0]

    assert step.code == "add-in-marked"
    assert isinstance(step.action, PlaceAddIn)
    assert not step.action.keep_old


def test_a_start_of_an_earlier_deskhand_is_brought_up_to_date_without_being_asked() -> None:
    plan = install_plan(replace(INSTALLED, at_logon=r"C:\old\pythonw.exe serve"), start_at_logon=False)

    assert [step.code for step in todo(plan)] == ["logon"]


def test_looking_around_and_planning_write_nothing(tmp_path: Path) -> None:
    registry = MemoryRegistry([OPTIONS])
    machine = windows(tmp_path, registry)
    before = sorted(tmp_path.rglob("*"))

    install_plan(look_around(machine, tmp_path / "Deskhand"), start_at_logon=True)

    assert sorted(tmp_path.rglob("*")) == before
    assert registry.keys == {OPTIONS: {}}


def test_a_path_with_blanks_stands_in_quotes_in_the_command_line() -> None:
    assert run_line(SERVICE) == COMMAND


def test_the_systemd_unit_keeps_odd_paths_whole() -> None:
    line = next(line for line in systemd_unit(("/opt/a b/$x%y\\z", "serve")).splitlines() if line.startswith("Exec"))

    assert line == 'ExecStart="/opt/a b/$$x%%y\\\\z" "serve"'
    assert shlex.split(line.partition("=")[2].replace("$$", "$").replace("%%", "%")) == ["/opt/a b/$x%y\\z", "serve"]
