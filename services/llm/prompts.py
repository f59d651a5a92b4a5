"""Prompts as files that a person may edit: persona, constraints, examples and a body with named variables.

A file is TOML in ``templates/prompts/{zh,en}/<name>.toml``; the person's own copy, ``prompts/<language>/<name>.toml``
or ``prompts/<name>.toml`` in the data folder, comes first. How a prompt becomes a call is in ``asking``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from services.errors import InputError
from services.messages import Language

_VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it stands in its file. ``settings`` are further keys of the file, for the task that it belongs to.

    ``system`` says who the model is and what it must not do; ``body`` what is wanted, with variables in braces.
    ``examples`` are pairs of an item and its answer.
    """

    name: str
    system: str
    body: str
    examples: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]] = ()
    temperature: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, variables: Mapping[str, str]) -> tuple[str, str]:
        """System text and body with their variables. Raises ``InputError`` (``prompt-variable``) for a missing one."""

        def value(found: re.Match[str]) -> str:
            if found[1] not in variables:
                raise InputError("prompt-variable", prompt=self.name, variable=found[1])
            return variables[found[1]]

        return _VARIABLE.sub(value, self.system), _VARIABLE.sub(value, self.body)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts there are: those that come with Deskhand, and a person's own in ``folder``."""

    folder: Path | None = None

    def load(self, name: str, language: Language) -> Prompt:
        """The prompt of this name. Raises ``InputError``: ``prompt-missing``, ``prompt-not-toml``, ``prompt-shape``."""
        raise NotImplementedError

    def names(self, kind: str, language: Language) -> list[str]:
        """The names below ``kind`` (``fill``), those of a person's own first."""
        raise NotImplementedError


_ = (tomllib, resources)
