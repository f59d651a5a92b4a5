"""The words, signs and codes of currencies, and taking them off the ends of a text.

Lives here: the table (data/currencies.tsv) and what a spelling proves. Not here: the number between them (amounts.py).

A sign or name that several currencies share ($, ¥, kr, 卢比, dollars) proves none of them: the code is None and the
caller decides.
元, 圆 and 块 mean the renminbi unless another currency is named beside them.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as written.

    code: ISO 4217, or None where the spelling is shared. generic: 元, 圆, 块, the unit of any currency.
    """

    code: str | None
    text: str
    generic: bool = False


def currency_before(text: str) -> tuple[Currency, str] | None:
    """The currency at the start of `text` and the rest of it; None where it starts with none."""
    spellings, codes, starts, _ = _table()
    for length in starts.get(text[:1].lower(), ()):
        written = text[:length]
        if len(written) < length or (_is_letter(text[length : length + 1]) and _is_letter(written[-1])):
            continue
        spelling = written.lower()
        if written in codes and written not in _WORDS:
            return Currency(codes[written], written), text[length:].lstrip()
        if spelling in spellings and spelling not in _ONLY_AFTER:
            return Currency(spellings[spelling], written), text[length:].lstrip()
    return None


def currency_after(text: str) -> tuple[Currency, str] | None:
    """The currency at the end of `text` and what stands before it; None where it ends with none."""
    spellings, codes, _, ends = _table()
    for length in ends.get(text[-1:].lower(), ()):
        written = text[-length:]
        if len(written) < length or (_is_letter(text[-length - 1 : -length]) and _is_letter(written[0])):
            continue
        spelling = written.lower()
        if written in codes:
            return Currency(codes[written], written), text[:-length].rstrip()
        if spelling in spellings:
            return Currency(spellings[spelling], written, spelling in GENERIC), text[:-length].rstrip()
    return None


def may_share(shared: Currency, named: Currency) -> bool:
    """Whether the `shared` sign $ or ¥ is one that the `named` currency uses; other shared spellings are not judged."""
    users = _USERS.get(shared.text)
    return users is None or named.code in users


#: Units of money that name no currency by themselves.
GENERIC = frozenset({"元", "圆", "圓", "块", "塊", "块钱", "塊錢", "元钱", "元錢"})
_ONLY_AFTER = GENERIC | {"yuan", "yen", "dong", "dollar", "dollars", "peso", "pesos", "盾", "镑", "鎊", "欧"}
_DOLLARS = frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MOP", "BND", "MXN", "ARS", "CLP", "COP", "BRL"})
_USERS = {"$": _DOLLARS, "¥": frozenset({"CNY", "JPY"})}
# Codes that are also English words or names: they count only behind a number, so that "TOP 10" is no amount.
_WORDS = frozenset(
    {"ALL", "TOP", "TRY", "CUP", "PEN", "MAD", "BOB", "GEL", "SOS", "AMD", "ANG", "BAM", "COP", "LAK", "RON", "STD"}
)
# Codes that people type in small letters.
_EVERYDAY = ("USD", "CNY", "CNH", "EUR", "HKD", "TWD", "JPY", "GBP", "KRW", "SGD", "AUD", "CAD", "CHF")


@cache
def _table() -> tuple[dict[str, str | None], dict[str, str], dict[str, list[int]], dict[str, list[int]]]:
    """The spellings in small letters, the codes as written, and the lengths to try, longest first.

    The lengths stand under the first character of a spelling or code (in small letters), then under the last.
    """
    spellings: dict[str, str | None] = {}
    codes = {"CNH": "CNY"}
    for line in files(__package__).joinpath("data", "currencies.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, _, names = line.partition("\t")
        if code != "-":
            codes[code] = code
        spellings |= dict.fromkeys(filter(None, names.split("|")), None if code == "-" else code)
    spellings |= {code.lower(): codes[code] for code in _EVERYDAY}
    written = [*spellings, *map(str.lower, codes)]
    return spellings, codes, _lengths(written, 0), _lengths(written, -1)


def _lengths(written: list[str], place: int) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for name in written:
        found.setdefault(name[place], set()).add(len(name))
    return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
