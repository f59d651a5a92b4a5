"""What a rule of ``clean`` is: it looks at a table and proposes steps; a step, run on a table, gives findings.

Steps are what a recipe file holds, so a step names everything that its run needs beside the table itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from services.tasks.clean.table import Table
from services.workbook.changes import Proposer, Reason
from services.workbook.grid import Scalar

Asker = Literal["", "person", "model"]
"""Whose idea a step is: the rule's own; a person's, in plain words; or what a model took a person's words to mean."""


class Step(BaseModel):
    """One line of a recipe: a rule with its settings. ``column`` is the column's header (or letter), empty for rows.

    ``asked`` says that the step follows an instruction. What a person asked for plainly is safe where the rule would
    have offered it; what a model made of an instruction is safe only where the rule would have done it by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    column: str = ""
    asked: Asker = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a value should become. ``safe`` only if it could not be wrong given the column; ``confidence`` 0 to 1.

    ``ahead`` are reasons that are told before its own.
    """

    after: Scalar
    reason: Reason
    safe: bool
    confidence: float = 1.0
    number_format: str | None = None
    proposer: Proposer = "rule"
    ahead: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should look at, and no rule may settle.

    ``leftover`` doubts are said of a cell only where no other rule has anything to say of it: a text that was not
    understood. They are never said of a formula's result.
    """

    reason: Reason
    leftover: bool = False


Finding = Proposal | Doubt


@dataclass(frozen=True, slots=True)
class RowDoubt:
    """A row a person should look at: a duplicate, an empty row, a stray total. ``others`` are rows it belongs to.

    ``data`` is false for a row that is no record at all, such as a repeated header: nothing is said of its cells then.
    """

    row: int
    reason: Reason
    others: tuple[int, ...] = ()
    data: bool = True


@dataclass(slots=True)
class Outcome:
    """What a step found.

    ``values`` maps a distinct value of the step's column (a text or a number as ``Column.texts`` and ``numbers`` list
    them) to a finding for every cell that holds it; ``cells`` are findings for (row, column) alone; ``rows`` concern
    whole rows. ``misfit`` says why the step does not fit this table, where it does not; the rest is then review only.
    """

    values: dict[Scalar, Finding] = field(default_factory=dict)
    cells: list[tuple[int, int, Finding]] = field(default_factory=list)
    rows: list[RowDoubt] = field(default_factory=list)
    misfit: Reason | None = None


StepT = TypeVar("StepT", bound=Step)


@dataclass(frozen=True, slots=True)
class Rule(Generic[StepT]):
    """A rule: its name in recipes, the type of its steps, and two pure functions.

    ``propose`` looks at the table as earlier rules left it and returns the steps worth running, none where there is
    nothing to do; ``run`` carries out one step. Running a proposed step again on the same table finds the same.
    """

    name: str
    step_type: type[StepT]
    propose: Callable[[Table], list[StepT]]
    run: Callable[[StepT, Table], Outcome]
