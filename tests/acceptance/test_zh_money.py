"""Chinese amounts as people write them: what denotes one amount is read right, all the rest is flagged."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.text.amounts import parse_amount

# The source's names of currencies. It calls an amount that names none 元; Deskhand does not guess one.
CODES = {
    "元": "CNY",
    "港元": "HKD",
    "美元": "USD",
    "日元": "JPY",
    "新台币": "TWD",
    "欧元": "EUR",
    "澳元": "AUD",
    "泰铢": "THB",
} | {
    **{"英镑": "GBP", "加元": "CAD", "韩元": "KRW", "卢布": "RUB", "越南盾": "VND", "澳门元": "MOP", "瑞典克朗": "SEK"},
    **{"新加坡元": "SGD", "印度卢比": "INR", "新西兰元": "NZD", "瑞士法郎": "CHF", "墨西哥比索": "MXN", "比索": None},
}
NAMES_NO_CURRENCY = re.compile(r"[-\d.,\swWkK零一二三四五六七八九十百千万亿两兆壹贰叁肆伍陆柒捌玖拾佰仟萬億个]+")


def expected_currency(line: dict[str, Any]) -> str | None:
    if line["expected"]["case"] == "元" and NAMES_NO_CURRENCY.fullmatch(line["input"]):
        return None
    return CODES[line["expected"]["case"]]


def test_amounts_are_read_and_blurred_ones_are_flagged(samples: Path) -> None:
    lines = [json.loads(line) for line in (samples / "transform/zh_money_open.jsonl").read_text("utf-8").splitlines()]
    right, wrong, taken_for_exact = [], [], []
    for line in lines:
        amount = parse_amount(line["input"])
        one = amount is not None and amount.denotes_one_amount
        if line["expected"]["definition"] != "accurate":
            taken_for_exact += [line["input"]] if one else []
        elif one:
            assert amount is not None
            same = amount.value == Decimal(line["expected"]["num"]) and amount.currency == expected_currency(line)
            (right if same else wrong).append(line["input"])
    exact = sum(line["expected"]["definition"] == "accurate" for line in lines)
    assert exact >= 10, "the sample holds too few exact amounts to tell anything"
    assert (wrong, taken_for_exact) == ([], [])
    assert len(right) / exact >= 0.95


def test_the_bounds_of_a_blurred_amount_are_those_a_reader_gives(samples: Path) -> None:
    lines = [json.loads(line) for line in (samples / "transform/zh_money_open.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        bounds = line["expected"]["num"]
        if isinstance(bounds, list):
            amount = parse_amount(line["input"])
            assert amount is not None
            assert [amount.low, amount.high] == [Decimal(bound) for bound in bounds], line["input"]
