"""The engine takes findings into cells: chains of safe ones, at most one for review, doubts, and shared states."""

from __future__ import annotations

from services.tasks.clean.engine import Cleaned, propose, rerun
from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, RowDoubt, Rule, Step
from services.tasks.clean.table import Table
from services.workbook.changes import Reason
from services.workbook.grid import FORMULA, DateSerial, Grid, Scalar
from tests.tasks.quiet import Quiet


def table_of(*columns: list[Scalar], masks: tuple[bytes, ...] = ()) -> Table:
    header = tuple(f"h{number}" for number in range(len(columns)))
    return Table(Grid(columns, header=header, masks=masks), typed=True, language="en")


def rule_that_finds(name: str, found: dict[Scalar, Finding], misfit: Reason | None = None) -> Rule[Step]:
    return Rule(
        name, Step, lambda table: [Step(rule=name, column="h0")], lambda step, table: Outcome(found, misfit=misfit)
    )


def to(after: Scalar, *, safe: bool = True, confidence: float = 1.0) -> Proposal:
    return Proposal(after, Reason(f"to-{after}"), safe, confidence)


def told(cleaned: Cleaned) -> list[tuple[str, int, Scalar, Scalar, str, tuple[str, ...]]]:
    return [
        (change.id, change.row, change.before, change.after, change.verdict, tuple(r.code for r in change.reasons))
        for change in cleaned.changes.changes
    ]


def test_safe_findings_on_one_cell_become_one_change_with_all_reasons() -> None:
    rules = [rule_that_finds("first", {" a ": to("a")}), rule_that_finds("second", {"a": to("A")})]

    cleaned = propose(table_of([" a ", "b"]), rules, Quiet())

    assert told(cleaned) == [("1", 0, " a ", "A", "safe", ("to-a", "to-A"))]


def test_a_finding_for_review_comes_after_the_safe_ones_and_is_not_seen_by_later_rules() -> None:
    rules = [
        rule_that_finds("first", {" a ": to("a")}),
        rule_that_finds("second", {"a": to("b", safe=False)}),
        rule_that_finds("third", {"b": to("never")}),
    ]

    cleaned = propose(table_of([" a "]), rules, Quiet())

    assert told(cleaned) == [("1", 0, " a ", "a", "safe", ("to-a",)), ("2", 0, "a", "b", "review", ("to-b",))]


def test_what_is_safe_is_not_offered_to_be_taken_back() -> None:
    rules = [rule_that_finds("first", {"x a": to("a")}), rule_that_finds("second", {"a": to("x a", safe=False)})]

    cleaned = propose(table_of(["x a"]), rules, Quiet())

    assert told(cleaned) == [("1", 0, "x a", "a", "safe", ("to-a",))]


def test_of_two_findings_for_review_the_surer_one_stays() -> None:
    rules = [
        rule_that_finds("first", {"a": to("b", safe=False, confidence=0.6)}),
        rule_that_finds("second", {"a": to("c", safe=False, confidence=0.9)}),
        rule_that_finds("third", {"a": to("d", safe=False, confidence=0.7)}),
    ]

    assert told(propose(table_of(["a"]), rules, Quiet())) == [("1", 0, "a", "c", "review", ("to-c",))]


def test_a_later_safe_finding_replaces_one_for_review() -> None:
    rules = [rule_that_finds("first", {"a": to("b", safe=False)}), rule_that_finds("second", {"a": to("c")})]

    assert told(propose(table_of(["a"]), rules, Quiet())) == [("1", 0, "a", "c", "safe", ("to-c",))]


def test_formulas_are_evidence_but_are_never_changed() -> None:
    cleaned = propose(
        table_of(["a", "a"], masks=(bytes([FORMULA, 0]),)), [rule_that_finds("r", {"a": to("b")})], Quiet()
    )

    assert told(cleaned) == [("1", 1, "a", "b", "safe", ("to-b",))]


LEFTOVER = Doubt(Reason("unread"), leftover=True)


def test_a_leftover_is_flagged_where_nothing_else_is_said_of_the_cell() -> None:
    cleaned = propose(
        table_of([" a "]), [rule_that_finds("first", {" a ": to("a")}), rule_that_finds("r", {"a": LEFTOVER})], Quiet()
    )

    assert [(flag.row, flag.value, flag.reason.code) for flag in cleaned.changes.flags] == [(0, "a", "unread")]


def test_a_leftover_gives_way_to_a_doubt_or_a_proposal_before_it_and_after_it() -> None:
    doubt, review = Doubt(Reason("vague")), to("b", safe=False)
    for one in (doubt, review):
        for order in ((one, LEFTOVER), (LEFTOVER, one)):
            rules = [rule_that_finds(f"r{place}", {"a": found}) for place, found in enumerate(order)]
            changes = propose(table_of(["a"]), rules, Quiet()).changes
            assert [flag.reason.code for flag in changes.flags] == (["vague"] if one is doubt else [])
            assert len(changes.changes) == (0 if one is doubt else 1)


def test_the_text_of_a_formula_is_no_leftover() -> None:
    table = table_of(["a", "a"], masks=(bytes([FORMULA, 0]),))
    flags = propose(table, [rule_that_finds("r", {"a": LEFTOVER})], Quiet()).changes.flags

    assert [flag.row for flag in flags] == [1]


def test_numbers_are_not_taken_for_booleans_or_dates() -> None:
    cleaned = propose(table_of([1, True, DateSerial(1)]), [rule_that_finds("r", {1: to(2)})], Quiet())

    assert told(cleaned) == [("1", 0, 1, 2, "safe", ("to-2",))]


def test_a_chain_that_ends_where_it_began_is_no_change() -> None:
    rules = [rule_that_finds("first", {"a": to("b")}), rule_that_finds("second", {"b": to("a")})]

    assert told(propose(table_of(["a"]), rules, Quiet())) == []


def test_doubts_become_flags_and_are_dropped_where_a_safe_finding_settles_the_cell() -> None:
    rules = [
        rule_that_finds("first", {"a": Doubt(Reason("odd")), "b": Doubt(Reason("odd"))}),
        rule_that_finds("second", {"a": to("c")}),
    ]

    flags = propose(table_of(["a", "b"]), rules, Quiet()).changes.flags

    assert [(flag.id, flag.row, flag.column, flag.value, flag.reason.code) for flag in flags] == [
        ("f1", 1, 0, "b", "odd")
    ]


def test_rows_are_flagged_with_the_rows_they_belong_to() -> None:
    rule = Rule(
        "rows",
        Step,
        lambda table: [Step(rule="rows")],
        lambda step, table: Outcome(rows=[RowDoubt(1, Reason("twin"), (0,))]),
    )

    (flag,) = propose(table_of(["a", "a"]), [rule], Quiet()).changes.flags

    assert (flag.row, flag.column, flag.rows, flag.reason.code) == (1, None, (0,), "twin")


def test_nothing_is_said_of_the_cells_of_a_row_that_is_no_data() -> None:
    headers = Rule(
        "rows",
        Step,
        lambda table: [Step(rule="rows")],
        lambda step, table: Outcome(rows=[RowDoubt(1, Reason("header"), data=False)]),
    )

    made = propose(table_of(["a", "a"]), [rule_that_finds("first", {"a": to("b")}), headers], Quiet()).changes

    assert [(change.row, change.after) for change in made.changes] == [(0, "b")]
    assert [flag.reason.code for flag in made.flags] == ["header"]


def test_a_step_that_finds_nothing_is_not_kept_in_the_recipe() -> None:
    rules = [rule_that_finds("idle", {}), rule_that_finds("busy", {"a": to("b")})]

    assert [step.rule for step in propose(table_of(["a"]), rules, Quiet()).steps] == ["busy"]


def test_running_the_steps_again_makes_the_same_changes() -> None:
    rules = [rule_that_finds("first", {" a ": to("a")}), rule_that_finds("second", {"a": to("A", safe=False)})]
    first = propose(table_of([" a ", "a"]), rules, Quiet())

    again = rerun(table_of([" a ", "a"]), first.steps, rules, Quiet())

    assert told(again) == told(first)


def test_a_step_that_no_longer_fits_is_told_and_proposes_for_review_only() -> None:
    rule = rule_that_finds("dates", {"a": to("b")}, misfit=Reason("order"))

    cleaned = rerun(table_of(["a"]), [Step(rule="dates", column="h0")], [rule], Quiet())

    assert told(cleaned) == [("1", 0, "a", "b", "review", ("to-b",))]
    assert [(step.rule, why.code) for step, why in cleaned.misfits] == [("dates", "order")]
