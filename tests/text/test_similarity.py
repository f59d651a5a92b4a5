"""Distances of slips, what differs between texts, stand-ins, and the search for likes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.text.similarity import (
    Likes,
    changed_words,
    collision_key,
    differ_in_digits_only,
    digits_masked,
    digits_restored,
    doubled,
    inflected,
    mostly_the_same,
    slips,
    stands_in,
)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("birminghm", "birmingham"),
        ("bimringham", "birmingham"),
        ("birminghham", "birmingham"),
        ("birmingxam", "birmingham"),
    ],
)
def test_a_slip_of_the_keyboard_counts_as_one(seen: str, meant: str) -> None:
    assert slips(seen, meant) == 1


def test_more_slips_than_the_limit_are_not_counted_out() -> None:
    assert slips("alpha", "omega", limit=2) == 3


def test_numbers_are_masked_and_put_back_in_their_order() -> None:
    assert digits_masked("12 paxients of 619") == "0 paxients of 0"
    assert digits_restored("0 patients of 0", "12 paxients of 619") == "12 patients of 619"


def test_numbers_are_not_put_back_where_their_count_differs() -> None:
    assert digits_restored("0 patients", "1 2 patients") is None


def test_texts_that_differ_in_digits_alone_are_told() -> None:
    assert differ_in_digits_only("scip-inf-1", "scip-inf-2")
    assert not differ_in_digits_only("scip-inf-1", "scip-imf-1")


def test_the_words_that_differ_are_those_between_the_common_ones() -> None:
    assert changed_words("fort paine city", "fort payne city") == (["paine"], ["payne"])
    assert changed_words("eliz acoffee hospital", "eliza coffee hospital") == (["eliz", "acoffee"], ["eliza", "coffee"])


@pytest.mark.parametrize(
    ("one", "other", "forms"),
    [
        ("manager", "managers", True),
        ("maria", "marie", True),
        ("houston", "huston", False),
        ("pneumonia", "pnuemonia", False),
    ],
)
def test_endings_make_forms_of_a_word(one: str, other: str, forms: bool) -> None:
    assert inflected(one, other) is forms


def test_a_doubled_character_is_seen_anywhere() -> None:
    assert doubled("eempty", "empty")
    assert doubled("emptyy", "empty")
    assert not doubled("emptty!", "empty")
    assert not doubled("empties", "empty")


def test_a_mark_stands_in_for_any_character_and_for_nothing_else() -> None:
    assert stands_in("702xnxmainxst", "x", "702 n main st")
    assert not stands_in("702xnxmaim st", "x", "702 n main st")
    assert not stands_in("702 n main st", "x", "702 n main st")


def test_case_accents_width_punctuation_and_order_do_not_count_in_a_key() -> None:
    assert collision_key("Ｃafé  Müller, The") == collision_key("the cafe muller")


@given(
    st.lists(st.text("abc", min_size=2, max_size=9), min_size=1, max_size=30), st.text("abc", min_size=2, max_size=9)
)
@settings(max_examples=200, deadline=None)
def test_every_text_one_slip_away_is_found(texts: list[str], text: str) -> None:
    wanted = {other for other in texts if other != text and slips(text, other, 1) <= 1}
    assert set(Likes(texts).of(text)) == wanted


def test_a_sentence_with_damage_in_many_places_is_mostly_the_same() -> None:
    sentence = "patients given the right antibiotic within one hour before surgery"
    assert mostly_the_same(sentence.replace(" ", "x"), sentence)
    assert not mostly_the_same("patients given an assessment of their heart at discharge time", sentence)
    assert not mostly_the_same("right", "right!")


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=20))
def test_a_plain_text_and_one_with_an_accent_have_one_key(text: str) -> None:
    assert collision_key(text + " e") == collision_key(text + " é")
