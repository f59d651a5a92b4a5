"""Headers and shapes that mark a column of codes made of digits."""

from __future__ import annotations

import pytest

from services.tasks.clean.rules.digit_codes import header_names_codes, holds_digit_codes, holds_versions
from services.tasks.clean.table import Column
from services.workbook.grid import Scalar


def column_of(values: list[Scalar]) -> Column:
    return Column(0, "X", values, values)


@pytest.mark.parametrize(
    "name",
    [
        "order_id",
        "OrderID",
        "Zip Code",
        "Phone",
        "Account No.",
        "Phone 2",
        "Tel (home)",
        "订单编号",
        "联系电话",
        "型号",
    ],
)
def test_a_header_may_say_that_codes_stand_below(name: str) -> None:
    assert header_names_codes(name)


@pytest.mark.parametrize(
    "name", ["Account balance", "Quantity", "No. of units", "手机价格", "数量", "identity", "", "金额(元)"]
)
def test_a_header_of_quantities_names_no_codes(name: str) -> None:
    assert not header_names_codes(name)


@pytest.mark.parametrize(
    "values",
    [
        ["007", "012", "100"],
        ["12345678901234567", "1234"],
        ["94110", "10001", "60601"],
        [13812345678, "13912345678"],
    ],
)
def test_digits_of_one_shape_are_codes(values: list[Scalar]) -> None:
    assert holds_digit_codes(column_of(values))


@pytest.mark.parametrize(
    "values", [["12", "1345", "7"], [1200, 1300, "1500"], ["1,050", "2,300", "1200"], ["abc", "12"]]
)
def test_numbers_of_several_shapes_are_no_codes(values: list[Scalar]) -> None:
    assert not holds_digit_codes(column_of(values))


def test_versions_and_chapters_are_told_from_numbers() -> None:
    assert holds_versions(column_of(["1.0", "1.2.3", "2.0"]))
    assert holds_versions(column_of(["1.1", "1.9", "1.10"]))
    assert not holds_versions(column_of(["1.000.000", "2.500"]))
    assert not holds_versions(column_of(["7.3", "7.0", "8.1"]))
