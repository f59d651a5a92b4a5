"""The one tree of errors that a person may see. Nothing here knows about HTTP, exit codes or message boxes.

An error has a code, parameters, and a text in each language: what happened, and what to do next. The texts stand in
``templates/messages/{zh,en}.toml`` under ``[errors.<code>]`` with the keys ``what`` and ``todo``.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from services.messages import Language, message


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parameter that is itself a text of ours: told in the language of whoever reads the error."""

    key: str
    parameters: tuple[tuple[str, object], ...] = ()

    def text(self, language: Language) -> str:
        """The phrase in ``language``."""
        return message(self.key, language, **dict(self.parameters))

    def __str__(self) -> str:
        return self.text("en")


class DeskhandError(Exception):
    """What went wrong, said so that a person can act on it.

    ``code`` names the entry in the message files; ``parameters`` fill its placeholders (file, sheet, cell, line ...).
    """

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters

    def what(self, language: Language) -> str:
        """What happened, in ``language``."""
        return message(f"errors.{self.code}.what", language, **self._told(language))

    def todo(self, language: Language) -> str:
        """What to do next, in ``language``."""
        return message(f"errors.{self.code}.todo", language, **self._told(language))

    def _told(self, language: Language) -> dict[str, object]:
        return {
            name: value.text(language) if isinstance(value, Phrase) else value
            for name, value in self.parameters.items()
        }

    def __str__(self) -> str:
        return f"{self.what('en')} {self.todo('en')}"


class InputError(DeskhandError):
    """The person's file or options can't be used as they are."""


class UnreadableFile(InputError):
    """A file that can't be opened, is damaged, encrypted, hostile, or not of the kind its name says."""


class NotFound(InputError):
    """A sheet, range, column, change or file that was named does not exist."""


class Conflict(DeskhandError):
    """The target is not as it was when the change was proposed, so nothing was written."""


class OutputError(DeskhandError):
    """The result can't be written where it was asked for; everything there is as it was."""


class RecipeError(InputError):
    """A recipe that can't be read, or that no longer fits the data."""


class LedgerError(DeskhandError):
    """A record that Deskhand keeps, of jobs or of models' answers, can't be used.

    It is locked, full, out of reach, damaged, or made by a newer Deskhand.
    """


def unexpected(error: BaseException) -> DeskhandError:
    """A fault of ours as an error that a person may see: said in one line with its place."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
    return DeskhandError("unexpected", detail=detail)
