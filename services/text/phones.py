"""Telephone numbers: reading one, the region a column is written for, the shape it is written in, and writing it anew.

Numbering plans come from `phonenumbers` (offline). A number is only ever regrouped: its digits are the same before and
after, the country's prefix aside. Which values of a column are telephone numbers at all, the caller decides.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

Kind = Literal["mobile", "fixed", "either", "service", "other"]
Style = Literal["e164", "national", "international", "digits"]


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. `digits` are the national digits with the trunk prefix (075588888888), `region` an ISO 3166 code.

    `valid` is False where the length fits the region but no range of it is in use. `extension` is '' without one.
    'either' is a range that serves fixed and mobile alike (North America); 'service' is toll-free or shared.
    `lost_zero`: neither a country's nor the trunk prefix was written, as where a number cell dropped the zero; any
    national style would add a digit to such a number, so it is for a person to decide.
    """

    e164: str
    national: str
    international: str
    digits: str
    country: str
    region: str
    kind: Kind
    valid: bool
    extension: str = ""
    lost_zero: bool = False


def parse_phone(text: str, region: str | None) -> Phone | None:
    """The one number in a text, read by the plan of `region` (ISO 3166) unless it has an international prefix.

    None for anything else: letters, two numbers, a length no plan of the region knows. Never raises.
    """
    if not 5 <= len(text) <= _LONGEST:
        return None
    folded = text.translate(_FOLD).strip()
    match = _PHONE.fullmatch(folded)
    if match is None:
        return None
    body, extension = match["body"].strip(), match["ext"] or ""
    if not extension and (tail := _DASHED_EXTENSION.fullmatch(body)):
        body, extension = tail.groups()
    written = re.sub(r"\D", "", body)
    if not 5 <= len(written) <= 17:
        return None
    if body.startswith("00") and region is None:
        body = "+" + body[2:]
    try:
        number = phonenumbers.parse(body, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    if not written.endswith(phonenumbers.national_significant_number(number)) or number.extension:
        return None
    return _phone(number, extension, region, written)


def known_region(code: str) -> str:
    """The region of two letters in any case, as ISO 3166-1 writes it. Raises ``ValueError`` for any other text."""
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("two letters of a country, such as CN, GB or US (ISO 3166-1)")
    return code.upper()


def column_region(values: Collection[str]) -> str | None:
    """The region whose plan the distinct values of a column are written in; None without clear proof.

    Clear proof: three values and 60 in 100 have a number's shape (each slip makes a distinct value), 80 in 100 of
    those are valid there, and no other region is nearly as good. Canada counts as US.
    """
    sample = list(values)[:: max(1, len(values) // 60)][:60]
    shapes = [value for value in sample if _PHONE.fullmatch(value.translate(_FOLD).strip())]
    if len(shapes) < 3 or len(shapes) < 0.6 * len(sample):
        return None
    scores = sorted(((_fit(shapes, region), region) for region in _REGIONS), reverse=True)
    (best, region), (second, _) = scores[0], scores[1]
    return region if best >= 0.8 and best - second >= 0.1 else None


def phone_pattern(text: str) -> str:
    """The shape of a number: its text with every digit as 'd' ('(ddd) ddd-dddd'), extensions included."""
    return _ANY_DIGIT.sub("d", text.strip())


def majority_patterns(values: Mapping[str, int], region: str | None) -> dict[tuple[Kind, int], str]:
    """For each kind of number and count of digits, the shape that at least 60 in 100 of a column's cells have.

    `values` are distinct values with their counts. Kinds are apart because a mobile number grouped like a landline is
    wrong.
    """
    shapes: dict[tuple[Kind, int], Counter[str]] = {}
    for text, count in values.items():
        phone = parse_phone(text, region)
        if phone is not None and phone.valid and not phone.extension:
            shapes.setdefault((phone.kind, len(phone.digits)), Counter())[phone_pattern(text)] += count
    found = {}
    for key, counts in shapes.items():
        pattern, count = counts.most_common(1)[0]
        if count >= 2 and count >= 0.6 * counts.total():
            found[key] = pattern
    return found


def format_phone(phone: Phone, style: Style) -> str:
    """The number in a standard style; an extension follows as ' ext. 123' ('转123' in China), as ';ext=' never."""
    text = {
        "e164": phone.e164,
        "national": phone.national,
        "international": phone.international,
        "digits": phone.digits,
    }[style]
    if not phone.extension:
        return text
    return f"{text}转{phone.extension}" if phone.region == "CN" else f"{text} ext. {phone.extension}"


def format_as_pattern(phone: Phone, pattern: str) -> str | None:
    """The number in a column's shape, or None where its digits don't fill that shape exactly or it has an extension."""
    if phone.extension:
        return None
    count = pattern.count("d")
    significant = phone.e164[1 + len(phone.country) :]
    if pattern.startswith(("+", "00")):
        groups = re.findall("d+", pattern)
        digits = phone.e164[1:]
        if not groups or (len(groups) > 1 and len(groups[0]) != len(phone.country)):
            return None
    else:
        digits = phone.digits if len(phone.digits) == count else significant
    if len(digits) != count or pattern.startswith("00"):
        return None
    source = iter(digits)
    return re.sub("d", lambda _: next(source), pattern)


_LONGEST = 48
# Full-width forms, dashes and spaces of any kind to ASCII.
_FOLD = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-"),
    **dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " "),
    **dict.fromkeys((0x200B, 0x200E, 0x202A, 0x202C, 0xFEFF), None),
}
_LABEL = r"(?:(?:tel(?:ephone)?|phone|mobile|mob|cell|fax|电话|手机|手机号码?|联系电话|传真|座机)\.?\s*[:.]?\s*)?"
_EXTENSION = r"(?:\s*[,;]?\s*(?:转|轉|分机|分機|转分机|ext(?:ension|n)?\.?|x|#)\s*[:.]?\s*(?P<ext>\d{1,6}))?"
_PHONE = re.compile(rf"{_LABEL}(?P<body>\+?[\d(][\d().\s/-]*\d){_EXTENSION}", re.IGNORECASE | re.ASCII)
# A Chinese landline with its extension behind a third dash: 0755-88888888-123.
_DASHED_EXTENSION = re.compile(r"(\(?0\d{2,3}\)?[-\s]?\d{7,8})-(\d{1,5})", re.ASCII)
_ANY_DIGIT = re.compile(r"\d")

# Regions that a column without international prefixes may be told to belong to: plans whose numbers have nine digits or
# more, since eight digits are valid nearly everywhere.
_REGIONS = ("CN", "US", "GB", "DE", "FR", "JP", "KR", "IN", "AU", "TW", "IT", "ES", "NL", "BR")

# Plans whose numbers are usually written without the trunk prefix that phonenumbers puts before them: India.
_TRUNK_OPTIONAL = frozenset((91,))

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "either",
    PhoneNumberType.TOLL_FREE: "service",
    PhoneNumberType.SHARED_COST: "service",
    PhoneNumberType.PREMIUM_RATE: "service",
    PhoneNumberType.UAN: "service",
}


def _phone(number: PhoneNumber, extension: str, region: str | None, written: str) -> Phone:
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    digits = re.sub(r"\D", "", national)
    bare = written == phonenumbers.national_significant_number(number)
    return Phone(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        national=national,
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        digits=digits,
        country=str(number.country_code),
        region=phonenumbers.region_code_for_number(number)
        or phonenumbers.region_code_for_country_code(number.country_code or 0)
        or (region or ""),
        kind=_KINDS.get(phonenumbers.number_type(number), "other"),
        valid=phonenumbers.is_valid_number(number),
        extension=extension,
        lost_zero=bare and digits != written and number.country_code not in _TRUNK_OPTIONAL,
    )


def _fit(values: list[str], region: str) -> float:
    """Share of values valid for a region, and a little more for each written the way the region writes numbers."""
    calling_code = str(phonenumbers.country_code_for_region(region))
    score = 0.0
    for value in values:
        phone = parse_phone(value, region)
        if phone is None or not phone.valid or phone.lost_zero or phone.country != calling_code:
            continue
        if region == "IN" and phone.kind != "mobile":
            continue  # nearly every ten digits are a valid landline there
        score += 1
        local = phone_pattern(value) in (phone_pattern(phone.national), phone_pattern(phone.international))
        if local or value.strip().startswith(("+", "00")):
            score += 0.2
    return score / len(values)
