"""The zip around a workbook: opening it with suspicion, reading members in bounded chunks, finding them by part name.

Everything that can be told from the zip directory is checked before a byte is inflated. Nothing here knows about XML
or sheets; writing a changed package is in ``repack``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from services.errors import UnreadableFile

CHUNK = 1 << 16
"""Bytes inflated at a time."""
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 16 << 20
"""Bytes of the zip's central directory; ``zipfile`` reads it whole."""
MAX_TOTAL = 1536 << 20
"""Bytes that all members together may inflate to."""
MAX_MEMBER = 1 << 30
"""Bytes that one member may inflate to."""
BOMB_SIZE, BOMB_RATIO = 64 << 20, 400
"""A member of more than this many bytes that shrank more than so many times; real sheets stay below 100 times."""

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins (MS-CFB, 2.2): an .xls, or an encrypted workbook of any kind."""
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"


@dataclass(slots=True)
class Package:
    """An open package. ``file`` is the name a person knows it by; ``members`` maps part keys to zip members."""

    file: str
    zip: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """Whether there is such a part, however its name is spelt (case, slashes)."""
        return part_key(part) in self.members

    def member(self, part: str) -> zipfile.ZipInfo:
        """The zip member of a part. Raises ``UnreadableFile`` (damaged) where there is none."""
        found = self.members.get(part_key(part))
        if found is None:
            raise self.damaged(part)
        return found

    def chunks(self, part: str) -> Iterator[bytes]:
        """The inflated bytes of a part, at most ``CHUNK`` at a time and never more than the directory states."""
        member = self.member(part)
        try:
            with self.zip.open(member) as stream:
                while data := stream.read(CHUNK):
                    yield data
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
            raise self.damaged(part) from problem

    def read(self, part: str, limit: int = 64 << 20) -> bytes:
        """All bytes of a small part. Raises ``UnreadableFile`` (too-large) where it is longer than ``limit`` bytes."""
        if self.member(part).file_size > limit:
            raise UnreadableFile("too-large", file=self.file, part=part)
        return b"".join(self.chunks(part))

    def damaged(self, part: str) -> UnreadableFile:
        """The error for a part that is missing or can't be read."""
        return UnreadableFile("damaged", file=self.file, part=part)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package after checking what its directory says.

    Raises ``UnreadableFile``: file-missing, file-locked, encrypted, not-a-workbook, damaged, unsafe-package, too-large.
    """
    try:
        stream = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as problem:
        raise UnreadableFile("file-missing", file=path.name) from problem
    except OSError as problem:
        raise UnreadableFile("file-locked", file=path.name) from problem
    with stream:
        _check_kind(stream, path.name)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise UnreadableFile("damaged", file=path.name, part="zip") from problem
        with archive:
            yield Package(path.name, archive, _checked_members(archive, path.name))


def part_key(name: str) -> str:
    """The one spelling under which a part is looked up: part names are case-insensitive (ECMA-376 part 2, 6.3.5).

    Backslashes and a leading slash, which some writers use, are taken as meant.
    """
    return name.replace("\\", "/").lstrip("/").lower()


def is_encrypted(compound: BinaryIO) -> bool:
    """Whether a compound file holds an encrypted workbook (MS-OFFCRYPTO, 2.3.4.4).

    The stream's name stands in the directory, which may lie anywhere, so the file is looked through in pieces.
    """
    tail = b""
    while data := compound.read(1 << 20):
        if _ENCRYPTED_STREAM in tail + data:
            return True
        tail = data[-len(_ENCRYPTED_STREAM) :]
    return False


def _check_kind(stream: BinaryIO, file: str) -> None:
    """Tell what a file is by its first and last bytes, and bound the directory that ``zipfile`` would read."""
    head = stream.read(8)
    if head == COMPOUND_FILE:
        raise UnreadableFile("encrypted" if is_encrypted(stream) else "not-a-workbook", file=file)
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise UnreadableFile("not-a-workbook", file=file)
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise UnreadableFile("damaged", file=file, part="zip")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory == 0xFFFFFFFF:
        end64 = tail.rfind(_END64, 0, end)
        directory = int.from_bytes(tail[end64 + 40 : end64 + 48], "little") if end64 >= 0 else MAX_DIRECTORY + 1
    if directory > MAX_DIRECTORY:
        raise UnreadableFile("unsafe-package", file=file)
    stream.seek(0)


def _checked_members(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise UnreadableFile("unsafe-package", file=file)
    if not infos:
        raise UnreadableFile("not-a-workbook", file=file)
    total = 0
    for info in infos:
        key = part_key(info.filename)
        if key in members or ".." in key.split("/") or ":" in key.split("/")[0]:
            raise UnreadableFile("unsafe-package", file=file)
        if info.flag_bits & 1:
            raise UnreadableFile("encrypted", file=file)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile("damaged", file=file, part=info.filename)
        total += info.file_size
        bomb = info.file_size > BOMB_SIZE and info.file_size > BOMB_RATIO * max(1, info.compress_size)
        if info.file_size > MAX_MEMBER or total > MAX_TOTAL or bomb:
            raise UnreadableFile("too-large", file=file, part=info.filename)
        members[key] = info
    # Members that share bytes are how a small file claims to hold a large one; no writer makes them.
    ordered = sorted(infos, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in ordered[1:]), archive.start_dir]
    for info, end in zip(ordered, ends, strict=True):
        if info.header_offset + 30 + info.compress_size > end:
            raise UnreadableFile("unsafe-package", file=file)
    if "[content_types].xml" not in members:
        raise UnreadableFile("not-a-workbook", file=file)
    return members
