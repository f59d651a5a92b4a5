"""Builds the Excel add-in from its sources: ``python -m office_macros.build [--out DIR]``.

Needs pyOpenVBA and nothing else that Python does not bring, so that it can run while a wheel is built. What the modules
say and how the package is put together stands in ``office_macros.building``.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from pathlib import Path

from pyopenvba import ExcelFile

from office_macros.building.package import finished, write_package
from office_macros.building.texts import read_texts, texts_module

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = Path(__file__).resolve().parent / "sources"
RIBBON = Path(__file__).resolve().parent / "ribbon" / "excel.xml"
NAME = "Deskhand.xlam"
DESCRIPTION = "Cleans selected cells, shows every change, and takes it back when asked."


def build(out: Path) -> Path:
    """Build ``Deskhand.xlam`` into the folder ``out`` and say where it lies. The same sources make the same bytes.

    Raises ``ValueError`` for a source that is not ASCII or a text that only one language has.
    """
    package = finished(_with_modules(modules()), RIBBON.read_text("utf-8"), version(), DESCRIPTION)
    target = out / NAME
    write_package(target, package)
    return target


def modules() -> dict[str, str]:
    """The source of every module by its name, lines ending in CR LF as VBA keeps them, the generated one with them."""
    texts = {
        path.stem: path.read_text("utf-8").replace("\r\n", "\n")
        for folder in ("common", "excel")
        for path in sorted((SOURCES / folder).glob("*.bas"))
    }
    texts["DhTexts"] = texts_module(read_texts(PROJECT / "templates" / "messages"), version())
    for name, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if not line.isascii():
                raise ValueError(f"{name}, line {number}: VBA keeps only ASCII safely; write ChrW or a message")
    return {name: texts[name].replace("\n", "\r\n") for name in sorted(texts)}


def version() -> str:
    """The project's version, which the add-in bears too."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def main() -> None:
    """Build into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m office_macros.build", description="Build the Excel add-in.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, metavar="DIR")
    print(build(parser.parse_args().out))


def _with_modules(sources: dict[str, str]) -> bytes:
    """A blank add-in with these modules, as pyOpenVBA saves it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        with ExcelFile.create_new(path) as workbook:
            project = workbook.vba_project()
            project.delete_module("Module1")
            for name, source in sources.items():
                project.add_module(name, source)
            workbook.save()
        return path.read_bytes()


if __name__ == "__main__":
    main()
