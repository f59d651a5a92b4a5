"""Names in Latin letters as prose has them: capitals inside a sentence, acronyms, odd case. Not here: Chinese names.

There is no list of names: a word is taken for one by how it is written, so this only serves to compare two texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.text.lexicon import is_known_word
from services.text.months import MONTHS
from services.text.widths import fold_width

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-zÀ-ÖØ-öø-ɏ'’]*")
_OPENS = re.compile(r"(?:^|[.!?:;。！？：；，、\n\"“”(（【\[-])\s*$")
_NO_NAMES = frozenset(
    (
        *("i", "i'm", "i've", "i'll", "i'd", "am", "pm", "ok", "mr", "mrs", "ms", "dr"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        *MONTHS,
    )
)


def names_in(text: str) -> list[str]:
    """The words of a text that are written like names, each once, in their order."""
    text = fold_width(text)
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        if word.lower() in _NO_NAMES or len(word) < 2 or not _is_written_like_a_name(word):
            continue
        if word.istitle() and _OPENS.search(text[max(0, match.start() - 3) : match.start()]) and is_known_word(word):
            continue  # any word begins a sentence with a capital
        found[word] = None
    return list(found)


def latin_words(text: str) -> list[str]:
    """All words in Latin letters of two letters and more, each once."""
    words = (match[0] for match in _WORD.finditer(fold_width(text)))
    return [word for word in dict.fromkeys(words) if len(word) > 1 and word.lower() not in _NO_NAMES]


def names_missing(names: Iterable[str], text: str) -> list[str]:
    """The ``names`` that do not stand in ``text``, whatever their case."""
    there = fold_width(text).casefold()
    return [name for name in names if name.casefold() not in there]


def _is_written_like_a_name(word: str) -> bool:
    return word[0].isupper() or any(letter.isupper() for letter in word[1:])
