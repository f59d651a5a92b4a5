"""How many tokens a text is, by its script, and how that is put right by what an endpoint has counted.

Chinese, Japanese and Korean take about one token a character, other scripts about one for four characters.
"""

from __future__ import annotations

import re
from threading import Lock

_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef\U00020000-\U0003ffff]"
)

PER_MESSAGE = 4
"""What a message costs beside its text: its role and its borders."""

_LEAST_LEARNT, _LEAST, _MOST = 200, 0.3, 3.0
_WEIGHT = 0.3


def estimated_tokens(text: str) -> int:
    """About how many tokens the text is."""
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide + 3) // 4


class Ratio:
    """Tokens as an endpoint counts them for each that we estimate: 1 at first, then learnt. Any thread may use it."""

    def __init__(self, value: float | None = None) -> None:
        self.value = min(max(value, _LEAST), _MOST) if value is not None else 1.0
        self.is_learnt = value is not None
        self._lock = Lock()

    def learn(self, estimate: int, counted: int) -> bool:
        """Take in what the endpoint counted for a text of this estimate; whether the ratio is another now."""
        if estimate < _LEAST_LEARNT or counted <= 0:
            return False
        seen = min(max(counted / estimate, _LEAST), _MOST)
        with self._lock:
            before = self.value
            self.value = before + _WEIGHT * (seen - before) if self.is_learnt else seen
            self.is_learnt = True
            return abs(self.value - before) > 0.02 * before

    def tokens(self, estimate: int) -> int:
        """The estimate, put right."""
        return round(estimate * self.value)
