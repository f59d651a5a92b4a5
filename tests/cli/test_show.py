"""What the terminal shows: blocks by what the person has to do, a row for each kind of change, its reason below."""

from __future__ import annotations

import io

from rich.console import Console

from services.cli.show import grouped, show_changes
from services.workbook.changes import Change, ChangeSet, Flag, Reason
from services.workbook.grid import Grid
from services.workbook.report import report_lines

GRID = Grid((["a", " b ", " c ", "x"],), header=("Name",), first_row=2)
WHY = (Reason("rows.empty"),)
CHANGES = ChangeSet(
    (
        Change("1", 1, 0, " b ", "b", WHY, "tidy", "safe"),
        Change("2", 2, 0, " c ", "c", WHY, "tidy", "safe"),
        Change("3", 3, 0, "x", None, WHY, "empties", "review"),
    ),
    (Flag("f1", 0, None, None, Reason("rows.duplicate", (("first", 9),)), "rows"),),
)


def printed(applied: set[str], width: int = 80) -> str:
    lines = [(GRID, line) for line in report_lines(GRID, CHANGES, applied, "en")]
    out = io.StringIO()
    show_changes(Console(file=out, width=width, highlight=False, color_system=None), grouped(lines), "en")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_changes_of_one_kind_are_one_row_with_their_count_an_example_and_the_reason() -> None:
    assert printed({"1", "2"}) == "\n".join(
        [
            "Changed  2",
            "    2  Name  A3  ␣b␣ → b",
            "             The row is empty.",
            "",
            "For you to decide  1",
            "    1  Name  A5  x → ∅",
            "             The row is empty.",
            "",
            "Please look at  1",
            "    1  (row)  A2:A2",
            "              The row is the same as row 9.",
            "",
        ]
    )


def test_safe_changes_that_were_not_written_are_a_block_of_their_own() -> None:
    assert printed(set()).startswith("Safe, not written  2\n")


def test_no_line_is_wider_than_the_screen() -> None:
    assert max(map(len, printed({"1"}, width=40).splitlines())) <= 40


def test_what_became_of_the_persons_words_comes_first_and_is_never_cut_off() -> None:
    said = Flag("f9", -1, 0, "Name", Reason("instruction.left_alone"), "instruction")
    lines = [(GRID, line) for line in report_lines(GRID, ChangeSet(CHANGES.changes, (*CHANGES.flags, said)), (), "en")]
    first = grouped(lines)[0].line
    assert (first.cell, first.reason) == ("A1", "Left alone, as you asked.")
