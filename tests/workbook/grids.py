"""Any Grid, for property tests. Values are those that every codec carries: no half characters, nothing infinite."""

from __future__ import annotations

from hypothesis import strategies as st

from services.workbook.grid import MAX_COLUMN, MAX_ROW, CellError, ColumnFormats, DateSerial, Grid

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(
    st.none(), st.text(), st.integers(), FLOATS, st.booleans(), FLOATS.map(DateSerial), st.text().map(CellError)
)
CODES = st.sampled_from(["General", "0.00", "@", 'yyyy"年"', "a\tb"])


@st.composite
def grids(draw):
    rows, width = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    row = st.integers(0, rows - 1)
    formats = tuple(
        ColumnFormats(draw(CODES), draw(st.dictionaries(row, CODES, max_size=3)) if rows else {}) for _ in range(width)
    )
    masks = tuple(bytes(draw(st.integers(0, 15)) for _ in range(rows)) for _ in range(width))
    masks = tuple(mask if any(mask) else b"" for mask in masks)
    return Grid(
        columns=tuple([draw(SCALARS) for _ in range(rows)] for _ in range(width)),
        header=draw(st.one_of(st.just(()), st.tuples(*[st.text()] * width))),
        formats=formats if any(known != ColumnFormats() for known in formats) else (),
        masks=masks if any(masks) else (),
        hidden_rows=draw(st.frozensets(row)) if rows else frozenset(),
        date_system=draw(st.sampled_from([1900, 1904])),
        first_row=draw(st.integers(1, MAX_ROW - 4)),
        first_column=draw(st.integers(1, MAX_COLUMN - 4)),
        sheet=draw(st.text()),
    )
