"""How one answer is judged: its kind, talk around it, and what its row holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from services.tasks.fill.agreement import contradiction
from services.tasks.fill.kinds import Kind, canonical, checked, checked_list, date_of, number_of, read_kind
from services.tasks.fill.spoken import answer_alone, makes_excuses
from services.tasks.fill.verify import Row, doubt
from services.tasks.fill.wanted import Wanted


@pytest.mark.parametrize(
    ("said", "value", "number_format"),
    [
        ("1,250.50", "1250.50", None),
        ("二百三十万元", "2300000", None),
        ("RMB 2.3 million", "2300000", None),
        ("12.5%", "0.125", "0.0%"),
        ("百分之三", "0.03", "0%"),
        ("（1,050.00）", "-1050.00", None),
        ("12 kg", "12", None),
    ],
)
def test_a_number_is_read_however_it_was_said(said: str, value: str, number_format: str | None) -> None:
    assert number_of(said) == (Decimal(value), number_format)


@pytest.mark.parametrize("said", ["about ten", "5 or 6", "unknown", "1.2.3", ""])
def test_what_is_not_one_number_is_none(said: str) -> None:
    assert number_of(said) is None


@pytest.mark.parametrize("said", ["March 5", "03/04/2024", "2024-02-30", "soon"])
def test_what_is_not_one_whole_date_is_none(said: str) -> None:
    assert date_of(said) is None


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("quality", "Quality"),
        ("“Ｑｕａｌｉｔｙ”。", "Quality"),
        ("物流 ", "物流"),
        ("Quality issue", None),
        ("Qualify", None),
        ("", None),
    ],
)
def test_a_choice_is_known_but_for_its_form_and_never_another_one(said: str, choice: str | None) -> None:
    assert canonical(said, ("Quality", "Delivery", "物流")) == choice


def test_values_of_another_kind_are_refused_with_what_was_said() -> None:
    with pytest.raises(ValueError, match="'seven' is not such a number"):
        checked("seven", Kind("number", least=0))
    with pytest.raises(ValueError, match="'2' is not such a number"):
        checked("2", Kind("number", least=-1, most=1))
    with pytest.raises(ValueError, match="'c' is none of the choices"):
        checked_list(["a", "c"], Kind("list", ("a", "b")))
    assert checked(" ", Kind("number")) is None
    assert checked_list(["a", "", "a "], Kind("list")) == ["a"]


def test_a_type_is_read_with_its_choices() -> None:
    assert read_kind("Choice:是，否,不详", ("其他",)) == Kind("choice", ("是", "否", "不详", "其他"))


@pytest.mark.parametrize(
    ("said", "source", "alone"),
    [
        ("Sure, here is the translation:\nGood day", "您好", "Good day"),
        ("Here's the polished text: We were late.", "we was late", "We were late."),
        ("好的，以下是译文：您好", "Good day", "您好"),
        ("译文：您好", "Good day", "您好"),
        ("```\nWe were late.\n```", "we was late", "We were late."),
        ("“We were late.”", "we was late", "We were late."),
        ("Great! The order has arrived.", "太好了！订单到了。", "Great! The order has arrived."),
        ("Sure enough, it broke: twice.", "果然坏了两次。", "Sure enough, it broke: twice."),
        ("Summary: all well", "摘要：一切正常", "Summary: all well"),
        ("“Stop” was all he said.", "“stop” were all he said", "“Stop” was all he said."),
    ],
)
def test_only_talk_is_taken_off(said: str, source: str, alone: str) -> None:
    assert answer_alone(said, source) == alone


def test_excuses_are_noticed_unless_the_source_makes_them() -> None:
    assert makes_excuses("As an AI language model, I have no opinion.", "What do you think?")
    assert makes_excuses("作为一个人工智能，我无法回答。", "您怎么看？")
    assert not makes_excuses("I'm sorry for the delay.", "对不起，晚了。")
    assert not makes_excuses("We were late.", "we was late")


def column(check: Any, kind: Kind | None = None) -> Wanted:
    return Wanted("value", "Value", kind or Kind(), check)


@pytest.mark.parametrize(
    ("check", "said", "source", "code"),
    [
        ("within", "Paris", "The Eiffel tower stands in Paris.", None),
        ("within", "It stands in Paris.", "The Eiffel tower", "fill.name-not-there"),
        ("within", "it took 13 days", "it took 12 days", "fill.number-not-there"),
        ("within", "用了iPhone", "用了手机", "fill.name-not-there"),
        ("within", "付给华为公司", "付给华强公司的货款", "fill.name-not-there"),
        ("within", "广东省", "深圳南山区科技园", None),
        ("within", "浙江省", "深圳南山区科技园", "fill.name-not-there"),
        ("correction", "帐单有误，必竟多收了钱", "帐单有误，必竟多收了钱", "fill.slip-left"),
        ("wording", "不是很好，就是太慢", "不是不好，就是太慢", "fill.denies"),
        ("wording", "货物仍未收到。", "东西还是没收到", None),
        ("within", "金额为35000元", "货款\n3万5", None),
        ("within", "金额为36000元", "货款\n3万5", "fill.number-not-there"),
        ("summary", "张经理要求退货", "王丽要求退货", "fill.name-not-there"),
        ("wording", "请将货款汇至华为公司。", "货款请汇华强公司。", "fill.name-not-there"),
        ("wording", "请汇出货款。", "货款请汇华强公司。", "fill.name-lost"),
        ("within", "Bank of China", "中国银行", None),
        ("found", "138 0013 8000", "tel 13800138000", None),
        ("found", "Zhang", "Li Wei", "fill.not-in-row"),
        ("found", "+49 30 1234567", "call +49 30 1234567", None),
        ("found", "The box was wet and broken.", "The box was wet and broken.", "fill.whole-text"),
        ("translation", "共12箱，发往Acme。", "12 boxes to Acme.", None),
        ("translation", "共十二箱。", "12 boxes to Acme.", None),
        ("translation", "共11箱。", "12 boxes.", "fill.number-not-there"),
        ("translation", "很多箱。", "12 boxes.", "fill.number-lost"),
        (
            "translation",
            "A lot of boxes went out yesterday",
            "A lot of boxes went out yesterday",
            "fill.wrong-language",
        ),
        ("translation", "好", "A very long text that says a great many things about our boxes", "fill.much-lost"),
        ("wording", "We have waited 3 weeks for Acme.", "We was waiting 3 weeks for Acme.", None),
        ("wording", "We have waited 3 weeks.", "We was waiting 3 weeks for Acme.", "fill.name-lost"),
        ("wording", "我们等了3周。", "We was waiting 3 weeks.", "fill.wrong-language"),
        ("correction", "It arrived today.", "It arived today.", None),
        ("correction", "The parcel came.", "It has not arived at our house today.", "fill.much-changed"),
        ("correction", "It costs 15 yuan.", "It cost 51 yuan.", "fill.number-not-there"),
        ("summary", "Late by 12 days.", "The order was late by 12 days, and the box was wet.", None),
        ("summary", "A" + " very long word" * 9, "short", "fill.longer"),
        ("within", "=1+1", "sum", "fill.formula-like"),
        ("none", "=1+1", "sum", "fill.formula-like"),
        ("none", "anything 99", "sum", None),
    ],
)
def test_an_answer_is_compared_with_its_row(check: Any, said: str, source: str, code: str | None) -> None:
    found = doubt(column(check), said, Row(source, target="Chinese"))

    assert (None if found is None else found.code) == code


@pytest.mark.parametrize(
    ("kind", "said", "source", "holds"),
    [
        ("number", "2300000", "付款二百三十万元", True),
        ("number", "23000000", "RMB 2.3 million", False),
        ("number", "1050", "（1,050.00）", False),
        ("number", "0.125", "12.5%", True),
        ("date", "2024-03-05", "于2024年3月5日", True),
        ("date", "2024-03-05", "on 5 March", False),
        ("date", "5 March 2024", "2024-03-05 00:00:00", True),
    ],
)
def test_a_number_or_date_has_to_stand_in_its_row(kind: Any, said: str, source: str, holds: bool) -> None:
    assert (doubt(column("found", Kind(kind)), said, Row(source)) is None) == holds


def test_a_repeated_instruction_is_no_answer() -> None:
    row = Row("a text", ("Say in one word what the customer wants most of all.",))

    assert doubt(column("none"), "Say in one word what the customer wants most of all", row) is not None


def test_a_score_against_its_tendency_is_for_review() -> None:
    tendency = Wanted("tendency", "T", Kind("choice", ("positive", "neutral", "negative")), "none")
    columns = (tendency, Wanted("score", "S", Kind("number"), "none"))

    assert contradiction(columns, {"tendency": "positive", "score": "-0.8"}) == ("tendency", "score")
    assert contradiction(columns, {"tendency": "neutral", "score": "0.9"}) == ("tendency", "score")
    assert contradiction(columns, {"tendency": "negative", "score": "-0.8"}) == ()
    assert contradiction(columns, {"tendency": "neutral", "score": "0.3"}) == ()


@pytest.mark.parametrize(
    ("title", "said", "code"),
    [
        ("Phone", "13800138000", None),
        ("Phone", "HACKED", "fill.no-such-detail"),
        ("联系电话", "张三", "fill.no-such-detail"),
        ("E-mail", "ann@example.com", None),
        ("邮箱", "13800138000", "fill.no-such-detail"),
        ("Date", "5 March", None),
        ("日期", "HACKED", "fill.no-such-detail"),
        ("金额", "二百三十万元", None),
        ("Amount", "HACKED", "fill.no-such-detail"),
        ("Customer", "HACKED", None),
    ],
)
def test_a_detail_could_be_what_its_name_says(title: str, said: str, code: str | None) -> None:
    source = "HACKED 张三 13800138000 ann@example.com 5 March 二百三十万元"
    found = doubt(Wanted("value", title, Kind(), "found", title), said, Row(source))

    assert (None if found is None else found.code) == code


def test_a_name_that_is_asked_for_in_chinese_stands_in_the_row() -> None:
    row = Row("退货，经手人：王丽", asked="「备注」的经手人是谁？")
    assert doubt(column("within"), "王丽", row) is None
    why = doubt(column("within"), "张伟", row)
    assert why is not None
    assert why.code == "fill.name-not-there"
    assert doubt(column("within"), "高兴", Row("谢谢！", asked="客户的情绪如何？")) is None


def test_what_a_translation_leaves_untranslated_is_told_unless_its_language_is_written_so() -> None:
    source, said = "客服态度恶劣，要求退货", "The service态度 is bad, I want to return it"
    why = doubt(column("translation"), said, Row(source, (), "英文"))
    assert why is not None
    assert (why.code, why.text("en")) == (
        "fill.untranslated",
        "The translation still holds “态度”, which was not translated. Please check.",
    )
    assert doubt(column("translation"), "接客態度が悪く、返品を希望します。", Row(source, (), "日文")) is None


def test_a_document_number_has_one_in_it() -> None:
    number = Wanted("value", "单号", Kind(), "found")
    why = doubt(number, "3月货款", Row("3月货款，单号 A-2024/07"))
    assert why is not None
    assert why.code == "fill.no-such-detail"
    assert doubt(number, "A-2024/07", Row("3月货款，单号 A-2024/07")) is None


@pytest.mark.parametrize(
    ("kind", "said", "cell"),
    [
        ("number", "35000", "3万5"),
        ("number", "8888.88", "捌仟捌佰捌拾捌元捌角捌分"),
        ("number", "-1050", "（1,050.00）"),
        ("date", "2024-03-05", "20240305"),
    ],
)
def test_a_number_or_date_that_a_whole_cell_says_is_in_the_row_however_it_is_written(
    kind: Any, said: str, cell: str
) -> None:
    assert doubt(column("within", Kind(kind)), said, Row(f"货款\n{cell}")) is None
    assert (
        doubt(column("within", Kind(kind)), "2023-01-01" if kind == "date" else "7", Row(f"货款\n{cell}")) is not None
    )


def test_a_type_may_be_named_in_chinese_and_typed_with_a_chinese_colon() -> None:
    assert read_kind("选项：是，否") == Kind("choice", ("是", "否"))
    assert read_kind("数字") == Kind("number")
