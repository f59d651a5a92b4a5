"""A recipe is a file that a person can read and edit; what is wrong with one is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import RecipeError
from services.tasks.clean import recipe
from services.tasks.clean.recipe import Recipe, TableRecipe, check_fits, read_recipe, recipe_text
from services.tasks.clean.rulebook import RULEBOOK
from services.tasks.clean.rules.rows import RowsStep
from services.tasks.clean.rules.tidy import TidyStep
from services.workbook.grid import Grid

RECIPE = Recipe(
    (
        TableRecipe(
            "订单",
            ("日期", "城市"),
            (TidyStep(column="城市", operation="trim"), RowsStep(remove=("empty",), ignore=("日期",))),
        ),
    )
)
TEXT = """\
# A Deskhand recipe: the steps that cleaned a table, in the order they run.
# Edit or delete steps as you like, then run:  deskhand clean INPUT -o OUTPUT --recipe THIS-FILE
# Columns are named by their headers.
recipe = 1

[[table]]
sheet = "订单"
header = ["日期", "城市"]

[[table.step]] # spaces and stray characters
rule = "tidy"
column = "城市"
operation = "trim"

[[table.step]] # rows
rule = "rows"
remove = ["empty"]
ignore = ["日期"]
"""


def grid(sheet: str, *header: str) -> Grid:
    return Grid(tuple([None] for _ in header), header=header, sheet=sheet)


def test_a_recipe_is_readable_toml() -> None:
    assert recipe_text(RECIPE, "en") == TEXT


def test_a_recipe_reads_back_as_it_was_written() -> None:
    assert read_recipe(recipe_text(RECIPE, "zh")) == RECIPE


def test_every_rule_can_stand_in_a_recipe() -> None:
    assert len({rule.name for rule in RULEBOOK}) == len(RULEBOOK)
    for rule in RULEBOOK:
        assert rule.step_type.model_fields["rule"].default == rule.name


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("recipe = ]", "recipe-not-toml", "line 1"),
        ("recipe = 7", "recipe-version", "version 7"),
        ("", "recipe-version", "version -"),
        ("recipe = 1\ntable = 3", "recipe-shape", "[[table]]"),
        ('recipe = 1\n[[table]]\nsheets = "a"', "recipe-shape", "sheets"),
        ("recipe = 1\n[[table]]\nheader = 5", "recipe-shape", "header"),
        ("recipe = 1\n[[table]]\n[[table.step]]\nrule = []", "recipe-rule", "Step 1 of table 1"),
        ("x = " + "[" * 100_000, "recipe-not-toml", "recursion"),
        ('recipe = 1\n[[table]]\n[[table.step]]\nrule = "magic"', "recipe-rule", "Step 1 of table 1"),
        ('recipe = 1\n[[table]]\n[[table.step]]\nrule = "tidy"\noperation = "x"', "recipe-step", "operation"),
        ('recipe = 1\n[[table]]\n[[table.step]]\nrule = "tidy"\noperation = "trim"\nodd = 1', "recipe-step", "odd"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_with_its_place(text: str, code: str, said: str) -> None:
    with pytest.raises(RecipeError) as caught:
        read_recipe(text)

    assert caught.value.code == code
    assert said in caught.value.what("en")


def test_a_recipe_finds_its_table_by_sheet_and_else_by_columns() -> None:
    assert RECIPE.for_grid(grid("订单", "城市", "日期", "more")) == RECIPE.tables[0]
    assert RECIPE.for_grid(grid("renamed", "城市")) == RECIPE.tables[0]
    assert RECIPE.for_grid(grid("订单", "日期")) is None


def test_columns_that_are_gone_are_named() -> None:
    with pytest.raises(RecipeError) as caught:
        check_fits(RECIPE, [grid("订单", "日期", "city")])

    assert caught.value.code == "recipe-columns"
    assert "城市" in caught.value.what("en")


def test_the_readme_lists_the_rules_in_their_order() -> None:
    text = (Path(recipe.__file__).parent / "README.md").read_text("utf-8")
    listed = text.split("Rules in their order: ")[1].split(".")[0]

    assert [name.strip() for name in listed.split(",")] == [rule.name for rule in RULEBOOK]
