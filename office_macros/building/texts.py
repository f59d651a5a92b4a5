"""The module ``DhTexts``: what the macros say, in both languages, as VBA that any code page can hold.

The texts stand in the ``[macro...]`` tables of ``templates/messages/{en,zh}.toml``. VBA modules are stored in one byte
code page, so every character outside ASCII becomes a ``ChrW``. Which language is spoken is ``DhWords``' business.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

TABLE = "macro"
LANGUAGES = ("en", "zh")
LINE_LIMIT = 900
"""Characters in one generated line; VBA takes 1,023 ("Line too long", VBA language reference)."""
PROCEDURE_LIMIT = 40_000
"""Characters in one generated procedure; VBA takes 64 KB once compiled ("Procedure too large")."""

_PART = re.compile(r'[ !#-~]+|"|\n|.', re.S)
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def read_texts(messages: Path) -> dict[str, dict[str, str]]:
    """The texts by language and dotted key (``clean.done``). Raises ``ValueError`` where the languages' keys differ."""
    texts = {language: dict(_flat(_macro_table(messages / f"{language}.toml"))) for language in LANGUAGES}
    keys = {language: set(texts[language]) for language in LANGUAGES}
    if keys["en"] != keys["zh"]:
        raise ValueError(f"only one language has: {', '.join(sorted(keys['en'] ^ keys['zh']))}")
    return texts


def texts_module(texts: Mapping[str, Mapping[str, str]], version: str) -> str:
    """The source of ``DhTexts``, lines ending in LF: ``DhText(key, language)`` and the constant ``DhVersion``."""
    lines = [
        'Attribute VB_Name = "DhTexts"',
        "Option Explicit",
        "' Made by office_macros.build from templates/messages; edit the texts there.",
        "",
        f'Public Const DhVersion As String = "{version}"',
        "",
        "Public Function DhText(ByVal key As String, ByVal language As String) As String",
        "    Dim room As String",
        '    room = Left$(key, InStr(key, ".") - 1)',
        "    Select Case language & room",
    ]
    bodies: list[str] = []
    for language in LANGUAGES:
        rooms: dict[str, dict[str, str]] = {}
        for key, text in texts[language].items():
            rooms.setdefault(key.partition(".")[0], {})[key] = text
        for room, entries in rooms.items():
            name = language.capitalize() + "".join(part.capitalize() for part in room.split("_"))
            lines += [f'        Case "{language}{room}"', f"            DhText = {name}(key)"]
            bodies += _procedure(name, entries)
    lines += ["        Case Else", "            DhText = key", "    End Select", "End Function", *bodies, ""]
    return "\n".join(lines)


def expressions(text: str, limit: int = LINE_LIMIT - 30) -> Iterator[str]:
    """``text`` as VBA expressions of at most ``limit`` characters, to be joined one after the other."""
    line = ""
    for piece in _pieces(text):
        if line and len(line) + 3 + len(piece) > limit:
            yield line
            line = piece
        else:
            line = f"{line} & {piece}" if line else piece
    yield line or '""'


def _pieces(text: str) -> Iterator[str]:
    run = ""
    for part in _PART.findall(text):
        if part == '"' or (part.isascii() and part.isprintable()):
            for at in range(0, len(part), 400):
                if len(run) > 400:
                    yield f'"{run}"'
                    run = ""
                run += part[at : at + 400].replace('"', '""')
            continue
        if run:
            yield f'"{run}"'
            run = ""
        if part == "\n":
            yield "vbLf"
        else:
            units = part.encode("utf-16-le")
            yield from (f"ChrW({int.from_bytes(units[at : at + 2], 'little')})" for at in range(0, len(units), 2))
    if run:
        yield f'"{run}"'


def _procedure(name: str, entries: Mapping[str, str]) -> list[str]:
    lines = [
        "",
        f"Private Function {name}(ByVal key As String) As String",
        "    Dim s As String",
        "    Select Case key",
    ]
    for key, text in entries.items():
        lines.append(f'        Case "{key}"')
        for number, expression in enumerate(expressions(text)):
            lines.append(f"            s = s & {expression}" if number else f"            s = {expression}")
    lines += ["        Case Else", "            s = key", "    End Select", f"    {name} = s", "End Function"]
    if sum(map(len, lines)) > PROCEDURE_LIMIT:
        raise ValueError(f"{name} would be too long a procedure; split its table")
    return lines


def _macro_table(path: Path) -> Mapping[str, object]:
    table = tomllib.loads(path.read_text("utf-8")).get(TABLE, {})
    if not isinstance(table, dict):
        raise ValueError(f"{path.name}: {TABLE} is not a table")
    return table


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"{prefix}{key} is not a key that a macro can name")
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif prefix:
            yield prefix + key, str(value)
        else:
            raise ValueError(f"{key} stands outside of every [{TABLE}.x] table")
