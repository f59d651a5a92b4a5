"""identifiers: kinds by their check digits as python-stdnum has them, what must stay text, postcodes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, isbn, luhn
from stdnum.cn import ric, uscc

from services.text.identifiers import (
    IdentifierColumn,
    IdentifierKind,
    check,
    check_postcode,
    identify,
    is_scientific,
    postcode_region,
    postcode_regions,
)

RESIDENTS = [
    body + ric.calc_check_digit(body + "0")
    for body in (
        "44030119680214000",
        "11010119900307123",
        "31010519851130456",
        "51010719791225789",
        "42010619920607001",
    )
]


def test_a_sound_resident_number_passes_and_one_wrong_digit_does_not() -> None:
    good = RESIDENTS[0]
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    assert check("cn_resident_id", good).valid
    assert check("cn_resident_id", wrong).reason == "check_digit"
    assert check("cn_resident_id", good[:-1]).reason == "length"
    assert check("cn_resident_id", "99" + good[2:]).reason == "component"


@pytest.mark.parametrize(
    ("kind", "text", "compact", "canonical"),
    [
        ("cn_credit_code", "91110000600037341L", "91110000600037341L", "91110000600037341L"),
        ("isbn", "9787111128069", "9787111128069", "978-7-111-12806-9"),
        ("issn", "0024-9319", "00249319", "0024-9319"),
        ("iban", "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32"),
        ("bank_card", "4111 1111 1111 1111", "4111111111111111", "4111111111111111"),
        ("imei", "490154203237518", "490154203237518", "490154203237518"),
        ("ean", "73513537", "73513537", "73513537"),
        ("eu_vat", "DE136695976", "DE136695976", "DE136695976"),
        ("us_ein", "91-1144442", "911144442", "91-1144442"),
    ],
)
def test_a_sound_identifier_has_a_canonical_form(kind: IdentifierKind, text: str, compact: str, canonical: str) -> None:
    result = check(kind, text)
    assert (result.valid, result.reason, result.compact, result.canonical) == (True, "ok", compact, canonical)


def test_a_long_number_in_scientific_notation_has_lost_its_digits() -> None:
    assert check("cn_resident_id", "1.10101E+17").reason == "digits_lost"
    assert is_scientific("6.22202E+18")
    assert not is_scientific("1.5E+3")
    assert not is_scientific("123456789012")


def test_a_column_is_named_by_its_check_digits() -> None:
    assert identify(RESIDENTS) == IdentifierColumn("cn_resident_id", 5, 5)
    cards = [body + luhn.calc_check_digit(body) for body in (f"622202{n:010d}" for n in range(7, 17000, 999))]
    found = identify(cards)
    assert found is not None
    assert found.kind == "bank_card"
    goods = [body + ean.calc_check_digit(body) for body in (f"690{n:09d}" for n in range(123456, 999999, 50021))]
    found = identify(goods)
    assert found is not None
    assert found.kind == "ean"
    assert identify(["9787111128069", "978-7-302-01547-5", "7-302-02368-9", "9780306406157", "0306406152"]) == (
        IdentifierColumn("isbn", 5, 5)
    )


def test_one_bad_value_does_not_hide_the_kind_of_a_column() -> None:
    bad = RESIDENTS[0][:-1] + ("1" if RESIDENTS[0][-1] != "1" else "2")
    assert identify([*RESIDENTS, bad]) == IdentifierColumn("cn_resident_id", 6, 5)


@pytest.mark.parametrize("length", [8, 9, 10, 12, 13, 15, 16, 18])
def test_random_digits_are_no_identifier_of_any_kind(length: int) -> None:
    numbers = random.Random(length)
    values = [str(numbers.randrange(10 ** (length - 1), 10**length)) for _ in range(60)]
    assert identify(values) is None


def test_too_few_values_prove_nothing() -> None:
    assert identify(RESIDENTS[:4]) is None


def test_postcodes_with_letters_or_hyphens_tell_their_region_and_plain_digits_do_not() -> None:
    assert postcode_region(["SW1A 1AA", "EC1A 1BB", "w1a0ax"]) == "GB"
    assert postcode_region(["K1A 0B1", "V6B4Y8", "H0H 0H0"]) == "CA"
    assert postcode_region(["02134-1234", "10001", "94105"]) == "US"
    assert postcode_region(["100000", "518000", "310000"]) is None


def test_a_postcode_is_checked_and_spaced_by_its_region() -> None:
    assert check_postcode("sw1a1aa", "GB").canonical == "SW1A 1AA"
    assert check_postcode("021341234", "US").canonical == "02134-1234"
    assert check_postcode("2134", "US").reason == "length"
    assert check_postcode("5180000", "CN").reason == "format"
    assert check_postcode("518000", "CN").valid
    with pytest.raises(KeyError):
        check_postcode("1", "XX")


KINDS: list[IdentifierKind] = [
    "cn_resident_id", "cn_credit_code", "bank_card", "isbn", "issn", "ean", "iban", "eu_vat", "imei", "us_ssn", "us_ein"
]  # fmt: skip


@given(st.text(), st.sampled_from(KINDS), st.sampled_from(postcode_regions()))
def test_checking_any_text_gives_an_answer(text: str, kind: IdentifierKind, region: str) -> None:
    assert check(kind, text).valid == (check(kind, text).reason == "ok")
    assert check_postcode(text, region).valid == (check_postcode(text, region).reason == "ok")


@given(st.from_regex(r"[0-9A-Z]{2}[0-9]{6,16}[0-9X]", fullmatch=True), st.sampled_from(KINDS))
def test_codes_of_any_kind_never_raise(text: str, kind: IdentifierKind) -> None:
    result = check(kind, text)
    assert result.valid or result.canonical == text


@given(st.from_regex(r"[0-9]{12}[0-9]|[0-9]{9}[0-9X]", fullmatch=True))
def test_check_digits_agree_with_python_stdnum(text: str) -> None:
    assert check("isbn", text).valid == isbn.is_valid(text)
    assert check("ean", text).valid == ean.is_valid(text)
    assert check("cn_credit_code", text).valid == uscc.is_valid(text)
