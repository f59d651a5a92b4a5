"""The modules that stand in for DhHost in the interpreters offer what DhHost offers, in the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office.interpreter import SOURCES, TWIN

HOST = SOURCES / "common" / "DhHost.bas"
LIBREOFFICE = Path(__file__).parent / "libreoffice" / "DhHost.bas"


def signatures(path: Path) -> dict[str, str]:
    """Every public procedure with its kind, and each parameter's passing and type; parameters' names are free."""
    found = re.findall(r"^Public (Function|Sub) (\w+)\((.*)\)(.*)$", path.read_text("ascii"), re.M)
    unnamed = {name: re.sub(r"(ByVal|ByRef) \w+", r"\1", parameters) for _, name, parameters, _ in found}
    return {name: f"{kind}({unnamed[name]}){returned}" for kind, name, _, returned in found}


@pytest.mark.parametrize("twin", [TWIN, LIBREOFFICE], ids=["pyopenvba", "libreoffice"])
def test_a_twin_has_every_function_of_the_host(twin: Path) -> None:
    stands_in = signatures(twin)
    wanted = signatures(HOST)
    assert wanted
    assert {name: stands_in.get(name) for name in wanted} == wanted


def test_only_the_host_calls_what_interpreters_lack() -> None:
    lacking = re.compile(r"\b(CreateObject|Declare|DoEvents|MsgBox|InputBox|OnUndo|EnableCancelKey|Environ\$?)\b")
    for path in sorted(SOURCES.rglob("*.bas")):
        code = [line.partition(" '")[0] for line in path.read_text("ascii").splitlines() if line.lstrip()[:1] != "'"]
        if path != HOST:
            assert [line for line in code if lacking.search(line)] == [], path.name
