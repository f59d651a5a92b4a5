"""Small tables for the tests of rules, and what a rule says of them. What a rule should say stands with its tests."""

from __future__ import annotations

from typing import Any

from services.tasks.clean.rule import Doubt, Rule
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar

Told = tuple[str, Scalar, str]


def one_column(values: list[Scalar], *, header: str = "Value", typed: bool = False, **grid: object) -> Table:
    return Table(Grid(columns=(values,), header=(header,), **grid), typed, "en")  # type: ignore[arg-type]


def told(rule: Rule[Any], table: Table) -> dict[Scalar, Told]:
    """What the rule says about each distinct value: safe, review or doubt, the new value, and the reason."""
    found: dict[Scalar, Told] = {}
    for step in rule.propose(table):
        for value, finding in rule.run(step, table).values.items():
            code = finding.reason.code.partition(".")[2]
            if isinstance(finding, Doubt):
                found[value] = ("doubt", None, code)
            else:
                found[value] = ("safe" if finding.safe else "review", finding.after, code)
    return found


def changed(rule: Rule[Any], table: Table) -> list[Scalar]:
    """The column with the safe proposals carried out."""
    safe = {value: one[1] for value, one in told(rule, table).items() if one[0] == "safe"}
    return [safe.get(value, value) for value in table.columns[0].values]


def findings(rule: Rule[Any], table: Table) -> dict[Scalar, tuple[Scalar, bool] | str]:
    """For each distinct value what it would become and whether that is safe, or the reason of a doubt."""
    return {
        value: finding.reason.code if isinstance(finding, Doubt) else (finding.after, finding.safe)
        for step in rule.propose(table)
        for value, finding in rule.run(step, table).values.items()
    }
