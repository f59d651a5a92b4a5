"""The command ``install``: prints the plan, then carries it out. ``uninstall`` shows and does its own with this."""

from __future__ import annotations

import click
from rich.console import Console

from services.cli.hints import command
from services.cli.language import language_option
from services.diagnosis.service import ask_service
from services.errors import Conflict, DeskhandError, InputError
from services.installing.carry_out import carry_out
from services.installing.plan import Plan, Step, install_plan, todo
from services.installing.surroundings import Machine, look_around, this_machine
from services.messages import Language, message
from services.settings import Settings, load_settings
from services.stopping import stop_service


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(start_at_logon: bool, dry_run: bool) -> int:
        return run_install(this_machine(), language, start_at_logon=start_at_logon, dry_run=dry_run)

    return click.Command(
        "install",
        params=[
            click.Option(["--start-at-logon"], is_flag=True, help=message("options.install.start_at_logon", language)),
            click.Option(["--dry-run"], is_flag=True, help=message("options.install.dry_run", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.install.help", language),
    )


def run_install(machine: Machine, language: Language, *, start_at_logon: bool, dry_run: bool) -> int:
    """Plan what is missing on ``machine``, print it and do it; 1 where it was not done to its end.

    A running service of another version is stopped, for the one that is installed now to be started. Raises
    ``InputError`` (``store-python``) where what is written would not be seen by Excel.
    """
    settings = load_settings()
    around = look_around(machine, settings.folder)
    if around.store_python:
        raise InputError("store-python")
    plan = install_plan(around, start_at_logon=start_at_logon)
    console = Console(highlight=False)
    service = ask_service(settings.endpoint_file)
    is_older = service.state == "ready" and service.version != around.version
    _say(console, message("install.plan", language, system=message(f"install.system.{machine.system}", language)))
    show_plan(console, plan, language)
    if is_older:
        _say(console, message("install.will_stop", language, address=service.address))
    if dry_run:
        _say(console, message("install.dry_run", language))
        return 0
    if is_older:
        stop_running(console, settings, language)
    if not follow(console, plan, machine, language):
        return 1
    if machine.system == "windows":
        _say(console, message("install.finished" if todo(plan) else "install.nothing", language))
    key = "install.next_windows" if machine.system == "windows" else "install.next_other"
    _say(console, message(key, language, doctor=command("doctor"), serve=command("serve"), clean=command("clean")))
    return 0


def show_plan(console: Console, plan: Plan, language: Language) -> None:
    """Print the steps: those that something is done for are numbered."""
    number = 0
    for step in plan:
        if step.action is None:
            _say(console, f"  -  {_text(step, language)}")
            continue
        number += 1
        _say(console, f"  {number}. {_text(step, language)}")


def follow(console: Console, plan: Plan, machine: Machine, language: Language) -> bool:
    """Carry out the plan. Where a step fails, say so, which steps were done and which were not, and give False."""
    steps = todo(plan)
    for place, step in enumerate(steps):
        if step.action is None:
            continue
        try:
            carry_out(step.action, machine.registry)
        except DeskhandError as error:
            failed = Console(stderr=True, highlight=False)
            _say(failed, error.what(language), style="bold red")
            _say(failed, error.todo(language))
            for key, some in (("doing", steps[:place]), ("not_done", steps[place:])):
                if some:
                    _say(failed, message(f"install.{key}", language))
                    for number, one in enumerate(some, 1 if key == "doing" else place + 1):
                        _say(failed, f"  {number}. {_text(one, language)}")
            return False
    return True


def stop_running(console: Console, settings: Settings, language: Language) -> bool:
    """Stop the service that runs, and say whether it has: one that hangs goes on, and is told of."""
    try:
        address = stop_service(settings)
    except Conflict as error:
        _say(console, error.what(language))
        return False
    if address is not None:
        _say(console, message("install.service_stopped", language, address=address))
    return True


def _text(step: Step, language: Language) -> str:
    return message(f"install.step.{step.code}", language, serve=command("serve"), **step.parameters)


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, markup=False, soft_wrap=True)
