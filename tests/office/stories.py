"""The stories of the proof: what a person does with the add-in, each by a short name, and which tests tell it.

``@story("conflict", engine="libreoffice")`` marks a test as executing a story in an engine; the table in
docs/office-proof.md is held equal to these marks. No test and no engine lives here.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Literal, TypeVar

Engine = Literal["pyopenvba", "libreoffice"]
Test = TypeVar("Test", bound=Callable[..., None])

STORIES: dict[str, str] = {
    "clean-to-cells": "Select cells, click Clean, click Apply: the cells hold the cleaned values",
    "review": "The review sheet lists each change with its reason; safe ones are ticked",
    "partial-apply": "Only what is ticked is written",
    "conflict": "A cell edited between Clean and Apply is listed and left alone",
    "undo-one": "Undo with the cursor on one change takes back that one",
    "undo-all": "Undo elsewhere takes back the whole last apply",
    "undo-by-ctrl-z": "Excel's own Undo is offered after Apply and takes it back",
    "cancel": "Esc while it works stops the job and leaves the cells as they are",
    "service-down": "The service does not run: a message says what to do",
    "wrong-token": "The service refuses the token: a message says what to do",
    "time-out": "The service does not answer in time: a message says what to do",
    "restart-in-the-middle": "The service is killed and started again on another port: the job is finished",
    "rows-50000": "50,000 rows go out, are cleaned and come back as arrays",
    "chinese": "Chinese cells, Chinese messages",
    "english": "English cells, English messages",
    "table": "One cell in a table (ListObject) means the table; its titles are its header",
    "filtered": "Of a filtered range only the visible rows change, and a word says so",
    "two-areas": "Two selected areas are cleaned as two tables of one job",
    "whole-columns": "Whole columns are cut to the used range",
    "single-cell": "One selected cell means the region around it",
    "protected": "Locked cells of a protected sheet stay, and a word says so",
    "formulas": "Formulas are never written over",
    "merged": "Cells covered by a merged range stay as they are",
    "text-stays-text": "Identifiers, leading zeros and texts that look like formulas stay text",
    "dates-1904": "A workbook that counts from 1904 keeps its dates",
    "jobs-list": "Jobs lists what ran; a number opens its review again",
    "settings": "Settings shows and changes language and region",
    "help": "Help says what the buttons do and where the guide is",
    "errors-shown": "The service's own error is shown in the person's words",
}
"""What each story proves, by its name."""


def story(name: str, *, engine: Engine) -> Callable[[Test], Test]:
    """Mark a test as executing the story ``name`` in ``engine``; a test may tell several. Raises ``KeyError``."""
    STORIES[name]

    def mark(test: Test) -> Test:
        told: list[tuple[str, Engine]] = getattr(test, "stories", [])
        test.stories = [*told, (name, engine)]  # type: ignore[attr-defined]
        return test

    return mark


def told_in(*modules: ModuleType) -> dict[str, set[Engine]]:
    """The engines that execute each story, from the marked tests of these modules; a skipped test tells none."""
    found: dict[str, set[Engine]] = {name: set() for name in STORIES}
    for module in modules:
        for attribute, test in vars(module).items():
            marks = {mark.name for mark in getattr(test, "pytestmark", [])}
            if attribute.startswith("test_") and not marks & {"skip", "skipif", "xfail"}:
                for name, engine in getattr(test, "stories", []):
                    found[name].add(engine)
    return found
