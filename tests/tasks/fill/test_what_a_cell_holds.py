"""Answers that a cell can't hold: too long, not text, or a number that it would round."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tasks.fill.sheets import filled, model, sheet, told, why


def test_what_no_cell_can_hold_is_left_out_of_an_answer() -> None:
    grid = sheet(("Text",), ["we was late"])
    with model(lambda item: {"polished": "We\x00 were\r\nlate\ud800."}) as (asking, _):
        result = filled(grid, asking, template="polish")

    assert told(result)[1][1] == "We were\nlate."


def test_a_number_that_a_cell_would_round_stays_text() -> None:
    grid = sheet(("Note",), ["card 6222021234567890123 paid"])
    with model(lambda item: {"value": "6222021234567890123"}) as (asking, _):
        result = filled(grid, asking, prompt="Card of {Note}", into=("Card",), type="number")

    assert told(result)[1][1] == "6222021234567890123"


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ({"value": "x" * 32_768}, {}),
        ({"value": "😀" * 16_384}, {}),
        ({"value": ["x" * 16_000, "y" * 16_767]}, {"type": "list"}),
    ],
)
def test_an_answer_that_no_cell_holds_is_a_gap_and_spoils_no_other(said: Any, wishes: dict[str, Any]) -> None:
    short = {"value": ["ok"] if wishes else "ok"}
    grid = sheet(("No", "Text"), [1, "a long story"], [2, "a short one"])
    with model(lambda item: said if "long" in item["Text"] else short) as (asking, _):
        result = filled(grid, asking, prompt="What of {Text}?", into=("Said",), **wishes)

    assert (why(result)["C2"], result.gaps) == ("too-long", 1)
    assert ("C3", "ok") in [(cell, after) for cell, after, _ in told(result)]


def test_changes_that_no_cell_can_show_are_left_out_beside_the_corrected_text() -> None:
    text = "teh " * 8_000
    with model(lambda item: {"corrected": text.replace("teh", "the")}) as (asking, _):
        result = filled(sheet(("No", "Text"), [1, text]), asking, template="proofread")

    assert [cell for cell, _, _ in told(result) if cell.endswith("2")] == ["C2"]
