"""The command ``deskhand``: the same tasks from a terminal, built from the registry of tasks.

Here is only how a command line is read and how errors become a message and an exit code: 0 done, 1 an error that the
message explains, 2 a command line that can't be understood, 130 stopped by the person.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
from rich.console import Console

from services.cli.hints import command
from services.cli.language import language_option, wished_language
from services.cli.stopped import Stopped
from services.cli.words import complaint, localised
from services.errors import DeskhandError, unexpected
from services.messages import Language, message
from services.tasks import TASKS

OTHER_COMMANDS = ("undo", "jobs", "model", "page", "demo", "install", "uninstall", "doctor", "serve")
"""What goes with the tasks, in the order of the help: each a module here of that name, whose ``build`` makes it."""


class LocalisedGroup(click.Group):
    """The main command: builds only the sub-command that was asked for, its texts in one language."""

    def __init__(self, language: Language, **settings: Any) -> None:
        super().__init__(**settings)
        self.language = language

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The tasks, then what goes with them."""
        return [*TASKS, *OTHER_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, built when asked for."""
        language = self.language
        if cmd_name in OTHER_COMMANDS:
            build: Callable[[Language], click.Command] = import_module(f"services.cli.{cmd_name}").build
            return localised(build(language), language)
        if cmd_name not in TASKS:
            return None
        from services.cli.cells import cells_command
        from services.tasks.registry import tasks

        return localised(cells_command(tasks()[cmd_name], language), language)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the commands are for, without building any."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, message(f"commands.{name}.help", self.language)) for name in self.list_commands(ctx)]
            )


def deskhand(language: Language) -> click.Group:
    """The main command, its help in ``language``."""
    main_command = LocalisedGroup(
        language,
        name="deskhand",
        help=message("cli.help", language),
        params=[
            language_option(language),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=message("cli.version", language),
            ),
        ],
        context_settings={"max_content_width": 110},
    )
    localised(main_command, language)
    return main_command


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    language = wished_language(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = deskhand(language).main(words, prog_name="deskhand", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.exceptions.Abort:
        code = _complain(message("cli.stopped", language), "", 130)
    except click.ClickException as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # older ones show it by themselves
            error.show()
            code = error.exit_code
        else:
            code = _complain(*complaint(error, language), error.exit_code)
    except KeyboardInterrupt:
        code = _complain(message("cli.stopped", language), "", 130)
    except Stopped as stop:
        code = _stopped(stop, language)
    except DeskhandError as error:
        code = _complain(error.what(language), error.todo(language), 1)
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    except Exception as error:  # a fault of ours: said in one line with its place, not shown as a page of code
        fault = unexpected(error)
        code = _complain(fault.what(language), fault.todo(language), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _stopped(stop: Stopped, language: Language) -> int:
    go_on = message("cli.go_on", language, command=command("jobs", "resume", stop.job_id))
    if stop.written is not None:
        return _complain(message("cli.stopped_late", language, file=stop.written), go_on, 130)
    return _complain(message("cli.stopped", language), go_on, 130)


def _complain(what: str, todo: str, code: int) -> int:
    console = Console(stderr=True, highlight=False)
    console.print(what, style="bold red", markup=False, soft_wrap=True)
    if todo:
        console.print(todo, markup=False, soft_wrap=True)
    return code


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: Any) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"deskhand {version('deskhand')}")
        ctx.exit()
