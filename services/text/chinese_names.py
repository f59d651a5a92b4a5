"""Names in Chinese prose, so that two texts can be compared by them: firms by their endings, places, people by title.

There is no list of firms or people: a name is told by how it is written, so this only serves to compare two texts.
Names in Latin letters are in ``latin_names``; reading an address is in ``addresses_zh``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.text.regions_zh import Reading, name_lengths, readings
from services.text.widths import close_gaps, fold_width

_LEGAL = r"(?:股份|责任)?有限(?:责任)?公司"
_BODY = rf"{_LEGAL}|公司|集团|银行|医院|大学|学院|事务所|研究院|研究所|商行|工厂|厂"
_FIRM = re.compile(rf"([\u4e00-\u9fff()]{{2,24}}?)({_BODY})(?!长|房|家|商|牌|址)")
_NO_FIRM = re.compile(
    r"(?:[该本贵我某分总母各几两]|(?<!电)子|我们|你们|他们|您的|对方|其他|相关|所在|这[家个]|那[家个]|一家|多家|外资|国有|上市)$"
)
"""What stands before ``公司`` where no firm is named."""
_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLED = re.compile(
    rf"([{_SURNAME}])[\u4e00-\u9fff]{{0,2}}?(?:先生|女士|小姐|太太|经理|总监|主任|主管|老师|师傅|会计|工程师|部长|医生|律师)"
)
_GENERAL = 2
"""Characters beside its ending by which a firm is known again in another text."""


def chinese_names_missing(text: str, among: str) -> list[str]:
    """The names of ``text`` that ``among`` does not hold, each once, in the order firms, places, people.

    A shorter form of a name is found in a longer one, and so is the province or city that a place there lies in.
    """
    text, there = _plain(text), _plain(among)
    missing = [*_firms_missing(text, there), *_places_missing(text, there)]
    missing += [found[0] for found in _TITLED.finditer(text) if found[1] not in there]
    return list(dict.fromkeys(missing))


def _plain(text: str) -> str:
    return close_gaps(fold_width(text))


def _firms_missing(text: str, there: str) -> Iterator[str]:
    """A firm is found where its name, or the part that is its own, stands in the other text."""
    for found in _FIRM.finditer(text):
        stem, ending = found[1], found[2]
        if "有限" not in ending and _NO_FIRM.search(stem):
            continue
        own = 2 * _GENERAL if "有限" in ending else _GENERAL
        known = stem[-own:]
        if known in there or ("有限" not in ending and _begins_the_name_of_one(stem, there)):
            continue
        yield found[0][-(own + len(ending)) :]


def _begins_the_name_of_one(stem: str, there: str) -> bool:
    """Whether the words before ``公司`` begin a longer name: 华强公司 for 华强电子有限公司."""
    return any(stem[-_GENERAL:] in found[1] for found in _FIRM.finditer(there))


def _places_missing(text: str, there: str) -> Iterator[str]:
    said = list(_places(text))
    if not said:
        return
    known = [reading for _, found in _places(there) for reading in found]
    for name, found in said:
        if name not in there and not any(_lies_in(inner, outer) for outer in found for inner in known):
            yield name


def _lies_in(inner: Reading, outer: Reading) -> bool:
    """Whether one place is the other, or lies in it."""
    region = outer.region
    if region.level == "province":
        return inner.region.province == region.province
    return region.code in (inner.region.code, inner.region.city)


def _places(text: str) -> Iterator[tuple[str, tuple[Reading, ...]]]:
    """The places that a text names in full, and provinces and cities without their kind; the longest name first."""
    lengths, known = name_lengths(), readings()
    start = 0
    while start < len(text):
        for length in lengths.get(text[start], ()):
            name = text[start : start + length]
            found = tuple(one for one in known.get(name, ()) if _is_meant(name, one))
            if found:
                yield name, found
                start += length
                break
        else:
            start += 1


def _is_meant(name: str, reading: Reading) -> bool:
    if reading.kind in ("full", "familiar"):
        return len(name) > 2
    return reading.kind == "short" and reading.region.level != "county" and len(name) > 1
