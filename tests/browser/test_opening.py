"""Opening the page, and finding one's way on it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.window import window
from tests.serving import PROJECT, Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_command_opens_the_page_once_and_nobody_else_can_use_its_address(browser: Browser, shared: Service) -> None:
    known = {"PYTHONPATH": str(PROJECT), "DESKHAND_FOLDER": str(shared.folder)}
    told = subprocess.run(
        [sys.executable, "-m", "services.cli", "--language", "en", "page", "settings", "--print"],
        env={**os.environ, **known},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    address = told.stdout.strip()

    with window(browser, shared) as mine:
        mine.context.clear_cookies()
        mine.page.goto(address)
        assert mine.page.url == f"{shared.address}/settings"
        assert mine.page.inner_text("h1") == "Settings"
        assert mine.page.evaluate("document.cookie") == ""
        stranger = browser.new_context().new_page()
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 401
        assert "deskhand page" in stranger.inner_text("main")
        stranger.context.close()


def test_every_part_of_the_page_is_reached_from_every_other(browser: Browser, shared: Service) -> None:
    with window(browser, shared) as mine:
        for name, path in (("Settings", "/settings"), ("Jobs", "/jobs"), ("What was sent", "/sent"), ("Overview", "/")):
            mine.page.click(f"nav >> text={name}")
            assert urlsplit(mine.page.url).path == path
            assert mine.page.inner_text("nav [aria-current=page]") == name


def test_the_page_speaks_the_browsers_language_and_the_other_one_on_wish(browser: Browser, shared: Service) -> None:
    with window(browser, shared, "/jobs", locale="zh-CN") as mine:
        assert mine.page.inner_text("h1") == "任务"
        assert mine.page.get_attribute("html", "lang") == "zh-CN"
        mine.page.click("text=English")
        assert mine.page.url == f"{shared.address}/jobs"
        assert mine.page.inner_text("h1") == "Jobs"
        mine.page.click("text=中文")
        assert mine.page.inner_text("h1") == "任务"


def test_the_language_of_the_settings_comes_before_that_of_the_browser(browser: Browser, service: Service) -> None:
    with window(browser, service, "/settings") as mine:
        mine.page.select_option("#language", "zh")
        mine.page.click("form.rows button[value=save] >> nth=0")
        assert mine.page.inner_text("[role=status]") == "已保存。"
    with window(browser, service) as other:
        assert other.page.inner_text("h1") == "工作台"


def test_what_a_browser_of_another_person_finds_is_closed(browser: Browser, shared: Service) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()

    answer = page.goto(f"{shared.address}/sent")

    assert answer is not None
    assert answer.status == 401
    assert "请从 Deskhand 打开此页" in page.inner_text("main")
    context.close()


def test_all_of_it_can_be_done_by_keyboard_alone(browser: Browser, service: Service) -> None:
    with window(browser, service) as mine:
        press, focused = mine.page.keyboard.press, "document.activeElement"
        press("Tab")
        assert mine.page.evaluate(f"{focused}.className") == "skip"
        assert mine.page.evaluate(f"{focused}.getBoundingClientRect().top") >= 0
        press("Enter")
        assert mine.page.evaluate(f"{focused}.id") == "main"
        for _ in range(20):
            press("Shift+Tab")
            if mine.page.evaluate(f"{focused}.textContent") == "Settings":
                break
        assert mine.page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
        press("Enter")
        mine.page.wait_for_url("**/settings")
        for _ in range(30):
            press("Tab")
            if mine.page.evaluate(f"{focused}.id") == "model":
                break
        mine.page.keyboard.type("qwen2.5")
        press("Enter")
        mine.page.wait_for_selector("text=Saved.")
        assert 'model = "qwen2.5"' in (service.folder / "settings.toml").read_text("utf-8")
