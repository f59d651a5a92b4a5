"""The JSON schema of a reply to a question, in the narrow form that strict endpoints take."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

_KEPT = ("type", "description", "enum", "anyOf", "$ref")
"""Limits of length, range and pattern are left out: endpoints refuse some of them, and a model that runs into one cuts
its words in the middle. What a value has to be like is checked here, when the reply is read."""

_ID = {"type": "string", "description": "The id of the item that this answers."}


@lru_cache(maxsize=64)
def reply_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """The schema of ``{"answers": [{"id": ..., fields of answer}]}``: all required, nothing beside them."""
    full = answer.model_json_schema()
    one = _narrow(full)
    one["properties"] = {"id": _ID, **one["properties"]}
    one["required"] = list(one["properties"])
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"answers": {"type": "array", "description": "One answer for each item.", "items": one}},
        "required": ["answers"],
        "additionalProperties": False,
    }
    if "$defs" in full:
        schema["$defs"] = {name: _narrow(node) for name, node in full["$defs"].items()}
    return schema


@lru_cache(maxsize=64)
def fields_told(answer: type[BaseModel]) -> str:
    """The fields of an answer in words, a line each: name, kind, and description."""
    schema = answer.model_json_schema()
    lines = []
    for name, node in schema["properties"].items():
        description = node.get("description", "")
        lines.append(f"- {name} ({_kind(node, schema)}){': ' if description else ''}{description}")
    return "\n".join(lines)


def _narrow(node: dict[str, Any]) -> dict[str, Any]:
    narrow: dict[str, Any] = {key: node[key] for key in _KEPT if key in node}
    if "const" in node:
        narrow["enum"] = [node["const"]]
    if "anyOf" in narrow:
        narrow["anyOf"] = [_narrow(choice) for choice in narrow["anyOf"]]
    if "items" in node:
        narrow["items"] = _narrow(node["items"])
    if node.get("type") == "object" or "properties" in node:
        properties = {name: _narrow(child) for name, child in node.get("properties", {}).items()}
        narrow |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    return narrow


def _kind(node: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in node:
        return _kind(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    if "const" in node:
        return f'"{node["const"]}"'
    if "enum" in node:
        return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in node["enum"])
    if "anyOf" in node:
        return " | ".join(_kind(choice, schema) for choice in node["anyOf"])
    if node.get("type") == "array":
        return f"list of {_kind(node['items'], schema)}" if "items" in node else "list"
    return str(node.get("type", "value"))
