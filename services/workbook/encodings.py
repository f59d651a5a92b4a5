"""Which encoding a text file is in, found without ever losing a byte: what decodes must encode to the very same bytes.

Only stateless encodings are considered, so that a file may be put together from encoded pieces. Nothing here knows of
records or cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from charset_normalizer import from_bytes

from services.errors import InputError, UnreadableFile

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16 (Unicode standard, 2.6)
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE = 200_000
_SAME = {"utf8": "utf-8", "utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le", "gbk": "gb18030"}
_EAST_ASIAN = ("gb18030", "big5", "cp950", "cp932", "euc_jp", "cp949")
_SINGLE_BYTE = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "koi8-r", "koi8-u", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "cp437", "cp850", "cp852",
    "cp866", )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name for it, and the byte order mark that the file begins with (may be empty)."""

    name: str
    mark: bytes = b""

    @property
    def title(self) -> str:
        """What a person knows it by."""
        return "UTF-8" if self.name == "utf-8" else self.name.upper().replace("_", "-")


def decode(data: bytes, wanted: str | None = None) -> tuple[str, Encoding]:
    """The text of ``data`` without its byte order mark, and its encoding (``wanted`` where a person knows better).

    Raises ``UnreadableFile``: ``not-text`` where NUL bytes show that this is no text, ``broken-text`` (with line and
    byte) where nothing fits; ``InputError`` (``unknown-encoding``) for a name that is none.
    """
    if wanted is not None:
        return _decode_wanted(data, wanted)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _must(data, name, mark), Encoding(name, mark)
    if b"\0" in data:
        return _decode_wide(data)
    try:
        return data.decode("utf-8"), Encoding("utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            raise _broken(data, error.start, "utf-8") from error
    mixed = _mixed_at(data)
    if mixed is not None:
        raise _broken(data, mixed, "utf-8")
    for name in _legacy(data):
        text = _exact(data, name)
        if text is not None:
            return text, Encoding(name)
    first = next(position for position, byte in enumerate(data) if byte > 0x7F)
    raise _broken(data, first, "utf-8")


def _decode_wanted(data: bytes, wanted: str) -> tuple[str, Encoding]:
    try:
        "".encode(wanted)
    except (LookupError, UnicodeError) as error:
        raise InputError("unknown-encoding", encoding=wanted) from error
    name = _SAME.get(wanted.lower(), wanted.lower())
    for mark, marked in _MARKS:
        if data.startswith(mark) and marked[:6] == name[:6]:
            return _must(data, marked, mark), Encoding(marked, mark)
    return _must(data, name, b""), Encoding(name)


def _must(data: bytes, name: str, mark: bytes) -> str:
    try:
        text = data[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        raise _broken(data, len(mark) + error.start, name) from error
    if "\0" in text:
        raise UnreadableFile("not-text", line=text.count("\n", 0, text.index("\0")) + 1)
    again = text.encode(name)
    if again != data[len(mark) :]:
        body = data[len(mark) :]
        place = next(
            (at for at, (a, b) in enumerate(zip(again, body, strict=False)) if a != b), min(len(again), len(body))
        )
        raise _broken(data, len(mark) + place, name)
    return text


def _exact(data: bytes, name: str) -> str | None:
    """The text of ``data``, or None where it does not decode to text that encodes to the same bytes again."""
    try:
        text = data.decode(name)
        return text if text.encode(name) == data else None
    except UnicodeError:
        return None


def _decode_wide(data: bytes) -> tuple[str, Encoding]:
    """Text with NUL bytes: UTF-16 or UTF-32 without a mark, or no text at all."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    best: tuple[float, str] | None = None
    # UTF-16 with few NULs is Chinese or Japanese and then no valid UTF-8; a stray NUL in plain text is damage.
    stray = sample.count(0) * 4 < len(sample) and _exact(data, "utf-8") is not None
    for name in () if stray else ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4:
                continue
            text = sample[: error.start].decode(name)
        if "\0" in text or not text:
            continue
        likely = sum(c.isascii() or "\u3000" <= c <= "\u9fff" or (c.isalpha() and c < "\u2000") for c in text)
        share = likely / len(text)
        marks = sum(text.count(c) for c in ",\t;|\n\r ")  # both readings may be letters: one of them has separators
        score = share + min(1.0, marks / len(text) * 10)
        if share > 0.8 and (best is None or score > best[0]):
            best = (score, name)
    text_found = _exact(data, best[1]) if best else None
    if best is None or text_found is None or "\0" in text_found:
        raise UnreadableFile("not-text", line=data.count(b"\n", 0, data.index(b"\0")) + 1)
    return text_found, Encoding(best[1])


def _mostly_utf8(data: bytes) -> bool:
    """Whether this is damaged UTF-8: by chance nothing else has nine valid sequences for each bad byte."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    return good > 9 * bad


def _mixed_at(data: bytes) -> int | None:
    """Where a line is not UTF-8 in a text that is so elsewhere: two files in one, which no single encoding reads.

    UTF-8 are lines with two or more sequences of three bytes, as Chinese has them. They are no accident where they are
    a fifth of all lines beyond ASCII and five at least: of pairs of GB 2312, one in fifty makes such a sequence.
    """
    good, other, bad, position = 0, 0, None, 0
    for line in data.split(b"\n"):
        if not line.isascii():
            try:
                good += len(re.findall("[\u0800-\uffff]", line.decode("utf-8"))) >= 2
            except UnicodeDecodeError as error:
                other += 1
                bad = position + error.start if bad is None else bad
        position += len(line) + 1
    return bad if good >= max(5, other / 4) else None


def _legacy(data: bytes) -> list[str]:
    """The encodings from before Unicode that this may be in, the likeliest first."""
    sample = _spread_sample(data)
    scored = [(_common_share(sample, name), -order, name) for order, name in enumerate(_EAST_ASIAN)]
    likely = [name for share, _, name in sorted(scored, reverse=True) if share >= 0.6]
    if likely[:1] == ["gb18030"] and _looks_korean(sample):
        likely.insert(0, "cp949")
    opinions = [match.encoding for match in from_bytes(sample, cp_isolation=[*_SINGLE_BYTE])] if not likely else []
    western = ["cp1252"] if _looks_western(sample) else []
    return list(dict.fromkeys([*likely, *western, *opinions, "cp1252"]))


def _spread_sample(data: bytes) -> bytes:
    """The lines that hold anything beyond ASCII, so that the sample is about what is in question."""
    picked, size = [], 0
    for line in re.split(rb"[\r\n]+", data):
        if not line.isascii():
            picked.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(picked)


def _common_share(sample: bytes, name: str) -> float:
    """The share of characters beyond ASCII that the encoding's standard counts as common; 0 if it does not decode.

    Common are the level 1 characters, which each of these standards keeps in a block of their own, with punctuation and
    kana.
    """
    common = _COMMON[name]
    seen, hits = 0, 0.0
    for line in sample.split(b"\n"):
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            return 0.0
        for character in text:
            if character > "\x7f":
                seen += 1
                hits += common(character.encode(name, "ignore"))
    return hits / seen if seen else 0.0


def _common_gb(pair: bytes) -> float:
    """GB 2312: rows 1-3 are punctuation and full-width forms, 16-55 the hanzi of level 1, 56-87 those of level 2.

    Four bytes, the second and fourth of them ASCII digits, are GB 18030's own: no other encoding has such characters.
    """
    if len(pair) == 4:
        return 1
    if len(pair) != 2 or pair[1] < 0xA1:
        return 0
    return 1 if 0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3 else 0.5 if 0xD8 <= pair[0] <= 0xF7 else 0


def _common_big5(pair: bytes) -> bool:
    """Big5: A1-A3 are punctuation, A440-C67E the frequent hanzi."""
    return len(pair) == 2 and b"\xa1\x40" <= pair <= b"\xc6\x7e"


def _common_cp932(pair: bytes) -> bool:
    """Shift JIS: 81-83 are punctuation, Latin letters and kana, 889F-9872 the kanji of level 1."""
    return len(pair) == 2 and (0x81 <= pair[0] <= 0x83 or b"\x88\x9f" <= pair <= b"\x98\x72")


def _common_euc_jp(pair: bytes) -> bool:
    """EUC-JP: JIS X 0208 rows 1-5 are punctuation and kana, rows 16-47 the kanji of level 1."""
    return len(pair) == 2 and (0xA1 <= pair[0] <= 0xA5 or 0xB0 <= pair[0] <= 0xCF)


def _common_cp949(pair: bytes) -> bool:
    """EUC-KR: KS X 1001 row 1 is punctuation, rows 16-40 are the Hangul syllables."""
    return len(pair) == 2 and pair[1] >= 0xA1 and (pair[0] in (0xA1, 0xA3) or 0xB0 <= pair[0] <= 0xC8)


_COMMON: dict[str, Callable[[bytes], float]] = {
    "gb18030": _common_gb,
    "big5": _common_big5,
    "cp950": _common_big5,
    "cp932": _common_cp932,
    "euc_jp": _common_euc_jp,
    "cp949": _common_cp949,
}


def _looks_korean(sample: bytes) -> bool:
    """Whether all characters lie where EUC-KR keeps its Hangul.

    GB 2312 has the hanzi read A to S in the same rows; a dozen of them without a single one read T to Z are Korean.
    """
    if _common_share(sample, "cp949") < 0.99:
        return False
    pairs = set(re.findall(rb"[\x80-\xff]{2}", sample))
    return len([pair for pair in pairs if 0xB0 <= pair[0] <= 0xC8]) >= 12


def _looks_western(sample: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone among ASCII letters, as accents and typographic signs do in cp1252."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return bool(runs) and sum(len(run) == 1 for run in runs) / len(runs) > 0.8


def _broken(data: bytes, position: int, name: str) -> UnreadableFile:
    line = data.count(b"\n", 0, position) + 1
    byte = f"0x{data[position]:02X}" if position < len(data) else "(end)"
    return UnreadableFile("broken-text", line=line, position=position + 1, byte=byte, encoding=name)
