"""What a caller asks for: the language, TSV or JSON, and how long it would wait. Bodies are read in ``bodies``."""

from __future__ import annotations

import re

from flask import request

from services.api.desk import desk
from services.messages import Language

TSV = "text/tab-separated-values"
JSON = "application/json"
LONGEST_WAIT = 10
"""Seconds that ``Prefer: wait=N`` (RFC 7240) can ask for at most."""

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})", re.I | re.ASCII)


def language() -> Language:
    """The language of the answer: that of the caller, else that of the settings, else English."""
    wished = request.accept_languages.best_match(["en", "zh"])
    if wished is not None:
        return "zh" if wished == "zh" else "en"
    return desk().settings.language or "en"


def wants_tsv() -> bool:
    """Whether the answer is to be TSV: where that is asked for, or was sent and JSON is not asked for more."""
    accepted = request.accept_mimetypes
    if request.mimetype == TSV:
        return accepted.quality(TSV) >= accepted.quality(JSON)
    return accepted.best_match([JSON, TSV]) == TSV


def wait_seconds() -> int:
    """How long the caller would wait for the end of the job, in seconds."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT) if found else 0
