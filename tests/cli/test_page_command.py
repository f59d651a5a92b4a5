"""The command ``page``: it opens the browser on the running service, or says why it can't."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.api.pages.rendering import ROOMS
from services.cli.page import PARTS
from tests.serving import PROJECT, Service, call, running_service

NOTED = "#!{python}\nimport pathlib, sys\npathlib.Path({file!r}).write_text(sys.argv[1])\n"


def page(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``deskhand page``."""
    known = {"PYTHONPATH": str(PROJECT), "DESKHAND_FOLDER": str(folder), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "page", *words],
        env={**os.environ, **known, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for the tests that leave it as it was."""
    with running_service(tmp_path_factory.mktemp("page") / "data") as running:
        yield running


@pytest.mark.parametrize("part", PARTS)
def test_the_browser_is_opened_on_the_part_that_was_asked_for(service: Service, tmp_path: Path, part: str) -> None:
    noted = tmp_path / "address"
    browser = tmp_path / "browser"
    browser.write_text(NOTED.format(python=sys.executable, file=str(noted)), "utf-8")
    browser.chmod(0o755)

    done = page(service.folder, part, "--language", "en", BROWSER=str(browser))

    assert (done.returncode, done.stdout) == (0, "The page is opened in your browser.\n")
    address = noted.read_text("utf-8")
    assert address.startswith(f"{service.address}{PARTS[part]}?ticket=")
    assert service.token not in address
    assert call(service.address, "GET", address.removeprefix(service.address), None, {}).status == 303


def test_where_no_browser_can_be_opened_the_address_is_told(service: Service) -> None:
    done = page(service.folder, "--language", "zh", BROWSER="/nothing/here", PATH="", DISPLAY="")

    told, address = done.stdout.splitlines()
    assert told == "无法打开浏览器。以下网址只能用一次，一分钟内有效："
    assert address.startswith(f"{service.address}/?ticket=")


def test_without_a_service_it_says_how_to_start_one(tmp_path: Path) -> None:
    done = page(tmp_path, "--language", "en")

    assert done.returncode == 1
    assert done.stderr.startswith("No Deskhand service is running")
    assert "deskhand serve" in done.stderr


def test_a_service_that_was_killed_is_none(tmp_path: Path) -> None:
    with running_service(tmp_path / "data") as service:
        service.kill()
        done = page(service.folder, "--language", "zh")

    assert done.returncode == 1
    assert done.stderr.startswith("Deskhand 服务没有运行")


def test_the_command_knows_the_parts_that_the_page_has() -> None:
    assert PARTS == ROOMS
