"""The review of a result: every change and flag as one row, with its tick, in the person's language."""

from __future__ import annotations

from services.workbook.changes import Change, ChangeSet, Flag, reason
from services.workbook.grid import DateSerial, Grid
from services.workbook.review import REVIEW_KEYS, review_grid

ORDERS = Grid((["1", "x", "2"], ["3/1", None, "?"]), header=("No", "Date"), first_row=2, sheet="Orders")
TIDY = reason("tidy.trim")
CHANGES = ChangeSet(
    (
        Change("1", 0, 0, "1", "0001", (TIDY,), "tidy", "safe"),
        Change("2", 0, 1, "3/1", DateSerial(45294.0), (TIDY,), "dates", "review", 0.123456),
        Change("3", 1, 0, "x", "y", (TIDY,), "tidy", "rejected"),
        Change("4", 2, 0, "2", None, (TIDY,), "tidy", "safe", proposer="model"),
    ),
    (Flag("f1", 2, 1, "?", TIDY, "dates"), Flag("f2", 1, None, None, reason("rows.empty"), "rows")),
)
OTHER = (
    Grid(([5],), first_column=3, sheet="B"),
    ChangeSet((Change("5", 0, 0, 5, True, (TIDY,), "booleans", "safe"),)),
)


def rows_of(grid: Grid, *keys: str) -> list[tuple[object, ...]]:
    return list(zip(*(grid.columns[REVIEW_KEYS.index(key)] for key in keys), strict=True))


def test_a_row_is_this_in_english_and_chinese() -> None:
    one = ChangeSet((CHANGES.changes[1],))
    english, chinese = (review_grid([(ORDERS, one)], (), {}, language) for language in ("en", "zh"))
    assert english.header == (
        "Accept", "Cell", "Sheet", "Column", "Before", "After", "Why", "Verdict", "State", "Confidence", "Proposed by",
        "Rule", "Id",
    )  # fmt: skip
    assert next(english.rows()) == (
        False, "B2", "Orders", "Date", "3/1", "2024-01-03", "Spaces at the beginning or end were taken away.",
        "review", "to review", 0.123, "rule", "dates", "2",
    )  # fmt: skip
    assert chinese.header[:3] == ("采用", "单元格", "工作表")
    assert next(chinese.rows())[6:8] == ("去掉了开头或结尾的空格。", "待复核")


def test_tables_follow_one_another_their_changes_before_their_flags() -> None:
    review = review_grid([(ORDERS, CHANGES), OTHER], (), {}, "en")
    assert rows_of(review, "id", "sheet", "cell", "accept") == [
        ("1", "Orders", "A2", True),
        ("2", "Orders", "B2", False),
        ("3", "Orders", "A3", None),
        ("4", "Orders", "A4", True),
        ("f1", "Orders", "B4", None),
        ("f2", "Orders", "A3:B3", None),
        ("5", "B", "C1", True),
    ]


def test_before_and_after_are_texts_as_a_person_reads_them() -> None:
    review = review_grid([(ORDERS, CHANGES), OTHER], (), {}, "en")
    assert rows_of(review, "before", "after") == [
        ("1", "0001"),
        ("3/1", "2024-01-03"),
        ("x", "y"),
        ("2", ""),
        ("?", ""),
        ("", ""),
        ("5", "TRUE"),
    ]


def test_what_was_applied_is_ticked_and_conflicts_are_told_as_the_state() -> None:
    review = review_grid([(ORDERS, CHANGES)], {"2"}, {"4": "A4: holds a formula", "f9": "never"}, "en")
    assert rows_of(review, "id", "accept", "state") == [
        ("1", True, "safe, not written"),
        ("2", True, "changed"),
        ("3", None, "to review"),
        ("4", True, "A4: holds a formula"),
        ("f1", None, "to look at"),
        ("f2", None, "to look at"),
    ]


def test_a_clean_result_has_titles_and_no_rows() -> None:
    review = review_grid([(ORDERS, ChangeSet())], (), {}, "en")
    assert (review.row_count, review.column_count, review.header[0]) == (0, len(REVIEW_KEYS), "Accept")
