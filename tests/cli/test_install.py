"""``deskhand install`` and ``uninstall``: the plan first, then exactly that, and exactly that taken back."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

import pytest
from filelock import FileLock

from services.cli.install import run_install
from services.cli.uninstall import run_uninstall
from services.errors import InputError
from services.installing.registry import Value
from services.installing.surroundings import Machine
from tests.installing.machines import MANAGER, OPTIONS, RUN, MemoryRegistry, other, windows
from tests.serving import SECONDS_TO_START, call, running_service

SOLVER = '/R "C:\\Solver\\SOLVER.XLAM"'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's Deskhand folder."""
    monkeypatch.setenv("DESKHAND_FOLDER", str(tmp_path / "Local" / "Deskhand"))
    monkeypatch.setenv("COLUMNS", "400")
    return tmp_path / "Local" / "Deskhand"


@pytest.fixture
def registry() -> MemoryRegistry:
    """A registry of somebody who uses Excel 2016 or later, with one add-in."""
    registry = MemoryRegistry()
    registry.keys[OPTIONS] = {"OPEN": Value(SOLVER)}
    return registry


@pytest.fixture
def machine(tmp_path: Path, registry: MemoryRegistry) -> Machine:
    """That person's Windows."""
    return windows(tmp_path, registry)


@pytest.fixture
def add_in(tmp_path: Path) -> Path:
    """Where Excel looks for that person's add-ins."""
    return tmp_path / "Roaming" / "Microsoft" / "AddIns" / "Deskhand.xlam"


def install(machine: Machine, *, start_at_logon: bool = True, dry_run: bool = False) -> int:
    return run_install(machine, "en", start_at_logon=start_at_logon, dry_run=dry_run)


def uninstall(machine: Machine, *, dry_run: bool = False, purge: bool = False) -> int:
    return run_uninstall(machine, "en", dry_run=dry_run, purge=purge)


def test_the_plan_says_what_where_and_nothing_is_done(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(machine, dry_run=True) == 0

    command = f"{machine.python.with_name('pythonw.exe')} -P -m services.cli serve"
    assert capsys.readouterr().out.splitlines() == [
        "What will be done for you on this Windows machine:",
        f"  1. Put the add-in into {add_in}",
        rf"  2. Have Excel 16.0 load it: OPEN1 in {OPTIONS}",
        f"  3. Start the service when you log on, without a window: Deskhand in {RUN} = {command}",
        "Nothing was done: this was only the plan (--dry-run).",
    ]
    assert registry.keys == {OPTIONS: {"OPEN": Value(SOLVER)}}
    assert not add_in.parent.exists()
    assert not folder.exists()


def test_installing_places_the_add_in_has_excel_load_it_and_starts_the_service_at_logon(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path
) -> None:
    assert install(machine) == 0

    assert add_in.read_bytes() == b"the add-in"
    assert registry.texts(OPTIONS) == {"OPEN": SOLVER, "OPEN1": f'"{add_in}"'}
    assert registry.texts(RUN) == {"Deskhand": f"{machine.python.with_name('pythonw.exe')} -P -m services.cli serve"}
    assert json.loads((folder / "installed.json").read_text("utf-8"))["add_in"] == str(add_in)


def test_the_guides_are_put_where_the_help_of_the_add_in_says_and_taken_away_again(
    folder: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.package_add_in.with_name("guide.zh.md").write_text("# 指南\n正文\n", "utf-8")

    install(machine)
    assert (
        folder / "guide.zh.txt"
    ).read_bytes() == b"\xef\xbb\xbf# \xe6\x8c\x87\xe5\x8d\x97\r\n\xe6\xad\xa3\xe6\x96\x87\r\n"
    capsys.readouterr()
    install(machine)
    assert "Put the guide" not in capsys.readouterr().out

    uninstall(machine)
    assert not (folder / "guide.zh.txt").exists()


def test_installing_again_changes_nothing_and_says_so(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(machine)
    before = {key: dict(values) for key, values in registry.keys.items()}
    capsys.readouterr()

    assert install(machine) == 0

    assert registry.keys == before
    assert sorted(path.name for path in add_in.parent.iterdir()) == ["Deskhand.xlam"]
    assert capsys.readouterr().out.splitlines()[:5] == [
        "What will be done for you on this Windows machine:",
        f"  -  The add-in is in place: {add_in}",
        rf"  -  Excel 16.0 loads it already: {OPTIONS}",
        f"  -  The service starts when you log on already: Deskhand in {RUN}",
        "Nothing to do: everything is in place already.",
    ]


def test_the_service_is_put_into_the_logon_only_where_asked(
    folder: Path, machine: Machine, registry: MemoryRegistry
) -> None:
    install(machine, start_at_logon=False)
    assert RUN not in registry.keys

    install(machine)
    install(machine, start_at_logon=False)
    assert list(registry.texts(RUN)) == ["Deskhand"]


def test_uninstalling_takes_exactly_that_back(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path
) -> None:
    registry.keys[OPTIONS]["Font"] = Value("Calibri,11")
    registry.keys[RUN] = {"OneDrive": Value("onedrive.exe")}
    install(machine)
    registry.keys[OPTIONS]["OPEN2"] = Value("later.xlam")
    registry.keys[MANAGER] = {str(add_in): Value(""), "other.xlam": Value("")}
    (folder / "journals").mkdir()

    assert uninstall(machine) == 0

    assert registry.texts(OPTIONS) == {"Font": "Calibri,11", "OPEN": SOLVER, "OPEN1": "later.xlam"}
    assert registry.texts(MANAGER) == {"other.xlam": ""}
    assert registry.texts(RUN) == {"OneDrive": "onedrive.exe"}
    assert list(add_in.parent.iterdir()) == []
    assert [path.name for path in folder.iterdir()] == ["journals"]


def test_uninstalling_twice_says_that_there_is_nothing(
    folder: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert uninstall(machine) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "Nothing to take back: Deskhand is not installed here."


def test_a_dry_run_of_uninstall_takes_nothing_back(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(machine)
    before = {key: dict(values) for key, values in registry.keys.items()}
    capsys.readouterr()

    assert uninstall(machine, dry_run=True, purge=True) == 0

    assert capsys.readouterr().out.splitlines() == [
        "What will be taken back on this Windows machine:",
        rf"  1. Excel 16.0 no longer loads it: {OPTIONS}",
        f"  2. Delete the add-in: {add_in}",
        f"  3. The service no longer starts when you log on: Deskhand in {RUN}",
        f"  4. Delete jobs, journals, uploads and settings in {folder}; "
        "no change in a workbook can be undone after that",
        "Nothing was done: this was only the plan (--dry-run).",
    ]
    assert registry.keys == before
    assert add_in.exists()


def test_a_file_of_that_name_that_is_not_ours_is_kept_and_put_back(
    folder: Path, machine: Machine, add_in: Path
) -> None:
    add_in.parent.mkdir(parents=True)
    add_in.write_bytes(b"somebody's own")

    install(machine)
    assert add_in.read_bytes() == b"the add-in"
    assert add_in.with_name("Deskhand.bak.xlam").read_bytes() == b"somebody's own"

    uninstall(machine)
    assert add_in.read_bytes() == b"somebody's own"
    assert not add_in.with_name("Deskhand.bak.xlam").exists()


def test_a_newer_deskhand_replaces_its_own_add_in_and_still_knows_what_was_there_first(
    folder: Path, machine: Machine, add_in: Path
) -> None:
    add_in.parent.mkdir(parents=True)
    add_in.write_bytes(b"somebody's own")
    install(machine)
    machine.package_add_in.write_bytes(b"the next add-in")

    install(machine)

    assert add_in.read_bytes() == b"the next add-in"
    assert sorted(path.name for path in add_in.parent.iterdir()) == ["Deskhand.bak.xlam", "Deskhand.xlam"]
    uninstall(machine)
    assert add_in.read_bytes() == b"somebody's own"


def test_an_add_in_that_was_changed_since_is_left_where_it_is(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(machine)
    add_in.write_bytes(b"changed by somebody")

    assert uninstall(machine) == 0

    assert add_in.read_bytes() == b"changed by somebody"
    assert f"{add_in} is not the add-in that was installed" in capsys.readouterr().out
    assert registry.texts(OPTIONS) == {"OPEN": SOLVER}


def test_every_excel_that_the_person_has_used_is_told(tmp_path: Path, folder: Path, add_in: Path) -> None:
    keys = [rf"HKCU\Software\Microsoft\Office\{version}\Excel" for version in ("12.0", "14.0", "16.0")]
    registry = MemoryRegistry(keys)

    install(windows(tmp_path, registry))

    assert {key: registry.texts(rf"{key}\Options") for key in keys} == {
        keys[0]: {},
        keys[1]: {"OPEN": f'"{add_in}"'},
        keys[2]: {"OPEN": f'"{add_in}"'},
    }


def test_without_any_excel_the_person_is_told_to_start_one(
    tmp_path: Path, folder: Path, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(windows(tmp_path, MemoryRegistry())) == 0

    assert "start Excel once, close it, and run this again" in capsys.readouterr().out
    assert add_in.exists()


def test_an_open_excel_is_noticed_before_anything_is_done(
    tmp_path: Path, folder: Path, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    install(windows(tmp_path, registry, excel_open=True), dry_run=True)

    assert capsys.readouterr().out.splitlines()[1].startswith("  -  Excel is open. Close all its windows first")


def test_a_failure_half_way_says_what_was_done_and_what_was_not(
    tmp_path: Path, folder: Path, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = MemoryRegistry([OPTIONS], refused=[OPTIONS])

    assert install(windows(tmp_path, registry)) == 1

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == rf"Windows did not allow a change in the registry: {OPTIONS}: [Errno 5] Access is denied"
    assert lines[2:6] == [
        "Done:",
        f"  1. Put the add-in into {add_in}",
        "Not done:",
        rf"  2. Have Excel 16.0 load it: OPEN in {OPTIONS}",
    ]
    assert lines[6].startswith("  3. Start the service when you log on")
    assert RUN not in registry.keys


def test_an_add_in_that_excel_holds_is_told_and_everything_stays_as_it_was(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_in.parent.mkdir(parents=True)
    add_in.write_bytes(b"an older one")
    add_in.chmod(0o444)  # nearest to a file that another program holds: it can't be replaced

    assert install(machine) == 1

    assert capsys.readouterr().err.splitlines()[:2] == [
        f"The add-in is in use, so it can't be replaced or removed: {add_in}",
        "Close every window of Excel, also those without a workbook, and run the same command again.",
    ]
    assert [path.name for path in add_in.parent.iterdir()] == ["Deskhand.xlam"]
    assert add_in.read_bytes() == b"an older one"
    assert registry.texts(OPTIONS) == {"OPEN": SOLVER}
    assert not (folder / "installed.json").exists()


def test_an_installation_without_its_add_in_is_told_and_changes_nothing(
    folder: Path, machine: Machine, registry: MemoryRegistry, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.package_add_in.unlink()

    assert install(machine) == 1

    assert "came without its Excel add-in" in capsys.readouterr().err
    assert registry.texts(OPTIONS) == {"OPEN": SOLVER}
    assert not add_in.exists()


def test_the_python_of_the_store_is_refused_since_excel_would_not_see_its_files(
    tmp_path: Path, folder: Path, registry: MemoryRegistry, add_in: Path
) -> None:
    store = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0"

    with pytest.raises(InputError) as refused:
        install(windows(tmp_path, registry, base_python=store))

    assert refused.value.code == "store-python"
    assert not add_in.exists()


def test_wps_is_not_told_but_spoken_of(
    tmp_path: Path, folder: Path, registry: MemoryRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.keys[r"HKCU\Software\Kingsoft\Office\6.0"] = {}

    install(windows(tmp_path, registry))

    assert "WPS Office is here too. It is not told about the add-in" in capsys.readouterr().out
    assert registry.keys[r"HKCU\Software\Kingsoft\Office\6.0"] == {}


def test_macos_is_told_why_there_is_no_add_in_and_shown_a_launch_agent(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = other("macos", tmp_path)

    assert install(machine) == 0

    out = capsys.readouterr().out
    assert "Excel for Mac can't use the add-in" in out
    agent = out[out.index("<?xml") : out.index("</plist>") + len("</plist>")]
    assert plistlib.loads(agent.encode()) == {
        "Label": "deskhand.serve",
        "ProgramArguments": [str(machine.python), "-P", "-m", "services.cli", "serve"],
        "RunAtLoad": True,
    }
    assert not folder.exists()


def test_linux_is_told_where_the_file_lies_and_shown_a_unit(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = other("linux", tmp_path)

    assert install(machine) == 0

    out = capsys.readouterr().out
    assert f"There is no Excel on Linux, so nothing is put anywhere. The add-in is {machine.package_add_in}" in out
    assert f'ExecStart="{machine.python}" "-P" "-m" "services.cli" "serve"\n' in out
    assert "systemctl --user enable --now deskhand" in out


def test_purging_deletes_what_deskhand_keeps_and_nothing_else(folder: Path, machine: Machine) -> None:
    install(machine)
    (folder / "jobs" / "abc").mkdir(parents=True)
    (folder / "jobs" / "abc" / "result.json").write_text("{}")
    (folder / "ledger.sqlite3").touch()
    (folder / "app").mkdir()
    (folder / "my notes.txt").touch()

    assert uninstall(machine, purge=True) == 0

    assert sorted(path.name for path in folder.iterdir()) == ["app", "my notes.txt"]


def test_a_running_service_is_stopped_before_anything_is_taken_back(
    folder: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir(parents=True)
    with running_service(folder) as service:
        assert uninstall(machine, purge=True) == 0

        assert service.process.wait(timeout=SECONDS_TO_START) == 0
        lines = capsys.readouterr().out.splitlines()
        planned = f"  -  The service that runs at {service.address} is stopped first"
        assert f"{planned}; its jobs wait until it is started again." in lines
        assert f"The service at {service.address} has stopped." in lines
    assert list(folder.iterdir()) == []


def test_a_plan_that_is_only_shown_stops_no_service(folder: Path, machine: Machine) -> None:
    folder.mkdir(parents=True)
    with running_service(folder) as service:
        assert run_uninstall(machine, "en", dry_run=True, purge=True) == 0

        assert call(service.address, "GET", "/health", None, {}).status == 200


def test_data_that_a_service_holds_which_does_not_stop_is_not_deleted(folder: Path, machine: Machine) -> None:
    folder.mkdir(parents=True)
    (folder / "settings.toml").touch()
    with FileLock(folder / "serve.lock"):
        with pytest.raises(InputError) as refused:
            uninstall(machine, purge=True)

        assert refused.value.code == "service-running"
        assert (folder / "settings.toml").exists()


def test_installing_another_version_stops_the_service_and_the_same_version_lets_it_run(
    folder: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir(parents=True)
    with running_service(folder) as service:
        install(machine)
        assert call(service.address, "GET", "/health", None, {}).status == 200

        monkeypatch.setattr("services.installing.surroundings.own_version", lambda: "99.0")
        install(machine)
        assert service.process.wait(timeout=SECONDS_TO_START) == 0


def test_the_plan_is_shown_in_chinese(
    folder: Path, machine: Machine, add_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_install(machine, "zh", start_at_logon=False, dry_run=True)

    assert capsys.readouterr().out.splitlines()[:2] == [
        "将在这台 Windows 电脑上为您做这些事：",
        f"  1. 把加载项放到 {add_in}",
    ]
