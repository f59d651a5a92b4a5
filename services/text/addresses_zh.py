"""Chinese addresses: province, city, county and the rest, as far as the text proves them.

Reads the divisions at the beginning of a text, in falling order, by full, familiar, former and short names. Where two
readings are equally good, only what they share is given; nothing is guessed from streets, villages or sights. The table
is `regions_zh`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from services.text.regions_zh import (
    MUNICIPALITIES,
    Level,
    Reading,
    Region,
    former_prefectures,
    name_lengths,
    readings,
    regions,
)

MAX_LENGTH = 300
"""Longer texts are prose, not an address, and are not read."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name in the text that is no longer in use, and the unit's present name.

    `present` is None for a dissolved prefecture that no single city took the place of (柳州地区).
    """

    former: str
    present: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address under their present full names; None where the text doesn't prove a part.

    `detail` is the rest of the text, unchanged. `completed` names the parts that were not written but follow from the
    others. `uncertain` names parts that the text mentions but that fit more than one unit, or that contradict the part
    above. Municipalities are their own city; units directly under a province (仙桃市, 屏东县) have no city.
    """

    province: str | None
    city: str | None
    county: str | None
    detail: str
    completed: tuple[Level, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    uncertain: tuple[Level, ...] = ()

    @property
    def full(self) -> str:
        """The address in one piece, each division once."""
        city = self.city if self.city not in (self.province, "香港", "澳门") else None
        return "".join(part for part in (self.province, city, self.county, self.detail) if part)


def parse_address(text: str) -> Address | None:
    """The divisions at the beginning of `text`, or None where it does not begin with one. Never raises."""
    if len(text) > MAX_LENGTH or not _HAN.search(text):
        return None
    start = _LEAD_IN.match(text).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    ways = list(_ways(text, start, None, ()))
    ways = [way for way in ways if _stands_alone(text, way)]
    if not ways:
        return None
    best = max(_merit(way) for way in ways)
    ways = [way for way in ways if _merit(way) == best]
    lasts = {way[-1].region.code: way for way in ways}
    if len(lasts) > 1:
        lasts = _highest_short(lasts) or lasts
    if len(lasts) > 1:
        return _shared(text, list(lasts.values()))
    return _address(text, next(iter(lasts.values())))


@dataclass(frozen=True, slots=True)
class _Step:
    """One division read at text[start:end]; a dissolved `prefecture` proves no more than its province."""

    reading: Reading
    start: int
    end: int
    prefecture: bool = False

    @property
    def region(self) -> Region:
        return self.reading.region


_Way = tuple[_Step, ...]

_HAN = re.compile("[\u4e00-\u9fff]")
_LEAD_IN = re.compile(
    r"(?:(?:详细|联系|收货|通讯|注册|办公|家庭)?地址[:：]?|[\s\"“(（\[【]+|中华人民共和国|中国(?=.*[省市区州县盟旗]|\S{2,3}))*"
)
# Between two divisions: separators, and words of the statistical tables that name no unit (市辖区, 省直辖县级行政单位).
_BETWEEN = re.compile(
    r"[\s,，、/|·.>)）\]】-]*"
    r"(?:市辖区(?=.)|(?:省|自治区)直辖县级行政(?:单位|区划)|县(?=[^城镇市]\S*县)|(?:香港岛|港岛|九龙|新界)(?=\S{1,3}区))?"
    r"[\s,，、/|·.>-]*"
)
_DETAIL_LEAD = re.compile(r"[\s,，、/|·>)）\]】-]*")
# What makes the name before it a part of another name: a street (重庆路, 香港中路), a sight, an institution (朝阳公园).
_OTHER_NAME = re.compile(
    "[东西南北中上下前后一二三四五六七八九十环内外大新老小]{0,3}(?:路|街|道|大街|大道|巷|弄|胡同)|"
    "国际机场|机场|火车|高铁|广场|公园|大学|学院|中学|小学|医院|大厦|酒店|饭店|宾馆|银行|"
    "桥|站|门|山(?!东|西)|湖(?!北|南)|湾|河(?!北|南)|江(?!苏|西)|海(?!南)|岛|镇|乡|村|寨|屯|街道|社区|小区|花园|花苑|家园|"
    "公司|集团|商店|面馆|菜|话|人|方言|日报|晚报|商会|同乡"
)
# Districts named after a lake, a tower or a bridge: the bare name more often means the sight (杭州西湖, 西安雁塔).
_SIGHT = ("湖", "楼", "塔", "桥")
# A short name with one of these behind it is some other unit's full name, which the table doesn't know.
_KIND_CHARACTERS = ("县", "区", "旗", "州", "盟")
# City names that are also ordinary words: alone they prove nothing, with a division before or after them they do.
_ORDINARY_WORDS = frozenset(
    (
        "东方",
        "中山",
        "大同",
        "安康",
        "白山",
        "黄山",
        "天水",
        "白银",
        "朝阳",
        "吉安",
        "平凉",
        "保山",
        "来宾",
        "兴安",
        "和平",
        "平安",
    )
)
_SETTLEMENT = re.compile(r"\S{1,6}?(?:镇|乡|街道|经济开发区|开发区|高新区|村|社区)|\s*$")
_QUALITY = {"full": 5, "familiar": 4, "former": 3, "short": 2, "letter": 1}
_LEVELS: tuple[Level, ...] = ("province", "city", "county")
# Provinces of one city, which is named with the province: the municipalities, Hong Kong, Macao.
_ONE_CITY = MUNICIPALITIES | {"81", "82"}
_RANK = {level: rank for rank, level in enumerate(_LEVELS)}


def _ways(text: str, position: int, above: _Step | None, way: _Way) -> Iterator[_Way]:
    """Every falling sequence of divisions that can be read from `position` on below `above`, long and short."""
    if way:
        yield way
    begin = _BETWEEN.match(text, position).end() if way else position  # type: ignore[union-attr]
    for step in _steps(text, begin, above):
        yield from _ways(text, step.end, step, (*way, step))


def _steps(text: str, start: int, above: _Step | None) -> Iterator[_Step]:
    index = readings()
    for length in name_lengths().get(text[start : start + 1], ()):
        end = start + length
        name = text[start:end]
        if len(name) < length:
            continue
        for reading in index.get(name, ()):
            if _below(reading, above) and _readable(reading, text, end, above):
                yield _Step(reading, start, end)
        for former in former_prefectures().get(name, ()):
            if above is None or above.region.code == former.province + "0000":
                yield _Step(Reading(regions()[former.province + "0000"], "former"), start, end, prefecture=True)


def _below(reading: Reading, above: _Step | None) -> bool:
    """Whether a division lies in the one above; a former part of that very unit counts too (莱芜市莱城区)."""
    if above is None:
        return True
    region, upper = reading.region, above.region
    if region.code == upper.code:
        return reading.kind == "former" and region.level == "county"
    if upper.level == "province":
        return region.province == upper.province and region.level != "province"
    return upper.level == "city" and region.level == "county" and region.city == upper.code


def _readable(reading: Reading, text: str, end: int, above: _Step | None) -> bool:
    """Whether a name may be read as that unit here: full names always, short ones only where nothing else is likely."""
    region, kind = reading.region, reading.kind
    if kind == "letter":
        return above is None
    if kind in ("full", "familiar") and region.name not in ("香港", "澳门"):
        return True
    if kind == "former" and text[end - 1] in "市县区州盟旗":
        return True
    if text[end : end + 1] in _KIND_CHARACTERS or (
        _OTHER_NAME.match(text, end) and not _part_follows(region, text, end)
    ):
        return False
    if region.level != "county":
        return True
    if above is None:
        return region.name.endswith("市") and bool(_SETTLEMENT.match(text, end)) and _only_unit(region)
    if above.region.level == "province":
        return not region.name.endswith("区") and _only_unit(region, region.province)
    return region.stem != above.region.stem and not (region.name.endswith("区") and region.stem.endswith(_SIGHT))


def _part_follows(region: Region, text: str, position: int) -> bool:
    """Whether the full name of a division inside `region`, or of itself, comes next (杭州 + 西湖区, 上海 + 上海市)."""
    inside = _Step(Reading(region, "full"), position, position)
    for length in name_lengths().get(text[position : position + 1], ()):
        for reading in readings().get(text[position : position + length], ()):
            if reading.kind in ("full", "familiar") and _below(reading, inside):
                return True
    return False


def _only_unit(region: Region, province: str | None = None) -> bool:
    """Whether no other unit (of the province) has this short name."""
    same = {r.region.code for r in readings().get(region.stem, ()) if province in (None, r.region.province)}
    return same == {region.code}


def _stands_alone(text: str, way: _Way) -> bool:
    """Whether a way's first name is proof enough: letters and ordinary words need a full name after them."""
    first = way[0]
    name = text[first.start : first.end]
    if first.reading.kind == "letter":
        return len(way) > 1
    if first.reading.kind == "short" and name in _ORDINARY_WORDS:
        return len(way) > 1 and way[1].reading.kind in ("full", "familiar", "former")
    return True


def _merit(way: _Way) -> tuple[int, int, int]:
    """More text read as divisions is better, then the more exact kinds of name, then fewer steps."""
    return sum(s.end - s.start for s in way), sum(_QUALITY[s.reading.kind] for s in way) // len(way), -len(way)


def _highest_short(lasts: dict[str, _Way]) -> dict[str, _Way]:
    """A short name for a province and its city (吉林), or a city and its county (恩施), means the higher one."""
    if any(way[-1].reading.kind != "short" for way in lasts.values()):
        return {}
    ranks = {code: _RANK[way[-1].region.level] for code, way in lasts.items()}
    top = [code for code, rank in ranks.items() if rank == min(ranks.values())]
    return {top[0]: lasts[top[0]]} if len(top) == 1 else {}


def _names(way: _Way) -> tuple[str | None, str | None, str | None]:
    """Province, city and county that a way proves, under their present names."""
    last = way[-1].region
    if len(way) > 1 and way[-1].prefecture:
        last = way[-2].region
    province = regions()[last.province + "0000"].name
    city_code = last.city
    if last.level == "province" and last.province in _ONE_CITY:
        city_code = last.province + "0100"
    city = regions()[city_code].name if city_code else None
    return province, city, last.name if last.level == "county" else None


def _address(text: str, way: _Way) -> Address:
    province, city, county = _names(way)
    written = {step.region.level for step in way if not step.prefecture}
    parts = dict(zip(_LEVELS, (province, city, county), strict=True))
    end = way[-1].end
    if text[end - 1 : end + 1] == "市区":  # 长沙市区五一路: in town, not a district
        end -= 1
    detail = text[_DETAIL_LEAD.match(text, end).end() :]  # type: ignore[union-attr]
    return Address(
        province,
        city,
        county,
        detail,
        completed=tuple(level for level, name in parts.items() if name and level not in written),
        former_names=_former(text, way),
        uncertain=_contradicted(detail, way),
    )


def _former(text: str, way: _Way) -> tuple[FormerName, ...]:
    out = []
    for step in way:
        if step.prefecture:
            out.append(FormerName(text[step.start : step.end], None))
        elif step.reading.kind == "former":
            out.append(FormerName(text[step.start : step.end], step.region.name))
    return tuple(out)


def _contradicted(detail: str, way: _Way) -> tuple[Level, ...]:
    """Levels below the last division that the rest names in full, though no such unit lies there (广东省 + 长沙市)."""
    last = way[-1].region
    if way[-1].prefecture:
        return ("city",)
    if last.level == "county" or (last.province == "71" and last.level != "province"):
        return ()
    for length in name_lengths().get(detail[:1], ()):
        for reading in readings().get(detail[:length], ()):
            if reading.kind in ("full", "former") and reading.region.level != "province":
                found = reading.region.level
                return tuple(level for level in ("city", "county") if _RANK[last.level] < _RANK[level] <= _RANK[found])
    return ()


def _shared(text: str, ways: list[_Way]) -> Address | None:
    """What several equally good ways have in common."""
    columns = list(zip(*(_names(way) for way in ways), strict=True))
    agreed = [names[0] if len(set(names)) == 1 else None for names in columns]
    if not any(agreed):
        return None
    uncertain = tuple(level for level, names in zip(_LEVELS, columns, strict=True) if len(set(names)) > 1)
    common = list(takewhile(lambda pair: len({s.region.code for s in pair}) == 1, zip(*ways, strict=False)))
    end = ways[0][-1].end if agreed[2] else (common[-1][0].end if common else ways[0][0].start)
    detail = text[_DETAIL_LEAD.match(text, end).end() :]  # type: ignore[union-attr]
    written = {step.region.level for step in ways[0]}
    return Address(
        agreed[0],
        agreed[1],
        agreed[2],
        detail,
        completed=tuple(level for level, name in zip(_LEVELS, agreed, strict=True) if name and level not in written),
        uncertain=uncertain,
    )
