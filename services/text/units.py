"""Reading a number with its unit: ``12.0 oz.``, ``3.2公斤``, ``5 GB``, ``16.0 oz. Alumi-Tek``, ``379 user``.

Lives here: the table of units (data/units.tsv), splitting a text into number, unit and rest, and conversion.
Not here: money (amounts.py), percent (percents.py), times and dates; measures with hedges or ranges are None.

The table is our own: pint 0.25 takes 0.7 s to load, knows no Chinese spelling nor OZ or Ounces, and reads fl. oz
as femtolitre times ounce; quantulum3 guesses among units, and a cell needs a proof.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from services.text.numerals import LONGEST_TEXT, DecimalSign, Number, parse_number
from services.text.widths import close_gaps, fold_width


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. factor: how many base units of its dimension it is, None where no exact one exists."""

    symbol: str
    dimension: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with a unit.

    unit: the canonical symbol, None where the word is not in the table; unit_text: as written, less a closing period;
    rest: what follows the unit, empty for a whole measure.
    """

    number: Number
    unit: str | None
    unit_text: str
    rest: str = ""


LONGEST_MEASURE = 200
"""Characters; a longer text is prose that begins with a number."""


def parse_measure(text: str, *, decimal_sign: DecimalSign | None = None) -> Measure | None:
    """The measure at the start of `text`, or None where no number with a unit word stands there. Never raises.

    A word that is no known unit counts only if it ends the text and is not fused with the number (379 user, not 3D or
    7th) and is no part of a date (5月).
    """
    if len(text) > LONGEST_MEASURE or not _BEGINS(text):
        return None
    text = close_gaps(fold_width(text))
    match = _NUMBER.match(text) or _CHINESE_NUMBER.match(text)
    if match is None:
        return None
    number = parse_number(match["number"], decimal_sign=decimal_sign) if len(match["number"]) <= LONGEST_TEXT else None
    if number is None:
        return None
    after = text[match.end() :]
    return _known(number, after.lstrip(" -")) or _unknown(number, after)


def find_unit(spelling: str) -> Unit | None:
    """The unit that `spelling` names (``OZ``, ``公斤``, ``sq. ft.``), or None."""
    spelling = fold_width(spelling)
    length = _unit_length(spelling.removesuffix("."))
    return _lookup(spelling[:length]) if length and spelling[length:] in ("", ".") else None


def convert(value: Decimal, source: Unit, target: Unit) -> Decimal | None:
    """Return `value` of `source` in `target`; None where the dimensions differ or a unit has no exact factor."""
    if source.dimension != target.dimension or source.factor is None or target.factor is None:
        return None
    return value * source.factor / target.factor


_BEGINS = re.compile(r"\s*[-+.(]?\s*[\d零〇一二三四五六七八九十百千万两半壹贰叁肆伍陆柒捌玖拾佰仟]").match
_HAN = "零〇一二三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅"
_NUMBER = re.compile(
    r"(?P<number>[-+]?(?:\d|\.\d)(?:[\d.,' ]*\d)?"
    r"(?:\s*(?:thousand|million|billion|trillion)\b|[十百千]?[万萬亿億](?![\d一二三四五六七八九]))?)",
    re.ASCII | re.IGNORECASE,
)
# 两 is a digit before something to count and a unit of mass behind a number.
_CHINESE_NUMBER = re.compile(rf"(?P<number>两(?=\S)[{_HAN}]*|[{_HAN}]+(?:两[千百万亿][{_HAN}]*)?)")
_WORD = re.compile(r"[^\W\d_][^\W\d_./'-]*")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_CALENDAR = frozenset("年月日号號点點时時")
# A prefix or a unit that only the case tells, and people do not keep to it: mega or milli, bit or byte, cal or kcal.
_UNTOLD = frozenset({"Mb", "Gb", "Kb", "Tb", "mw", "mW", "mpa", "mPa", "NM", "Cal", "Cals"})


def _known(number: Number, after: str) -> Measure | None:
    length = _unit_length(after)
    unit = _lookup(after[:length]) if length else None
    if unit is None:
        return None
    rest = after[length:].removeprefix(".").strip()
    if after[:length] == "in" and rest and after[length] != ".":
        # 5 in stock.
        return None
    return Measure(number, unit.symbol, after[:length], rest)


def _unknown(number: Number, after: str) -> Measure | None:
    word = after.strip().removesuffix(".")
    if not _WORD.fullmatch(word) or word.lower() in _ORDINAL or not _CALENDAR.isdisjoint(word):
        return None
    if any(map(str.isnumeric, word)):  # a half in 119½ belongs to the number
        return None
    if word.isascii():
        shortest = 2 if after[0] == " " else 3
        return Measure(number, None, word) if len(word) >= shortest else None
    return Measure(number, None, word) if len(word) <= 2 else None


def _unit_length(text: str) -> int:
    """The length of the longest known spelling that `text` begins with, ending where a word ends; 0 for none."""
    for length in _lengths():
        if length <= len(text) and _lookup(text[:length]) and not _goes_on(text, length):
            return length
    return 0


def _goes_on(text: str, length: int) -> bool:
    """Whether the word goes on past `length`: ``m`` in ``min``, ``oz`` in ``ozone``, ``km`` in ``km/day``."""
    following = text[length : length + 1]
    if following in ("/", "²", "³", "^"):
        return True
    return text[length - 1].isascii() and following.isascii() and following.isalnum()


def _lookup(spelling: str) -> Unit | None:
    """As written, else in small letters; a single letter only as written, since its case tells units apart."""
    if spelling in _UNTOLD:
        return None
    exact, small = _table()
    return exact.get(spelling) or (small.get(spelling.lower()) if len(spelling) > 1 else None)


@cache
def _table() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """(spelling as written -> unit, spelling in small letters -> unit where only one unit has it)."""
    exact: dict[str, Unit] = {}
    small: dict[str, Unit] = {}
    for line in files(__package__).joinpath("data", "units.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        symbol, dimension, factor, spellings = line.split("\t")
        unit = Unit(symbol, dimension, Decimal(factor) if factor else None)
        exact |= dict.fromkeys(spellings.split("|"), unit)
    for spelling, unit in exact.items():
        rival = small.setdefault(spelling.lower(), unit)
        if rival is not unit:
            # MW and mW differ by case alone: in small letters it is told only if it is listed so.
            small.pop(spelling.lower())
    return exact, small


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(spelling) for spelling in _table()[0]}, reverse=True))
