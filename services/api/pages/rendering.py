"""From a template to an answer: pages are HTML by Jinja from ``templates/web``, in the language of the person.

Everything that is put into a page is text and escaped; what a page says stands in the messages under ``page``.
"""

from __future__ import annotations

from functools import cache, partial
from typing import cast

from flask import Response, g, request
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.api.desk import desk
from services.api.pages.visits import Session
from services.api.problems import status_of
from services.errors import DeskhandError
from services.messages import Language, message
from services.version import own_version

ROOMS = {"start": "/", "settings": "/settings", "jobs": "/jobs", "sent": "/sent"}
"""The parts of the page with their addresses, in the order of the navigation."""

_HTML = "text/html; charset=utf-8"


def session() -> Session:
    """The session of the current request."""
    return cast(Session, g.session)


def speaking() -> Language:
    """The language of the page: chosen on it, else that of the settings, else of the browser, else English."""
    known: Session | None = g.get("session")
    if known is not None and known.language is not None:
        return known.language
    wished = desk().settings.language or request.accept_languages.best_match(["en", "zh"])
    return "zh" if wished == "zh" else "en"


def page(template: str, room: str = "", status: int = 200, **known: object) -> Response:
    """The answer made of a template. ``room`` is the part of the page that it belongs to, one of ``ROOMS``."""
    language = speaking()
    words = {
        "language": language,
        "lang": "zh-CN" if language == "zh" else "en",
        "t": partial(_text, language),
        "session": g.get("session"),
        "rooms": ROOMS,
        "room": room,
        "path": request.path,
        "version": own_version(),
        **known,
    }
    html = _templates().get_template(template).render(words)
    return Response(html.encode("utf-8", "replace"), status, content_type=_HTML)


def closed_page() -> Response:
    """What somebody without a session sees: how to open the page, in both languages, and nothing else."""
    both = {code: partial(_text, code) for code in ("zh", "en")}
    html = _templates().get_template("closed.html").render(both=both)
    return Response(html.encode(), 401, {"WWW-Authenticate": "Bearer"}, content_type=_HTML)


def error_page(error: DeskhandError) -> Response:
    """An error as a page: what happened, and what to do."""
    language = speaking()
    return page("error.html", status=status_of(error), what=error.what(language), todo=error.todo(language))


def _text(language: Language, key: str, /, **parameters: object) -> str:
    return message(f"page.{key}", language, **parameters)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("templates", "web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
