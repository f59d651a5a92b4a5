"""The rule ``times``: times of day in one form, and real times in a workbook."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rules.times import RULE, TimesStep
from services.workbook.grid import ColumnFormats, DateSerial, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Start")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def test_times_of_a_text_file_take_one_form() -> None:
    values: list[Scalar] = ["19:05", "7:05 p.m.", "下午7点05分", "晚上七点半", "08:00", "09:30", "10:15"]
    assert told(table_of(values)) == {
        "7:05 p.m.": ("safe", "19:05", "read"),
        "下午7点05分": ("safe", "19:05", "read"),
        "晚上七点半": ("safe", "19:30", "read"),
    }


@pytest.mark.parametrize(
    "values",
    [
        ["9:05", "10:10", "11:20"],
        ["09:05", "10:10"],
        ["9:05 AM", "2:10 PM"],
        ["9:05 a.m.", "2:10 p.m."],
        ["上午9点30分", "下午2点05分"],
        ["10:10:05", "11:20:00"],
        ["1:41", "0:45"],
    ],
)
def test_a_consistent_column_is_left_alone(values: list[Scalar]) -> None:
    assert told(table_of(values)) == {}


def test_a_workbook_gets_real_times() -> None:
    assert told(table_of(["9:30 AM", "2:06 PM"], typed=True)) == {
        "9:30 AM": ("safe", DateSerial(9.5 / 24), "read"),
        "2:06 PM": ("safe", DateSerial(14.1 / 24), "read"),
    }


def test_bare_clocks_in_a_workbook_may_be_lengths_and_are_for_review() -> None:
    assert told(table_of(["1:41", "0:45"], typed=True, formats=(ColumnFormats("@"),)))["0:45"] == (
        "review",
        DateSerial(45 / 1440),
        "clock_only",
    )


def test_impossible_times_and_nights_between_two_days_are_flagged() -> None:
    assert told(table_of(["19:05", "08:00", "10:30", "25:61", "半夜2点"])) == {
        "25:61": ("doubt", None, "impossible"),
        "半夜2点": ("doubt", None, "which_day"),
    }


def test_scores_ratios_and_lap_times_are_no_times() -> None:
    assert told(table_of(["3:2", "1:0"], typed=True)) == {}
    assert told(table_of(["1:62.5", "0:59.85.1"], typed=True)) == {}


def test_running_again_on_the_result_finds_nothing() -> None:
    values: list[Scalar] = ["19:05", "7:05 p.m.", "晚上七点半", "08:00", "09:30"]
    for typed in (False, True):
        assert told(table_of(changed(table_of(values, typed=typed)), typed=typed)) == {}


def test_a_recipe_does_not_fit_a_column_without_times() -> None:
    outcome = RULE.run(TimesStep(column="Start"), table_of(["abc", "def"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "times.no_times"


def test_what_is_no_time_is_flagged_among_times() -> None:
    clocks: list[Scalar] = [DateSerial(n / 24) for n in range(8, 18)]
    assert told(table_of([*clocks, "noonish"], typed=True)) == {"noonish": ("doubt", None, "not_read")}


def test_an_afternoon_hour_with_pm_behind_it_is_for_review() -> None:
    values: list[Scalar] = [f"{hour}:15 {half}" for hour in range(1, 12) for half in ("AM", "PM")]
    assert told(table_of([*values, "3:20 p.m.", "22:16 PM"])) == {
        "3:20 p.m.": ("safe", "3:20 PM", "read"),
        "22:16 PM": ("review", "10:16 PM", "read"),
    }
