"""What was changed from one text to another, marked in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.differences import Difference, differences, marked


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("I saw teh cat", "I saw the cat", "I saw [teh→the] cat"),
        ("我们必竟同意", "我们毕竟同意", "我们[必→毕]竟同意"),
        ("the the box", "the box", "[-the ]the box"),
        ("a b", "a new b", "a [+new ]b"),
        ("same", "same", "same"),
    ],
)
def test_each_change_is_marked_where_it_stands(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


def test_the_changes_are_listed() -> None:
    assert differences("teh cat", "the cat") == [Difference("teh", "the")]


@given(st.text("ab cd我们，", max_size=30), st.text("ab cd我们，", max_size=30))
def test_the_marks_hold_both_texts(before: str, after: str) -> None:
    text = marked(before, after)
    old = re.sub(r"\[\+[^\]]*\]", "", text)
    old = re.sub(r"\[-([^\]]*)\]", r"\1", re.sub(r"\[([^\]→]*)→[^\]]*\]", r"\1", old))
    assert old == before
