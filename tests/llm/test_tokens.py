"""Tokens, estimated by script and put right by what endpoints count."""

from __future__ import annotations

import pytest

from services.llm.tokens import Ratio, estimated_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("four", 1),
        ("eight le", 2),
        ("数据清洗", 4),
        ("数据 data", 4),
        ("データ", 3),
        ("ｆｕｌｌ", 4),
    ],
)
def test_tokens_are_estimated_by_script(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == tokens


def test_the_ratio_is_learnt_at_once_and_then_slowly() -> None:
    ratio = Ratio()

    assert ratio.tokens(1000) == 1000
    assert ratio.learn(1000, 1500)
    assert ratio.tokens(1000) == 1500
    assert ratio.learn(1000, 1000)
    assert 1300 < ratio.tokens(1000) < 1400


def test_small_prompts_and_absurd_counts_teach_nothing_much() -> None:
    ratio = Ratio()

    assert not ratio.learn(50, 500)
    assert not ratio.learn(1000, 0)
    assert ratio.tokens(100) == 100
    ratio.learn(1000, 1_000_000)
    assert ratio.tokens(100) == 300
