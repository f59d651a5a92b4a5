"""Who gets to see the page: tickets, sessions, forms; and what a page of somebody else's can't do with them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from services.api.pages.visits import SESSION_SECONDS, TICKET_SECONDS, Visits
from tests.serving import Service, call
from tests.visiting import FORM, new_ticket, visitor

PAGES = ["/", "/settings", "/jobs", "/jobs/abc", "/sent", "/jobs/abc/files/result.xlsx"]
FORMS = ["/settings", "/settings/forget-key", "/language", "/jobs/abc/cancel", "/jobs/abc/resume"]


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_a_page_only_says_how_to_open_it(service: Service, path: str) -> None:
    reply = call(service.address, "GET", path, None, {})

    assert reply.status == 401
    assert "deskhand page" in reply.text
    assert "请从 Deskhand 打开此页" in reply.text
    assert str(service.folder) not in reply.text
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("path", FORMS)
def test_without_a_session_no_form_is_taken(service: Service, path: str) -> None:
    sent = {"Origin": service.address, "Content-Type": FORM}

    assert call(service.address, "POST", path, "csrf=x", sent).status == 401


def test_a_ticket_opens_a_session_and_leaves_the_address(service: Service) -> None:
    reply = call(service.address, "GET", f"/sent?ticket={new_ticket(service)}&job=abc", None, {})

    assert (reply.status, reply.headers["location"]) == (303, "/sent?job=abc")
    cookie, *attributes = reply.headers["set-cookie"].split("; ")
    assert re.fullmatch(rf"deskhand-{service.port}=[\w-]{{43}}", cookie)
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Strict"}
    assert call(service.address, "GET", "/sent", None, {"Cookie": cookie}).status == 200


@pytest.mark.parametrize(
    "query",
    ["_external=1", "_scheme=https&_external=1", "_method=POST", "_anchor=x", "endpoint=pages.asset", "job=a&job=b"],
)
def test_what_stands_in_the_address_of_a_ticket_is_data_and_leads_nowhere_else(service: Service, query: str) -> None:
    reply = call(service.address, "GET", f"/sent?{query}&ticket={new_ticket(service)}", None, {})

    assert (reply.status, reply.headers["location"]) == (303, f"/sent?{query}")


def test_a_ticket_is_good_once(service: Service) -> None:
    ticket = new_ticket(service)

    first = call(service.address, "GET", f"/?ticket={ticket}", None, {})
    again = call(service.address, "GET", f"/?ticket={ticket}", None, {})

    assert (first.status, again.status) == (303, 401)


def test_a_used_ticket_in_an_address_that_is_loaded_again_harms_nobody_who_is_in(service: Service) -> None:
    ticket = new_ticket(service)
    cookie = call(service.address, "GET", f"/jobs?ticket={ticket}", None, {}).headers["set-cookie"].partition(";")[0]

    again = call(service.address, "GET", f"/jobs?ticket={ticket}", None, {"Cookie": cookie})

    assert (again.status, again.headers["location"]) == (303, "/jobs")
    assert again.headers["set-cookie"].partition(";")[0] == cookie


def test_a_ticket_is_too_old_after_a_minute_and_a_session_after_a_day_of_work() -> None:
    now = 1000.0
    visits = Visits(lambda: now)
    early, late = visits.new_ticket(), visits.new_ticket()

    now += TICKET_SECONDS - 1
    session = visits.enter(early)
    now += 2
    assert session is not None
    assert visits.enter(late) is None
    assert visits.session(session.id) is session
    now += SESSION_SECONDS
    assert visits.session(session.id) is None


def test_tickets_without_end_push_out_the_oldest() -> None:
    visits = Visits()
    tickets = [visits.new_ticket() for _ in range(101)]

    assert visits.enter(tickets[0]) is None
    assert visits.enter(tickets[1]) is not None


@pytest.mark.parametrize("ticket", ["", "wrong", "é", "x" * 10_000])
def test_a_ticket_that_was_not_given_opens_nothing(service: Service, ticket: str) -> None:
    assert call(service.address, "GET", f"/?{urlencode({'ticket': ticket})}", None, {}).status == 401


def test_only_the_token_gets_a_ticket(service: Service) -> None:
    known = visitor(service)

    assert call(service.address, "POST", "/v1/tickets", None, {"Cookie": known.cookie}).status == 401
    assert call(service.address, "POST", "/v1/tickets", None, {"Origin": service.address}).status == 401


def test_the_token_itself_opens_no_page(service: Service) -> None:
    assert service.request("GET", "/").status == 401
    assert service.request("GET", f"/?ticket={service.token}").status == 401


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/settings", "/openapi.json", "/nothing/here"])
def test_a_session_opens_nothing_but_pages(service: Service, path: str) -> None:
    assert visitor(service).get(path).status == 401


def test_what_a_session_sends_to_other_routes_is_refused(service: Service) -> None:
    known = visitor(service)

    assert known.post("/v1/stop").status == 401
    assert known.post("/v1/files?name=a.csv").status == 401


def test_a_ticket_is_not_spent_by_asking_for_the_head_alone_nor_by_office_itself(service: Service) -> None:
    ticket = new_ticket(service)

    call(service.address, "HEAD", f"/?ticket={ticket}", None, {})
    office = call(service.address, "GET", f"/?ticket={ticket}", None, {"User-Agent": "Microsoft Office Excel 2014"})

    assert office.status == 401
    assert call(service.address, "GET", f"/?ticket={ticket}", None, {}).status == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_leads_to_is_not_shown(service: Service, site: str) -> None:
    known, ticket = visitor(service), new_ticket(service)

    assert known.get("/settings", {"Sec-Fetch-Site": site}).status == 401
    assert call(service.address, "GET", f"/?ticket={ticket}", None, {"Sec-Fetch-Site": site}).status == 401
    assert known.get("/settings", {"Sec-Fetch-Site": "same-origin"}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": None},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_of_another_page_is_refused_even_with_the_cookie(
    service: Service, headers: dict[str, str | None]
) -> None:
    reply = visitor(service).post("/language", {"language": "zh"}, headers)

    assert reply.status == 403
    assert "text/html" in reply.headers["content-type"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("csrf", ["", "wrong", "é"])
def test_a_form_that_is_of_no_page_of_this_session_is_refused(service: Service, path: str, csrf: str) -> None:
    known = visitor(service)

    assert known.post(path, {"csrf": csrf}).status == 403
    assert known.post(path, {"csrf": visitor(service).csrf}).status == 403


def test_a_name_that_was_rebound_to_this_machine_gets_no_page(service: Service) -> None:
    known = visitor(service)

    reply = known.get("/settings", {"Host": f"attacker.example:{service.port}"})

    assert reply.status == 403
    assert str(service.folder) not in reply.text


@pytest.mark.parametrize("path", ["/", "/settings", "/jobs", "/sent", "/jobs/unknown"])
def test_a_page_lets_a_browser_load_and_run_nothing_but_our_own(service: Service, path: str) -> None:
    reply = visitor(service).get(path)
    policy = dict(part.partition(" ")[::2] for part in reply.headers["content-security-policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {"'self'"}
    assert (policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'")
    assert (reply.headers["cache-control"], reply.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert not re.search(r"<script(?! src=\"/page/page.js\" defer>)|<style| style=| on\w+=", reply.text)


@pytest.mark.parametrize("back", ["//attacker.example", "https://attacker.example", "/\\attacker.example", "/v1/x", ""])
def test_the_choice_of_a_language_leads_to_no_other_place(service: Service, back: str) -> None:
    assert visitor(service).post("/language", {"language": "en", "back": back}).headers["location"] == "/"


def test_the_language_that_was_chosen_holds_for_this_browser_alone(service: Service) -> None:
    known = visitor(service)

    reply = known.post("/language", {"language": "zh", "back": "/jobs"})

    assert (reply.status, reply.headers["location"]) == (303, "/jobs")
    assert '<html lang="zh-CN">' in known.get("/jobs").text
    assert '<html lang="en">' in visitor(service).get("/jobs").text


def test_an_unknown_job_is_told_as_a_page(service: Service) -> None:
    reply = visitor(service).get("/jobs/abc")

    assert reply.status == 404
    assert 'role="alert"' in reply.text


def test_a_form_without_end_is_refused(service: Service) -> None:
    reply = visitor(service).post("/language", {"back": "x" * 1_100_000})

    assert reply.status == 413


def test_the_files_of_the_page_are_there_for_everybody_and_no_others_are(service: Service) -> None:
    css = call(service.address, "GET", "/page/page.css", None, {})
    other = call(service.address, "GET", "/page/base.html", None, {})

    assert (css.status, css.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert other.status == 404
