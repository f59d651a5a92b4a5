"""The option ``--language``, which may stand before or after the name of a command."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress

import click

from services.folder import data_folder
from services.messages import Language, message, system_language


def language_option(language: Language) -> click.Option:
    """The option for a command's own list; ``wished_language`` reads it before any command is built."""
    return click.Option(
        ["--language"],
        type=click.Choice(["zh", "en"]),
        expose_value=False,
        help=message("cli.language", language),
    )


def wished_language(words: list[str]) -> Language:
    """The value of ``--language`` if it is among the words, so that help and errors speak it too.

    Else that of ``DESKHAND_LANGUAGE``, of the settings, or of the system.
    """
    for place, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--language=") else ""
        if word == "--language" and place + 1 < len(words):
            value = words[place + 1]
        if value == "zh" or value == "en":
            return "zh" if value == "zh" else "en"
    return (not os.environ.get("DESKHAND_LANGUAGE") and _kept_language()) or system_language()


def _kept_language() -> Language | None:
    """The language in the settings' file, if it names one; a file that can't be read is told of by whoever needs it."""
    with suppress(OSError, ValueError):
        wish = tomllib.loads((data_folder() / "settings.toml").read_text("utf-8-sig")).get("language")
        if wish == "zh" or wish == "en":
            return "zh" if wish == "zh" else "en"
    return None
