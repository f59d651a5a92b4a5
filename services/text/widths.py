"""Folding typographic variants of digits and signs to ASCII, so that each parser is written once.

Lives here: full-width digits, letters and punctuation, the Unicode minus signs, the many spaces and apostrophes that
group digits, and the spaces that Chinese text does not need. Not here: NFKC (it would turn ``㎡`` into ``m2`` and ``①``
into ``1``) and any reading of meaning.
"""

import re


def fold_width(text: str) -> str:
    """`text` stripped, with full-width forms, minus signs, spaces and apostrophes in their ASCII form."""
    return text.strip() if text.isascii() else text.translate(_FOLDED).strip()


def close_gaps(text: str) -> str:
    """`text` without the spaces beside a Chinese character, which separate nothing: ``新台币 177.1 亿元``."""
    return text if text.isascii() else _GAP.sub("", text)


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in `text`."""
    return not text.isascii() and _CHINESE.search(text) is not None


def _table() -> dict[int, str]:
    # U+FF01..U+FF5E are the full-width twins of ASCII 0x21..0x7E (Unicode block "Halfwidth and Fullwidth Forms").
    table = {0xFF00 + offset: chr(0x20 + offset) for offset in range(1, 0x5F)}
    # Hyphen-minus twins; the en dash is what word processors make of a typed minus.
    table |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63), "-")
    # No-break, figure, thin, narrow no-break and ideographic space.
    table |= dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000), " ")
    table |= dict.fromkeys((0x2018, 0x2019, 0x02BC), "'")
    table |= {0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩", 0x301C: "~"}
    return table


_FOLDED = _table()
_CHINESE = re.compile(r"[\u3007\u3400-\u9fff]")
_GAP = re.compile(rf"(?<={_CHINESE.pattern})\s+|\s+(?={_CHINESE.pattern})")
