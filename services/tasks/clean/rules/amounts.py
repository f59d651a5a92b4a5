"""The rule ``amounts``: money written as text becomes numbers in a workbook, and one form in a text file.

Vague amounts and second currencies are flagged, never converted. Numbers without any currency in their column belong to
numbers.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.amount_columns import AmountColumn, currency_of, form_of, read_amount_column
from services.tasks.clean.rules.number_cells import as_number, as_text, number_format_of
from services.tasks.clean.rules.number_columns import PLAIN
from services.tasks.clean.table import Column, Table
from services.text.amounts import Amount
from services.workbook.changes import reason

SAFE_SHARE = 0.8
"""From this share on what reads as an amount is one, and from this share of one form on it is the column's."""

_VOTERS = 2000
"""Distinct texts that are asked how the column writes its currency."""

_HEADER_SCALE = re.compile(r"[万亿千萬億]|\b(?:k|mn|bn|thousands?|millions?|billions?)\b", re.IGNORECASE)
_TEXT_SCALE = re.compile(r"[万亿萬億]|[0-9] ?(?:k|m|mn|bn|million|billion)\b", re.IGNORECASE)


class AmountsStep(Step):
    """Money of one column. ``currency`` is its one currency (a code, or a sign no code explains), empty for several.

    ``form`` is how a text file writes it, "N" for the number: "N" alone, "$N", "N元". ``grouped`` says whether with
    thousands separators.
    """

    rule: Literal["amounts"] = "amounts"
    currency: str = ""
    form: str = "N"
    grouped: bool = False


def propose(table: Table) -> list[AmountsStep]:
    """A step for each column of money that is not all in one form."""
    steps = []
    for column in table.columns:
        found = read_amount_column(column, table)
        if found is None:
            continue
        uniform = (
            found.form_cells >= SAFE_SHARE * found.exact_cells and found.form.count("N") == 1 and "(" not in found.form
        )
        step = AmountsStep(
            column=column.name,
            currency=next(iter(found.currencies)) if len(found.currencies) == 1 else "",
            form=found.form if uniform else "N",
            grouped=uniform and found.form_grouped,
        )
        if any(True for _ in _findings(step, found, column, table)):
            steps.append(step)
    return steps


def run(step: AmountsStep, table: Table) -> Outcome:
    """Bring the column's amounts into the step's form, or into numbers."""
    outcome = Outcome()
    column = table.column_named(step.column)
    found = read_amount_column(column, table) if column is not None else None
    if column is None or found is None:
        return outcome
    if step.currency and (len(found.currencies) > 1 or step.currency not in found.currencies):
        outcome.misfit = reason(
            "amounts.other_currency", column=column.name, currency=step.currency, found=", ".join(found.currencies)
        )
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="amounts", step_type=AmountsStep, propose=propose, run=run)


def _findings(step: AmountsStep, found: AmountColumn, column: Column, table: Table) -> Iterator[tuple[str, Finding]]:
    """What each text should become, one after the other, so that proposing stops at the first."""
    number_format = _format(found, column, table) if table.typed else None
    several = len(found.currencies) > 1
    scaled_header = bool(_HEADER_SCALE.search(column.name))
    for text, (amount, _) in found.amounts.items():
        if amount.precision != "exact":
            yield text, Doubt(reason("amounts.vague", value=text))
        elif several:
            # Taking the signs off would add dollars to euros; the rarer currencies are shown to the person instead.
            currency = currency_of(amount, found.currencies)
            usual = found.currencies.most_common(1)[0][0]
            if currency is not None and currency != usual:
                yield text, Doubt(reason("amounts.several", value=text, currency=currency, usual=usual))
        elif scaled_header and _TEXT_SCALE.search(text):
            yield text, Doubt(reason("amounts.scale", value=text, header=column.name))
        elif amount.exact_in_double and amount.low is not None:
            finding = _written(text, amount, amount.low, step, found, table, number_format)
            if finding is not None:
                yield text, finding


def _written(
    text: str,
    amount: Amount,
    value: Decimal,
    step: AmountsStep,
    found: AmountColumn,
    table: Table,
    number_format: str | None,
) -> Finding | None:
    """One exact amount as a number, or as the text that the step's form makes of it."""
    trusted = found.share >= SAFE_SHARE
    facts = {"before": text, "currency": step.currency, "filled": found.filled}
    after: str | int | float
    if table.typed:
        shown, after = as_text(value), as_number(value)
    else:
        plain = as_text(_padded(value, found.places), found.signs.sign)
        shown = after = _in_form(plain, value, step, found)
        if after == text or (step.form == "N" and PLAIN.fullmatch(text)) or _same_form(text, step):
            return None
    if amount.ambiguous:
        return Proposal(after, reason("amounts.sign_open", after=shown, **facts), False, 0.6, number_format)
    if table.typed:
        why = reason("amounts.text", after=shown, **facts)
        return Proposal(after, why, trusted, 1.0, number_format)
    if step.form != "N":
        why = reason("amounts.form", after=shown, count=found.form_cells, **facts)
        return Proposal(after, why, trusted and amount.currency_text is not None, 0.9)
    if not found.header_has_currency and amount.currency_text:
        return Proposal(after, reason("amounts.currency_lost", after=shown, **facts), False, 0.8)
    return Proposal(after, reason("amounts.plain", after=shown, **facts), trusted, 1.0)


def _padded(value: Decimal, places: int) -> Decimal:
    """``value`` with the column's decimals, where that only adds zeros."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(-places)) if isinstance(exponent, int) and -exponent < places else value


def _in_form(plain: str, value: Decimal, step: AmountsStep, found: AmountColumn) -> str:
    if step.form == "N":
        return plain
    digits = plain.lstrip("-")
    if step.grouped:
        sign = found.signs.sign
        whole, mark, places = digits.partition(sign)
        digits = f"{int(whole):,}".replace(",", "." if sign == "," else ",") + mark + places
    return ("-" if value < 0 else "") + step.form.replace("N", digits)


def _same_form(text: str, step: AmountsStep) -> bool:
    """Whether the text is written as the column's form has it; its decimals are its own matter."""
    return step.form != "N" and form_of(text).removeprefix("-") == step.form


def _format(found: AmountColumn, column: Column, table: Table) -> str:
    """The number format for text that becomes a number: the column's, else one with the currency as written."""
    own = number_format_of(column, table)
    if own is not None:
        return own
    places = max(
        (amount.decimal_places for amount, _ in found.amounts.values() if amount.precision == "exact"), default=0
    )
    digits = "#,##0" + ("." + "0" * min(max(places, 2), 4) if places else "")
    written: Counter[str] = Counter()
    for text, (amount, count) in islice(found.amounts.items(), _VOTERS):
        if amount.currency_text and amount.denotes_one_amount:
            before = text.lstrip("-+( （").startswith(amount.currency_text)
            spaced = len(amount.currency_text) > 1 and amount.currency_text.isascii()
            gap = " " if spaced else ""
            sign = f'"{amount.currency_text}{gap}"' if before else f'"{gap}{amount.currency_text}"'
            written[sign + digits if before else digits + sign] += count
    return written.most_common(1)[0][0] if written else digits
