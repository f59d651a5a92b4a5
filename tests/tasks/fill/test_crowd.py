"""What answers betray side by side: those of another row, and one sentence for rows that are not alike."""

from __future__ import annotations

from typing import Any

import pytest

from services.llm.prompts import Prompts
from services.tasks.fill.crowd import is_one_for_all, of_another, repeated
from services.tasks.fill.kinds import Kind
from services.tasks.fill.wanted import Wanted
from tests.tasks.fill.sheets import filled, model, sheet, told, why

SOURCES = [
    "发货很快，包装完好，客服也很耐心。",
    "开箱后发现封口破损，茶叶有异味，请给个说法。",
    "The courier left the parcel outside and it was soaked.",
]


def column(check: Any) -> Wanted:
    return Wanted("value", "Value", Kind(), check)


@pytest.mark.parametrize(
    ("said", "place", "is_anothers"),
    [
        ("开箱后发现封口破损，茶叶有异味。", 0, True),
        ("开箱后发现封口破损，茶叶有异味。", 1, False),
        ("The courier left the soaked parcel outside.", 1, True),
        ("送货迅速，包裹完整，售后耐心周到。", 0, False),
        ("发货很快，开箱后发现封口破损。", 0, True),
        ("很好", 0, False),
    ],
)
def test_an_answer_in_the_words_of_another_row_is_known(said: str, place: int, is_anothers: bool) -> None:
    assert of_another(column("wording"), said, place, SOURCES) is is_anothers


def test_a_sentence_that_two_unlike_rows_got_is_odd_and_one_of_like_rows_is_not() -> None:
    same = ["The goods arrived damaged."] * 2
    assert repeated(column("translation"), same, ["货到时已破损。", "发票抬头写错了，请重开。"]) == {
        "the goods arrived damaged"
    }
    assert repeated(column("translation"), same, ["货到时已破损。", "货到时已经破损"]) == frozenset()
    assert repeated(column("translation"), ["Thanks."] * 2, ["谢谢！", "多谢各位"]) == frozenset()


def test_answers_that_a_model_mixed_up_are_for_review() -> None:
    grid = sheet(("评价",), *([text] for text in SOURCES[:2]))
    mixed = dict(zip(SOURCES[:2], reversed(SOURCES[:2]), strict=True))
    with model(lambda item: {"polished": mixed[item["text"]]}) as (asking, _):
        result = filled(grid, asking, template="polish", language="zh")
    assert [verdict for _, _, verdict in told(result)] == ["safe", "review", "review"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_answers_of_the_prompts_example_given_back_for_other_rows_are_for_review(language: Any) -> None:
    ((_, example),) = Prompts().load("fill/sentiment", language).examples
    grid = sheet(("Review",), ["茶叶收到了，日期是三月的。"])
    with model(lambda item: {**example, "keywords": []}) as (asking, _):
        result = filled(grid, asking, template="sentiment", language=language)
    assert {verdict for cell, _, verdict in told(result) if cell.endswith("2")} == {"review"}
    assert set(why(result).values()) == {"title", "like-example"}


def test_a_tendency_against_the_words_of_its_row_is_for_review() -> None:
    grid = sheet(("评价",), ["质量太差了，客服态度恶劣，要求退货"])
    answers = {"tendency": "正面", "strength": "强", "keywords": [], "score": "0.9"}
    with model(lambda item: answers) as (asking, _):
        result = filled(grid, asking, template="sentiment", language="zh")
    assert why(result)["B2"] == "against-words"


def test_one_choice_for_many_rows_is_for_review_unless_there_are_but_two() -> None:
    several = Wanted("value", "类别", Kind("choice", ("物流", "质量", "价格")), "none")
    assert is_one_for_all(several, ["物流"] * 6)
    assert not is_one_for_all(several, ["物流"] * 5)
    assert not is_one_for_all(several, [*["物流"] * 6, "质量"])
    assert not is_one_for_all(Wanted("value", "加急", Kind("choice", ("是", "否")), "none"), ["否"] * 6)


def test_a_tag_in_the_words_of_another_row_is_known_and_a_subject_that_rows_share_is_not() -> None:
    tags = Wanted("tags", "标签", Kind("list"), "none")
    assert of_another(tags, ["封口破损", "包装完好"], 1, SOURCES)
    assert not of_another(tags, ["封口破损", "包装"], 1, SOURCES)
    assert not of_another(Wanted("tags", "标签", Kind("list", ("包装完好",)), "none"), ["包装完好"], 1, SOURCES)
