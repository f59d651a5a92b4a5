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
from services.tasks.clean.rules.number_cells import number_format_of
from services.tasks.clean.rules.number_columns import read_number
from services.tasks.clean.table import Column, Table
from services.text.amounts import Amount
from services.text.currencies import Currency, currency_after, currency_before
from services.text.numerals import DecimalSign, Number
from services.text.widths import fold_width
from services.workbook.formats import BUILTIN_FORMATS

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
_GROUPED = re.compile(r"[0-9]([,.' ])[0-9]{3}(?![0-9])", re.ASCII)
_USUAL = 0.8
"""The share of the cells naming a currency that must name one for it to be the column's."""
_LEAST_GROUPED = 3
"""Cells with parted thousands that are no accident."""
_FORMAT_TEXT = re.compile(r'\[\$([^\]-]+)|"([^"]*)"|([$£€¥￥₩₹₽฿₫₱₪₺₴])')
_LOCAL_FORMATS = frozenset(BUILTIN_FORMATS[number] for number in (5, 6, 7, 8, 42, 44))
"""A spreadsheet shows these in the currency of its own country."""
_HEADER_WORDS = re.compile(r"[\s_()（）\[\]【】/:：,，-]+")


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A column read as money.

    ``amounts`` maps each text to what it says and its cells. ``currencies`` counts cells by currency (a code, or the
    shared sign where no code tells more); ``shown_currency`` is that in which the column's number format shows its
    numbers. ``form`` is how most cells write it, "N" for the number, ``form_cells`` how many of the ``exact_cells``
    that mean one amount, ``group_sign`` what parts its thousands, if anything. ``places`` are the decimals most amounts
    show; ``cells`` counts amounts and numbers of ``filled``.
    """

    amounts: dict[str, tuple[Amount, int]]
    currencies: Counter[str]
    shown_currency: str | None
    signs: SignEvidence
    form: str
    form_cells: int
    exact_cells: int
    group_sign: str
    places: int
    cells: int
    filled: int
    header_has_currency: bool

    @property
    def currency(self) -> str:
        """The column's currency: its only one, or that of nearly all cells that name one; empty where there is none."""
        currency, cells = self.currencies.most_common(1)[0]
        return currency if cells >= _USUAL * self.currencies.total() else ""

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
    grouped: dict[str, Counter[str]] = {}
    large: Counter[str] = Counter()
    places: Counter[int] = Counter()
    for text, (amount, count) in read.items():
        if amount.ambiguous and amount.precision == "exact":
            amount = _settled(text, amount, signs)
            read[text] = (amount, count)
        places[amount.decimal_places] += count
        if amount.precision == "exact":
            form = form_of(text)
            forms[form] += count
            large[form] += count * (amount.low is not None and abs(amount.low) >= 1000)
            if (found := _GROUPED.search(text)) is not None and found[1] != signs.sign:
                grouped.setdefault(form, Counter())[found[1]] += count
    if not column.kinds["number"] and all(amount.precision != "exact" for amount, _ in read.values()):
        return None  # 亿元 and 万美元 all the way down are units of other columns
    if column.kinds["number"]:
        forms["N"] += column.kinds["number"]
    form, form_cells = forms.most_common(1)[0] if forms else ("N", 0)
    group_sign, group_cells = grouped[form].most_common(1)[0] if form in grouped else ("", 0)
    usual_places = places.most_common(1)[0][0]
    if form == "N" and (not usual_places or group_cells < _LEAST_GROUPED or 2 * group_cells <= large[form]):
        group_sign = ""
    shown = _shown_currency(column, table)
    currencies, shown_currency = _currencies(read, shown, column.kinds["number"])
    return AmountColumn(
        amounts=read,
        currencies=currencies,
        shown_currency=shown_currency,
        signs=signs,
        form=form,
        form_cells=form_cells,
        exact_cells=sum(forms.values()),
        group_sign=group_sign,
        places=usual_places,
        cells=cells,
        filled=filled,
        header_has_currency=_names_currency(column.name),
    )


def form_of(text: str) -> str:
    """``text`` with "N" for its digits: "$N", "N元", "(N)"."""
    return _DIGITS.sub("N", text)


def _has_currency(text: str) -> bool:
    """Whether the text names a currency at either end, told quickly for the many that are only digits."""
    if text.isdigit() or len(text) > 60:
        return False
    folded = fold_width(text)
    return bool(currency_before(folded.lstrip("-+( ")) or currency_after(folded.rstrip(" )整正")))


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


def _shown_currency(column: Column, table: Table) -> Currency | None:
    """The currency in which the column's format shows its numbers; None for formats that follow the country."""
    code = number_format_of(column, table)
    if code is None or code in _LOCAL_FORMATS or not column.kinds["number"]:
        return None
    for found in _FORMAT_TEXT.finditer(code):
        text = "".join(filter(None, found.groups())).strip()
        currency = currency_before(text)
        if currency is not None and not currency[1]:
            return currency[0]
    return None


def _currencies(
    read: dict[str, tuple[Amount, int]], shown: Currency | None, numbers: int
) -> tuple[Counter[str], str | None]:
    """Cells by currency, and the one that ``numbers`` cells are shown in.

    A shared sign counts for the one code of the column that it may mean.
    """
    codes: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    for amount, count in read.values():
        if amount.currency:
            codes[amount.currency] += count
        elif amount.currency_text:
            shared[amount.currency_text.replace("￥", "¥")] += count
    if shown is not None and shown.code is not None:
        codes[shown.code] += numbers
    elif shown is not None:
        shared[shown.text.replace("￥", "¥")] += numbers
    of_sign: dict[str, str] = {}
    for sign in shared:
        meant = [code for code in codes if code in SHARED_SIGNS.get(sign, ())]
        of_sign[sign] = meant[0] if len(meant) == 1 else sign
    for sign, count in shared.items():
        codes[of_sign[sign]] += count
    if shown is None:
        return codes, None
    return codes, shown.code or of_sign[shown.text.replace("￥", "¥")]


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
