"""``deskhand doctor`` says what is in place and what to do about the rest."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.cli.doctor import run_doctor
from services.cli.install import run_install
from services.installing.registry import Value
from services.installing.surroundings import Machine
from services.version import own_version
from tests.cli.orders import Deskhand
from tests.installing.machines import OFFICE, OPTIONS, RUN, MemoryRegistry, other, windows
from tests.serving import running_service

SECURITY = rf"{OFFICE}\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
SWITCHES = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's Deskhand folder."""
    folder = tmp_path / "Deskhand"
    folder.mkdir()
    monkeypatch.setenv("DESKHAND_FOLDER", str(folder))
    monkeypatch.setenv("COLUMNS", "400")
    return folder


@pytest.fixture
def registry() -> MemoryRegistry:
    """A registry of somebody who uses Excel 2016 or later."""
    return MemoryRegistry([OPTIONS])


@pytest.fixture
def installed(tmp_path: Path, folder: Path, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]) -> Machine:
    """A Windows on which ``deskhand install --start-at-logon`` has run."""
    machine = windows(tmp_path, registry)
    run_install(machine, "en", start_at_logon=True, dry_run=False)
    capsys.readouterr()
    return machine


@pytest.fixture
def running(folder: Path) -> Iterator[None]:
    """The service runs."""
    with running_service(folder):
        yield


def examined(machine: Machine, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code and what is said of each thing."""
    code = run_doctor(machine, "en", as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["healthy"] is (code == 0)
    return code, {check["check"]: check for check in report["checks"]}


def test_where_everything_is_in_place_nothing_is_to_do(
    installed: Machine, running: None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, checks = examined(installed, capsys)

    assert code == 0
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert {check["todo"] for check in checks.values()} == {None}
    assert list(checks) == [
        "python", "deskhand", "settings", "folder", "ledger", "service", "add-in", "excel", "logon", "language", "model"
    ]  # fmt: skip
    assert checks["deskhand"]["what"] == f"Deskhand {own_version()}"
    assert checks["model"]["what"] == (
        "No language model is set up: everything works by rules, and nothing leaves this machine"
    )


def test_the_list_marks_each_line_and_says_what_to_do(installed: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_doctor(installed, "en", as_json=False) == 1

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "Deskhand doctor: what is in place, and what to do about the rest"
    assert lines[1].startswith("✓  Python 3.")
    place = lines.index("✗  The service is not running")
    assert lines[place + 1] == "   → Start it:  deskhand serve"
    assert lines[-1] == "1 wrong."


def test_without_the_add_in_a_service_that_does_not_run_is_only_to_look_at(
    tmp_path: Path, folder: Path, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    code, checks = examined(windows(tmp_path, registry), capsys)

    assert code == 0
    assert {name for name, check in checks.items() if check["state"] == "look"} == {
        "service",
        "add-in",
        "excel",
        "logon",
    }
    assert checks["add-in"]["todo"] == "Close Excel, then:  deskhand install"


def test_an_endpoint_file_that_nobody_answers_for_is_told(
    installed: Machine, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else can answer there
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        (folder / "endpoint.txt").write_text(f"{address}\ntoken\n")

        code, checks = examined(installed, capsys)

    assert (code, checks["service"]["code"]) == (1, "service-silent")
    assert checks["service"]["what"] == f"The service does not answer at {address}, where it was last"


def test_a_service_that_does_not_know_the_token_is_told(
    installed: Machine, running: None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = folder / "endpoint.txt"
    endpoint.write_text(endpoint.read_text("utf-8").splitlines()[0] + "\nwrong\n")

    code, checks = examined(installed, capsys)

    assert (code, checks["service"]["code"]) == (1, "service-token")


def test_an_add_in_of_another_version_is_told(installed: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    installed.package_add_in.write_bytes(b"the next add-in")

    code, checks = examined(installed, capsys)

    assert (code, checks["add-in"]["code"], checks["add-in"]["state"]) == (1, "add-in-other", "wrong")


def test_the_mark_of_the_web_is_found_and_told_how_to_remove(
    tmp_path: Path, installed: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    add_in = tmp_path / "Roaming" / "Microsoft" / "AddIns" / "Deskhand.xlam"
    Path(f"{add_in}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")

    _, checks = examined(installed, capsys)

    assert checks["add-in"]["code"] == "add-in-blocked"
    assert checks["add-in"]["todo"] == ("Right-click the file, Properties, tick Unblock, OK; then start Excel again.")


def test_an_excel_that_no_longer_loads_the_add_in_is_told(
    installed: Machine, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.keys[OPTIONS].clear()

    code, checks = examined(installed, capsys)

    assert (code, checks["excel"]["what"]) == (1, "Excel 16.0 does not load the add-in")


def test_a_mark_that_a_file_came_from_this_machine_means_nothing(
    tmp_path: Path, installed: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    add_in = tmp_path / "Roaming" / "Microsoft" / "AddIns" / "Deskhand.xlam"
    Path(f"{add_in}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=0\n")

    assert examined(installed, capsys)[1]["add-in"]["state"] == "ok"


@pytest.mark.parametrize(
    ("key", "name", "number", "code"),
    [
        (SECURITY, "VBAWarnings", 3, "macros-off"),
        (SECURITY, "VBAWarnings", 4, "macros-off"),
        (SECURITY, "RequireAddinSig", 1, "macros-off"),
        (SECURITY, "DisableAllAddins", 1, "macros-off"),
        (POLICY, "vbawarnings", 4, "macros-policy"),
    ],
)
def test_settings_that_may_keep_an_unsigned_add_in_out_are_to_look_at(
    installed: Machine,
    registry: MemoryRegistry,
    capsys: pytest.CaptureFixture[str],
    key: str,
    name: str,
    number: int,
    code: str,
) -> None:
    registry.keys[key] = {name: Value(number, kind=4)}

    _, checks = examined(installed, capsys)

    assert (checks["macros"]["code"], checks["macros"]["state"]) == (code, "look")


@pytest.mark.parametrize("number", [1, 2])
def test_settings_that_let_macros_run_or_ask_are_not_spoken_of(
    installed: Machine, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    registry.keys[SECURITY] = {"VBAWarnings": Value(number, kind=4)}

    assert "macros" not in examined(installed, capsys)[1]


@pytest.mark.parametrize(("first", "code"), [(2, "logon"), (6, "logon"), (3, "logon-switched-off")])
def test_a_start_at_logon_that_the_task_manager_switched_off_is_told(
    installed: Machine, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str], first: int, code: str
) -> None:
    registry.keys[SWITCHES] = {"Deskhand": Value(bytes([first, *[0] * 11]), kind=3)}

    assert examined(installed, capsys)[1]["logon"]["code"] == code


def test_another_deskhand_that_starts_at_logon_is_told(
    installed: Machine, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.keys[RUN] = {"Deskhand": Value(r"C:\old\pythonw.exe -P -m services.cli serve")}

    assert examined(installed, capsys)[1]["logon"]["what"] == (
        r"Another Deskhand than this one starts when you log on: C:\old\pythonw.exe -P -m services.cli serve"
    )


def test_a_damaged_ledger_is_told_with_what_to_do(
    installed: Machine, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ledger.sqlite3").write_bytes(b"not a database, but long enough to be looked at as one" * 40)

    code, checks = examined(installed, capsys)

    assert (code, checks["ledger"]["state"]) == (1, "wrong")
    assert checks["ledger"]["todo"]


def test_a_ledger_of_a_newer_deskhand_is_told(
    installed: Machine, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = sqlite3.connect(folder / "ledger.sqlite3")
    connection.execute("PRAGMA user_version = 999")
    connection.close()

    assert examined(installed, capsys)[1]["ledger"]["state"] == "wrong"


def test_looking_makes_no_files(tmp_path: Path, folder: Path, registry: MemoryRegistry) -> None:
    run_doctor(windows(tmp_path, registry), "en", as_json=True)

    assert list(folder.iterdir()) == []


def test_settings_that_cannot_be_read_are_told_and_the_rest_is_looked_at(
    installed: Machine, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "settings.toml").write_text("port = \n")

    code, checks = examined(installed, capsys)

    assert (code, checks["settings"]["state"]) == (1, "wrong")
    assert str(folder / "settings.toml") in checks["settings"]["what"]
    assert checks["add-in"]["state"] == "ok"


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, registry: MemoryRegistry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESKHAND_FOLDER", "/proc/deskhand" if Path("/proc").is_dir() else "/dev/null/deskhand")

    code, checks = examined(windows(tmp_path, registry), capsys)

    assert (code, checks["folder"]["code"]) == (1, "folder-refused")


def test_the_python_of_the_store_is_wrong(
    tmp_path: Path, folder: Path, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    store = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0"

    code, checks = examined(windows(tmp_path, registry, base_python=store), capsys)

    assert (code, checks["python"]["code"]) == (1, "python-store")


def test_wps_beside_excel_is_to_look_at(
    installed: Machine, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.keys[r"HKCU\Software\Kingsoft\Office\6.0"] = {}

    assert examined(installed, capsys)[1]["wps"]["state"] == "look"


def test_macos_has_neither_add_in_nor_excel_to_look_for(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, checks = examined(other("macos", tmp_path), capsys)

    assert code == 0
    assert checks["add-in"]["code"] == "add-in-elsewhere"
    assert not {"excel", "logon", "wps"} & set(checks)


def test_this_very_machine_can_be_examined(folder: Path, deskhand: Deskhand) -> None:
    _, out, err = deskhand("--language", "zh", "doctor")

    assert out.startswith("Deskhand 体检：哪些已就绪，其余该怎么办\n")
    assert "没有设置语言模型：一切按规则处理，数据不会离开这台电脑" in out
    assert err == ""
