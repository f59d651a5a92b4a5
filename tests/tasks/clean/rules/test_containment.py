"""The rule ``containment``: what belongs into another column is taken out of a text and put there, for review."""

from __future__ import annotations

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.containment import RULE, ContainmentStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar


def table_of(header: tuple[str, ...], rows: list[tuple[Scalar, ...]]) -> Table:
    return Table(
        grid=Grid(columns=tuple(map(list, zip(*rows, strict=True))), header=header), typed=False, language="en"
    )


def told(table: Table) -> dict[tuple[int, int], tuple[Scalar, bool]]:
    found = {}
    for step in RULE.propose(table):
        for row, column, finding in RULE.run(step, table).cells:
            assert isinstance(finding, Proposal)
            found[row, column] = finding.after, finding.safe
    return found


CITIES: list[tuple[Scalar, ...]] = [("Portland", "OR"), ("Bend", "OR"), ("San Diego", "CA"), ("Austin", "TX")] * 6


def test_a_state_at_the_end_of_a_city_goes_where_it_belongs() -> None:
    table = table_of(("city", "state"), [*CITIES, ("Portland OR", None), ("San Diego, CA", None), ("Waco TX", None)])
    assert RULE.propose(table) == [ContainmentStep(column="city", other="state", place="end", strip=True)]
    assert told(table) == {
        (24, 0): ("Portland", False),
        (24, 1): ("OR", False),
        (25, 0): ("San Diego", False),
        (25, 1): ("CA", False),
        (26, 0): ("Waco", False),
        (26, 1): ("TX", False),
    }


def test_what_stands_in_both_columns_is_taken_out_of_the_text_only() -> None:
    table = table_of(("city", "state"), [*CITIES, ("Portland OR", "OR"), ("Bend OR", "OR"), ("Austin TX", "TX")])
    assert told(table) == {(24, 0): ("Portland", False), (25, 0): ("Bend", False), (26, 0): ("Austin", False)}


def test_a_text_that_contradicts_the_other_column_is_left_alone() -> None:
    table = table_of(("city", "state"), [*CITIES, ("Portland OR", "TX"), ("Bend OR", "CA"), ("Austin TX", "CA")])
    assert told(table) == {}


def test_addresses_that_always_hold_the_city_keep_it_and_fill_the_gaps() -> None:
    rows: list[tuple[Scalar, ...]] = [
        (f"{city}中山路{number}号", city) for city in ("北京市", "上海市", "广州市") for number in range(1, 9)
    ]
    table = table_of(("地址", "城市"), [*rows, ("上海市南京路9号", None), ("北京市长安街1号", None)])
    assert told(table) == {(24, 1): ("上海市", False), (25, 1): ("北京市", False)}


def test_a_city_before_a_few_chinese_addresses_is_moved() -> None:
    rows: list[tuple[Scalar, ...]] = [
        (f"中山路{number}号", city) for city in ("北京市", "上海市", "广州市") for number in range(1, 9)
    ]
    extra: list[tuple[Scalar, ...]] = [("上海市中山路3号", None), ("北京市中山路5号", None), ("广州市中山路6号", None)]
    found = told(table_of(("地址", "城市"), [*rows, *extra]))
    assert found[24, 0] == ("中山路3号", False)
    assert found[24, 1] == ("上海市", False)


def test_a_word_shared_by_chance_moves_nothing() -> None:
    rows: list[tuple[Scalar, ...]] = [
        (f"order {number} is open", status) for number in range(9) for status in ("open", "closed")
    ]
    assert told(table_of(("note", "status"), rows)) == {}
