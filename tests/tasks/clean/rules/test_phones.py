"""The rule ``phones``: digits never change, shapes follow the column, what can't be a number is doubted."""

from __future__ import annotations

import re

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.phones import RULE, PhonesStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.clean.rules import tables


def table_of(values: list[Scalar], typed: bool = False, region: str | None = None) -> Table:
    return Table(grid=Grid(columns=(values,), header=("Value",)), typed=typed, language="en", region=region)


def findings(
    values: list[Scalar], typed: bool = False, region: str | None = None
) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, table_of(values, typed, region))


MOBILES: list[Scalar] = [f"1380013800{i}" for i in range(8)]
LANDLINES: list[Scalar] = ["020 7946 0958", "020 7946 0123", "0161 496 0456", "020 7946 0777", "0121 496 0011"]
AMERICAN: list[Scalar] = [f"(205) 325-81{i:02}" for i in range(10)]


def test_numbers_are_grouped_as_the_column_groups_them() -> None:
    assert findings([*MOBILES, "139-0013-9000", "+86 139 0013 9001"]) == {
        "139-0013-9000": ("13900139000", True),
        "+86 139 0013 9001": ("13900139001", True),
    }


def test_american_numbers_follow_their_majority() -> None:
    assert findings([*AMERICAN, "205.325.8199", "+1 205 325 8198"]) == {
        "205.325.8199": ("(205) 325-8199", True),
        "+1 205 325 8198": ("(205) 325-8198", True),
    }


def test_british_numbers_follow_their_majority() -> None:
    assert findings([*LANDLINES, *LANDLINES, "02079460111"])["02079460111"] == ("020 7946 0111", True)


def test_an_extension_stays() -> None:
    assert findings([*AMERICAN, "(205) 325-8199 ext. 12"]) == {}


def test_a_word_beside_the_number_is_for_review() -> None:
    assert findings([*MOBILES, "手机：13900139000"]) == {"手机：13900139000": ("13900139000", False)}


def test_a_number_of_another_country_stays() -> None:
    assert findings([*AMERICAN, "+44 20 7946 0958"]) == {}


def test_a_digit_too_few_or_too_many_is_doubted() -> None:
    found = findings([*MOBILES, *[f"1390013900{i}" for i in range(4)], "139001390001", "13900139"])
    assert found == {"139001390001": "phones.length", "13900139": "phones.length"}


def test_no_usual_shape_means_the_international_form_for_review() -> None:
    values: list[Scalar] = [
        "138-0013-8000",
        "138 0013 8001",
        "13800138002",
        "138 00138003",
        "138.0013.8004",
        "1380013 8005",
    ]
    found = findings(values)
    assert found["138-0013-8000"] == ("+8613800138000", False)
    assert found["13800138002"] == ("+8613800138002", False)


def test_number_cells_among_texts_are_for_review() -> None:
    assert findings([*AMERICAN, 2053258199], typed=True) == {2053258199: ("(205) 325-8199", False)}


def test_a_column_of_number_cells_stays() -> None:
    assert findings([2053258100 + i for i in range(10)], typed=True) == {}


def test_uniform_digits_have_no_finding() -> None:
    assert findings(MOBILES) == {}


def test_dates_amounts_and_ids_have_no_step() -> None:
    for values in (
        [f"2024-01-{d:02}" for d in range(1, 20)],
        [f"{n * 1234.5:.2f}" for n in range(1, 20)],
        [f"{n:07}" for n in range(1, 20)],
        [f"AB{n:09}" for n in range(1, 20)],
    ):
        assert RULE.propose(table_of(list(values))) == []


def test_the_persons_region_settles_an_unproven_column() -> None:
    values: list[Scalar] = ["030 901820", "089 233960", "040 428280", "0221 2210", "0711 2160", "069 21201"]
    steps = RULE.propose(table_of(values, region="DE"))
    assert [step.region for step in steps] in ([], ["DE"])


def test_a_long_column_is_read_like_a_short_one() -> None:
    values: list[Scalar] = [f"138{i:08}" for i in range(0, 99999999, 19999)]
    odd: list[Scalar] = ["138-1234-5678", "+86 139 8765 4321"]
    found = findings([*values, *odd])
    assert found == {"138-1234-5678": ("13812345678", True), "+86 139 8765 4321": ("13987654321", True)}


def test_digits_never_change() -> None:
    values: list[Scalar] = [*AMERICAN, "205.325.8199", "205-325-8197", "2053258196"]
    table = table_of(values)
    for step in RULE.propose(table):
        for value, finding in RULE.run(step, table).values.items():
            assert isinstance(finding, Proposal)
            assert re.sub(r"\D", "", str(finding.after)) == re.sub(r"\D", "", str(value))


def test_a_step_that_no_longer_fits_says_so() -> None:
    step = PhonesStep(column="Value", region="CN", formats={"mobile 11": "ddddddddddd"})
    outcome = RULE.run(step, table_of(["red", "green", "blue"]))
    assert outcome.values == {}
    assert outcome.misfit is not None
    assert outcome.misfit.code == "phones.misfit"
