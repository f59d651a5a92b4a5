"""``install.cmd`` can't be run without Windows; what cmd is known to trip over can be looked for."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
SCRIPT = PROJECT / "install.cmd"
HELP = PROJECT / "docs" / "install-help.txt"
PATHS = re.compile(r"%(?:~dp0|HERE|BASE|APP|RUN|SILENT|LOCALAPPDATA)%?")


def lines() -> list[str]:
    """The lines that cmd carries out."""
    everything = SCRIPT.read_bytes().decode("ascii").split("\r\n")
    return [line for line in everything if line and not line.startswith("rem ")]


def test_it_is_ascii_with_the_line_ends_of_windows() -> None:
    content = SCRIPT.read_bytes()

    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r") > 50
    assert content.endswith(b"\r\n")


def test_every_label_that_is_jumped_to_is_there_once_and_every_label_is_used() -> None:
    labels = [line[1:] for line in lines() if line.startswith(":")]
    jumps = {name for line in lines() for name in re.findall(r"(?:goto |call :)(\w+)", line)}

    assert len(labels) == len(set(labels))
    assert set(labels) - {"fill_place"} == jumps - {"fill_place"}
    assert "fill_place" in jumps


def test_every_path_stands_in_quotes() -> None:
    for line in lines():
        for found in PATHS.finditer(line):
            before = line[: found.start()]
            assert before.count('"') % 2 == 1, f"a path outside quotes: {line}"


def test_no_path_ends_in_a_backslash_before_its_closing_quote() -> None:
    handed_over = [line for line in lines() if not line.startswith("set ")]

    assert [line for line in handed_over if re.search(r'(?:\\|%HERE%)"', line)] == []


def test_there_are_no_blocks_in_brackets() -> None:
    assert [line for line in lines() if re.search(r"\($|^\s*\)", line)] == []


def test_exclamation_marks_in_paths_survive() -> None:
    assert "setlocal EnableExtensions DisableDelayedExpansion" in lines()


def test_it_never_asks_for_an_administrator_and_starts_nothing_else() -> None:
    text = "\n".join(lines()).lower()

    for word in (
        "runas",
        "powershell",
        "wscript",
        "cscript",
        "mshta",
        "reg add",
        "setx",
        "schtasks",
        "curl",
        "bitsadmin",
    ):
        assert word not in text


def test_every_way_that_fails_says_what_to_do_waits_for_a_key_and_ends_with_an_error() -> None:
    script = lines()
    failing = [line[1:] for line in script if line.startswith(":no")]

    assert len(failing) == 6
    for label in failing:
        start = script.index(f":{label}")
        part = script[start + 1 : script.index("goto failed", start)]
        assert len(part) >= 2
        assert all(line.startswith("echo   ") for line in part)
    assert script[script.index(":failed") + 1 :] == [
        "echo.",
        r'if exist "%HERE%docs\install-help.txt" start "" notepad.exe "%HERE%docs\install-help.txt"',
        "pause",
        "exit /b 1",
    ]


def test_python_is_tried_before_it_is_believed_and_the_one_of_the_store_is_not() -> None:
    trial = next(line for line in lines() if "sys.version_info" in line)

    code = re.search(r'-c "(.*?)"', trial)
    assert code is not None
    assert code[1] == "import sys; sys.exit(sys.version_info < (3, 11) or 'windowsapps' in sys.base_prefix.lower())"
    assert trial.startswith("call %* ")  # a python.bat, as some tools bring, would never come back otherwise


def test_modules_lying_beside_the_script_are_never_imported() -> None:
    runs = [line for line in lines() if " -m " in line]

    assert len(runs) == 5
    assert all(" -P -m " in line for line in runs)


def test_the_help_that_opens_names_every_failure_in_both_languages() -> None:
    content = HELP.read_bytes()
    said = [lines()[lines().index(line) + 1].removeprefix("echo   ") for line in lines() if line.startswith(":no")]

    assert content.startswith(b"\xef\xbb\xbf")  # so that every Notepad knows that it is UTF-8
    assert content.count(b"\n") == content.count(b"\r\n")
    chinese, english = content.decode("utf-8-sig").split("Deskhand: what to do", 1)
    for sentence in said:
        start = re.split(r"[.;\"(]| \"", sentence)[0].strip()
        assert start in chinese, start
        assert start in english, start
