"""Identifiers and postcodes: which kind a column holds, and whether one value passes that kind's check digits.

Check digits are python-stdnum's. A kind is only named where chance cannot explain it: enough values of the shape, and a
share passing the check far above that of random digits. A value that fails is reported with a reason, never corrected.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from stdnum import ean, iban, imei, isbn, issn, luhn
from stdnum.cn import ric, uscc
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.us import ein, ssn

IdentifierKind = Literal[
    "cn_resident_id", "cn_credit_code", "bank_card", "isbn", "issn", "ean", "iban", "eu_vat", "imei", "us_ssn", "us_ein"
]
Reason = Literal["ok", "length", "format", "component", "check_digit", "digits_lost"]


@dataclass(frozen=True, slots=True)
class Check:
    """What came of checking one value. `compact` is without separators, `canonical` as its standard prints it.

    Both are the text itself where it isn't valid. `digits_lost`: a spreadsheet turned it into 1.10101E+17.
    """

    valid: bool
    reason: Reason
    compact: str
    canonical: str


@dataclass(frozen=True, slots=True)
class IdentifierColumn:
    """A column of one kind of identifier; `passed` of `values` distinct values have sound check digits."""

    kind: IdentifierKind
    values: int
    passed: int


def identify(values: Sequence[str]) -> IdentifierColumn | None:
    """The kind of identifier that the distinct values of a column hold, or None without proof.

    Proof: at least 80 in 100 have the shape, at least 5 do, and at least 70 in 100 of those pass a check that random
    values pass seldom (`chance` of the kind). Kinds without check digits need their separators in every value.
    """
    sample = [text for text in (value.strip() for value in values) if text]
    if len(sample) < _FEWEST:
        return None
    found: list[tuple[float, int, IdentifierColumn]] = []
    for order, (kind, rule) in enumerate(_RULES.items()):
        shaped = [text for text in sample if rule.shape.fullmatch(_fold(text))]
        if len(shaped) < max(_FEWEST, 0.8 * len(sample)):
            continue
        passed = sum(check(kind, text).valid for text in shaped)
        if passed >= max(0.7, rule.chance + 0.4) * len(shaped):
            found.append((passed / len(shaped), -order, IdentifierColumn(kind, len(sample), passed)))
    return max(found, key=lambda item: item[:2])[2] if found else None


def check(kind: IdentifierKind, text: str) -> Check:
    """Checks one value as an identifier of that kind: shape, parts (dates, regions) and check digits. Never raises."""
    if is_scientific(text):
        return Check(False, "digits_lost", text, text)
    rule = _RULES[kind]
    folded = _fold(text)
    try:
        compact = rule.module.validate(folded)
    except InvalidChecksum:
        return Check(False, "check_digit", text, text)
    except InvalidLength:
        return Check(False, "length", text, text)
    except InvalidComponent:
        return Check(False, "component", text, text)
    except (InvalidFormat, ValidationError):
        return Check(False, "format", text, text)
    return Check(True, "ok", compact, rule.written(compact))


def is_scientific(text: str) -> bool:
    """Whether a text is a long number as a spreadsheet shows it (1.10101E+17): its last digits are lost."""
    match = _SCIENTIFIC.fullmatch(text.strip())
    return match is not None and int(match.group(2)) >= 11 and len(match.group(1)) - 1 < int(match.group(2)) + 1


def postcode_region(values: Collection[str]) -> str | None:
    """The region (ISO 3166) whose postcodes a column's distinct values are, or None.

    Only shapes with letters or a hyphen prove a region by themselves; plain digits (CN, US, DE, FR) fit several regions
    and many numbers, so they never do. For those the caller names the region to `check_postcode`.
    """
    sample = [text for text in (value.strip().upper() for value in values) if text]
    if len(sample) < 3:
        return None
    for region in ("GB", "CA", "NL", "IE", "PL", "PT", "JP", "BR"):
        if sum(_POSTCODES[region].fullmatch(text) is not None for text in sample) >= 0.9 * len(sample):
            return region
    us = sum(_POSTCODES["US"].fullmatch(text) is not None for text in sample)
    return "US" if us >= 0.9 * len(sample) and any("-" in text for text in sample) else None


def check_postcode(text: str, region: str) -> Check:
    """Checks the shape of one postcode for a region of `postcode_regions`; raises KeyError for another region.

    `canonical` has the region's own spacing and capitals (sw1a1aa -> SW1A 1AA). US: five digits or five and four.
    """
    pattern = _POSTCODES[region]
    folded = _fold(text).upper()
    if is_scientific(text):
        return Check(False, "digits_lost", text, text)
    if pattern.fullmatch(folded) is None:
        digits = re.sub(r"\D", "", folded)
        lost = region in _DIGITS_ONLY and digits == folded and len(digits) < _DIGITS_ONLY[region]
        return Check(False, "length" if lost else "format", text, text)
    compact = re.sub(r"[\s-]", "", folded)
    return Check(True, "ok", compact, _spaced(compact, region))


def postcode_regions() -> tuple[str, ...]:
    """The regions whose postcodes are known, as ISO 3166 codes."""
    return tuple(sorted(_POSTCODES))


class _Validator(Protocol):
    def validate(self, number: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    """`shape` on folded text; `chance`: the share of random values of that shape that would pass the check."""

    module: _Validator
    shape: re.Pattern[str]
    chance: float
    written: Callable[[str], str]


def _as_is(compact: str) -> str:
    return compact


def _in_fours(compact: str) -> str:
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


class _ResidentId:
    """A Chinese resident identity number (GB 11643). The county code isn't looked up: it may be a former one."""

    @staticmethod
    def validate(number: str, /) -> str:
        compact = ric.compact(number)
        if len(compact) != 18:
            raise InvalidLength
        if re.fullmatch(r"\d{17}[\dX]", compact, re.ASCII) is None:
            raise InvalidFormat
        if compact[:2] not in _PROVINCES or compact[6:8] not in ("18", "19", "20"):
            raise InvalidComponent
        ric.get_birth_date(compact)
        if compact[-1] != ric.calc_check_digit(compact):
            raise InvalidChecksum
        return compact


class _BankCard:
    """A payment card: 13 to 19 digits (ISO/IEC 7812) with a Luhn digit, beginning with 3 to 6 or UnionPay's 9."""

    @staticmethod
    def validate(number: str, /) -> str:
        compact = re.sub(r"[\s-]", "", number)
        if not (compact.isascii() and compact.isdigit()):
            raise InvalidFormat
        if not 13 <= len(compact) <= 19:
            raise InvalidLength
        if compact[0] not in "34569":
            raise InvalidComponent
        return str(luhn.validate(compact))


_FEWEST = 5
# GB/T 2260: the provinces; 83 is used for residents from Taiwan.
_PROVINCES = frozenset((
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
))  # fmt: skip
_SCIENTIFIC = re.compile(r"(\d(?:[.,]\d+)?)[eE]\+?(\d{2})")
_FOLD = (
    {0xFF01 + i: 0x21 + i for i in range(94)}
    | dict.fromkeys((0xA0, 0x3000), 0x20)
    | dict.fromkeys(range(0x2010, 0x2015), 0x2D)
)

_RULES: dict[IdentifierKind, _Rule] = {
    "cn_resident_id": _Rule(_ResidentId(), re.compile(r"\d{17}[\dXx]", re.ASCII), 0.01, _as_is),
    "cn_credit_code": _Rule(uscc, re.compile("[0-9A-Za-z]{18}"), 0.03, _as_is),
    "iban": _Rule(iban, re.compile(r"[A-Za-z]{2}\d\d(?: ?[0-9A-Za-z]){11,30}"), 0.01, _in_fours),
    "isbn": _Rule(isbn, re.compile(r"(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dXx]"), 0.1, isbn.format),
    "issn": _Rule(issn, re.compile(r"\d{4}-\d{3}[\dXx]"), 0.1, issn.format),
    "imei": _Rule(imei, re.compile(r"\d{15}|\d{2}-\d{6}-\d{6}-\d"), 0.1, _as_is),
    "bank_card": _Rule(_BankCard(), re.compile(r"[3-69](?:[ -]?\d){12,18}"), 0.1, _as_is),
    "ean": _Rule(ean, re.compile(r"\d{8}|\d{12,14}"), 0.1, _as_is),
    "eu_vat": _Rule(vat, re.compile(r"[A-Za-z]{2}[ -]?[0-9A-Za-z](?:[ .-]?[0-9A-Za-z]){6,12}"), 0.1, _as_is),
    "us_ssn": _Rule(ssn, re.compile(r"\d{3}-\d{2}-\d{4}"), 0.5, ssn.format),
    "us_ein": _Rule(ein, re.compile(r"\d{2}-\d{7}"), 0.5, ein.format),
}
"""In order of preference where several kinds fit equally well."""

# Shapes after the Universal Postal Union's addressing sheets; GB after BS 7666.
_POSTCODES: dict[str, re.Pattern[str]] = {
    "CN": re.compile(r"\d{6}"),
    "US": re.compile(r"\d{5}(?:-?\d{4})?"),
    "GB": re.compile(
        "GIR ?0AA|[A-PR-UWYZ](?:[A-HK-Y]?[0-9]{1,2}|[A-HK-Y]?[0-9][A-HJKPSTUW-Y]) ?[0-9][ABD-HJLNP-UW-Z]{2}"
    ),
    "CA": re.compile("[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][ -]?[0-9][ABCEGHJ-NPRSTV-Z][0-9]"),
    "NL": re.compile("[1-9][0-9]{3} ?[A-Z]{2}"),
    "IE": re.compile(
        "[AC-FHKNPRTV-Y][0-9]{2}|D6W ?[0-9AC-FHKNPRTV-Y]{4}|[AC-FHKNPRTV-Y][0-9]{2} ?[0-9AC-FHKNPRTV-Y]{4}"
    ),
    "PL": re.compile(r"\d{2}-\d{3}"),
    "PT": re.compile(r"\d{4}-\d{3}"),
    "JP": re.compile(r"〒?\d{3}-\d{4}"),
    "BR": re.compile(r"\d{5}-\d{3}"),
    "DE": re.compile(r"\d{5}"),
    "FR": re.compile(r"\d{5}"),
    "IT": re.compile(r"\d{5}"),
    "ES": re.compile(r"\d{5}"),
    "KR": re.compile(r"\d{5}"),
    "AU": re.compile(r"\d{4}"),
    "CH": re.compile(r"[1-9]\d{3}"),
    "AT": re.compile(r"[1-9]\d{3}"),
    "IN": re.compile(r"[1-9]\d{2} ?\d{3}"),
    "SG": re.compile(r"\d{6}"),
    "TW": re.compile(r"\d{3}(?:-?\d{2,3})?"),
}
_DIGITS_ONLY = {"CN": 6, "US": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "KR": 5, "AU": 4, "SG": 6}


def _fold(text: str) -> str:
    return text.translate(_FOLD).strip()


def _spaced(compact: str, region: str) -> str:
    match region:
        case "GB" | "CA":
            return f"{compact[:-3]} {compact[-3:]}"
        case "NL":
            return f"{compact[:4]} {compact[4:]}"
        case "IE":
            return f"{compact[:3]} {compact[3:]}".strip()
        case "US" if len(compact) == 9:
            return f"{compact[:5]}-{compact[5:]}"
        case "PL":
            return f"{compact[:2]}-{compact[2:]}"
        case "PT":
            return f"{compact[:4]}-{compact[4:]}"
        case "JP":
            digits = compact.removeprefix("〒")
            return f"{digits[:3]}-{digits[3:]}"
        case "BR":
            return f"{compact[:5]}-{compact[5:]}"
        case _:
            return compact
