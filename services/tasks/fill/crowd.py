"""What the answers together betray: one answer for many inputs, another row's answer, an example of the prompt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from services.tasks.fill.kinds import plain
from services.tasks.fill.wanted import Wanted
from services.workbook.changes import Reason, reason

FEWEST = 4
"""Distinct inputs from which on one and the same answer is odd."""

_SHORT = 6
"""Characters below which an answer may be like an example by chance."""

_MANY = 6
"""Distinct inputs that hardly all belong to one of several choices."""
_SENTENCE = 16
"""Characters of a text that no two different inputs share by chance."""
_ALIKE = 60
"""Of 100, how alike two inputs are that may well get the same text."""
_NEAR = 10
"""Inputs before and after one that were asked about in the same call, so that answers may have been mixed up."""
_OWN, _OTHERS = 0.3, 0.6
"""Shares of an answer that stand in its own row, at most, and in another one, at least, where it is the other one's."""
_CLAUSE = 5
"""Characters of a Chinese clause that two rows hardly share by chance."""
_TAG = 4
"""Characters of a Chinese tag that is a wording rather than a subject such as 物流, which many rows share."""
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、\s]+")
_CHINESE = re.compile("[\u3400-\u9fff]")
_REWORDED = ("within", "summary", "wording")
_WORDS = re.compile(r"[^\W\d_\u3400-\u9fff]{4,}|[\u3400-\u9fff]+")


def example_answers(examples: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], key: str) -> frozenset[str]:
    """What the examples of a prompt answer under a key, long enough to be known again."""
    said = (answer.get(key) for _, answer in examples)
    return frozenset(plain(text) for text in said if isinstance(text, str) and len(plain(text)) >= _SHORT)


def copies(
    examples: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], values: Mapping[str, str | Sequence[str]]
) -> tuple[str, ...]:
    """The keys of several answers that are together just those of an example, which one alone may be by chance."""
    for _, answer in examples:
        known = {key: plain(value) for key, value in answer.items() if isinstance(value, str)}
        said = {key: plain(value) for key, value in values.items() if isinstance(value, str)}
        if len(known) > 2 and known == said:
            return tuple(known)
    return ()


def is_one_for_all(column: Wanted, said: Sequence[str | Sequence[str] | None]) -> bool:
    """Whether all of many distinct inputs got the same of several choices that nothing in their rows can prove."""
    if column.kind.name != "choice" or column.check != "none" or len(column.kind.choices) < 3:
        return False
    return len(said) >= _MANY and said[0] is not None and len(set(map(str, said))) == 1


def repeated(column: Wanted, said: Sequence[str | Sequence[str] | None], sources: Sequence[str]) -> frozenset[str]:
    """The answers, made plain, that too many distinct inputs got; a choice may be the same for all.

    Too many are more than half of several, and of whole sentences two whose inputs are not alike.
    """
    if column.kind.name not in ("text", "number", "date") or column.check == "none":
        return frozenset()
    inputs: defaultdict[str, list[str]] = defaultdict(list)
    for text, source in zip(said, sources, strict=True):
        if isinstance(text, str):
            inputs[plain(text)].append(source)
    count = sum(map(len, inputs.values()))
    often = {text for text, of in inputs.items() if len(of) >= FEWEST and len(of) * 2 > count}
    if column.check in ("translation", "summary", "wording"):
        often |= {text for text, of in inputs.items() if len(of) > 1 and len(text) >= _SENTENCE and not _alike(of)}
    return frozenset(often)


def _alike(sources: Sequence[str]) -> bool:
    first = plain(sources[0])
    return all(fuzz.ratio(first, plain(source)) >= _ALIKE for source in sources[1:])


def of_another(column: Wanted, said: str | Sequence[str], place: int, sources: Sequence[str]) -> bool:
    """Whether an answer that should be in the words of its row is in a neighbour's, or holds a clause of one."""
    near = range(max(0, place - _NEAR), min(len(sources), place + _NEAR + 1))
    others = [sources[other] for other in near if other != place]
    if not isinstance(said, str):
        free = column.kind.name == "list" and not column.kind.choices
        return free and _holds_anothers("\n".join(said), sources[place], others, _TAG)
    if column.check not in _REWORDED or column.kind.name != "text":
        return False
    words = _words(said)
    if len(words) >= FEWEST and _share(words, sources[place]) <= _OWN:
        return any(_share(words, other) >= _OTHERS for other in others)
    return _holds_anothers(said, sources[place], others, _CLAUSE)


def _holds_anothers(said: str, source: str, others: Sequence[str], shortest: int) -> bool:
    """Whether a Chinese clause of so many characters stands in another row word for word, but not in its own."""
    own = plain(source)
    clauses = [part for part in _CLAUSE_END.split(said) if len(part) >= shortest and _CHINESE.match(part)]
    strange = [plain(clause) for clause in clauses if plain(clause) not in own]
    return bool(strange) and any(clause in plain(other) for other in others for clause in strange)


def _share(words: frozenset[str], source: str) -> float:
    return len(words & _words(source)) / len(words)


@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    """The longer words in letters, and of Chinese, which has no spaces, every two characters side by side."""
    found: set[str] = set()
    for run in _WORDS.findall(plain(text)):
        found |= {run} if run.isascii() or run[0] < "\u3400" else {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(found)


def crowd_doubt(
    column: Wanted, said: str | Sequence[str], source: str, known: frozenset[str], often: frozenset[str]
) -> Reason | None:
    """Why one answer is odd beside the others; what stands in its own row is not."""
    if not isinstance(said, str) or column.kind.name == "choice":
        return None
    text = plain(said)
    if text and text in plain(source):
        return None
    if text in known:
        return reason("fill.like-example")
    return reason("fill.same-answer") if text in often else None
