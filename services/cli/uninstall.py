"""The command ``uninstall``: prints what install did here, and takes exactly that back."""

from __future__ import annotations

import click
from rich.console import Console

from services.cli.install import follow, show_plan, stop_running
from services.cli.language import language_option
from services.diagnosis.service import ask_service
from services.errors import InputError
from services.installing.plan import todo, uninstall_plan
from services.installing.surroundings import Machine, look_around, this_machine
from services.llm.keys import forget_key
from services.messages import Language, message
from services.settings import load_settings


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(dry_run: bool, purge: bool) -> int:
        return run_uninstall(this_machine(), language, dry_run=dry_run, purge=purge)

    return click.Command(
        "uninstall",
        params=[
            click.Option(["--dry-run"], is_flag=True, help=message("options.install.dry_run", language)),
            click.Option(["--purge"], is_flag=True, help=message("options.install.purge", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.uninstall.help", language),
    )


def run_uninstall(machine: Machine, language: Language, *, dry_run: bool, purge: bool) -> int:
    """Plan what is to be taken back on ``machine``, print it and do it; 1 where it was not done to its end.

    The service is stopped first. Raises ``InputError`` (``service-running``) where data is to go and it does not stop.
    """
    settings = load_settings()
    plan = uninstall_plan(look_around(machine, settings.folder), purge=purge)
    console = Console(highlight=False)
    system = message(f"install.system.{machine.system}", language)
    console.print(message("install.plan_off", language, system=system), markup=False, soft_wrap=True)
    show_plan(console, plan, language)
    service = ask_service(settings.endpoint_file)
    if service.state in ("ready", "token"):
        console.print(message("install.will_stop", language, address=service.address), markup=False, soft_wrap=True)
    if dry_run:
        console.print(message("install.dry_run", language), markup=False)
        return 0
    running = not stop_running(console, settings, language)
    if purge and running:
        raise InputError("service-running", address=service.address or settings.folder)
    if purge:
        forget_key(settings)
    if not follow(console, plan, machine, language):
        return 1
    console.print(message("install.finished_off" if todo(plan) else "install.nothing_off", language), markup=False)
    if running:
        console.print(message("install.still_running", language, address=service.address), markup=False, soft_wrap=True)
    return 0
