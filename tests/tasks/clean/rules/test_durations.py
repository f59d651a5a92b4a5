"""The rule ``durations``: lengths of time in the form of their column, by exact arithmetic only."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rules.durations import RULE, DurationsStep
from services.workbook.grid import ColumnFormats, DateSerial, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Length")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


MINUTES: list[Scalar] = [f"{minutes} min" for minutes in range(80, 100)]


def test_other_forms_are_converted_into_that_of_the_column() -> None:
    assert told(table_of([*MINUTES, "1 hr. 41 min.", "88 mins", "2小时5分"])) == {
        "1 hr. 41 min.": ("safe", "101 min", "form"),
        "88 mins": ("safe", "88 min", "form"),
        "2小时5分": ("safe", "125 min", "form"),
    }


def test_chinese_lengths_take_the_chinese_form() -> None:
    values: list[Scalar] = ["101分钟", "90分钟", "88分钟", "95分钟", "1小时41分"]
    assert told(table_of(values)) == {"1小时41分": ("safe", "101分钟", "form")}


def test_a_bare_majority_makes_it_a_matter_of_review() -> None:
    assert told(table_of(["90 min", "95 min", "1 hr. 41 min."])) == {"1 hr. 41 min.": ("review", "101 min", "form")}


def test_a_consistent_column_is_left_alone() -> None:
    for typed in (False, True):
        assert told(table_of(MINUTES, typed=typed, formats=(ColumnFormats(),))) == {}
    assert told(table_of(["1 hour", "2 hours", "1.5 hours"])) == {}
    assert told(table_of(["1小时41分", "2小时5分", "1小时8分"])) == {}


def test_what_the_form_cannot_say_exactly_is_left() -> None:
    hours: list[Scalar] = [f"{n} hours" for n in range(2, 12)]
    assert told(table_of([*hours, "90 minutes", "about 3 hours"])) == {}


def test_days_in_hours_are_for_review() -> None:
    hours: list[Scalar] = [f"{n} hours" for n in range(2, 12)]
    assert told(table_of([*hours, "2 days"])) == {"2 days": ("review", "48 hours", "days")}


def test_months_and_years_have_no_fixed_length() -> None:
    assert told(table_of(["24 months", "12 months", "2 years"])) == {}


@pytest.mark.parametrize("values", [["5 m", "3 m"], ["5月", "6月"], ["30s", "40s"], ["0:45", "1:10"]])
def test_what_may_be_something_else_is_no_length(values: list[Scalar]) -> None:
    assert told(table_of(values)) == {}


def test_running_again_on_the_result_finds_nothing() -> None:
    assert told(table_of(changed(table_of([*MINUTES, "1 hr. 41 min."])))) == {}


def test_a_recipe_does_not_fit_a_column_without_lengths() -> None:
    outcome = RULE.run(DurationsStep(column="Length", form="N min"), table_of([DateSerial(1), "abc"], typed=True))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "durations.no_lengths"


def test_a_leading_zero_that_the_column_does_not_write_may_be_what_is_left_of_more() -> None:
    films: list[Scalar] = [f"{n} min" for n in range(80, 130)]
    found = told(table_of([*films, "09 min"]))
    assert found["09 min"][:2] == ("review", "9 min")


def test_more_than_sixty_minutes_behind_hours_are_for_review() -> None:
    lengths: list[Scalar] = [f"{h}h {m}m" for h in range(1, 5) for m in range(10, 60, 5)]
    assert told(table_of([*lengths, "2h 225m"]))["2h 225m"][:2] == ("review", "5h 45m")


def test_minutes_padded_to_two_digits_are_the_form_of_a_column_that_pads_them() -> None:
    padded: list[Scalar] = [f"{n % 3}h {n * 7 % 60:02d}m" for n in range(60)]
    assert "0h 00m" in padded
    assert told(table_of(padded)) == {}
    assert told(table_of([*padded, "95 min", "1h 5m"])) == {
        "95 min": ("safe", "1h 35m", "form"),
        "1h 5m": ("safe", "1h 05m", "form"),
    }


def test_what_is_no_length_is_flagged_among_lengths() -> None:
    assert told(table_of([*MINUTES, "2:30", "long"])) == {
        "2:30": ("doubt", None, "not_read"),
        "long": ("doubt", None, "not_read"),
    }
