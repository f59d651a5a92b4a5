"""The options about the model that all tasks share, and what a person means by them.

What a run would cost and what it would send is told in ``costs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click
from pydantic import ValidationError

from services.cli.hints import command
from services.errors import InputError
from services.llm.wishes import ModelWishes
from services.messages import Language, message
from services.refused import why_refused

OF_THE_MOMENT = ("fresh", "estimate", "show_prompts", "yes")
"""What a hint at a further run of the same command does not repeat."""


@dataclass(frozen=True, slots=True)
class Look:
    """Whether the run is only to be looked at (``estimate``, ``show_prompts``), and whether nothing is to be asked."""

    estimate: bool = False
    show_prompts: bool = False
    yes: bool = False


def model_options(language: Language) -> list[click.Parameter]:
    """The options, their help in ``language``."""

    def text(name: str) -> str:
        return message(f"options.model_use.{name}", language)

    return [
        click.Option(["--model", "model_name"], metavar="NAME", help=text("model")),
        click.Option(["--no-model"], is_flag=True, help=text("no_model")),
        click.Option(["--budget-tokens"], type=click.IntRange(1, 10**9), metavar="N", help=text("budget_tokens")),
        click.Option(["--fresh"], is_flag=True, help=text("fresh")),
        click.Option(["--estimate"], is_flag=True, help=text("estimate")),
        click.Option(["--show-prompts"], is_flag=True, help=text("show_prompts")),
        click.Option(["--yes"], is_flag=True, help=text("yes")),
    ]


def taken(values: dict[str, Any]) -> tuple[ModelWishes, Look]:
    """What the options say; they are taken out of ``values``. Raises ``InputError``: ``option-value``."""
    name = values.pop("model_name") or None
    try:
        wishes = ModelWishes(
            no_model=values.pop("no_model"),
            model=name,
            budget_tokens=values.pop("budget_tokens"),
            fresh=values.pop("fresh"),
        )
    except ValidationError as error:  # only a name can be too odd: the numbers were looked at before
        help_page = command(click.get_current_context().info_name or "", "--help")
        detail = why_refused(error.errors()[0])
        raise InputError("option-value", option="--model", value=name, detail=detail, command=help_page) from error
    return wishes, Look(values.pop("estimate"), values.pop("show_prompts"), values.pop("yes"))
