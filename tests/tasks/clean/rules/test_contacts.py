"""The rule ``contacts``: canonical addresses, likely slips for review, malformed ones doubted."""

from __future__ import annotations

import pytest

from services.tasks.clean.rules.contacts import RULE, ContactsStep
from services.workbook.grid import Scalar
from tests.tasks.clean.rules import tables


def findings(values: list[Scalar]) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, tables.one_column(values))


EMAILS: list[Scalar] = [f"user{n}@example{n % 3}.com" for n in range(30)]
URLS: list[Scalar] = [f"https://www.example.com/page/{n}?q=A" for n in range(30)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Ann.Lee@EXAMPLE.com", "Ann.Lee@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("ann＠example.com", "ann@example.com"),
        (" ann@example.com,", "ann@example.com"),
        ("<ann@example.com>", "ann@example.com"),
        ('"ann@example.com"', "ann@example.com"),
    ],
)
def test_the_same_address_in_canonical_form_is_safe(text: str, after: str) -> None:
    assert findings([*EMAILS, text]) == {text: (after, True)}


def test_a_slip_in_a_well_known_host_is_for_review() -> None:
    assert findings([*EMAILS, "ann@gmial.com"]) == {"ann@gmial.com": ("ann@gmail.com", False)}


def test_a_host_that_many_share_is_no_slip() -> None:
    assert findings([*EMAILS, *[f"ann{n}@gmaill.com" for n in range(10)]]) == {}


@pytest.mark.parametrize("text", ["ann@", "ann.example.com", "ann@example", "a..b@example.com"])
def test_a_malformed_address_is_doubted(text: str) -> None:
    assert findings([*EMAILS, text])[text] in ("contacts.no_email", "contacts.email_fault")


def test_null_words_and_two_addresses_stay() -> None:
    assert findings([*EMAILS, "N/A", "a@b.com; c@d.com"]) == {}


def test_a_column_in_capitals_stays() -> None:
    assert findings([str(value).upper() for value in EMAILS]) == {}


def test_sound_addresses_need_nothing() -> None:
    assert findings(EMAILS) == {}
    assert findings(URLS) == {}


def test_the_host_of_a_web_address_is_written_small() -> None:
    assert findings([*URLS, "HTTPS://WWW.Example.com/Page"]) == {
        "HTTPS://WWW.Example.com/Page": ("https://www.example.com/Page", True)
    }


def test_a_web_address_with_a_space_is_doubted() -> None:
    assert findings([*URLS, "https://exa mple.com"]) == {"https://exa mple.com": "contacts.url_fault"}


def test_texts_that_mention_an_address_have_no_step() -> None:
    assert RULE.propose(tables.one_column(["ask ann", "call bo", "write to x@y.com", "none"])) == []


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(ContactsStep(column="Value", kind="email"), tables.one_column(["a", "b"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "contacts.misfit"


def test_blanks_beside_the_at_or_a_dot_part_nothing() -> None:
    assert findings([*EMAILS, "ann.lee @ example.com", "bob@example .com"]) == {
        "ann.lee @ example.com": ("ann.lee@example.com", True),
        "bob@example .com": ("bob@example.com", True),
    }


def test_an_address_that_was_recased_as_a_whole_is_for_review() -> None:
    assert findings([*EMAILS, "Ann.Lee@Example1.Com"]) == {"Ann.Lee@Example1.Com": ("ann.lee@example1.com", False)}
    assert findings([*URLS, "Https://Www.Example.Com/Page/1?Q=A"]) == {
        "Https://Www.Example.Com/Page/1?Q=A": ("https://www.example.com/Page/1?Q=A", False)
    }
