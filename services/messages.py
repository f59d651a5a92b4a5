"""Texts for people, in Chinese and English, looked up by a dotted key in ``templates/messages/{zh,en}.toml``.

Every key exists in both languages with the same placeholders (a test holds that). Nothing here chooses wording.
"""

from __future__ import annotations

import locale
import os
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["zh", "en"]


@cache
def _texts(language: Language) -> dict[str, str]:
    path = resources.files("templates") / "messages" / f"{language}.toml"
    flat: dict[str, str] = {}

    def walk(prefix: str, node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                walk(f"{prefix}.{key}" if prefix else key, value)
        else:
            flat[prefix] = str(node)

    walk("", tomllib.loads(path.read_text("utf-8")))
    return flat


def message(key: str, language: Language, /, **parameters: object) -> str:
    """The text under ``key``, placeholders filled. Raises ``KeyError`` for an unknown key or missing parameter."""
    return _texts(language)[key].format(**parameters)


def system_language() -> Language:
    """The language of the person's system: ``DESKHAND_LANGUAGE``, else the locale; English where it is not Chinese."""
    wish = os.environ.get("DESKHAND_LANGUAGE", "").lower()
    if wish[:2] in ("zh", "en"):
        return "zh" if wish.startswith("zh") else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    found = locale.getlocale()[0] or ""
    return "zh" if found.lower().startswith(("zh", "chinese")) else "en"
