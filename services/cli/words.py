"""The words that the library for command lines writes of itself, in the person's language: help pages and complaints.

What a command is for and what its options mean is said where the command is built.
"""

from __future__ import annotations

import re

import click

from services.cli.hints import command
from services.messages import Language, message

_EXTRA_WORDS = re.compile(r"Got unexpected extra arguments? \((.+)\)")


def localised(built: click.Command, language: Language) -> click.Command:
    """The same command, and all below it, with headings and the option for help in ``language``."""
    built.context_class = _CONTEXTS[language]
    built.add_help_option = False
    built.params.append(
        click.Option(
            ["-h", "--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help=message("cli.help_option", language),
        )
    )
    for below in getattr(built, "commands", {}).values():
        localised(below, language)
    return built


def complaint(error: click.ClickException, language: Language) -> tuple[str, str]:
    """What can't be understood in a command line, and what to do about it."""
    context = getattr(error, "ctx", None)
    words = context.command_path.split()[1:] if isinstance(context, click.Context) else []
    return _what(error, language), message("cli.see_help", language, command=command(*words, "--help"))


def _what(error: click.ClickException, language: Language) -> str:
    if isinstance(error, click.BadOptionUsage):
        return message("cli.needs_value", language, name=error.option_name)
    unknown = getattr(error, "option_name", None) or getattr(error, "command_name", None)
    if unknown is not None:
        close = getattr(error, "possibilities", None)
        key = "cli.unknown_close" if close else "cli.unknown"
        return message(key, language, word=unknown, close=", ".join(close or ()))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _what_of_value(error, error.param, language)
    extra = _EXTRA_WORDS.fullmatch(error.message)
    return error.format_message() if extra is None else message("cli.too_much", language, words=extra[1])


def _what_of_value(error: click.BadParameter, parameter: click.Parameter, language: Language) -> str:
    name = (
        parameter.opts[-1]
        if isinstance(parameter, click.Option)
        else (parameter.metavar or parameter.human_readable_name)
    )
    kind = parameter.type
    if isinstance(error, click.MissingParameter):
        return message("cli.missing", language, name=name)
    if isinstance(kind, click.Choice):
        return message("cli.not_among", language, name=name, choices=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        return message("cli.not_between", language, name=name, least=kind.min, most=kind.max)
    if isinstance(kind, click.types.IntParamType):
        return message("cli.no_number", language, name=name)
    return error.format_message()


def _show_help(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


class _ChineseFormatter(click.HelpFormatter):
    """Help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is written."""
        super().write_usage(prog, args, message("cli.usage", "zh") + " " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a part."""
        known = {name: message(f"cli.heading.{name.lower()}", "zh") for name in ("Options", "Commands")}
        super().write_heading(known.get(heading, heading))


class _ChineseContext(click.Context):
    formatter_class = _ChineseFormatter


_CONTEXTS: dict[Language, type[click.Context]] = {"en": click.Context, "zh": _ChineseContext}
