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
    "fill-form": "Fill opens a form for the table under the selection, with what is selected in it",
    "fill-preview": "Preview lists the first rows and says what all of them would take",
    "fill-to-cells": "Run and Apply put the answers into new columns, with titles that look like their neighbours",
    "fill-undo": "Undo takes back one answer, or the new columns with their titles and their look",
    "fill-gaps": "Rows without an answer are told with the reason; Jobs and R asks again for those alone",
    "fill-needs-model": "A template that needs a model while none is set: a message says what to do",
    "fill-asks-before-sending": "Before cells go to a model elsewhere its host and name are told; Cancel sends nothing",
    "clean-asks-before-sending": "The same before Clean asks a model elsewhere; No cleans by rules alone",
    "fill-chinese": "Form, answers and messages in Chinese",
    "fill-neighbour": "What stands right of the table stays as it is; the new column comes after it",
    "fill-partly": "Of a column that is partly filled only the empty cells are filled",
    "fill-table": "A table (ListObject) takes the new columns in, and Undo makes it as narrow as it was",
    "fill-older-service": "A service that can't fill: a message says so",
    "jobs-list": "Jobs lists what ran; a number opens its review again",
    "settings": "Where the service has no page, Settings shows and changes language and region in boxes",
    "page": "Settings and Jobs open the service's page in the browser with a ticket",
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
