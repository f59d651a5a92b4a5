"""Encodings are found by what the bytes say, and nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InputError, UnreadableFile
from services.workbook.encodings import decode

CHINESE = "姓名,城市,电话\n张三,北京市朝阳区,13800138000\n李四,上海,\n"
NAMES = "姓名\n王喆\n李玥\n赵昕昊\n朱镕基\n"
TAIWANESE = "姓名,城市\n陳小明,臺北市信義區\n林淑芬,高雄\n"
JAPANESE = "名前,住所\n山田太郎,東京都千代田区\nさくら,カタカナ\n"
KOREAN = "이름,도시\n김철수,서울특별시\n박영희,부산광역시\n"
FRENCH = "nom,ville\nRené Müller,Besançon\nZoë,Montréal\n"
RUSSIAN = "имя,город\nИван Петров,Москва\nАнна,Санкт-Петербург\n"
POLISH = "imię,miasto\nŁukasz Żółw,Łódź\nStanisław,Gdańsk\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "gbk", "gb18030"),
        (NAMES, "gbk", "gb18030"),
        ("name,city\nsmith,北京\n", "gbk", "gb18030"),
        (CHINESE + "㐀\n", "gb18030", "gb18030"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-32-le", "utf-32-le"),
        (TAIWANESE, "big5", "big5"),
        (TAIWANESE, "gb18030", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (KOREAN, "cp949", "cp949"),
        (FRENCH, "cp1252", "cp1252"),
        ("price\n5 €\n", "cp1252", "cp1252"),
        ("name\nit’s “fine”\n", "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8_r"),
        (POLISH, "cp1250", "cp1250"),
        ("plain\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(text, written, found):
    assert decode(text.encode(written)) == (text, decode(text.encode(written))[1])
    assert decode(text.encode(written))[1].name.replace("-", "_") == found.replace("-", "_")


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(mark, name):
    text, encoding = decode(mark + "a,中\n".encode(name))
    assert (text, encoding.name, encoding.mark) == ("a,中\n", name, mark)


def test_a_person_may_name_the_encoding():
    data = "Stra\xdfe".encode("cp850")
    assert decode(data, "cp850")[0] == "Straße"
    assert decode(b"\xef\xbb\xbfa", "UTF8")[1].mark == b"\xef\xbb\xbf"


def test_a_name_that_is_no_encoding_is_said():
    with pytest.raises(InputError) as caught:
        decode(b"a", "klingon")
    assert (caught.value.code, caught.value.parameters) == ("unknown-encoding", {"encoding": "klingon"})


def test_damaged_utf8_names_the_line_and_the_byte_instead_of_becoming_another_text():
    data = (CHINESE * 20).encode() + b"bad,\xff\n" + CHINESE.encode()
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    assert caught.value.code == "broken-text"
    assert (caught.value.parameters["line"], caught.value.parameters["byte"]) == (61, "0xFF")


def test_a_wrong_wish_names_the_line_and_the_byte():
    with pytest.raises(UnreadableFile) as caught:
        decode("a\nb\nstraße\n".encode("cp1252"), "utf-8")
    assert caught.value.parameters == {"line": 3, "position": 9, "byte": "0xDF", "encoding": "utf-8"}


def test_a_stray_nul_is_no_text_and_not_taken_for_utf16():
    with pytest.raises(UnreadableFile) as caught:
        decode(b"a,b\n1,\0\n")
    assert (caught.value.code, caught.value.parameters) == ("not-text", {"line": 2})


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UnreadableFile) as caught:
        decode(b"ab\nc\x00\x01\x00\x02\xff\xff\x00" * 5)
    assert caught.value.code == "not-text"


@given(st.binary(max_size=60))
def test_whatever_decodes_encodes_to_the_same_bytes(data):
    try:
        text, encoding = decode(data)
    except UnreadableFile:
        return
    assert encoding.mark + text.encode(encoding.name) == data
    pieces = encoding.mark + b"".join(character.encode(encoding.name) for character in text)
    assert pieces == data
