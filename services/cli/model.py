"""The command ``model``: which model is asked, whether it answers, what left for it, and forgetting what it answered.

What settings there are is said in ``services.settings``; what is kept of replies in ``services.llm``.
"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Any, Literal

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from services.cli.hints import command
from services.cli.language import language_option
from services.cli.outcome import write_json
from services.errors import DeskhandError, InputError
from services.llm.changing import MODEL_SETTINGS, change_model
from services.llm.presets import PRESETS
from services.messages import Language, message

_FLAGS = ("local_only", "log_text")
"""The settings that are on or off."""


def build(language: Language) -> click.Command:
    """The command and those below it, their help in ``language``."""

    def text(key: str) -> str:
        return message(f"options.model.{key}", language)

    as_json = click.Option(["--json", "as_json"], is_flag=True, help=message("options.common.json", language))
    yes = click.Option(["--yes"], is_flag=True, help=text("yes"))
    limit = click.Option(["--limit"], type=click.IntRange(1, 10_000), default=20, metavar="N", help=text("limit"))
    job = click.Option(["--job"], metavar="ID", help=text("job"))
    commands: dict[str, tuple[Any, list[click.Parameter]]] = {
        "show": (_show, [as_json]),
        "set": (_set, _setting_options(language)),
        "test": (_test, [as_json]),
        "log": (_log, [job, limit, as_json]),
        "forget": (_forget, [yes]),
    }

    def bound(run: Any) -> Any:
        return lambda **values: run(language, **values)

    return click.Group(
        "model",
        params=[language_option(language)],
        help=message("commands.model.help", language),
        commands=[
            click.Command(
                name,
                params=[*own, language_option(language)],
                callback=bound(run),
                help=message(f"commands.model.{name}", language),
                short_help=message(f"commands.model.{name}", language),
            )
            for name, (run, own) in commands.items()
        ],
    )


def _setting_options(language: Language) -> list[click.Parameter]:
    """An option for each setting of the model, and those for the key."""

    def text(key: str) -> str:
        return message(f"options.model.{key}", language, providers=", ".join(PRESETS))

    options: list[click.Parameter] = []
    for name in MODEL_SETTINGS:
        flag = f"--{'timeout' if name == 'model_timeout' else name.replace('_', '-')}"
        if name in _FLAGS:
            options.append(click.Option([f"{flag}/--no{flag[1:]}", name], default=None, help=text(name)))
        else:
            options.append(click.Option([flag, name], metavar="VALUE", help=text(name)))
    return [
        *options,
        click.Option(["--key", "ask_key"], is_flag=True, help=text("key")),
        click.Option(["--key-stdin"], is_flag=True, help=text("key_stdin")),
        click.Option(["--forget-key"], is_flag=True, help=text("forget_key")),
    ]


def _show(language: Language, *, as_json: bool) -> None:
    from services.llm.endpoint import endpoint_of
    from services.llm.keys import api_key, key_place
    from services.settings import load_settings

    settings = load_settings()
    place = key_place(settings)
    known: dict[str, Any] = {"has_key": place is not None, "key_place": place, "host": None, "is_local": None}
    problem: DeskhandError | None = None
    try:
        endpoint = endpoint_of(settings, api_key(settings))
    except InputError as error:
        endpoint, problem = None, error
    if endpoint is not None:
        known |= {"host": endpoint.host, "is_local": endpoint.is_local, "asked": endpoint.model}
    values = settings.model_dump(mode="json", include=set(MODEL_SETTINGS))
    if as_json:
        told = None if problem is None else {"code": problem.code, "what": problem.what(language)}
        write_json({**{name: values[name] for name in MODEL_SETTINGS}, **known, "problem": told})
        return
    console = Console(highlight=False)
    lines = RichTable.grid(padding=(0, 2))
    lines.add_column(style="dim")
    lines.add_column(overflow="fold")
    for name in MODEL_SETTINGS:
        if values[name] is not None:
            shown = message(f"model.{'yes' if values[name] else 'no'}", language) if name in _FLAGS else values[name]
            lines.add_row(name, escape(str(shown)))
    lines.add_row("key", message(f"model.key_{place}" if place else "model.key_none", language))
    console.print(lines)
    if problem is not None:
        console.print(f"{problem.what(language)} {problem.todo(language)}", markup=False, soft_wrap=True, style="red")
    elif endpoint is None:
        hint = command("model", "set", "--help")
        console.print(message("model.none", language, command=hint), markup=False, soft_wrap=True)
    else:
        where = "asks_here" if endpoint.is_local else "asks_never" if endpoint.local_only else "asks"
        asked = {"model": endpoint.model, "host": endpoint.host}
        console.print(message(f"model.{where}", language, **asked), markup=False, soft_wrap=True)


def _set(language: Language, *, ask_key: bool, key_stdin: bool, forget_key: bool, **values: Any) -> None:
    from services.settings import load_settings

    changes = {name: None if value == "" else value for name, value in values.items() if value is not None}
    if ask_key + key_stdin + forget_key > 1:
        raise InputError("key-options")
    key = "" if forget_key else _key(language, from_stdin=key_stdin) if ask_key or key_stdin else None
    if not changes and key is None:
        raise InputError("nothing-to-set", command=command("model", "set", "--help"))
    change_model(load_settings(), changes, key)
    _show(language, as_json=False)


def _key(language: Language, *, from_stdin: bool) -> str:
    """The key as the person gives it: never as a word of the command line, which others of this machine can see."""
    from services.llm.keys import check_key

    if from_stdin:
        return check_key(sys.stdin.readline())
    if not sys.stdin.isatty():
        raise InputError("key-needs-terminal")
    return check_key(click.prompt(message("model.prompt", language), hide_input=True, err=True))


def _test(language: Language, *, as_json: bool) -> int:
    from services.llm.trying import tried
    from services.settings import load_settings

    waiting = Console(stderr=True, quiet=as_json or not sys.stderr.isatty())
    with waiting.status(message("model.trying", language)):
        found = tried(load_settings())
    if as_json:
        write_json({**found.model_dump(exclude={"told"}), "found": found.text(language)})
        return 0 if found.works else 1
    console = Console(highlight=False)
    mark, colour = ("✓", "green") if found.works else ("✗", "bold red")
    console.print(f"[{colour}]{mark}[/] {escape(found.model)} · {escape(found.host)}")
    for rung, works in found.rungs.items():
        name = message(f"model.rung.{rung}", language)
        console.print(f"  {'✓' if works else '✗'} {name}", markup=False)
    if found.seconds is not None:
        took = {"seconds": f"{found.seconds:.1f}", "tokens_in": found.tokens_in, "tokens_out": found.tokens_out}
        console.print(f"  {message('model.took', language, **took)}", markup=False)
    if found.is_listed is False:
        console.print(
            f"  {message('model.unlisted', language, models=', '.join(found.models[:20]))}",
            markup=False,
            soft_wrap=True,
        )
    console.print(found.text(language), markup=False, soft_wrap=True)
    if found.detail:
        console.print(f"  {found.detail}", markup=False, soft_wrap=True, style="dim")
    return 0 if found.works else 1


def _log(language: Language, *, job: str | None, limit: int, as_json: bool) -> None:
    from services.llm.log_words import purpose_in_words, trouble_in_words
    from services.llm.store import sent_document, sent_lines
    from services.settings import load_settings

    lines = sent_lines(load_settings().replies_file, limit, job)
    if as_json:
        write_json({"sent": [sent_document(line) for line in lines]})
        return
    console = Console(highlight=False)
    if not lines:
        console.print(message("model.log_empty", language), markup=False)
        return
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for title in ("when", "job", "tokens"):
        side: Literal["left", "right"] = "right" if title == "tokens" else "left"
        table.add_column(message(f"model.title.{title}", language), no_wrap=True, justify=side)
    table.add_column(message("model.title.what", language), overflow="fold")
    for line in lines:
        outcome = message(f"model.outcome.{line.outcome}", language)
        purpose, trouble = purpose_in_words(line.purpose, language), trouble_in_words(line.error, language)
        told = (f"{purpose} → {line.model} · {line.host}", ": ".join(filter(None, (outcome, trouble))))
        when = f"{line.when.astimezone():%Y-%m-%d %H:%M:%S}"
        table.add_row(when, line.job, f"{line.tokens_in} / {line.tokens_out}", escape("\n".join(told)))
    console.print(table)


def _forget(language: Language, *, yes: bool) -> None:
    from services.llm.store import Replies
    from services.settings import load_settings

    file = load_settings().replies_file
    count = 0
    if file.exists():
        with closing(Replies(file)) as replies:
            count = replies.count()
            if count and not yes:
                click.confirm(message("model.forget", language, count=count), abort=True, err=True)
            count = replies.forget() if count else 0
    click.echo(message("model.forgotten", language, count=count))
