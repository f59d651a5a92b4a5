"""The rule ``measures``: units that a column shares, spellings of one unit, and units that differ."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rules.measures import RULE, MeasuresStep
from services.workbook.grid import ColumnFormats, DateSerial, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Weight")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def test_a_consistent_column_is_left_alone() -> None:
    for typed in (False, True):
        assert told(table_of(["12 kg", "13 kg", "14.5 kg"], typed=typed)) == {}
        assert told(table_of(["3 patients", "1 patients", "0 patients"], typed=typed)) == {}


def test_a_unit_in_many_spellings_goes_where_the_header_has_it() -> None:
    values: list[Scalar] = ["12.0 oz.", "12.0 OZ", "16.0 ounce", "8.4 oz", "16.0 oz. Bottle"]
    assert told(table_of(values, header="Size (oz)")) == {
        "12.0 oz.": ("safe", "12", "unit_in_header"),
        "12.0 OZ": ("safe", "12", "unit_in_header"),
        "16.0 ounce": ("safe", "16", "unit_in_header"),
        "8.4 oz": ("safe", "8.4", "unit_in_header"),
        "16.0 oz. Bottle": ("review", "16", "words_lost"),
    }


def test_without_the_unit_in_the_header_it_is_for_review() -> None:
    assert told(table_of(["12 kg", "13kg", "14公斤"], typed=True)) == {
        "12 kg": ("review", 12, "unit_not_in_header"),
        "13kg": ("review", 13, "unit_not_in_header"),
        "14公斤": ("review", 14, "unit_not_in_header"),
    }


def test_a_stray_spelling_takes_the_form_of_the_column() -> None:
    values: list[Scalar] = [*(f"{n} kg" for n in range(10, 19)), "19kg"]
    assert told(table_of(values)) == {"19kg": ("safe", "19 kg", "spelling")}


def test_one_pound_beside_pounds_is_right() -> None:
    values: list[Scalar] = [*(f"{n} pounds" for n in range(2, 11)), "1 pound"]
    assert told(table_of(values)) == {}


def test_a_lone_other_unit_is_flagged_and_several_are_offered_converted() -> None:
    kilos: list[Scalar] = [f"{n} kg" for n in range(1, 17)]
    assert told(table_of([*kilos, "900 g"])) == {"900 g": ("doubt", None, "other_unit_in_cell")}
    assert told(table_of([*kilos, "900 g", "850 g", "1500 g"])) == {
        "900 g": ("review", "0.9 kg", "converted"),
        "850 g": ("review", "0.85 kg", "converted"),
        "1500 g": ("review", "1.5 kg", "converted"),
    }


def test_a_missing_unit_is_offered_where_the_size_fits() -> None:
    kilos: list[Scalar] = [f"{n} kg" for n in range(1, 17)]
    assert told(table_of([*kilos, "9", "9000"])) == {
        "9": ("review", "9 kg", "unit_missing"),
        "9000": ("doubt", None, "unit_unknown"),
    }


def test_counts_of_different_things_are_not_one_unit() -> None:
    assert told(table_of(["3个", "5件", "2个", "4个"])) == {}


def test_money_lengths_of_time_and_descriptions_are_left_to_others() -> None:
    assert told(table_of(["12元", "13.5元", "14 元"])) == {}
    assert told(table_of(["12 min", "13min", "14 minutes"])) == {}
    assert told(table_of(["5 m of red rope", "3 m of blue rope", "2 m tape"])) == {}


def test_a_recipe_for_another_unit_does_not_fit() -> None:
    outcome = RULE.run(MeasuresStep(column="Weight", unit="kg"), table_of(["12 lb", "13lb", "14 lbs"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "measures.other_unit"


def test_running_again_on_the_result_finds_nothing() -> None:
    values: list[Scalar] = ["12.0 oz.", "12.0 OZ", "16.0 ounce"]
    for typed in (False, True):
        table = table_of(changed(table_of(values, typed=typed, header="oz")), typed=typed, header="oz")
        assert told(table) == {}


def test_real_values_are_untouched() -> None:
    assert told(table_of([12, 13.5, DateSerial(45292)], typed=True, formats=(ColumnFormats(),))) == {}


@pytest.mark.parametrize("values", [["128GB", "256GB"], ["89㎡", "120㎡"], ["5km", "21.0975km"]])
def test_units_without_a_space_are_consistent_too(values: list[Scalar]) -> None:
    assert told(table_of(values)) == {}


def test_a_word_for_pieces_leaves_a_column_of_counts() -> None:
    counts: list[Scalar] = [str(n) for n in range(1, 60)]
    assert told(table_of([*counts, "12 pcs", "24件", "100 件", "6箱", "1 dozen"], header="Qty")) == {
        "12 pcs": ("safe", "12", "counted"),
        "24件": ("safe", "24", "counted"),
        "100 件": ("safe", "100", "counted"),
        "6箱": ("doubt", None, "counts_other"),
        "1 dozen": ("doubt", None, "counts_other"),
    }


def test_money_written_out_to_the_end_is_no_measure() -> None:
    assert told(table_of([*range(100, 140), "300元整", "500元正"], typed=True, header="金额")) == {}


def test_names_with_a_chinese_numeral_are_no_measures() -> None:
    assert told(table_of(["一班", "二班", "三班"] * 10, header="班级")) == {}
