"""Reading a column as amounts of money: what each text says, in which currency, and how most cells write it.

What should become of a text is decided in amounts.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from services.tasks.clean.rules.affixes import read_amount
from services.tasks.clean.rules.decimal_signs import SignEvidence, weigh_signs
from services.tasks.clean.rules.digit_codes import header_names_codes
from services.tasks.clean.rules.first_look import countable, share_of_first_texts
from services.tasks.clean.rules.number_columns import read_number
from services.tasks.clean.table import Column, Table
from services.text.amounts import Amount
from services.text.currencies import currency_after, currency_before
from services.text.numerals import DecimalSign, Number

LEAST_SHARE = 0.6
"""Below this share of amounts among the filled cells a column is no column of money."""

SHARED_SIGNS = {
    "¥": frozenset(("CNY", "JPY")),
    "￥": frozenset(("CNY", "JPY")),
    "$": frozenset(("USD", "CAD", "AUD", "NZD", "HKD", "TWD", "SGD", "MXN", "ARS", "CLP", "COP", "BRL")),
    "£": frozenset(("GBP",)),
}
"""Signs that several currencies write, and which a code beside them may mean (Unicode CLDR, narrow symbols)."""

_DIGITS = re.compile(r"[0-9０-９](?:[0-9０-９.,，．' ]*[0-9０-９])?")
_GROUPED = re.compile(r"[0-9][,' ][0-9]{3}", re.ASCII)
_HEADER_WORDS = re.compile(r"[\s_()（）\[\]【】/:：,，-]+")


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A column read as money.

    ``amounts`` maps each text to what it says and its cells. ``currencies`` counts cells by currency (a code, or the
    shared sign where no code tells more). ``form`` is how most cells write it, "N" for the number, ``form_cells`` how
    many of the ``exact_cells`` that mean one amount, ``form_grouped`` whether with thousands separators. ``places`` are
    the decimals most amounts show; ``cells`` counts amounts and numbers of ``filled``.
    """

    amounts: dict[str, tuple[Amount, int]]
    currencies: Counter[str]
    signs: SignEvidence
    form: str
    form_cells: int
    exact_cells: int
    form_grouped: bool
    places: int
    cells: int
    filled: int
    header_has_currency: bool

    @property
    def share(self) -> float:
        """The share of the filled cells that are amounts or numbers."""
        return self.cells / self.filled if self.filled else 0.0


def read_amount_column(column: Column, table: Table) -> AmountColumn | None:
    """The column as money, or None where too few texts are amounts or none names a currency."""
    if not column.texts or header_names_codes(column.name) or all(text.isdigit() for text in column.texts):
        return None
    if column.kinds["number"] < 0.5 * column.filled and share_of_first_texts(column, read_amount) < 0.4:
        return None
    if not any(map(_has_currency, column.texts)):
        return None
    read = {text: (amount, n) for text, n in column.texts.items() if (amount := read_amount(text)) is not None}
    priced = sum(count for amount, count in read.values() if amount.currency_text)
    cells = sum(count for _, count in read.values()) + column.kinds["number"]
    filled = countable(column)
    if not priced or cells < LEAST_SHARE * filled:
        return None
    signs = weigh_signs(_digits_of(read), column, table)
    forms: Counter[str] = Counter()
    grouped: Counter[str] = Counter()
    places: Counter[int] = Counter()
    for text, (amount, count) in read.items():
        if amount.ambiguous and amount.precision == "exact":
            amount = _settled(text, amount, signs)
            read[text] = (amount, count)
        places[amount.decimal_places] += count
        if amount.precision == "exact" and not amount.ambiguous:
            form = form_of(text)
            forms[form] += count
            if form not in grouped and _GROUPED.search(text):
                grouped[form] += count
    if not column.kinds["number"] and all(amount.precision != "exact" for amount, _ in read.values()):
        return None  # 亿元 and 万美元 all the way down are units of other columns
    if column.kinds["number"]:
        forms["N"] += column.kinds["number"]
    form, form_cells = forms.most_common(1)[0] if forms else ("N", 0)
    return AmountColumn(
        amounts=read,
        currencies=_currencies(read),
        signs=signs,
        form=form,
        form_cells=form_cells,
        exact_cells=sum(forms.values()),
        form_grouped=bool(grouped[form]),
        places=places.most_common(1)[0][0],
        cells=cells,
        filled=filled,
        header_has_currency=_names_currency(column.name),
    )


def form_of(text: str) -> str:
    """``text`` with "N" for its digits: "$N", "N元", "(N)"."""
    return _DIGITS.sub("N", text)


def _has_currency(text: str) -> bool:
    """Whether the text names a currency at either end, told quickly for the many that are only digits."""
    return (
        not text.isdigit()
        and len(text) <= 60
        and bool(currency_before(text.lstrip("-+( ")) or currency_after(text.rstrip(" )整正")))
    )


def _digits_of(read: dict[str, tuple[Amount, int]]) -> dict[str, tuple[Number, int]]:
    """What the weighing of decimal signs takes: one number for all that prove a sign, else the digits alone."""
    numbers: dict[str, tuple[Number, int]] = {}
    proofs: Counter[DecimalSign] = Counter()
    for text, (amount, count) in read.items():
        if amount.evidence:
            proofs[amount.evidence] += count
            continue
        found = _DIGITS.search(text)
        number = read_number(found[0]) if found else None
        if found and number is not None:
            before = numbers.get(found[0])
            numbers[found[0]] = (number, count + (before[1] if before else 0))
    return numbers | {f"0{sign}5": (Number(Decimal("0.5"), 1, sign), count) for sign, count in proofs.items()}


def _settled(text: str, amount: Amount, signs: SignEvidence) -> Amount:
    again = read_amount(text, decimal_sign=signs.sign)
    if again is None or again.ambiguous:
        return amount
    return again if signs.proved else replace(again, ambiguous=True)


def _currencies(read: dict[str, tuple[Amount, int]]) -> Counter[str]:
    """Cells by currency; a shared sign counts for the one code of the column that it may mean."""
    codes: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    for amount, count in read.values():
        if amount.currency:
            codes[amount.currency] += count
        elif amount.currency_text:
            shared[amount.currency_text.replace("￥", "¥")] += count
    for sign, count in shared.items():
        meant = [code for code in codes if code in SHARED_SIGNS.get(sign, ())]
        codes[meant[0] if len(meant) == 1 else sign] += count
    return codes


def currency_of(amount: Amount, currencies: Counter[str]) -> str | None:
    """The currency of one amount among those the column has, by the same rule."""
    if amount.currency or not amount.currency_text:
        return amount.currency
    sign = amount.currency_text.replace("￥", "¥")
    meant = [code for code in currencies if code in SHARED_SIGNS.get(sign, ())]
    return meant[0] if len(meant) == 1 and sign not in currencies else sign


def _names_currency(header: str) -> bool:
    """Whether a word of the header is a currency: Price (USD), 金额（元）, 单价/元."""
    found = [currency_after(word) for word in _HEADER_WORDS.split(header) if word]
    return any(currency is not None and not currency[1] for currency in found)
