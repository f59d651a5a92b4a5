"""Excel's list of add-ins to load: the values ``OPEN``, ``OPEN1``, ``OPEN2`` ... of its key ``Options``.

Each holds the path of a file, mostly in quotes and sometimes after a switch such as ``/R``; a name alone means the
person's own folder of add-ins. Pure: values in, edits out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from services.installing.registry import Edit, Value

_NAME = re.compile(r"OPEN([1-9][0-9]*)?", re.IGNORECASE)
_SWITCHES = re.compile(r"^(?:/[A-Za-z]\s+)*")


def loaded(values: Mapping[str, Value], add_in: Path) -> bool:
    """Whether exactly this file is in the list, once."""
    entries = [value for _, value in _entries(values) if _named(value, add_in)]
    return len(entries) == 1 and _same_file(entries[0], add_in)


def edits_to_load(key: str, values: Mapping[str, Value], add_in: Path) -> tuple[Edit, ...]:
    """The edits that put ``add_in`` into the list of ``key``: at the first free place, and never twice.

    An entry of the same file name elsewhere is replaced, since Excel can't have two files of one name open.
    """
    if loaded(values, add_in):
        return ()
    entry = Value(f'"{add_in}"')
    places = [place for place, value in _entries(values) if _named(value, add_in)]
    if places:
        without = {name: value for name, value in values.items() if _place(name) not in places[1:]}
        return (Edit(key, _name(places[0]), entry), *_moved(key, values, without))
    taken = {place for place, _ in _entries(values)}
    free = next(place for place in range(len(taken) + 1) if place not in taken)
    return (Edit(key, _name(free), entry),)


def edits_to_unload(key: str, values: Mapping[str, Value], add_in: Path) -> tuple[Edit, ...]:
    """The edits that take files of this name out of the list of ``key``; what follows moves up and leaves no gap."""
    others = {name: value for name, value in values.items() if not (_place(name) is not None and _named(value, add_in))}
    return _moved(key, values, others)


def edits_to_forget(key: str, values: Mapping[str, Value], add_in: Path) -> tuple[Edit, ...]:
    """The edits that take the file out of ``Add-in Manager``, where Excel keeps add-ins that a person unticked."""
    return tuple(Edit(key, name, None) for name in values if _file_name(name) == _file_name(add_in.name))


def _moved(key: str, values: Mapping[str, Value], kept: Mapping[str, Value]) -> tuple[Edit, ...]:
    """The edits from ``values`` to ``kept`` with the gaps closed that this leaves.

    Every value is written to its new place before its old one goes, so that stopping half-way loses none.
    """
    before = dict(_entries(values))
    gone = [place for place in before if place not in {_place(name) for name in kept}]
    after = {place - sum(hole < place for hole in gone): before[place] for place in before if place not in gone}
    written = tuple(Edit(key, _name(place), value) for place, value in after.items() if before.get(place) != value)
    removed = tuple(Edit(key, _name(place), None) for place in before if place not in after)
    return written + removed


def _entries(values: Mapping[str, Value]) -> list[tuple[int, Value]]:
    places = ((_place(name), value) for name, value in values.items())
    return sorted((place, value) for place, value in places if place is not None)


def _place(name: str) -> int | None:
    found = _NAME.fullmatch(name)
    return None if found is None else int(found[1] or 0)


def _name(place: int) -> str:
    return f"OPEN{place or ''}"


def _named(value: Value, add_in: Path) -> bool:
    return _file_name(_path(value)) == _file_name(add_in.name)


def _same_file(value: Value, add_in: Path) -> bool:
    path = _path(value)
    alone = PureWindowsPath(path).name == path
    return alone or path.casefold() == str(add_in).casefold()


def _path(value: Value) -> str:
    return _SWITCHES.sub("", value.text.strip()).strip().strip('"')


def _file_name(path: str) -> str:
    return PureWindowsPath(path).name.casefold()
