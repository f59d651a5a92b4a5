"""The rule ``numbers``: what becomes a number, what stays a text, and what a person has to look at."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.numbers import RULE, NumbersStep
from services.tasks.clean.table import Table
from services.workbook.grid import ColumnFormats, DateSerial, Grid, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Quantity")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def test_plain_numbers_of_a_text_file_are_left_alone() -> None:
    assert told(table_of(["12", "7.25", "0.05", "12.50", "-3", None])) == {}


def test_number_texts_of_a_workbook_become_numbers() -> None:
    assert told(table_of(["12", "7.25", "30", 40], typed=True)) == {
        "12": ("safe", 12, "text"),
        "7.25": ("safe", 7.25, "text"),
        "30": ("safe", 30, "text"),
    }


def test_grouping_full_width_accounting_and_chinese_numerals_are_read() -> None:
    values: list[Scalar] = [
        "1,050.00",
        "(1,050.00)",
        "1050.5-",
        "１２００",
        "3万5",
        "壹仟贰佰",
        "1,234",
        "12",
        "15",
        "800",
    ]
    assert told(table_of(values)) == {
        "1,050.00": ("safe", "1050.00", "grouped"),
        "(1,050.00)": ("safe", "-1050.00", "negative"),
        "1050.5-": ("safe", "-1050.5", "negative"),
        "１２００": ("safe", "1200", "written_out"),
        "3万5": ("safe", "35000", "written_out"),
        "壹仟贰佰": ("safe", "1200", "written_out"),
        "1,234": ("safe", "1234", "sign_proved"),
    }


def test_a_decimal_comma_is_read_where_the_column_proves_it() -> None:
    values: list[Scalar] = ["1.234,56", "12,50", "1.234", "99,00"]
    assert told(table_of(values)) == {
        "1.234,56": ("safe", "1234,56", "grouped"),
        "1.234": ("safe", "1234", "sign_proved"),
    }
    assert changed(table_of(values, typed=True)) == [1234.56, 12.5, 1234, 99]


def test_one_thousand_or_one_point_two_is_for_review_where_nothing_proves_the_sign() -> None:
    assert told(table_of(["1,234", "5,678"])) == {
        "1,234": ("review", "1234", "sign_open"),
        "5,678": ("review", "5678", "sign_open"),
    }
    assert told(table_of(["1.234", "5.678"])) == {}


def test_counts_below_a_thousand_beside_grouped_ones_prove_the_grouping() -> None:
    values: list[Scalar] = ["913", "21", "1,784", "14,700", "5,384", "37,426", "4,858"]
    assert changed(table_of(values)) == ["913", "21", "1784", "14700", "5384", "37426", "4858"]


def test_the_sign_that_other_columns_prove_makes_the_proposal_for_review() -> None:
    grid = Grid(columns=(["1,234", "5,678"], ["12,50", "3,75"]), header=("Sold", "Price"))
    table = Table(grid, True, "en")
    step = RULE.propose(table)[0]
    assert (step.column, step.decimal_sign, step.sure) == ("Sold", ",", False)
    finding = RULE.run(step, table).values["1,234"]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.safe) == (1.234, False)


@pytest.mark.parametrize(
    "values",
    [
        ["0012", "0034", "0150"],
        ["13812345678", "13912345678", "18600001111"],
        ["4111111111111111", "5500000000000004"],
        ["2019", "2020", "2021"],
        ["1001", "1002", "1003"],
        ["1.2.3", "1.10", "2.0"],
        ["1.1", "1.2", "1.10", "2.1"],
        ["192.168.1.1", "10.0.0.1"],
        ["978-7-111-12345-6", "978-7-111-12346-3"],
        ["12-34", "1E5", "2E7"],
        ["3-2", "1-0"],
        ["400 123 456", "400 234 567"],
        ["1,2,3", "2", "1", "1,3"],
        ["一", "二", "三"],
        ["(1)", "(2)", "(3)"],
    ],
)
def test_codes_and_labels_made_of_digits_stay_texts(values: list[Scalar]) -> None:
    assert told(table_of(values, typed=True)) == {}


def test_a_header_that_names_codes_keeps_its_texts() -> None:
    assert told(table_of(["12", "345", "6"], typed=True, header="Room No.")) == {}
    assert told(table_of(["12", "345", "6"], typed=True, header="订单编号")) == {}
    assert told(table_of(["12", "345", "6"], typed=True, header="Account balance")) != {}


def test_answers_with_commas_are_never_safe_decimals() -> None:
    assert told(table_of(["1,2", "2,3", "1", "1,3"], typed=True)) == {
        "1,2": ("review", 1.2, "comma_open"),
        "2,3": ("review", 2.3, "comma_open"),
        "1": ("review", 1, "text"),
        "1,3": ("review", 1.3, "comma_open"),
    }


def test_what_is_no_single_number_is_flagged_in_a_column_of_numbers() -> None:
    values: list[Scalar] = [*map(str, range(20, 40)), "5/10", "12-15", "1e5", "约3万", "abc"]
    assert told(table_of(values)) == {
        "5/10": ("doubt", None, "several"),
        "12-15": ("doubt", None, "several"),
        "1e5": ("doubt", None, "several"),
        "约3万": ("doubt", None, "vague"),
        "abc": ("doubt", None, "no_number"),
    }


def test_point_zero_goes_where_the_column_is_otherwise_whole() -> None:
    assert told(table_of(["12", "13.0", "14"])) == {"13.0": ("safe", "13", "zero_decimal")}


def test_point_zero_is_for_review_beside_decimals_of_any_length_or_whole_numbers_without_it() -> None:
    assert told(table_of(["7.3", "7.0", "8.125"])) == {"7.0": ("review", "7", "zero_offered")}
    assert told(table_of(["7.3", "7.0", "8"])) == {"7.0": ("review", "7", "zero_offered")}
    assert told(table_of(["7.0", "8.0"])) == {
        "7.0": ("review", "7", "zero_offered"),
        "8.0": ("review", "8", "zero_offered"),
    }
    assert told(table_of(["12.50", "13.0", "14"])) == {}


def test_one_decimal_in_every_cell_is_a_form_that_stays() -> None:
    assert told(table_of(["68.4", "69.0", "70.1", "71.5", "72.0"])) == {}


def test_whole_scores_without_point_zero_in_the_same_column_make_it_a_matter_of_review() -> None:
    scores: list[Scalar] = [f"{n}.{n}" for n in range(1, 10)]
    found = told(table_of([*scores, "7.0", "5.4/10,6/10"]))
    assert found["7.0"] == ("review", "7", "zero_offered")


def test_the_noise_of_binary_fractions_is_rounded_to_the_columns_decimals() -> None:
    values: list[Scalar] = ["0.055999999999999994", "0.056", "0.125"]
    assert told(table_of(values)) == {"0.055999999999999994": ("safe", "0.056", "noise")}


def test_a_multiplier_out_of_proportion_or_beside_a_scaled_header_is_for_review() -> None:
    values: list[Scalar] = ["3.5万", "2.1", "2.8", "4"]
    assert told(table_of(values)) == {"3.5万": ("review", "35000", "scale")}
    larger: list[Scalar] = ["3.5万", "21000", "28000"]
    assert told(table_of(larger, header="金额(万元)")) == {"3.5万": ("review", "35000", "scale")}
    assert told(table_of(larger)) == {"3.5万": ("safe", "35000", "written_out")}


def test_texts_take_the_number_format_of_the_column() -> None:
    formats = (ColumnFormats("#,##0.00", {0: "@"}),)
    table = table_of(["12.5", 3, 4.5, 7, 9], typed=True, formats=formats)
    (step,) = RULE.propose(table)
    finding = RULE.run(step, table).values["12.5"]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.number_format) == (12.5, "#,##0.00")


def test_real_numbers_dates_and_long_digit_strings_are_untouched() -> None:
    values: list[Scalar] = [0.1 + 0.2, 12, DateSerial(45292), "12345678901234567890", 7, 8, 9]
    assert told(table_of(values, typed=True)) == {}


def test_running_again_on_the_result_finds_nothing() -> None:
    values: list[Scalar] = ["1,050.00", "(3.5)", "12", "１３", "1,234"]
    for typed in (False, True):
        assert told(table_of(changed(table_of(values, typed=typed)), typed=typed)) == {}


def test_a_recipe_with_the_other_decimal_sign_does_not_fit() -> None:
    outcome = RULE.run(NumbersStep(column="Quantity", decimal_sign=","), table_of(["1,050.25", "12.5"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "numbers.other_sign"
    assert outcome.values == {}


def test_a_person_may_settle_the_sign_in_the_recipe() -> None:
    outcome = RULE.run(NumbersStep(column="Quantity", decimal_sign=".", sure=True), table_of(["1,234", "5,678"]))
    finding = outcome.values["1,234"]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.safe) == ("1234", True)


def test_a_column_written_by_two_hands_is_for_review() -> None:
    values: list[Scalar] = ["12.50", "1,250.00", "3,75", "1.250,00", "1,234", "7"]
    assert told(table_of(values, typed=True)) == {
        "12.50": ("review", 12.5, "sign_against"),
        "1,250.00": ("review", 1250, "sign_against"),
        "3,75": ("review", 3.75, "sign_against"),
        "1.250,00": ("review", 1250, "sign_against"),
        "1,234": ("review", 1234, "sign_open"),
        "7": ("safe", 7, "text"),
    }


def test_a_few_commas_beside_real_decimals_prove_nothing() -> None:
    values: list[Scalar] = [12.5, 7.25, 3.1, "23,94", 8.4]
    assert told(table_of(values, typed=True)) == {"23,94": ("review", 23.94, "comma_open")}


def test_not_a_number_in_a_workbook_disturbs_nothing() -> None:
    assert told(table_of([float("nan"), float("inf"), 3, 4, "5"], typed=True)) == {"5": ("safe", 5, "text")}


def test_a_word_among_numbers_is_flagged_in_every_cell_that_holds_it() -> None:
    numbers: list[Scalar] = [str(n) for n in range(30, 80)]
    assert told(table_of([*numbers, "缺考", "ERR"])) == {
        "缺考": ("doubt", None, "no_number"),
        "ERR": ("doubt", None, "no_number"),
    }
    assert told(table_of([*numbers, *["absent"] * 4])) == {"absent": ("doubt", None, "no_number")}


def test_another_unit_and_a_remark_among_measurements_are_flagged() -> None:
    assert told(table_of([*[n / 2 for n in range(40, 80)], "149 F", "sensor broken"], typed=True)) == {
        "149 F": ("doubt", None, "no_number"),
        "sensor broken": ("doubt", None, "no_number"),
    }


def test_a_word_for_no_value_is_flagged_only_where_it_is_not_emptied() -> None:
    numbers: list[Scalar] = [str(n) for n in range(30, 80)]
    assert told(table_of([*numbers, "N/A"])) == {}
    assert told(table_of([*numbers, "tbc"])) == {"tbc": ("doubt", None, "no_number")}
    assert told(table_of([*numbers, "tbc", None])) == {}


def test_words_in_a_column_that_is_not_clearly_numbers_are_left_alone() -> None:
    values: list[Scalar] = [*map(str, range(10, 20)), *(f"room {n}" for n in range(4))]
    assert told(table_of(values)) == {}


def test_a_letter_that_looks_like_a_digit_is_read_as_one_for_review() -> None:
    numbers: list[Scalar] = [str(n) for n in range(30, 80)]
    assert told(table_of([*numbers, "4O", "l2"])) == {
        "4O": ("review", "40", "letter"),
        "l2": ("review", "12", "letter"),
    }
    assert told(table_of([*range(30, 80), "4O"], typed=True)) == {"4O": ("review", 40, "letter")}


def test_grouped_amounts_with_decimals_are_a_form_that_a_text_file_keeps() -> None:
    grouped: list[Scalar] = [f"{n}.{n}5,{n}" for n in range(10, 30)]
    assert told(table_of(grouped)) == {}
    assert told(table_of([f"{n} {n}5,{n}" for n in range(10, 30)])) == {}


def test_a_stray_amount_takes_the_grouping_of_the_others_in_a_text_file() -> None:
    german: list[Scalar] = [f"{n}.{n}5,{n}" for n in range(10, 30)]
    assert told(table_of([*german, "312,40", "1894,12"])) == {"1894,12": ("safe", "1.894,12", "regrouped")}
    english: list[Scalar] = [f"{n},{n}5.{n}" for n in range(10, 30)]
    assert told(table_of([*english, "312.40", "1894.12"])) == {"1894.12": ("safe", "1,894.12", "regrouped")}


def test_one_multiplier_in_every_cell_of_a_workbook_is_for_review() -> None:
    prices: list[Scalar] = [f"{n}万" for n in range(200, 230)]
    assert told(table_of(prices, typed=True))["200万"][:2] == ("review", 2000000)


def test_a_word_that_stands_in_a_tenth_of_the_cells_is_said_on_purpose() -> None:
    numbers: list[Scalar] = [str(n) for n in range(30, 80)]
    assert told(table_of([*numbers, *["absent"] * 8])) == {}


def test_one_grouped_amount_makes_no_form() -> None:
    prices: list[Scalar] = [f"{n}.{n}" for n in range(10, 60)]
    assert told(table_of([*prices, "1,024.00"])) == {"1,024.00": ("safe", "1024.00", "grouped")}
