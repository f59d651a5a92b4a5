"""Times of day of cells: the clock and the words for the parts of the day."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.times import parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7:05 p.m.", time(19, 5)),
        ("7:05 PM", time(19, 5)),
        ("7pm", time(19)),
        ("7:16p", time(19, 16)),
        ("19:05", time(19, 5)),
        ("7：05", time(7, 5)),
        ("19:05:30", time(19, 5, 30)),
        ("19:05:30.25", time(19, 5, 30, 250000)),
        ("12:00 a.m.", time(0)),
        ("12:00 pm", time(12)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("下午7点05分", time(19, 5)),
        ("晚上七点半", time(19, 30)),
        ("7点一刻", time(7, 15)),
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("凌晨12点", time(0)),
        ("零时", time(0)),
        ("二十一时三十分", time(21, 30)),
        ("上午 10:30", time(10, 30)),
        ("8点5分20秒", time(8, 5, 20)),
    ],
)
def test_a_time_of_day_is_read(text: str, expected: time) -> None:
    reading = parse_time(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.day_offset) == ("exact", expected, 0)


@pytest.mark.parametrize("text", ["24:00", "24:00:00", "晚上12点", "24时"])
def test_the_end_of_the_day_is_the_next_days_first_minute(text: str) -> None:
    reading = parse_time(text)
    assert reading is not None
    assert (reading.value, reading.day_offset) == (time(0), 1)


@pytest.mark.parametrize("text", ["25:61", "24:01", "12:60", "上午15:30", "13am", "00:30 pm", "25点", "12:00 +25:00"])
def test_a_time_that_does_not_exist_is_flagged(text: str) -> None:
    reading = parse_time(text)
    assert reading is not None
    assert (reading.kind, reading.value) == ("impossible", None)


@pytest.mark.parametrize(
    "text", ["", "晚上", "3", "1:5", "7.05", "3点四", "12:30:00.1234567", "1:41:00:00", "pm", "3:4:5"]
)
def test_what_is_no_time_of_day_is_not_read_as_one(text: str) -> None:
    assert parse_time(text) is None


def test_the_small_hours_of_a_night_leave_the_day_open() -> None:
    reading = parse_time("半夜2点")
    assert reading is not None
    assert (reading.value, reading.day_sure) == (time(2), False)


def test_a_written_offset_is_kept() -> None:
    reading = parse_time("12:30-05:30")
    assert reading is not None
    assert reading.offset is not None
    assert reading.offset.utcoffset(None) == timedelta(hours=-5, minutes=-30)


@given(st.times())
def test_a_written_time_reads_back(moment: time) -> None:
    whole = moment.replace(microsecond=0)
    for text, expected in (
        (moment.isoformat(timespec="microseconds"), moment),
        (f"{whole:%H:%M:%S}", whole),
        (f"{whole.hour}点{whole.minute}分{whole.second}秒", whole),
        (f"{whole:%I:%M:%S} {'am' if whole.hour < 12 else 'pm'}", whole),
    ):
        reading = parse_time(text)
        assert reading is not None
        assert reading.value == expected


@given(st.one_of(st.text(max_size=50), st.text("0123456789:.点时分秒半刻上下午晚夜amp +-Z", max_size=14)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    reading = parse_time(text)
    assert reading is None or (reading.value is not None) == (reading.kind == "exact")
