"""The rules of ``clean`` in the order they run: single texts, typed columns, then columns and rows together."""

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
    durations,
    empties,
    identifiers,
    measures,
    numbers,
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
    empties.RULE,
    dates.RULE,
    times.RULE,
    durations.RULE,
    percents.RULE,
    measures.RULE,
    amounts.RULE,
    numbers.RULE,
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
)
