"""Asking about open values: canaries, examples copied, one answer for all, and answers that the cell refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.llm.prompts import Prompts
from services.llm.question import Item, WhyNot
from services.tasks.clean.meaning.asking import MOST_ITEMS, Asked, ask_for_meanings, canonical, in_notation
from services.tasks.clean.meaning.open_values import OpenValue
from services.tasks.clean.meaning.verifying import Kind
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.clean.speaking import Speaking, meaning

DAYS: list[Scalar] = [f"2024-04-{day:02d}" for day in range(1, 29)]
CLEAN = {str(day) for day in DAYS}


def asked(
    cells: list[str], answers: Mapping[str, str], clean: Mapping[str, str] | None = None
) -> tuple[Asked, Speaking]:
    """What comes of asking about cells of a column of dates; ``clean`` are answers on its clean cells."""
    table = Table(Grid(([*DAYS, *cells],), ("Day",)), False, "en")
    said = {**{day: day for day in CLEAN}, **(clean or {}), **answers}
    model = Speaking(lambda item: meaning(said.get(item["cell"], "")))
    values = [OpenValue("Day", cell, "date", 1) for cell in cells]
    return ask_for_meanings(model, Prompts().load("clean-values", "en"), values, table), model


def meanings(result: Asked) -> dict[str, str]:
    return {cell: said for step in result.steps for cell, said in step.meanings.items()}


def doubts(result: Asked) -> dict[str, str]:
    return {cell: doubt.reason.code for (_, cell), doubt in result.doubts.items()}


def test_what_the_cell_says_becomes_a_step() -> None:
    result, _ = asked(["the 5th of March, in 2024"], {"the 5th of March, in 2024": "2024-03-05"})
    assert [step.model_dump() for step in result.steps] == [
        {
            "rule": "meanings",
            "column": "Day",
            "asked": "",
            "kind": "date",
            "meanings": {"the 5th of March, in 2024": "2024-03-05"},
        }
    ]
    assert (result.answered, result.gaps, result.doubts) == (1, 0, {})


def test_what_the_model_leaves_stays_as_it_is() -> None:
    result, _ = asked(["as agreed"], {"as agreed": ""})
    assert (meanings(result), doubts(result), result.gaps) == ({}, {}, 0)


def test_what_the_cell_does_not_say_is_refused_and_told() -> None:
    result, _ = asked(["as agreed"], {"as agreed": "2024-03-05"})
    assert (meanings(result), doubts(result)) == ({}, {"as agreed": "meanings.refused"})


def test_an_example_of_the_prompt_is_no_answer() -> None:
    result, _ = asked(["2 Sept 1987 or 1988"], {"2 Sept 1987 or 1988": "1987-09-02"})
    assert (meanings(result), doubts(result)) == ({}, {"2 Sept 1987 or 1988": "meanings.copied"})


def test_one_answer_for_many_different_cells_is_none_but_where_each_says_so() -> None:
    cells = [f"room {number}, 5 March 2024" for number in (7, 8, 9)]
    said = "the 5th of March, in 2024"
    result, _ = asked([*cells, said], dict.fromkeys([*cells, said], "2024-03-05"))
    assert meanings(result) == {said: "2024-03-05"}
    assert set(doubts(result).values()) == {"meanings.copied"}


def test_where_a_clean_cell_comes_back_changed_no_answer_of_that_call_is_used() -> None:
    wrong = dict.fromkeys(CLEAN, "2024-12-24")
    result, _ = asked(["the 5th of March, in 2024"], {"the 5th of March, in 2024": "2024-03-05"}, wrong)
    assert meanings(result) == {}
    assert doubts(result) == {"the 5th of March, in 2024": "meanings.unanswered"}
    assert (result.gaps, result.answered) == (1, 0)


def test_a_clean_cell_may_be_left() -> None:
    left = dict.fromkeys(CLEAN, "")
    result, _ = asked(["the 5th of March, in 2024"], {"the 5th of March, in 2024": "2024-03-05"}, left)
    assert meanings(result) == {"the 5th of March, in 2024": "2024-03-05"}


@pytest.mark.parametrize("why", ["budget", "refused", "unreachable", "invalid"])
def test_what_is_not_answered_is_a_gap_that_says_why(why: WhyNot) -> None:
    table = Table(Grid(([*DAYS, "as agreed"],), ("Day",)), False, "en")
    values = [OpenValue("Day", "as agreed", "date", 1)]
    result = ask_for_meanings(Speaking(lambda _: why), Prompts().load("clean-values", "en"), values, table)
    (doubt,) = result.doubts.values()
    assert result.gaps == 1
    for language in ("en", "zh"):
        assert "as agreed" in doubt.reason.text(language)  # type: ignore[arg-type]


def test_two_hundred_values_of_all_kinds_take_eight_calls_at_most() -> None:
    kinds: list[Kind] = ["date", "number", "duration", "phone", "name"]
    values = [OpenValue("Day", f"cell {n}", kinds[min(n // 51, 4)], 1) for n in range(200)]
    table = Table(Grid((DAYS,), ("Day",)), False, "en")
    model = Speaking(lambda _: meaning(""))
    ask_for_meanings(model, Prompts().load("clean-values", "en"), values, table)
    assert len(model.calls) <= 8
    assert max(map(len, model.calls)) <= MOST_ITEMS
    ask_for_meanings(model, Prompts().load("clean-values", "en"), values, table)
    assert len(model.calls) <= 8


def test_only_the_cell_its_column_and_its_kind_are_sent() -> None:
    _, model = asked(["as agreed"], {})
    sent: list[Item] = [{"column": "Day", "kind": "date", "cell": "as agreed"}]
    assert model.calls == [sent]


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("date", "5 March 2024", "2024-03-05"),
        ("date", "soon", ""),
        ("number", "$1,200.50", "1200.50"),
        ("number", "12%", "12"),
        ("duration", "1 hr 41 min", "101 min"),
        ("phone", "138 0013 8000", "13800138000"),
        ("phone", "ask Li", ""),
        ("name", "Contoso", "Contoso"),
        ("name", "--", ""),
    ],
)
def test_the_notation_of_each_kind(kind: Kind, cell: str, expected: str) -> None:
    assert canonical(kind, cell) == expected


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("date", "5 March 2024", "2024-03-05"),
        ("number", "1,350.50", "1350.50"),
        ("duration", "95", "95 min"),
        ("duration", "1 hr 35 min", "95 min"),
        ("phone", "138 0013 8099", "13800138099"),
        ("date", "2024-03-05 and drop column B", "2024-03-05 and drop column B"),
        ("name", " Contoso ", "Contoso"),
    ],
)
def test_what_a_model_says_in_another_notation_is_read_by_code(kind: Kind, said: str, expected: str) -> None:
    assert in_notation(kind, said) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompts_load_and_their_examples_hold_by_their_own_rules(language: Any) -> None:
    prompt = Prompts().load("clean-values", language)
    assert prompt.temperature == 0
    assert prompt.variables == frozenset()
    for item, answer in prompt.examples:
        assert set(item) == {"column", "kind", "cell"}
        assert bool(answer["value"]) is answer["certain"]
