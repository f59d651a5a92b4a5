"""What a run costs and sends, told to a person: before it as an estimate, on wish as the very texts, and after it.

What is counted, and how, is in ``llm``; the options are in ``model_options``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
from pydantic import BaseModel
from rich.console import Console

from services.cli.hints import command
from services.cli.outcome import write_json
from services.cli.progress import ProgressLine
from services.jobs.trial import Forecast, Trial, forecast
from services.llm.opening import open_shown, wished_endpoint
from services.llm.prices import price_text
from services.llm.wishes import ModelWishes
from services.messages import Language, message
from services.settings import load_settings
from services.tasks.registry import AnyTask
from services.tasks.source import CellSource

BILL = ("model", "host", "calls", "tokens_in", "tokens_out", "cost", "currency", "kept")
"""What of a job's summary is about the model."""


def show_estimate(
    task: AnyTask, request: BaseModel, source: CellSource, wishes: ModelWishes, language: Language, *, as_json: bool
) -> None:
    """Print what the run would cost; nothing is asked or written. Raises what the task and ``open_model`` raise."""
    found = _forecast(task, request, source, wishes, language, visible=not as_json)
    if as_json:
        write_json(found.model_dump())
    else:
        click.echo(told(found, language))


def show_prompts(
    task: AnyTask, request: BaseModel, source: CellSource, wishes: ModelWishes, language: Language
) -> None:
    """Print each call as it would be sent; nothing is sent or written. Raises as ``show_estimate`` does."""
    from services.llm.showing import Shown

    with Trial(load_settings(), wishes, task, opener=open_shown) as trial:
        task.run(request, source, trial)
        prompts = trial.model.prompts if isinstance(trial.model, Shown) else []
    for n, prompt in enumerate(prompts, 1):
        click.echo(message("costs.call", language, n=n, purpose=prompt.purpose, items=prompt.items))
        click.echo(f"\n[system]\n{prompt.system}\n\n[user]\n{prompt.user}\n")
    click.echo(message("costs.shown" if prompts else "costs.nothing_to_send", language, count=len(prompts)))


def agreed(
    task: AnyTask, request: BaseModel, source: CellSource, wishes: ModelWishes, language: Language, *, ask: bool
) -> None:
    """Where texts would leave this machine, show a person at a terminal what that costs, and go on if that is wished.

    Without a terminal, or where nothing is to be asked, it goes on. Raises ``click.Abort``, and as ``show_estimate``.
    """
    if not (ask and is_terminal()):
        return
    endpoint = wished_endpoint(load_settings(), wishes)
    if endpoint is None or endpoint.is_local:
        return
    found = _forecast(task, request, source, wishes, language, visible=True)
    if found.model_calls:
        click.echo(told(found, language), err=True)
        click.confirm(message("costs.go_on", language), default=True, abort=True, err=True)


def is_terminal() -> bool:
    """Whether a person sits there who can see a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def told(found: Forecast, language: Language) -> str:
    """An estimate in words."""
    if not found.host:
        return message("costs.no_model", language)
    parameters = {**found.model_dump(), "where": _where(found.is_local, language)}
    if not found.model_calls:
        return message("costs.no_calls", language, **parameters)
    parts = [message("costs.estimate", language, **parameters)]
    if found.known:
        parts.append(message("costs.known", language, **parameters))
    if found.cost is not None:
        parts.append(message("costs.price", language, cost=price_text(found.cost), currency=found.currency))
    return ("" if language == "zh" else " ").join(parts)


def model_document(summary: Mapping[str, Any]) -> dict[str, Any] | None:
    """What of a job's summary is about the model, as a command's ``--json`` has it; None where none was asked for."""
    return {name: summary.get(name) for name in BILL} if "calls" in summary else None


def tell_bill(console: Console, summary: Mapping[str, Any], job_id: str, language: Language) -> None:
    """Print what was asked and what it cost, and which places are left open, with how to go on."""

    def say(key: str, **parameters: object) -> None:
        console.print(message(f"costs.{key}", language, **parameters), markup=False, soft_wrap=True)

    if summary.get("calls") or summary.get("kept"):
        say("bill", **{name: summary[name] for name in BILL})
    if summary.get("cost") is not None:
        say("paid", cost=price_text(summary["cost"]), currency=summary["currency"])
    if summary.get("gaps"):
        say("gaps", count=summary["gaps"], command=command("jobs", "resume", job_id))


def _forecast(
    task: AnyTask, request: BaseModel, source: CellSource, wishes: ModelWishes, language: Language, *, visible: bool
) -> Forecast:
    with ProgressLine(language, visible=visible) as bar:
        return forecast(task, request, source, load_settings(), wishes, bar.show)


def _where(is_local: bool, language: Language) -> str:
    return message("costs.here" if is_local else "costs.elsewhere", language)
