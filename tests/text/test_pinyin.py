"""Chinese characters that sound or look alike."""

from __future__ import annotations

import pytest

from services.text.pinyin import confusable, has_han, sound


@pytest.mark.parametrize(("one", "other"), [("张伟", "张炜"), ("人员己到", "人员已到"), ("陈静", "陈晶")])
def test_like_sounds_and_like_shapes_are_confusable(one: str, other: str) -> None:
    assert confusable(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("财务一部", "财务二部"), ("张伟", "张伟明"), ("Anna", "Anne"), ("张伟", "张伟")]
)
def test_names_that_differ_otherwise_are_not_confusable(one: str, other: str) -> None:
    assert not confusable(one, other)


def test_tones_and_the_sounds_that_speakers_mix_up_do_not_count() -> None:
    assert sound("张静") == sound("臧近")


def test_han_is_told_from_latin() -> None:
    assert has_han("A座")
    assert not has_han("Block A")
