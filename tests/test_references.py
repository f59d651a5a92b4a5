"""What is written down of the commands and the routes is what the code has."""

from __future__ import annotations

import pytest

from tests.references import DOCS, REFERENCES


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_says_what_the_code_has(name: str) -> None:
    written = (DOCS / name).read_text("utf-8")

    assert written == REFERENCES[name](), "write it anew: python -m tests.references"
