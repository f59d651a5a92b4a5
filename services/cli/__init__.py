"""The command ``deskhand``: the same tasks from a terminal, built from the registry of tasks.

Here is only how a command line is read and how errors become a message and an exit code: 0 done, 1 an error that the
message explains, 2 a command line that can't be understood, 130 stopped by the person.
"""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console

from services.errors import DeskhandError
from services.messages import Language, message, system_language


class LocalisedGroup(click.Group):
    """The main command: loads only the sub-command that was asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The tasks, then what goes with them."""
        from services.tasks.registry import tasks

        return [*tasks(), "undo", "demo"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, built when asked for."""
        language = language_of(ctx)
        if cmd_name == "undo":
            from services.cli.undo import undo_command

            return undo_command(language)
        if cmd_name == "demo":
            from services.cli.demo import demo_command

            return demo_command(language)
        from services.cli.cells import cells_command
        from services.tasks.registry import tasks

        task = tasks().get(cmd_name)
        return None if task is None else cells_command(task, language)


def language_of(ctx: click.Context) -> Language:
    """The language the person chose with ``--language``, else the system's."""
    chosen = ctx.find_root().params.get("language")
    return chosen if chosen in ("zh", "en") else system_language()


def deskhand(language: Language) -> click.Group:
    """The main command, its help in ``language``."""
    return LocalisedGroup(
        name="deskhand",
        help=message("cli.help", language),
        params=[
            click.Option(
                ["--language"],
                type=click.Choice(["zh", "en"]),
                is_eager=True,
                help=message("cli.language", language),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=message("cli.version", language),
            ),
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    language = _wished_language(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = deskhand(language).main(words, standalone_mode=False)
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.exceptions.Abort:
        code = _complain(message("cli.stopped", language), "", 130)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except KeyboardInterrupt:
        code = _complain(message("cli.stopped", language), "", 130)
    except DeskhandError as error:
        code = _complain(error.what(language), error.todo(language), 1)
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _wished_language(words: list[str]) -> Language:
    """The value of ``--language`` if it is among the words, so that help and errors speak it too."""
    for place, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--language=") else ""
        if word == "--language" and place + 1 < len(words):
            value = words[place + 1]
        if value == "zh" or value == "en":
            return "zh" if value == "zh" else "en"
    return system_language()


def _complain(what: str, todo: str, code: int) -> int:
    console = Console(stderr=True, highlight=False)
    console.print(what, style="bold red", markup=False)
    if todo:
        console.print(todo, markup=False)
    return code


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: Any) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"deskhand {version('deskhand')}")
        ctx.exit()
