"""Messages exist in both languages, with the same placeholders, and errors speak both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from services.api.problems import Refused
from services.errors import DeskhandError, LedgerError, RecipeError
from services.messages import _texts, message, system_language
from services.text.contacts import Flag
from services.text.identifiers import IdentifierKind

PROJECT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"\{(\w+)")


def test_every_message_exists_in_both_languages() -> None:
    assert _texts("en").keys() == _texts("zh").keys()


def test_a_message_has_the_same_placeholders_in_both_languages() -> None:
    different = [
        key
        for key, text in _texts("en").items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(_texts("zh")[key]))
    ]
    assert different == []


def test_an_error_says_what_happened_and_what_to_do_in_both_languages() -> None:
    error = RecipeError("recipe-version", found=9, known=1)

    assert error.what("en") == "The recipe is of version 9; this Deskhand knows version 1."
    assert error.todo("zh") == "请用 --save-recipe 重新生成配方，或使用当时的 Deskhand。"


def errors(kind: type[DeskhandError] = DeskhandError) -> set[str]:
    """The names of the errors, whoever defines them."""
    return {kind.__name__}.union(*map(errors, kind.__subclasses__()))


def test_every_error_code_raised_in_the_code_has_a_text() -> None:
    assert {LedgerError.__name__, Refused.__name__} <= errors()
    raised = re.compile(rf"\b(?:{'|'.join(errors())})\(\s*\"([a-z0-9-]+)\"")
    codes = {code for path in (PROJECT / "services").rglob("*.py") for code in raised.findall(path.read_text("utf-8"))}

    assert codes, "no error was found in the code: has its form changed?"
    assert {code for code in codes if f"errors.{code}.what" not in _texts("en")} == set()
    assert {code for code in codes if f"errors.{code}.todo" not in _texts("en")} == set()


def test_every_text_of_an_error_is_of_a_code_that_the_code_names() -> None:
    named = {
        word
        for path in (PROJECT / "services").rglob("*.py")
        for word in re.findall(r"\"([a-z0-9-]+)\"", path.read_text("utf-8"))
    }
    told = {key.split(".")[1] for key in _texts("en") if key.startswith("errors.")}

    assert told - named == set()


def test_every_reason_in_the_code_has_a_text() -> None:
    made = re.compile(r"\breason\(\s*\"([a-z0-9.-]+)\"")
    codes = {code for path in (PROJECT / "services").rglob("*.py") for code in made.findall(path.read_text("utf-8"))}

    assert codes, "no reason was found in the code: has its form changed?"
    assert {code for code in codes if f"reasons.{code}" not in _texts("en")} == set()


def test_every_term_that_a_reason_may_name_has_a_text() -> None:
    terms = {*get_args(Flag), *get_args(IdentifierKind)} - {"no-scheme"}

    assert {term for term in terms if f"terms.{term}" not in _texts("en")} == set()


def test_a_missing_parameter_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="found"):
        message("errors.recipe-version.what", "en", known=1)


@pytest.mark.parametrize(("value", "language"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("de_DE", "en")])
def test_the_language_follows_the_system(monkeypatch: pytest.MonkeyPatch, value: str, language: str) -> None:
    monkeypatch.delenv("DESKHAND_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", value)

    assert system_language() == language


def test_a_wish_for_a_language_comes_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("DESKHAND_LANGUAGE", "zh")

    assert system_language() == "zh"
