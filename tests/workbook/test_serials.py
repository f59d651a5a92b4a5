"""Serial numbers in both date systems, against what Excel itself shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workbook.grid import DateSystem
from services.workbook.serials import duration_of, moment_of, serial_of, serial_of_iso


@pytest.mark.parametrize(
    ("moment", "serial"),
    [
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (date(2020, 1, 1), 43831),
        (datetime(2020, 1, 1, 18), 43831.75),
        (date(9999, 12, 31), 2958465),
        (time(6), 0.25),
        (timedelta(hours=36), 1.5),
    ],
)
def test_a_moment_has_the_serial_that_excel_gives_it(moment: date | time | timedelta, serial: float) -> None:
    assert serial_of(moment) == serial


def test_the_1904_system_starts_four_years_later() -> None:
    assert serial_of(date(1904, 1, 1), 1904) == 0
    assert serial_of(date(2020, 1, 1), 1904) == 43831 - 1462
    assert moment_of(0, 1904) == datetime(1904, 1, 1)


def test_the_29th_of_february_1900_never_was() -> None:
    with pytest.raises(ValueError, match="1900"):
        moment_of(60)


@pytest.mark.parametrize(("serial", "system"), [(-1, 1900), (2_958_466, 1900), (2_958_000, 1904), (-0.5, 1904)])
def test_serials_outside_of_the_calendar_are_refused(serial: float, system: DateSystem) -> None:
    with pytest.raises(ValueError, match="serial"):
        moment_of(serial, system)


@pytest.mark.parametrize("system", [1900, 1904])
def test_dates_before_the_first_day_are_refused(system: DateSystem) -> None:
    with pytest.raises(ValueError, match="before the first day"):
        serial_of(date(1899, 12, 31), system)


def test_a_time_is_rounded_to_the_millisecond() -> None:
    assert moment_of(43831.999999999) == datetime(2020, 1, 2)
    assert moment_of(43831 + 1 / 3) == datetime(2020, 1, 1, 8)
    assert duration_of(1.5) == timedelta(hours=36)


def test_iso_text_becomes_a_serial() -> None:
    assert serial_of_iso("2020-01-01") == 43831
    assert serial_of_iso("2020-01-01T12:00:00Z") == 43831.5
    assert serial_of_iso("06:00:00") == 0.25
    with pytest.raises(ValueError, match="Invalid"):
        serial_of_iso("yesterday")


@given(
    moment=st.datetimes(datetime(1904, 1, 1), datetime(9999, 12, 30)).map(
        lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000)
    ),
    system=st.sampled_from([1900, 1904]),
)
def test_a_moment_survives_the_way_there_and_back(moment: datetime, system: DateSystem) -> None:
    assert moment_of(serial_of(moment, system), system) == moment
