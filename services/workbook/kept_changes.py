"""A ChangeSet as JSON and back, exactly, so that a result outlives the run that made it.

Reasons are listed apart, since thousands of changes share one. How a change is told to a person is in ``report``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Any, TypeVar, get_args

from services.workbook.changes import Change, ChangeSet, Flag, Proposer, Reason, Term, Verdict
from services.workbook.exact import array, plain_text, scalar_in, scalar_out, text_in, whole
from services.workbook.grid import Scalar

_VERDICTS = frozenset(get_args(Verdict))
_PROPOSERS = frozenset(get_args(Proposer))
_ITSELF = frozenset((int, bool, type(None)))
_T = TypeVar("_T")


def changes_out(changes: ChangeSet) -> dict[str, Any]:
    """A ChangeSet as JSON: changes and flags as columns, and the reasons that they name by their places."""
    reasons = _Reasons()
    all_changes, all_flags = changes.changes, changes.flags
    return {
        "fingerprint": changes.fingerprint,
        "changes": [
            [change.id for change in all_changes],
            [change.row for change in all_changes],
            [change.column for change in all_changes],
            _scalars_out([change.before for change in all_changes]),
            _scalars_out([change.after for change in all_changes]),
            [reasons.places(change.reasons) for change in all_changes],
            [change.rule for change in all_changes],
            [change.verdict for change in all_changes],
            [change.confidence for change in all_changes],
            [change.proposer for change in all_changes],
            _scalars_out([change.number_format for change in all_changes]),
        ],
        "flags": [
            [flag.id for flag in all_flags],
            [flag.row for flag in all_flags],
            [flag.column for flag in all_flags],
            _scalars_out([flag.value for flag in all_flags]),
            [reasons.place(flag.reason) for flag in all_flags],
            [flag.rule for flag in all_flags],
            [list(flag.rows) for flag in all_flags],
        ],
        "reasons": reasons.listed,
    }


def changes_in(data: Any) -> ChangeSet:
    """The ChangeSet that ``changes_out`` wrote. Raises ``ValueError`` for anything else."""
    try:
        reasons = [reason_in(row) for row in array(data["reasons"])]
        return ChangeSet(
            tuple(_changes_in(data["changes"], reasons)),
            tuple(_flags_in(data["flags"], reasons)),
            plain_text(data["fingerprint"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("not a ChangeSet as it was kept") from error


def reason_out(reason: Reason) -> list[Any]:
    """A reason as JSON: its code and its parameters. Raises ``TypeError`` for a parameter that is no value of ours."""
    return [reason.code, _parameters_out(reason.parameters)]


def reason_in(data: Any) -> Reason:
    """The reason that ``reason_out`` wrote. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for anything else."""
    code, parameters = data
    return Reason(plain_text(code), _parameters_in(parameters))


class _Reasons:
    """The reasons so far as JSON, and where each stands. They have to live as long as this does."""

    def __init__(self) -> None:
        self.listed: list[list[Any]] = []
        self._places: dict[int, int] = {}

    def place(self, reason: Reason) -> int:
        """The place of a reason."""
        # By identity, which is fast and exact: 1, 1.0 and True are equal, and the rules share their reasons.
        place = self._places.get(id(reason))
        if place is None:
            place = self._places[id(reason)] = len(self.listed)
            self.listed.append(reason_out(reason))
        return place

    def places(self, reasons: Sequence[Reason]) -> int | list[int]:
        """The places of the reasons of a change: nearly always one."""
        return self.place(reasons[0]) if len(reasons) == 1 else [self.place(reason) for reason in reasons]


def _changes_in(columns: Any, reasons: Sequence[Reason]) -> Iterable[Change]:
    ids, rows, places, before, after, why, rules, verdicts, confidences, proposers, formats = map(array, columns)
    _check_kinds(ids, str)
    _check_kinds(rows, int)
    _check_kinds(places, int)
    _check_kinds(rules, str)
    _check_kinds(confidences, float, int)
    if not {*verdicts} <= _VERDICTS or not {*proposers} <= _PROPOSERS:
        raise ValueError("verdict or proposer")
    alone = [(reason,) for reason in reasons]
    columns = zip(
        ids,
        rows,
        places,
        _scalars_in(before),
        _scalars_in(after),
        [_named(alone, place) if type(place) is int else tuple(_named(reasons, one) for one in place) for place in why],
        rules,
        verdicts,
        map(float, confidences),
        proposers,
        [None if code is None else text_in(code) for code in formats],
        strict=True,
    )
    return starmap(Change, columns)


def _flags_in(columns: Any, reasons: Sequence[Reason]) -> Iterable[Flag]:
    ids, rows, places, values, why, rules, others = map(array, columns)
    _check_kinds(ids, str)
    _check_kinds(rows, int)
    _check_kinds(places, int, type(None))
    _check_kinds(rules, str)
    told = [_named(reasons, place) for place in why]
    more = [tuple(map(whole, array(rows))) for rows in others]
    return starmap(Flag, zip(ids, rows, places, _scalars_in(values), told, rules, more, strict=True))


def _check_kinds(column: list[Any], *kinds: type) -> None:
    if not {*map(type, column)} <= {*kinds}:
        raise ValueError(f"not only {kinds}")


def _named(reasons: Sequence[_T], place: object) -> _T:
    at = whole(place)
    if at < 0:
        raise ValueError(place)
    return reasons[at]


def _scalars_out(values: list[Scalar]) -> list[object]:
    return [value if type(value) in _ITSELF or _is_plain(value) else scalar_out(value) for value in values]


def _scalars_in(data: list[Any]) -> list[Scalar]:
    return [scalar_in(value) if type(value) is dict or type(value) is list else value for value in data]


def _is_plain(value: Scalar) -> bool:
    return type(value) is str and value.isascii()


def _parameters_out(parameters: Sequence[tuple[str, object]]) -> list[list[Any]]:
    return [[name, _parameter_out(value)] for name, value in parameters]


def _parameters_in(data: object) -> tuple[tuple[str, object], ...]:
    return tuple([(plain_text(name), _parameter_in(value)) for name, value in array(data)])


def _parameter_out(value: object) -> object:
    """Scalars as everywhere; a Term and a tuple are objects with one key of their own."""
    if type(value) in _ITSELF:
        return value
    if isinstance(value, Term):
        return {"term": [value.code, _parameters_out(value.parameters)]}
    if isinstance(value, tuple):
        return {"several": [_parameter_out(item) for item in value]}
    if value is None or isinstance(value, str | int | float):
        return scalar_out(value)
    raise TypeError(f"a reason has no parameter of the type {type(value).__name__}")


def _parameter_in(data: object) -> object | Scalar:
    if type(data) is str or type(data) in _ITSELF:
        return data
    if isinstance(data, dict) and "term" in data:
        code, parameters = data["term"]
        return Term(plain_text(code), _parameters_in(parameters))
    if isinstance(data, dict) and "several" in data:
        return tuple(map(_parameter_in, array(data["several"])))
    return scalar_in(data)
