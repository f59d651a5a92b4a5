"""Lengths of time of cells, and writing them in a column's own form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.durations import Duration, duration_pattern, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("1 hr. 41 min.", 6060), ("1h41m", 6060), ("1h 41", 6060), ("101 min", 6060), ("PT1H41M", 6060)),
        *(("2小时15分钟", 8100), ("90分", 5400), ("3 days 4 hours", 273_600), ("two hours", 7200)),
        *(("1刻钟", 900), ("四个星期", 2_419_200), ("4周", 2_419_200), ("2000万小时", 72_000_000_000)),
        *(
            ("27分钟7秒", 1627),
            ("6天5晚", 518_400),
            ("一百二十分钟", 7200),
            ("1小时零5分钟", 3900),
            ("2 weeks", 1_209_600),
        ),
    ],
)
def test_an_exact_length_has_its_seconds(text: str, seconds: int) -> None:
    found = parse_duration(text)
    assert found is not None
    assert (found.precision, found.total_seconds) == ("exact", Decimal(seconds))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("4周年", {"year": 4}),
        ("四年六个月", {"year": 4, "month": 6}),
        ("五个工作日", {"workday": 5}),
        ("三个季度", {"month": 9}),
        ("P1Y2M", {"year": 1, "month": 2}),
        ("12 months", {"month": 12}),
    ],
)
def test_lengths_in_years_months_and_workdays_have_no_seconds(text: str, parts: dict[str, int]) -> None:
    found = parse_duration(text)
    assert found is not None
    assert (found.parts, found.precision, found.total_seconds) == (parts, "exact", None)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("两年半", {"year": Decimal("2.5")}),
        ("一个半小时", {"hour": Decimal("1.5")}),
        ("半小时", {"hour": Decimal("0.5")}),
        ("17个多月", {"month": 17}),
        ("四个多星期", {"day": 28}),
        ("约3天", {"day": 3}),
        ("3天左右", {"day": 3}),
        ("about 2 hours", {"hour": 2}),
        ("half an hour", {"minute": 30}),
    ],
)
def test_a_length_said_loosely_is_blurred(text: str, parts: dict[str, Decimal]) -> None:
    assert parse_duration(text) == Duration(parts, "blurred")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3年以上7年以下", {"year": 3}, {"year": 7}),
        ("三十年以上", {"year": 30}, None),
        ("7天以内", {}, {"day": 7}),
        ("3-5天", {"day": 3}, {"day": 5}),
        ("一到两周", {"day": 7}, {"day": 14}),
        ("两三天", {"day": 2}, {"day": 3}),
        ("1-2 hours", {"hour": 1}, {"hour": 2}),
    ],
)
def test_a_length_between_two_is_a_range(text: str, low: dict[str, int], high: dict[str, int] | None) -> None:
    assert parse_duration(text) == Duration(low, "range", high)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "5m",
            "30s",
            "2d",
            "3月",
            "三月",
            "3日",
            "2014年",
            "几天",
            "十几天",
            "1,5 hours",
            "5 minutes 1 hour",
            "P",
            "PT",
        ),
        *("1:41:00", "101", "min", "twenty min", "2小时3小时", "一百二天", "5-3天", "2020H1", "3 h 2"),
    ],
)
def test_what_is_no_length_is_not_read_as_one(text: str) -> None:
    assert parse_duration(text) is None


def test_a_clock_form_is_a_length_only_when_asked() -> None:
    assert parse_duration("1:41:00", clock="h:mm:ss") == Duration({"hour": 1, "minute": 41, "second": 0})  # type: ignore[dict-item]
    assert parse_duration("101:30", clock="m:ss") == Duration({"minute": 101, "second": 30})  # type: ignore[dict-item]
    assert parse_duration("1:61", clock="h:mm") is None


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("101 min", "N min"),
        ("1 hr. 41 min.", "N hr. N min."),
        ("2小时15分钟", "N小时N分钟"),
        ("约3天", None),
        ("一小时", None),
        ("4周年", None),
    ],
)
def test_the_form_of_a_length_is_found(text: str, pattern: str | None) -> None:
    assert duration_pattern(text) == pattern


@pytest.mark.parametrize(
    ("seconds", "pattern", "text"),
    [
        ("6060", "N min", "101 min"),
        ("6060", "N hr. N min.", "1 hr. 41 min."),
        ("6060", "N小时N分钟", "1小时41分钟"),
        ("3600", "N hours N minutes", "1 hour 0 minutes"),
        ("90000", "N day N hour", "1 day 1 hour"),
        ("30", "N min", None),
        ("-60", "N min", None),
        ("60", "min", None),
    ],
)
def test_a_length_is_written_in_a_form_that_can_say_it(seconds: str, pattern: str, text: str | None) -> None:
    assert format_duration(Decimal(seconds), pattern) == text


@given(
    st.integers(0, 10**7), st.sampled_from(["N min", "N hr. N min.", "N小时N分钟", "N days N hours N minutes", "NhNm"])
)
def test_a_written_length_reads_back(minutes: int, pattern: str) -> None:
    written = format_duration(Decimal(minutes * 60), pattern)
    assert written is not None
    found = parse_duration(written)
    assert found is not None
    assert found.total_seconds == minutes * 60


@given(
    st.one_of(
        st.text(max_size=60), st.text("0123456789.,- 一两三十百万半个多小时分钟天年月周hminsPT到以上下", max_size=16)
    )
)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = parse_duration(text)
    assert found is None or found.parts or found.upper
    duration_pattern(text)


def test_a_padded_number_is_part_of_the_pattern_and_is_written_padded() -> None:
    assert duration_pattern("1h 05m") == "Nh NNm"
    assert format_duration(Decimal(3600), "Nh NNm") == "1h 00m"
    assert format_duration(Decimal(96 * 60), "Nh NNm") == "1h 36m"
