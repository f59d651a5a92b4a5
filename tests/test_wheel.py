"""The package carries the built add-in, from the sources, from a source distribution, and where it is editable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
NEEDED = ("hatchling", "pyopenvba")
PARTS = (
    "LICENSE",
    "NOTICE",
    "README.md",
    "docs",
    "hatch_build.py",
    "install.cmd",
    "office_macros",
    "pyproject.toml",
    "services",
    "templates",
    ".gitignore",
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources as somebody unpacks them, in a folder whose name has blanks and Chinese in it."""
    for name in NEEDED:
        if find_spec(name) is None:
            reason = f"{name} is not installed, which builds the package"
            pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("unpacked") / "Deskhand 下载 (1)"
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.xlam", ".*_cache")
    for name in PARTS:
        part = PROJECT / name
        if part.is_dir():
            shutil.copytree(part, folder / name, ignore=ignored)
        else:
            shutil.copy(part, folder / name)
    return folder


def built(kind: str, sources: Path, out: Path) -> Path:
    """What the build backend makes of ``sources``: its one file in ``out``."""
    out.mkdir()
    subprocess.run(
        [sys.executable, "-c", f"import hatchling.build, sys; hatchling.build.build_{kind}(sys.argv[1])", str(out)],
        cwd=sources,
        check=True,
        capture_output=True,
    )
    return next(out.iterdir())


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the sources."""
    return built("wheel", sources, tmp_path_factory.mktemp("wheel") / "out")


@pytest.fixture(scope="module")
def add_in(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The add-in as the builder makes it of the same sources."""
    out = tmp_path_factory.mktemp("add-in")
    command = [sys.executable, "-m", "office_macros.build", "--out", str(out)]
    subprocess.run(command, cwd=sources, check=True, capture_output=True)
    return (out / "Deskhand.xlam").read_bytes()


def test_the_wheel_carries_the_built_add_in_and_the_sources_stay_as_they_were(
    sources: Path, wheel: Path, add_in: bytes
) -> None:
    with zipfile.ZipFile(wheel) as package:
        assert package.read("office_macros/Deskhand.xlam") == add_in
        names = package.namelist()

    assert {"office_macros/guide.en.md", "office_macros/guide.zh.md"} <= set(names)
    assert len(names) == len(set(names))
    assert {f"templates/web/{name}" for name in ("base.html", "page.css", "page.js", "mark.svg")} <= set(names)
    assert {"services/cli/__main__.py", "templates/messages/zh.toml", "services/demo/orders.xlsx"} <= set(names)
    assert {name.partition("/")[0] for name in names if not name.partition("/")[0].startswith("deskhand-")} == {
        "office_macros",
        "services",
        "templates",
    }
    assert not (sources / "office_macros" / "Deskhand.xlam").exists()


def test_a_program_that_runs_from_the_wheel_finds_its_add_in(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        package.extractall(tmp_path / "site")
    found = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli", "--language", "en", "install", "--dry-run"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "DESKHAND_FOLDER": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert str(tmp_path / "site" / "office_macros" / "Deskhand.xlam") in found.stdout.replace("\n", "")
    assert (tmp_path / "site" / "office_macros" / "Deskhand.xlam").is_file()


def test_the_source_distribution_has_guides_and_installer_and_makes_the_same_wheel(
    sources: Path, wheel: Path, tmp_path: Path
) -> None:
    archive = built("sdist", sources, tmp_path / "sdist")
    with tarfile.open(archive) as package:
        package.extractall(tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    again = built("wheel", unpacked, tmp_path / "wheel")

    assert {"install.cmd", "hatch_build.py", "docs/guide.en.md", "docs/guide.zh.md", "docs/install-help.txt"} <= {
        path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*")
    }
    assert not list(unpacked.rglob("*.xlam"))
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert {name: first.getinfo(name).CRC for name in first.namelist()} == {
            name: second.getinfo(name).CRC for name in second.namelist()
        }


def test_an_editable_installation_has_the_add_in_among_its_sources(
    sources: Path, tmp_path: Path, add_in: bytes
) -> None:
    copy = tmp_path / "checkout"
    shutil.copytree(sources, copy)

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel:editable", "--hooks-only"],
        cwd=copy,
        check=True,
        capture_output=True,
    )

    assert (copy / "office_macros" / "Deskhand.xlam").read_bytes() == add_in
