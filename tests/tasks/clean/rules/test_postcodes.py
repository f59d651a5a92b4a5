"""The rule ``postcodes``: one way of writing, lost zeros for review, impossible ones doubted."""

from __future__ import annotations

from services.tasks.clean.rules.postcodes import RULE, PostcodesStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.clean.rules import tables


def table_of(values: list[Scalar], header: str = "Code", typed: bool = False) -> Table:
    return Table(grid=Grid(columns=(values,), header=(header,)), typed=typed, language="en")


def findings(
    values: list[Scalar], header: str = "Code", typed: bool = False
) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, table_of(values, header, typed))


BRITISH: list[Scalar] = ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB", "W1A 0AX", "M60 1NW"]
BRITISH += ["LS1 4AP", "EH1 1YZ", "CF10 1EP", "BT1 5GS"]
ZIPS: list[Scalar] = [str(35200 + n) for n in range(20)]


def test_british_codes_get_their_space_and_capitals() -> None:
    assert findings([*BRITISH, "sw1a2aa"]) == {"sw1a2aa": ("SW1A 2AA", True)}


def test_a_column_without_spaces_stays_without() -> None:
    compact: list[Scalar] = [str(value).replace(" ", "") for value in BRITISH]
    assert findings([*compact, "SW1A 2AA"]) == {"SW1A 2AA": ("SW1A2AA", True)}


def test_what_cannot_be_a_code_is_doubted() -> None:
    assert findings([*BRITISH, "QQ1 1QQ"]) == {"QQ1 1QQ": "postcodes.malformed"}


def test_lost_zeros_are_for_review() -> None:
    assert findings([*ZIPS, "1062"], "Zip Code") == {"1062": ("01062", False)}
    assert findings([*[35200 + n for n in range(20)], 1062], "ZIP", typed=True) == {1062: ("01062", False)}
    assert findings([f"{100000 + n}" for n in range(20)] + ["12345"], "邮编") == {"12345": ("012345", False)}


def test_a_letter_among_digits_is_doubted() -> None:
    assert findings([*ZIPS, "3x201"], "zip") == {"3x201": "postcodes.malformed"}


def test_nine_digits_are_sound_in_the_united_states() -> None:
    assert findings([*ZIPS, "35233-1234"], "zip") == {}


def test_plain_digits_without_a_header_that_says_so_have_no_step() -> None:
    assert RULE.propose(table_of([*ZIPS, "1062"], "Amount")) == []


def test_other_codes_have_no_step() -> None:
    assert RULE.propose(table_of([f"A{n:02}" for n in range(20)])) == []
    assert RULE.propose(table_of([f"{n:02}-{n * 7:03}" for n in range(20)])) == []


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(PostcodesStep(column="Code", region="GB"), table_of(["red", "green", "blue"]))
    assert outcome.values == {}
    assert outcome.misfit is not None
    assert outcome.misfit.code == "postcodes.misfit"
