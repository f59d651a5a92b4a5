"""The tendency of a text by lists of words that judge, in Chinese and English, with negation and degree words.

A list knows no irony and no context: whoever shows the result says what it is. The words stand in data/sentiment_*.tsv.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from services.text.widths import fold_width, has_chinese

Tendency = Literal["positive", "neutral", "negative"]
Strength = Literal["weak", "medium", "strong"]

NEUTRAL_BELOW = 0.2
"""A score nearer to 0 has no tendency."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """What the words of a text say. ``score`` is from -1 to 1, ``words`` those that judged, the weightiest first.

    ``sure`` is true where several words agree and none speaks against them.
    """

    tendency: Tendency
    strength: Strength
    score: float
    words: tuple[str, ...]
    sure: bool


def judge(text: str) -> Sentiment:
    """The tendency of a text; ``neutral`` with no words where none of the lists' words stands in it."""
    found = [hit for clause, factor in _clauses(fold_width(text).lower()) for hit in _hits(clause, factor)]
    total = sum(weight for _, weight in found)
    # The normalisation of VADER (Hutto and Gilbert 2014), with a constant for weights up to 3.
    score = round(total / math.sqrt(total * total + 6), 2)
    size = abs(score)
    words = dict.fromkeys(word for word, _ in sorted(found, key=lambda hit: -abs(hit[1])))
    return Sentiment(
        tendency="neutral" if size < NEUTRAL_BELOW else "positive" if score > 0 else "negative",
        strength="weak" if size < 0.5 else "medium" if size < 0.8 else "strong",
        score=score,
        words=tuple(words),
        sure=len(found) > 1 and len({weight > 0 for _, weight in found}) == 1,
    )


_TURN = re.compile(r"但是|但|不过|然而|可是|只是|\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\byet\b")
_CLAUSE = re.compile(r"[,.;!?，。；！？、\n]+")
_ENGLISH = re.compile(r"[a-z]+(?:[-'’][a-z]+)*")
_NOT_ZH = (
    "并不",
    "并非",
    "没有",
    "毫无",
    "从不",
    "绝不",
    "不是",
    "不会",
    "不能",
    "不太",
    "不够",
    "不算",
    "谈不上",
    "不",
    "没",
    "无",
    "未",
    "别",
    "非",
)
_DEGREE_ZH = {
    **dict.fromkeys(("极其", "极为", "极度", "无比", "超级", "特别", "十分", "非常", "相当", "最"), 1.5),
    **dict.fromkeys(("很", "太", "超", "挺", "真", "好", "更", "蛮", "实在", "真的", "确实"), 1.25),
    **dict.fromkeys(("有点", "有些", "稍微", "稍", "略", "比较", "还算", "一点", "略微"), 0.6),
}
_NOT_EN = frozenset(
    ("not", "no", "never", "none", "nothing", "neither", "nor", "hardly", "barely", "without", "cannot", "cant")
)
_DEGREE_EN = {
    **dict.fromkeys(("extremely", "incredibly", "absolutely", "totally", "completely", "utterly", "highly"), 1.5),
    **dict.fromkeys(("very", "really", "so", "too", "super", "truly", "quite", "such", "most"), 1.25),
    **dict.fromkeys(("slightly", "somewhat", "fairly", "rather", "little", "bit", "kinda", "mildly"), 0.6),
}
_REACH_EN, _REACH_ZH = 3, 5
"""How many words (English) or characters (Chinese) before a word its negation and degree may stand."""


def _clauses(text: str) -> list[tuple[str, float]]:
    """The clauses with how much they count: after a "but" more, before it less (VADER's rule)."""
    parts: list[tuple[str, float]] = []
    for sentence in re.split(r"[.!?。！？\n]+", text):
        turn = _TURN.search(sentence)
        if turn is None:
            parts += [(clause, 1.0) for clause in _CLAUSE.split(sentence)]
        else:
            parts += [(clause, 0.6) for clause in _CLAUSE.split(sentence[: turn.start()])]
            parts += [(clause, 1.4) for clause in _CLAUSE.split(sentence[turn.end() :])]
    return parts


def _hits(clause: str, factor: float) -> list[tuple[str, float]]:
    found = [(word, weight * factor) for word, weight in _english(_ENGLISH.findall(clause))]
    return found + [(word, weight * factor) for word, weight in _chinese(clause)] if has_chinese(clause) else found


def _english(words: Sequence[str]) -> list[tuple[str, float]]:
    known, found = _words("en"), []
    for at, word in enumerate(words):
        weight = known.get(word)
        if weight is None:
            continue
        before = words[max(0, at - _REACH_EN) : at]
        for other in before:
            weight *= _DEGREE_EN.get(other, 1.0)
        if any(other in _NOT_EN or other.endswith(("n't", "n’t")) for other in before):
            weight *= -0.7
        found.append((word, weight))
    return found


def _chinese(clause: str) -> list[tuple[str, float]]:
    known, found, at, free = _words("zh"), [], 0, 0
    longest = max(map(len, known))
    while at < len(clause):
        word = next((clause[at : at + n] for n in range(longest, 0, -1) if clause[at : at + n] in known), None)
        if word is None:
            at += 1
            continue
        before = clause[max(free, at - _REACH_ZH) : at]
        if word == "好" and clause[at + 1 : at + 2] and _goes_on(clause[at + 1 :]):
            at += 1  # 好慢: a degree word here
            continue
        found.append((word, known[word] * _degree(before) * _sign(before)))
        at += len(word)
        free = at
    return found


def _goes_on(rest: str) -> bool:
    return any(rest.startswith(word) for word in _words("zh")) or rest[0] in "几多久像"


def _degree(before: str) -> float:
    return max((factor for word, factor in _DEGREE_ZH.items() if word in before), default=1.0, key=lambda f: abs(f - 1))


def _sign(before: str) -> float:
    rest, negations = before, 0
    for word in _DEGREE_ZH:
        rest = rest.replace(word, " ")  # 非常 negates nothing
    for word in _NOT_ZH:
        negations += rest.count(word)
        rest = rest.replace(word, "")
    return -0.7 if negations % 2 else 1.0


@cache
def _words(language: Literal["zh", "en"]) -> dict[str, float]:
    lines = files(__package__).joinpath("data", f"sentiment_{language}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {word: float(weight) for weight, words in rows for word in words.split("|")}
