"""booleans: columns of yes and no in several spellings, and columns that only look like it."""

from hypothesis import given
from hypothesis import strategies as st

from services.text.booleans import boolean_vocabulary


def test_a_mixed_column_takes_the_spelling_of_its_most_frequent_pair() -> None:
    column = boolean_vocabulary({"Yes": 10, "No": 5, "Y": 1, "yes ": 2, "n": 1, "TRUE": 1})
    assert column is not None
    assert (column.true, column.false, column.mixed) == ("Yes", "No", True)
    assert column.canonical == {"Yes": "Yes", "No": "No", "Y": "Yes", "yes ": "Yes", "n": "No", "TRUE": "Yes"}


def test_a_uniform_column_is_not_mixed() -> None:
    column = boolean_vocabulary({"是": 3, "否": 2})
    assert column is not None
    assert (column.true, column.false, column.mixed) == ("是", "否", False)


def test_a_chinese_column_with_a_few_english_answers_becomes_chinese() -> None:
    column = boolean_vocabulary({"是": 8, "否": 2, "Y": 1, "0": 1, "×": 1})
    assert column is not None
    assert column.canonical == {"是": "是", "否": "否", "Y": "是", "0": "否", "×": "否"}


def test_the_word_that_does_not_occur_is_written_like_the_one_that_does() -> None:
    column = boolean_vocabulary({"YES": 5, "n": 2})
    assert column is not None
    assert (column.true, column.false) == ("YES", "NO")


def test_ones_and_zeros_alone_are_numbers() -> None:
    assert boolean_vocabulary({"1": 4, "0": 4}) is None


def test_there_is_and_it_is_are_different_questions() -> None:
    assert boolean_vocabulary({"有": 4, "否": 4}) is None
    assert boolean_vocabulary({"有": 4, "无": 4, "对": 1}) is None


def test_one_other_value_makes_it_no_column_of_yes_and_no() -> None:
    assert boolean_vocabulary({"yes": 4, "no": 4, "maybe": 1}) is None
    assert boolean_vocabulary({"男": 4, "女": 4}) is None


def test_one_truth_alone_proves_nothing() -> None:
    assert boolean_vocabulary({"Yes": 4, "Y": 2}) is None


WORDS = [
    "yes",
    "No",
    "Y",
    "n",
    "TRUE",
    "false",
    "1",
    "0",
    "是",
    "否",
    "有",
    "无",
    "对",
    "错",
    "√",
    "×",
    "ｙｅｓ",
    "other",
]


@given(st.dictionaries(st.sampled_from(WORDS), st.integers(1, 9)))
def test_a_value_never_changes_its_truth(values: dict[str, int]) -> None:
    column = boolean_vocabulary(values)
    if column is not None:
        assert set(column.canonical) == set(values)
        assert {value: word == column.true for value, word in column.canonical.items()} == column.meanings
