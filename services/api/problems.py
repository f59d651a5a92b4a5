"""Errors as answers: problem+json (RFC 9457) for programs, two plain lines for macros, in the caller's language."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Response, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from services.api.negotiation import language, wants_tsv
from services.errors import Conflict, DeskhandError, InputError, LedgerError, NotFound, OutputError, unexpected
from services.messages import Language

_SYNTAX = frozenset({"tsv", "grid-json", "body-not-utf8", "bad-json", "unknown-option", "option-invalid"})
"""Codes of requests that can't be read, in difference to those that can't be carried out."""
_DISK_FULL = frozenset({"ledger-disk-full", "output-disk-full", "replies-disk-full"})
PAGES = "pages"
"""The name of the routes of the web page, which tell their errors as pages."""
_BY_STATUS = {404: "no-such-address", 405: "wrong-method", 415: "wrong-media-type"}


class Refused(DeskhandError):
    """A request that the service does not take, with the HTTP status that says so."""

    def __init__(self, code: str, status: int, **parameters: object) -> None:
        super().__init__(code, **parameters)
        self.status = status


class Problem(BaseModel):
    """What went wrong. ``detail`` says what happened, ``todo`` what to do, ``code`` is the same in every one."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    todo: str
    parameters: dict[str, Any] = {}


def told(error: DeskhandError) -> Response:
    """The answer for an error of ours."""
    return problem_response(error, status_of(error), language(), plain=wants_tsv())


def told_http(error: HTTPException) -> Response:
    """The answer where Flask itself refuses: an unknown address, a wrong method, a body of another kind."""
    response = told(http_error(error))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def told_fault(error: Exception) -> Response:
    """The answer for a fault of ours: it goes to the log, and the caller learns that there is one."""
    return told(log_fault(error))


def http_error(error: HTTPException) -> Refused:
    """What Flask itself refuses, as an error of ours."""
    status = error.code or 500
    code = _BY_STATUS.get(status)
    parameters: dict[str, object] = {}
    if code == "no-such-address" or code == "wrong-method":
        parameters = {"method": request.method, "path": request.path[:200]}
    elif code is None:
        code, parameters = "refused", {"detail": error.name}
    return Refused(code, status, **parameters)


def log_fault(error: Exception) -> DeskhandError:
    """Write a fault of ours into the log, and give it as an error that a person may see."""
    logging.getLogger("deskhand").error("%s %s failed", request.method, request.path, exc_info=error)
    return unexpected(error)


def status_of(error: DeskhandError) -> int:
    """The HTTP status that an error of ours means."""
    if isinstance(error, Refused):
        return error.status
    if error.code in _DISK_FULL:
        return 507
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Conflict):
        return 409
    if isinstance(error, InputError):
        return 400 if error.code in _SYNTAX else 422
    return 503 if isinstance(error, LedgerError | OutputError) else 500


def problem_response(error: DeskhandError, status: int, speaking: Language, *, plain: bool) -> Response:
    """An error as an answer with this status, plain as two lines."""
    what, todo = error.what(speaking), error.todo(speaking)
    if plain:
        text, kind = f"{_line(what)}\n{_line(todo)}\n", "text/plain; charset=utf-8"
    else:
        problem = Problem(
            type=f"urn:deskhand:error:{error.code}",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=what,
            code=error.code,
            todo=todo,
            parameters={
                name: v if isinstance(v, str | int | float) else str(v) for name, v in error.parameters.items()
            },
        )
        text, kind = json.dumps(problem.model_dump(), ensure_ascii=True), "application/problem+json"
    headers = {"Deskhand-Error": error.code}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(text, status, headers, content_type=kind)


def _line(text: str) -> str:
    return " ".join(text.split())
