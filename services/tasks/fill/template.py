"""Templates: prompt files of the kind ``fill`` with the keys that say which columns they make, and from what.

Beside the keys of every prompt a file has ``title``, ``description``, ``sources`` (``text``: one column of prose,
``texts``: all of them, ``row``: every column), ``open`` (the person names the columns), ``rules`` (what can be done
by code alone), ``unchanged`` (what to say where a text stays as it was),
``[[column]]`` (``key``, ``title``, ``type``, ``choices``, ``least``, ``most``, ``check``, ``hint``, ``changes_of``) and
``[[variable]]`` (``name``, ``title``, ``default``). What a person asked for on top of it is joined in ``plan``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.errors import InputError
from services.llm.prompts import Prompt, Prompts
from services.messages import Language
from services.refused import why_refused
from services.tasks.fill.kinds import KindName

FREE = "_free"
"""The template for a prompt of the person's own; it is not listed."""

Check = Literal["none", "within", "found", "akin", "translation", "wording", "correction", "summary"]
"""How an answer is checked against the row that it is of; see ``verify``."""


class Output(BaseModel):
    """One column that a template makes. ``changes_of`` names the column whose changes are marked in this one, by code.

    ``check`` says how an answer is checked, ``hint`` tells the model what is wanted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    title: str = Field(min_length=1)
    type: KindName = "text"
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    check: Check = "within"
    hint: str = ""
    changes_of: str | None = None


class Variable(BaseModel):
    """Something of a template that a person can set; without a ``default`` it has to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z_]+$")
    title: str = ""
    default: str | None = None


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    description: str = ""
    sources: Literal["text", "texts", "row"] = "texts"
    open: bool = False
    rules: Literal["", "sentiment", "proofread", "lookup"] = ""
    unchanged: str = ""
    column: tuple[Output, ...] = ()
    variable: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A template as its file says it. ``unchanged`` stands in a column of changes where there are none."""

    name: str
    prompt: Prompt
    settings: _Settings

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.settings.title

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The columns that it makes; of an open one, a pattern for those that a person names."""
        return self.settings.column

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What a person can set."""
        return self.settings.variable

    @property
    def needs_choices(self) -> bool:
        """Whether a person has to say what can be chosen."""
        return self.settings.rules != "lookup" and any(
            output.type == "choice" and not output.choices for output in self.outputs
        )

    def variables_with(self, given: Mapping[str, str]) -> dict[str, str]:
        """The values of all variables. Raises ``InputError``: ``fill-variable-unknown``, ``fill-variable-missing``."""
        known = {variable.name: variable.default for variable in self.variables}
        for name in given:
            if name not in known:
                listed = ", ".join(known) or "-"
                raise InputError("fill-variable-unknown", template=self.name, variable=name, known=listed)
        values = {name: given.get(name, default) for name, default in known.items()}
        for name, value in values.items():
            if value is None:
                raise InputError("fill-variable-missing", template=self.name, variable=name)
        return {name: value for name, value in values.items() if value is not None}


def template(name: str, prompts: Prompts, language: Language) -> Template:
    """The template of this name, or else of this title. Raises ``InputError``: ``fill-template-unknown``.

    Also raises ``fill-template-shape``, and what ``Prompts.load`` raises for a file that is no prompt.
    """
    known = template_names(prompts, language)
    if name != FREE and name not in known:
        titled = [one for one in known if prompts.load(f"fill/{one}", language).settings.get("title") == name]
        if len(titled) != 1:
            raise InputError("fill-template-unknown", template=name[:100], known=", ".join(known))
        name = titled[0]
    prompt = prompts.load(f"fill/{name}", language)
    try:
        settings = _Settings.model_validate(prompt.settings)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "-"
        raise InputError("fill-template-shape", template=name, where=where, detail=why_refused(first)) from error
    return Template(name, prompt, settings)


def template_names(prompts: Prompts, language: Language) -> list[str]:
    """The names of all templates that a person can choose."""
    return [name.removeprefix("fill/") for name in prompts.names("fill", language)]


def templates(prompts: Prompts, language: Language) -> list[Template]:
    """All templates that a person can choose. Raises what ``template`` raises."""
    return [template(name, prompts, language) for name in template_names(prompts, language)]
