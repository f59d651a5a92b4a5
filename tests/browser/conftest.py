"""A real Chromium, and services for it to visit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.window import FLAGS
from tests.serving import Service, running_service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ENVIRONMENT = {
    "DESKHAND_LANGUAGE": "",
    "DESKHAND_WORKERS": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}
"""A service without a language of its own, with one worker and no place for secrets."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: that of the system, nothing is downloaded."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None or find_spec("playwright") is None:
        reason = "Chromium and playwright are needed to look at the page (apt install chromium, pip install playwright)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for the tests that leave its settings as they were."""
    with running_service(tmp_path_factory.mktemp("page"), **ENVIRONMENT) as running:
        yield running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service of the test's own."""
    with running_service(tmp_path / "data", **ENVIRONMENT) as running:
        yield running
