"""Mechanical damage in one text value: stray spaces, invisible characters, widths, encodings, quotes; and letter case.

Each repair is an operation of its own, so that a reason can name it and a caller can leave it out. Nothing here knows
the column: whether double spaces are its clean form, or which case it is written in, the caller proves. Values that
mean "nothing" are in `nulls`.
"""

import re
from collections.abc import Callable, Collection
from typing import Literal, NamedTuple

import ftfy
from ftfy.badness import is_bad

CaseForm = Literal["upper", "lower", "title", "capitalised", "mixed", "none"]

OPERATIONS = (
    "mojibake",  # text read in the wrong encoding, proved by the way back (CafÃ©, ÖÐ¹ú)
    "control",  # control characters; carriage returns and other line ends become one newline
    "zero-width",  # invisible characters that join or order nothing
    "full-width",  # full-width letters and digits, and signs among them; Chinese punctuation stays
    "odd-space",  # a no-break, ideographic or thin space inside, to a plain space
    "trim",  # white space at either end
    "inner-space",  # runs of spaces inside; a column may hold double spaces throughout
    "apostrophe-prefix",  # Excel's text mark before a number or a formula sign, kept as text
    "quotes",  # straight quotes around the whole value, doubled apostrophes (O''Brien)
)
"""In the order in which they are applied."""


class Tidied(NamedTuple):  # one is made per value: twice as fast to make as a frozen dataclass
    """The text after tidying and the codes of the operations that changed it, in order; none where it was tidy."""

    text: str
    operations: tuple[str, ...]


def tidy(text: str, operations: Collection[str] | None = None) -> Tidied:
    """Applies the named operations (all by default) until nothing changes; idempotent, never raises."""
    if is_plain(text):
        return Tidied(text, ())
    used: list[str] = []
    changed = True
    while changed:
        changed = False
        for code, repair in _REPAIRS.items():
            if operations is not None and code not in operations:
                continue
            after = repair(text)
            if after != text:
                changed = True
                text = after
                if code not in used:
                    used.append(code)
    return Tidied(text, tuple(used))


def is_plain(text: str) -> bool:
    """Whether a text surely needs no repair; decides nearly every clean value in a fraction of a microsecond."""
    if not text:
        return True
    if not text.isprintable() or text[0] in " '\"" or text[-1] == " " or "  " in text or "''" in text:
        return False
    return text.isascii() or _DOUBTFUL.search(text) is None


def case_form(text: str) -> CaseForm:
    """How the letters stand. A word with a capital ('Boston') counts as 'title', text without cased letters as 'none'.

    'title' lets small words be lower (Bank of America); 'mixed' is anything else (iPhone, IBM Corp).
    """
    if text.islower():
        return "lower"
    if text.isupper():
        return "upper"
    words = _WORD.findall(text)
    if not words or text.upper() == text.lower():
        return "none"
    if all(_is_title(word) or (i and word in _SMALL_WORDS) for i, word in enumerate(words)):
        return "title"
    if _is_title(words[0]) and all(word.islower() for word in words[1:]):
        return "capitalised"
    return "mixed"


def to_case(text: str, form: CaseForm, acronyms: Collection[str] = ()) -> str:
    """`text` in the case of its column. Words of `acronyms`, Roman numerals and codes (B2B) keep or get capitals.

    In text that isn't all capitals, words in capitals of up to five letters are acronyms too.
    'mixed' and 'none' change nothing.
    """
    if form == "upper":
        return text.upper()
    if form == "lower":
        return text.lower()
    if form not in ("title", "capitalised"):
        return text
    shouting = text.isupper()
    known = frozenset(word.upper() for word in acronyms)
    first = True

    def recase(match: re.Match[str]) -> str:
        nonlocal first
        word, starts = match.group(), first
        first = False
        upper = word.upper()
        if upper in known:
            return upper
        if _ORDINAL.fullmatch(word):
            return word.lower()
        if _ROMAN.fullmatch(word) or any(c.isdigit() for c in word):
            return word
        if not shouting and word.isupper() and 1 < len(word) <= 5:
            return word
        lower = word.lower()
        if not starts and (form == "capitalised" or lower in _SMALL_WORDS):
            return lower
        return _NAME_PARTS.sub(lambda part: part.group().upper(), lower)

    return _WORD.sub(recase, text)


# Non-ASCII text that may need a repair: Latin letters as they stand side by side in mojibake, full-width forms.
_DOUBTFUL = re.compile("[\u0080-\u009f\uff01-\uff5e]|[\u00a1-\u00fe]{2}|[\u00c2-\u00f4][\u0100-\u2122]")
# Articles, prepositions and conjunctions that English titles and European names leave small.
# fmt: off
_SMALL_WORDS = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "de", "del", "der", "di", "du", "for", "from", "in", "la", "le", "nor",
    "of", "on", "or", "per", "the", "to", "van", "von", "vs", "with", "y",
))
# fmt: on
_WORD = re.compile(r"[^\W\d_][\w'’]*|\d+[^\W\d_][\w]*")
_ROMAN = re.compile("II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XX")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
# The letters that a name writes large: its first, and the one after O' or D' (O'Brien), not the s of a genitive.
_NAME_PARTS = re.compile(r"^(\w['’](?=\w\w)|)(\w)")


def _is_title(word: str) -> bool:
    parts = re.split("['’]", word)
    return parts[0][:1].isupper() and all(not p[1:] or p[1:].islower() or p[1:].isdigit() for p in parts)


_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_CODECS = ("latin-1", "sloppy-windows-1252")  # the second is ftfy's: Windows-1252 as browsers read it
_ASCII_LETTER = re.compile("[A-Za-z]")
_GB_RUN = re.compile("[\u00a1-\u00fe]+")
_NOT_LETTERS = re.compile("[\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d0\u00d7\u00de\u00f0\u00f7\u00fe]")
_COMMON_HANZI = re.compile("[\u00b0-\u00d7][\u00a1-\u00fe]|[\u00a1\u00a3][\u00a1-\u00fe]")


def _fix_mojibake(text: str) -> str:
    if text.isascii():
        return text
    if _MOJIBAKE.search(text) and is_bad(text):
        fixed = ftfy.fix_encoding(text)
        if fixed != text and _leads_to(text, fixed):
            return text if _may_be_gb(text) else fixed
    return _from_gb(text)


def _may_be_gb(text: str) -> bool:
    """Whether text without Latin letters is sound GB 2312 too (茅台 is, and UTF-8), so that neither is certain."""
    if _ASCII_LETTER.search(text):
        return False
    try:
        return len(text.encode("latin-1").decode("gb2312")) >= 2
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False


def _leads_to(text: str, fixed: str) -> bool:
    """Whether the whole of `text` is the UTF-8 of `fixed`, read up to three times over in a known wrong codec."""
    current = text
    for _ in range(3):
        current = _utf8_read_as(current) or ""
        if current == fixed:
            return True
    return False


def _utf8_read_as(text: str) -> str | None:
    for codec in _CODECS:
        try:
            return text.encode(codec).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return None


def _from_gb(text: str) -> str:
    """Chinese in GB 2312 read as Latin-1: every high character belongs to a pair that is a common (level 1) character.

    Needs two Chinese characters and at least one sign no Latin word holds, so that accented capitals never qualify.
    """
    runs = _GB_RUN.findall(text)
    high = "".join(runs)
    if len(high) < 4 or not _NOT_LETTERS.search(high) or any(c > "\u00ff" or "\u0080" <= c < "\u00a1" for c in text):
        return text
    if any(len(run) % 2 or len(_COMMON_HANZI.findall(run)) * 2 != len(run) for run in runs):
        return text
    try:
        fixed = text.encode("latin-1").decode("gb2312")
    except UnicodeDecodeError:
        return text
    return fixed if len(re.findall("[\u4e00-\u9fff]", fixed)) >= 2 else text


_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _drop_controls(text: str) -> str:
    return text if text.isprintable() else _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
# Letters that joiners shape (Arabic, Indic, South-East Asian, Mongolian scripts) and the parts of emoji.
_JOINED = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
    "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
)


def _drop_invisible(text: str) -> str:
    if text.isascii() or text.isprintable():
        return text
    right_to_left = _RIGHT_TO_LEFT.search(text.replace("\ufeff", "")) is not None

    def keep(match: re.Match[str]) -> str:
        mark, before, after = (
            match.group(),
            text[match.start() - 1 : match.start()],
            text[match.end() : match.end() + 1],
        )
        if mark in "\u200c\u200d":
            return mark if _JOINED.match(before) and _JOINED.match(after) else ""
        return mark if right_to_left and mark not in "\u00ad\u200b\u2060\ufeff" else ""

    return _INVISIBLE.sub(keep, text)


_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_FULL_WIDTH_WORD = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff\u3001-\u3002]")
# Signs that stand inside a number, a code or an address and are no Chinese sentence punctuation: # % & + - . / = @ _
_INNER_SIGNS = re.compile(
    "(?<=[0-9A-Za-z])[\uff03\uff05\uff06\uff0b\uff0d\uff0e\uff0f\uff1d\uff20\uff3f](?=[0-9A-Za-z])"
)


# The comma that groups thousands and the colon of a clock, where the digits around are in full width as well.
_NUMBER_SIGNS = re.compile(
    "(?<=[\uff10-\uff19])(?:\uff0c(?=[\uff10-\uff19]{3}(?![\uff10-\uff19]))|\uff1a(?=[\uff10-\uff19]))"
)


def _half_width(text: str) -> str:
    if text.isascii() or not _FULL_WIDTH.search(text):
        return text
    if not _EAST_ASIAN.search(text):
        return _FULL_WIDTH.sub(_narrow, text)
    return _INNER_SIGNS.sub(_narrow, _FULL_WIDTH_WORD.sub(_narrow, _NUMBER_SIGNS.sub(_narrow, text)))


def _narrow(match: re.Match[str]) -> str:
    return chr(ord(match.group()) - 0xFEE0)


_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def _plain_spaces(text: str) -> str:
    return text if text.isascii() or text.isprintable() else _ODD_SPACE.sub(" ", text)


_SPACES = re.compile(r"[ \t]{2,}")


def _single_spaces(text: str) -> str:
    return _SPACES.sub(" ", text)


# Excel's apostrophe stands before what Excel would otherwise read; not before '98 and '90s.
_TEXT_MARK = re.compile(r"'(?=[=+@-]\S|0\d|\d[\d.,:/ -]*$)(?!\d\ds?$)")


def _drop_text_mark(text: str) -> str:
    return text[1:] if _TEXT_MARK.match(text) else text


_DOUBLED_APOSTROPHE = re.compile(r"(?<=[^\W\d_])''(?=[^\W\d_])")


def _drop_quotes(text: str) -> str:
    if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"":
        mark, inner = text[0], text[1:-1]
        plain = inner.replace(mark * 2, "")
        if mark not in plain and plain.strip():
            return inner.replace(mark * 2, mark)
    return _DOUBLED_APOSTROPHE.sub("'", text) if "''" in text else text


_REPAIRS: dict[str, Callable[[str], str]] = {
    "mojibake": _fix_mojibake,
    "control": _drop_controls,
    "zero-width": _drop_invisible,
    "full-width": _half_width,
    "odd-space": _plain_spaces,
    "trim": str.strip,
    "inner-space": _single_spaces,
    "apostrophe-prefix": _drop_text_mark,
    "quotes": _drop_quotes,
}
