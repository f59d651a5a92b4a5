"""Writing a changed package: members that did not change are copied as the very bytes they were, in the same order.

How the result gets into its place is in ``placing``.
"""

from __future__ import annotations

import errno
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipInfo

from services.workbook.spreadsheetml.package import CHUNK, Package, part_key

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800


def repack(
    package: Package,
    out: BinaryIO,
    changed: Mapping[str, Callable[[], Iterable[bytes]]],
    added: Mapping[str, bytes],
) -> None:
    """Write ``package`` to ``out`` with other content for the ``changed`` parts, and the ``added`` parts at the end.

    The content of a changed part is pulled in chunks. Every other member keeps its compressed bytes, its local header
    and whatever lies between members; order, dates, extra fields, attributes and the archive comment stay too.
    """
    source = package.zip
    stream = source.fp
    assert stream is not None
    content = {part_key(part): pull for part, pull in changed.items()}
    infos = source.infolist()
    ordered = sorted(infos, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in ordered[1:]), source.start_dir]
    written: dict[int, _Member] = {}
    for info, end in zip(ordered, ends, strict=True):
        pull = content.get(part_key(info.filename))
        if pull is None:
            member = _Member(
                info, info.compress_type, out.tell(), info.CRC, info.compress_size, info.file_size, info.flag_bits
            )
            _copy(stream, out, info.header_offset, end)
        else:
            member = _deflate(info, out, pull())
        written[id(info)] = member
    members = [written[id(info)] for info in infos]
    for part, data in added.items():
        info = ZipInfo(part)
        members.append(_deflate(info, out, [data]))
    start = out.tell()
    for member in members:
        out.write(member.central())
    size = out.tell() - start
    comment = source.comment
    out.write(_END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), size, start, len(comment)) + comment)


class _Member:
    """A member as it was written, enough to make its record in the central directory."""

    __slots__ = ("compressed", "crc", "flags", "info", "method", "offset", "size")

    def __init__(
        self, info: ZipInfo, method: int, offset: int, crc: int, compressed: int, size: int, flags: int
    ) -> None:
        self.info, self.method, self.offset, self.crc = info, method, offset, crc
        self.compressed, self.size, self.flags = compressed, size, flags

    def central(self) -> bytes:
        info, name = self.info, _raw_name(self.info)
        # Sizes and offsets are written as they are (all below 4 GB), so an old ZIP64 record would contradict them.
        extra = _without_zip64(info.extra)
        time, date = _dos_time(info)
        version = max(info.extract_version, 20) if self.method == ZIP_DEFLATED else info.extract_version
        record = _CENTRAL.pack(
            b"PK\x01\x02", info.create_version, info.create_system, version, info.reserved, self.flags,
            self.method, time, date, self.crc, self.compressed, self.size, len(name), len(extra),
            len(info.comment), 0, info.internal_attr, info.external_attr, self.offset,
        )  # fmt: skip
        return record + name + extra + info.comment


def _deflate(info: ZipInfo, out: BinaryIO, content: Iterable[bytes]) -> _Member:
    """Write a member with new content under the name, date and attributes of ``info``."""
    name = _raw_name(info)
    flags = info.flag_bits & _UTF8
    offset = out.tell()
    out.write(bytes(_LOCAL.size) + name)
    # ``content`` still reads the old member by way of ``info``, so that stays as it is.
    crc = size = 0
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    for data in content:
        crc, size = zlib.crc32(data, crc), size + len(data)
        out.write(packer.compress(data))
    out.write(packer.flush())
    end = out.tell()
    compressed = end - offset - _LOCAL.size - len(name)
    time, date = _dos_time(info)
    out.seek(offset)
    out.write(_LOCAL.pack(b"PK\x03\x04", 20, flags, 8, time, date, crc, compressed, size, len(name), 0))
    out.seek(end)
    return _Member(info, ZIP_DEFLATED, offset, crc, compressed, size, flags)


def _copy(stream: object, out: BinaryIO, start: int, end: int) -> None:
    stream.seek(start)  # type: ignore[attr-defined]
    while start < end:
        data: bytes = stream.read(min(CHUNK, end - start))  # type: ignore[attr-defined]
        if not data:
            raise OSError(errno.EIO, "the source ended early")
        out.write(data)
        start += len(data)


def _raw_name(info: ZipInfo) -> bytes:
    if info.flag_bits & _UTF8:
        return info.orig_filename.encode()
    try:
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        info.flag_bits |= _UTF8
        return info.orig_filename.encode()


def _dos_time(info: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]
