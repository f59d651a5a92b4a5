"""tidy: each repair by name, what must stay, and that tidying twice is tidying once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.tidy import OPERATIONS, case_form, is_plain, tidy, to_case


@pytest.mark.parametrize(
    ("text", "expected", "operations"),
    [
        ("  Boston ", "Boston", ("trim",)),
        ("\u3000北京\u00a0", "北京", ("odd-space", "trim")),
        ("New  York", "New York", ("inner-space",)),
        ("a\u200bb", "ab", ("zero-width",)),
        ("\ufeffName", "Name", ("zero-width",)),
        ("\u202a13800138000\u202c", "13800138000", ("zero-width",)),
        ("co\u00adoperate", "cooperate", ("zero-width",)),
        ("a\x00b\x07", "ab", ("control",)),
        ("line one\r\nline two", "line one\nline two", ("control",)),
        ("ＡＢＣ１２３", "ABC123", ("full-width",)),
        ("ＵＳＤ：１０．５", "USD:10.5", ("full-width",)),
        ("北京市，Ａ座１２０３", "北京市，A座1203", ("full-width",)),
        ("共１２．５元", "共12.5元", ("full-width",)),
        ("CafÃ©", "Café", ("mojibake",)),
        ("MÃœLLER", "MÜLLER", ("mojibake",)),
        ("Itâ€™s", "It’s", ("mojibake",)),
        ("ä¸\xadå›½", "中国", ("mojibake",)),
        ("ÖÐ¹ú", "中国", ("mojibake",)),
        ("±±¾©ÊÐ", "北京市", ("mojibake",)),
        ("'00123", "00123", ("apostrophe-prefix",)),
        ('"Boston"', "Boston", ("quotes",)),
        ('"a ""b"" c"', 'a "b" c', ("quotes",)),
        ("O''Brien", "O'Brien", ("quotes",)),
        ('" Boston "', "Boston", ("trim", "quotes")),
    ],
)
def test_a_damaged_value_is_repaired_and_the_repair_is_named(
    text: str, expected: str, operations: tuple[str, ...]
) -> None:
    result = tidy(text)
    assert result.text == expected
    assert sorted(result.operations) == sorted(operations)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Boston",
        "北京市，朝阳区：建国路。",
        "A，B两种方案",
        "line one\nline two",
        "naïve café",
        "ÅÄÖÅÄÖ",
        "Ångström ÄÖÜ",
        "'98",
        "'90s",
        "'Til tomorrow",
        "5'10\"",
        '"a" and "b"',
        "“quoted”",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "نمی\u200cخواهم",
        "=SUM(A1)",
        "''",
    ],
)
def test_a_value_that_is_meant_as_it_stands_stays(text: str) -> None:
    assert tidy(text) == (text, ())


def test_only_the_operations_asked_for_are_applied() -> None:
    assert tidy(" a  b ", ("trim",)) == ("a  b", ("trim",))


def test_bytes_that_are_sound_in_two_encodings_stay() -> None:
    damaged = "茅台".encode("gb2312").decode("latin-1")
    assert tidy(damaged, ("mojibake",)) == (damaged, ())
    assert tidy("rÃ©sumÃ©") == ("résumé", ("mojibake",))


def test_utf8_read_wrongly_twice_is_read_back() -> None:
    twice = "Café".encode().decode("latin-1").encode().decode("latin-1")
    assert tidy(twice) == ("Café", ("mojibake",))


@given(st.text())
def test_tidying_never_raises_and_tidying_twice_is_tidying_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once.text) == (once.text, ())
    assert bool(once.operations) == (once.text != text)


@given(st.text(alphabet="aB1 \u00a0\u3000\t\n\r'\"，：Ａ１．\u200b\u200d\x00中é\u2028"))
def test_tidying_only_removes_narrows_or_replaces_white_space(text: str) -> None:
    narrow = {0xFF21: "A", 0xFF11: "1", 0xFF0E: ".", 0xFF0C: ",", 0xFF1A: ":"}
    available = text.translate(narrow) + text
    result = tidy(text, set(OPERATIONS) - {"mojibake"}).text
    assert all(c in available or c in " \n" for c in result)
    assert len(result) <= len(text)


@given(st.text())
def test_what_is_plain_needs_nothing(text: str) -> None:
    if is_plain(text):
        assert tidy(text) == (text, ())
        assert text == text.strip()


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5, codec="gb2312"), min_size=2))
def test_chinese_saved_in_gb2312_and_read_as_latin_comes_back_or_stays(text: str) -> None:
    damaged = text.encode("gb2312").decode("latin-1")
    assert tidy(damaged, ("mojibake",)).text in (text, damaged)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("BOSTON", "upper"),
        ("boston", "lower"),
        ("Boston", "title"),
        ("Bank of America", "title"),
        ("O'Brien", "title"),
        ("Red apple", "capitalised"),
        ("iPhone", "mixed"),
        ("123", "none"),
        ("北京", "none"),
    ],
)
def test_the_case_of_a_value_is_named(text: str, form: str) -> None:
    assert case_form(text) == form


def test_title_case_keeps_small_words_numerals_codes_and_acronyms() -> None:
    assert to_case("BANK OF AMERICA", "title") == "Bank of America"
    assert to_case("JOHN O'BRIEN III", "title") == "John O'Brien III"
    assert to_case("IBM DEUTSCHLAND", "title", acronyms=["IBM"]) == "IBM Deutschland"
    assert to_case("usa office of IBM", "title") == "Usa Office of IBM"
    assert to_case("THE 3RD B2B SHOP", "title") == "The 3rd B2B Shop"
    assert to_case("WOMEN'S WEAR", "title") == "Women's Wear"
    assert to_case("RED APPLE", "capitalised") == "Red apple"
