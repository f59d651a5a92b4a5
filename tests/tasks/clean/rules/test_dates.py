"""The rule ``dates``: what becomes a date, which notation a text file keeps, and what nobody may guess."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.dates import RULE, DatesStep
from services.tasks.clean.table import Table
from services.workbook.grid import ColumnFormats, DateSerial, Grid, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Day")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def serial(days: float) -> DateSerial:
    return DateSerial(days)


MIXED: list[Scalar] = [
    "2024-03-05",
    "２０２４年３月５号",
    "二〇二四年三月五日",
    "2024.7.9",
    "20240229",
    "2024/3/6",
    "5 March 2024 7:05 p.m.",
    "2024-01-05",
    "45292",
]


def test_notations_of_many_hands_become_iso_in_a_text_file() -> None:
    assert changed(table_of(MIXED)) == [
        "2024-03-05",
        "2024-03-05",
        "2024-03-05",
        "2024-07-09",
        "2024-02-29",
        "2024-03-06",
        "2024-03-05 19:05",
        "2024-01-05",
        "2024-01-01",
    ]


def test_in_a_workbook_they_become_real_dates_with_their_time() -> None:
    values = changed(table_of(MIXED, typed=True))
    assert all(isinstance(value, DateSerial) for value in values)
    assert values == [45356, 45356, 45356, 45482, 45351, 45357, serial(45356 + (19 * 60 + 5) / 1440), 45296, 45292]


def test_the_1904_date_system_of_a_workbook_is_kept() -> None:
    assert changed(table_of(["2024-03-05", "2024年3月6日"], typed=True, date_system=1904)) == [43894, 43895]


@pytest.mark.parametrize(
    "values",
    [
        ["2024-03-05", "2023-12-31", None],
        ["2024/3/5", "2024/12/12"],
        ["8 September 1960", "25 May 1961"],
        ["05.03.2024", "17.03.2024"],
        ["03/04/2024", "05/06/2024"],
        ["1/2/24", "13/4/24"],
        ["20240101", "20240102"],
        ["2024年3月5日", "2024年12月1日"],
        ["2024-03-05 10:00", "2024-03-06 11:30:05"],
        ["Mar 5, 2024 7:05 PM", "May 12, 2024 10:20 AM"],
        ["2024年3月5日 上午9点30分", "2024年3月6日 下午2点05分"],
        ["2024-01-01T10:00:00Z", "2024-01-02T10:00:00+08:00"],
        ["8 September 1960 (USA)", "25 May 1961 (UK)"],
    ],
)
def test_a_text_file_in_one_notation_is_left_alone(values: list[Scalar]) -> None:
    assert told(table_of(values)) == {}


@pytest.mark.parametrize(
    "values",
    [
        ["20240101001", "20240101002"],
        ["1.2.3", "1.10.2"],
        ["3/4", "1/2"],
        ["3-2", "1-0"],
        ["2024.1", "2024.2"],
        ["555-1234", "555-2345"],
        ["192.168.1.1", "10.0.0.1"],
        ["2019-2020", "2020-2021"],
        ["12-34-56", "11-50-12"],
        ["2024-001", "2024-002"],
        ["2024", "2023"],
        ["第1章", "第2章"],
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(values: list[Scalar]) -> None:
    for typed in (False, True):
        assert told(table_of(values, typed=typed)) == {}


def test_a_thirtieth_of_february_is_flagged() -> None:
    assert told(table_of(["2023-02-28", "2023-02-30", "2023-03-01"])) == {"2023-02-30": ("doubt", None, "impossible")}


def test_day_and_month_are_read_in_the_order_the_column_proves() -> None:
    assert told(table_of(["03/04/2024", "25/03/2024", "01/02/2024"], typed=True)) == {
        "03/04/2024": ("safe", 45385, "day_first"),
        "25/03/2024": ("safe", 45376, "read"),
        "01/02/2024": ("safe", 45323, "day_first"),
    }
    assert told(table_of(["03/04/2024", "03/25/2024"], typed=True)) == {
        "03/04/2024": ("safe", 45355, "month_first"),
        "03/25/2024": ("safe", 45376, "read"),
    }


def test_where_nothing_tells_the_order_or_both_are_proved_the_readings_are_told_and_none_is_proposed() -> None:
    table = table_of(["03/04/2024", "05/06/2024"], typed=True)
    assert told(table) == {"03/04/2024": ("doubt", None, "open"), "05/06/2024": ("doubt", None, "open")}
    finding = RULE.run(RULE.propose(table)[0], table).values["03/04/2024"]
    assert dict(finding.reason.parameters)["readings"] == "2024-04-03 / 2024-03-04"
    assert told(table_of(["03/04/2024", "25/03/2024", "26/03/2024", "03/25/2024"], typed=True)) == {
        "03/04/2024": ("doubt", None, "open"),
        "25/03/2024": ("safe", 45376, "read"),
        "26/03/2024": ("safe", 45377, "read"),
        "03/25/2024": ("safe", 45376, "read"),
    }


def test_the_region_or_another_column_makes_the_likelier_reading() -> None:
    table = table_of(["03/04/2024", "05/06/2024"], typed=True)
    table.region = "GB"
    assert told(table)["03/04/2024"] == ("review", 45385, "order_likely")
    grid = Grid(columns=(["03/04/2024", "05/06/2024"], ["25/12/2024", "24/12/2024"]), header=("Sent", "Due"))
    assert RULE.propose(Table(grid, True, "en"))[0].order == "dmy"


def test_one_proof_in_a_long_open_column_settles_nothing() -> None:
    values: list[Scalar] = [f"{day:02d}/{month:02d}/2024" for day in range(1, 7) for month in range(7, 13)]
    found = told(table_of([*values, "25/03/2024"], typed=True))
    assert found["01/07/2024"][0] == "review"
    assert found["25/03/2024"] == ("safe", 45376, "read")


def test_a_column_keeps_the_notation_of_its_majority() -> None:
    assert told(table_of(["2024/3/5", "2024/12/12", "2024/11/3", "5 March 2024"])) == {
        "5 March 2024": ("safe", "2024/3/5", "read")
    }
    assert told(table_of(["8 September 1960", "25 May 1961", "Jun 3, 1962"])) == {
        "Jun 3, 1962": ("safe", "3 June 1962", "read")
    }


def test_two_digit_years_are_for_review_unless_the_column_proves_the_century() -> None:
    assert told(table_of(["2024-03-05", "2024-03-06", "Mar 5 '24"], typed=True))["Mar 5 '24"] == (
        "review",
        45356,
        "short_year",
    )
    full: list[Scalar] = [f"2024-03-{day:02d}" for day in range(1, 7)]
    assert told(table_of([*full, "Mar 5 '24"], typed=True))["Mar 5 '24"] == ("safe", 45356, "read")


def test_part_of_a_date_is_flagged_among_whole_dates() -> None:
    values: list[Scalar] = [*(f"2024年3月{day}日" for day in range(1, 9)), "2024年3月"]
    assert told(table_of(values)) == {"2024年3月": ("doubt", None, "incomplete")}
    assert told(table_of(["2024-01", "2024-02"])) == {}


def test_serials_and_eight_digits_stored_as_numbers_count_only_beside_dates() -> None:
    real: list[Scalar] = [serial(day) for day in (45290, 45292, 45295, 45296, 45300)]
    assert told(table_of([*real, 45294, 20240105], typed=True)) == {
        20240105: ("safe", 45296, "read"),
        45294: ("safe", 45294, "serial"),
    }
    assert told(table_of([45294, 45295], typed=True)) == {}
    assert told(table_of([20240105, 20240106], typed=True)) == {
        20240105: ("review", 45296, "compact"),
        20240106: ("review", 45297, "compact"),
    }
    assert told(table_of([20240105, 20240106], typed=True, header="单号")) == {}


def test_a_weekday_that_contradicts_the_date_is_flagged() -> None:
    assert told(table_of(["2024-03-05", "2024-03-06", "2024年3月5日 星期三"])) == {
        "2024年3月5日 星期三": ("doubt", None, "weekday")
    }


def test_a_day_before_the_calendar_of_a_workbook_is_flagged() -> None:
    assert told(table_of(["1899-03-05", "1950-03-06"], typed=True)) == {
        "1899-03-05": ("doubt", None, "too_early"),
        "1950-03-06": ("safe", 18328, "read"),
    }


def test_running_again_on_the_result_finds_nothing() -> None:
    for typed in (False, True):
        assert told(table_of(changed(table_of(MIXED, typed=typed)), typed=typed)) == {}


def test_a_recipe_with_the_other_order_does_not_fit() -> None:
    step = DatesStep(column="Day", order="mdy", sure=True)
    outcome = RULE.run(step, table_of(["25/03/2024", "26/03/2024"], typed=True))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "dates.other_order"
    assert outcome.values == {}


def test_a_person_may_settle_the_order_in_the_recipe() -> None:
    step = DatesStep(column="Day", order="dmy", sure=True)
    found = RULE.run(step, table_of(["03/04/2024", "05/06/2024"], typed=True)).values["03/04/2024"]
    assert isinstance(found, Proposal)
    assert (found.after, found.safe) == (45385, True)


def test_real_dates_are_untouched() -> None:
    formats = (ColumnFormats("yyyy-mm-dd"),)
    assert told(table_of([serial(45292), serial(45293.5), None], typed=True, formats=formats)) == {}


def test_one_cell_in_the_other_order_does_not_change_how_the_column_is_written() -> None:
    days: list[Scalar] = [f"{day:02d}/{month:02d}/2024" for day in range(5, 29) for month in (3, 4)]
    assert told(table_of([*days, "05/17/2024", "2024-05-17"])) == {
        "05/17/2024": ("safe", "17/05/2024", "read"),
        "2024-05-17": ("safe", "17/05/2024", "read"),
    }


def test_a_column_of_short_years_keeps_its_form_and_a_year_in_full_is_shortened_for_review_only() -> None:
    days: list[Scalar] = [f"{month}/{day}/24" for day in range(14, 28) for month in (3, 11)]
    assert told(table_of([*days, "3/5/24", "Mar 6, 2024"])) == {"Mar 6, 2024": ("review", "3/6/24", "read")}


MAYS: list[Scalar] = [DateSerial(45413 + day) for day in (20, 3, 14, 9, 1, 17)]
"""Days of May 2024, in no order."""


def shown_as(code: str, values: list[Scalar], **grid: object) -> Table:
    """A column of a workbook whose dates have the number format ``code`` and whose texts have none."""
    other = {row: "General" for row, value in enumerate(values) if isinstance(value, str)}
    return table_of(values, typed=True, formats=(ColumnFormats(code, other),), **grid)


def test_the_order_in_which_the_real_dates_are_shown_makes_the_likelier_reading() -> None:
    for code in ("dd/mm/yyyy", "[$-809]dd/mm/yyyy;@", "d\\-m\\-yy"):
        assert told(shown_as(code, [*MAYS, "06/03/2024"])) == {"06/03/2024": ("review", 45357, "order_shown")}
    assert told(shown_as("mm/dd/yyyy", [*MAYS, "06/03/2024"])) == {"06/03/2024": ("review", 45446, "order_shown")}


def test_a_format_that_follows_the_country_or_writes_the_year_first_tells_no_order() -> None:
    for code in ("mm-dd-yy", "yyyy-mm-dd"):
        assert told(shown_as(code, [*MAYS, "06/03/2024"])) == {"06/03/2024": ("doubt", None, "open")}


def test_the_dates_above_and_below_settle_a_reading_for_review_where_the_column_is_in_date_order() -> None:
    march: list[Scalar] = [DateSerial(45352 + day) for day in range(0, 12)]
    values = [*march[:5], "06/03/2024", *march[5:]]
    assert told(shown_as("yyyy-mm-dd", values)) == {"06/03/2024": ("review", 45357, "order_between")}
    assert told(shown_as("yyyy-mm-dd", values[::-1])) == {"06/03/2024": ("review", 45357, "order_between")}


def test_where_the_neighbours_contradict_how_dates_are_shown_nothing_is_proposed() -> None:
    march: list[Scalar] = [DateSerial(45352 + day) for day in range(0, 12)]
    values = [*march[:5], "06/03/2024", *march[5:]]
    assert told(shown_as("mm/dd/yyyy", values)) == {"06/03/2024": ("doubt", None, "open")}


def test_pounds_in_the_table_make_the_day_first_the_likelier_reading() -> None:
    grid = Grid(columns=([*MAYS, "06/03/2024"], ["£12.50"] * 7), header=("Day", "Price"))
    table = Table(grid, True, "en")
    finding = RULE.run(RULE.propose(table)[0], table).values["06/03/2024"]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.safe, finding.reason.code) == (45357, False, "dates.order_likely")


def test_words_that_are_no_date_are_flagged_among_dates() -> None:
    words = ["yesterday", "last Friday", "Christmas Day 2024", "tbc"]
    assert told(table_of([*MAYS * 3, *words], typed=True)) == dict.fromkeys(words, ("doubt", None, "not_read"))
    assert told(table_of([*MAYS, *words], typed=True)) == {}
