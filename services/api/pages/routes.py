"""The web page, put together: its start, its style and script, the choice of a language, and how it tells errors."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from services.api.desk import desk
from services.api.pages import job_pages, sent_page, settings_page
from services.api.pages.entrance import admit, see_other
from services.api.pages.job_view import view_of
from services.api.pages.model_view import model_in_use
from services.api.pages.rendering import error_page, page, session, speaking
from services.api.pages.usage import counted
from services.api.problems import PAGES, http_error, log_fault
from services.errors import DeskhandError, NotFound

_ASSETS = {"page.css": "text/css", "page.js": "text/javascript", "mark.svg": "image/svg+xml"}
_LAST_JOBS = 5
_PAGE_PATH = re.compile(r"/(?:settings|sent|jobs(?:/[a-z0-9]{1,40})?)?", re.ASCII)


def page_routes() -> Blueprint:
    """The routes of the web page, for the app."""
    pages = Blueprint(PAGES, __name__)
    pages.before_request(admit)
    pages.register_error_handler(DeskhandError, error_page)
    pages.register_error_handler(HTTPException, lambda error: error_page(http_error(error)))
    pages.register_error_handler(Exception, lambda error: error_page(log_fault(error)))
    pages.add_url_rule("/", "start", show_start)
    pages.add_url_rule("/page/<name>", "asset", send_asset)
    pages.add_url_rule("/language", "language", choose_language, methods=["POST"])
    for part in (settings_page.pages, job_pages.pages, sent_page.pages):
        pages.register_blueprint(part)
    return pages


def show_start() -> Response:
    """The state of things at a glance."""
    here, language = desk(), speaking()
    settings = here.current()
    with counted(settings.replies_file) as usage:
        return page(
            "start.html",
            "start",
            address=f"http://127.0.0.1:{settings.port}",
            folder=settings.folder,
            model=model_in_use(settings, language),
            jobs=[view_of(job, usage(job.id), language) for job in here.ledger.list(limit=_LAST_JOBS)],
            sent=usage(),
        )


def send_asset(name: str) -> Response:
    """A file that pages are made with."""
    if name not in _ASSETS:
        raise NotFound("no-such-file", file=name[:100])
    return Response(_asset(name), content_type=f"{_ASSETS[name]}; charset=utf-8")


def choose_language() -> Response:
    """Show the page in another language from now on."""
    chosen = request.form.get("language")
    session().language = "zh" if chosen == "zh" else "en"
    back = request.form.get("back", "")
    return see_other(back if _PAGE_PATH.fullmatch(back) else "/")


@cache
def _asset(name: str) -> bytes:
    return (resources.files("templates") / "web" / name).read_bytes()
