"""The codes of the log in a person's language: what a request was for, and what went wrong with it.

The log itself keeps codes, whatever language is spoken; the texts stand in ``templates/messages``.
"""

from __future__ import annotations

from typing import get_args

from services.llm.question import WhyNot
from services.messages import Language, message

EXTRA_IDS = "extra-ids"
"""What the log says of a reply with answers to nothing that was asked, with their number behind it."""

_PURPOSES = {
    "clean.instruction": "instruction",
    "clean.values": "values",
    "fill.prompt": "prompt",
    "model.test": "test",
}
_FILL = "fill."


def purpose_in_words(purpose: str, language: Language) -> str:
    """What a request was for; a purpose that is not known is told as it is."""
    if purpose in _PURPOSES:
        return message(f"sent_for.{_PURPOSES[purpose]}", language)
    if purpose.startswith(_FILL):
        return message("sent_for.template", language, template=purpose.removeprefix(_FILL))
    return purpose


def trouble_in_words(error: str, language: Language) -> str:
    """What went wrong, with what the endpoint said of it; what is no code is told as it is."""
    code, _, detail = error.partition(": ")
    if code == EXTRA_IDS:
        return message("sent_trouble.extra", language, count=detail)
    if code not in get_args(WhyNot):
        return error
    told = message(f"unanswered.{code}", language)
    return f"{told} ({detail})" if detail else told
