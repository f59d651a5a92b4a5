"""The Chinese calendar: lunar days, solar terms, seasons and festivals as Gregorian dates."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text import calendar_zh


@pytest.mark.parametrize(
    ("year", "month", "day", "leap", "expected"),
    [
        (2022, 12, 10, False, date(2023, 1, 1)),
        (2020, 4, 1, True, date(2020, 5, 23)),
        (2024, 1, 1, False, date(2024, 2, 10)),
        (2021, 12, 30, False, None),
        (2021, 4, 1, True, None),
        (2021, 13, 1, False, None),
        (1800, 1, 1, False, None),
    ],
)
def test_a_lunar_day_is_a_gregorian_date_where_it_exists(
    year: int, month: int, day: int, leap: bool, expected: date | None
) -> None:
    assert calendar_zh.lunar_day(year, month, day, leap=leap) == expected


def test_a_lunar_month_has_its_first_and_last_day() -> None:
    assert calendar_zh.lunar_month(2022, 10) == (date(2022, 10, 25), date(2022, 11, 23))
    assert calendar_zh.lunar_month(2020, 4, leap=True) == (date(2020, 5, 23), date(2020, 6, 20))


@pytest.mark.parametrize(
    ("year", "name", "expected"),
    [
        (2021, "芒种", date(2021, 6, 5)),
        (2021, "立春", date(2021, 2, 3)),
        (2022, "立春", date(2022, 2, 4)),
        (2024, "冬至", date(2024, 12, 21)),
        (2021, "中秋", None),
    ],
)
def test_a_solar_term_falls_on_its_day(year: int, name: str, expected: date | None) -> None:
    assert calendar_zh.solar_term(year, name) == expected


def test_winter_ends_the_day_before_the_next_years_spring() -> None:
    assert calendar_zh.season(2021, "冬") == (date(2021, 11, 7), date(2022, 2, 3))
    assert calendar_zh.season(2021, "春") == (date(2021, 2, 3), date(2021, 5, 4))


@pytest.mark.parametrize(
    ("year", "name", "expected"),
    [
        (2021, "教师节", date(2021, 9, 10)),
        (2001, "十一", date(2001, 10, 1)),
        (2024, "国庆节", date(2024, 10, 1)),
        (2020, "春节", date(2020, 1, 25)),
        (2006, "端午", date(2006, 5, 31)),
        (2024, "七夕节", date(2024, 8, 10)),
        (2021, "母亲节", date(2021, 5, 9)),
        (2019, "感恩节", date(2019, 11, 28)),
        (2020, "清明节", date(2020, 4, 4)),
        (2020, "除夕", date(2021, 2, 11)),
        (2020, "无名节", None),
    ],
)
def test_a_festival_falls_on_its_day(year: int, name: str, expected: date | None) -> None:
    assert calendar_zh.festival(year, name) == expected


def test_every_named_festival_has_a_day() -> None:
    assert [name for name in calendar_zh.festival_names() if calendar_zh.festival(2024, name) is None] == []


def test_the_fifth_monday_of_a_month_without_one_is_none() -> None:
    assert calendar_zh.nth_weekday(2021, 2, 4, 0) == date(2021, 2, 22)
    assert calendar_zh.nth_weekday(2021, 2, 5, 0) is None


@given(st.integers(calendar_zh.FIRST_YEAR, calendar_zh.LAST_YEAR - 1))
def test_the_days_of_a_lunar_year_follow_without_a_gap(year: int) -> None:
    this, following = calendar_zh.lunar_year(year), calendar_zh.lunar_year(year + 1)
    assert this is not None
    if following is not None:
        assert this[1] + timedelta(days=1) == following[0]
    assert date(year, 1, 20) < this[0] < date(year, 2, 22)


@given(st.integers(calendar_zh.FIRST_YEAR, calendar_zh.LAST_YEAR))
def test_solar_terms_come_in_order_about_fifteen_days_apart(year: int) -> None:
    days = [calendar_zh.solar_term(year, name) for name in calendar_zh.SOLAR_TERMS]
    known = [day for day in days if day is not None]
    assert len(known) == 24
    assert all(13 <= (b - a).days <= 17 for a, b in pairwise(known))
