"""The command ``page``: opens the web page of the running service in the person's browser."""

from __future__ import annotations

import webbrowser

import click

from services.cli.language import language_option
from services.messages import Language, message
from services.settings import load_settings

PARTS = {"start": "/", "settings": "/settings", "jobs": "/jobs", "sent": "/sent"}
"""The parts of the page with their addresses."""


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(part: str, only_print: bool) -> None:
        run_page(PARTS[part], language, only_print=only_print)

    return click.Command(
        "page",
        params=[
            click.Argument(["part"], type=click.Choice(list(PARTS)), default="start"),
            click.Option(["--print", "only_print"], is_flag=True, help=message("options.page.print", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.page.help", language),
    )


def run_page(path: str, language: Language, *, only_print: bool = False) -> None:
    """Open the page at ``path``, or print the address that does. Raises what ``page_address`` raises."""
    from services.opening import page_address

    address = page_address(load_settings(), path)
    if only_print:
        click.echo(address)
    elif _opened(address):
        click.echo(message("open_page.opened", language))
    else:
        click.echo(message("open_page.no_browser", language))
        click.echo(address)


def _opened(address: str) -> bool:
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
