"""An instruction from words to changes, without a model: what is done, what is told, and what stays as it was."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from services.errors import InputError
from services.tasks.clean.recipe import recipe_text
from services.tasks.clean.result import CleanResult
from services.tasks.clean.task import CLEAN, CleanRequest
from services.workbook.files import open_source
from services.workbook.grid import Grid, Scalar
from services.workbook.host import HostCells
from services.workbook.review import review_grid
from tests.tasks.quiet import Quiet

CITIES: list[Scalar] = [
    "Bend OR",
    "Gary",
    "Portland OR",
    "Reno",
    "Austin",
    "Salem OR",
    "Boise",
    "Miami",
    "Tulsa",
    "Elko",
]
STATES: list[Scalar] = [None, "IN", None, "NV", "TX", None, "ID", "FL", "OK", "NV"]
OUNCES: list[Scalar] = [
    "12.0 oz",
    "16 oz",
    "12.0 oz.",
    "8.4 oz",
    "12 oz",
    "12.0 ounce",
    "16.0 oz",
    "12 oz",
    "12 oz",
    "12 oz",
]
BEERS: dict[str, list[Scalar]] = {
    "size": OUNCES * 4,
    "city": CITIES * 4,
    "state": ["OR" if n in (0, 2) and r else s for r in range(4) for n, s in enumerate(STATES)],
    "note": ["Light", "light ", *["Dark"] * 38],
}


def cleaned(instruction: str | None, columns: dict[str, list[Scalar]] | None = None, **wishes: object) -> CleanResult:
    columns = BEERS if columns is None else columns
    grid = Grid(tuple(columns.values()), tuple(columns), first_row=2)
    request = CleanRequest(instruction=instruction, **wishes)  # type: ignore[arg-type]
    return CLEAN.run(request, HostCells("Book1", (grid,)), Quiet())


def changes(result: CleanResult, verdict: str = "safe") -> dict[tuple[str, Scalar], Scalar]:
    (table,) = result.tables
    return {
        (table.grid.name_of(change.column), change.before): change.after
        for change in table.changes.changes
        if change.verdict == verdict
    }


def told(result: CleanResult) -> list[tuple[str, str]]:
    return [
        (table.grid.address_of(flag.row, flag.column or 0), flag.reason.text("en"))
        for table in result.tables
        for flag in table.changes.flags
        if flag.rule == "instruction"
    ]


ASKED = "size: number only, no trailing .0; city must not contain the state; state: take it from city"


def test_what_rules_only_offer_is_done_where_it_was_asked_for() -> None:
    before, after = cleaned(None), cleaned(ASKED)
    assert ("size", "12 oz") not in changes(before)
    assert ("size", "12 oz") not in changes(before, "review")
    assert ("city", "Bend OR") not in changes(before)
    assert changes(after)["size", "12 oz"] == 12
    assert changes(after)["city", "Bend OR"] == "Bend"
    assert changes(after)["state", None] == "OR"


def test_a_change_that_follows_says_so_before_its_own_reason() -> None:
    (table,) = cleaned(ASKED).tables
    change = next(one for one in table.changes.changes if one.before == "12.0 oz")
    assert [reason.code for reason in change.reasons] == ["asked.person", "measures.unit_not_in_header"]


def test_what_was_understood_and_done_is_told_on_the_title_of_its_column() -> None:
    assert told(cleaned(ASKED)) == [
        ("A1", "Your instruction was followed here: the number only, no .0 at the end. Cells: 40."),
        ("B1", "Your instruction was followed here: without what stands in state. Cells: 12."),
        ("C1", "Your instruction was followed here: missing values taken from city. Cells: 6."),
    ]


def test_shares_are_written_as_fractions_on_wish_in_a_column_of_one_form_too() -> None:
    asked = "税率去掉百分号，写成小数"
    result = cleaned(asked, {"税率": ["13%", "6%", "13%", "9%"]})
    assert sorted({change.before: change.after for change in result.tables[0].changes.changes}.items()) == [
        ("13%", 0.13),
        ("6%", 0.06),
        ("9%", 0.09),
    ]
    assert {change.number_format for change in result.tables[0].changes.changes} == {"General"}
    assert {change.verdict for change in result.tables[0].changes.changes} == {"safe"}


def test_a_fraction_asked_for_in_a_text_file_is_written(tmp_path: Path) -> None:
    source = tmp_path / "税率.csv"
    source.write_text("税率\n13%\n6%\n9%\n", encoding="utf-8")
    result = CLEAN.run(CleanRequest(instruction="税率写成小数"), open_source(source), Quiet())
    assert changes(result) == {("税率", "13%"): "0.13", ("税率", "6%"): "0.06", ("税率", "9%"): "0.09"}


def test_columns_that_are_named_together_are_left_alone_together() -> None:
    columns: dict[str, list[Scalar]] = {
        "备注": [" 好的", "是", "否"],
        "评价": [" 不错", "好", "差"],
        "甲": [" 一", "二", "三"],
    }
    for asked in ("不要动备注和评价", "备注和评价都不要动", "请勿修改备注、评价两列"):
        assert set(changes(cleaned(asked, columns))) == {("甲", " 一")}


def test_what_was_not_understood_is_told_with_how_to_set_a_model() -> None:
    (told_here,) = told(cleaned("Make the note look professional."))
    assert told_here[0] == "A1"
    assert "“Make the note look professional”" in told_here[1]
    assert "deskhand model" in told_here[1]


def test_it_stands_in_the_review_too() -> None:
    (table,) = cleaned("note: upper case").tables
    review = review_grid([(table.grid, table.changes)], (), {}, "zh")
    reasons = [str(value) for column in review.columns for value in column]
    assert any(reason.startswith("本列已按您的要求处理：字母大写") for reason in reasons)


def test_nothing_else_changes_where_that_was_asked() -> None:
    result = cleaned("size: number only. Change nothing else.")
    assert {name for name, _ in changes(result)} == {"size"}
    assert changes(result, "review") == {}
    assert told(result)[-1][1].startswith(
        "Nothing else is changed, as you asked. Other cells that would have been proposed"
    )


def test_only_the_columns_that_are_named_are_cleaned() -> None:
    result = cleaned("only clean note")
    assert {name for name, _ in (*changes(result), *changes(result, "review"))} == {"note"}
    assert [text for _, text in told(result)] == [
        "Nothing else is changed, as you asked. Other cells that would have been proposed: 10."
    ]


def test_a_column_to_be_left_alone_is_left_alone() -> None:
    assert ("note", "light ") in changes(cleaned(None))
    result = cleaned("don't touch note")
    assert not [name for name, _ in (*changes(result), *changes(result, "review")) if name == "note"]
    assert told(result) == [("D1", "Left alone, as you asked.")]


def test_what_the_column_contradicts_stays_for_review() -> None:
    result = cleaned("size: number only", {"size": [*OUNCES, "12.0 oz. Alumi-Tek"]})
    assert changes(result, "review") == {("size", "12.0 oz. Alumi-Tek"): 12}
    mostly = cleaned("size: empty instead of M", {"size": ["M", "M", "M", "L"]})
    assert changes(mostly) == {}
    assert changes(mostly, "review") == {("size", "M"): None}


def test_who_asks_for_the_number_alone_need_not_be_asked_about_the_currency(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("Order,Price\n" + "".join(f"A{n},£{n}.50\n" for n in range(1, 13)), "utf-8")
    verdicts = {
        instruction: {
            change.verdict
            for table in CLEAN.run(CleanRequest(instruction=instruction), open_source(file), Quiet()).tables
            for change in table.changes.changes
            if table.grid.name_of(change.column) == "Price"
        }
        for instruction in (None, "Price: number only")
    }
    assert verdicts == {None: set(), "Price: number only": {"safe"}}


def test_an_instruction_that_nothing_calls_for_is_told_as_such() -> None:
    ((_, text),) = told(cleaned("note: empty instead of ???"))
    assert text == "Your instruction was understood (“???” is empty), but no cell of this column called for it."


def test_what_was_asked_for_is_saved_and_runs_again_without_the_instruction() -> None:
    first = cleaned(ASKED)
    recipe = recipe_text(first.recipe, "en")
    assert 'asked = "person"' in recipe
    again = cleaned(None, recipe=recipe)
    assert changes(again) == changes(first)
    assert told(again) == []


def test_a_recipe_and_an_instruction_at_once_are_refused() -> None:
    recipe = recipe_text(cleaned(ASKED).recipe, "en")
    with pytest.raises(InputError) as caught:
        cleaned(ASKED, recipe=recipe)
    assert caught.value.code == "recipe-and-instruction"


def test_a_phrase_about_one_table_is_not_told_as_missing_in_another() -> None:
    grids = (
        Grid((["a", "b"], ["c", "d"]), ("note", "x"), first_row=2, sheet="A"),
        Grid((["12 kg", "13 kg"], ["c", "d"]), ("weight", "x"), first_row=2, sheet="B"),
    )
    result = CLEAN.run(
        CleanRequest(instruction="note: upper case; weight: number only"), HostCells("B", grids), Quiet()
    )
    codes = [[flag.reason.code for flag in table.changes.flags] for table in result.tables]
    assert codes == [["instruction.done_person"], ["instruction.done_person"]]


def test_flags_of_an_instruction_have_ids_of_their_own() -> None:
    (table,) = cleaned("note: upper case; note: make it nice").tables
    ids = [flag.id for flag in table.changes.flags]
    assert len(ids) == len(set(ids)) > 1


@pytest.mark.parametrize("instruction", ["", None])
def test_without_an_instruction_nothing_is_told(instruction: str | None) -> None:
    assert told(cleaned(instruction)) == []


def test_the_instruction_of_the_sample_task_is_understood(samples: Path) -> None:
    folder = samples / "cleaning"
    tasks = json.loads((folder / "TASKS.json").read_text("utf-8"))
    source = open_source(folder / "beers" / "dirty.csv")
    for language in ("en", "zh"):
        request = CleanRequest(instruction=tasks["beers"][f"instruction_{language}"])
        (table,) = CLEAN.run(request, source, Quiet()).tables
        assert sum(change.verdict == "safe" for change in table.changes.changes) == 4223


@pytest.mark.parametrize("said", ["a", "去掉", "从", '"', "size", "leave "])
def test_an_instruction_that_is_made_to_keep_us_busy_does_not(said: str) -> None:
    begun = time.perf_counter()
    cleaned((said * 4_000)[:4_000])

    assert time.perf_counter() - begun < 2
