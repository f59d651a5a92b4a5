"""What a new column holds: text, number, date, choice or list; and reading what was said as that, or refusing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from services.errors import InputError
from services.text.amounts import parse_amount
from services.text.dates import parse_date
from services.text.numerals import parse_number
from services.text.percents import parse_percent
from services.text.units import parse_measure
from services.text.widths import fold_width

KindName = Literal["text", "number", "date", "choice", "list"]

_IN_CHINESE: dict[str, KindName] = {
    "文本": "text",
    "文字": "text",
    "数字": "number",
    "数值": "number",
    "日期": "date",
    "选项": "choice",
    "列表": "list",
}
_EDGES = " \t\r\n\"'“”‘’「」『』.,。，;；:：、"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. ``choices`` bound a choice or the entries of a list; ``least`` and ``most`` bound a number.

    ``told`` is false for choices that come from cells: those are data, so the schema of a reply doesn't name them.
    """

    name: KindName = "text"
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    told: bool = True


def read_kind(text: str, choices: Sequence[str] = ()) -> Kind:
    """The kind that a person named: ``number``, ``choice:a,b,c``. Raises ``InputError``: ``fill-type``."""
    name, _, listed = text.replace("：", ":").partition(":")
    known: dict[str, KindName] = {kind: kind for kind in get_args(KindName)}
    kind = (known | _IN_CHINESE).get(fold_width(name).lower())
    if kind is None or (listed and kind not in ("choice", "list")):
        raise InputError("fill-type", type=text[:100], known=", ".join(known))
    own = tuple(word.strip() for word in re.split("[,，、]", listed) if word.strip())
    return Kind(kind, tuple(dict.fromkeys([*own, *choices])))


def canonical(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a text is, whatever its width, case and outer marks; None where it is none or could be two."""
    if text in choices:
        return text
    wanted = plain(text)
    same = [choice for choice in choices if plain(choice) == wanted]
    return same[0] if len(same) == 1 else None


def plain(text: str) -> str:
    """A text without what does not tell entries of a list apart: width, case, spaces at its ends and within, marks."""
    return re.sub(r"\s+", " ", fold_width(text).strip(_EDGES)).casefold()


def checked(said: str | None, kind: Kind) -> str | None:
    """What was said, if it is of the kind: a choice as it stands on the list. Raises ``ValueError`` for another."""
    if said is None or not said.strip() or kind.name == "text":
        return None if said is None or not said.strip() else said
    if kind.name == "choice":
        choice = canonical(said, kind.choices)
        if choice is None:
            raise ValueError(f"{said!r} is none of the choices")
        return choice
    if kind.name == "number":
        value = number_of(said)
        if value is None or not _is_within(value[0], kind):
            raise ValueError(f"{said!r} is not such a number")
    elif kind.name == "date" and date_of(said) is None:
        raise ValueError(f"{said!r} is not a whole date")
    return said


def checked_list(said: Sequence[str], kind: Kind) -> list[str]:
    """The entries, each once, as they stand on the list where there is one. Raises ``ValueError`` for another."""
    entries = list(dict.fromkeys(entry.strip() for entry in said if entry.strip()))
    return [checked(entry, Kind("choice", kind.choices)) or "" for entry in entries] if kind.choices else entries


def number_of(said: str) -> tuple[Decimal, str | None] | None:
    """The number that was said, alone, as a share, or with its unit or currency; with a number format for a share."""
    text = said.strip()
    share = parse_percent(text)
    if share is not None:
        places = max(0, share.decimal_places)
        return share.fraction, "0%" if not places else f"0.{'0' * places}%"
    number = parse_number(text)
    if number is not None:
        return number.value, None
    amount = parse_amount(text)
    if amount is not None:
        return None if amount.value is None else (amount.value, None)
    measure = parse_measure(text)
    return (measure.number.value, None) if measure is not None and not measure.rest else None


def date_of(said: str) -> datetime | None:
    """The date, with its time where one was said, or None where it is no whole date or could be two."""
    reading = parse_date(said.strip())
    value = None if reading is None or reading.kind != "exact" else reading.value
    if value is None or isinstance(value, datetime):
        return None if value is None else value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)


def _is_within(value: Decimal, kind: Kind) -> bool:
    return (kind.least is None or value >= Decimal(str(kind.least))) and (
        kind.most is None or value <= Decimal(str(kind.most))
    )
