"""A request's body: TSV is decoded to the very request that JSON makes, then both are validated by one model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from services.api.negotiation import JSON, TSV
from services.errors import InputError
from services.refused import why_refused
from services.workbook.grid import Grid
from services.workbook.grid_json import GridModel
from services.workbook.tsv import decode_all

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of a surrogate (ECMA-404, 9)."""

MOST_GRIDS = 1000
"""Rectangles in one request: more are no selection of a person's, and each is a table to look into."""


class Call(BaseModel):
    """A request's body: options and, in ``grids``, rectangles of cells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grids: tuple[GridModel, ...] = Field((), description="The cells, one rectangle after the other.")


CallT = TypeVar("CallT", bound=Call)


def read_call(model: type[CallT]) -> tuple[CallT, list[Grid]]:
    """The body as ``model``, and the Grids in it. No body is one without options.

    In TSV the options are fields of the model; those that it does not have are fields of its ``request``, where it has
    one. Lists have commas between their entries, or line feeds where an entry has a comma.
    Raises ``InputError``: ``tsv``, ``grid-json``, ``body-not-utf8``, ``bad-json``, ``unknown-option``,
    ``option-invalid``, ``too-many-grids``; and ``UnsupportedMediaType`` for a body of another kind.
    """
    text = _text()
    if request.mimetype == TSV:
        options, grids = decode_all(text) if text.strip() else ({}, [])
        _check_count(grids)
        return _validated(model, _fields(model, options)), grids
    if text and request.mimetype != JSON:
        raise UnsupportedMediaType
    call = _validated(model, _json(text))
    _check_count(call.grids)
    return call, [grid.grid() for grid in call.grids]


def _check_count(grids: Sequence[object]) -> None:
    if len(grids) > MOST_GRIDS:
        raise InputError("too-many-grids", count=len(grids), limit=MOST_GRIDS)


def invalid(error: ValidationError, model: type[BaseModel] | None = None) -> InputError:
    """What a validation finds wrong first, told by the option's name."""
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]] or ["-"]
    if first["type"] == "extra_forbidden":
        known = _known(model, place[:-1]) or ["/openapi.json"]
        return InputError("unknown-option", option=place[-1][:100], known=", ".join(known))
    return InputError(
        "option-invalid", option=".".join(place)[:100], value=str(first["input"])[:100], detail=why_refused(first)
    )


def _text() -> str:
    data = request.get_data(cache=False)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("body-not-utf8", line=data.count(b"\n", 0, error.start) + 1) from error


def _json(text: str) -> Any:
    try:
        read = json.loads(text) if text.strip() else {}
        if half := _HALF.search(text):  # may be half a character: no text that can be kept anywhere
            json.dumps(read, ensure_ascii=False).encode("utf-8")
        return read
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
    except UnicodeEncodeError:
        assert half is not None
        before = text[: half.start()]
        line, column = before.count("\n") + 1, half.start() - before.rfind("\n")
    except (ValueError, RecursionError):
        line, column = 1, 1
    raise InputError("bad-json", line=line, column=column)


def _validated(model: type[CallT], fields: Any) -> CallT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise invalid(error, model) from error


def _fields(model: type[BaseModel], options: Mapping[str, str]) -> dict[str, Any]:
    """TSV options as the JSON that they stand for."""
    inner, own = _request_model(model), _options(model)
    fields: dict[str, Any] = {name: _value(model, name, text) for name, text in options.items() if name in own}
    other = {name: text for name, text in options.items() if name not in own}
    if inner is None:
        return {**fields, **other}
    return {**fields, "request": {name: _value(inner, name, text) for name, text in other.items()}}


def _value(model: type[BaseModel], name: str, text: str) -> Any:
    field = model.model_fields.get(name)
    if field is not None and _is_list(field.annotation):
        return [word.strip() for word in re.split("\n" if "\n" in text else "[,，]", text) if word.strip()]
    return text


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return origin in (list, tuple) or any(_is_list(part) for part in get_args(annotation))


def _known(model: type[BaseModel] | None, place: Sequence[str]) -> list[str]:
    """The options that are known at this place."""
    inner = None if model is None else _request_model(model)
    if model is None or place not in ([], ["request"]):
        return []
    return [*_options(model), *(inner.model_fields if inner is not None else ())]


def _options(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in ("request", "grids")]


def _request_model(model: type[BaseModel]) -> type[BaseModel] | None:
    """The model of a field ``request``, where there is one."""
    field = model.model_fields.get("request")
    found: Any = None if field is None else field.annotation
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None
