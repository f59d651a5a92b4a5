"""Amounts of money: one amount with its currency, and everything that is less than one amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.amounts import Amount, parse_amount


@pytest.mark.parametrize(
    ("text", "value", "currency", "currency_text"),
    [
        ("25481港元", "25481", "HKD", "港元"),
        ("新台币 177.1 亿元", "17710000000", "TWD", "新台币"),
        ("肆佰叁拾萬圆整", "4300000", "CNY", "圆"),
        ("港币两千九百六十元", "2960", "HKD", "港币"),
        ("人民币五千元整", "5000", "CNY", "人民币"),
        ("5000元人民币", "5000", "CNY", "人民币"),
        ("两千新加坡元", "2000", "SGD", "新加坡元"),
        ("3000.5万美金", "30005000", "USD", "美金"),
        ("5兆日元", "5000000000000", "JPY", "日元"),
        ("1,200万韩元", "12000000", "KRW", "韩元"),
        ("20瑞典克朗", "20", "SEK", "瑞典克朗"),
        ("300越南盾", "300", "VND", "越南盾"),
        ("500澳门元", "500", "MOP", "澳门元"),
        ("5000印度卢比", "5000", "INR", "印度卢比"),
        ("-500元", "-500", "CNY", "元"),
        ("1,234元", "1234", "CNY", "元"),
        ("3个亿日元", "300000000", "JPY", "日元"),
        ("RMB 2.3 million", "2300000", "CNY", "RMB"),
        ("rmb500", "500", "CNY", "rmb"),
        ("USD 5m", "5000000", "USD", "USD"),
        ("US$ 1,050.00", "1050.00", "USD", "US$"),
        ("HK$500", "500", "HKD", "HK$"),
        ("NT$1,000.00", "1000.00", "TWD", "NT$"),
        ("€1.234,56", "1234.56", "EUR", "€"),
        ("1 234,56 €", "1234.56", "EUR", "€"),
        ("£5", "5", "GBP", "£"),
        ("₹12,34,567.00", "1234567.00", "INR", "₹"),
        ("5.5 Swiss francs", "5.5", "CHF", "Swiss francs"),
        ("10 TRY", "10", "TRY", "TRY"),
        ("(€1,050.00)", "-1050.00", "EUR", "€"),
        ("-€5", "-5", "EUR", "€"),
    ],
)
def test_one_amount_is_read_with_its_currency(text: str, value: str, currency: str, currency_text: str) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert amount.denotes_one_amount
    assert (amount.value, amount.currency, amount.currency_text) == (Decimal(value), currency, currency_text)


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("六十四万零一百四十三元一角七分", "640143.17", 2),
        ("十块三毛", "10.3", 1),
        ("三块五", "3.5", 1),
        ("三块半", "3.5", 1),
        ("半块钱", "0.5", 1),
        ("八毛五", "0.85", 2),
        ("人民币壹佰贰拾叁元肆角伍分", "123.45", 2),
        ("5角", "0.5", 1),
        ("五分钱", "0.05", 2),
        ("五元零五分", "5.05", 2),
        ("壹万元零伍角整", "10000.5", 1),
        ("叁仟伍佰元零贰分", "3500.02", 2),
        ("100.50元", "100.50", 2),
    ],
)
def test_jiao_and_fen_are_decimals_of_a_yuan(text: str, value: str, places: int) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.value, amount.currency, amount.decimal_places) == (Decimal(value), "CNY", places)


@pytest.mark.parametrize("text", ["三百万", "五万八", "1.5w", "30w", "一个亿", "(1,050.00)"])
def test_a_plain_number_is_an_amount_of_no_currency(text: str) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.denotes_one_amount, amount.currency, amount.currency_text) == (True, None, None)


@pytest.mark.parametrize(
    ("text", "written"),
    [("$5", "$"), ("￥500", "¥"), ("¥500", "¥"), ("20 kr", "kr"), ("5万比索", "比索"), ("5 dollars", "dollars")],
)
def test_a_shared_sign_proves_no_currency(text: str, written: str) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.denotes_one_amount, amount.currency, amount.currency_text) == (True, None, written)


def test_a_specific_currency_settles_a_shared_sign_or_yuan() -> None:
    assert parse_amount("USD $5") == Amount(Decimal(5), Decimal(5), "exact", "USD", "USD")
    assert parse_amount("¥500元") == Amount(Decimal(500), Decimal(500), "exact", "CNY", "元")
    assert parse_amount("JPY ¥500") == Amount(Decimal(500), Decimal(500), "exact", "JPY", "JPY")
    assert parse_amount("$500 EUR") is None


@pytest.mark.parametrize(
    ("text", "precision", "low", "high"),
    [
        ("30w上下", "approximate", "300000", "300000"),
        ("约4.287亿美元", "approximate", "428700000", "428700000"),
        ("将近5000元", "approximate", "5000", "5000"),
        ("近百万元", "approximate", "1000000", "1000000"),
        ("两千块左右人民币", "approximate", "2000", "2000"),
        ("3000多欧元", "approximate", "3000", "4000"),
        ("3000余元", "approximate", "3000", "4000"),
        ("大约十多欧元", "approximate", "10", "20"),
        ("十几万", "approximate", "100000", "200000"),
        ("五百来块", "approximate", "500", "600"),
        ("5块多", "approximate", "5", "5"),
        ("至少九千块钱以上", "at_least", "9000", None),
        ("超过3亿", "at_least", "300000000", None),
        ("逾千万美元", "at_least", "10000000", None),
        ("高于2万", "at_least", "20000", None),
        ("上百万", "at_least", "1000000", None),
        ("上千元", "at_least", "1000", None),
        ("5万元以上", "at_least", "50000", None),
        ("$100+", "at_least", "100", None),
        ("over 5,000.00 dollars", "at_least", "5000", None),
        ("不到1.9万台币", "at_most", None, "19000"),
        ("小于40万", "at_most", None, "400000"),
        ("不足5元", "at_most", None, "5"),
        ("不超过5000元", "at_most", None, "5000"),
        ("多达30万", "at_most", None, "300000"),
        ("50万以内", "at_most", None, "500000"),
        ("up to 500 USD", "at_most", None, "500"),
        ("从8500到3万港元", "range", "8500", "30000"),
        ("1万-5万元", "range", "10000", "50000"),
        ("6000-8000元", "range", "6000", "8000"),
        ("200~300万", "range", "2000000", "3000000"),
        ("十八至三十万日元", "range", "180000", "300000"),
        ("两到三仟澳元", "range", "2000", "3000"),
        ("介于100元和200元之间", "range", "100", "200"),
        ("三五百块", "range", "300", "500"),
        ("四五千块钱", "range", "4000", "5000"),
        ("一两百块", "range", "100", "200"),
        ("十七八块", "range", "17", "18"),
        ("三、四千元", "range", "3000", "4000"),
        ("$2-3 million", "range", "2000000", "3000000"),
        ("between $5 and $10", "range", "5", "10"),
        ("数十亿元人民币", "vague", "1000000000", "10000000000"),
        ("好几百", "vague", "100", "1000"),
        ("几十万", "vague", "100000", "1000000"),
        ("百万元", "vague", "1000000", None),
        ("若干万元", "vague", None, None),
        ("百八十块", "vague", None, None),
        ("一百几十万", "vague", None, None),
        ("几万到十几万", "vague", None, None),
        ("几块几毛", "vague", None, None),
        ("三四毛", "vague", None, None),
        ("12元5", "vague", None, None),
        ("五六七万", "vague", None, None),
        ("半个亿", "vague", None, None),
        ("1,23,4元", "vague", None, None),
    ],
)
def test_what_is_not_one_amount_is_told_as_such(text: str, precision: str, low: str | None, high: str | None) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.denotes_one_amount, amount.value) == (False, None)
    assert (amount.precision, amount.low, amount.high) == (precision, low and Decimal(low), high and Decimal(high))


@pytest.mark.parametrize("text", ["1,234", "$1,234", "€1.234", "5m", "(5)"])
def test_an_amount_with_two_readings_is_not_one_amount(text: str) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.precision, amount.ambiguous, amount.denotes_one_amount) == ("exact", True, False)


def test_a_given_decimal_sign_settles_the_reading() -> None:
    assert parse_amount("€1.234", decimal_sign=",") == Amount(Decimal(1234), Decimal(1234), "exact", "EUR", "€")
    assert parse_amount("$1,234", decimal_sign=".") == Amount(Decimal(1234), Decimal(1234), "exact", None, "$")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "元",
            "港元",
            "5kg",
            "5%",
            "5元/斤",
            "5分",
            "5000美元人民币",
            "十块八块",
            "TOP 10",
            "all 5",
            "近5年",
            "2024-01-05",
        ),
        *("九牛一毛", "(500元)", "10:30", "010-12345678", "plain prose about 5 things", "共计", "个", "多", "元元"),
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text) is None


@given(
    value=st.decimals(min_value=0, max_value=10**10, places=2),
    before=st.sampled_from(["US$", "USD ", "HK$", "人民币", "€"]),
)
def test_a_price_written_with_its_sign_is_read_back(value: Decimal, before: str) -> None:
    amount = parse_amount(f"{before}{value:,.2f}")
    assert amount is not None
    assert (amount.value, amount.decimal_places, amount.evidence) == (value, 2, ".")


@given(
    st.text(
        alphabet="零一二三五十百千万亿元块角毛分钱整约近上多几数半到至-~()$¥€ .,0123456789k港美人民币个", max_size=14
    )
)
def test_no_text_of_money_characters_makes_it_raise(text: str) -> None:
    amount = parse_amount(text)
    assert amount is None or not amount.denotes_one_amount or amount.low == amount.high


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    amount = parse_amount(text)
    assert amount is None or amount.value is None or amount.value.is_finite()


@pytest.mark.parametrize("text", ["0-0万", "0~0 million", "零到零亿"])
def test_a_range_from_nothing_to_nothing_is_no_amount(text: str) -> None:
    assert parse_amount(text) is None
