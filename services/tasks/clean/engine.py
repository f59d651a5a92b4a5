"""Running rules on one table: each finding is taken into the state of its cell, and the states become a ChangeSet.

The state of a cell is what it held, the safe proposals so far, and at most one proposal for review on top of them.
Cells with the same history share one state object, so that a hundred thousand equal repairs cost one. No rule lives
here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, RowDoubt, Rule, Step
from services.tasks.clean.table import Table
from services.tasks.context import TaskContext
from services.workbook.changes import Change, ChangeSet, Flag, Reason, Verdict, reason
from services.workbook.grid import RICH, Scalar, same_value

AnyRule = Rule[Any]
_PLAIN_TYPES = frozenset((str, int, float))

FOLLOWS: dict[str, Reason] = {asker: reason(f"asked.{asker}") for asker in ("person", "model")}
"""What is told first of a change that follows an instruction, by who understood it."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the rules found in one table: the steps that found something, in order, and the ChangeSet they make.

    ``misfits`` are steps of a saved recipe that no longer fit the table, each with the reason.
    """

    table: Table
    steps: tuple[Step, ...]
    changes: ChangeSet
    misfits: tuple[tuple[Step, Reason], ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """The history of a cell; ``safe`` and ``review`` hold (rule name, proposal)."""

    before: Scalar
    safe: tuple[tuple[str, Proposal], ...] = ()
    review: tuple[str, Proposal] | None = None
    doubts: tuple[tuple[str, Doubt], ...] = ()

    @property
    def settled(self) -> Scalar:
        """The value that the safe proposals give."""
        return self.safe[-1][1].after if self.safe else self.before


@dataclass(slots=True)
class _Cells:
    """The states of all cells that have one, by column and row."""

    table: Table
    states: list[dict[int, _State]]
    next_states: dict[tuple[int, int], tuple[_State, Finding, _State]] = field(default_factory=dict)

    def take(self, row: int, column: int, finding: Finding, rule: str) -> bool:
        """Take one finding into a cell; true where the cell's settled value is another one now."""
        if not self.table.writable(row, column) and (isinstance(finding, Proposal) or finding.leftover):
            return False
        states = self.states[column]
        old = states.get(row)
        if old is None:
            old = _State(self.table.columns[column].values[row])
            new = _advanced(old, finding, rule)
        else:
            key = (id(old), id(finding))
            known = self.next_states.get(key)
            if known is None:
                known = self.next_states[key] = (old, finding, _advanced(old, finding, rule))
            new = known[2]
        states[row] = new
        return new.settled is not old.settled


def _advanced(state: _State, finding: Finding, rule: str) -> _State:
    """The state after one more finding: safe ones go on the chain, of two for review the surer one stays.

    A leftover doubt gives way to anything else that is said of the cell, before or after it. What is safe is not
    offered to be taken back: a person who wants a province gone does not want it filled in again.
    """
    if isinstance(finding, Doubt) and finding.leftover:
        return state if state.review or state.doubts else replace(state, doubts=((rule, finding),))
    others = tuple(said for said in state.doubts if not said[1].leftover)
    if isinstance(finding, Doubt):
        return replace(state, doubts=(*others, (rule, finding)))
    if same_value(finding.after, state.settled) and finding.number_format is None:
        return state
    if not finding.safe and state.safe and same_value(finding.after, state.before):
        return state
    if finding.safe:
        return replace(state, safe=(*state.safe, (rule, finding)), review=None, doubts=())
    if state.review is None or finding.confidence > state.review[1].confidence:
        return replace(state, review=(rule, finding), doubts=others)
    return state


def propose(
    table: Table, rulebook: Iterable[AnyRule], context: TaskContext, *, changes_before: int = 0, flags_before: int = 0
) -> Cleaned:
    """Let each rule look at the table, run what it proposes, and keep the steps that found something.

    Ids are ``1``, ``2``, ... for changes and ``f1``, ... for flags, going on after those of the tables before.
    """
    rules = list(rulebook)
    run = _Run.on(table)
    for done, rule in enumerate(rules):
        context.check_cancelled()
        context.progress(done, len(rules), f"rule.{rule.name}")
        for step in rule.propose(table):
            run.step(rule, step)
    return run.cleaned(changes_before, flags_before)


def rerun(
    table: Table,
    steps: Iterable[Step],
    rulebook: Iterable[AnyRule],
    context: TaskContext,
    *,
    changes_before: int = 0,
    flags_before: int = 0,
) -> Cleaned:
    """Run the steps of a recipe in their order; a step that no longer fits is told and proposes for review only.

    Ids are given as by ``propose``.
    """
    by_name = {rule.name: rule for rule in rulebook}
    todo = list(steps)
    run = _Run.on(table)
    for done, step in enumerate(todo):
        context.check_cancelled()
        context.progress(done, len(todo), f"rule.{step.rule}")
        run.step(by_name[step.rule], step)
    return run.cleaned(changes_before, flags_before)


@dataclass(slots=True)
class _Run:
    table: Table
    cells: _Cells
    steps: list[Step] = field(default_factory=list)
    rows: list[tuple[str, RowDoubt]] = field(default_factory=list)
    misfits: list[tuple[Step, Reason]] = field(default_factory=list)

    @classmethod
    def on(cls, table: Table) -> _Run:
        return cls(table, _Cells(table, [{} for _ in table.columns]))

    def step(self, rule: AnyRule, step: Step) -> None:
        outcome = rule.run(step, self.table)
        if outcome.misfit is not None:
            self.misfits.append((step, outcome.misfit))
            outcome = _for_review(outcome)
        if step.asked:
            outcome = _following(outcome, FOLLOWS[step.asked])
        if outcome.values or outcome.cells or outcome.rows:
            self.steps.append(step)
        changed = self._take_values(rule.name, step, outcome.values)
        for row, column, finding in outcome.cells:
            if self.cells.take(row, column, finding, rule.name):
                changed.setdefault(column, []).append(row)
        self.rows.extend((rule.name, doubt) for doubt in outcome.rows)
        self._settle(changed)

    def _take_values(self, rule: str, step: Step, found: Mapping[Scalar, Finding]) -> dict[int, list[int]]:
        changed: dict[int, list[int]] = {}
        column = self.table.column_named(step.column)
        if not found or column is None:
            return changed
        fresh: dict[Scalar, _State] = {}
        states = self.cells.states[column.index]
        take = self.cells.take
        rows = []
        for row, value in enumerate(column.values):
            finding = found.get(value)
            if finding is None or type(value) not in _PLAIN_TYPES:
                continue
            if row not in states and self.table.writable(row, column.index):
                state = fresh.get(value)
                if state is None:
                    state = fresh[value] = _advanced(_State(value), finding, rule)
                states[row] = state
                if state.safe:
                    rows.append(row)
            elif take(row, column.index, finding, rule):
                rows.append(row)
        changed[column.index] = rows
        return changed

    def _settle(self, changed: Mapping[int, list[int]]) -> None:
        """Show the safe values to the rules that follow."""
        for index, rows in changed.items():
            if not rows:
                continue
            column = self.table.columns[index]
            if column.values is column.original:
                column.values = list(column.original)
            states = self.cells.states[index]
            for row in rows:
                column.values[row] = states[row].settled
            column.forget()

    def cleaned(self, changes_before: int, flags_before: int) -> Cleaned:
        changes: list[Change] = []
        flags: list[Flag] = []

        def flag(row: int, column: int | None, value: Scalar, why: Reason, rule: str, rows: tuple[int, ...]) -> None:
            flags.append(Flag(f"f{flags_before + len(flags) + 1}", row, column, value, why, rule, rows))

        silent = {row for _, odd in self.rows if not odd.data for row in (odd.row, *odd.others)}
        silent |= self.table.passed_over
        cells = sorted(
            (row, column) for column, states in enumerate(self.cells.states) for row in states if row not in silent
        )
        for row, column in cells:
            state = self.cells.states[column][row]
            changes.extend(_changes_of(self.table, row, column, state, changes_before + len(changes)))
            for rule, doubt in state.doubts:
                flag(row, column, state.settled, doubt.reason, rule, ())
        for rule, odd in sorted(self.rows, key=lambda item: item[1].row):
            if odd.row in self.table.passed_over:
                continue
            flag(odd.row, None, None, odd.reason, rule, odd.others)
        made = ChangeSet(tuple(changes), tuple(flags), self.table.grid.fingerprint())
        return Cleaned(self.table, tuple(self.steps), made, tuple(self.misfits))


def _changes_of(table: Table, row: int, column: int, state: _State, so_far: int) -> list[Change]:
    """The one or two changes of a cell: what is safe, and what a person should decide on top of it."""
    changes: list[Change] = []
    rich = table.grid.mask_at(row, column) & RICH
    chain = state.safe
    if chain and not same_value(state.settled, state.before):
        verdict: Verdict = "review" if rich else "safe"
        changes.append(_change(so_far + 1, row, column, state.before, chain, verdict))
    if state.review is not None and not same_value(state.review[1].after, state.settled):
        changes.append(_change(so_far + len(changes) + 1, row, column, state.settled, (state.review,), "review"))
    return changes


def _change(
    number: int, row: int, column: int, before: Scalar, chain: tuple[tuple[str, Proposal], ...], verdict: Verdict
) -> Change:
    last_rule, last = chain[-1]
    number_format = next((made.number_format for _, made in reversed(chain) if made.number_format), None)
    return Change(
        id=str(number),
        row=row,
        column=column,
        before=before,
        after=last.after,
        reasons=_reasons(chain),
        rule=last_rule,
        verdict=verdict,
        confidence=min(made.confidence for _, made in chain),
        proposer=last.proposer,
        number_format=number_format,
    )


def _reasons(chain: tuple[tuple[str, Proposal], ...]) -> tuple[Reason, ...]:
    if len(chain) == 1 and not chain[0][1].ahead:  # nearly always
        return (chain[0][1].reason,)
    return tuple(dict.fromkeys(why for _, made in chain for why in (*made.ahead, made.reason)))


def _for_review(outcome: Outcome) -> Outcome:
    """The same findings, none of them safe."""
    return _with_each(outcome, lambda made: replace(made, safe=False))


def _following(outcome: Outcome, why: Reason) -> Outcome:
    """The same findings, each told to follow the instruction."""
    return _with_each(outcome, lambda made: replace(made, ahead=(why,)))


def _with_each(outcome: Outcome, change: Callable[[Proposal], Proposal]) -> Outcome:
    """The same findings with each proposal changed; what was one object for many cells stays one."""
    known: dict[int, tuple[Finding, Finding]] = {}

    def changed(finding: Finding) -> Finding:
        if isinstance(finding, Doubt):
            return finding
        if id(finding) not in known:
            known[id(finding)] = (finding, change(finding))
        return known[id(finding)][1]

    return Outcome(
        {value: changed(finding) for value, finding in outcome.values.items()},
        [(row, column, changed(finding)) for row, column, finding in outcome.cells],
        outcome.rows,
        outcome.misfit,
    )
