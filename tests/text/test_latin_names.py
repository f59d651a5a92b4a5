"""Words that are written like names, in Latin letters."""

from __future__ import annotations

import pytest

from services.text.latin_names import latin_words, names_in, names_missing


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The quick John Smith went to IBM.", ["John", "Smith", "IBM"]),
        ("However, Acme's iPhone arrived on Monday.", ["Acme", "iPhone"]),
        ("合同由Acme公司与IBM签订", ["Acme", "IBM"]),
        ("I was late. We left.", []),
    ],
)
def test_names_are_told_by_how_they_are_written(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_a_name_is_there_whatever_its_case_and_width() -> None:
    assert names_missing(["Acme", "IBM", "Beta"], "ＡＣＭＥ and ibm") == ["Beta"]
    assert latin_words("联系 support 或 a 客服") == ["support"]
