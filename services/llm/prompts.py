"""Prompts as files that a person may edit: persona, constraints, examples and a body with named variables.

A file is TOML in ``templates/prompts/{zh,en}/<name>.toml``; the person's own copy, ``prompts/<language>/<name>.toml``
or ``prompts/<name>.toml`` in the data folder, comes first. How a prompt becomes a call is in ``wording``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.errors import InputError
from services.messages import Language
from services.refused import why_refused

_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_NEARLY_A_VARIABLE = re.compile(r"\{\s*([A-Za-z_][A-Za-z_ ]*?)\s*\}")
_NAME = re.compile(r"[\w.-]*\w(/[\w.-]*\w)*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it stands in its file. ``settings`` are further keys of the file, for the task that it belongs to.

    ``system`` says who the model is and what it must not do; ``body`` what is wanted, with variables in braces.
    ``examples`` are pairs of an item and its answer. ``language`` is that of the prompt itself; None where no one has
    said it.
    """

    name: str
    system: str
    body: str
    examples: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]] = ()
    temperature: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    language: Language | None = None

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that it wants."""
        return frozenset(_VARIABLE.findall(self.system + self.body))

    def filled(self, variables: Mapping[str, str]) -> tuple[str, str]:
        """System text and body with their variables. Raises ``InputError`` (``prompt-variable``) for a missing one."""

        def value(found: re.Match[str]) -> str:
            if found[1] not in variables:
                known = ", ".join(sorted(variables)) or "-"
                raise InputError("prompt-variable", prompt=self.name, variable=found[1], known=known)
            return variables[found[1]]

        return _VARIABLE.sub(value, self.system), _VARIABLE.sub(value, self.body)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts there are: those that come with Deskhand, and a person's own in ``folder``."""

    folder: Path | None = None

    def load(self, name: str, language: Language) -> Prompt:
        """The prompt of this name. Raises ``InputError``: ``prompt-missing``, ``prompt-not-toml``, ``prompt-shape``."""
        if not _NAME.fullmatch(name) or ".." in name:
            raise InputError("prompt-missing", prompt=name)
        for file in self._own(name, language):
            if file.is_file():
                return _prompt(name, language, str(file), _own_text(file))
        text = _shipped_text(name, language)
        if text is None:
            raise InputError("prompt-missing", prompt=name)
        return _prompt(name, language, f"{language}/{name}.toml", text)

    def names(self, kind: str, language: Language) -> list[str]:
        """The names below ``kind`` (``fill``), those of a person's own first."""
        own = (folder / kind for folder in self._folders(language))
        shipped = resources.files("templates") / "prompts" / language / kind
        found: dict[str, None] = {}
        for folder in (*own, shipped):
            if folder.is_dir():
                files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
                found.update((f"{kind}/{file.removesuffix('.toml')}", None) for file in files)
        return [name for name in found if not name.rpartition("/")[2].startswith(("_", "."))]

    def _folders(self, language: Language) -> Iterator[Path]:
        if self.folder is not None:
            yield self.folder / language
            yield self.folder

    def _own(self, name: str, language: Language) -> Iterator[Path]:
        return (folder / f"{name}.toml" for folder in self._folders(language))


class _Example(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    item: dict[str, Any]
    answer: dict[str, Any]


class _File(BaseModel):
    """The shape of a prompt's file; keys that it does not name are settings of a task."""

    model_config = ConfigDict(extra="allow", strict=True)

    system: str = Field(min_length=1)
    body: str = Field(min_length=1)
    example: list[_Example] = []
    temperature: float | None = Field(None, ge=0, le=2)


def _prompt(name: str, language: Language, where: str, text: str) -> Prompt:
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("prompt-not-toml", file=where, detail=str(error)) from error
    try:
        file = _File.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "-"
        raise InputError("prompt-shape", file=where, key=key, detail=why_refused(first)) from error
    for key, said in (("system", file.system), ("body", file.body)):
        for nearly in _NEARLY_A_VARIABLE.findall(said):
            if not _VARIABLE.fullmatch(f"{{{nearly}}}") or f"{{{nearly}}}" not in said:
                raise InputError("prompt-variable-form", file=where, key=key, variable=nearly)
    return Prompt(
        name=name,
        system=file.system.strip(),
        body=file.body.strip(),
        examples=tuple((example.item, example.answer) for example in file.example),
        temperature=file.temperature,
        settings=dict(file.model_extra or {}),
        language=language,
    )


def _own_text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("prompt-not-toml", file=file, detail=str(error)) from error


def _shipped_text(name: str, language: Language) -> str | None:
    file = resources.files("templates") / "prompts" / language / f"{name}.toml"
    return file.read_text("utf-8") if file.is_file() else None
