"""Choosing a model on the page: setting it, trying it, and what is said where it does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.window import Window, window
from tests.endpoint import Played, Received, answering, failing, rejecting, scripted
from tests.serving import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SECRET = "sk-very-secret-0123456789"


def reads_numbers(received: Received) -> Played:
    """A model that can do what it is tried with."""
    numbers = {"7 boxes of pens": 7, "第 21 号柜台": 21}
    return answering(lambda item: {"number": numbers[item["text"]]})(received)


def choose(mine: Window, base_url: str, **more: str) -> None:
    """Set an endpoint of one's own."""
    mine.page.select_option("#provider", "custom")
    mine.fill(base_url=base_url, model="scripted-1", **more)


def try_it(mine: Window) -> str:
    """Save and test; what the page says of it."""
    mine.page.click("button[value=try]")
    mine.page.wait_for_selector("#tried, [role=alert]")
    return mine.text()


def test_an_endpoint_is_set_and_tried_and_the_try_is_in_the_log(browser: Browser, service: Service) -> None:
    step = rejecting(reads_numbers, "json_schema", "tool")
    with scripted(step, models=("scripted-1", "other-2")) as endpoint, window(browser, service, "/settings") as mine:
        choose(mine, endpoint.base_url)
        told = try_it(mine)

        assert "The test succeeded" in told
        assert f"127.0.0.1:{endpoint.port} can be reached." in told
        assert "It has the model scripted-1." in told
        marks = mine.page.locator("#tried li").all_inner_texts()
        assert [mark.split("\n")[0] for mark in marks] == ["✓", "✓", "✗", "✗", "✓"]
        assert "Deskhand uses this: Replies as JSON (json_object)" in told
        assert mine.page.locator("#model-list option").count() == 2
        assert mine.page.inner_text(".badge >> nth=0") == "on this computer"

        mine.go("/sent")
        assert f"127.0.0.1:{endpoint.port}" in mine.page.inner_text("ol")
        assert "Testing the model" in mine.page.inner_text("ol")
        assert "All of it stayed on this computer." in mine.text()
        assert "The text is not kept." in mine.text()
        mine.go("/")
        assert "scripted-1" in mine.text()


def test_what_is_sent_can_be_read_where_a_person_wishes_so(browser: Browser, service: Service) -> None:
    with scripted(reads_numbers) as endpoint, window(browser, service, "/settings") as mine:
        choose(mine, endpoint.base_url)
        mine.page.check("#log_text")
        try_it(mine)
        mine.go("/sent")
        mine.page.click("summary >> nth=0")

        assert "第 21 号柜台" in mine.page.inner_text("pre >> nth=0")


def test_a_key_that_the_endpoint_refuses_is_told_with_what_to_do_and_shown_nowhere(
    browser: Browser, service: Service
) -> None:
    wrong = failing(401, "Incorrect API key provided", code="invalid_api_key")
    with scripted(wrong) as endpoint, window(browser, service, "/settings") as mine:
        choose(mine, endpoint.base_url, key=SECRET)
        told = try_it(mine)

        assert "The test did not succeed" in told
        assert "does not accept the key" in told
        assert "Incorrect API key provided" in told
        assert endpoint.requests[0].headers["authorization"] == f"Bearer {SECRET}"
        assert SECRET not in mine.page.content()
        assert mine.page.input_value("#key") == ""
        assert "A key is kept" in told
        mine.go("/sent")
        assert SECRET not in mine.page.content()

        mine.go("/settings")
        mine.page.click("text=Remove the key")
        assert "No key is kept for this endpoint." in mine.text()


def test_nothing_is_sent_to_another_machine_where_only_local_ones_are_allowed(
    browser: Browser, service: Service
) -> None:
    with window(browser, service, "/settings") as mine:
        choose(mine, "https://api.example.com/v1")
        mine.page.check("#local_only")
        told = try_it(mine)

        assert "The test did not succeed" in told
        assert "Nothing was sent" in told
        assert mine.page.inner_text(".badge >> nth=0") == "not allowed: local only"


def test_what_can_not_be_is_told_beside_its_field_and_nothing_is_kept(browser: Browser, shared: Service) -> None:
    with window(browser, shared, "/settings") as mine:
        mine.unlisted()
        mine.fill(temperature="9", max_tokens="many", base_url="ftp://x", region="Mars", top_p="0")
        mine.page.click("form.rows button[value=save] >> nth=0")
        mine.page.wait_for_selector("[role=alert]")

        assert mine.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        links = mine.page.locator("[role=alert] a").all_inner_texts()
        assert set(links) == {"Temperature", "Top P", "Longest reply, in tokens", "Region"}
        for name, why in (
            ("temperature", "2 or less"),
            ("max_tokens", "whole number"),
            ("top_p", "more than 0"),
            ("region", "two letters"),
        ):
            described = mine.page.get_attribute(f"#{name}", "aria-describedby") or ""
            assert f"{name}-error" in described.split()
            assert mine.page.get_attribute(f"#{name}", "aria-invalid") == "true"
            assert why in mine.page.inner_text(f"#{name}-error")
        assert mine.page.input_value("#temperature") == "9"
        assert not (shared.folder / "settings.toml").exists()

        mine.fill(temperature="0.2", max_tokens="", top_p="", region="gb", base_url="ftp://x")
        mine.page.click("form.rows button[value=save] >> nth=0")
        mine.page.wait_for_selector("#base_url-error")


@pytest.mark.parametrize(("provider", "field"), [("", "provider"), ("openai", "key"), ("ollama", "model")])
def test_what_is_missing_for_a_try_is_told_beside_its_field(
    browser: Browser, shared: Service, provider: str, field: str
) -> None:
    with window(browser, shared, "/settings") as mine:
        mine.page.select_option("#provider", provider)
        try_it(mine)

        assert mine.page.get_attribute(f"#{field}", "aria-invalid") == "true"


def test_a_chosen_provider_shows_where_it_is_and_what_it_suggests(browser: Browser, shared: Service) -> None:
    with window(browser, shared, "/settings") as mine:
        mine.page.select_option("#provider", "ollama")
        assert mine.page.get_attribute("#base_url", "placeholder") == "http://127.0.0.1:11434/v1"
        mine.page.select_option("#provider", "deepseek")
        assert mine.page.get_attribute("#base_url", "placeholder") == "https://api.deepseek.com"


def test_every_setting_on_the_page_is_kept_as_it_was_typed(browser: Browser, service: Service) -> None:
    typed = {
        "base_url": "http://127.0.0.1:9/v1",
        "model": "m-1",
        "temperature": "0.25",
        "top_p": "0.9",
        "max_tokens": "2000",
        "context_tokens": "16000",
        "model_timeout": "33.5",
        "concurrency": "3",
        "requests_per_minute": "60",
        "retries": "1",
        "proxy": "http://proxy.example:8080",
        "price_in": "0.0000015",
        "price_out": "1234567.89",
        "currency": "CNY",
        "budget_tokens": "50000",
        "budget_money": "2.5",
        "region": "CN",
    }
    with window(browser, service, "/settings") as mine:
        mine.unlisted()
        mine.page.select_option("#provider", "custom")
        mine.fill(**typed)
        mine.page.check("#log_text")
        mine.page.click("form.rows button[value=save] >> nth=0")
        mine.page.wait_for_selector("text=Saved.")
        mine.go("/settings")

        assert {name: mine.page.input_value(f"#{name}") for name in typed} == typed
        assert mine.page.is_checked("#log_text")
        mine.unlisted()
        mine.fill(**dict.fromkeys(typed, ""))
        mine.page.uncheck("#log_text")
        mine.page.select_option("#provider", "")
        mine.page.click("form.rows button[value=save] >> nth=0")
        mine.page.wait_for_selector("text=Saved.")
        assert mine.page.input_value("#temperature") == "0"
        assert mine.page.inner_text(".badge >> nth=0") == "not set"


def test_the_settings_work_without_scripts(browser: Browser, service: Service) -> None:
    with (
        scripted(reads_numbers) as endpoint,
        window(browser, service, "/settings", java_script_enabled=False) as mine,
    ):
        choose(mine, endpoint.base_url)

        assert "The test succeeded" in try_it(mine)
