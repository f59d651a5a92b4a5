"""Values as JSON and back, exactly: every scalar comes back as it was, of the same type.

What is kept with them (journals, changes) has modules of its own; how values are shown is in ``rendering``.
"""

from __future__ import annotations

import math
from typing import Any

from services.errors import InputError
from services.workbook.grid import CellError, DateSerial, Scalar

NOT_AS_KEPT = (InputError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
"""What reading raises where JSON is not as it was kept: others, or another version, have written it."""


def scalar_out(value: Scalar) -> object:
    """A scalar as JSON. JSON has text, numbers, booleans and null of its own; the rest is an object with one key."""
    if isinstance(value, CellError):
        return {"error": text_out(str(value))}
    if isinstance(value, str):
        return text_out(value)
    if isinstance(value, DateSerial):
        return {"date": scalar_out(float(value))}
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": repr(value)}
    return value


def scalar_in(data: object) -> Scalar:
    """The scalar that ``scalar_out`` wrote. Raises ``ValueError`` or ``KeyError`` for anything else."""
    if not isinstance(data, dict):
        if data is None or isinstance(data, str | int | float):
            return data
        raise ValueError(data)
    ((key, value),) = data.items()
    if key == "error":
        return CellError(text_in(value))
    if key == "date":
        return DateSerial(_number(scalar_in(value)))
    if key == "number":
        return float(value)
    return text_in(data)


def text_out(text: str) -> object:
    """Text as it is; one with lone surrogates as its bytes, since JSON would join two of them into one character."""
    if not has_surrogates(text):
        return text
    return {"surrogates": text.encode("utf-8", "surrogatepass").hex()}


def text_in(data: object) -> str:
    """The text that ``text_out`` wrote. Raises ``ValueError`` or ``KeyError`` for anything else."""
    if isinstance(data, dict):
        return bytes.fromhex(data["surrogates"]).decode("utf-8", "surrogatepass")
    return plain_text(data)


def has_surrogates(text: str) -> bool:
    """Whether there is a lone surrogate in a text: half a character, which UTF-8 can't hold."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def plain_text(data: object) -> str:
    """JSON that has to be a text. Raises ``ValueError``."""
    if not isinstance(data, str):
        raise ValueError(data)
    return data


def whole(data: object) -> int:
    """JSON that has to be a whole number. Raises ``ValueError``."""
    if not isinstance(data, int) or isinstance(data, bool):
        raise ValueError(data)
    return data


def array(data: object) -> list[Any]:
    """JSON that has to be an array. Raises ``ValueError``."""
    if not isinstance(data, list):
        raise ValueError(data)
    return data


def _number(data: Scalar) -> float:
    if not isinstance(data, int | float):
        raise ValueError(data)
    return float(data)
