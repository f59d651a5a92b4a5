"""nulls: what means nothing anywhere, what only may, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.nulls import null_word


@pytest.mark.parametrize(
    "word", ["N/A", "n/a ", "#N/A", "NULL", "(null)", "NaN", "暂无", "Ｎ／Ａ", "（空）", "\\N", "   ", "不适用"]
)
def test_a_word_that_means_nothing_in_any_column_is_certain(word: str) -> None:
    assert null_word(word) == "certain"


@pytest.mark.parametrize(
    "word", ["None", "NA", "-", "—", "―", "无", "未知", "待定", "?", "？", "unknown", "0000-00-00"]
)
def test_a_word_that_is_a_value_in_some_columns_is_possible(word: str) -> None:
    assert null_word(word) == "possible"


@pytest.mark.parametrize("word", ["", "no", "0", "Nantes", "无锡", "其他", "nullify", "Bonanza", "N" * 60])
def test_a_value_is_no_null_word(word: str) -> None:
    assert null_word(word) is None


@given(st.text())
def test_any_text_gets_an_answer_that_outer_spaces_do_not_change(text: str) -> None:
    if text.strip():
        assert null_word(text) == null_word(f" {text}\t")
