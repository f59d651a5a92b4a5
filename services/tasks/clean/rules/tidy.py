"""Rule ``tidy``: stray spaces, invisible characters, full width, wrong encodings, leftover quotes.

One step is one operation on one column, so that a reason names it. How a single text is repaired lives in
``services.text.tidy``; here stands only what the rest of the column must show before a repair is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.tidy import OPERATIONS, is_plain, tidy
from services.workbook.changes import Reason, reason

Operation = Literal[
    "mojibake",
    "control",
    "zero-width",
    "full-width",
    "odd-space",
    "trim",
    "inner-space",
    "apostrophe-prefix",
    "quotes",
    "name-space",
]

CLEAR = 4
"""The column's form must be this many times as frequent as the other one before it is a rule."""

SINGLE_SPACED = 0.98
"""Share of distinct values of several words with single spaces that makes a double one a slip; for review 0.9 do."""

PADDED = 0.95
"""From this share of cells with space around them on, the space is the column's layout, not a slip."""


class TidyStep(Step):
    """Repair one kind of mechanical damage in a column."""

    rule: Literal["tidy"] = "tidy"
    operation: Operation


def propose(table: Table) -> list[TidyStep]:
    """One step for each operation that some value of a column calls for, in the order in which they must be done."""
    steps = []
    for column in table.columns:
        used = {code for text in _odd(column) for code in tidy(text).operations}
        if _lost(column):
            used.add("mojibake")
        steps += [TidyStep(column=column.name, operation=code) for code in OPERATIONS if code in used]  # type: ignore[arg-type]
        if _holds_names(column):
            steps.append(TidyStep(column=column.name, operation="name-space"))
    return steps


def run(step: TidyStep, table: Table) -> Outcome:
    """Carry out one operation where the column bears it out."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    odd = _odd(column)
    if step.operation == "mojibake":
        outcome.values |= {text: Doubt(reason("tidy.lost")) for text in _lost(column)}
    if step.operation == "name-space":
        return _name_space(column)
    if odd:
        judge = _JUDGES[step.operation](column, odd, table)
        for text in odd:
            after = tidy(text, _WITH.get(step.operation, (step.operation,))).text
            finding = judge(text, after) if after != text else None
            if finding is None and after != text and step.asked and step.operation in _ASKED_FOR:
                finding = _proposal(after, reason("tidy.asked"), step.asked == "person")
            if finding is not None:
                outcome.values[text] = finding
    return outcome


RULE = Rule("tidy", TidyStep, propose, run)

_ASKED_FOR = ("trim", "inner-space")
"""What is done on all values where it was asked for, whether or not the column shows a habit."""

_Judge = Callable[[str, str], Finding | None]

_WITH: dict[str, tuple[str, ...]] = {
    "full-width": ("full-width", "mojibake"),
    "quotes": ("quotes", "trim"),
    "apostrophe-prefix": ("apostrophe-prefix", "trim"),
}
"""Operations that lay bare what another one must take away."""


# What may call for a repair beyond spaces and quotes: signs of the Latin-1 block, accented letters before a sign that
# no word has there, full-width letters and digits. Chinese punctuation and single accented letters do not.
_CALLING = re.compile("[\u0080-\u00bf]|[\u00c0-\u00ff][\u00c0-\u00ff\u0152-\u2122]|[０-９Ａ-Ｚａ-ｚ]")


# With a bar around each text: spaces at an end, two together, quotes at the beginning, doubled apostrophes.
_SIGNS_OF_DAMAGE = ("| ", " |", "  ", "|'", '|"', "''")


def _odd(column: Column) -> list[str]:
    """The texts that may need a repair; nearly always one look at all of them together finds that there are none."""
    together = "|".join(column.texts)
    if together.isprintable() and (together.isascii() or not _CALLING.search(together)):
        framed = f"|{together}|"
        if not any(sign in framed for sign in _SIGNS_OF_DAMAGE):
            return []
    return [text for text in column.texts if not is_plain(text) and not _is_harmless(text)]


def _is_harmless(text: str) -> bool:
    """A second, cheaper look than a repair at text that isn't ASCII."""
    if not text.isprintable() or text[0] in " '\"" or text[-1] == " " or "  " in text or "''" in text:
        return False
    return _CALLING.search(text) is None


def _lost(column: Column) -> list[str]:
    """Texts with the replacement character, as such or read once more as GBK, in place of what a program lost."""
    together = "|".join(column.texts)
    if together.isascii() or ("\ufffd" not in together and "锟斤拷" not in together):
        return []
    return [text for text in column.texts if "\ufffd" in text or "锟斤拷" in text]


def _proposal(after: str, why: Reason, safe: bool) -> Proposal:
    return Proposal(after or None, why, safe, 1.0 if safe else 0.7)


def _cells(column: Column, pattern: re.Pattern[str]) -> int:
    """How many cells hold a text in which the pattern is found."""
    return sum(count for text, count in column.texts.items() if pattern.search(text))


def _mojibake(column: Column, odd: list[str], table: Table) -> _Judge:
    """Certain where reading it anew gives back all characters; a replacement character stands for one that is lost."""

    def judge(text: str, after: str) -> Finding | None:
        if "\ufffd" in after:
            return Doubt(reason("tidy.lost"))
        return _proposal(after, reason("tidy.mojibake"), True)

    return judge


def _zero_width(column: Column, odd: list[str], table: Table) -> _Judge:
    return lambda text, after: _proposal(after, reason("tidy.zero_width"), True)


_LINE_ENDS = re.compile("\r\n?")


def _control(column: Column, odd: list[str], table: Table) -> _Judge:
    """Line breaks in a cell stay as they are written: a value in which nothing else differs needs nothing."""

    def judge(text: str, after: str) -> Finding | None:
        if _LINE_ENDS.sub("\n", text) == after:
            return None
        return _proposal(after, reason("tidy.control"), True)

    return judge


_FULL_WIDTH_WORD = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_HALF_WIDTH_WORD = re.compile("[0-9A-Za-z]")


def _full_width(column: Column, odd: list[str], table: Table) -> _Judge:
    """Where the column's letters and digits are half-width otherwise; a column in full width stays in it."""
    full = sum(column.texts[text] for text in odd if _FULL_WIDTH_WORD.search(text))
    half = sum(column.numbers.values()) + _cells(column, _HALF_WIDTH_WORD)
    safe = half >= CLEAR * full

    def judge(text: str, after: str) -> Finding | None:
        if half < full or not _FULL_WIDTH_WORD.search(text):
            return None
        return _proposal(after, reason("tidy.full_width", half=half, full=full), safe)

    return judge


_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Where typography wants a space that does not break: before French double signs, inside guillemets, between Han signs.
_TYPOGRAPHIC = re.compile(
    "[\u00a0\u202f](?=[!?:;%»])|(?<=«)[\u00a0\u202f]|(?<=[\u3400-\u9fff])\u3000(?=[\u3400-\u9fff])"
)
_LAID_OUT = re.compile("[\u00a0\u3000]\\s")
_PLAIN_SPACE = re.compile(r"\S \S")


def _odd_space(column: Column, odd: list[str], table: Table) -> _Judge:
    """Where the column's other spaces are plain ones."""
    strange = sum(column.texts[text] for text in odd if _ODD_SPACE.search(text.strip()))
    plain = _cells(column, _PLAIN_SPACE)
    safe = plain >= CLEAR * strange

    def judge(text: str, after: str) -> Finding | None:
        if not _ODD_SPACE.search(text.strip()):
            return None  # at the ends only: trimming is its own operation
        if _TYPOGRAPHIC.search(text) or _LAID_OUT.search(text.strip()) or (plain and plain < strange):
            return None
        return _proposal(after, reason("tidy.odd_space", plain=plain, strange=strange), safe)

    return judge


_INDENTED = re.compile(r"^(?:[ \u00a0]{2,}|\t|\u3000)\S")


def _trim(column: Column, odd: list[str], table: Table) -> _Judge:
    """A slip in some cells; for review where nearly all cells are padded or leading spaces look like an outline."""
    filled = column.filled
    padded = sum(column.texts[text] for text in odd if text != text.strip())
    leading = sum(column.texts[text] for text in odd if text[:1].isspace() and text.strip())
    indented = sum(column.texts[text] for text in odd if _INDENTED.match(text))
    layout = filled >= 5 and padded >= PADDED * filled
    outline = indented >= 3 and indented * 20 >= filled and indented * 5 >= leading * 4

    def judge(text: str, after: str) -> Finding | None:
        if not after:
            return _proposal(after, reason("tidy.blank"), True)
        if layout:
            return _proposal(after, reason("tidy.padding", count=padded, total=filled), False)
        if outline and _INDENTED.match(text):
            return _proposal(after, reason("tidy.indent", count=indented, total=filled), False)
        return _proposal(after, reason("tidy.trim"), True)

    return judge


# Text in which a run of spaces can mean something: code, records, paths, tables, and sentences set with two spaces.
_SPACING_MATTERS = re.compile(r"[{}\[\]<>=;|\\\"`$^~\t\n]|[.!?:,]  ")
# Between words, or between a word and a number (12  High Street), but not between two numbers.
_BETWEEN_WORDS = re.compile(
    r"(?<=[^\W_][^\W_])[ \t]{2,}(?=[^\W\d_])|(?<=[^\W\d_][^\W\d_])[ \t]{2,}(?=\d)"
    r"|(?<=[^\W\d_][,.&])[ \t]{2,}(?=[^\W\d_])"
)
_RUN = re.compile(r"[ \t]{2,}")
LABEL_LENGTH = 80
"""Longer texts are prose, where the number of spaces is the writer's affair."""


def _inner_space(column: Column, odd: list[str], table: Table) -> _Judge:
    """Where the same value with single spaces is the frequent one, or nearly all values of several words have them."""
    texts = column.texts
    doubled = {text: _RUN.sub(" ", text) for text in odd if _RUN.search(text.strip())}
    # A value that stands there time and again with its two spaces is written so on purpose.
    meant = any(texts[text] >= 3 and texts.get(single, 0) <= texts[text] for text, single in doubled.items())
    singles = sum(1 for text in texts if text not in doubled and _PLAIN_SPACE.search(text))
    share = singles / (singles + len(doubled)) if doubled else 0.0

    def judge(text: str, after: str) -> Finding | None:
        twin = texts.get(after, 0)
        if twin > texts[text]:
            return _proposal(after, reason("tidy.inner_space_twin", count=twin, value=after), True)
        if meant or len(text) > LABEL_LENGTH or _SPACING_MATTERS.search(text):
            return None
        if len(_RUN.findall(text)) != len(_BETWEEN_WORDS.findall(text)) or singles < 10 or share < 0.9:
            return None
        safe = singles >= 50 and share >= SINGLE_SPACED
        return _proposal(after, reason("tidy.inner_space", count=singles, total=singles + len(doubled)), safe)

    return judge


def _apostrophe_prefix(column: Column, odd: list[str], table: Table) -> _Judge:
    """The mark before digits, where the column has plain ones too.

    Before = + - @ it keeps a csv file from being run as a formula when opened, so there it stays.
    """
    marked = sum(column.texts[text] for text in odd if text[0] == "'")
    plain = sum(column.numbers.values()) + sum(n for text, n in column.texts.items() if text[:1].isdigit())

    def judge(text: str, after: str) -> Finding | None:
        if text.lstrip()[1:2] in "=+-@" and not table.typed:
            return None
        return _proposal(after, reason("tidy.apostrophe_prefix", count=plain), plain >= CLEAR * marked)

    return judge


_NAME = re.compile("[\u3400-\u9fff]{2,4}")
# Its characters apart one by one, or its family name and given name apart.
_SPACED_NAME = re.compile(
    "{0}(?:{1}{0}){{1,2}}|{0}{{1,2}}{1}{0}{{2}}|{0}{{2}}{1}{0}".format("[\u3400-\u9fff]", "[ \u3000]+")
)


def _holds_names(column: Column) -> bool:
    """Whether texts are two to four Chinese characters, all but a few of them without a space between."""
    names = others = 0
    for text, count in islice(column.texts.items(), 200):
        if _NAME.fullmatch(text.strip()):
            names += count
        elif not _SPACED_NAME.fullmatch(text.strip()):
            others += count
    return names >= 5 and names >= CLEAR * others


def _name_space(column: Column) -> Outcome:
    """Spaces that were put into a Chinese name to make it as wide as the longer ones."""
    outcome = Outcome()
    if not _holds_names(column):
        return outcome
    spaced = [text for text in column.texts if _SPACED_NAME.fullmatch(text)]
    plain = sum(count for text, count in column.texts.items() if _NAME.fullmatch(text))
    for text in spaced:
        after = re.sub(r"\s", "", text)
        safe = column.texts.get(after, 0) > column.texts[text]
        outcome.values[text] = _proposal(after, reason("tidy.name_space", count=plain, total=column.filled), safe)
    return outcome


_RECORD = re.compile(r"^\s*[\[{]")
_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")


def _quotes(column: Column, odd: list[str], table: Table) -> _Judge:
    """Quotes around a value of which the column has the bare form, or hardly any other quoted one; O''Brien."""
    texts = column.texts
    records = any(_RECORD.match(text) for text in texts)
    wrapped = sum(texts[text] for text in odd if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"")
    apostrophes = _cells(column, _APOSTROPHE)
    doubled = sum(texts[text] for text in odd if "''" in text)

    def judge(text: str, after: str) -> Finding | None:
        if records:
            return None
        twin = texts.get(after, 0)
        if twin > texts[text]:
            return _proposal(after, reason("tidy.quotes_twin", count=twin, value=after), True)
        if text[0] in "'\"":
            return _proposal(after, reason("tidy.quotes", count=wrapped, total=column.filled), False)
        return _proposal(after, reason("tidy.doubled_apostrophe", count=apostrophes), apostrophes >= CLEAR * doubled)

    return judge


_JUDGES: dict[str, Callable[[Column, list[str], Table], _Judge]] = {
    "mojibake": _mojibake,
    "control": _control,
    "zero-width": _zero_width,
    "full-width": _full_width,
    "odd-space": _odd_space,
    "trim": _trim,
    "inner-space": _inner_space,
    "apostrophe-prefix": _apostrophe_prefix,
    "quotes": _quotes,
}
