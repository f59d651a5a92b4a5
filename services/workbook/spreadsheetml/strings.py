"""The shared strings of a workbook, and the escapes that SpreadsheetML uses inside any text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.errors import InputError, UnreadableFile
from services.workbook.exact import has_surrogates
from services.workbook.spreadsheetml.markup import (
    Edit,
    LocalNames,
    Tag,
    Tape,
    prefix_of,
    raw_attributes,
    set_attributes,
    text_markup,
    whole_number,
)
from services.workbook.spreadsheetml.package import Package

MAX_STRINGS = 5_000_000
MAX_PIECE = 1_000_000
"""Characters that one string may have when read; Excel writes at most ``MAX_TEXT``."""
MAX_TEXT = 32_767
"""Characters that a cell may hold (Excel specifications and limits)."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0d-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Strings:
    """The texts by index; ``rich`` are the indices of those with formatting inside; ``root`` is the raw root."""

    texts: list[str] = field(default_factory=list)
    rich: set[int] = field(default_factory=set)
    tape: Tape | None = None
    root: Tag | None = None


def read_strings(package: Package, part: str) -> Strings:
    """Read the shared strings part: phonetic runs left out, escapes decoded. Raises ``UnreadableFile``."""
    tape = Tape(package.file, part)
    strings = Strings(tape=tape)
    texts, rich = strings.texts, strings.rich
    names: LocalNames = LocalNames("")
    pieces: list[str] = []
    capture = phonetic = False
    length = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal names, capture, phonetic, length
        if strings.root is None:
            names = LocalNames(name)
            offset = tape.offset()
            strings.root = Tag(offset, tape.tag(offset))
            return
        kind = names[name]
        if kind == "t":
            capture = not phonetic
        elif kind == "si":
            pieces.clear()
            length = 0
        elif kind == "rPr":
            rich.add(len(texts))
        elif kind == "rPh":
            phonetic = True

    def text(data: str) -> None:
        nonlocal length
        if capture:
            length += len(data)
            if length > MAX_PIECE:
                raise UnreadableFile("too-large", file=package.file, part=part)
            pieces.append(data)

    def end(name: str) -> None:
        nonlocal capture, phonetic
        kind = names[name]
        if kind == "t":
            capture = False
        elif kind == "si":
            texts.append(decode_escapes("".join(pieces)))
            if len(texts) > MAX_STRINGS:
                raise UnreadableFile("too-large", file=package.file, part=part)
        elif kind == "rPh":
            phonetic = False
        elif kind == "sst" and strings.root is not None:
            strings.root.inner_end = tape.offset()
            strings.root.end = strings.root.inner_end if strings.root.empty else tape.tag_end(strings.root.inner_end)

    tape.parser.StartElementHandler = start
    tape.parser.EndElementHandler = end
    tape.parser.CharacterDataHandler = text
    tape.run(package.chunks(part))
    return strings


def append_strings(strings: Strings, added: list[str], references: int) -> list[Edit]:
    """Edits that append texts to the shared strings; ``references`` is by how much the number of uses changes."""
    root, tape = strings.root, strings.tape
    assert root is not None
    assert tape is not None
    counts = {"count": references, "uniqueCount": len(added)}
    changes = {}
    for name, value in _counts(root.raw).items():
        changes[name] = str(max(0, value + counts[name]))
    prefix = prefix_of(root.raw)
    items = "".join(f"<{prefix}si>{text_element(text, prefix)}</{prefix}si>" for text in added)
    start_tag = set_attributes(root.opened(), changes)
    if root.empty:
        return [Edit(root.start, root.end, tape.encode(f"{start_tag}{items}</{root.name}>"))]
    edits = [Edit(root.inner_end, root.inner_end, tape.encode(items))]
    if start_tag != root.raw:
        edits.append(Edit(root.start, root.start + len(root.raw.encode(tape.encoding)), tape.encode(start_tag)))
    return edits


def text_element(text: str, prefix: str) -> str:
    """A ``t`` element; white space at its edges and line breaks are kept (``xml:space``)."""
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
    return f"<{prefix}t{keep}>{text_markup(encode_escapes(text))}</{prefix}t>"


def checked_text(text: str, sheet: str, cell: str) -> str:
    """``text`` if a cell can hold it. Raises ``InputError`` (text-too-long)."""
    # Excel counts UTF-16 units.
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT:
        raise InputError("text-too-long", sheet=sheet, cell=cell, limit=MAX_TEXT)
    return text


def decode_escapes(text: str) -> str:
    """``_x000D_`` and the like as the characters they stand for (ECMA-376 part 1, 22.9.2.19, ST_Xstring)."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if has_surrogates(decoded):
        decoded = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return decoded


def encode_escapes(text: str) -> str:
    """The reverse of ``decode_escapes``; text that looks like an escape is escaped, and so is what XML can't hold."""
    if "_x" in text:
        text = _ESCAPE.sub(r"_x005F_x\1_", text)
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _counts(raw: str) -> dict[str, int]:
    found = {}
    for name, _lead, start, close, _end in raw_attributes(raw):
        number = whole_number(raw[start:close])
        if name in ("count", "uniqueCount") and number is not None:
            found[name] = number
    return found
