"""A task on cells as a command: its options, and the wishes and the request that they make.

What is done with them is in ``running``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from pydantic import ValidationError
from rich.console import Console

from services.cli.hints import command
from services.cli.language import language_option
from services.cli.model_options import OF_THE_MOMENT, model_options, taken
from services.errors import InputError, NotFound, UnreadableFile
from services.messages import Language, message
from services.refused import why_refused
from services.tasks.registry import AnyTask, Option
from services.workbook.changes import Verdict

APPLY: dict[str, tuple[Verdict, ...]] = {"safe": ("safe",), "all": ("safe", "review"), "none": ()}
"""What ``--apply`` accepts, as verdicts."""

_SAID_ANEW = ("output", "in_place", "apply", "as_json", "language", *OF_THE_MOMENT)

LARGEST_NUMBER = 10_000_000
"""That an option which counts something can be."""

LARGEST_OPTION_FILE = 4 * 1024 * 1024
"""Bytes of a text file that an option names, such as a recipe."""


def cells_command(task: AnyTask, language: Language) -> click.Command:
    """The command of a task that works on cells, with the options that all of them share."""

    def text(name: str) -> str:
        return message(f"options.common.{name}", language, task=task.name)

    path = click.Path(path_type=Path, readable=False)
    shared: list[click.Parameter] = [
        click.Argument(["input"], type=path),
        click.Option(["-o", "--output"], type=path, metavar="OUTPUT", help=text("output")),
        click.Option(["--in-place"], is_flag=True, help=text("in_place")),
        click.Option(["--apply"], type=click.Choice(list(APPLY)), default="safe", help=text("apply")),
        click.Option(["--report"], type=path, metavar="FILE.json|.xlsx", help=text("report")),
        click.Option(["--report-sheet"], is_flag=True, help=text("report_sheet")),
        click.Option(["--recalculate"], is_flag=True, help=text("recalculate")),
        *model_options(language),
        click.Option(["--json", "as_json"], is_flag=True, help=text("json")),
        language_option(language),
    ]
    if task.recipe_text is not None:
        shared.append(click.Option(["--save-recipe"], type=path, metavar="FILE", help=text("save_recipe")))
    own = [_own_option(task.name, option, language) for option in task.options]
    return click.Command(
        task.name,
        params=[shared[0], *own, *shared[1:]],
        callback=_callback(task, language),
        help=message(f"commands.{task.name}.help", language),
    )


def _own_option(task: str, option: Option, language: Language) -> click.Option:
    types: dict[str, Any] = {
        "file": click.Path(path_type=Path),
        "choice": click.Choice(option.choices),
        "number": click.IntRange(1, LARGEST_NUMBER),
    }
    return click.Option(
        [*option.flags, option.field],
        type=types.get(option.kind, str),
        is_flag=option.kind == "flag",
        multiple=option.kind == "repeated",
        metavar=option.metavar or None,
        help=message(f"options.{task}.{option.field}", language),
    )


def _callback(task: AnyTask, language: Language) -> Callable[..., None]:
    def callback(**values: Any) -> None:
        from services.cli.running import Wishes, look_at_cells, run_cells  # loads the ledger; no help waits for that
        from services.settings import load_settings

        fields = {option.field: _value(option, values.pop(option.field)) for option in task.options}
        known = {"language": language, "region": load_settings().region}
        defaults = {name: value for name, value in known.items() if name in task.request_type.model_fields}
        request = _request(task, {**defaults, **{k: v for k, v in fields.items() if v is not None}}, language)
        model, look = taken(values)
        if values["output"] is not None and values["in_place"]:
            raise InputError("output-or-in-place")
        wishes = Wishes(
            save_recipe=values.pop("save_recipe", None),
            given=_given(click.get_current_context()),
            language=language,
            model=model,
            **values,
        )
        if look.estimate or look.show_prompts:
            look_at_cells(task, request, wishes, look)
        else:
            run_cells(task, request, wishes, Console(highlight=False), ask=not look.yes)

    return callback


def _given(context: click.Context) -> tuple[str, ...]:
    """The options that the person typed, but for those that a further run on the same file says anew."""
    words: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        typed = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if typed and isinstance(option, click.Option) and name not in _SAID_ANEW:
            value = context.params[name]
            for one in value if option.multiple else [value]:
                words += [option.opts[-1]] if option.is_flag else [option.opts[-1], str(one)]
    return tuple(words)


def _request(task: AnyTask, fields: dict[str, Any], language: Language) -> Any:
    """The task's request. Raises ``InputError`` (``option-value``) that names the option and what it can be."""
    try:
        return task.request_type(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        option = next(option for option in task.options if option.field == first["loc"][0])
        raise InputError(
            "option-value",
            option=option.flags[0],
            value=first["input"],
            detail=why_refused(first),
            command=command(task.name, "--help"),
        ) from error


def _value(option: Option, value: Any) -> Any:
    if value is None or (option.kind == "repeated" and not value):
        return None
    if option.kind == "list":
        return tuple(word.strip() for word in re.split("[,，]", _whole_text(value)) if word.strip())
    if option.kind == "file":
        return _text_of(value)
    if option.kind == "repeated":
        return tuple(map(_whole_text, value))
    return _whole_text(value) if isinstance(value, str) else value


def _whole_text(typed: str) -> str:
    """The text with a question mark for what came in another encoding, which no file could hold."""
    return typed.encode("utf-8", "replace").decode("utf-8")


def _text_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_OPTION_FILE:
            limit = LARGEST_OPTION_FILE // 1024**2
            raise UnreadableFile("file-too-large", file=path.name, size=size // 1024**2, limit=limit)
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound("file-missing", file=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("text-unreadable", file=path.name) from error
