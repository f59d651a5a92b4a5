"""Reading an amount of money: how much, how exactly, in which currency.

Lives here: number and currency in either order, 元角分, ranges with two ends, and putting hedges and shapes
together. Not here: plain numbers (numerals.py), currency spellings (currencies.py), hedges and vague shapes
(hedges.py), percent (percents.py).
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from services.text.chinese_numerals import NUMERAL_CHARACTERS, parse_scale, plain_numerals
from services.text.currencies import Currency, currency_after, currency_before, may_share
from services.text.hedges import Hedge, hedge_after, hedge_before, read_shape
from services.text.numerals import LONGEST_TEXT, DecimalSign, Number, parse_number
from services.text.widths import close_gaps, fold_width, has_chinese

Precision = Literal["exact", "approximate", "at_least", "at_most", "range", "vague"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money read from a text, in whole units of its currency.

    low, high: what it is at least and at most, None where the text does not say; equal for an exact or a merely
    approximate one. currency: ISO 4217, None where none is named or the spelling is shared ($, ¥); currency_text: as
    written, 元 for 角 and 分. decimal_places: digits shown after the sign, 1 for 角, 2 for 分. evidence: the decimal
    sign the text proves. ambiguous: the decimal sign, a bare 5m or an enumerator leaves another reading open.
    """

    low: Decimal | None
    high: Decimal | None
    precision: Precision
    currency: str | None = None
    currency_text: str | None = None
    decimal_places: int = 0
    evidence: DecimalSign | None = None
    ambiguous: bool = False
    exact_in_double: bool = True

    @property
    def denotes_one_amount(self) -> bool:
        """Whether the text means exactly one value and no other."""
        return self.precision == "exact" and not self.ambiguous

    @property
    def value(self) -> Decimal | None:
        """The value, where the text denotes one amount."""
        return self.low if self.denotes_one_amount else None


def parse_amount(text: str, *, decimal_sign: DecimalSign | None = None) -> Amount | None:
    """The amount that `text` is as a whole, with or without a currency; None where it is anything else. Never raises.

    Text with Chinese characters is read with the decimal point unless `decimal_sign` says otherwise, since every place
    that writes Chinese does. Two different currencies in one text are a contradiction, hence None. An amount whose
    number cannot be told (百八十块, 1,23,4元) is vague, with no bounds.
    """
    if len(text) > LONGEST_TEXT or not _MAY_BE_AMOUNT(text):
        return None
    text = close_gaps(fold_width(text))
    if _PLAIN(text):
        number = parse_number(text, decimal_sign=decimal_sign)
        return _exact(number, priced=False) if number else None
    sign = decimal_sign or ("." if has_chinese(text) else None)
    taken = _take_apart(text)
    if taken is None:
        return None
    amount = _read(taken.core, sign, hedged=bool(taken.hedges), priced=taken.currency is not None)
    if amount is None:
        return None
    currency = _agreed(
        taken.currency, Currency(amount.currency, amount.currency_text or "") if amount.currency_text else None
    )
    if currency is _CONTRADICTION:
        return None
    if taken.negative:
        amount = replace(amount, low=_negated(amount.high), high=_negated(amount.low))
    if currency is not None:
        amount = replace(amount, currency=currency.code, currency_text=currency.text)
    return _hedged(amount, taken.hedges)


@dataclass(frozen=True, slots=True)
class _Parts:
    core: str
    currency: Currency | None
    hedges: frozenset[Hedge]
    negative: bool


_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII).fullmatch
_CONTRADICTION = Currency(None, "", generic=True)
_MAY_BE_AMOUNT = re.compile(
    r"[\d零〇○一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟貳參叄陸萬億兩廿卅半几幾数數]"
).search
_CLOSING = re.compile(r"(?<=[元圆圓块塊角毛分])[整正]$|(?<=[拾佰仟萬万亿億壹贰叁肆伍陆柒捌玖貳參陸])[整正]$")
_DIGIT = r"[0-9零一二三四五六七八九两]"
_SMALL_MONEY = re.compile(
    r"(?:(?P<yuan>[^元圆圓块塊角毛分]+)[元圆圓块塊])?"
    rf"零?(?:(?P<jiao>{_DIGIT})[角毛](?P<bare>{_DIGIT})?)?零?(?:(?P<fen>{_DIGIT})分)?(?P<money>[钱錢])?"
)
_SMALL_SIGN = re.compile("[角毛分块塊半]").search
_AND_BARE = re.compile(
    r"(?P<yuan>[^元圆圓块塊角毛分]+)[块塊](?:(?P<jiao>[1-9一二三四五六七八九])|半)[钱錢]?|半[块塊元][钱錢]?"
)
_RANGE = re.compile(
    r"(?:从|從|由|自|from\s+|(?P<between>介于|介於|在|between\s+))?"
    r"(?P<low>.+?)\s*(?P<sign>到|至|—+|-+|~+|、|和|与|與|\bto\b|\band\b)\s*(?P<high>.+?)(?:之间|之間|间|間|不等)?",
    re.I,
)
_MORE_MONEY = re.compile(r"(?<=[元圆圓块塊])(?:多|来|余|餘|來|出头)(?:钱|錢|一点|点)?$")
# 三个亿 is 三亿.
_GE = re.compile("(?<=[0-9一二两三四五六七八九十])[个個](?=[十百千]?[万萬亿億]$)")
_NUMBERISH = rf"\d半几数{NUMERAL_CHARACTERS}"
_UNREADABLE = re.compile(rf"[.,' ~多余来到至{_NUMBERISH}]*[{_NUMBERISH}][.,' ~多余来到至{_NUMBERISH}]*")
# 几块几毛, 三四毛, 12元5.
_UNREADABLE_YUAN = re.compile(rf"(?=.*[{_NUMBERISH}])(?=.*[元块塊毛])[.多余来元块塊角毛分钱錢{_NUMBERISH}]+")
_PER_BIG = re.compile("[万亿兆]+$")


def _take_apart(text: str) -> _Parts | None:
    """Hedges, currencies and 整 off both ends, however nested; None where two currencies contradict each other."""
    currency: Currency | None = None
    hedges: set[Hedge] = set()
    negative = unit_taken = False
    while text:
        before = text
        if _priced_in_parentheses(text):
            text, negative = text[1:-1].strip(), True
        elif text[0] in "+-" and currency_before(text[1:].lstrip()):
            text, negative = text[1:].lstrip(), text[0] == "-"
        elif text[-1] in "多来余餘來头钱錢点" and (more := _MORE_MONEY.search(text)):
            text = text[: more.start()]
            hedges.add("approximate")
        elif first := hedge_before(text):
            hedges.add(first[0])
            text = first[1]
        elif last := hedge_after(text):
            hedges.add(last[0])
            text = last[1]
        elif (found := currency_before(text)) is None and _has_small_money(text):
            if unit_taken:
                # 十块八块 is no 10.8.
                return None
            break
        elif found := found or currency_after(text):
            currency = _agreed(currency, found[0])
            if currency is _CONTRADICTION:
                return None
            unit_taken = unit_taken or found[0].generic
            text = found[1]
        if text and text[-1] in "整正":
            text = _CLOSING.sub("", text)
        if text == before:
            break
    return _Parts(text, currency, frozenset(hedges), negative) if text else None


def _priced_in_parentheses(text: str) -> bool:
    """Whether `text` is ($5) or (5 USD), a negative; in Chinese （5元） is more likely an aside, so it is not."""
    if len(text) < 3 or text[0] != "(" or text[-1] != ")" or has_chinese(text):
        return False
    return currency_before(text[1:-1].strip()) is not None or currency_after(text[1:-1].strip()) is not None


def _has_small_money(text: str) -> bool:
    """Whether 角, 毛, 分, 块半 or 三块五 has to be read together with the 元 before it."""
    if not _SMALL_SIGN(text):
        return False
    plain = plain_numerals(text)
    small = _SMALL_MONEY.fullmatch(plain)
    return bool((small and (small["jiao"] or small["fen"])) or _AND_BARE.fullmatch(plain))


def _agreed(one: Currency | None, other: Currency | None) -> Currency | None:
    """What two mentions name together: the specific currency beside 元 or a shared sign, else the same one twice."""
    if one is None or other is None or one.code == other.code:
        return one or other
    if one.generic or other.generic:
        specific, unit = (other, one) if one.generic else (one, other)
        return unit if specific.text == "¥" else specific
    if one.code is None or other.code is None:
        shared, named = (one, other) if one.code is None else (other, one)
        return named if may_share(shared, named) else _CONTRADICTION
    return _CONTRADICTION


def _read(text: str, sign: DecimalSign | None, *, hedged: bool, priced: bool) -> Amount | None:
    number = parse_number(_GE.sub("", text), decimal_sign=sign)
    if number is not None:
        return _exact(number, priced=priced)
    amount = _small_money(plain_numerals(text)) or _range(text, sign)
    if amount is not None:
        return amount
    shape = read_shape(text)
    if shape is None:
        if _UNREADABLE_YUAN.fullmatch(text):
            return Amount(None, None, "vague", "CNY", "元")
        flagged = (priced or hedged) and _UNREADABLE.fullmatch(text)
        return Amount(None, None, "vague") if flagged else None
    precision, low, high = shape
    if hedged and parse_scale(text):
        # 上百万, 近千万: the hedge already says how vague it is.
        return Amount(low, low, "exact")
    return Amount(low, high, precision)


def _exact(number: Number, *, priced: bool) -> Amount:
    # A currency settles 5m and (5); in an amount 30w is 30万 and 兆 is 10^12 with or without one.
    bare = number.doubt == "enumerator" or (number.multiplier or "").lower() == "m"
    settled = number.doubt is None or (number.doubt != "decimal_sign" and (priced or not bare))
    return Amount(
        low=number.value,
        high=number.value,
        precision="exact",
        decimal_places=number.decimal_places,
        evidence=number.evidence,
        ambiguous=not settled,
        exact_in_double=number.exact_in_double,
    )


def _small_money(text: str) -> Amount | None:
    """六十元一角七分, 十块三毛, 八毛五, 五分钱, 三块五, 三块半, 半块."""
    match = _SMALL_MONEY.fullmatch(text)
    if match and (match["jiao"] or match["fen"]):
        if match["bare"] and match["fen"]:
            return None
        if not match["yuan"] and not match["jiao"] and not match["money"]:
            # 5分 by itself is as well five points or five minutes.
            return None
        fen = match["fen"] or match["bare"]
        return _yuan(match["yuan"], _digit(match["jiao"]) * 10 + _digit(fen), 2 if fen else 1)
    bare = _AND_BARE.fullmatch(text)
    if not bare:
        return None
    return _yuan(bare["yuan"], _digit(bare["jiao"]) * 10 if bare["jiao"] else 50, 1)


def _yuan(whole: str | None, fen: int, decimal_places: int) -> Amount | None:
    number = parse_number(whole, decimal_sign=".") if whole else Number(Decimal(0))
    if number is None or number.decimal_places or number.value < 0 or not number.exact_in_double:
        return None
    value = number.value + Decimal(fen) / 100
    return Amount(value, value, "exact", "CNY", "元", decimal_places, exact_in_double=number.exact_in_double)


def _digit(char: str | None) -> int:
    return (
        0 if not char else int(char) if char.isdigit() else "零一二三四五六七八九两".index(char) if char != "两" else 2
    )


def _range(text: str, sign: DecimalSign | None) -> Amount | None:
    """Two amounts with 到, 至, a dash, a tilde or "to" between them; the first may share the second's 万 or million."""
    match = _RANGE.fullmatch(text)
    if match is None or not _MAY_BE_AMOUNT(match["low"]) or not _MAY_BE_AMOUNT(match["high"]):
        return None
    low, high = _take_apart(match["low"]), _take_apart(match["high"])
    if low is None or high is None or low.negative or high.negative:
        return None
    currency = _agreed(low.currency, high.currency)
    first, second = parse_number(low.core, decimal_sign=sign), parse_number(high.core, decimal_sign=sign)
    if first is None or second is None or currency is _CONTRADICTION or first.leading_zeros or second.leading_zeros:
        return None
    if match["sign"] in ("和", "与", "與", "and") and not match["between"]:
        return None
    if match["sign"] == "、" and not (0 < first.value < 10):
        return None
    least = first.value * _taken_over(low.core, first, high.core, second)
    if not 0 <= least < second.value:
        return None
    return Amount(
        low=least,
        high=second.value,
        precision="range",
        currency=currency and currency.code,
        currency_text=currency and currency.text,
        decimal_places=max(first.decimal_places, second.decimal_places),
        evidence=first.evidence or second.evidence,
        ambiguous=first.doubt == "decimal_sign" or second.doubt == "decimal_sign",
        exact_in_double=first.exact_in_double and second.exact_in_double,
    )


def _taken_over(low: str, first: Number, high: str, second: Number) -> int:
    """The multiplier the first of a range shares: 200~300万, 2-3 million, 十八至三十万, 两到三千; not 8500到3万."""
    low, high = plain_numerals(low), plain_numerals(high)
    if first.multiplier or _PER_BIG.search(low):
        return 1
    if not second.value:
        return 1
    if second.multiplier:
        scale = int(second.value / (parse_number(high.removesuffix(second.multiplier).rstrip()) or second).value)
    elif big := _PER_BIG.search(high):
        scale = parse_scale(big[0]) or 1
    elif len(high) == 2 and len(low) == 1:
        scale = parse_scale("十万" if high[1] == "十" else high[1]) or 1
        scale = 10 if high[1] == "十" else scale
    else:
        return 1
    return scale if first.value * scale < second.value else 1


def _hedged(amount: Amount, hedges: frozenset[Hedge]) -> Amount:
    if not hedges:
        return amount
    if {"at_least", "at_most"} <= hedges:
        return replace(amount, low=None, high=None, precision="vague")
    if "at_least" in hedges:
        return replace(amount, high=None, precision="at_least")
    if "at_most" in hedges:
        return replace(amount, low=None, precision="at_most")
    return amount if amount.precision in ("range", "vague") else replace(amount, precision="approximate")


def _negated(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value
