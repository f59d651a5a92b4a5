"""Rare values that are slips of frequent ones: which, and how sure, from the counts of one vocabulary alone.

A vocabulary is any collection of texts with counts: a column's values, the parts of its lists, its words. Not here:
where a vocabulary comes from and what is written back (``spelling``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.tasks.clean.rules.likeness import lengthened, only_a_slip
from services.text.lexicon import is_known_word
from services.text.pinyin import confusable, has_han
from services.text.similarity import LONG, Likes, changed_words, collision_key, orders_or_numbers, slips

FREQUENT = 5
"""A text is taken for a right one from this count on."""

_RARE = 4
"""A text is looked at as a slip up to this count."""
_TIMES, _SAFE_TIMES = 8, 10
"""How many times as often the right text must stand, to be proposed and to be safe."""
_ODDS, _SAFE_ODDS = 10.0, 100.0
"""Odds of a slip against a right but rare value, to be proposed and to be safe."""
_BROKEN_WORD = 5.0
"""What the odds are multiplied by where the rare text has no word in place of a known one."""
_KNOWN_WORD_ODDS = 500.0
"""Odds from which on even a text of real words is proposed to be a slip."""
_SHORTEST_WORD, _SAFE_WORD = 3, 4
"""Letters of a word that differs, to be proposed and to be safe: codes and initials differ by one sign."""
_SAFE_LETTERS = 5
"""Letters of a whole text whose slip may be safe."""
_SLIPS = 2
"""Cells that may have another form where the right one is not overwhelming."""
_DENSE = 0.1
"""Share of frequent Chinese texts near another one, from which on nearness proves nothing."""

Way = Literal["slip", "form", "longer", "alike", "near"]
"""A slip of the keyboard; another way of writing; the same with a part more or less; a character that sounds or looks
like the right one; another character."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A rare text with the frequent one it is a slip or another form of, their counts, and the ``way`` they differ."""

    rare: str
    common: str
    rare_count: int
    common_count: int
    safe: bool
    confidence: float
    way: Way = "slip"


def slips_in(counts: Mapping[str, int], elsewhere: Callable[[str], int]) -> dict[str, Variant]:
    """The texts that are slips of frequent ones; ``elsewhere`` tells how often a word occurs in the table.

    A slip of a value that stands in c cells is as probable as the vocabulary has slips, times c; that a right but
    rare value lies so near is as probable as the frequent values lie near each other, times the number of rare values
    that lie near none. The odds of the two decide, so that a vocabulary which is open (names, titles) or dense (codes)
    gives nothing, however similar two of its values are.
    """
    frequent = [text for text, count in counts.items() if count >= FREQUENT and len(text) > 1]
    rare = [text for text, count in counts.items() if count <= _RARE and len(text) > 1]
    if not frequent or not rare:
        return {}
    likes = Likes(frequent)
    long_likes = Likes([text for text in frequent if len(text) >= LONG], limit=2)

    def near(text: str) -> list[str]:
        found = likes.of(text)
        return found or (long_likes.of(text) if len(text) >= LONG else found)

    dense = sum(1 for text in frequent if near(text))
    density = (dense + 0.3) / (len(frequent) + 5)
    neighbours = {text: found for text in rare if (found := near(text))}
    if not neighbours:
        return {}
    apart = len(rare) - len(neighbours)
    closed = apart <= len(frequent)  # a list of choices, not of names
    chance = (apart + 0.5) * density / len(frequent)
    rate = (len(neighbours) - 0.5) / sum(counts.values())
    made = {}
    for text, found in neighbours.items():
        common = max(found, key=lambda other: (counts[other], other))
        odds = rate * counts[common] / chance
        sure = len(found) == 1 or counts[common] >= 50 * sum(counts[other] for other in found if other != common)
        evidence = _word_evidence(text, common)
        likely = odds * (evidence if closed else 1.0)
        if counts[common] < _TIMES * counts[text] or likely < _ODDS or has_han(text + common):
            continue
        if not _may_be_slip(text, common, odds):
            continue
        safe = sure and odds * evidence >= _SAFE_ODDS and counts[common] >= _SAFE_TIMES * counts[text]
        safe = safe and proves_slip(text, common, counts[text], elsewhere)
        way: Way = "form" if collision_key(text) == collision_key(common) else "slip"
        safe = safe and way == "slip"  # Furth is not Fürth misspelt, but may be another place
        made[text] = Variant(text, common, counts[text], counts[common], safe, odds / (1 + odds), way)
    return made


def proves_slip(rare: str, common: str, count: int, elsewhere: Callable[[str], int]) -> bool:
    """Whether the difference of two texts can only be a slip: in a word that is no word, no number, no other form."""
    if sum(map(str.isalpha, common)) < _SAFE_LETTERS or sum(map(str.isalpha, rare)) < _SAFE_LETTERS - 1:
        return False
    before, after = changed_words(rare, common)
    if _is_address_or_code(common, after) or not only_a_slip(before, after, _SAFE_WORD):
        return False
    most = max(2 * count, min(map(elsewhere, after)) // 50)
    return all(elsewhere(word) <= most for word in before if not is_known_word(word) and len(word) > 1)


def _is_address_or_code(text: str, words: Sequence[str]) -> bool:
    """Whether the text names a mailbox, a site, or is a code in capitals: one letter apart is another one there."""
    if "@" in text or "://" in text or text.lower().startswith("www."):
        return True
    return text.isupper() and " " not in text and not all(map(is_known_word, words))


def _may_be_slip(rare: str, common: str, odds: float) -> bool:
    """Whether a likeness is worth a person's look: no digit was lost or won, no short code or real word differs."""
    before, after = changed_words(rare, common)
    if any(character.isdigit() for word in (*before, *after) for character in word):
        return False
    if after and min(map(len, after)) < _SHORTEST_WORD:
        return False
    return odds >= _KNOWN_WORD_ODDS or not before or not all(map(is_known_word, before))


def _word_evidence(rare: str, common: str) -> float:
    """What it adds to the odds that a word stands in the frequent text where the rare one has none."""
    before, after = changed_words(rare, common)
    broken = before and after and all(map(is_known_word, after)) and not any(map(is_known_word, before))
    return _BROKEN_WORD if broken else 1.0


def confusions_in(counts: Mapping[str, int]) -> dict[str, Variant]:
    """Chinese texts of three or more characters, one of which was taken for another of like sound or shape.

    Never safe: two firms or two people may well bear names that sound alike. Where the frequent texts lie near each
    other, only such a character tells; where they are apart by one themselves, nothing does.
    """
    frequent = [text for text, count in counts.items() if count >= FREQUENT and len(text) >= 3 and has_han(text)]
    rare = [text for text, count in counts.items() if count <= _RARE and len(text) >= 3 and has_han(text)]
    if not frequent or not rare:
        return {}
    likes = Likes(frequent)
    near = {text: likes.of(text) for text in frequent}
    if any(confusable(text, other) for text, others in near.items() for other in others):
        return {}
    dense = sum(1 for others in near.values() if others) > _DENSE * len(frequent)
    made = {}
    for text in rare:
        found = [
            other
            for other in likes.of(text)
            if counts[other] >= _TIMES * counts[text] and not orders_or_numbers(text, other)
        ]
        if dense:
            found = [other for other in found if confusable(text, other)]  # 末完成 beside 未完成 and 已完成
        alike = len(found) == 1 and confusable(text, found[0])
        if len(found) == 1 and (alike or len(text) >= 4):
            common = found[0]
            confidence = 0.9 if alike else 0.7
            way: Way = "alike" if alike else "longer" if lengthened(text, common) else "near"
            made[text] = Variant(text, common, counts[text], counts[common], False, confidence, way)
    return made


def forms_in(counts: Mapping[str, int]) -> dict[str, Variant]:
    """Texts that differ from a far more frequent one in case, accents, width, spacing, punctuation, order of words."""
    groups: dict[str, list[str]] = {}
    for text in counts:
        key = collision_key(text)
        if len(key) >= _SAFE_WORD:
            groups.setdefault(key, []).append(text)
    made = {}
    for texts in groups.values():
        if len(texts) < 2:
            continue
        common = max(texts, key=lambda text: (counts[text], text))
        others = sum(counts[text] for text in texts if text != common)
        for text in texts:
            if text == common or counts[common] < FREQUENT or counts[common] < 3 * counts[text]:
                continue
            overwhelming = counts[common] >= 20 * others and counts[text] <= _RARE
            clear = counts[common] >= _TIMES * others and counts[text] <= _SLIPS
            safe = (overwhelming or clear) and _trivially_apart(text, common)
            made[text] = Variant(
                text, common, counts[text], counts[common], safe, 0.99 if overwhelming else 0.7, "form"
            )
    return made


def _trivially_apart(text: str, common: str) -> bool:
    """Whether only spaces, a closing point or case differ, and no digit stands beside the difference."""
    changed = changed_words_as_written(text, common)
    if any(len(word) == 1 or any(map(str.isdigit, word)) for word in changed):
        return False
    if any(map(str.isdigit, text)) and text.casefold() != common.casefold():
        return False
    bare = [" ".join(words.split()).rstrip(".,;: ") for words in (text.casefold(), common.casefold())]
    return bare[0] == bare[1] and slips(text.casefold(), common.casefold(), 3) <= 3


def changed_words_as_written(a: str, b: str) -> list[str]:
    """The words of ``a`` that ``b`` does not hold as they are written."""
    others = set(b.split())
    return [word for word in a.split() if word not in others]
