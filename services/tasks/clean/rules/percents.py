"""The rule ``percents``: shares written as text, and per cent signs that contradict the rest of their column.

Numbers without any per cent sign in their column belong to numbers.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from statistics import median
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.first_look import countable, written_alike
from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.rules.number_cells import as_number, as_text, number_format_of, without_noise
from services.tasks.clean.rules.number_columns import read_number
from services.tasks.clean.table import Column, Table
from services.text.numerals import DecimalSign, Number
from services.text.percents import Percent, parse_percent
from services.workbook.changes import Reason, reason
from services.workbook.grid import Scalar

LEAST_SHARE = 0.6
SAFE_SHARE = 0.8
_SCALE_SPREAD = 5
"""Two groups of values are on one scale where their medians lie within this factor; a sign too many makes it 100."""

_SIGNS = ("%", "％", "﹪", "‰", "percent", "per cent", "pct", "百分之", "千分之")
_SIGN = re.compile("|".join(_SIGNS), re.IGNORECASE)
_RANGE = re.compile(r"[0-9０-９.,%％\s~～—–-]+[%％]")


class PercentsStep(Step):
    """Shares of one column.

    ``sign`` says what a per cent sign means there: that the number is a hundredth, or nothing, since the column's other
    numbers are shares already (stray). ``written`` is the form in a text file, with the sign or as a fraction.
    """

    rule: Literal["percents"] = "percents"
    sign: Literal["hundredth", "stray"] = "hundredth"
    written: Literal["12.5%", "12.5 %", "12,5%", "12,5 %", "0.125"] = "12.5%"


@dataclass(frozen=True, slots=True)
class _PercentColumn:
    """Texts with a per cent sign, bare numbers as they stand, and the column's cells of each kind."""

    signed: dict[str, tuple[Percent, int]]
    bare: dict[str | int | float, tuple[Number, int]]
    strange: tuple[str, ...]
    signed_cells: int
    bare_cells: int
    filled: int

    @property
    def share(self) -> float:
        return (self.signed_cells + self.bare_cells) / self.filled if self.filled else 0.0


def propose(table: Table) -> list[PercentsStep]:
    """A step for each column with per cent signs that is not already in one form."""
    steps = []
    for column in table.columns:
        shown = _is_shown_as_share(column, table)
        if not _any_sign(column) and not (shown and column.texts):
            continue
        found = _read(column, shown=shown)
        if found is None:
            continue
        step = PercentsStep(column=column.name, sign=_meaning(found), written=_written(found))
        if _findings(step, found, column, table):
            steps.append(step)
    return steps


def run(step: PercentsStep, table: Table) -> Outcome:
    """Read the column's per cent signs as the step says."""
    outcome = Outcome()
    column = table.column_named(step.column)
    found = _read(column, shown=_is_shown_as_share(column, table)) if column is not None else None
    if column is None or found is None:
        return outcome
    dropped = bool(step.asked) and not found.bare
    if step.sign == "stray" and _meaning(found) != "stray" and not dropped:
        outcome.misfit = reason("percents.not_stray", column=column.name)
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="percents", step_type=PercentsStep, propose=propose, run=run)


def without_sign(column: Column, table: Table, *, as_fraction: bool) -> PercentsStep | None:
    """The step that takes the sign off: the share as a fraction, or else the number as it is written.

    None where the column has no signs, or where its other numbers say that the sign means something else.
    """
    found = _read(column, shown=_is_shown_as_share(column, table)) if _any_sign(column) else None
    if found is None:
        return None
    relation = _relation(found)
    if relation == "as written" and found.bare_cells > found.signed_cells:
        return PercentsStep(column=column.name, sign="stray", written="0.125")
    if as_fraction or relation == "hundredth":
        return PercentsStep(column=column.name, sign="hundredth", written="0.125")
    return PercentsStep(column=column.name, sign="stray", written="0.125") if not found.bare else None


def _any_sign(column: Column) -> bool:
    """Whether a per cent sign or word stands anywhere in the column, looked for in one sweep."""
    together = "\n".join(column.texts).lower()
    return any(sign in together for sign in _SIGNS)


def _is_shown_as_share(column: Column, table: Table) -> bool:
    """Whether the column's real numbers have a per cent format."""
    own = number_format_of(column, table)
    return own is not None and "%" in own and column.kinds["number"] > 0


def _read(column: Column, *, shown: bool) -> _PercentColumn | None:
    """The column's texts and numbers; None where none has a per cent sign, or too few are numbers."""
    signed: dict[str, tuple[Percent, int]] = {}
    bare: dict[str | int | float, tuple[Number, int]] = {}
    strange: list[str] = []
    for text, count in column.texts.items():
        if _SIGN.search(text):
            percent = parse_percent(text)
            if percent is not None and not percent.ambiguous:
                signed[text] = (percent, count)
            elif _RANGE.fullmatch(text):
                strange.append(text)
        elif len(text) < 30 and (number := read_number(text)) is not None and not number.leading_zeros:
            bare[text] = (number, count)
    for value, count in column.numbers.items():
        if isfinite(value):
            bare[value] = (Number(Decimal(str(value))), count)
    cells = sum(count for _, count in signed.values()), sum(count for _, count in bare.values())
    found = _PercentColumn(signed, bare, tuple(strange), *cells, countable(column))
    return found if (signed or shown) and found.share >= LEAST_SHARE else None


def _meaning(found: _PercentColumn) -> Literal["hundredth", "stray"]:
    """Stray where most numbers have no sign and the signed ones are of the very same size as they are written."""
    if found.bare_cells <= found.signed_cells:
        return "hundredth"
    return "stray" if _relation(found) == "as written" else "hundredth"


def _relation(found: _PercentColumn) -> Literal["as written", "hundredth", "unknown"]:
    """How the signed numbers compare with the bare ones: of their size as written, or after division by 100."""
    if not found.bare or not found.signed:
        return "unknown"
    bare = median(abs(number.value) for number, _ in found.bare.values())
    signed = median(abs(percent.fraction * percent.per) for percent, _ in found.signed.values())
    if not bare or not signed:
        return "unknown"
    if bare / _SCALE_SPREAD <= signed <= bare * _SCALE_SPREAD:
        return "as written"
    if bare / _SCALE_SPREAD <= signed / 100 <= bare * _SCALE_SPREAD:
        return "hundredth"
    return "unknown"


def _written(found: _PercentColumn) -> Literal["12.5%", "12.5 %", "12,5%", "12,5 %", "0.125"]:
    """The majority's form: with the sign, spaced or not, with a point or a comma; or as a fraction."""
    if found.bare_cells > found.signed_cells:
        return "0.125"
    spaced = commas = points = 0
    for text, (percent, count) in found.signed.items():
        spaced += count if text.rstrip("%").endswith((" ", " ")) else 0
        commas += count if percent.evidence == "," else 0
        points += count if percent.evidence == "." else 0
    comma = commas > points
    if spaced > found.signed_cells / 2:
        return "12,5 %" if comma else "12.5 %"
    return "12,5%" if comma else "12.5%"


def _findings(step: PercentsStep, found: _PercentColumn, column: Column, table: Table) -> dict[Scalar, Finding]:
    if step.sign == "stray":
        findings = _stray(step, found, table)
    elif table.typed and found.signed:
        findings = _typed(found, column, table, as_fraction=bool(step.asked) and step.written == "0.125")
    else:
        findings = _plain(step, found) if found.signed else {}
    if found.share >= SAFE_SHARE:
        for text in found.strange:
            findings[text] = Doubt(reason("percents.several", value=text))
    # In a workbook 12 in a column shown as 12% may be meant as the share or as the number, so nobody has read it.
    shown = _is_shown_as_share(column, table)
    understood: set[Scalar] = {*findings, *found.signed, *(() if shown else found.bare)}
    cells = found.signed_cells + (column.kinds["number"] if shown else found.bare_cells)
    return findings | dict(leftovers(column, table, understood, "percents.not_read", cells, found.filled))


def _stray(step: PercentsStep, found: _PercentColumn, table: Table) -> dict[Scalar, Finding]:
    """The sign taken off, and with it the noise of binary fractions that comes along in such exports."""
    findings: dict[Scalar, Finding] = {}
    for text, (percent, _) in found.signed.items():
        value = percent.fraction * percent.per
        quiet = without_noise(value) or _with_places(value, percent)
        sign = "." if found.bare else percent.evidence or "."
        after = as_number(quiet) if table.typed else as_text(quiet, sign)
        why = reason(
            "percents.stray" if found.bare else "percents.dropped",
            before=text,
            after=as_text(quiet),
            count=found.bare_cells,
            filled=found.filled,
            signed=found.signed_cells,
        )
        wanted = step.asked == "person"
        findings[text] = Proposal(after, why, wanted, 1.0 if wanted else 0.8)
    return findings


def _plain(step: PercentsStep, found: _PercentColumn) -> dict[Scalar, Finding]:
    """In a text file: signed numbers in the majority's form, bare ones only where their scale is clear, for review."""
    if step.written != "0.125" and not found.bare and len(found.signed) > 1 and written_alike(found.signed):
        return {}
    sign: DecimalSign = "," if "," in step.written else "."
    end = " %" if " " in step.written else "%"
    findings: dict[Scalar, Finding] = {}
    for text, (percent, _) in found.signed.items():
        if step.written == "0.125":
            after, safe = as_text(percent.fraction.normalize(), sign), step.asked == "person" and not found.bare
        else:
            value = percent.fraction * 100
            shown = _with_places(value, percent) if percent.per == 100 else value.normalize()
            after = as_text(without_noise(value) or shown, sign) + end
            safe = percent.per == 100 and percent.evidence in (None, sign) and found.share >= SAFE_SHARE
        if after != text:
            findings[text] = Proposal(after, _why("percents.form", text, after, found), safe, 0.9)
    if step.written == "0.125":
        if _relation(found) == "unknown" and (found.bare or not step.asked):
            return {text: Doubt(reason("percents.scale_open", value=text)) for text in found.signed}
        return findings
    relation = _relation(found)
    for bare, (number, _) in found.bare.items():
        if relation == "unknown":
            findings[bare] = Doubt(reason("percents.scale_open", value=str(bare)))
            continue
        points = number.value if relation == "as written" else number.value * 100
        after = as_text(points if relation == "as written" else points.normalize(), sign) + end
        findings[bare] = Proposal(after, _why("percents.sign_missing", str(bare), after, found), False, 0.7)
    return findings


def _typed(found: _PercentColumn, column: Column, table: Table, *, as_fraction: bool) -> dict[Scalar, Finding]:
    """In a workbook: the share as a number with a per cent format, or shown as the fraction where that was asked."""
    own = number_format_of(column, table)
    formatted = own is not None and "%" in own
    places = max((percent.decimal_places for percent, _ in found.signed.values()), default=0)
    number_format = own if formatted else "0." + "0" * min(places, 4) + "%" if places else "0%"
    if as_fraction and not formatted:
        number_format = "General"
    relation = _relation(found)
    even = formatted or found.bare_cells <= 0.05 * found.filled or relation == "hundredth"
    commas = sum(count for p, count in found.signed.values() if p.evidence == ",")
    points = sum(count for p, count in found.signed.values() if p.evidence == ".")
    findings: dict[Scalar, Finding] = {}
    for text, (percent, _) in found.signed.items():
        fraction = without_noise(percent.fraction) or percent.fraction
        contested = percent.evidence is not None and bool(commas and points)
        safe = even and not contested and percent.per == 100 and found.share >= SAFE_SHARE
        why = reason("percents.text", before=text, after=as_text(fraction.normalize()), points=_points(percent))
        findings[text] = Proposal(as_number(fraction), why, safe, 1.0 if safe else 0.7, number_format)
    if formatted:
        return findings
    for bare, (number, _) in found.bare.items():
        if relation == "as written" and found.signed_cells > found.bare_cells:
            share = number.value / 100
            why = _why("percents.sign_missing", str(bare), f"{as_text(number.value)}%", found)
            findings[bare] = Proposal(as_number(share), why, False, 0.7, number_format)
    return findings


def _points(percent: Percent) -> str:
    """The share with a per cent sign, as a cell with such a format shows it."""
    value = percent.fraction * 100
    return as_text(without_noise(value) or value, drop_zeros=True) + "%"


def _with_places(value: Decimal, percent: Percent) -> Decimal:
    """``value`` with the decimals the text showed: 100.0% stays 100.0."""
    return value.quantize(Decimal(1).scaleb(-percent.decimal_places))


def _why(code: str, before: str, after: str, found: _PercentColumn) -> Reason:
    return reason(code, before=before, after=after, count=found.signed_cells, filled=found.filled)
