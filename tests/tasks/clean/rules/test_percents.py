"""The rule ``percents``: shares as text, missing signs, and signs that contradict their column."""

from __future__ import annotations

from functools import partial

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.percents import RULE, PercentsStep
from services.workbook.grid import ColumnFormats, DateSerial, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Rate")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def test_a_consistent_column_of_a_text_file_is_left_alone() -> None:
    assert told(table_of(["12.5%", "13%", "100%", None])) == {}
    assert told(table_of(["12,5 %", "13,0 %"])) == {}
    assert told(table_of(["12.5 percent", "13 percent"])) == {}


def test_odd_spellings_take_the_form_of_the_column() -> None:
    assert told(table_of(["12.5%", "13%", "１４％", "16 %", "百分之十五"])) == {
        "１４％": ("safe", "14%", "form"),
        "16 %": ("safe", "16%", "form"),
        "百分之十五": ("safe", "15%", "form"),
    }


def test_a_workbook_gets_shares_with_a_per_cent_format() -> None:
    table = table_of(["12.5%", "13%", "20%"], typed=True)
    (step,) = RULE.propose(table)
    found = RULE.run(step, table).values["12.5%"]
    assert isinstance(found, Proposal)
    assert (found.after, found.number_format, found.safe) == (0.125, "0.0%", True)
    assert changed(table) == [0.125, 0.13, 0.2]


def test_the_columns_own_per_cent_format_is_kept() -> None:
    table = table_of(["12.5%", 0.13, 0.2], typed=True, formats=(ColumnFormats("0.00%"),))
    found = RULE.run(RULE.propose(table)[0], table).values["12.5%"]
    assert isinstance(found, Proposal)
    assert (found.after, found.number_format) == (0.125, "0.00%")


def test_a_sign_that_contradicts_the_column_is_offered_for_removal() -> None:
    values: list[Scalar] = ["0.05", "0.055", "0.06", "0.065", "0.055999999999999994%", "0.05%"]
    assert told(table_of(values)) == {
        "0.055999999999999994%": ("review", "0.056", "stray"),
        "0.05%": ("review", "0.05", "stray"),
    }


def test_signs_that_agree_with_bare_shares_become_shares_for_review() -> None:
    assert told(table_of(["0.05", "0.06", "0.08", "5%"])) == {"5%": ("review", "0.05", "form")}


def test_a_missing_sign_is_offered_where_the_size_tells() -> None:
    assert told(table_of(["12", "13%", "15%", "18%"])) == {"12": ("review", "12%", "sign_missing")}
    assert told(table_of(["0.12", "13%", "15%", "18%"])) == {"0.12": ("review", "12%", "sign_missing")}


def test_a_number_of_no_fitting_size_is_flagged() -> None:
    assert told(table_of(["1200", "13%", "15%", "18%"])) == {"1200": ("doubt", None, "scale_open")}


def test_points_beside_signs_make_the_reading_in_a_workbook_a_matter_of_review() -> None:
    assert told(table_of([12, "13%", "15%"], typed=True)) == {
        "13%": ("review", 0.13, "text"),
        "15%": ("review", 0.15, "text"),
        12: ("review", 0.12, "sign_missing"),
    }


def test_ranges_are_flagged_among_shares() -> None:
    assert told(table_of(["5%", "6%", "7%", "8%", "5%-10%"])) == {"5%-10%": ("doubt", None, "several")}


def test_a_recipe_that_removes_signs_does_not_fit_where_they_mean_something() -> None:
    outcome = RULE.run(PercentsStep(column="Rate", sign="stray"), table_of(["5%", "6%", "7%"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "percents.not_stray"


def test_running_again_on_the_result_finds_nothing() -> None:
    values: list[Scalar] = ["12.5%", "13%", "１４％", "16 %", "18%"]
    for typed in (False, True):
        assert told(table_of(changed(table_of(values, typed=typed)), typed=typed)) == {}


def test_dates_and_texts_are_none_of_its_business() -> None:
    assert told(table_of([DateSerial(45292), "100% sure", "abc"], typed=True)) == {}


def test_what_is_no_share_is_flagged_among_shares() -> None:
    shown = (ColumnFormats("0%"),)
    shares: list[Scalar] = [n / 100 for n in range(10, 30)]
    assert told(table_of([*shares, "tbc", "12"], typed=True, formats=shown)) == {
        "tbc": ("doubt", None, "not_read"),
        "12": ("doubt", None, "not_read"),
    }
    assert told(table_of([*(f"{n}%" for n in range(10, 30)), "most"])) == {"most": ("doubt", None, "not_read")}
