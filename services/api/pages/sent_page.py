"""The log of what left this machine, as a page: when, where to, what for, how much, and on wish the very text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, request

from services.api.desk import desk
from services.api.job_reply import local_time
from services.api.pages.rendering import page, speaking
from services.api.pages.usage import counted, grouped, money
from services.llm.log_words import purpose_in_words, trouble_in_words
from services.llm.store import Sent, sent_lines
from services.messages import Language, message

_MOST_LINES = 200

pages = Blueprint("sent", __name__)


@dataclass(frozen=True, slots=True)
class SentView:
    """One request. ``request`` and ``reply`` are its texts, "" where they were not to be kept."""

    n: int
    when: str
    host: str
    model: str
    is_local: bool
    purpose: str
    job: str
    items: int
    tokens_in: str
    tokens_out: str
    cost: str
    outcome: str
    is_bad: bool
    error: str
    request: str
    reply: str


@pages.get("/sent")
def show_sent() -> Response:
    """What left, the newest first; with ``job`` for that job alone."""
    job, language = request.args.get("job", "")[:40] or None, speaking()
    settings = desk().current()
    lines = sent_lines(settings.replies_file, _MOST_LINES, job)
    with counted(settings.replies_file) as usage:
        total = usage(job)
    places = Counter("here" if line.is_local else "away" for line in lines)
    return page(
        "sent.html",
        "sent",
        job=job,
        lines=[_view(line, language) for line in lines],
        total=total,
        places=places,
        most=_MOST_LINES,
        keeps_text=settings.log_text,
    )


def _view(sent: Sent, language: Language) -> SentView:
    return SentView(
        n=sent.n,
        when=local_time(sent.when),
        host=sent.host,
        model=sent.model,
        is_local=sent.is_local,
        purpose=purpose_in_words(sent.purpose, language),
        job=sent.job,
        items=sent.items,
        tokens_in=grouped(sent.tokens_in),
        tokens_out=grouped(sent.tokens_out),
        cost=money(sent.cost, sent.currency),
        outcome=message(f"page.outcome.{sent.outcome}", language),
        is_bad=sent.outcome in ("failed", "void"),
        error=trouble_in_words(sent.error, language),
        request=_readable(sent.request),
        reply=sent.reply,
    )


def _readable(text: str) -> str:
    """Messages, which are kept as JSON, with line breaks and letters as they were; anything else as it is kept."""
    try:
        messages = json.loads(text)
        return "\n\n".join("[" + part["role"] + "]\n" + part["content"] for part in messages)
    except (ValueError, TypeError, LookupError):
        return text
