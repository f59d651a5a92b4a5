"""The option ``--language``, which may stand before or after the name of a command."""

from __future__ import annotations

import click

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
    """The value of ``--language`` if it is among the words, else the system's, so that help and errors speak it too."""
    for place, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--language=") else ""
        if word == "--language" and place + 1 < len(words):
            value = words[place + 1]
        if value == "zh" or value == "en":
            return "zh" if value == "zh" else "en"
    return system_language()
