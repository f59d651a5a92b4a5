"""Calendar dates of cells: what each notation says, what stays open, and what there is no such day for."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.dates import Candidate, parse_date, parse_serial_text

FIFTH_OF_MARCH = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("2024-03-05", "iso"),
        ("2024-3-5", "dash-ymd"),
        ("2024/3/5", "slash-ymd"),
        ("2024.3.5", "dot-ymd"),
        ("2024. 3. 5.", "dot-ymd-spaced"),
        ("20240305", "compact"),
        ("2024年3月5日", "zh"),
        ("２０２４年３月５号", "zh"),
        ("24年3月5日", "zh"),
        ("公元2024年3月5日", "zh"),
        ("2024 年 3 月 5 日", "zh"),
        ("二〇二四年三月五日", "zh-numerals"),
        ("二零二四年三月五号", "zh-numerals"),
        ("民国113年3月5日", "zh-era"),
        ("中華民國一百一十三年三月五日", "zh-era"),
        ("令和6年3月5日", "zh-era"),
        ("Mar 5, 2024", "en-mdy"),
        ("March 5th, 2024", "en-mdy"),
        ("Mar. 5 '24", "en-mdy"),
        ("Tuesday, March 5, 2024", "en-mdy"),
        ("5 March 2024", "en-dmy"),
        ("5-Mar-24", "en-dmy"),
        ("5th of March 2024", "en-dmy"),
        ("Tue 5 Mar 2024", "en-dmy"),
        ("2024 Mar 5", "en-ymd"),
    ],
)
def test_each_notation_of_a_day_reads_as_that_day(text: str, notation: str) -> None:
    reading = parse_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.notation) == ("exact", FIFTH_OF_MARCH, notation)
    assert reading.precision == "day"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-09T12:30:00Z", datetime(2024, 7, 9, 12, 30, tzinfo=UTC)),
        ("2024-07-09T12:30:00.123+08:00", datetime(2024, 7, 9, 12, 30, 0, 123000, timezone(timedelta(hours=8)))),
        ("2024-07-09 7:05 p.m.", datetime(2024, 7, 9, 19, 5)),
        ("2024年7月9日 下午3点5分", datetime(2024, 7, 9, 15, 5)),
        ("2024/7/9 上午 10:30", datetime(2024, 7, 9, 10, 30)),
        ("Dec 31, 2024 - 10:30pm", datetime(2024, 12, 31, 22, 30)),
        ("12/31/2024 23:59:59", datetime(2024, 12, 31, 23, 59, 59)),
        ("2024-02-28 24:00", datetime(2024, 2, 29)),
        ("March 5, 2024 at 3:05 PM", datetime(2024, 3, 5, 15, 5)),
        ("Tue, 05 Mar 2024 12:30:00 +0800", datetime(2024, 3, 5, 12, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("20240705123000", datetime(2024, 7, 5, 12, 30)),
    ],
)
def test_a_time_of_day_after_the_date_makes_a_datetime(text: str, expected: datetime) -> None:
    reading = parse_date(text)
    assert reading is not None
    assert (reading.kind, reading.value) == ("exact", expected)
    assert isinstance(reading.value, datetime)
    assert reading.value.tzinfo == expected.tzinfo


def test_a_slash_date_with_two_readings_lists_both() -> None:
    reading = parse_date("03/04/2024")
    assert reading is not None
    assert (reading.kind, reading.value, reading.order_proved) == ("ambiguous", None, None)
    assert reading.candidates == (Candidate("dmy", date(2024, 4, 3)), Candidate("mdy", date(2024, 3, 4)))


@pytest.mark.parametrize(("order", "expected"), [("dmy", date(2024, 4, 3)), ("mdy", date(2024, 3, 4))])
def test_a_proved_order_settles_an_ambiguous_date(order: str, expected: date) -> None:
    reading = parse_date("03.04.2024", order=order)  # type: ignore[arg-type]
    assert reading is not None
    assert (reading.kind, reading.value) == ("exact", expected)


@pytest.mark.parametrize(
    ("text", "order"), [("25/03/2024", "dmy"), ("03/25/2024", "mdy"), ("2024-03-05", "ymd"), ("05/05/2024", None)]
)
def test_a_text_proves_the_only_order_it_can_be_read_in(text: str, order: str | None) -> None:
    reading = parse_date(text)
    assert reading is not None
    assert (reading.kind, reading.order_proved) == ("exact", order)


def test_a_text_that_proves_its_order_keeps_it_against_the_column() -> None:
    reading = parse_date("25/03/2024", order="mdy")
    assert reading is not None
    assert (reading.value, reading.order_proved) == (date(2024, 3, 25), "dmy")


@pytest.mark.parametrize(
    "text",
    [
        *("2023-02-30", "2023-02-29", "31/04/2024", "2024-13-01", "0000-00-00", "2024年2月30日", "Feb 30, 2024"),
        *("2024年13月", "平成40年1月1日", "2024-07-09 25:61", "2月30日", "31 June"),
    ],
)
def test_a_day_that_does_not_exist_is_flagged_and_has_no_value(text: str) -> None:
    reading = parse_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.candidates) == ("impossible", None, ())


@pytest.mark.parametrize(
    ("text", "precision", "parts"),
    [
        ("2024年3月", "month", (2024, 3, None)),
        ("2024-03", "month", (2024, 3, None)),
        ("March 2024", "month", (2024, 3, None)),
        ("2024年", "year", (2024, None, None)),
        ("3月5日", "day", (None, 3, 5)),
        ("5 March", "day", (None, 3, 5)),
    ],
)
def test_a_date_with_a_missing_part_is_incomplete(text: str, precision: str, parts: tuple[int | None, ...]) -> None:
    reading = parse_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.precision, reading.parts) == ("incomplete", None, precision, parts)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "10",
            "may",
            "May",
            "2024",
            "1.2.3",
            "192.168.1.1",
            "2024.3",
            "2020-21",
            "3/4",
            "13812345678",
            "20230229",
        ),
        *("123-45-6789", "978-7-111-12345-6", "2024-1-2-3", "March 5rd, 2024", "2024-07-09 abc", "a 2024-07-09"),
        *("2024-07-09T12:30:00.1234567Z", "2024-03-0⁵", "春节", "hello world", "45292", "12-34-5678", "10-20-3"),
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert parse_date(text) is None


def test_two_digit_years_follow_the_pivot() -> None:
    readings = [parse_date(text) for text in ("29年3月5日", "30年3月5日", "5-Mar-29", "5-Mar-30")]
    assert [reading and (reading.value, reading.two_digit_year) for reading in readings] == [
        (date(2029, 3, 5), True),
        (date(1930, 3, 5), True),
        (date(2029, 3, 5), True),
        (date(1930, 3, 5), True),
    ]
    moved = parse_date("30年3月5日", pivot=50)
    assert moved is not None
    assert moved.value == date(2030, 3, 5)


def test_a_weekday_that_disagrees_with_the_day_is_told() -> None:
    agreeing, wrong = parse_date("2024年3月5日星期二"), parse_date("2024年3月5日（周三）")
    assert agreeing is not None
    assert wrong is not None
    assert (agreeing.weekday_agrees, wrong.weekday_agrees) == (True, False)


def test_a_night_hour_leaves_the_day_open() -> None:
    reading = parse_date("2024年3月5日半夜2点")
    assert reading is not None
    assert reading.kind == "ambiguous"
    assert [item.value for item in reading.candidates] == [datetime(2024, 3, 5, 2), datetime(2024, 3, 6, 2)]


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        *(("45292", 45292.0), ("45292.5", 45292.5), ("1", 1.0), ("2958465", 2958465.0)),
        *(("0", None), ("2958466", None), ("00045", None), ("-3", None), ("1e5", None), ("45,292", None)),
    ],
)
def test_a_serial_kept_as_text_is_read_within_excels_days(text: str, serial: float | None) -> None:
    assert parse_serial_text(text) == serial


_DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_SMALL = ("", *"一二三四五六七八九十", *("十" + n for n in "一二三四五六七八九"), "二十")
_SMALL = (*_SMALL, *("二十" + n for n in "一二三四五六七八九"), "三十", "三十一")
_WRITERS = [
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}. {d.month}. {d.day}.",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{str(d.year).translate(_DIGITS)}年{_SMALL[d.month]}月{_SMALL[d.day]}日",
    lambda d: f"{calendar.month_name[d.month]} {d.day}, {d.year}",
    lambda d: f"{d.day} {calendar.month_abbr[d.month]} {d.year}",
    lambda d: f"{calendar.day_abbr[d.weekday()]}, {d.day:02d} {calendar.month_abbr[d.month]} {d.year}",
]


@given(_DAYS, st.sampled_from(_WRITERS))
def test_a_written_date_reads_back(day: date, write: object) -> None:
    reading = parse_date(write(day))  # type: ignore[operator]
    assert reading is not None
    assert (reading.kind, reading.value) == ("exact", day)


@given(_DAYS)
def test_a_day_month_date_keeps_the_day_among_its_readings(day: date) -> None:
    reading = parse_date(f"{day:%d/%m/%Y}")
    assert reading is not None
    assert Candidate("dmy", day) in reading.candidates


@given(st.integers(1900, 2100), st.integers(0, 99), st.integers(0, 99))
def test_an_impossible_day_is_never_bent_into_a_date(year: int, month: int, day: int) -> None:
    exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    for text in (f"{year}-{month:02d}-{day:02d}", f"{year}年{month}月{day}日", f"{year}/{month}/{day}"):
        reading = parse_date(text)
        assert reading is not None
        assert (reading.value == date(year, month, day)) if exists else (reading.kind == "impossible")


@given(
    st.one_of(
        st.text(max_size=70), st.text("0123456789-/.: 年月日号时点分秒上下午晚初十二三〇Marpm,T'周(", max_size=24)
    )
)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    reading = parse_date(text)
    parse_serial_text(text)
    assert reading is None or (reading.value is not None) == (reading.kind == "exact")
