"""How alike two texts are, and finding the likes of a text among many without comparing all pairs.

Lives here: the distance of single slips (one character typed wrong, left out, put in, or two swapped), texts with
characters replaced by a stand-in, what part of two texts differs, key collision. Not here: what a likeness leads to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from services.text.widths import fold_width

_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("s", "es", "d", "ed", "n", "en", "er", "r", "ing", "y", "ly", "a", "e", "o", "i", "t", "al", "ic")
_NUMBERING = frozenset("一二三四五六七八九十零〇百千两甲乙丙丁戊己庚辛东西南北中上下前后左右内外大小男女新旧老正副")

_CROWD = 400
_SENTENCE = 40
_MOSTLY = 0.8

LONG = 12
"""From this many characters on, two slips are still a small part of a text."""


def slips(a: str, b: str, limit: int = 2) -> int:
    """The number of slips between two texts (optimal string alignment distance); ``limit`` + 1 where there are more."""
    return int(OSA.distance(a, b, score_cutoff=limit))


def digits_masked(text: str) -> str:
    """The text with each run of digits written as one 0, so that values which differ in their numbers fall together."""
    return _DIGITS.sub("0", text)


def digits_restored(masked: str, source: str) -> str | None:
    """``masked`` with the runs of digits of ``source`` in order, None where their number is not the same."""
    runs = _DIGITS.findall(source)
    if masked.count("0") != len(runs):
        return None
    rest = iter(runs)
    return re.sub("0", lambda _: next(rest), masked)


def differ_in_digits_only(a: str, b: str) -> bool:
    """Whether two texts are the same once the digits are taken out; no slip can be told from another number."""
    return _DIGITS.sub("", a) == _DIGITS.sub("", b)


def mostly_the_same(a: str, b: str) -> bool:
    """Whether two sentences share at least four fifths of their characters in order."""
    return min(len(a), len(b)) >= _SENTENCE and OSA.normalized_similarity(a, b, score_cutoff=_MOSTLY) >= _MOSTLY


def words_of(text: str) -> list[str]:
    """The runs of letters and digits of a text, in lower case."""
    return _WORD.findall(text.lower())


def changed_words(a: str, b: str) -> tuple[list[str], list[str]]:
    """The words in which two texts differ: what stands between their common first and last words, for each text."""
    first, second = words_of(a), words_of(b)
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]


def inflected(a: str, b: str) -> bool:
    """Whether two words could be forms of one word, or a male and a female name: they differ only in an ending."""
    short, long = sorted((a, b), key=len)
    stem = 0
    while stem < len(short) and short[stem] == long[stem]:
        stem += 1
    return stem >= 2 and short[stem:] in ("", *_ENDINGS) and long[stem:] in ("", *_ENDINGS)


def doubled(a: str, b: str) -> bool:
    """Whether ``a`` is ``b`` with one of its characters written twice."""
    return len(a) == len(b) + 1 and any(a == b[:place] + b[place - 1 :] for place in range(1, len(b) + 1))


def stands_in(pattern: str, mark: str, text: str) -> bool:
    """Whether ``pattern`` is ``text`` with one or more characters replaced by ``mark`` and nothing else changed."""
    if len(pattern) != len(text) or pattern == text:
        return False
    return all(seen in (meant, mark) for seen, meant in zip(pattern, text, strict=True) if seen != meant)


def numbers_or_places(character: str) -> bool:
    """Whether a Chinese character numbers, places or sizes things, so that another of its kind would fit as well."""
    return character in _NUMBERING


def orders_or_numbers(a: str, b: str) -> bool:
    """Whether Chinese texts differ in a character that numbers, places or sizes things, so that both may be meant."""
    return any((x in _NUMBERING or y in _NUMBERING) for x, y in zip(a, b, strict=False) if x != y) or (
        len(a) != len(b) and any(character in _NUMBERING for character in set(a) ^ set(b))
    )


def collision_key(text: str) -> str:
    """What is left of a text without case, accents, width, spacing, punctuation and order of words.

    The fingerprint method of OpenRefine ("Clustering in depth"), without its removal of repeated words.
    """
    if text.isascii():
        return " ".join(sorted(_WORD.findall(text.lower())))
    folded = unicodedata.normalize("NFKD", fold_width(text).casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(sorted(_WORD.findall(plain)))


class Likes:
    """Finds, for a text, the texts of a collection that are at most ``limit`` (1 or 2) slips away.

    With one slip a short text is kept under each of its forms with one character left out, which two texts one slip
    apart always share (Garbe's symmetric deletion). Longer ones are kept under their beginning and their end: slips
    can't touch both, if there are fewer of them than pieces (of two slips, those in both outer thirds at once are
    missed). Where very many texts share a piece, they are passed over. Cost is linear in the number of texts.
    """

    def __init__(self, texts: Iterable[str], limit: int = 1) -> None:
        self.limit = limit
        self._pieces: dict[tuple[int, str, int], list[str]] = {}
        for text in texts:
            for key in self._keys(text, len(text)):
                self._pieces.setdefault(key, []).append(text)

    def of(self, text: str) -> list[str]:
        """The texts within ``limit`` slips of ``text``, itself left out."""
        found: dict[str, None] = {}
        for length in range(max(1, len(text) - self.limit), len(text) + self.limit + 1):
            for key in self._keys(text, length):
                pool = self._pieces.get(key, ())
                for other in pool if len(pool) <= _CROWD else ():
                    if other != text and other not in found and slips(text, other, self.limit) <= self.limit:
                        found[other] = None
        return list(found)

    def _keys(self, text: str, length: int) -> Iterable[tuple[int, str, int]]:
        if self.limit == 1 and length <= LONG:
            return {(length, text, 0), *((length, text[:at] + text[at + 1 :], 0) for at in range(len(text)))}
        size = (length - 1) // (self.limit + 1)
        return (length, text[:size], 1), (length, text[-size:], 2)
