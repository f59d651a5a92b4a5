"""The administrative divisions of China as a table: present units, former names, and the short names people write.

Holds the data and the index from a written name to the units it may mean. Reading an address is in `addresses_zh`.

Sources: the division table that ships with python-stdnum (`stdnum/cn/loc.dat`: every code of GB/T 2260 since 1980 with
the years of its names), `data/region_supplement.tsv` (Hong Kong, Macao, Taiwan, corrections) and
`data/region_changes.tsv` (mergers).
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Level = Literal["province", "city", "county"]
Kind = Literal["full", "familiar", "former", "short", "letter"]

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Province codes of the four municipalities under the central government; their city is the province itself."""

PROVINCE_LETTERS = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23", "沪": "31",
    "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42", "湘": "43",
    "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "蜀": "51", "黔": "52", "贵": "52", "滇": "53",
    "云": "53", "藏": "54", "陕": "61", "秦": "61", "甘": "62", "陇": "62", "青": "63", "宁": "64", "新": "65",
    "台": "71", "港": "81", "澳": "82",
}  # fmt: skip
"""The one-character names of the provinces (as on number plates, and the older 蜀 秦 陇)."""

BY_NAMES = {"巴州": "652800", "博州": "652700", "克州": "653000", "锡盟": "152500", "阿盟": "152900", "版纳": "532800"}
"""Everyday names of prefectures that are no part of the full name; with their codes."""


@dataclass(frozen=True, slots=True)
class Region:
    """One present unit. `code`: six digits (GB/T 2260; ours below 71, 81, 82). `stem`: the name without its kind."""

    code: str
    name: str
    level: Level
    stem: str
    province: str
    city: str | None
    """Code of the city (prefecture level) above or of itself; None directly under a province, and for provinces."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written name may mean: a unit, and how the name stands for it. A 'former' name is no longer in use."""

    region: Region
    kind: Kind


@dataclass(frozen=True, slots=True)
class FormerPrefecture:
    """A dissolved prefecture without one successor (柳州地区): it proves the province and nothing else."""

    name: str
    province: str


@cache
def regions() -> dict[str, Region]:
    """Every present unit by code: 34 provinces, the cities, about 3,100 counties. Loaded at the first call, 0.15 s."""
    return {code: _region(code, name) for code, name in _present_names().items()}


@cache
def readings() -> dict[str, tuple[Reading, ...]]:
    """From a written name to what it may mean: full, familiar (长阳县), former and short names, one-letter names."""
    index: dict[str, dict[tuple[str, Kind], Reading]] = defaultdict(dict)

    def add(name: str, region: Region, kind: Kind) -> None:
        if len(name) >= 2 or kind == "letter":
            index[name].setdefault((region.code, kind), Reading(region, kind))

    for region in regions().values():
        add(region.name, region, "full")
        for name in _familiar_names(region):
            if name != region.name:
                add(name, region, "familiar")
        if region.stem != region.name:
            add(region.stem, region, "short")
    for letter, code in PROVINCE_LETTERS.items():
        add(letter, regions()[code + "0000"], "letter")
    for name, code in BY_NAMES.items():
        add(name, regions()[code], "short")
    for name, target in _former_units():
        add(name, target, "former")
        stem = stem_of(name)
        if (
            target.level == "city"
            and name.endswith("市")
            and not any(r.region.stem == stem for r in index[stem].values())
        ):
            add(stem, target, "former")
    return {name: _preferred(tuple(found.values())) for name, found in index.items()}


@cache
def former_prefectures() -> dict[str, tuple[FormerPrefecture, ...]]:
    """Dissolved prefectures by name, where no single present city took their place."""
    found: dict[str, list[FormerPrefecture]] = defaultdict(list)
    for old in _history():
        if old.end and old.level == "city" and old.name.endswith(("地区", "盟")) and old.name not in readings():
            found[old.name].append(FormerPrefecture(old.name, old.code[:2]))
    return {name: tuple(dict.fromkeys(units)) for name, units in found.items()}


@cache
def name_lengths() -> dict[str, tuple[int, ...]]:
    """For each first character, the lengths of the names that begin with it, longest first (prefectures included)."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in (*readings(), *former_prefectures()):
        lengths[name[0]].add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def stem_of(name: str) -> str:
    """A division's name without its kind and its nationalities: 恩施土家族苗族自治州 -> 恩施, 浦东新区 -> 浦东."""
    kind = _KIND.search(name)
    if kind is None:
        return name
    stem = name[: kind.start()]
    if kind.group().startswith("自治") or name in ("香港特别行政区", "澳门特别行政区"):
        while (shorter := _NATIONALITY.sub("", stem)) != stem and len(shorter) > 1:
            stem = shorter
    return stem or name


# Nationalities as they stand in the names of autonomous areas (GB/T 3304, shortened where the names shorten them).
_NATIONALITY = re.compile(
    "(?:维吾尔|哈萨克|柯尔克孜|塔吉克|蒙古族?|朝鲜族|土家族|布依族|哈尼族|傈僳族|拉祜族|纳西族|景颇族|布朗族|撒拉族|"
    "毛南族|仡佬族|锡伯族?|仫佬族|东乡族|保安族|鄂温克族|鄂伦春|达斡尔族|独龙族|普米族|阿昌族|德昂族|基诺族|裕固族|各族|"
    "回族?|藏族|苗族|彝族|壮族|侗族|瑶族|白族|傣族|黎族|佤族|土族|羌族|满族|怒族|水族|畲族)$"
)
_KIND = re.compile("(?:特别行政区|自治[区州县旗]|省|市|地区|盟|新区|矿区|林区|特区|[县区旗])$")
_UNDER_PROVINCE = "90"


def _region(code: str, name: str) -> Region:
    if code.endswith("0000"):
        return Region(code, name, "province", stem_of(name), code[:2], None)
    if code.endswith("00"):
        return Region(code, name, "city", stem_of(name), code[:2], code)
    city = (
        None if code[2:4] == _UNDER_PROVINCE else (code[:2] + "0100" if code[:2] in MUNICIPALITIES else code[:4] + "00")
    )
    return Region(code, name, "county", stem_of(name), code[:2], city)


def _familiar_names(region: Region) -> tuple[str, ...]:
    """Names that leave out nationalities but keep the kind, and the usual wrong kinds of autonomous regions."""
    stem = region.stem
    if region.level == "province":
        if region.name.endswith("自治区"):
            return (stem + "自治区", stem + "省")
        return (stem + "特区",) if region.name.endswith("特别行政区") else ()
    if region.name.endswith("自治州"):
        return (stem + "州", stem + "自治州")
    if region.name.endswith(("自治县", "自治旗")):
        return (stem + region.name[-1], stem + region.name[-3:])
    return ()


def _preferred(found: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """A former name counts only where no present unit of the same province bears that very name."""
    present = {r.region.province for r in found if r.kind in ("full", "familiar")}
    return tuple(r for r in found if r.kind != "former" or r.region.province not in present)


@dataclass(frozen=True, slots=True)
class _Named:
    """One name of one code, in use from year `start` to year `end`; 0 where the table begins or the name is in use."""

    code: str
    name: str
    start: int
    end: int

    @property
    def level(self) -> Level:
        return "city" if self.code.endswith("00") else "county"


_ENTRY = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[\]]+)")
_NOT_UNITS = re.compile("^(?:市辖区|市区|县|区|郊县|林区|.*直辖(?:县级)?行政单位)$")
_NO_PROOF = re.compile("^(?:.?郊区|.区|[东西南北]郊?区|城区|矿区|新城区|新区)$")
"""Former names borne by many districts at some time; they say nothing about which one is meant."""


@cache
def _history() -> tuple[_Named, ...]:
    """Every name any code ever had, read from python-stdnum's table."""
    out: list[_Named] = []
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or '="' not in line:
            continue
        code, _, rest = line.strip().partition(" ")
        names = rest.partition('="')[2].rstrip('"')
        if len(code) == 2:
            province = code
            out.append(_Named(code + "0000", names, 0, 0))
        elif code != "0000":
            for start, end, name in _ENTRY.findall(names):
                out.append(_Named(province + code, name, int(start or 0), int(end or 0)))
    return tuple(out)


@cache
def _present_names() -> dict[str, str]:
    names = {n.code: n.name for n in _history() if not n.end and not _NOT_UNITS.match(n.name)}
    names |= {code + "0100": names[code + "0000"] for code in MUNICIPALITIES}
    for code, name in _rows("region_supplement.tsv"):
        if name:
            names[code] = name
        else:
            names.pop(code, None)
    return names


def _former_units() -> list[tuple[str, Region]]:
    """Former names with the one present unit that took each one's place; without a sure successor they are left out."""
    stated = {(province, old): new for province, old, new in _rows("region_changes.tsv")}
    by_stem: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    by_code: dict[str, list[_Named]] = defaultdict(list)
    present_by_name: dict[tuple[str, str], list[Region]] = defaultdict(list)
    for named in _history():
        by_stem[named.code[:2], stem_of(named.name)].append(named)
        by_code[named.code].append(named)
    for region in regions().values():
        present_by_name[region.province, region.name].append(region)

    def successor(old: _Named, depth: int = 0) -> Region | None:
        if not old.end:
            return regions().get(old.code)
        province = old.code[:2]
        wanted = stated.get((province, old.name), old.name)
        same = [r for r in present_by_name[province, wanted] if r.level != "province"]
        if same:
            return same[0] if len(same) == 1 else None
        if depth > 6:
            return None
        heirs = [
            n
            for n in by_stem[province, stem_of(old.name)]
            if abs(n.start - old.end) <= 1 and n.start > old.start and n.name != old.name
        ]
        heirs = [n for n in heirs if n.level == old.level] or [
            n for n in by_code[old.code] if abs(n.start - old.end) <= 1 and n.start > old.start
        ]
        found = {r.code: r for r in (successor(n, depth + 1) for n in heirs) if r is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    out: dict[tuple[str, str], Region | None] = {}
    for named in _history():
        if named.end and not _NOT_UNITS.match(named.name) and not _NO_PROOF.match(named.name):
            target = successor(named)
            key = (named.name, named.code)
            out[key] = target
    return [(name, target) for (name, _), target in out.items() if target is not None and target.name != name] + [
        (old, r)
        for (province, old), new in stated.items()
        for r in present_by_name[province, new]
        if r.level != "province"
    ]


def _rows(file: str) -> list[list[str]]:
    text = files("services.text").joinpath("data", file).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
