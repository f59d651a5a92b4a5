"""How often a text denies, so that two wordings of one text can be compared by it. In Chinese and English.

Counted are words, not meanings: whoever sees a difference asks a person to look.
"""

from __future__ import annotations

import re

_NO_NEGATION = re.compile(
    r"对不起|不好意思|差不多|不得不|不仅|不但|不过|不管|不论|不光|不只|不同|不断|不久|不必说|无论|无非|未来|未免|"
    r"没错|没问题|没关系|莫不|无不|是不是|能不能|好不好|要不要|有没有|不要紧"
)
"""Words with a negation in them that deny nothing, or that deny twice."""
_CHINESE = re.compile(r"[不没无未勿]")
_ENGLISH = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nothing|nobody|without|cannot|[a-z]+n['’]t)\b", re.IGNORECASE
)


def negations(text: str) -> int:
    """How many words of a text deny."""
    return len(_CHINESE.findall(_NO_NEGATION.sub("", text))) + len(_ENGLISH.findall(text))
