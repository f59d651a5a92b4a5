"""The description of the routes holds what there is, and is OpenAPI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.app import create_app
from services.settings import load_settings
from tests.serving import Service

REFERENCE = "#/components/schemas/"


@pytest.fixture(scope="module")
def description(service: Service) -> dict[str, Any]:
    reply = service.request("GET", "/openapi.json")
    assert reply.status == 200
    told: dict[str, Any] = reply.json
    return told


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_every_route_is_described(description: dict[str, Any], tmp_path: Path) -> None:
    app = create_app(load_settings(folder=tmp_path))
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("pages.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    app.extensions["deskhand"].ledger.close()

    described = {(path, method) for path, item in description["paths"].items() for method in item}

    assert routes - described == {("/openapi.json", "get")}
    assert described - routes == set()


def test_the_description_is_openapi(description: dict[str, Any]) -> None:
    validate(description)


def test_the_description_is_whole(description: dict[str, Any]) -> None:
    known = {REFERENCE + name for name in description["components"]["schemas"]}

    assert description["openapi"].startswith("3.1")
    assert references(description) <= known
    operations = [operation for item in description["paths"].values() for operation in item.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)
    assert all(any(status.startswith("2") for status in operation["responses"]) for operation in operations)


def test_a_task_is_described_by_its_own_request(description: dict[str, Any]) -> None:
    body = description["paths"]["/v1/tasks/clean"]["post"]["requestBody"]["content"]

    assert set(body) == {"application/json", "text/tab-separated-values"}
    call = description["components"]["schemas"][body["application/json"]["schema"]["$ref"].removeprefix(REFERENCE)]
    assert {"request", "grids", "file", "workbook"} <= set(call["properties"])
    assert "region" in description["components"]["schemas"]["CleanRequest"]["properties"]


def test_all_but_health_needs_the_token(description: dict[str, Any]) -> None:
    assert description["security"] == [{"token": []}]
    assert description["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    open_paths = [
        path for path, item in description["paths"].items() if any(o.get("security") == [] for o in item.values())
    ]
    assert open_paths == ["/health"]
