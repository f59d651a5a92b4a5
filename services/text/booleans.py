"""Yes and no in a column: which pair of words it uses, and what each of its distinct values means.

Single values are never judged: 1, 无 or T mean yes and no only among their like.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BooleanColumn:
    """A column of yes and no. `true` and `false` are the spellings of its most frequent pair, as written there.

    `meanings` gives each value its truth; `canonical` each value the column's own spelling of it.
    """

    true: str
    false: str
    meanings: Mapping[str, bool]
    canonical: Mapping[str, str]
    mixed: bool
    """Whether more than one pair of words or more than one spelling of them is in use."""


def boolean_vocabulary(values: Mapping[str, int]) -> BooleanColumn | None:
    """What a column of yes and no uses, from its distinct values and how often each occurs; None where it isn't one.

    Every value must be a known word and both truths must occur. Digits alone (1 and 0) are numbers unless words of yes
    and no stand among them. Where the values all belong to one pair, only its letter case can differ.
    """
    if not 2 <= len(values) <= _MOST_SPELLINGS:
        return None
    found: dict[str, tuple[str, bool]] = {}
    for value in values:
        known = _WORDS.get(_fold(value))
        if known is None:
            return None
        found[value] = known
    truths = {truth for _, truth in found.values()}
    pairs = {pair for pair, _ in found.values()}
    if len(truths) < 2 or pairs == {"1"} or not _agree(pairs):
        return None
    weight = {pair: sum(values[v] for v, (p, _) in found.items() if p == pair) for pair in pairs}
    pair = max(sorted(pairs), key=lambda p: (weight[p], p != "1"))
    spelling = {truth: _commonest(values, found, pair, truth) for truth in (True, False)}
    true, false = _completed(pair, spelling[True], spelling[False])
    canonical = {value: true if truth else false for value, (_, truth) in found.items()}
    return BooleanColumn(
        true,
        false,
        {value: truth for value, (_, truth) in found.items()},
        canonical,
        any(value != word for value, word in canonical.items()),
    )


_MOST_SPELLINGS = 24

# One pair per line of meaning; the first two words are its own spelling.
_PAIRS: tuple[tuple[str, str, str], ...] = (
    ("yes", "yes", "no"),
    ("y", "y", "n"),
    ("true", "true", "false"),
    ("t", "t", "f"),
    ("1", "1", "0"),
    ("on", "on", "off"),
    ("是", "是", "否"),
    ("是", "是的", "不是"),
    ("有", "有", "无"),
    ("有", "有", "没有"),
    ("对", "对", "错"),
    ("对", "正确", "错误"),
    ("√", "√", "×"),
    ("√", "✓", "✗"),
    ("√", "✔", "✘"),
    ("√", "☑", "☒"),
)
_WORDS: dict[str, tuple[str, bool]] = {}
for _pair, _true, _false in _PAIRS:
    _WORDS.setdefault(_true, (_pair, True))
    _WORDS.setdefault(_false, (_pair, False))

# Pairs that ask the same question. 有/无 (is there any) and 对/错 (is it right) mix with their own like and with signs.
_SAME_QUESTION = (
    frozenset(("yes", "y", "true", "t", "1", "是", "√")),
    frozenset(("有", "yes", "y", "1", "√")),
    frozenset(("对", "true", "t", "1", "√")),
    frozenset(("on", "true", "1")),
)


def _agree(pairs: set[str]) -> bool:
    return any(pairs <= group for group in _SAME_QUESTION)


def _fold(value: str) -> str:
    return value.strip().translate(_NARROW).casefold().rstrip(".")


_NARROW = {0xFF01 + i: 0x21 + i for i in range(94)}


def _commonest(values: Mapping[str, int], found: Mapping[str, tuple[str, bool]], pair: str, truth: bool) -> str | None:
    spellings = [value for value, meaning in found.items() if meaning == (pair, truth) and value == value.strip()]
    return max(spellings, key=lambda v: (values[v], v), default=None)


def _completed(pair: str, true: str | None, false: str | None) -> tuple[str, str]:
    """Both words, the one that doesn't occur written like the one that does (YES gives NO)."""
    own_true, own_false = next((t, f) for p, t, f in _PAIRS if p == pair)
    if true is None:
        return (_like(own_true, false), false) if false is not None else (own_true, own_false)
    return true, false if false is not None else _like(own_false, true)


def _like(word: str, model: str | None) -> str:
    if model is None or model.islower():
        return word
    return word.upper() if model.isupper() and (len(model) > 1 or len(word) == 1) else word.capitalize()
