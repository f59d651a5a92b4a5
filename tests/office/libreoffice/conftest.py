"""One LibreOffice for all tests of this folder, and what a test finds in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.office.libreoffice.calc import Calc, macro_workbook, what_is_missing
from tests.serving import Service


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    """LibreOffice with the add-in's modules loaded."""
    missing = what_is_missing()
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    workbook = macro_workbook(tmp_path_factory.mktemp("macros") / "macros.xlsm")
    office = Calc()
    try:
        office.load(workbook)
        yield office
    finally:
        office.close()


@pytest.fixture
def office(calc: Calc, story_service: Service) -> Iterator[Calc]:
    """LibreOffice with nothing open; the add-in finds the service that all stories share."""
    calc.environment(DESKHAND_FOLDER=str(story_service.folder))
    yield calc
    calc.close_others()
