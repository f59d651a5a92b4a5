"""Rule ``addresses``: Chinese addresses with province, city and district in full, for a person to accept.

What a text proves of its divisions, former names included, is in ``services.text.addresses_zh``. Columns of city or
province names alone are no addresses; an ambiguous address stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.addresses_zh import Address, parse_address
from services.workbook.changes import reason

SAMPLE = 100
"""Distinct values read to tell whether a column holds addresses."""

MOSTLY = 0.6
"""Share of them that must begin with a division of China and go on with a street or place."""


class AddressesStep(Step):
    """Write the addresses of a column with province, city and district or county under their present names."""

    rule: Literal["addresses"] = "addresses"


def propose(table: Table) -> list[AddressesStep]:
    """A step for each column of mostly Chinese addresses."""
    return [AddressesStep(column=column.name) for column in table.columns if _holds_addresses(column)]


def run(step: AddressesStep, table: Table) -> Outcome:
    """Propose the full form of each address that is short of a division or uses a former name."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None:
        return outcome
    if not _holds_addresses(column):
        outcome.misfit = reason("addresses.misfit")
        return outcome
    known = _Known()
    for text in column.texts:
        if not known.is_complete(text):
            address = known.read(text)
            finding = None if address is None else _finding(text, address)
            if finding is not None:
                outcome.values[text] = finding
    return outcome


RULE = Rule("addresses", AddressesStep, propose, run)

_HAN = re.compile("[\u4e00-\u9fff]")
_FIRST_DIGIT = re.compile(r"[0-9０-９]")
_PLACE = re.compile(r"[0-9０-９路街巷弄胡道村镇乡屯庄湾号楼栋座室]|大厦|广场|小区|花园|园区|市场")
"""What the rest of an address has after its divisions: a street, a village, a building, a number."""
_ORGANISATION = re.compile(r"(?:公司|集团|工厂|厂|商行|事务所|合作社|银行|医院|大学|学院|中学|小学|局|委员会|协会)\s*$")
"""A name of somebody, which often begins with a city without being an address."""
_BETWEEN = re.compile(r"[\s,，、/|·>-]+")
LONGEST = 200
"""Longer texts are prose that mentions a place."""


class _Known:
    """Beginnings that are province, city and county in full: what begins so needs nothing and is not read."""

    def __init__(self) -> None:
        self.complete: dict[int, set[str]] = {}
        self.heads: dict[str, Address | None] = {}

    def is_complete(self, text: str) -> bool:
        """Whether the text begins with divisions that were found to be complete before."""
        return any(text[:length] in begins for length, begins in self.complete.items())

    def read(self, text: str) -> Address | None:
        """The address in a text, from its part up to the first digit, which many addresses share."""
        digit = _FIRST_DIGIT.search(text) if len(text) <= LONGEST else None
        head, rest = (text[: digit.end()], text[digit.end() :]) if digit else (text, "")
        if head not in self.heads:
            self.heads[head] = parse_address(head)
        address = self.heads[head]
        if address is None:
            return None
        divisions = address.full.removesuffix(address.detail)
        if address.county and not address.uncertain and head.startswith(divisions):
            self.complete.setdefault(len(divisions), set()).add(divisions)
        return replace(address, detail=address.detail + rest)


def _holds_addresses(column: Column) -> bool:
    first = list(islice(column.texts, SAMPLE))
    if len(first) < 3 or sum(1 for text in first if len(text) >= 6 and _HAN.search(text)) < MOSTLY * len(first):
        return False
    read = [parse_address(text) for text in first if len(text) <= LONGEST]
    addresses = [address for address in read if address is not None]
    placed = sum(
        1 for address in addresses if _PLACE.search(address.detail) and not _ORGANISATION.search(address.detail)
    )
    return len(addresses) >= MOSTLY * len(first) and placed >= 0.5 * len(first)


def _finding(text: str, address: Address) -> Finding | None:
    """A proposal where divisions are missing, short or former; nothing where the reading is open in any part."""
    if address.uncertain or address.province is None or not text.endswith(address.detail):
        return None
    after = address.full
    if _BETWEEN.sub("", after) == _BETWEEN.sub("", text) or not address.detail:
        return None  # complete already, or with its own separators
    former = [name for name in address.former_names if name.present]
    if any(not name.present for name in address.former_names):
        return None
    if former:
        why = reason("addresses.former", former=former[0].former, present=former[0].present)
        return Proposal(after, why, False, 0.7)
    added = "".join(
        name
        for level, name in (("province", address.province), ("city", address.city), ("county", address.county))
        if name and level in address.completed
    )
    if added:
        return Proposal(after, reason("addresses.completed", added=added), False, 0.8)
    return Proposal(after, reason("addresses.full_names"), False, 0.8)
