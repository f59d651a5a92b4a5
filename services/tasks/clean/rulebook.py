"""The rules of ``clean`` in the order they run: single texts, typed columns, then columns and rows together.

What only an instruction or a recipe asks for stands among them; what a model said comes when all rules are done.
"""

from __future__ import annotations

from typing import Any

from services.tasks.clean.rule import Rule
from services.tasks.clean.rules import (
    addresses,
    agreement,
    amounts,
    booleans,
    case,
    contacts,
    containment,
    dates,
    decimals,
    durations,
    empties,
    identifiers,
    listed,
    meanings,
    measures,
    numbers,
    parts,
    percents,
    phones,
    postcodes,
    rows,
    spelling,
    tidy,
    times,
)

RULEBOOK: tuple[Rule[Any], ...] = (
    tidy.RULE,
    listed.RULE,
    parts.RULE,
    empties.RULE,
    dates.RULE,
    times.RULE,
    durations.RULE,
    percents.RULE,
    measures.RULE,
    amounts.RULE,
    numbers.RULE,
    decimals.RULE,
    phones.RULE,
    identifiers.RULE,
    postcodes.RULE,
    contacts.RULE,
    booleans.RULE,
    case.RULE,
    spelling.RULE,
    agreement.RULE,
    containment.RULE,
    rows.RULE,
    addresses.RULE,
    meanings.RULE,
)
