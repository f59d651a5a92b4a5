"""Words that deny, counted."""

from __future__ import annotations

import pytest

from services.text.negations import negations


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("不是不好，就是太慢", 2),
        ("不是很好，就是太慢", 1),
        ("仍未收到，无法使用", 2),
        ("非常满意，不过价格差不多", 0),
        ("对不起，没关系", 0),
        ("I don't like it and never will", 2),
        ("Nothing is wrong, no doubt", 2),
        ("A note on knots", 0),
        ("", 0),
    ],
)
def test_words_that_deny_are_counted(text: str, count: int) -> None:
    assert negations(text) == count
