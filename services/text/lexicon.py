"""Whether a word is an English word or a common name, so that a rare word is not taken for a misspelt frequent one.

The list is that of pyspellchecker (160,000 words with the commonest names, from film subtitles), read when first asked
for. Not here: correcting a word by the list; it is only ever used to leave a word alone.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources


def is_known_word(word: str) -> bool:
    """Whether ``word`` (any case) stands in the list."""
    return word.lower() in _words()


@cache
def _words() -> frozenset[str]:
    packed = (resources.files("spellchecker") / "resources" / "en.json.gz").read_bytes()
    return frozenset(json.loads(gzip.decompress(packed)))
