"""The rule ``agreement``: groups and templates mend plain damage; other contradictions are shown, not settled."""

from __future__ import annotations

import pytest

from services.tasks.clean.rule import Doubt, Finding, Proposal
from services.tasks.clean.rules.agreement import RULE, AgreementStep
from services.tasks.clean.table import Table
from services.workbook.grid import CellError, Grid, Scalar

PLACES = [
    ("A10", "Birmingham", "Jefferson"),
    ("B20", "Gadsden", "Etowah"),
    ("C30", "Dothan", "Houston"),
    ("D40", "Anniston", "Calhoun"),
]


def table_of(header: tuple[str, ...], rows: list[tuple[Scalar, ...]]) -> Table:
    return Table(
        grid=Grid(columns=tuple(map(list, zip(*rows, strict=True))), header=header), typed=False, language="en"
    )


def places(*extra: tuple[Scalar, ...], times: int = 12) -> Table:
    rows: list[tuple[Scalar, ...]] = [place for place in PLACES for _ in range(times)]
    return table_of(("code", "city", "county"), [*rows, *extra])


def findings(table: Table) -> dict[tuple[int, int], Finding]:
    return {
        (row, column): finding for step in RULE.propose(table) for row, column, finding in RULE.run(step, table).cells
    }


def told(table: Table) -> dict[tuple[int, int], tuple[Scalar, bool]]:
    return {
        place: (finding.after, finding.safe)
        for place, finding in findings(table).items()
        if isinstance(finding, Proposal)
    }


def test_columns_that_settle_each_other_are_found() -> None:
    steps = {step.column: step.by for step in RULE.propose(places())}
    assert steps == {
        "code": (("city",), ("county",)),
        "city": (("code",), ("county",)),
        "county": (("code",), ("city",)),
    }


def test_a_slip_that_the_whole_group_outvotes_is_safe() -> None:
    assert told(places(("A10", "Birmignham", "Jefferson"))) == {(48, 1): ("Birmingham", True)}


def test_a_damaged_key_is_mended_by_the_other_columns() -> None:
    assert told(places(("A10", "Birmingham", "Jefferson"), ("D40", "Anniston", "Calhxun"))) == {
        (49, 2): ("Calhoun", True)
    }


def test_another_right_value_is_never_written_by_itself() -> None:
    found = findings(places(("A10", "Gadsden", "Jefferson")))
    assert not any(isinstance(finding, Proposal) and finding.safe for finding in found.values())
    assert isinstance(found[48, 1], Doubt)


def test_a_rare_other_value_is_a_doubt() -> None:
    found = findings(places(("B20", "Rainbow City", "Etowah")))
    assert list(found) == [(48, 1)]
    assert isinstance(found[48, 1], Doubt)


PEOPLE = [("Tom Patel", "Travel"), ("Sara Hughes", "Meals"), ("Agnieszka Nowak", "Stationery"), ("Mohammed Khan", "IT")]


def claims(*extra: tuple[Scalar, ...], times: int = 20) -> Table:
    rows: list[tuple[Scalar, ...]] = [pair for pair in PEOPLE for _ in range(times)]
    return table_of(("person", "category"), [*rows, *extra])


def test_of_two_columns_that_contradict_each_other_neither_is_written() -> None:
    found = findings(claims(("Tom Patel", "Stationery")))
    assert set(found) == {(80, 0), (80, 1)}
    assert all(isinstance(finding, Doubt) for finding in found.values())
    assert dict(found[80, 1].reason.parameters) == {
        "column": "category",
        "by": "person",
        "common": "Travel",
        "count": 20,
        "total": 21,
    }


def test_two_columns_whose_values_lie_near_each_other_are_not_both_written() -> None:
    pairs = [(f"Room {word} East", f"Door {word} West") for word in ("ab", "ac", "xy", "xz")]
    rows: list[tuple[Scalar, ...]] = [pair for pair in pairs for _ in range(12)]
    rows.append(("Room ab East", "Door ac West"))
    found = findings(table_of(("room", "door"), rows))
    assert set(found) == {(48, 0), (48, 1)}
    assert all(isinstance(finding, Doubt) for finding in found.values())


def test_a_value_with_a_near_spelling_in_its_column_goes_there_and_not_to_its_group() -> None:
    mended = told(claims(("Tom Patel", "Stationary"), ("Agnieszka Nowak", "Meal")))
    assert mended == {(80, 1): ("Stationery", False), (81, 1): ("Meals", False)}


def test_a_value_that_two_columns_each_for_itself_speak_against_is_for_review() -> None:
    rows: list[tuple[Scalar, ...]] = []
    for customer in range(12):
        region = ("North", "South", "Overseas")[customer % 3]
        rows += [(f"customer {customer}", f"agent {customer % 3}{order % 3}", region) for order in range(9)]
    rows.append(("customer 0", "agent 01", "South"))
    found = findings(table_of(("customer", "agent", "region"), rows))
    assert found[108, 2] == Proposal("North", found[108, 2].reason, False, found[108, 2].confidence)  # type: ignore[union-attr]
    assert found[108, 2].reason.code == "agreement.outvoted"


@pytest.mark.parametrize(("common", "rare"), [("München", "Munchen"), ("东莞市", "东莞"), ("St. Paul", "St Paul")])
def test_another_way_of_writing_is_for_review_and_is_no_slip(common: str, rare: str) -> None:
    rows: list[tuple[Scalar, ...]] = [
        pair for pair in (("1", common), ("2", "Nürnberg"), ("3", "深圳市"), ("4", "Erlangen")) for _ in range(19)
    ]
    found = findings(table_of(("code", "city"), [*rows, ("1", rare)]))
    finding = found[76, 1]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.safe, finding.reason.code) == (common, False, "agreement.form")


def test_an_empty_cell_is_filled_for_review() -> None:
    assert told(places(("B20", "Gadsden", None))) == {(48, 2): ("Etowah", False)}


def test_a_word_that_means_no_value_is_filled_like_an_empty_cell() -> None:
    assert told(places(("B20", "Gadsden", "N/A"))) == {(48, 2): ("Etowah", False)}


def test_an_error_value_is_left_alone() -> None:
    assert findings(places(("B20", "Gadsden", CellError("#N/A")))) == {}


def test_values_that_differ_in_digits_are_for_review() -> None:
    rooms: list[tuple[Scalar, ...]] = [(f"K{room}", f"Room {room} East") for room in (101, 202, 303) for _ in range(9)]
    assert told(table_of(("key", "room"), [*rooms, ("K101", "Room 107 East")])) == {(27, 1): ("Room 101 East", False)}


def test_sources_that_disagree_give_nothing_safe() -> None:
    rows: list[tuple[Scalar, ...]] = []
    for flight in range(20):
        for source in range(12):
            minute = (flight * 7) % 50 + (source % 5 if source % 3 == 0 else 0)
            rows.append((f"AA-{flight}", f"site{source}", f"{flight % 12 + 1}:{minute:02d} p.m."))
    assert not any(safe for _, safe in told(table_of(("flight", "source", "time"), rows)).values())


def test_a_column_that_depends_on_nothing_gets_no_step() -> None:
    rows: list[tuple[Scalar, ...]] = [(f"d{number % 5}", f"answer {number * 7 % 11 % 4}") for number in range(220)]
    assert RULE.propose(table_of(("department", "answer"), rows)) == []


def test_a_value_and_the_same_with_a_word_more_is_left_to_the_person() -> None:
    assert told(places(("B20", "Gadsden AL", "Etowah"))) == {}


def test_two_keys_together_settle_what_neither_does_alone() -> None:
    rows: list[tuple[Scalar, ...]] = [
        (shop, article, f"price group {(ord(shop) + ord(article)) % 4}")
        for shop in "ABCD"
        for article in "wxyz"
        for _ in range(8)
    ]
    steps = RULE.propose(table_of(("shop", "article", "group"), rows))
    assert AgreementStep(column="group", by=(("shop", "article"),)) in steps


def keyed(*extra: tuple[Scalar, ...]) -> Table:
    rows: list[tuple[Scalar, ...]] = []
    for state in ("al", "ak", "tx"):
        for code in ("ami-1", "ami-2", "scip-inf-1", "pn-3b"):
            rows += [(state, code, f"{state}_{code}")] * 5
    return table_of(("state", "code", "key"), [*rows, *extra])


def test_a_column_put_together_from_others_is_mended_from_its_parts() -> None:
    steps = {step.column: step.template for step in RULE.propose(keyed())}
    assert steps["key"] == ("{state}", "_", "{code}")
    assert told(keyed(("al", "scip-inf-1", "al_scpi-inf-1"))) == {(60, 2): ("al_scip-inf-1", True)}


def test_a_damaged_part_is_mended_from_the_whole() -> None:
    assert told(keyed(("al", "scpi-inf-1", "al_scip-inf-1")))[60, 1] == ("scip-inf-1", True)


def test_a_whole_that_would_fit_another_part_is_a_doubt() -> None:
    assert isinstance(findings(keyed(("al", "ami-1", "ak_ami-1")))[60, 2], Doubt)


def test_a_step_whose_columns_are_gone_is_a_misfit() -> None:
    step = AgreementStep(column="city", by=(("region",),))
    misfit = RULE.run(step, places()).misfit
    assert misfit is not None
    assert misfit.code == "agreement.gone"


def test_a_step_whose_columns_no_longer_settle_anything_is_a_misfit() -> None:
    rows: list[tuple[Scalar, ...]] = [(f"k{number % 4}", f"v{number * 7 % 13 % 5}") for number in range(200)]
    outcome = RULE.run(AgreementStep(column="value", by=(("key",),)), table_of(("key", "value"), rows))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "agreement.loose"
    assert outcome.cells == []
