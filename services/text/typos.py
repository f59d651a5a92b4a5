"""Slips in prose that lists and a dictionary can tell: misspelt words, wrong characters, doubled words and marks.

Chinese wrong characters stand in data/typos_zh.tsv, English misspellings in data/typos_en.tsv. No grammar is judged,
nor 的, 地 and 得; a list knows only what stands in it, and whoever shows the result says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from services.text.lexicon import is_known_word

TypoKind = Literal["listed", "doubtful", "unknown", "doubled"]


@dataclass(frozen=True, slots=True)
class Typo:
    """One slip: where it stands in the text, what stands there, and what is meant.

    ``listed`` is never right; ``doubtful`` can be meant in another sense; ``unknown`` is no word of the dictionary and
    one slip away from one word of it; ``doubled`` is a word, character or mark written twice.
    """

    start: int
    wrong: str
    right: str
    kind: TypoKind

    @property
    def certain(self) -> bool:
        """Whether the text can only be wrong here."""
        return self.kind == "listed"


def typos_in(text: str) -> list[Typo]:
    """The slips of a text in their order, none overlapping another."""
    found = sorted([*_chinese(text), *_english(text), *_doubled(text)], key=lambda typo: (typo.start, -len(typo.wrong)))
    kept: list[Typo] = []
    for typo in found:
        if not kept or typo.start >= kept[-1].start + len(kept[-1].wrong):
            kept.append(typo)
    return kept


def corrected(text: str, typos: list[Typo]) -> str:
    """The text with what was meant in the place of its slips."""
    parts, at = [], 0
    for typo in typos:
        parts += [text[at : typo.start], typo.right]
        at = typo.start + len(typo.wrong)
    return "".join([*parts, text[at:]])


_WORD = re.compile(r"(?<![\w@./\\-])[A-Za-z]+(?:['’][A-Za-z]+)?(?![\w@/\\]|\.\w|-)")
_MARKS = re.compile(r"([，、；：])\1+|(?<!。)。。(?!。)|(?<![.,\d]),,(?!,)|;;+")
_TWICE = re.compile(r"\b([A-Za-z]{2,})(\s+)\1\b", re.I)
_MAY_BE_TWICE = frozenset({"had", "that", "is", "no", "very", "so", "bye", "ha", "please", "really", "many", "much"})
_CHARACTERS = re.compile(r"(?<!目)的的(?![确话])|们们|(?<!暖)(?<!温)和和(?![气美睦平])|被被|与与|(?<!以)及及")
_SPELLINGS = (
    *(("our", "or"), ("ise", "ize"), ("isi", "izi"), ("isa", "iza"), ("yse", "yze"), ("ysi", "yzi"), ("ogue", "og")),
    *(("tre", "ter"), ("bre", "ber"), ("lled", "led"), ("lling", "ling"), ("ller", "ler"), ("llor", "lor")),
    *(("ence", "ense"), ("ae", "e"), ("oe", "e"), ("mme", "m"), ("ement", "ment"), ("lful", "llful"), ("que", "ck")),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_UNKNOWN = 5


def _chinese(text: str) -> Iterator[Typo]:
    if text.isascii():
        return
    known = _listed_zh()
    for first, second in pairwise(range(len(text))):
        for wrong, right, doubt in known.get(text[first : second + 1], ()):
            if text.startswith(wrong, first) and not _is_meant(text, first, wrong, doubt):
                yield Typo(first, wrong, right, "doubtful" if doubt else "listed")


def _english(text: str) -> Iterator[Typo]:
    known = _listed_en()
    for match in _WORD.finditer(text):
        word = match[0]
        right = known.get(word.lower())
        if right is not None:
            yield Typo(match.start(), word, _cased(right, word), "listed")
        elif len(word) >= _SHORTEST_UNKNOWN and word.islower() and word.isalpha() and not _is_word(word):
            likely = _nearest(word)
            if likely is not None:
                yield Typo(match.start(), word, likely, "unknown")


def _doubled(text: str) -> Iterator[Typo]:
    for match in _MARKS.finditer(text):
        yield Typo(match.start(), match[0], match[0][0], "doubled")
    for match in _CHARACTERS.finditer(text):
        yield Typo(match.start(), match[0], match[0][0], "doubled")
    for match in _TWICE.finditer(text):
        is_name = match[1].istitle() and match[0].endswith(match[1])
        if match[1].lower() not in _MAY_BE_TWICE and not is_name:
            yield Typo(match.start(), match[0], match[1], "doubled")


def _is_word(word: str) -> bool:
    """Whether it is in the dictionary, which is American, in its own spelling or in that of other places."""
    spellings = (word.replace(other, american) for other, american in _SPELLINGS if other in word)
    return is_known_word(word) or any(map(is_known_word, spellings))


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str | None:
    """The one word of the dictionary that is one slip away, or None where there is none or more than one.

    Swapped and doubled letters are tried first: they are the commonest slips (Damerau 1964).
    """
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    single = {word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]}
    doubled = {word[:at] + word[at - 1] + word[at:] for at in range(1, len(word) + 1)}
    likely = {other for other in swapped | single | doubled if other != word and is_known_word(other)}
    if not likely:
        left_out = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
        put_in = {word[:at] + letter + word[at:] for at in range(1, len(word) + 1) for letter in _LETTERS}
        other = {word[:at] + letter + word[at + 1 :] for at in range(1, len(word)) for letter in _LETTERS}
        likely = {near for near in left_out | put_in | other if is_known_word(near)}
    return likely.pop() if len(likely) == 1 else None


def _cased(right: str, wrong: str) -> str:
    if wrong.isupper():
        return right.upper()
    return right[0].upper() + right[1:] if wrong[0].isupper() else right


@cache
def _listed_zh() -> dict[str, list[tuple[str, str, str]]]:
    """(wrong, right, doubt) by the first two characters of the wrong form, the longest first.

    A doubt is ``?`` and the longer words, parted by ``|``, in which the form is right.
    """
    listed: dict[str, list[tuple[str, str, str]]] = {}
    for wrong, right, *doubt in sorted(_rows("typos_zh.tsv"), key=lambda row: -len(row[0])):
        listed.setdefault(wrong[:2], []).append((wrong, right, doubt[0] if doubt else ""))
    return listed


def _is_meant(text: str, at: int, wrong: str, doubt: str) -> bool:
    """Whether the form stands in one of the longer words in which it is right."""
    around = text[max(0, at - 2) : at + len(wrong) + 2]
    return any(word in around for word in doubt[1:].split("|") if word)


@cache
def _listed_en() -> dict[str, str]:
    return {row[0]: row[1] for row in _rows("typos_en.tsv")}


def _rows(name: str) -> list[list[str]]:
    lines = files(__package__).joinpath("data", name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
