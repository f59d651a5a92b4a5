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
from services.tasks.clean.rules.affixes import read_amount
from services.tasks.clean.rules.amount_columns import AmountColumn, currency_of, form_of, read_amount_column
from services.tasks.clean.rules.leftovers import leftovers
from services.tasks.clean.rules.number_cells import as_number, as_text, number_format_of
from services.tasks.clean.rules.number_columns import PLAIN
from services.tasks.clean.table import Column, Table
from services.text.amounts import Amount
from services.text.widths import fold_width
from services.workbook.changes import Reason, reason

SAFE_SHARE = 0.8
"""From this share on what reads as an amount is one, and from this share of one form on it is the column's."""

_VOTERS = 2000
"""Distinct texts that are asked how the column writes its currency."""

_HEADER_SCALE = re.compile(r"[万亿千萬億]|\b(?:k|mn|bn|thousands?|millions?|billions?)\b", re.IGNORECASE)
_LETTER_SCALE = re.compile(r"[0-9] ?(?:[kmbw]|mn|bn|mm)\b", re.IGNORECASE)
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
            currency=found.currency,
            form=found.form if uniform else "N",
            grouped=uniform and bool(found.group_sign),
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
    if step.currency and step.currency != found.currency:
        outcome.misfit = reason(
            "amounts.other_currency", column=column.name, currency=step.currency, found=", ".join(found.currencies)
        )
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="amounts", step_type=AmountsStep, propose=propose, run=run)


def number_only(column: Column, table: Table) -> AmountsStep | None:
    """The step that leaves only the numbers of a column of one currency, None where it is none."""
    found = read_amount_column(column, table)
    return None if found is None or not found.currency else AmountsStep(column=column.name, currency=found.currency)


def _findings(step: AmountsStep, found: AmountColumn, column: Column, table: Table) -> Iterator[tuple[str, Finding]]:
    """What each text should become, one after the other, so that proposing stops at the first."""
    number_format = _format(found, column, table) if table.typed else None
    scaled_header = bool(_HEADER_SCALE.search(column.name))
    for text, (amount, _) in found.amounts.items():
        if amount.precision != "exact":
            yield text, Doubt(reason("amounts.vague", value=text))
            continue
        currency = currency_of(amount, found.currencies)
        usual = step.currency or found.currencies.most_common(1)[0][0]
        if currency is not None and currency != usual:
            yield text, Doubt(reason("amounts.several", value=text, currency=currency, usual=usual))
        elif not step.currency:
            continue  # taking the signs off would add dollars to euros
        elif scaled_header and _TEXT_SCALE.search(text):
            yield text, Doubt(reason("amounts.scale", value=text, header=column.name))
        elif amount.exact_in_double and amount.low is not None:
            finding = _written(text, amount, amount.low, step, found, table, number_format)
            if finding is not None:
                yield text, finding
    yield from leftovers(column, table, found.amounts, "amounts.not_read", found.cells, found.filled)


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
    # A number without its sign says nothing of a currency, unless the column's number format does.
    one_currency = len(found.currencies) == 1 or found.shown_currency == step.currency or (step.form != "N")
    trusted = found.share >= SAFE_SHARE and one_currency
    facts: dict[str, object] = {"before": text, "currency": step.currency, "filled": found.filled}
    after: str | int | float
    if table.typed:
        shown, after = as_text(value), as_number(value)
    else:
        plain = as_text(_padded(value, found.places), found.signs.sign)
        written = _in_form(plain, value, text, step, found)
        if written is None:
            return None
        shown = after = written
        plain_form = step.form == "N" and PLAIN.fullmatch(text) and (not step.grouped or abs(value) < 1000)
        if after == text or plain_form or _same_form(text, step):
            return None
    # 593,66w may be 593.66 with a slip of the keyboard, where the column does not count so.
    trusted = trusted and (not _LETTER_SCALE.search(text) or _scale_of(step.form) != 1)
    if amount.ambiguous:
        return Proposal(after, reason("amounts.sign_open", after=shown, **facts), False, 0.6, number_format)
    if table.typed:
        why = _why("amounts.text", shown, facts, found)
        # 234万 in most cells may be how the person wants them to be read.
        return Proposal(after, why, trusted and _scale_of(found.form) == 1, 1.0, number_format)
    if step.form != "N":
        why = reason("amounts.form", after=shown, count=found.form_cells, **facts)
        return Proposal(after, why, trusted and amount.currency_text is not None, 0.9)
    if step.grouped and not amount.currency_text:
        why = reason("numbers.regrouped", before=text, after=shown, count=found.form_cells, filled=found.filled)
        return Proposal(after, why, trusted, 1.0)
    if not found.header_has_currency and amount.currency_text:
        wanted = step.asked == "person"  # who asks for the number alone knows the currency
        return Proposal(after, reason("amounts.currency_lost", after=shown, **facts), trusted and wanted, 0.8)
    return Proposal(after, _why("amounts.plain", shown, facts, found), trusted, 1.0)


def _why(code: str, after: str, facts: dict[str, object], found: AmountColumn) -> Reason:
    """The reason ``code``, which says that the column has one currency, or what is true where it has others too."""
    if len(found.currencies) == 1:
        return reason(code, after=after, **facts)
    return reason("amounts.usual", after=after, count=found.currencies[found.currency], **facts)


def _padded(value: Decimal, places: int) -> Decimal:
    """``value`` with the column's decimals, where that only adds zeros."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(-places)) if isinstance(exponent, int) and -exponent < places else value


def _in_form(plain: str, value: Decimal, text: str, step: AmountsStep, found: AmountColumn) -> str | None:
    """The amount as the step writes it; None for a bare number where the column counts in 万 or millions."""
    scale = _scale_of(step.form)
    if scale is None or (scale != 1 and not _TEXT_SCALE.search(text)):
        return None
    if scale != 1:
        plain = as_text(value / scale, found.signs.sign, drop_zeros=True)
    digits = plain.lstrip("-")
    if step.grouped and found.group_sign:
        sign = found.signs.sign
        whole, mark, places = digits.partition(sign)
        digits = f"{int(whole):,}".replace(",", found.group_sign) + mark + places
    return ("-" if value < 0 else "") + step.form.replace("N", digits)


def _scale_of(form: str) -> Decimal | None:
    """What one of the form's units is: 10000 for "N万", 1 for "$N"; None where that can't be told."""
    one = form.replace("N", "1")
    if not _TEXT_SCALE.search(one):
        return Decimal(1)
    amount = read_amount(one)
    return amount.low if amount is not None and amount.precision == "exact" else None


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
            before = fold_width(text).lstrip("-+( ").startswith(fold_width(amount.currency_text))
            spaced = len(amount.currency_text) > 1 and amount.currency_text.isascii()
            gap = " " if spaced else ""
            sign = f'"{amount.currency_text}{gap}"' if before else f'"{gap}{amount.currency_text}"'
            written[sign + digits if before else digits + sign] += count
    return written.most_common(1)[0][0] if written else digits
