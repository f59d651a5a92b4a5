"""Which values are open: odd ones only, by what their column is of, and never those of which a rule has spoken."""

from __future__ import annotations

from services.tasks.clean.engine import propose
from services.tasks.clean.meaning.open_values import MOST_ASKED, Heard, OpenValue, listening, open_values
from services.tasks.clean.rulebook import RULEBOOK
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.quiet import Quiet


def opened(typed: bool = False, **columns: list[Scalar]) -> list[OpenValue]:
    table = Table(Grid(tuple(columns.values()), tuple(columns)), typed, "en")
    heard = Heard()
    propose(table, listening(RULEBOOK, heard), Quiet())
    return open_values(heard, table)


DAYS: list[Scalar] = [f"2024-03-{day:02d}" for day in range(1, 29)]


def test_texts_that_a_typed_column_does_not_understand_are_open() -> None:
    assert opened(Day=[*DAYS, "the 5th of March, in 2024"]) == [
        OpenValue("Day", "the 5th of March, in 2024", "date", 1)
    ]
    assert opened(Weight=[*(f"{n}.5" for n in range(30)), "12 (est.)", "12 (est.)"]) == [
        OpenValue("Weight", "12 (est.)", "number", 2)
    ]


def test_clean_values_and_those_that_rules_settle_are_not() -> None:
    assert opened(Day=[*DAYS, "5 March 2024", "31 June 2024", "n/a"]) == []
    assert opened(Note=["any words", "at all", "12 (est.)"] * 9) == []


def test_telephone_numbers_between_words_are_open() -> None:
    phones: list[Scalar] = [f"138 0013 80{number}" for number in range(10, 40)]
    assert opened(手机=[*phones, "please call 13800138099 after six", "none", "see 12"]) == [
        OpenValue("手机", "please call 13800138099 after six", "phone", 1)
    ]


def test_a_rare_name_near_a_frequent_one_is_open_where_nothing_proves_it_a_slip() -> None:
    names: list[Scalar] = [*["Completed"] * 5, *["Cancelled"] * 5, "Complted"]
    assert opened(State=names) == [OpenValue("State", "Complted", "name", 1, ("Completed",))]


def test_codes_and_numbered_names_are_never_near_each_other() -> None:
    assert opened(Code=["ak-scip-1"] * 9 + ["al-scip-1"] * 9 + ["ax-scip-1"]) == []
    assert opened(Place=["Depot North 11"] * 9 + ["Depot North 12"] * 9 + ["Depot North 13"]) == []


def test_nothing_is_asked_about_formulas_and_hidden_rows() -> None:
    values: list[Scalar] = [*map(str, range(30)), "12 (est.)", "13 (est.)", "14 (est.)"]
    grid = Grid((values,), ("Weight",), masks=(bytes([0] * 30 + [1, 0, 0]),), hidden_rows=frozenset({31}))
    table = Table(grid, False, "en", None, grid.hidden_rows)
    heard = Heard()
    propose(table, listening(RULEBOOK, heard), Quiet())
    assert [value.cell for value in open_values(heard, table)] == ["14 (est.)"]


def test_never_more_than_a_bounded_number_and_the_frequent_first() -> None:
    odd: list[Scalar] = [f"item {n} (est.)" for n in range(MOST_ASKED + 50)]
    found = opened(Weight=[*map(str, range(5000)), *odd, "twice (est.) 1", "twice (est.) 1"])
    assert len(found) == MOST_ASKED
    assert found[-1].cell == "twice (est.) 1"
