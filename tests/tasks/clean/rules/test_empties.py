"""The rule ``empties``: a word for "no value" becomes an empty cell only where the column proves it is none."""

from __future__ import annotations

import pytest

from services.tasks.clean.rules.empties import RULE, EmptiesStep
from services.tasks.clean.table import Table
from services.workbook.grid import DateSerial, Grid, Scalar
from tests.tasks.clean.rules import tables


def findings(values: list[Scalar]) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, tables.one_column(values))


NUMBERS: list[Scalar] = ["12", "13.5", "40%", "7", "1,200", "8", "9", "10", "11", "15"]
CITIES: list[Scalar] = [f"City {chr(65 + i % 26)}{chr(97 + i // 26)}" for i in range(40)]


@pytest.mark.parametrize("word", ["N/A", "n/a", "NULL", "null", "#N/A", "暂无", "不适用"])
def test_a_certain_word_among_numbers_is_emptied(word: str) -> None:
    assert findings([*NUMBERS, word, word]) == {word: (None, True)}


def test_a_certain_word_among_real_dates_is_emptied() -> None:
    dates: list[Scalar] = [DateSerial(45000 + i) for i in range(6)]
    assert findings([*dates, "N/A"]) == {"N/A": (None, True)}


@pytest.mark.parametrize("word", ["-", "--", "无", "None", "NaN"])
def test_a_word_that_may_mean_zero_or_a_result_is_for_review(word: str) -> None:
    assert findings([*NUMBERS, word]) == {word: (None, False)}


def test_a_lesser_word_stays_where_the_table_has_no_empty_cells() -> None:
    assert findings([*NUMBERS, "empty", "empty"]) == {}


def test_a_lesser_word_is_for_review_where_there_are_empty_cells() -> None:
    assert findings([*NUMBERS, None, "unknown"]) == {"unknown": (None, False)}


def test_a_column_of_one_null_word_stays() -> None:
    assert findings(["empty"] * 10) == {}
    assert findings(["N/A"] * 10) == {}


def test_namibia_stays() -> None:
    assert findings(["NA", "US", "DE", "FR", "NA", "CN", "GB"]) == {}


def test_the_answer_none_stays_in_a_list_of_choices() -> None:
    assert findings(["有", "无", "无", "有", "有", "无", "有"]) == {}
    assert findings(["无", "轻", "重", "无", "轻", "中"]) == {}


def test_surnames_stay() -> None:
    assert findings(["None", "Null", *(f"Name{chr(97 + i)}" for i in range(20))]) == {}


def test_a_dash_that_is_a_mark_stays() -> None:
    assert findings(["+", "-", "+", "-", "+", "+", "++"]) == {}


def test_nan_is_bread_among_texts() -> None:
    assert findings([*CITIES, "nan", None]) == {}


def test_a_certain_word_among_many_texts_is_for_review() -> None:
    assert findings([*CITIES, "N/A"]) == {"N/A": (None, False)}


def test_a_step_empties_only_its_words() -> None:
    table = Table(grid=Grid(columns=([*NUMBERS, "N/A", "null"],), header=("Value",)), typed=False, language="en")
    outcome = RULE.run(EmptiesStep(column="Value", words=("N/A",)), table)
    assert list(outcome.values) == ["N/A"]


def test_a_column_without_null_words_has_no_step() -> None:
    assert findings([*NUMBERS]) == {}


def test_dates_with_names_of_months_are_measures_too() -> None:
    dates: list[Scalar] = ["Jan 5, 2024", "12 March 2023", "May 2020", "3-Feb-21", "June 30 2019", "2024-05-01"]
    assert findings([*dates, "n/a"]) == {"n/a": (None, True)}


def test_the_number_that_instruments_write_for_nothing_is_for_review() -> None:
    assert findings(["12.5", "13.1", "12.9", "13.4", "12.2", "-999", "12.8"]) == {"-999": (None, False)}
    assert findings([12.5, 13.1, 12.9, 13.4, 12.2, -999, 12.8]) == {-999: (None, False)}


def test_the_same_number_among_others_as_low_stays() -> None:
    assert findings(["-980", "-1010", "-995", "-1003", "-970", "-999"]) == {}
    assert findings([-980, -1010, -995, -1003, -970, -999]) == {}


def test_a_column_of_measures_with_some_words_leaves_it_to_the_person() -> None:
    assert findings([*NUMBERS, *NUMBERS, "late", "sick", "N/A"]) == {"N/A": (None, False)}
