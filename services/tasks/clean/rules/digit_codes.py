"""Whether a column holds codes made of digits (ids, phones, postcodes, years, versions), which are no quantities.

Here is the evidence for leaving such a column alone: its header's words and the shape of its digits. What is wrong with
an identifier is the business of the identifiers rule.
"""

from __future__ import annotations

import re
from collections import Counter

from services.tasks.clean.table import Column
from services.text.numerals import parse_number

LONGEST_QUANTITY = 15
"""Digits a spreadsheet keeps in a number (Excel specifications and limits: number precision)."""

_ENGLISH = re.compile(
    "(?:ids?|codes?|keys?|refs?|reference|zip|zipcode|postcode|postal|phones?|tel|telephone|mobile|cell|fax|ext|extension"
    "|sku|isbn|issn|ean|upc|gtin|barcode|serial|sn|imei|iban|vin|ssn|passport|license|plate|account|acct|invoice|order"
    "|ticket|lot|batch|room|model|version|ver|release|chapter|section|clause|ip|pin|no|nr|num|number)"
)
_CHINESE = re.compile(
    "(?:号|號|编码|編碼|代码|代碼|电话|電話|手机|手機|传真|座机|联系方式|邮编|郵編|身份证|条码|版本|章节)$"
)
_BESIDE = re.compile(r"[(（\[【].*?[)）\]】]|[\s0-9#:：.]+$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DOTTED = re.compile(r"[vV]?[0-9]+(?:\.[0-9]+){2,}[a-z]?[0-9]*", re.ASCII)
_TWO_PARTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})", re.ASCII)


def header_names_codes(name: str) -> bool:
    """Whether a header says that the column identifies things (order_id, Zip Code, 联系电话), not merely mentions it.

    The last word decides: an account balance and 手机价格 are quantities.
    """
    bare = _BESIDE.sub("", name)
    if _CHINESE.search(bare):
        return True
    words = [word.lower() for word in _WORD.findall(bare)]
    return bool(words) and _ENGLISH.fullmatch(words[-1]) is not None


def holds_digit_codes(column: Column) -> bool:
    """Whether the column's digits look like codes: leading zeros, one fixed length, more digits than a number keeps.

    Looks at texts of digits alone and at whole numbers; a column with many decimals or groups is none of it.
    """
    digits = [(text, count) for text, count in column.texts.items() if text.isdigit() and text.isascii()]
    whole = [
        (str(int(value)), count) for value, count in column.numbers.items() if float(value).is_integer() and value >= 0
    ]
    cells = sum(count for _, count in digits) + sum(count for _, count in whole)
    if not cells or cells < 0.5 * column.filled:
        return False
    zeros = sum(count for text, count in digits if len(text) > 1 and text[0] == "0")
    if zeros > 0.02 * cells:
        return True
    if sum(count for text, count in digits if len(text) > LONGEST_QUANTITY) > 0.02 * cells:
        return True
    lengths: Counter[int] = Counter()
    for text, count in digits + whole:
        lengths[len(text)] += count
    length, most = lengths.most_common(1)[0]
    fixed = most >= 0.95 * column.filled and len(digits) + len(whole) > 1
    return fixed and (length >= 7 or (length >= 4 and not whole))


def holds_versions(column: Column) -> bool:
    """Whether texts are versions or chapters: 1.2.3 among them, or 1.9 beside 1.10, which no number format writes."""
    dotted, places, padded = False, set(), False
    two_parts = 0
    for text in column.texts:
        if "." not in text:
            continue
        if _DOTTED.fullmatch(text) and parse_number(text) is None:
            dotted = True  # 1.000.000 is a number
            break
        parts = _TWO_PARTS.fullmatch(text)
        if parts:
            two_parts += 1
            places.add(len(parts[2]))
            padded = padded or (len(parts[2]) == 2 and parts[2][1] == "0")
    return dotted or (two_parts == len(column.texts) > 2 and len(places) > 1 and padded and not column.numbers)
