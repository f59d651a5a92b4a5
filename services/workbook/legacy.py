"""Reading .xls and .ods through calamine, in a process of its own with limits, since such files may be hostile.

What calamine does not tell is not there: which cells hold formulas, error values (they are empty), number formats
(dates get plain ones), hidden rows. So these files are never written: a new workbook is (``new_workbook``).
"""

from __future__ import annotations

import multiprocessing
import re
import zipfile
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from services.errors import NotFound, UnreadableFile
from services.workbook.grid import GENERAL, MAX_RECTANGLE, MERGED, ColumnFormats, DateSerial, Grid, Scalar, Sheet
from services.workbook.serials import serial_of

FILE_LIMIT = 100 * 1024 * 1024
"""Bytes of the largest file read."""
UNPACKED_LIMIT = 1024 * 1024 * 1024
"""Bytes that the parts of an .ods file may have together when unpacked."""
SECONDS = 120.0

_DATE, _MOMENT, _TIME, _DURATION = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
_ISO_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S", re.ASCII)


def read_legacy(path: Path, names: Collection[str] | None = None, *, seconds: float = SECONDS) -> list[Sheet]:
    """The sheets of an .xls or .ods file, or only those named, in the order of the file.

    Dates come in the 1900 date system whatever the file's is. Raises ``UnreadableFile``: ``file-too-large``,
    ``encrypted``, ``damaged``, ``too-slow`` beyond ``seconds``; ``NotFound`` (``sheet-missing``).
    """
    _check_size(path)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(str(path), there), daemon=True)
    worker.start()
    there.close()
    try:
        if not here.poll(seconds):
            raise UnreadableFile("too-slow", file=path.name, seconds=round(seconds))
        outcome, answer = here.recv()
    except (EOFError, OSError) as error:  # the process died: out of memory, or a fault in the parser
        raise UnreadableFile("damaged", file=path.name, part=path.suffix.lstrip(".")) from error
    finally:
        here.close()
        worker.kill() if worker.is_alive() else None
        worker.join()
    if outcome != "sheets":
        raise UnreadableFile(outcome, file=path.name, **answer)
    sheets: list[Sheet] = answer
    if names is None:
        return sheets
    for name in names:
        if name not in {sheet.title for sheet in sheets}:
            raise NotFound("sheet-missing", file=path.name, sheet=name)
    return [sheet for sheet in sheets if sheet.title in names]


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(member.file_size for member in archive.infolist())
                if unpacked > UNPACKED_LIMIT:
                    raise UnreadableFile(
                        "file-too-large", file=path.name, size=unpacked // 1024**2, limit=UNPACKED_LIMIT // 1024**2
                    )
                if "META-INF/manifest.xml" in archive.namelist():
                    with archive.open("META-INF/manifest.xml") as manifest:
                        if b"encryption-data" in manifest.read(1024**2):
                            raise UnreadableFile("encrypted", file=path.name)
    except FileNotFoundError as error:
        raise UnreadableFile("file-missing", file=path.name) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile("damaged", file=path.name, part="zip") from error
    except OSError as error:
        raise UnreadableFile("file-locked", file=path.name) from error
    if size > FILE_LIMIT:
        raise UnreadableFile("file-too-large", file=path.name, size=size // 1024**2, limit=FILE_LIMIT // 1024**2)


def _work(path: str, there: Connection) -> None:
    """What the other process does: read all sheets and send them, or the code of what went wrong and its parameters."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            kept = [known for known in workbook.sheets_metadata if str(known.typ).endswith("WorkSheet")]
            raw = [workbook.get_sheet_by_name(known.name) for known in kept]
            cells = sum(sheet.height * sheet.width for sheet in raw)
            if cells > MAX_RECTANGLE:
                there.send(("sheet-too-large", {"part": Path(path).suffix, "sheet": "", "limit": MAX_RECTANGLE}))
                return
            states = {"Visible": "visible", "Hidden": "hidden", "VeryHidden": "veryHidden"}
            sheets = [
                _sheet(sheet, states[str(known.visible).rpartition(".")[2]])
                for known, sheet in zip(kept, raw, strict=True)
            ]
        there.send(("sheets", sheets))
    except PasswordError:
        there.send(("encrypted", {}))
    except CalamineError as error:
        code = "encrypted" if re.search("password|encrypt", str(error), re.I) else "damaged"
        there.send((code, {} if code == "encrypted" else {"part": Path(path).suffix.lstrip(".")}))
    except BaseException:
        # A panic in Rust is no Exception; whatever it was, the file could not be read.
        there.send(("damaged", {"part": Path(path).suffix.lstrip(".")}))


def _sheet(sheet: Any, state: Any) -> Sheet:
    rows = sheet.to_python(skip_empty_area=True)
    top, left = sheet.start or (0, 0)
    columns: list[list[Scalar]] = []
    formats: list[ColumnFormats] = []
    for raw in zip(*rows, strict=True):
        codes: dict[int, str] = {}
        columns.append([_scalar(value, row, codes) for row, value in enumerate(raw)])
        formats.append(_column_formats(codes, len(rows)))
    grid = Grid(
        columns=tuple(columns),
        formats=tuple(formats) if any(known != ColumnFormats() for known in formats) else (),
        masks=_merged(sheet.merged_cell_ranges or [], top, left, len(rows), len(columns)),
        first_row=top + 1,
        first_column=left + 1,
        sheet=sheet.name,
    )
    return Sheet(sheet.name, grid, state=state)


def _scalar(value: Any, row: int, codes: dict[int, str]) -> Scalar:
    """The value as a scalar of ours; ``codes`` gets the format of a date."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, str):
        found = _ISO_DURATION.fullmatch(value)  # calamine leaves an .ods duration as ISO 8601
        if not found:
            return value
        value = timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=float(found[3]))
    return _date(value, row, codes)


def _date(value: date | time | timedelta, row: int, codes: dict[int, str]) -> DateSerial | str:
    try:
        serial = serial_of(value)
    except ValueError:
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    kinds = ((datetime, _MOMENT), (date, _DATE), (time, _TIME), (timedelta, _DURATION))
    codes[row] = next(code for kind, code in kinds if isinstance(value, kind))
    return serial


def _column_formats(codes: dict[int, str], row_count: int) -> ColumnFormats:
    if not codes:
        return ColumnFormats()
    code, count = Counter(codes.values()).most_common(1)[0]
    if count * 2 <= row_count:
        return ColumnFormats(GENERAL, codes)
    other = {row: codes.get(row, GENERAL) for row in range(row_count) if codes.get(row) != code}
    return ColumnFormats(code, other)


def _merged(ranges: list[Any], top: int, left: int, row_count: int, column_count: int) -> tuple[bytes, ...]:
    if not ranges:
        return ()
    masks = [bytearray(row_count) for _ in range(column_count)]
    for (first_row, first_column), (last_row, last_column) in ranges:
        for column in range(max(first_column - left, 0), min(last_column - left + 1, column_count)):
            for row in range(max(first_row - top, 0), min(last_row - top + 1, row_count)):
                if (row + top, column + left) != (first_row, first_column):
                    masks[column][row] = MERGED
    return tuple(bytes(mask) if any(mask) else b"" for mask in masks)
