"""Writing a delimited text as a patch of the one that was read: only changed fields differ, all else is the same bytes.

Encoding, byte order mark, delimiter, line endings and quoting stay as they were. Reading is in ``delimited``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from services.errors import Conflict, OutputError
from services.workbook.delimited import Delimited, Dialect, body_of, parse, split_record
from services.workbook.grid import column_letter
from services.workbook.journal import RawRow
from services.workbook.placing import placed

_PIECE = 20_000


def patch_delimited(
    source: Delimited,
    target: Path,
    texts: Mapping[tuple[int, int], str],
    remove: Collection[int] = (),
    least_fields: Mapping[int, int] | None = None,
) -> tuple[tuple[RawRow, ...], tuple[RawRow, ...]]:
    """Write ``source`` to ``target`` with ``texts`` in some cells and without the rows ``remove``.

    Cells are (row, column), both counted from 1 as the rows are. ``least_fields`` says of some rows how many fields
    they have to have, so that a text that gains a column stays rectangular; blank lines stay blank. Returns the removed
    rows and the changed ones as they were, from which ``with_rows`` and ``with_raw`` bring them back byte for byte.
    Raises ``OutputError``:
    ``cannot-encode`` where the file's encoding has no such character, ``cannot-quote`` where its dialect knows no
    quotes and a text would need them; both name the cell, and nothing is written.
    """
    removed: list[RawRow] = []
    changed: list[RawRow] = []
    encoding = source.dialect.encoding
    with placed(target) as draft, draft.open("wb") as stream:
        stream.write(encoding.mark)
        stream.write(source.dialect.separator_line.encode(encoding.name))
        piece: list[str] = []
        for raw in _patched(source, texts, least_fields or {}, frozenset(remove), removed, changed):
            piece.append(raw)
            if len(piece) == _PIECE:
                stream.write("".join(piece).encode(encoding.name))
                piece.clear()
        stream.write("".join(piece).encode(encoding.name))
    return tuple(removed), tuple(changed)


def with_rows(source: Delimited, removed: Sequence[RawRow]) -> Delimited:
    """``source`` with rows that were removed from it back in their places.

    Raises ``Conflict`` (``rows-moved``) where the text has become too short to hold them there.
    """
    if not removed:
        return source
    back = {row.row: row.raw for row in removed}
    records: list[str] = []
    kept = source.raw_records()
    ending = _ending_of(source.text)
    while True:
        raw = back.pop(len(records) + 1, None)
        if raw is None:
            raw = next(kept, None)
        if raw is None:
            break
        if records and not records[-1].endswith(("\n", "\r")):
            records[-1] += ending
        records.append(raw)
    if back:
        raise Conflict("rows-moved", file=source.name, row=min(back))
    return parse("".join(records), source.dialect, source.name, source.sheet.title)


def with_raw(source: Delimited, changed: Sequence[RawRow]) -> Delimited:
    """``source`` with some of its rows as they once were, byte for byte."""
    known = {row.row: row.raw for row in changed}
    records = [known.get(row, raw) for row, raw in enumerate(source.raw_records(), 1)]
    return parse("".join(records), source.dialect, source.name, source.sheet.title)


def _patched(
    source: Delimited,
    texts: Mapping[tuple[int, int], str],
    least_fields: Mapping[int, int],
    remove: frozenset[int],
    removed: list[RawRow],
    changed: list[RawRow],
) -> Iterator[str]:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        by_row.setdefault(row, {})[column] = text
    row = 0
    for row, raw in enumerate(source.raw_records(), 1):
        if row in remove:
            removed.append(RawRow(row, raw))
        elif row in by_row or (row in least_fields and body_of(raw)):
            patched = _with_fields(raw, by_row.get(row, {}), least_fields.get(row, 0), source, row)
            if patched != raw:
                changed.append(RawRow(row, raw))
            yield patched
        else:
            yield raw
    beyond = min((number for number in by_row if number > row), default=None)
    if beyond is not None:
        raise OutputError("row-outside", file=source.name, row=beyond)


def _with_fields(raw: str, texts: Mapping[int, str], least: int, source: Delimited, row: int) -> str:
    """The record with some fields (columns from 1) replaced; one that is too short is filled up with empty fields.

    New fields are in quotes where all others of the record are.
    """
    dialect = source.dialect
    body = body_of(raw)
    ending = raw[len(body) :]
    fields = split_record(body, dialect) if body else []
    quoted_throughout = bool(dialect.quote and fields) and all(field.startswith('"') for field in fields)
    fields.extend(['""' if quoted_throughout else ""] * (max(least, *texts, 0) - len(fields)))
    for column, text in texts.items():
        try:
            text.encode(dialect.encoding.name)
        except UnicodeEncodeError as error:
            raise OutputError(
                "cannot-encode",
                file=source.name,
                cell=f"{column_letter(column)}{row}",
                character=text[error.start : error.start + 1],
                encoding=dialect.encoding.title,
            ) from error
        quoted = _quoted(text, dialect, always=fields[column - 1].startswith('"'))
        if quoted is None:
            raise OutputError("cannot-quote", file=source.name, cell=f"{column_letter(column)}{row}")
        fields[column - 1] = quoted
    if body and fields == [""] and dialect.quote:
        fields = ['""']  # a record that is wholly empty would be no record to other programs
    return dialect.delimiter.join(fields) + ending


def _quoted(text: str, dialect: Dialect, *, always: bool) -> str | None:
    """The text as a field, or None where it needs quotes and the dialect has none."""
    if not dialect.quote:
        return None if dialect.delimiter in text or "\n" in text or "\r" in text else text
    if always or any(character in text for character in (dialect.delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _ending_of(text: str) -> str:
    for ending in ("\r\n", "\n", "\r"):
        if ending in text:
            return ending
    return "\r\n"
