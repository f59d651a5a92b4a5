"""XML by byte offsets: a guarded expat parser, a small tree, and edits that replace exact byte ranges.

No document type declaration is ever accepted, so there are no entities to expand. Nothing here knows about sheets.
"""

from __future__ import annotations

import pyexpat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.sax.saxutils import escape

from services.errors import UnreadableFile

TAIL = 1 << 19
"""Bytes kept behind the parser; a single tag is never longer."""
LONGEST_TOKEN = 4 << 20
"""Bytes of the longest tag or comment; expat starts a token anew with each piece of it, so that time grows squared."""
SECONDS = 120.0
"""Time that a part may take, what is done with it included."""
MAX_ELEMENTS = 300_000
"""Elements that a small part (styles, workbook, relationships) may have when it is held as a tree."""


class Edit(NamedTuple):
    """Replace the bytes from ``start`` to before ``end`` of a part with ``new``."""

    start: int
    end: int
    new: bytes


class Tape:
    """Feeds a part to expat and remembers the last bytes, so that an offset can be turned back into raw markup.

    Names arrive as ``uri local`` (namespace-aware); ``local_names`` of a root namespace tells them apart quickly.
    """

    __slots__ = ("_base", "_unit", "_window", "encoding", "file", "parser", "part")

    def __init__(self, file: str, part: str) -> None:
        self.file, self.part = file, part
        self.parser = pyexpat.ParserCreate(None, " ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.XmlDeclHandler = self._declared
        self.encoding, self._unit = "utf-8", 1
        self._window, self._base = b"", 0

    def run(self, chunks: Iterable[bytes]) -> None:
        """Parse all chunks. Raises ``UnreadableFile``: damaged (not well-formed), xml-dtd, too-large, too-slow."""
        parse, first, fed = self.parser.Parse, True, 0
        end = monotonic() + SECONDS
        try:
            for chunk in chunks:
                if first:
                    self._sniff(chunk)
                    first = False
                keep = self._window[-TAIL:]
                self._base += len(self._window) - len(keep)
                self._window = keep + chunk
                parse(chunk)
                if monotonic() > end:
                    raise UnreadableFile("too-slow", file=self.file, seconds=round(SECONDS))
                fed += len(chunk)
                if fed - self.parser.CurrentByteIndex > LONGEST_TOKEN:
                    raise UnreadableFile("too-large", file=self.file, part=self.part)
            parse(b"", True)
        except (pyexpat.ExpatError, ValueError, LookupError) as problem:
            raise self.damaged() from problem

    def offset(self) -> int:
        """The byte offset of the current event: the start of a tag, or for the end of ``<a/>`` where it ends."""
        return self.parser.CurrentByteIndex

    def tag_end(self, start: int) -> int:
        """The offset just after the ``>`` of the tag that starts at ``start``."""
        at = start - self._base
        if at < 0:
            raise self.damaged()
        while True:
            close = self._find(">", at)
            quotes = [found for mark in "'\"" if 0 <= (found := self._find(mark, at, close)) < close]
            if not quotes:
                return self._base + close + self._unit
            first = min(quotes)
            mark = self._window[first : first + self._unit].decode(self.encoding)
            at = self._find(mark, first + self._unit) + self._unit
            if at < self._unit:
                raise self.damaged()

    def raw(self, start: int, end: int) -> str:
        """The markup between two recent offsets as text."""
        if start < self._base:
            raise self.damaged()
        return self._window[start - self._base : end - self._base].decode(self.encoding)

    def tag(self, start: int) -> str:
        """The raw tag that starts at ``start``."""
        return self.raw(start, self.tag_end(start))

    def window(self) -> bytes:
        """The last bytes of the part; all of a part that came as one chunk."""
        return self._window

    def encode(self, markup: str) -> bytes:
        """Markup in the encoding of this part; characters it lacks become references."""
        return markup.encode(self.encoding, "xmlcharrefreplace")

    def damaged(self) -> UnreadableFile:
        """The error for a part that breaks the rules of its format."""
        return UnreadableFile("damaged", file=self.file, part=self.part)

    def _find(self, mark: str, at: int, end: int | None = None) -> int:
        needle = mark.encode(self.encoding)
        phase = (self._base + at) % self._unit
        while True:
            found = self._window.find(needle, at) if end is None else self._window.find(needle, at, end)
            if found < 0:
                if end is None:
                    raise self.damaged()
                return -1
            if (self._base + found) % self._unit == phase:
                return found
            at = found + 1

    def _sniff(self, chunk: bytes) -> None:
        # XML 1.0, appendix F: the byte order mark, else how "<" looks.
        if chunk[:2] in (b"\xff\xfe", b"<\0"):
            self.encoding, self._unit = "utf-16-le", 2
        elif chunk[:2] in (b"\xfe\xff", b"\0<"):
            self.encoding, self._unit = "utf-16-be", 2

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and self._unit == 1:
            self.encoding = encoding.lower()

    def _refuse(self, *declaration: object) -> NoReturn:
        raise UnreadableFile("xml-dtd", file=self.file, part=self.part)


class LocalNames(dict[str, str]):
    """Expanded names to local names for the namespace of the root; names of other namespaces become ``{uri}local``."""

    __slots__ = ("namespace",)

    def __init__(self, root: str) -> None:
        super().__init__()
        self.namespace = root.rpartition(" ")[0]

    def __missing__(self, name: str) -> str:
        uri, _, local = name.rpartition(" ")
        self[name] = local if uri == self.namespace else f"{{{uri}}}{local}"
        return self[name]


@dataclass(slots=True)
class Tag:
    """Where an element stands: offsets in bytes, ``inner_end`` before its end tag; ``raw`` is its start tag."""

    start: int
    raw: str
    inner_end: int = 0
    end: int = 0

    @property
    def empty(self) -> bool:
        """Whether it is written as ``<a/>``."""
        return self.raw.endswith("/>")

    def opened(self) -> str:
        """Its start tag, no longer self-closing."""
        return self.raw[:-2].rstrip() + ">" if self.empty else self.raw

    @property
    def name(self) -> str:
        """The qualified name as written."""
        return qualified_name(self.raw)


@dataclass(slots=True)
class Tree:
    """A small part: its root element (local names), its tape, and the raw tags of the elements asked for."""

    root: Element
    tape: Tape
    tags: dict[int, Tag]
    namespace: str

    def tag(self, element: Element) -> Tag:
        """The raw tag of an element; only those at the depths asked for are known."""
        return self.tags[id(element)]

    def append_to(self, element: Element, markup: str, **counts: str) -> list[Edit]:
        """Edits that put ``markup`` before the end of ``element`` and set attributes of its start tag."""
        tag, tape = self.tag(element), self.tape
        start_tag = set_attributes(tag.opened(), counts)
        if tag.empty:
            return [Edit(tag.start, tag.end, tape.encode(f"{start_tag}{markup}</{tag.name}>"))]
        open_end = tag.start + len(tag.raw.encode(tape.encoding))
        edits = [Edit(tag.inner_end, tag.inner_end, tape.encode(markup))]
        if start_tag != tag.raw:
            edits.append(Edit(tag.start, open_end, tape.encode(start_tag)))
        return edits


def parse_tree(file: str, part: str, data: bytes, located_depth: int = 0) -> Tree:
    """A small part as a tree; raw tags are kept for elements down to ``located_depth`` (the root is at 1)."""
    tape = Tape(file, part)
    builder = TreeBuilder()
    names: LocalNames | None = None
    tags: dict[int, Tag] = {}
    stack: list[tuple[Element, Tag | None]] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal names, count
        names = LocalNames(name) if names is None else names
        count += 1
        if count > MAX_ELEMENTS or len(stack) > 200:
            raise UnreadableFile("too-large", file=file, part=part)
        element = builder.start(names[name], {key.replace(" ", "}"): value for key, value in attributes.items()})
        tag = None
        if len(stack) < located_depth:
            offset = tape.offset()
            tag = tags[id(element)] = Tag(offset, tape.tag(offset))
        stack.append((element, tag))

    def end(name: str) -> None:
        element, tag = stack.pop()
        builder.end(element.tag)
        if tag is not None:
            offset = tape.offset()
            tag.inner_end, tag.end = (offset, offset) if tag.empty else (offset, tape.tag_end(offset))

    tape.parser.StartElementHandler = start
    tape.parser.EndElementHandler = end
    tape.parser.CharacterDataHandler = builder.data
    # The tree has to be whole in the window, since offsets are used after parsing; small parts come as one chunk.
    tape.run([data])
    return Tree(builder.close(), tape, tags, names.namespace if names else "")


def children(element: Element | None, name: str) -> list[Element]:
    """The children with a local name, also those that stand in the fallback of an ``mc:AlternateContent``."""
    found: list[Element] = []
    for child in element if element is not None else ():
        if child.tag == name:
            found.append(child)
        elif child.tag.endswith("}AlternateContent"):
            branches = list(child)
            chosen = [branch for branch in branches if branch.tag.endswith("}Fallback")] or branches[:1]
            found += [inner for branch in chosen for inner in branch if inner.tag == name]
    return found


def attribute(element: Element, local: str) -> str | None:
    """An attribute by its local name in any namespace, for ``r:id`` which has two (transitional and strict)."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == local), None)


def is_true(text: str | None) -> bool:
    """An ``xsd:boolean`` that is set."""
    return text in ("1", "true", "on")


def whole_number(text: str) -> int | None:
    """A count or an index as markup states it, in at most nine ASCII digits; None for anything else."""
    return int(text) if text.isdigit() and text.isascii() and len(text) < 10 else None


def splice(chunks: Iterable[bytes], edits: Iterable[Edit]) -> Iterator[bytes]:
    """The bytes of a part with ``edits`` (not overlapping) carried out; insertions at one place keep their order."""
    pending = iter(sorted(edits, key=lambda edit: edit[:2]))
    edit = next(pending, None)
    base = done = 0
    for chunk in chunks:
        end, pieces = base + len(chunk), []
        while edit is not None and edit.start < end:
            if done < edit.start:
                pieces.append(chunk[done - base : edit.start - base])
            pieces.append(edit.new)
            done = edit.end
            edit = next(pending, None)
        if done < end:
            pieces.append(chunk[done - base :] if done > base else chunk)
            done = end
        base = end
        yield b"".join(pieces)
    while edit is not None:
        yield edit.new
        edit = next(pending, None)


def qualified_name(raw: str) -> str:
    """The name in a raw start tag, with its prefix."""
    at = 1
    while at < len(raw) and raw[at] not in " \t\r\n/>":
        at += 1
    return raw[1:at]


def prefix_of(raw: str) -> str:
    """The prefix of a raw start tag with its colon, or nothing."""
    return qualified_name(raw).rpartition(":")[0] + ":" if ":" in qualified_name(raw) else ""


def raw_attributes(raw: str) -> list[tuple[str, int, int, int, int]]:
    """Of each attribute in a raw start tag: name, and offsets of leading space, value start, value end, and end."""
    found: list[tuple[str, int, int, int, int]] = []
    at = len(qualified_name(raw)) + 1
    while True:
        lead = at
        while raw[at] in " \t\r\n":
            at += 1
        if raw[at] in "/>":
            return found
        equals = raw.index("=", at)
        name = raw[at:equals].strip()
        quote = min(place for mark in "'\"" if (place := raw.find(mark, equals)) >= 0)
        close = raw.index(raw[quote], quote + 1)
        found.append((name, lead, quote + 1, close, close + 1))
        at = close + 1


def set_attributes(raw: str, changes: dict[str, str | None] | dict[str, str]) -> str:
    """A raw start tag with attributes set, added, or (None) dropped; everything else stays as it was written."""
    wanted = dict(changes)
    for name, lead, start, close, end in reversed(raw_attributes(raw)):
        if name in wanted:
            value = wanted.pop(name)
            raw = raw[:lead] + raw[end:] if value is None else raw[:start] + attribute_markup(value) + raw[close:]
    added = "".join(f' {name}="{attribute_markup(value)}"' for name, value in wanted.items() if value is not None)
    if not added:
        return raw
    body, close_mark = (raw[:-2], "/>") if raw.endswith("/>") else (raw[:-1], ">")
    return body.rstrip() + added + close_mark


def attribute_markup(text: str) -> str:
    """Text as an attribute's value, between quotes of either kind."""
    return escape(text, {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def text_markup(text: str) -> str:
    """Text as element content."""
    return escape(text)
