"""The quick reading of frequent notations says what the parser of dates says."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.clean.rules.date_columns import read_text
from services.text.dates import parse_date

FORMATS = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%y %H:%M",
    "%Y%m%d",
    "%d-%m-%Y",
]
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31, 23, 59)).map(
    lambda value: value.replace(microsecond=0)
)


@given(MOMENTS, st.sampled_from(FORMATS))
def test_dates_are_read_as_the_parser_reads_them(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    quick, careful = read_text(text), parse_date(text)
    assert (quick is None) == (careful is None)
    if quick is not None and careful is not None:
        assert (quick.kind, quick.value, quick.order_proved, quick.notation, quick.precision, quick.two_digit_year) == (
            careful.kind,
            careful.value,
            careful.order_proved,
            careful.notation,
            careful.precision,
            careful.two_digit_year,
        )


@pytest.mark.parametrize(
    "text",
    ["2023-02-30", "2023-02-30 10:00", "2024-13-01 10:00:00", "2024-01-01 25:00", "2024-W01-1", "0999-01-01 10:00"],
)
def test_what_is_no_day_stays_what_the_parser_says(text: str) -> None:
    assert read_text(text) == parse_date(text)
