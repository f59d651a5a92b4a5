"""The command ``doctor``: what is in place and what to do about the rest, as a list for people or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.cli.hints import command
from services.cli.language import language_option
from services.cli.outcome import write_json
from services.diagnosis.checks import Finding, diagnose
from services.installing.surroundings import Machine, this_machine
from services.messages import Language, message

MARKS = {"ok": ("✓", "green"), "look": ("!", "yellow"), "wrong": ("✗", "bold red")}
"""The mark and colour of each state."""


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(as_json: bool) -> int:
        return run_doctor(this_machine(), language, as_json=as_json)

    return click.Command(
        "doctor",
        params=[
            click.Option(["--json", "as_json"], is_flag=True, help=message("options.common.json", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.doctor.help", language),
    )


def run_doctor(machine: Machine, language: Language, *, as_json: bool) -> int:
    """Show what is found on ``machine``; 1 where something is wrong, else 0."""
    findings = diagnose(machine, language)
    commands = {name: command(name) for name in ("install", "serve")}
    wrong = sum(finding.state == "wrong" for finding in findings)
    if as_json:
        checks = [
            {
                "check": finding.check,
                "state": finding.state,
                "code": finding.code,
                "what": finding.what(language),
                "todo": finding.todo(language, commands) or None,
            }
            for finding in findings
        ]
        write_json({"healthy": wrong == 0, "checks": checks})
    else:
        _show(Console(highlight=False), findings, language, commands)
    return 1 if wrong else 0


def _show(console: Console, findings: Sequence[Finding], language: Language, commands: Mapping[str, str]) -> None:
    console.print(message("doctor.title", language), style="bold", markup=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, colour = MARKS[finding.state]
        table.add_row(f"[{colour}]{mark}[/]", escape(finding.what(language)))
        if todo := finding.todo(language, commands):
            table.add_row("", f"[{colour}]→[/] {escape(todo)}")
    console.print(table)
    counts = {state: sum(finding.state == state for finding in findings) for state in MARKS}
    key = "wrong" if counts["wrong"] else "look" if counts["look"] else "healthy"
    console.print(message(f"doctor.{key}", language, count=counts.get(key, 0)), style=MARKS.get(key, MARKS["ok"])[1])
