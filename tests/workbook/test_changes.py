"""Apply and undo as pure functions: what is written, what is a conflict, and that nothing edited is ever
overwritten.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import NotFound
from services.workbook.changes import Change, ChangeSet, Journal, Write, apply, carry_out, undo
from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, ColumnFormats, DateSerial, Grid


def change(id_, row, column, before, after, verdict="safe", number_format=None):
    return Change(id_, row, column, before, after, (), "rule", verdict, number_format=number_format)


def column(*values, **known):
    return Grid(columns=(list(values),), **known)


def codes(applied):
    return [(conflict.id, conflict.code) for conflict in applied.conflicts]


def test_an_accepted_change_becomes_a_write_and_a_journal_entry():
    grid = column(" a ", "b")
    applied = apply(grid, ChangeSet((change("1", 0, 0, " a ", "a"),)), ["1"])
    assert applied.writes == (Write(0, 0, "a", None),)
    assert [tuple(entry) for entry in applied.journal.entries] == [("1", 0, 0, " a ", "a", None, None)]
    assert applied.conflicts == ()
    assert grid.columns == ([" a ", "b"],)


def test_what_is_not_accepted_is_not_written():
    applied = apply(column("a"), ChangeSet((change("1", 0, 0, "a", "b"),)), [])
    assert (applied.writes, applied.conflicts, applied.journal) == ((), (), Journal())


def test_a_cell_edited_meanwhile_is_not_overwritten():
    applied = apply(column("edited"), ChangeSet((change("1", 0, 0, "a", "b"),)), ["1"])
    assert applied.writes == ()
    assert codes(applied) == [("1", "edited")]
    assert (applied.conflicts[0].expected, applied.conflicts[0].found) == ("a", "edited")


@pytest.mark.parametrize(
    ("now", "before"),
    [(1, True), ("1", 1), (45000.0, DateSerial(45000)), ("#N/A", CellError("#N/A")), (None, ""), (0, False)],
)
def test_a_value_of_another_kind_counts_as_edited(now, before):
    assert codes(apply(column(now), ChangeSet((change("1", 0, 0, before, "x"),)), ["1"])) == [("1", "edited")]


def test_a_whole_number_is_the_same_as_its_float():
    assert apply(column(1.0), ChangeSet((change("1", 0, 0, 1, 2),)), ["1"]).writes == (Write(0, 0, 2, None),)


@pytest.mark.parametrize(
    ("mask", "code"), [(FORMULA, "formula"), (MERGED, "merged"), (LOCKED, "locked"), (FORMULA | LOCKED, "formula")]
)
def test_a_cell_that_may_not_be_written_is_a_conflict(mask, code):
    applied = apply(column("a", masks=(bytes([mask]),)), ChangeSet((change("1", 0, 0, "a", "b"),)), ["1"])
    assert applied.writes == ()
    assert codes(applied) == [("1", code)]


def test_formatted_text_may_be_written():
    assert apply(column("a", masks=(bytes([RICH]),)), ChangeSet((change("1", 0, 0, "a", "b"),)), ["1"]).conflicts == ()


@pytest.mark.parametrize(("row", "col"), [(1, 0), (0, 1), (-1, 0), (0, -1)])
def test_a_cell_outside_the_grid_is_a_conflict(row, col):
    assert codes(apply(column("a"), ChangeSet((change("1", row, col, "a", "b"),)), ["1"])) == [("1", "outside")]


def test_an_id_nobody_knows_is_an_error():
    with pytest.raises(NotFound) as caught:
        apply(column("a"), ChangeSet(), ["7"])
    assert (caught.value.code, caught.value.parameters) == ("unknown-change", {"id": "7"})


def test_a_rejected_change_is_never_carried_out():
    assert codes(apply(column("a"), ChangeSet((change("1", 0, 0, "a", "b", "rejected"),)), ["1"])) == [
        ("1", "rejected")
    ]


TWO = ChangeSet((change("1", 0, 0, " 12 oz", "12 oz"), change("2", 0, 0, "12 oz", 12, "review", "0")))


def test_two_changes_of_a_cell_become_one_write_and_two_entries():
    applied = apply(column(" 12 oz"), TWO, ["1", "2"])
    assert applied.writes == (Write(0, 0, 12, "0"),)
    assert [entry.id for entry in applied.journal.entries] == ["1", "2"]


def test_a_change_that_builds_on_one_not_accepted_is_a_conflict():
    applied = apply(column(" 12 oz"), TWO, ["2"])
    assert applied.writes == ()
    assert codes(applied) == [("2", "needs_earlier")]


def test_a_change_fits_where_a_person_did_the_earlier_one_by_hand():
    assert apply(column("12 oz"), TWO, ["2"]).writes == (Write(0, 0, 12, "0"),)


def test_undo_restores_values_and_formats():
    grid = column("3.1.2024", formats=(ColumnFormats("General", {0: "@"}),))
    applied = apply(
        grid, ChangeSet((change("1", 0, 0, "3.1.2024", DateSerial(45294), number_format="yyyy-mm-dd"),)), ["1"]
    )
    after = carry_out(grid, applied.writes)
    assert after.format_at(0, 0) == "yyyy-mm-dd"
    back = undo(after, applied.journal)
    assert back.writes == (Write(0, 0, "3.1.2024", "@"),)
    assert carry_out(after, back.writes) == grid


def test_undo_leaves_a_cell_edited_since():
    applied = apply(column("a"), ChangeSet((change("1", 0, 0, "a", "b"),)), ["1"])
    back = undo(column("by hand"), applied.journal)
    assert back.writes == ()
    assert codes(back) == [("1", "edited")]
    assert back.journal.undone == frozenset()


def test_undo_of_the_first_change_needs_the_second_undone():
    applied = apply(column(" 12 oz"), TWO, ["1", "2"])
    back = undo(column(12), applied.journal, ["1"])
    assert back.writes == ()
    assert codes(back) == [("1", "needs_later")]
    second = undo(column(12), applied.journal, ["2"])
    assert second.writes == (Write(0, 0, "12 oz", "General"),)
    assert undo(column("12 oz"), second.journal, ["1"]).writes == (Write(0, 0, " 12 oz", None),)


def test_when_the_second_change_was_edited_the_first_stays_too():
    applied = apply(column(" 12 oz"), TWO, ["1", "2"])
    back = undo(column("12 oz"), applied.journal)
    assert back.writes == ()
    assert codes(back) == [("2", "edited"), ("1", "needs_later")]


def test_what_is_undone_twice_by_id_is_said():
    applied = apply(column("a"), ChangeSet((change("1", 0, 0, "a", "b"),)), ["1"])
    once = undo(column("b"), applied.journal, ["1"])
    assert codes(undo(column("a"), once.journal, ["1"])) == [("1", "undone")]


def test_undoing_all_passes_over_what_is_undone_already():
    changes = ChangeSet((change("1", 0, 0, "a", "b"), change("2", 1, 0, "c", "d")))
    applied = apply(column("a", "c"), changes, ["1", "2"])
    once = undo(column("b", "d"), applied.journal, ["1"])
    rest = undo(column("a", "d"), once.journal)
    assert rest.writes == (Write(1, 0, "c", None),)
    assert rest.conflicts == ()
    assert rest.journal.undone == {"1", "2"}


def test_undo_of_an_unknown_id_is_an_error():
    with pytest.raises(NotFound):
        undo(column("a"), Journal(), ["1"])


SCALARS = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.integers(-3, 3),
    st.booleans(),
    st.floats(-5, 5).map(DateSerial),
    st.sampled_from(["#N/A", "#REF!"]).map(CellError),
)


@st.composite
def proposals(draw):
    """A grid, a chain of up to three changes for some of its cells, and the ids that a person accepts."""
    rows, width = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    columns = tuple([draw(SCALARS) for _ in range(rows)] for _ in range(width))
    masks = tuple(bytes(draw(st.sampled_from([0, 0, 0, FORMULA])) for _ in range(rows)) for _ in range(width))
    grid = Grid(columns=columns, masks=masks, formats=tuple(ColumnFormats() for _ in range(width)))
    chains = []
    for row in range(rows):
        for col in range(width):
            value = columns[col][row]
            for _ in range(draw(st.integers(0, 3))):
                after = draw(SCALARS)
                chains.append((row, col, value, after, draw(st.sampled_from([None, None, "0.00"]))))
                value = after
    changes = ChangeSet(tuple(change(str(n), r, c, b, a, "safe", f) for n, (r, c, b, a, f) in enumerate(chains)))
    ids = [one.id for one in changes.changes]
    return grid, changes, draw(st.sets(st.sampled_from(ids))) if ids else set()


def same(a, b):
    formats = [
        [grid.format_at(r, c) for c in range(grid.column_count) for r in range(grid.row_count)] for grid in (a, b)
    ]
    return repr(a.columns) == repr(b.columns) and formats[0] == formats[1]


@given(proposals())
def test_apply_and_then_undo_of_everything_gives_the_grid_back(proposal):
    grid, changes, accepted = proposal
    before = repr(grid)
    applied = apply(grid, changes, accepted)
    assert repr(grid) == before
    done = {entry.id for entry in applied.journal.entries}
    assert done | {conflict.id for conflict in applied.conflicts} == accepted
    after = carry_out(grid, applied.writes)
    back = undo(after, applied.journal)
    assert back.conflicts == ()
    assert back.journal.undone == done
    assert same(carry_out(after, back.writes), grid)


@given(proposals(), st.randoms(use_true_random=False))
def test_undo_in_any_order_ends_at_the_same_grid(proposal, random):
    grid, changes, accepted = proposal
    applied = apply(grid, changes, accepted)
    now, journal = carry_out(grid, applied.writes), applied.journal
    waiting = [entry.id for entry in journal.entries]
    while waiting:
        id_ = random.choice(waiting)
        result = undo(now, journal, [id_])
        now, journal = carry_out(now, result.writes), result.journal
        if id_ in journal.undone:
            waiting.remove(id_)
        else:
            assert [conflict.code for conflict in result.conflicts] == ["needs_later"]
    assert same(now, grid)


@given(proposals(), st.data())
def test_cells_edited_in_between_are_never_overwritten(proposal, data):
    grid, changes, accepted = proposal
    applied = apply(grid, changes, accepted)
    after = carry_out(grid, applied.writes)
    cells = [(r, c) for c in range(grid.column_count) for r in range(grid.row_count)]
    edited = data.draw(st.sets(st.sampled_from(cells)))
    by_hand = carry_out(after, [Write(r, c, "edited by hand") for r, c in edited])
    back = undo(by_hand, applied.journal)
    assert not edited & {(write.row, write.column) for write in back.writes}
    again = apply(by_hand, changes, accepted)
    assert not edited & {(write.row, write.column) for write in again.writes}
