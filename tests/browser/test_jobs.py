"""Jobs on the page: how far they are, stopping them and going on, what they found, and nothing that runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.window import window
from tests.serving import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TRAP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def started(service: Service, rows: int, workbook: str, value: str = "item ") -> str:
    """A job on a sheet of so many rows; 60,000 take a few seconds."""
    columns: list[list[Any]] = [[f"{value}{number % 97} " for number in range(rows)] for _ in range(6)]
    grid = {"sheet": "Orders", "address": "A2", "header": [f"{value}{n}" for n in range(6)], "columns": columns}
    call = {"grids": [grid], "workbook": workbook}
    reply = service.request("POST", "/v1/tasks/clean", call)
    assert reply.status in (200, 202), reply.text
    return str(reply.json["job"])


def test_jobs_are_seen_at_work_stopped_and_taken_up_again(browser: Browser, service: Service) -> None:
    with window(browser, service, "/jobs") as mine:
        assert "There are no jobs yet." in mine.text()
        busy = started(service, 60_000, "Large.xlsx")
        started(service, 20, "Small.xlsx")
        mine.go("/jobs")
        assert mine.page.locator(".badge").all_inner_texts()[0] == "waiting"
        mine.page.click("text=Small.xlsx")
        mine.page.click("text=Stop")
        assert "The job is stopped." in mine.text()
        assert mine.page.inner_text(".badge") == "stopped"
        mine.page.click("text=Resume")
        assert "The job goes on." in mine.text()
        assert mine.page.inner_text(".badge") == "waiting"
        waiting = mine.page.url

        mine.go(f"/jobs/{busy}")
        mine.page.wait_for_selector("progress")
        mine.page.click("text=Stop")
        assert "The job was asked to stop." in mine.text()
        mine.page.wait_for_selector(".badge.cancelled", timeout=60_000)  # the page itself finds out
        assert mine.page.inner_text("#say") == "stopped"
        mine.page.goto(waiting)
        mine.page.wait_for_selector(".badge.done", timeout=60_000)
        rows = mine.page.locator("table").first.locator("tbody tr")
        assert rows.count() > 0
        assert "Orders!A2" in rows.first.inner_text()
        assert "Nothing was sent." in mine.text()


def test_a_button_that_is_gone_leaves_the_focus_on_the_page_it_stood_on(browser: Browser, shared: Service) -> None:
    with window(browser, shared, "/jobs") as mine:
        busy = started(shared, 60_000, "Large.xlsx")
        waiting = started(shared, 20, "Small.xlsx")
        mine.go(f"/jobs/{waiting}")
        mine.page.focus("#cancel")
        shared.request("POST", f"/v1/jobs/{busy}/cancel")
        mine.page.wait_for_selector(".badge.done", timeout=60_000)

        assert mine.page.evaluate("document.activeElement.id") == "main"
        assert mine.page.locator("#cancel").count() == 0


def test_what_a_job_has_made_can_be_fetched(browser: Browser, shared: Service) -> None:
    upload = shared.request("POST", "/v1/files?name=orders.csv", b"Name,State\nAnn ,open\nBob,open \nCid,open\n").json
    job = shared.request("POST", "/v1/tasks/clean", {"file": upload["file"]}, {"Prefer": "wait=10"}).json["job"]
    assert shared.request("POST", f"/v1/jobs/{job}/apply", {"accept": "safe"}).status == 200

    with window(browser, shared, f"/jobs/{job}") as mine:
        with mine.page.expect_download() as fetched:
            mine.page.click("text=orders-clean.csv >> nth=0")
        assert fetched.value.suggested_filename == "orders-clean.csv"
        assert b"Ann,open" in fetched.value.path().read_bytes()
        assert mine.page.inner_text("dl.figures >> text=/2/") == "2"


def test_names_and_cells_that_look_like_a_page_are_shown_as_they_are(browser: Browser, shared: Service) -> None:
    job = started(shared, 5, TRAP, value=TRAP)
    shared.finished(job)

    with window(browser, shared, "/jobs") as mine:
        assert TRAP in mine.text()
        mine.go(f"/jobs/{job}")
        assert f"{TRAP}0␣" in mine.text()
        assert TRAP in mine.page.inner_text("h1")
        assert TRAP in mine.page.title()
        assert mine.page.locator("main img, main script").count() == 0


def test_a_job_that_failed_says_why_and_what_to_do(browser: Browser, shared: Service) -> None:
    upload = shared.request("POST", "/v1/files?name=broken.xlsx", b"PK\x03\x04 no workbook at all").json["file"]
    job = shared.request("POST", "/v1/tasks/clean", {"file": upload}, {"Prefer": "wait=10"}).json["job"]
    assert shared.finished(job)["state"] == "failed"

    with window(browser, shared, f"/jobs/{job}") as mine:
        assert mine.page.inner_text(".badge") == "failed"
        assert "broken.xlsx" in mine.page.inner_text(".card.bad")
        mine.page.click("text=Resume")
        mine.page.wait_for_selector(".badge.failed")
