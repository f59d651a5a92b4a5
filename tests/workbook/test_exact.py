"""Scalars as JSON: each comes back as it was, of its own type, through the text of a file."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workbook.exact import scalar_in, scalar_out, text_in, text_out
from services.workbook.grid import CellError, DateSerial, Scalar

ALL_FLOATS = st.floats(allow_nan=False)
ALL_TEXTS = st.text(st.characters()) | st.text(st.characters(categories=["Cs"]))


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, None),
        ("=1+1", "=1+1"),
        (True, True),
        (1, 1),
        (1.0, 1.0),
        (DateSerial(45294.25), {"date": 45294.25}),
        (CellError("#N/A"), {"error": "#N/A"}),
        (-math.inf, {"number": "-inf"}),
        ("\ud83d\ude00", {"surrogates": "eda0bdedb880"}),
    ],
)
def test_a_scalar_is_this_json(value: Scalar, data: object) -> None:
    assert scalar_out(value) == data
    assert repr(scalar_in(data)) == repr(value)


@given(
    st.none()
    | ALL_TEXTS
    | st.integers()
    | st.booleans()
    | ALL_FLOATS
    | ALL_FLOATS.map(DateSerial)
    | ALL_TEXTS.map(CellError)
)
def test_any_scalar_comes_back_exactly(value: Scalar) -> None:
    assert repr(scalar_in(json.loads(json.dumps(scalar_out(value))))) == repr(value)


@given(ALL_TEXTS)
def test_any_text_comes_back_exactly(text: str) -> None:
    assert text_in(json.loads(json.dumps(text_out(text)))) == text


@pytest.mark.parametrize("data", [[], {}, {"date": "x"}, {"date": None}, {"other": 1}, {"date": 1, "error": "x"}])
def test_what_was_not_written_is_refused(data: object) -> None:
    with pytest.raises((ValueError, KeyError)):
        scalar_in(data)
