"""The columns that a request makes: the outputs of its template with the titles, types and choices asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.errors import InputError
from services.llm.prompts import Prompts
from services.tasks.fill.kinds import Kind, read_kind
from services.tasks.fill.request import FillRequest
from services.tasks.fill.template import FREE, Check, Output, Template, template


@dataclass(frozen=True, slots=True)
class Wanted:
    """One new column: its title, the key of its answers, what it holds and how that is checked."""

    key: str
    title: str
    kind: Kind
    check: Check
    hint: str = ""
    changes_of: str | None = None


def chosen_template(request: FillRequest, prompts: Prompts) -> Template:
    """The template that a request means. Raises ``InputError``: ``fill-template-or-prompt``, what loading raises."""
    if bool(request.template.strip()) == bool(request.prompt.strip()):
        raise InputError("fill-template-or-prompt")
    return template(request.template.strip() or FREE, prompts, request.language)


def variables_of(request: FillRequest, one: Template) -> tuple[dict[str, str], dict[str, str]]:
    """The template's variables, and what was said of the columns of an open one, by title.

    Raises ``InputError``: ``fill-value`` for what is not ``name=value``, and what ``variables_with`` raises.
    """
    given: dict[str, str] = {}
    for text in request.values:
        name, sign, value = text.partition("=") if "=" in text else text.partition("＝")
        if not sign or not name.strip():
            raise InputError("fill-value", value=text[:100])
        given[name.strip()] = value.strip()
    known = {variable.name for variable in one.variables}
    own = {name: value for name, value in given.items() if one.settings.open and name not in known}
    return one.variables_with({name: value for name, value in given.items() if name not in own}), own


def wanted_columns(request: FillRequest, one: Template, own: Mapping[str, str]) -> tuple[Wanted, ...]:
    """The new columns.

    Raises ``InputError``: ``fill-into-missing``, ``fill-into-count``, ``fill-into-twice``, ``fill-type-fixed``,
    ``fill-choices-missing``, and what ``read_kind`` raises.
    """
    kind = read_kind(request.type, request.choices)
    titles = tuple(title.strip() for title in request.into if title.strip())
    if one.settings.open:
        titles = tuple(dict.fromkeys([*titles, *own]))
        if not titles:
            raise InputError("fill-into-missing")
        columns = _open_columns(titles, one.outputs[0], kind, own, request)
    else:
        columns = _fixed_columns(titles, one, kind)
    folded = [column.title.casefold() for column in columns]
    for column in columns:
        if folded.count(column.title.casefold()) > 1:
            raise InputError("fill-into-twice", title=column.title)
        if column.kind.name == "choice" and not column.kind.choices and one.settings.rules != "lookup":
            raise InputError("fill-choices-missing", title=column.title)
    return columns


def _open_columns(
    titles: Sequence[str], pattern: Output, kind: Kind, own: Mapping[str, str], request: FillRequest
) -> tuple[Wanted, ...]:
    columns = []
    for number, title in enumerate(titles, start=1):
        key = "value" if len(titles) == 1 else f"value_{number}"
        said, hint, its_kind = own.get(title, ""), title, kind
        if said:
            try:
                its_kind = read_kind(said, request.choices)
            except InputError:
                hint = f"{title}: {said}"
        columns.append(Wanted(key, title, its_kind, pattern.check, hint))
    return tuple(columns)


def _fixed_columns(titles: Sequence[str], one: Template, kind: Kind) -> tuple[Wanted, ...]:
    outputs = one.outputs
    if titles and len(titles) != len(outputs):
        raise InputError("fill-into-count", template=one.name, needed=len(outputs), given=len(titles))
    if kind.name != "text" and kind.name not in {output.type for output in outputs}:
        raise InputError("fill-type-fixed", template=one.name, type=kind.name)
    columns = []
    for number, output in enumerate(outputs):
        choices = output.choices
        if not choices and (output.type == "choice" or (output.type == "list" and len(outputs) == 1)):
            choices = kind.choices
        its_kind = Kind(output.type, choices, output.least, output.most)
        title = titles[number] if titles else output.title
        columns.append(Wanted(output.key, title, its_kind, output.check, output.hint, output.changes_of))
    return tuple(columns)
