"""Reading delimited text (csv, tsv, txt): its dialect as found in the file, and its records as a Sheet of texts.

All values are text, and an empty field is None. What is kept beside the values is enough to write the file again with
every byte as it was. Writing is in ``delimited_patch``, encodings are in ``encodings``, headers and tables in
``tables``.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

from services.errors import UnreadableFile
from services.workbook.encodings import Encoding, decode
from services.workbook.grid import MAX_COLUMN, MAX_RECTANGLE, Grid, Scalar, Sheet

LIMIT = 200 * 1024 * 1024
"""Bytes of the largest text read. Measured: 113 MB with 10 million fields take 13 s to read, 5 s to write, 1.6 GB."""

MAX_RECORDS = 5_000_000
LONGEST_FIELD = 131_072
"""Characters of a field that the csv module takes; Excel takes 32,767."""

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 256 * 1024
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n|$)', re.I)
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is written. ``quote`` is ``"`` or empty, where quotes are characters like any other.

    ``separator_line`` is Excel's first line ``sep=;`` with its line ending, or empty; it is no record.
    """

    encoding: Encoding
    delimiter: str
    quote: str = '"'
    separator_line: str = ""


@dataclass(frozen=True, slots=True)
class Delimited:
    """A delimited text as it was read. ``text`` is all of it but the byte order mark and the separator line.

    ``line_counts`` has the lines of each record (a quoted field may hold line endings), and is empty where all have
    one. The Sheet's rows are the records, from 1; blank records at the end are no rows but stay in ``text``.
    """

    name: str
    text: str = field(repr=False)
    dialect: Dialect
    line_counts: array[int] = field(repr=False)
    sheet: Sheet = field(repr=False)

    def raw_records(self) -> Iterator[str]:
        """Each record as it stands in the text, with its line ending."""
        lines = io.StringIO(self.text, newline="")
        if not self.line_counts:
            return iter(lines)
        return ("".join(islice(lines, count)) for count in self.line_counts)


def read_delimited(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, title: str | None = None
) -> Delimited:
    """Read the text file ``path``; ``title`` is the Sheet's (the file's name without its suffix where left out).

    Encoding and delimiter are found where they are not known.

    Raises ``UnreadableFile``: ``file-too-large`` beyond ``LIMIT``, ``not-text``, ``broken-text``, ``unclosed-quote``,
    ``file-missing``, ``file-locked``.
    """
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise UnreadableFile("file-too-large", file=path.name, size=size // 1024**2, limit=LIMIT // 1024**2)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile("file-missing", file=path.name) from error
    except OSError as error:
        raise UnreadableFile("file-locked", file=path.name) from error
    return read_delimited_bytes(data, path.name, encoding=encoding, delimiter=delimiter, title=title)


def read_delimited_bytes(
    data: bytes, name: str, *, encoding: str | None = None, delimiter: str | None = None, title: str | None = None
) -> Delimited:
    """As ``read_delimited``, from the file's bytes; ``name`` is the file's, for messages and for its suffix."""
    try:
        text, found = decode(data, encoding)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, file=name, **error.parameters) from error
    separator = _SEPARATOR_LINE.match(text)
    separator_line = separator[0] if separator else ""
    text = text[len(separator_line) :]
    suffix = Path(name).suffix.lower()
    delimiter = separator[1] if separator else delimiter or find_delimiter(text, suffix)
    dialect = Dialect(found, delimiter, '"', separator_line)
    title = Path(name).stem if title is None else title
    try:
        return parse(text, dialect, name, title)
    except UnreadableFile as error:
        if error.code != "unclosed-quote":
            raise
        # Quotes that never close may be no quotes at all, as inch marks in a tab separated text are not.
        plain = parse(text, Dialect(found, delimiter, "", separator_line), name, title)
        widths = {record.count(delimiter) for record in plain.raw_records() if record.strip("\r\n")}
        if len(widths) == 1 and widths != {0}:
            return plain
        raise error


def parse(text: str, dialect: Dialect, name: str, title: str) -> Delimited:
    """The records of ``text`` in a known dialect.

    Raises ``UnreadableFile``: ``unclosed-quote``, ``field-too-long``, ``too-many-columns``, ``sheet-too-large``.
    """
    _check_lines(text, dialect, name)
    if not dialect.quote or dialect.quote not in text:  # then each line is a record
        lines = max(text.count("\n"), text.count("\r"))
        first = re.match(r"[^\r\n]*", text)
        if lines > MAX_RECORDS or (first and lines * (first[0].count(dialect.delimiter) + 1) > MAX_RECTANGLE):
            raise UnreadableFile("sheet-too-large", file=name, sheet=title, limit=MAX_RECTANGLE)
    columns: list[list[Scalar]] = []
    counts = array("I")
    shared: dict[str, str | None] = {}
    before = row_count = last_filled = 0
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    try:
        while True:
            chunk: list[list[str]] = []
            for record in islice(reader, _CHUNK):
                chunk.append(record)
                counts.append(reader.line_num - before)
                before = reader.line_num
            if not chunk:
                break
            width = max(map(len, chunk))
            if width > MAX_COLUMN:
                row = next(row for row, record in enumerate(chunk) if len(record) > MAX_COLUMN)
                raise _too_wide(name, sum(counts[: row_count + row]) + 1)
            rows = row_count + len(chunk)
            if rows > MAX_RECORDS or max(width, len(columns)) * rows > MAX_RECTANGLE:
                raise UnreadableFile("sheet-too-large", file=name, sheet=title, limit=MAX_RECTANGLE)
            _append(columns, chunk, row_count, shared)
            row_count += len(chunk)
            last_filled = next((row_count - i for i, record in enumerate(reversed(chunk)) if any(record)), last_filled)
    except csv.Error as error:  # a field beyond LONGEST_FIELD
        if reader.line_num - before == 1:
            raise _too_long(name, before + 1) from error
        raise UnreadableFile("unclosed-quote", file=name, line=before + 1) from error
    line_counts = counts if any(count != 1 for count in counts) else array("I")
    grid = Grid(columns=tuple(column[:last_filled] for column in columns), sheet=title)
    delimited = Delimited(name, text, dialect, line_counts, Sheet(title, grid))
    _check_quotes(delimited, row_count)
    return delimited


def split_record(body: str, dialect: Dialect) -> list[str]:
    """The fields of a record without its line ending, each as it stands there with its quotes."""
    return [found[0] for found in _fields(body, dialect)]


def body_of(raw: str) -> str:
    """A record without its line ending."""
    return raw[:-2] if raw.endswith("\r\n") else raw[:-1] if raw.endswith(("\r", "\n")) else raw


def find_delimiter(text: str, suffix: str = "") -> str:
    """The delimiter: the one that gives most records the same number of fields, two at least; quotes are respected.

    Of two that do so alike it is the one that gives the first record, the titles, that number too: lists in a column
    of a large table may be as even as its records are.

    A quoted first field tells it outright: it follows the closing quote. Where no delimiter fits, it is the one that
    the suffix promises, and each record is one field.
    """
    promised = "\t" if suffix in (".tsv", ".tab", ".txt") else ","
    quoted = _QUOTED_FIRST.match(text[:_SAMPLE])
    if quoted is not None:
        return quoted[1]
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best: tuple[float, bool, int, bool, str] | None = None
    for delimiter in DELIMITERS:
        consistency, width, first = _consistency(sample, delimiter)
        if delimiter == "," and best is None and _only_decimal_commas(sample):
            continue
        # A text file of sentences has commas too; a file that calls itself csv is given more credit.
        if width > 1 and consistency >= (0.5 if suffix in (".csv", ".tsv", ".tab") else 0.85):
            score = (round(consistency, 2), first == width, width, delimiter == promised, delimiter)
            best = max(best, score) if best else score
    return best[-1] if best else promised


_QUOTED_FIRST = re.compile(r'"(?:[^"]|"")*"([,;\t|])(?=")')
"""A quoted first field before another quoted one, and what stands between them."""


def _check_lines(text: str, dialect: Dialect, name: str) -> None:
    """Refuse lines of far too many or too long fields before they are made, since that would take much more room."""
    quote = text.find(dialect.quote) if dialect.quote else -1
    for start, end in _long_lines(text, quote if quote >= 0 else len(text)):
        if text.count(dialect.delimiter, start, end) >= MAX_COLUMN:
            raise _too_wide(name, len(text[:start].splitlines()) + 1)
        if end - start > LONGEST_FIELD and max(map(len, text[start:end].split(dialect.delimiter))) > LONGEST_FIELD:
            raise _too_long(name, len(text[:start].splitlines()) + 1)


def _long_lines(text: str, stop: int) -> Iterator[tuple[int, int]]:
    """Start and end of the lines of ``MAX_COLUMN`` characters and more; looks at few of the characters of others."""
    ending = "\n" if text.find("\n", 0, stop) >= 0 else "\r"
    start = 0
    while start + MAX_COLUMN <= stop:
        last = text.rfind(ending, start, start + MAX_COLUMN)
        if last < 0:
            last = text.find(ending, start, stop)
            last = stop if last < 0 else last
            yield start, last
        start = last + 1


def _too_wide(name: str, line: int) -> UnreadableFile:
    return UnreadableFile("too-many-columns", file=name, line=line, limit=MAX_COLUMN)


def _too_long(name: str, line: int) -> UnreadableFile:
    return UnreadableFile("field-too-long", file=name, line=line, limit=LONGEST_FIELD)


def _append(columns: list[list[Scalar]], chunk: list[list[str]], row_count: int, shared: dict[str, str | None]) -> None:
    """Add records to the columns; texts that are alike become one object, and the empty text None."""
    if len(shared) > 100_000:
        shared.clear()
    shared[""] = None
    fields = list(zip_longest(*chunk, fillvalue=""))
    for number, values in enumerate(fields):
        if number == len(columns):
            columns.append([None] * row_count)
        columns[number].extend(map(shared.setdefault, values, values))
    for column in columns[len(fields) :]:
        column.extend([None] * len(chunk))


def _field_pattern(delimiter: str) -> re.Pattern[str]:
    """A field as the csv module reads it: quoted from its first character on, and what follows the closing quote."""
    return re.compile(rf'(?:("[^"]*(?:""[^"]*)*)("|\Z))?([^{re.escape(delimiter)}]*)', re.S)


def _fields(body: str, dialect: Dialect) -> Iterator[re.Match[str]]:
    pattern = (
        _field_pattern(dialect.delimiter) if dialect.quote else re.compile(f"()()([^{re.escape(dialect.delimiter)}]*)")
    )
    position = 0
    while True:
        found = pattern.match(body, position)
        if found is None:  # every part of the pattern may be empty, so it always matches
            raise AssertionError(body)
        yield found
        position = found.end() + 1
        if position > len(body):
            return


def _check_quotes(delimited: Delimited, row_count: int) -> None:
    """Refuse quotes that swallowed what they should not: open at the end, or closed within another line's text."""
    if not delimited.dialect.quote or '"' not in delimited.text:
        return
    line = 1
    many = delimited.line_counts
    if not many and not delimited.text.rstrip("\r\n").rpartition("\n")[2].count('"') % 2:
        return
    for row, raw in enumerate(delimited.raw_records(), 1):
        count = many[row - 1] if many else 1
        if count > 1 or row == row_count:
            for found in _fields(body_of(raw), delimited.dialect):
                quoted, close, rest = found.groups()
                if quoted is not None and (not close or (rest and ("\n" in quoted or "\r" in quoted))):
                    raise UnreadableFile("unclosed-quote", file=delimited.name, line=line)
        line += count


def _consistency(sample: str, delimiter: str) -> tuple[float, int, int]:
    """The share of records that have the most frequent number of fields, that number, and that of the first record."""
    try:
        counts = [len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if record]
    except csv.Error:
        counts = [line.count(delimiter) + 1 for line in io.StringIO(sample, newline="") if line.strip()]
    if not counts:
        return 0.0, 0, 0
    widths = Counter(counts)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width == 1 and len(widths) > 1:  # one title line above many records must not decide
        width, count = max(((w, c) for w, c in widths.items() if w > 1), key=lambda item: item[1])
    return count / widths.total(), width, counts[0]


def _only_decimal_commas(sample: str) -> bool:
    """Whether semicolons part the records and each comma stands between digits, as decimal commas do."""
    consistency, width, _ = _consistency(sample, ";")
    return width > 1 and consistency == 1 and not re.search(r"(?<!\d),|,(?!\d)", sample)
