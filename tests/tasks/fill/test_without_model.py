"""What ``fill`` does by lists of words alone, and how far such lists reach: figures on small sets of our own."""

from __future__ import annotations

import pytest

from services.errors import InputError
from services.text.sentiment import judge
from services.text.typos import corrected, typos_in
from tests.tasks.fill.sheets import filled, sheet, told, why

JUDGED = {
    "positive": [
        "Great service, very friendly staff.",
        "The delivery was quick and the quality is excellent.",
        "Not bad at all, works well.",
        "I would recommend this hotel to everyone.",
        "The manual is clear and setup was easy.",
        "服务态度很好，非常满意。",
        "物流很快，包装也很精美。",
        "性价比高，值得推荐。",
        "虽然有点贵，但是质量非常好。",
        "客服耐心解答，问题很快解决了，点赞。",
    ],
    "negative": [
        "Terrible experience, never again.",
        "The parcel arrived late and the box was damaged.",
        "It was not good and the staff were rude.",
        "Waste of money, it broke after two days.",
        "The room was nice but far too noisy and dirty.",
        "质量太差了，用了两天就坏了。",
        "等了很久，客服态度恶劣。",
        "一点都不好吃，再也不来了。",
        "外观不错，但是经常死机，很失望。",
        "包装破损，要求退款。",
    ],
    "neutral": [
        "The parcel arrived on Monday.",
        "Please send the invoice to our office.",
        "The meeting is at three o'clock.",
        "包裹周一到的。",
        "请把发票寄到公司。",
        "会议改到下午三点。",
    ],
}
UNSEEN = {
    "positive": [
        "Five stars, will be back with the kids next summer.",
        "Setup took me two minutes and it has run without a hitch since.",
        "My daughter adores it.",
        "Breakfast was generous and the view took our breath away.",
        "Support answered within the hour and sorted everything out.",
        "Exactly as described, fits like a glove.",
        "I was sceptical at first but now I use it every day.",
        "Can't fault the driver, he even carried the boxes upstairs.",
        "酒店位置很方便，早餐品种丰富。",
        "孩子特别喜欢，已经回购三次了。",
        "师傅上门很准时，活儿干得漂亮。",
        "用了一个月，没出过任何毛病。",
        "比想象中好太多了，强烈推荐。",
        "客服秒回，退换货也很痛快。",
        "手感不错，做工细致，对得起这个价。",
        "味道正宗，朋友们都说好。",
    ],
    "negative": [
        "The zip came off the first time I wore it.",
        "Had to chase them three times before anyone replied.",
        "Don't bother, the app freezes every time I log in.",
        "The food was cold and we waited over an hour.",
        "Misleading photos, the actual colour is nothing like it.",
        "I expected much more for this price.",
        "The receptionist couldn't have cared less about our problem.",
        "Stopped charging after a week and they refuse to replace it.",
        "快递员把东西扔门口就走了，电话也不打。",
        "颜色跟图片完全不一样，退货还要自己出运费。",
        "隔音很差，半夜被吵醒好几次。",
        "说明书看不懂，客服也不理人。",
        "穿了一次就开线了，真是无语。",
        "价格比别家贵一倍，味道却很一般。",
        "前台爱答不理的，办个入住等了四十分钟。",
        "刚买就降价，感觉被坑了。",
    ],
    "neutral": [
        "The order was placed on 3 March and shipped two days later.",
        "Please confirm the number of guests.",
        "It comes in black and white.",
        "I bought it for my office.",
        "订单号已经发到您的邮箱。",
        "这款有黑白两种颜色。",
        "请问周末几点开门？",
        "我买来放在办公室用。",
    ],
}
"""Written without a look at the lists, and not to be tuned to: what they reach on texts of the world."""
HARD = [
    ("positive", "You can't go wrong with this one."),
    ("negative", "Oh great, another crash. Just what I needed."),
    ("negative", "这质量，呵呵，一分钱一分货。"),
    ("negative", "说好的三天到，今天都第十天了。"),
    ("negative", "I have called five times and nobody called back."),
]
SLIPS = [
    ("I recieved the wrong seperate parts.", "I received the wrong separate parts."),
    ("The the goverment has definately agreed.", "The government has definitely agreed."),
    ("Please contact our buisness partner tommorow.", "Please contact our business partner tomorrow."),
    ("我们必竟要再接再励，按装好设备。", "我们毕竟要再接再厉，安装好设备。"),
    ("这次会议穿流不息，，大家迫不急待。", "这次会议川流不息，大家迫不及待。"),
    ("他以经签字，其它人在次确认。", "他已经签字，其他人再次确认。"),
]
CLEAN = [
    "We will receive the separate invoice on Monday.",
    "Mr Smyth of Acme had had enough; iPhone 15 costs EUR 900.",
    "为了了解情况，他们现在在家等候，以及及时回复。",
    "目的的确认需要时间，价格的的确确偏高。",
    "请存再生纸并向从新加坡来的客户问好。",
    "The colour of our catalogue is grey-blue, see example.com/teh.",
]


def judged(language: str | None = None) -> list[tuple[str, str]]:
    """(expected, found) of the set, or of one of its languages."""
    return [
        (expected, judge(text).tendency)
        for expected, texts in JUDGED.items()
        for text in texts
        if language is None or text.isascii() == (language == "en")
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_plain_reviews_are_judged_by_words(language: str) -> None:
    pairs = judged(language)
    right = sum(expected == found for expected, found in pairs)

    assert right / len(pairs) >= 0.9, [pair for pair in pairs if pair[0] != pair[1]]


def test_what_is_called_certain_is_right() -> None:
    sure = [
        (expected, judge(text).tendency)
        for expected, texts in JUDGED.items()
        for text in texts
        if judge(text).sure and abs(judge(text).score) >= 0.5
    ]

    assert len(sure) >= 8
    assert all(expected == found for expected, found in sure)


@pytest.mark.parametrize(("language", "least"), [("en", 0.45), ("zh", 0.75)])
def test_on_texts_it_was_not_made_for_a_list_misses_much_but_turns_nothing_round(language: str, least: float) -> None:
    pairs = [
        (expected, judge(text).tendency)
        for expected, texts in UNSEEN.items()
        for text in texts
        if text.isascii() == (language == "en")
    ]

    assert sum(expected == found for expected, found in pairs) / len(pairs) >= least
    assert [pair for pair in pairs if set(pair) == {"positive", "negative"}] == []


def test_irony_and_bare_facts_are_beyond_a_list() -> None:
    assert sum(judge(text).tendency == expected for expected, text in HARD) <= 2


@pytest.mark.parametrize(("wrong", "right"), SLIPS)
def test_listed_slips_are_corrected(wrong: str, right: str) -> None:
    assert corrected(wrong, typos_in(wrong)) == right


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_right_stays(text: str) -> None:
    assert [typo for typo in typos_in(text) if typo.certain] == []
    assert corrected(text, typos_in(text)) == text


def test_sentiment_says_which_words_it_went_by() -> None:
    grid = sheet(("Comment",), ["Great quality, I love it!"], ["The parcel arrived on Monday."], [None])
    result = filled(grid, template="sentiment")

    assert told(result) == [
        ("B1", "Tendency", "safe"),
        ("C1", "Strength", "safe"),
        ("D1", "Keywords", "safe"),
        ("E1", "Score", "safe"),
        ("B2", "positive", "safe"),
        ("C2", "strong", "safe"),
        ("D2", "love, great", "safe"),
        ("E2", 0.9, "safe"),
        ("B3", "neutral", "review"),
        ("C3", "weak", "review"),
        ("E3", 0, "review"),
    ]
    assert result.engine == "rules"
    assert result.tables[0].changes.changes[4].reasons[0].text("en") == (
        "By a list of words only, no model: love, great. A list knows no irony and no context."
    )


def test_sentiment_speaks_chinese() -> None:
    grid = sheet(("评论",), ["质量太差了，非常失望。"])
    values = [value for _, value, _ in told(filled(grid, template="sentiment", language="zh"))]

    assert values[:4] == ["情感倾向", "情感强度", "情感关键词", "情感得分"]
    assert values[4:] == ["负面", "强", "太差、失望", -0.93]


def test_proofreading_is_for_review_where_a_word_could_be_meant() -> None:
    grid = sheet(("正文",), ["合同必竟重要。"], ["他的帐号不对。"], ["一切正常。"])
    result = filled(grid, template="proofread", language="zh")

    assert told(result)[2:] == [
        ("B2", "合同毕竟重要。", "safe"),
        ("C2", "合同[必→毕]竟重要。", "safe"),
        ("B3", "他的账号不对。", "review"),
        ("C3", "他的[帐→账]号不对。", "review"),
        ("B4", "一切正常。", "safe"),
        ("C4", "未发现错误", "safe"),
    ]


def test_a_lookup_finds_what_is_the_same_and_leaves_the_rest_to_see() -> None:
    grid = sheet(("City",), ["shanghai "], ["Pekin"])
    result = filled(grid, template="lookup", choices=("Shanghai", "Beijing"))

    assert told(result) == [("B1", "Match", "safe"), ("B2", "Shanghai", "safe")]
    assert (why(result)["B3"], result.gaps, result.engine) == ("no-entry", 0, "rules")


def test_a_column_of_something_else_that_has_the_title_of_a_new_one_is_not_filled() -> None:
    grid = sheet(("Review", "Score"), ["Great service!", 5], ["Terrible, it broke.", 1.5], ["Never again.", None])
    with pytest.raises(InputError) as caught:
        filled(grid, template="sentiment")
    assert caught.value.code == "fill-column-differs"
    assert caught.value.parameters["title"] == "Score"
    own = filled(grid, template="sentiment", into=("A", "B", "C", "D"))
    assert len([table for table in own.tables if table.changes.changes]) == 1
    assert told(filled(grid, template="sentiment", overwrite=True))


def test_a_column_that_some_answers_stand_in_already_is_filled_up() -> None:
    grid = sheet(("Review", "Score"), ["Great service!", 0.8], ["Nice.", "?"], ["It is awful.", -1], ["Awful.", None])
    assert [cell for cell, _, _ in told(filled(grid, template="sentiment")) if cell.startswith("B")] == ["B5"]


def test_an_entry_that_stands_within_a_text_is_offered_where_it_is_the_only_one() -> None:
    cells = [
        "12 Kirkgate, LEEDS LS1",
        "Leeds or York",
        "Yorkshire",
        "2 Leeds Bradford Road",
        "广东省深圳市南山区",
        None,
    ]
    grid = sheet(("Address",), *[[cell] for cell in cells])
    result = filled(grid, template="lookup", choices=("Leeds", "York", "Leeds Bradford", "深圳市"))

    assert told(result)[1:] == [
        ("B2", "Leeds", "review"),
        ("B5", "Leeds Bradford", "review"),
        ("B6", "深圳市", "review"),
    ]
    assert why(result)["B2"] == "entry-inside"
    assert (why(result)["B3"], why(result)["B4"]) == ("no-entry", "no-entry")
