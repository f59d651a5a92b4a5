"""docs/office-proof.md says neither more nor less than what the suites run."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from tests.office import interpreter
from tests.office.libreoffice import calc
from tests.office.stories import STORIES, told_in

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "office-proof.md").read_text("utf-8")
ENGINES = ("pyopenvba", "libreoffice")
CHECKS = [int(number) for number in re.findall(r"^(\d+)\. ", PAGE, re.M)]


def told() -> dict[str, set[str]]:
    """The engines that execute each story, from every test module of this folder."""
    paths = [path.relative_to(HERE.parents[1]).with_suffix("") for path in sorted(HERE.rglob("test_*.py"))]
    modules = [importlib.import_module(".".join(path.parts)) for path in paths if path.name != "test_proof_table"]
    return {name: set(engines) for name, engines in told_in(*modules).items()}


def table() -> dict[str, list[str]]:
    """The cells of each row of the table by the story's name."""
    rows = [re.split(r" *\| *", line.strip("| \n")) for line in PAGE.splitlines() if line.startswith("| `")]
    return {cells[0].strip("`"): cells[1:] for cells in rows}


def test_the_table_lists_every_story_in_its_words() -> None:
    assert {name: cells[0] for name, cells in table().items()} == STORIES


def test_the_table_says_which_engine_really_executes_a_story() -> None:
    said = {
        name: {engine for engine, cell in zip(ENGINES, cells[1:3], strict=True) if cell == "yes"}
        for name, cells in table().items()
    }
    assert said == told()


def test_what_an_engine_does_not_execute_has_its_reason() -> None:
    assert [
        cell for cells in table().values() for cell in cells[1:3] if cell != "yes" and not cell.startswith("no: ")
    ] == []


def test_the_page_counts_the_stories_of_each_engine() -> None:
    engines = told()
    counts = [sum(engine in found for found in engines.values()) for engine in ENGINES]
    assert (
        f"pyOpenVBA executes {counts[0]} of {len(STORIES)} stories, LibreOffice {counts[1]} of {len(STORIES)}." in PAGE
    )


def test_what_is_swapped_stands_there_word_for_word() -> None:
    flowing = " ".join(PAGE.split())
    swapped = [
        *(("P", text) for text in enumerate(interpreter.SWAPPED, 1)),
        *(("L", text) for text in enumerate(calc.SWAPPED, 1)),
    ]
    assert [text for letter, (number, text) in swapped if f"- {letter}{number} {text}" not in flowing] == []


def test_every_swap_and_every_check_that_a_row_names_is_there() -> None:
    for cells in table().values():
        for letter, number in re.findall(r"\b([PL])(\d+)\b", cells[3]):
            assert f"\n- {letter}{number} " in PAGE
        assert {int(number) for number in cells[4].split(", ")} <= set(CHECKS)


def test_the_checks_for_real_excel_are_numbered_without_a_gap() -> None:
    assert list(range(1, len(CHECKS) + 1)) == CHECKS
