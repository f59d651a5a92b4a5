"""Rule ``meanings``: what a model said of values, verified by the cell and written as the column writes it."""

from __future__ import annotations

import pytest

from services.tasks.clean.meaning.verifying import Kind
from services.tasks.clean.rule import Doubt
from services.tasks.clean.rules.meanings import RULE, MeaningsStep
from services.workbook.grid import DateSerial, Scalar
from tests.tasks.clean.rules.tables import one_column

DAYS: list[Scalar] = [f"{day:02d}.03.2024" for day in range(13, 29)]


def said(kind: Kind, values: list[Scalar], typed: bool = False, **meanings: str) -> dict[Scalar, object]:
    step = MeaningsStep(column="Value", kind=kind, meanings=meanings)
    outcome = RULE.run(step, one_column(values, typed=typed))
    return {
        value: one.reason.code if isinstance(one, Doubt) else (one.after, one.safe, one.proposer)
        for value, one in outcome.values.items()
    }


def test_a_date_is_written_in_the_columns_form() -> None:
    cell = "the 5th of March, in 2024"
    assert said("date", [*DAYS, cell], **{cell: "2024-03-05"}) == {cell: ("05.03.2024", True, "model")}
    assert said("date", [*DAYS, cell], typed=True, **{cell: "2024-03-05"}) == {cell: (DateSerial(45356), True, "model")}


def test_a_number_is_written_with_the_columns_unit() -> None:
    weights: list[Scalar] = [f"{number}.5 kg" for number in range(10, 30)]
    assert said("number", [*weights, "roughly 17 kilos, net"], **{"roughly 17 kilos, net": "17"}) == {
        "roughly 17 kilos, net": ("17 kg", False, "model")
    }


def test_a_number_becomes_a_number_in_a_workbook() -> None:
    numbers: list[Scalar] = [*range(100, 120), "105 (see note)"]
    assert said("number", numbers, typed=True, **{"105 (see note)": "105"}) == {"105 (see note)": (105, False, "model")}


def test_what_the_cell_does_not_say_is_told_and_not_proposed() -> None:
    cell = "the 5th of March, in 2024"
    assert said("date", [*DAYS, cell], **{cell: "2024-03-06"}) == {cell: "meanings.refused"}


@pytest.mark.parametrize("typed", [False, True])
def test_a_telephone_number_is_grouped_like_the_others(typed: bool) -> None:
    phones: list[Scalar] = [f"138 0013 80{number}" for number in range(10, 30)]
    cell = "please call 13800138099 (Li)"
    assert said("phone", [*phones, cell], typed, **{cell: "13800138099"}) == {cell: ("138 0013 8099", True, "model")}


def test_a_value_that_is_gone_and_a_column_that_is_gone_say_nothing() -> None:
    assert said("number", ["1", "2"], x="3") == {}
    step = MeaningsStep(column="Other", kind="number", meanings={"x": "3"})
    assert RULE.run(step, one_column(["x"])).values == {}
