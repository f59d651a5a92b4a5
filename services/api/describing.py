"""What the OpenAPI text says of bodies and answers, which come as JSON or as TSV; made from the pydantic models."""

from __future__ import annotations

from typing import Any

from flask_openapi3.models.schema import Schema
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from services.api.negotiation import JSON, TSV
from services.api.problems import Problem

_PLACE = "#/components/schemas/{model}"
_TSV_TEXT = {"type": "string", "description": "Lines `#key<TAB>value`, an empty line, then rows of typed cells."}
_PROBLEM = {
    "application/problem+json": {"schema": {"$ref": _PLACE.format(model="Problem")}},
    "text/plain": {"schema": {"type": "string", "description": "What happened, and what to do: a line each."}},
}

ANSWERS: dict[int | str, Any] = {
    "4XX": {"description": "The request is refused; nothing was changed.", "content": _PROBLEM},
    "5XX": {"description": "The service can't do it just now.", "content": _PROBLEM},
}
"""The answers that any route may give."""

_models: dict[str, type[BaseModel]] = {"Problem": Problem}


def tag(name: str) -> Tag:
    """The group of routes that a route belongs to."""
    return Tag(name=name)


def answer(model: type[BaseModel], description: str = "OK") -> dict[str, Any]:
    """An answer in JSON by ``model``, or in TSV with the same names."""
    return {"description": description, "content": {JSON: {"schema": _named(model)}, TSV: {"schema": _TSV_TEXT}}}


def body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """What a route has to add to its description to take ``model`` as JSON, or in TSV with the same names."""
    content = {JSON: {"schema": _named(model)}, TSV: {"schema": _TSV_TEXT}}
    return {"requestBody": {"content": content, "required": required}}


def add_schemas(app: OpenAPI) -> None:
    """Put every model that an answer or a body was described with into the text."""
    for name, model in _models.items():
        schema = model.model_json_schema(ref_template=_PLACE)
        for inner, definition in schema.pop("$defs", {}).items():
            app.components_schemas[inner] = Schema(**definition)
        app.components_schemas[name] = Schema(**schema)


def _named(model: type[BaseModel]) -> dict[str, str]:
    _models[model.__name__] = model
    return {"$ref": _PLACE.format(model=model.__name__)}
