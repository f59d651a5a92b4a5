"""Rule ``decimals``: so many decimal places, where no digit is lost."""

from __future__ import annotations

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.decimals import RULE, DecimalsStep
from services.workbook.grid import ColumnFormats, Scalar
from tests.tasks.clean.rules.tables import one_column


def found(values: list[Scalar], places: int, **table: object) -> dict[Scalar, tuple[Scalar, bool, str | None]]:
    step = DecimalsStep(column="Value", places=places, asked="person")
    outcome = RULE.run(step, one_column(values, **table))  # type: ignore[arg-type]
    return {
        value: (one.after, one.safe, one.number_format)
        for value, one in outcome.values.items()
        if isinstance(one, Proposal)
    }


def test_zeros_are_put_in_and_left_out_in_a_text_file() -> None:
    assert found(["1.5", "2", "3.25", "4.250"], 2) == {
        "1.5": ("1.50", True, None),
        "2": ("2.00", True, None),
        "4.250": ("4.25", True, None),
    }


def test_where_a_digit_would_be_lost_a_person_decides() -> None:
    assert found(["1.255", "2.50"], 2) == {"1.255": ("1.26", False, None)}


def test_in_a_workbook_numbers_keep_their_value_and_get_a_format() -> None:
    assert found([1.255, 2], 2, typed=True) == {1.255: (1.255, True, "0.00"), 2: (2, True, "0.00")}
    grouped = (ColumnFormats("#,##0.0"),)
    assert found([1250.5], 2, typed=True, formats=grouped) == {1250.5: (1250.5, True, "#,##0.00")}
    assert found([1.5], 2, typed=True, formats=(ColumnFormats("0.00"),)) == {}


def test_a_column_of_texts_does_not_fit() -> None:
    step = DecimalsStep(column="Value", places=2)
    assert RULE.run(step, one_column(["a", "b", "c"])).misfit is not None
