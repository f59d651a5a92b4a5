"""A recipe: the steps that cleaned a table, as a readable TOML file that a person can edit and run again.

Reading, writing and matching recipes to tables live here; what a step does lives with its rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from pydantic import ValidationError

from services.errors import RecipeError
from services.messages import Language, message
from services.tasks.clean.rule import Step
from services.tasks.clean.rulebook import RULEBOOK
from services.workbook.grid import Grid

VERSION = 1


@dataclass(frozen=True, slots=True)
class TableRecipe:
    """The steps for one table, and the table they were made for: its sheet's name and its header."""

    sheet: str
    header: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a recipe file holds, table by table."""

    tables: tuple[TableRecipe, ...]

    def for_grid(self, grid: Grid) -> TableRecipe | None:
        """The part made for this table: of the same sheet, else the first whose columns it has, else None."""
        names = set(grid.names())
        fitting = [part for part in self.tables if set(_columns(part.steps)) <= names]
        same = [part for part in fitting if part.sheet == grid.sheet]
        return next(iter(same or fitting), None)


def recipe_text(recipe: Recipe, language: Language) -> str:
    """The recipe as TOML, with a word on how to read it in the person's language."""
    document = tomlkit.document()
    for line in message("recipe.intro", language).splitlines():
        document.add(tomlkit.comment(line))
    document.add("recipe", tomlkit.item(VERSION))
    tables = tomlkit.aot()
    for part in recipe.tables:
        table = tomlkit.table()
        table.add("sheet", part.sheet)
        header = tomlkit.array()
        header.extend(part.header)
        table.add("header", header)
        steps = tomlkit.aot()
        for step in part.steps:
            steps.append(_step_table(step, language))
        if part.steps:
            table.add("step", steps)
        tables.append(table)
    if recipe.tables:
        document.add("table", tables)
    return tomlkit.dumps(document)


def read_recipe(text: str) -> Recipe:
    """A recipe from its TOML text. Raises ``RecipeError`` that says which line or which step can't be understood."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RecipeError("recipe-not-toml", detail=str(error)) from error
    if raw.get("recipe") != VERSION:
        raise RecipeError("recipe-version", found=raw.get("recipe", "-"), known=VERSION)
    parts = raw.get("table", [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise RecipeError("recipe-shape", where="[[table]]")
    return Recipe(tuple(_read_part(part, number) for number, part in enumerate(parts, 1)))


def check_fits(recipe: Recipe, grids: Sequence[Grid]) -> None:
    """Raise ``RecipeError`` naming the columns that are gone, where a part of the recipe has no table in ``grids``."""
    for part in recipe.tables:
        wanted = set(_columns(part.steps))
        gaps: list[set[str]] = [wanted - set(grid.names()) for grid in grids]
        if wanted and all(gaps):
            missing = sorted(sorted(gaps, key=len)[0])
            raise RecipeError("recipe-columns", sheet=part.sheet or "-", columns=", ".join(missing))


def _columns(steps: Iterable[Step]) -> list[str]:
    return [step.column for step in steps if step.column]


def _step_table(step: Step, language: Language) -> tomlkit.items.Table:
    table = tomlkit.table()
    table.comment(message(f"progress.rule.{step.rule}", language))
    values: dict[str, Any] = step.model_dump(mode="json", exclude_none=True)
    for key, value in values.items():
        if key in ("column", "asked") and value == "":
            continue
        table.add(key, value)
    return table


def _read_part(part: dict[str, Any], number: int) -> TableRecipe:
    types = {rule.name: rule.step_type for rule in RULEBOOK}
    steps, header = part.get("step", []), part.get("header", [])
    odd = sorted(set(part) - {"sheet", "header", "step"})
    odd += [name for name, value in (("step", steps), ("header", header)) if not isinstance(value, list)]
    if odd:
        raise RecipeError("recipe-shape", where=f"[[table]] {number}: {', '.join(odd)}")
    read: list[Step] = []
    for place, raw in enumerate(steps, 1):
        name = raw.get("rule") if isinstance(raw, dict) else None
        if not isinstance(name, str) or name not in types:
            raise RecipeError("recipe-rule", table=number, step=place, rule=name or "-", known=", ".join(sorted(types)))
        try:
            read.append(types[name].model_validate(raw))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(item) for item in first["loc"])
            detail = first["msg"]
            raise RecipeError(
                "recipe-step", table=number, step=place, rule=name, setting=where, detail=detail
            ) from error
    return TableRecipe(str(part.get("sheet", "")), tuple(str(title) for title in header), tuple(read))
