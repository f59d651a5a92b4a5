"""How the page looks and reads: no part cut off at any width, and nothing that a screen reader stumbles over."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.window import Window, window
from tests.serving import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def every_page(mine: Window, shared: Service) -> list[str]:
    """The addresses of all pages, with a job that has found something."""
    grid = {
        "sheet": "Orders with a name that is rather long",
        "columns": [["Name", "Ann ", "Bob", " Cid"], ["Price of it", "1,000.50", "abc", "2.5"]],
    }
    call = {"grids": [grid], "workbook": "A workbook with a very_long_name_without_any_space_in_it_2026.xlsx"}
    job = shared.request("POST", "/v1/tasks/clean", call, {"Prefer": "wait=10"}).json["job"]
    shared.finished(job)
    return ["/", "/settings", "/jobs", f"/jobs/{job}", "/sent", "/jobs/unknown"]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, shared: Service, width: int, language: str) -> None:
    with window(browser, shared, viewport={"width": width, "height": 800}, locale=language) as mine:
        for path in every_page(mine, shared):
            mine.go(path)
            mine.unlisted()
            assert (path, mine.page.evaluate("document.documentElement.scrollWidth")) == (path, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_to_complain_of(browser: Browser, shared: Service, scheme: str, language: str) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with window(browser, shared, color_scheme=scheme, locale=language) as mine:
        for path in every_page(mine, shared):
            mine.go(path)
            mine.unlisted()
            assert (path, complaints(mine, axe)) == (path, [])
        mine.context.clear_cookies()
        mine.go("/settings")
        assert complaints(mine, axe) == []


def test_axe_finds_nothing_in_a_form_with_mistakes(browser: Browser, shared: Service) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with window(browser, shared, "/settings") as mine:
        mine.unlisted()
        mine.fill(temperature="9", region="Mars")
        mine.page.click("form.rows button[value=save] >> nth=0")
        mine.page.wait_for_selector("[role=alert]")

        assert complaints(mine, axe) == []


def test_a_page_can_be_read_at_twice_its_size(browser: Browser, shared: Service) -> None:
    with window(browser, shared, "/settings", viewport={"width": 640, "height": 450}, device_scale_factor=2) as mine:
        mine.unlisted()
        assert mine.page.evaluate("document.documentElement.scrollWidth") == 640


def complaints(mine: Window, axe: str) -> list[str]:
    """What axe finds on the page as it stands."""
    mine.page.evaluate(axe)
    found: list[dict[str, Any]] = mine.page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(found => found.violations)", RULES
    )
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
