"""An instruction taken apart: sentences, their phrases, and the columns and quoted words in them as single signs.

What a phrase asks for is read in ``lexicon``. A column's name is one sign in what that sees, and so is a quoted word,
so that neither a name such as "empty" nor a quoted comma can be taken for what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.tasks.clean.table import Table

_FIRST_NAME, _FIRST_QUOTE, _MOST = 0xE000, 0xF000, 0x7FF
NAME = "[\ue000-\ue7ff]"
"""A column's name, in a pattern."""
QUOTE = "[\uf000-\uf7ff]"
"""A quoted word, in a pattern."""

_QUOTED = re.compile(
    r"“([^”]+)”|‘([^’]+)’|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"|`([^`]+)`|(?<![^\W_])'([^']+)'(?![^\W_])|《([^》]+)》"
)
_SENTENCE_END = re.compile(r"[;；。\n！？]+|(?<=\S)\.(?=\s|$)|(?<=[^\W_])[!?](?=\s|$)")
_PHRASE_END = re.compile(
    r"[,，、()（）]+|\s+(?:and|then|but)\s+(?:then\s+)?|并且|以及|同时|然后|而且|(?<![合])并(?![排列])|和",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![^\W_])([A-Z]{1,2})\s?列|\b[Cc]olumn\s+([A-Z]{1,2})(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its ``signs`` with names and quotes as single signs, its ``text`` as it was written.

    ``heads`` are the columns named before the colon of its sentence, or that the sentence begins with; those before a
    colon belong to the text of each phrase.
    """

    signs: str
    text: str
    heads: tuple[str, ...]
    starts: bool


@dataclass(slots=True)
class Signs:
    """Which sign stands for which column and which quoted word of one instruction."""

    names: list[str]
    quotes: list[tuple[str, str]]

    def column(self, sign: str) -> str:
        """The column that a sign stands for."""
        return self.names[ord(sign) - _FIRST_NAME]

    def columns(self, signs: str) -> tuple[str, ...]:
        """The columns in a piece of signs, each once."""
        return tuple(dict.fromkeys(self.column(sign) for sign in re.findall(NAME, signs)))

    def word(self, piece: str) -> str:
        """A piece as it was meant: quoted words without their quotes, names as they are."""
        return self._plain(piece, inner=True).strip()

    def unquoted(self, piece: str) -> str:
        """A piece with quoted words without their quotes, and names still as signs."""
        return "".join(self.word(sign) if re.fullmatch(QUOTE, sign) else sign for sign in piece)

    def written(self, piece: str) -> str:
        """A piece as it was written."""
        return self._plain(piece, inner=False).strip()

    def _plain(self, piece: str, *, inner: bool) -> str:
        out = []
        for sign in piece:
            code = ord(sign)
            if _FIRST_NAME <= code <= _FIRST_NAME + _MOST:
                out.append(self.names[code - _FIRST_NAME])
            elif _FIRST_QUOTE <= code <= _FIRST_QUOTE + _MOST:
                out.append(self.quotes[code - _FIRST_QUOTE][0 if inner else 1])
            else:
                out.append(sign)
        return "".join(out)


def phrases_of(instruction: str, table: Table) -> tuple[list[Phrase], Signs]:
    """The phrases of an instruction, sentence by sentence, and what their signs stand for."""
    signs = Signs([column.name for column in table.columns][: _MOST + 1], [])
    text = re.sub("[\ue000-\uf8ff]", " ", instruction)
    text = _QUOTED.sub(lambda found: _quote_sign(found, signs), text)
    text = _LETTER.sub(lambda found: _letter_sign(found, table), text)
    for name in sorted(signs.names, key=len, reverse=True):
        if name.strip():
            text = as_a_word(name).sub(chr(_FIRST_NAME + signs.names.index(name)), text)
    found: list[Phrase] = []
    for sentence in _SENTENCE_END.split(text):
        found += _of_sentence(sentence, signs)
    return found, signs


def as_a_word(text: str) -> re.Pattern[str]:
    """The text as a word of its own, in any case, where it is of letters that form words."""
    before = r"(?<![A-Za-z0-9_])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if text[-1].isascii() and text[-1].isalnum() else ""
    return re.compile(before + re.escape(text) + after, re.IGNORECASE)


def _of_sentence(sentence: str, signs: Signs) -> Iterator[Phrase]:
    head, colon, body = sentence.replace("：", ":").partition(":")
    before = re.fullmatch(rf"[^:]{{0,12}}?{NAME}[^:]{{0,40}}", head) if colon and body.strip() else None
    heads = signs.columns(head) if before else ()
    if not before:
        body = sentence
        first = re.match(rf"\s*(?:the\s+|将|把|请)?\s*({NAME})", sentence, re.IGNORECASE)
        heads = signs.columns(first[1]) if first else ()
    starts = True
    ahead = f"{signs.written(head)}: " if before else ""
    for piece in _PHRASE_END.split(body):
        if piece.strip():
            yield Phrase(piece.strip(), ahead + signs.written(piece), heads, starts)
            starts = False


def _quote_sign(found: re.Match[str], signs: Signs) -> str:
    inner = next(group for group in found.groups() if group is not None)
    if inner in signs.names:
        return chr(_FIRST_NAME + signs.names.index(inner))
    if len(signs.quotes) > _MOST:
        return found[0]
    signs.quotes.append((inner, found[0]))
    return chr(_FIRST_QUOTE + len(signs.quotes) - 1)


def _letter_sign(found: re.Match[str], table: Table) -> str:
    """The sign of column B, where the table reaches that far."""
    letters = found[1] or found[2]
    for column in table.columns:
        address = table.grid.address_of(0, column.index).rstrip("0123456789")
        if address == letters and column.index <= _MOST:
            return chr(_FIRST_NAME + column.index)
    return found[0]
