"""Writes ``docs/cli.md`` and ``docs/http.md`` from the code: ``python -m tests.references``; a test compares them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from services.app import create_app
from services.cli import deskhand
from services.settings import load_settings

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made by `python -m tests.references`; the texts stand in the code and in templates/messages. -->"
METHODS = ("get", "post", "put", "delete")


def cli_reference() -> str:
    """Every command with its options, as its ``--help`` has them."""
    lines = ["# Commands", "", MADE, "", "`deskhand --language zh COMMAND --help` tells all of this in Chinese."]
    main = deskhand("en")
    with click.Context(main, info_name="deskhand") as context:
        lines += command_lines(main, context)
    return "\n".join(lines) + "\n"


def http_reference() -> str:
    """Every route with what it takes, as the OpenAPI text has them."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings(folder=Path(folder)))
        app.extensions["deskhand"].ledger.close()
        told = app.api_doc
    lines = ["# Routes", "", MADE, ""]
    lines += ["How to speak to the service: [services/api/README.md](../services/api/README.md). A running service has"]
    lines += ["the whole description at `GET /openapi.json`.", "", "| route | what it does | takes |", "|---|---|---|"]
    for path, item in told["paths"].items():
        for method in METHODS:
            if method in item:
                takes = "<br>".join(taken(item[method], told["components"]["schemas"]))
                lines.append(f"| `{method.upper()} {path}` | {item[method]['summary']} | {takes} |")
    return "\n".join(lines) + "\n"


def command_lines(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command and those below it. What every command takes stands with the main one alone."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from ("", f"## {context.command_path}", "", flat(command.help or ""), "", f"    {usage}")
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    if context.parent is not None:
        options = [option for option in options if option.name not in ("language", "help")]
    if options:
        yield from ("", "| option | |", "|---|---|")
    for option in options:
        flags, text = option.get_help_record(context) or ("", "")
        yield f"| `{escaped(flags)}` | {escaped(flat(text))} |"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            with click.Context(inner, info_name=name, parent=context) as below:
                yield from command_lines(inner, below)


def taken(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """The parts of a query, and of a body."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            yield part(f"?{parameter['name']}", parameter)
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        schema = schemas[content["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        for name, field in schema["properties"].items():
            inner = field.get("$ref", "").rpartition("/")[2]
            yield part(name, field) if not inner else f"`{name}`: {', '.join(f'`{n}`' for n in fields(schemas[inner]))}"
    elif content:
        yield "the bytes of a file"


def fields(schema: dict[str, Any]) -> list[str]:
    return list(schema["properties"])


def part(name: str, field: dict[str, Any]) -> str:
    return f"`{name}` {escaped(field['description'])}" if field.get("description") else f"`{name}`"


def flat(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    return text.replace("|", "\\|")


REFERENCES = {"cli.md": cli_reference, "http.md": http_reference}

if __name__ == "__main__":
    for name, made in REFERENCES.items():
        (DOCS / name).write_text(made(), "utf-8", newline="\n")
