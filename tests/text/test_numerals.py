"""Numbers in Western and Chinese notation: what is read, what is refused, what is left open."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.chinese_numerals import parse_chinese
from services.text.numerals import DecimalSign, Number, parse_number


def read(text: str, decimal_sign: DecimalSign | None = None) -> Decimal | None:
    number = parse_number(text, decimal_sign=decimal_sign)
    return number.value if number else None


@pytest.mark.parametrize(
    ("text", "value", "places", "evidence"),
    [
        ("42", "42", 0, None),
        ("-42.50", "-42.50", 2, "."),
        ("+5", "5", 0, None),
        (".5", "0.5", 1, "."),
        ("1,234,567.89", "1234567.89", 2, "."),
        ("1.234.567,89", "1234567.89", 2, ","),
        ("1 234 567,89", "1234567.89", 2, ","),
        ("1\u00a0234\u202f567,8", "1234567.8", 1, ","),
        ("1'234'567.80", "1234567.80", 2, "."),
        ("1’234", "1234", 0, None),
        ("12,34,567", "1234567", 0, "."),
        ("12,34,567.50", "1234567.50", 2, "."),
        ("1,234,567", "1234567", 0, "."),
        ("1.234.567", "1234567", 0, ","),
        ("1,5", "1.5", 1, ","),
        ("0,125", "0.125", 3, ","),
        ("1234.567", "1234.567", 3, "."),
        ("１２３．５", "123.5", 1, "."),
        ("(1,050.00)", "-1050.00", 2, "."),
        ("（1,050.00）", "-1050.00", 2, "."),
        ("1050-", "-1050", 0, None),
        ("\u22125", "-5", 0, None),
        ("- 1,050.00", "-1050.00", 2, "."),
        ("1.2e5", "120000", 0, "."),
        ("1E+10", "10000000000", 0, None),
        ("2.5E-3", "0.0025", 4, "."),
        ("3.5k", "3500", 1, "."),
        ("2.3 million", "2300000", 1, "."),
        ("1.2万", "12000", 1, "."),
        ("177.1 亿", "17710000000", 1, "."),
        ("4.287亿", "428700000", 3, None),
    ],
)
def test_a_number_is_read_with_its_places_and_the_sign_it_proves(
    text: str, value: str, places: int, evidence: str | None
) -> None:
    number = parse_number(text)
    assert number is not None
    assert (str(number.value), number.decimal_places, number.evidence) == (str(Decimal(value)), places, evidence)
    assert number.doubt is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("壹仟贰佰", 1200),
        ("六十四万零一百四十三", 640143),
        ("肆佰叁拾萬", 4300000),
        ("參億陸仟萬", 360000000),
        ("两千九", 2900),
        ("五万八", 58000),
        ("二百五", 250),
        ("一亿二", 120000000),
        ("一亿十万", 100100000),
        ("一千零五", 1005),
        ("一千零五十", 1050),
        ("一万五百", 10500),
        ("十万零五千", 105000),
        ("十二", 12),
        ("廿五", 25),
        ("卅", 30),
        ("3万5", 35000),
        ("3万5千", 35000),
        ("3万5000", 35000),
        ("1亿2千万", 120000000),
        ("1 亿 2000 万", 120000000),
        ("3千万亿", 3000000000000000),
        ("三千二百万亿", 3200000000000000),
        ("二〇二四", 2024),
        ("负三百", -300),
        ("零", 0),
    ],
)
def test_a_chinese_numeral_is_read(text: str, value: int) -> None:
    assert read(text) == value


def test_the_digits_after_dian_are_counted() -> None:
    assert parse_number("三点一四") == Number(Decimal("3.14"), decimal_places=2)
    assert parse_number("一点二亿") == Number(Decimal(120000000), decimal_places=1)
    assert parse_number("三万五千点五") == Number(Decimal("35000.5"), decimal_places=1)
    assert read("三万点五万") is None
    assert read("五万八点五") is None
    assert read("三点十四") is None
    assert read("3点5") is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "-", "()", "+-5", "(-5)", "-5-", "(5", "5)", "5.", "1,", ",5", "1..5", "1,,234", "1, 234"),
        *(
            "1,23,4",
            "12,3456",
            "1234,5678",
            "1,2345,678",
            "1.23.4",
            "1 23",
            "1  234",
            "0,123,456",
            "1,234.5.6",
            "1.234,567,8",
        ),
        *(
            "1,234 567",
            "12'34",
            "192.168.100.200",
            "2e5",
            "1e5",
            "1.5e999",
            "5kg",
            "5%",
            "$5",
            "12:30",
            "2024-01-05",
            "10-20",
        ),
        *(
            "百万",
            "三五",
            "百千",
            "一百零五十",
            "十两",
            "一万零一千",
            "一千万五",
            "一百二十万三",
            "一万万",
            "3万50",
            "1亿2000",
        ),
        *(
            "1.2亿3千万",
            "零五百",
            "五零百",
            "一二百",
            "一二三",
            "①",
            "1²",
            "½",
            "٣",
            "plain prose",
            "一个人",
            "007k",
            "1" * 29,
            "万" * 61,
        ),
    ],
)
def test_what_is_no_number_or_is_malformed_is_refused(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("1,234", "1234", "decimal_sign"),
        ("1.234", "1.234", "decimal_sign"),
        ("-1,234", "-1234", "decimal_sign"),
        ("1,234k", "1234000", "decimal_sign"),
        ("5m", "5000000", "multiplier"),
        ("30w", "300000", "multiplier"),
        ("5兆", "5000000000000", "multiplier"),
        ("(1)", "-1", "enumerator"),
    ],
)
def test_what_can_be_read_in_two_ways_is_marked(text: str, value: str, doubt: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.doubt, number.ambiguous, number.evidence) == (Decimal(value), doubt, True, None)


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        ("1,234", "1234", "1.234"),
        ("1.234", "1.234", "1234"),
        ("1,5", None, "1.5"),
        ("1.5", "1.5", None),
        ("1.234.567", None, "1234567"),
        ("1,234.50", "1234.50", None),
        ("12,3456", None, "12.3456"),
        ("12,34,567", "1234567", None),
        ("1 234", "1234", "1234"),
    ],
)
def test_a_given_decimal_sign_decides_or_refuses(text: str, with_point: str | None, with_comma: str | None) -> None:
    assert read(text, ".") == (Decimal(with_point) if with_point else None)
    assert read(text, ",") == (Decimal(with_comma) if with_comma else None)


def test_more_digits_than_a_cell_keeps_are_told() -> None:
    assert parse_number("123456789012345") == Number(Decimal(123456789012345))
    assert parse_number("1234567890123456") == Number(Decimal(1234567890123456), exact_in_double=False)
    assert parse_number("6222020000000000000") == Number(Decimal(6222020000000000000), exact_in_double=False)
    assert parse_number("0.1234567890123456") == Number(
        Decimal("0.1234567890123456"), decimal_places=16, evidence=".", exact_in_double=False
    )


def test_leading_zeros_are_told() -> None:
    assert parse_number("007") == Number(Decimal(7), leading_zeros=True)
    assert parse_number("〇〇七") == Number(Decimal(7), leading_zeros=True)
    assert parse_number("0.7") == Number(Decimal("0.7"), decimal_places=1, evidence=".")


numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)
NOTATIONS = {
    "point": (",", "."),
    "comma": (".", ","),
    "space": ("\u202f", ","),
    "apostrophe": ("'", "."),
    "ungrouped": ("", "."),
}


def written(value: Decimal, group: str, sign: str) -> str:
    return f"{value:,.2f}".translate({ord(","): group, ord("."): sign})


@pytest.mark.parametrize("notation", NOTATIONS)
@given(value=numbers)
def test_a_number_written_in_a_notation_is_read_back(notation: str, value: Decimal) -> None:
    group, sign = NOTATIONS[notation]
    number = parse_number(written(value, group, sign))
    assert number is not None
    assert (number.value, number.decimal_places, number.evidence) == (value, 2, sign)
    assert number.grouped == (bool(group) and abs(value) >= 1000)


@given(value=numbers)
def test_a_negative_is_read_back_from_parentheses_and_a_trailing_minus(value: Decimal) -> None:
    text = written(abs(value), ",", ".")
    assert read(f"({text})") == -abs(value)
    assert read(f"{text}-") == -abs(value)


@given(value=st.integers(min_value=0, max_value=10**16 - 1), financial=st.booleans())
def test_an_integer_written_in_chinese_is_read_back(value: int, financial: bool) -> None:
    text = chinese(value)
    if financial:
        text = text.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
    assert read(text) == value


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    for sign in (None, ".", ","):
        number = parse_number(text, decimal_sign=sign)  # type: ignore[arg-type]
        assert number is None or number.value.is_finite()


@given(st.text(alphabet="零〇一二三两十百千万亿兆点0123456789廿.,-() ek萬", max_size=12))
def test_no_text_of_numeral_characters_makes_it_raise(text: str) -> None:
    for read_text in (parse_number, parse_chinese):
        number = read_text(text)
        assert number is None or number.value.is_finite()


def chinese(value: int) -> str:
    """The ordinary Chinese numeral of an integer below 10^16, written as a schoolbook does."""
    if value == 0:
        return "零"
    text = ""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, value = divmod(value, size)
        if not part:
            continue
        if text and part < (10**7 if unit == "" and size == 10**8 else 1000):
            text += "零"
        text += (chinese(part) if part >= 10**4 else section(part)) + unit
        if unit == "亿" and value and value < 10**7 and value >= 10**4 and value // 10**4 >= 1000:
            text += "零"
    return text


def section(value: int) -> str:
    text, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, place)
        if digit:
            text += ("零" if gap and text else "") + "一二三四五六七八九"[digit - 1] + unit
            gap = False
        else:
            gap = True
    return text
