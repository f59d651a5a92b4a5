"""A ChangeSet as JSON: exact to the type of every value, and refused where it is not what was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workbook.changes import Change, ChangeSet, Flag, Reason, Term, reason
from services.workbook.grid import CellError, DateSerial
from services.workbook.kept_changes import changes_in, changes_out
from tests.workbook.grids import SCALARS

READ = reason("dates.read", before="3/1", after="2024-01-03", count=5, ratio=0.5)
FAULTS = reason("contacts.email_fault", faults=(Term("two-ats"), Term("host", (("name", "x.y"), ("in", (1, True))))))
CHANGES = ChangeSet(
    (
        Change("1", 0, 2, "3/1", DateSerial(45294.0), (READ,), "dates", "safe", 0.9, "rule", "yyyy-mm-dd"),
        Change("2", 3, 2, " x", None, (READ, FAULTS), "tidy", "review", 1, "model"),
        Change("3", 4, 0, 1, 1.0, (), "numbers", "rejected"),
    ),
    (
        Flag("f1", 0, None, None, FAULTS, "rows", (4, 7)),
        Flag("f2", 1, 3, CellError("#N/A"), READ, "dates"),
    ),
    "0123",
)
DATA: dict[str, Any] = {
    "fingerprint": "0123",
    "changes": [
        ["1", "2", "3"],
        [0, 3, 4],
        [2, 2, 0],
        ["3/1", " x", 1],
        [{"date": 45294.0}, None, 1.0],
        [0, [0, 1], []],
        ["dates", "tidy", "numbers"],
        ["safe", "review", "rejected"],
        [0.9, 1, 1.0],
        ["rule", "model", "rule"],
        ["yyyy-mm-dd", None, None],
    ],
    "flags": [
        ["f1", "f2"],
        [0, 1],
        [None, 3],
        [None, {"error": "#N/A"}],
        [1, 0],
        ["rows", "dates"],
        [[4, 7], []],
    ],
    "reasons": [
        ["dates.read", [["before", "3/1"], ["after", "2024-01-03"], ["count", 5], ["ratio", 0.5]]],
        [
            "contacts.email_fault",
            [
                [
                    "faults",
                    {
                        "several": [
                            {"term": ["two-ats", []]},
                            {"term": ["host", [["name", "x.y"], ["in", {"several": [1, True]}]]]},
                        ]
                    },
                ]
            ],
        ],
    ],
}


def test_changes_are_this_json() -> None:
    assert changes_out(CHANGES) == DATA


def test_this_json_is_those_changes() -> None:
    back = changes_in(json.loads(json.dumps(DATA)))
    assert back == CHANGES
    assert [repr(change.after) for change in back.changes] == ["DateSerial(45294.0)", "None", "1.0"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (["fingerprint"], 5),
        (["changes"], None),
        (["changes", 0], ["1", "2"]),
        (["changes", 0, 1], 2),
        (["changes", 1, 1], True),
        (["changes", 3, 1], ["x"]),
        (["changes", 5, 1], 2),
        (["changes", 5, 1], -1),
        (["changes", 7, 1], "sure"),
        (["changes", 8, 1], "1"),
        (["changes", 9, 1], "me"),
        (["changes", 10, 1], 5),
        (["flags", 2, 0], 0.5),
        (["flags", 6, 0], [1.5]),
        (["reasons", 0], ["code"]),
        (["reasons", 0, 0], 7),
        (["reasons", 0, 1, 0], {"a": 1}),
    ],
)
def test_what_was_not_written_is_refused(where: list[Any], value: object) -> None:
    broken = json.loads(json.dumps(DATA))
    *path, last = where
    inner = broken
    for step in path:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(ValueError, match="as it was kept"):
        changes_in(broken)


def test_a_parameter_that_is_no_value_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="set"):
        changes_out(ChangeSet(flags=(Flag("f1", 0, 0, None, reason("x", value={1}), "rule"),)))


NAMES = st.text(max_size=5)
PARAMETERS = st.recursive(
    SCALARS | st.text(st.characters(categories=["Cs"]), max_size=2),
    lambda inner: (
        st.builds(Term, NAMES, st.lists(st.tuples(NAMES, inner), max_size=2).map(tuple))
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=5,
)
REASONS = st.builds(Reason, NAMES, st.lists(st.tuples(NAMES, PARAMETERS), max_size=3).map(tuple))
CHANGE = st.builds(
    Change,
    NAMES,
    st.integers(0),
    st.integers(0),
    SCALARS,
    SCALARS,
    st.lists(REASONS, max_size=3).map(tuple),
    NAMES,
    st.sampled_from(["safe", "review", "rejected"]),
    st.floats(0, 1),
    st.sampled_from(["rule", "model"]),
    st.none() | st.text(),
)
FLAG = st.builds(
    Flag,
    NAMES,
    st.integers(0),
    st.none() | st.integers(0),
    SCALARS,
    REASONS,
    NAMES,
    st.lists(st.integers(0)).map(tuple),
)


@given(st.builds(ChangeSet, st.lists(CHANGE, max_size=4).map(tuple), st.lists(FLAG, max_size=3).map(tuple), NAMES))
def test_any_changes_come_back_exactly(changes: ChangeSet) -> None:
    assert repr(changes_in(json.loads(json.dumps(changes_out(changes))))) == repr(changes)


def test_a_reason_that_many_changes_share_is_listed_once() -> None:
    many = tuple(Change(str(n), n, 0, "a", "b", (READ,), "tidy", "safe") for n in range(1000))
    assert len(changes_out(ChangeSet(many))["reasons"]) == 1
