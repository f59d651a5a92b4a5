"""The rule ``tidy``: what is repaired without asking, what a person is asked, and what stays byte for byte."""

from __future__ import annotations

import pytest

from services.tasks.clean.rule import Doubt, Proposal
from services.tasks.clean.rules.tidy import RULE, TidyStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar


def table_of(values: list[Scalar], typed: bool = False) -> Table:
    return Table(grid=Grid(columns=(values,), header=("Value",)), typed=typed, language="en")


def findings(values: list[Scalar], typed: bool = False) -> dict[Scalar, tuple[object, bool | None]]:
    """What each value would become and whether without asking; ("doubt", None) for a doubt. Steps run on one table."""
    table = table_of(values, typed)
    found: dict[Scalar, tuple[object, bool | None]] = {}
    for step in RULE.propose(table):
        for value, finding in RULE.run(step, table).values.items():
            found[value] = (finding.after, finding.safe) if isinstance(finding, Proposal) else ("doubt", None)
    return found


def test_spaces_at_the_ends_are_taken_away() -> None:
    assert findings([" Bonn", "Köln ", "Berlin", "Hamburg", "Kiel"]) == {
        " Bonn": ("Bonn", True),
        "Köln ": ("Köln", True),
    }


def test_a_cell_of_spaces_alone_becomes_empty() -> None:
    assert findings(["  ", "a", "b", "c"]) == {"  ": (None, True)}


def test_padding_that_all_cells_have_is_for_review() -> None:
    assert findings(["a  ", "b  ", "c  ", "d  ", "e  "]) == {f"{c}  ": (c, False) for c in "abcde"}


def test_indentation_that_shows_levels_is_for_review() -> None:
    values: list[Scalar] = ["Assets", "  Cash", "  Stock", "    Paper", "Debts", "  Loans"]
    assert findings(values) == {
        "  Cash": ("Cash", False),
        "  Stock": ("Stock", False),
        "    Paper": ("Paper", False),
        "  Loans": ("Loans", False),
    }


def test_invisible_characters_are_taken_out() -> None:
    assert findings(["Bo\u200bnn", "\ufeffKiel", "Ulm\x07"]) == {
        "Bo\u200bnn": ("Bonn", True),
        "\ufeffKiel": ("Kiel", True),
        "Ulm\x07": ("Ulm", True),
    }


@pytest.mark.parametrize(
    "text", ["👨\u200d👩\u200d👧", "🏳️\u200d🌈", "می\u200cخواهم", "ｶﾀｶﾅ", "line one\nline two", "line\r\ntwo"]
)
def test_what_means_something_stays(text: str) -> None:
    assert findings([text, "a", "b", "c"]) == {}


def test_wrongly_decoded_text_is_read_anew() -> None:
    assert findings(["MÃ¼ller", "Groß", "Böhm", "Käß"]) == {"MÃ¼ller": ("Müller", True)}


def test_a_character_that_is_lost_for_good_is_doubted() -> None:
    values: list[Scalar] = ["caf\ufffd", "ï¿½ cream", "锟斤拷", "milk"]
    assert findings(values) == dict.fromkeys(values[:3], ("doubt", None))


def test_full_width_digits_are_narrowed_where_the_column_is_half_width() -> None:
    assert findings(["１２３", "124", "125", "126", "127"]) == {"１２３": ("123", True)}


def test_a_full_width_column_stays() -> None:
    assert findings(["１２３", "４５６", "７８９", "12"]) == {}


def test_full_width_is_for_review_where_the_column_is_mixed() -> None:
    assert findings(["Ａ１", "A2", "A3"]) == {"Ａ１": ("A1", False)}


def test_chinese_punctuation_stays() -> None:
    assert findings(["你好，世界！", "（完）", "是？", "abc", "de"]) == {}


def test_double_spaces_are_collapsed_where_the_single_form_is_frequent() -> None:
    values: list[Scalar] = ["New York", "New York", "New  York", "Bonn"]
    assert findings(values) == {"New  York": ("New York", True)}


def test_double_spaces_are_collapsed_where_fifty_others_have_single_ones() -> None:
    values: list[Scalar] = [f"Ms {'ABCDEFGHIJ'[i % 10]}na {'KLMNOPQRST'[i // 10]}urz" for i in range(60)]
    assert findings([*values, "Mr  Tom Kurz"]) == {"Mr  Tom Kurz": ("Mr Tom Kurz", True)}


def test_double_spaces_that_the_column_repeats_stay() -> None:
    values: list[Scalar] = ["given the  right kind"] * 10 + ["given in time"] * 10 + ["given the  rxght kind"]
    assert findings(values) == {}


@pytest.mark.parametrize("text", ['{"a":  1}', "if x:\n    y()", "C:\\My  Files\\a", "p@ss  w0rd$", "End.  Then more"])
def test_spaces_inside_code_paths_and_prose_stay(text: str) -> None:
    values: list[Scalar] = [f"word {chr(97 + i % 26)}{chr(97 + i // 26)} here" for i in range(100)]
    assert findings([*values, text]) == {}


def test_a_no_break_space_becomes_plain_where_the_others_are() -> None:
    values: list[Scalar] = ["Ann Lee\u00a0Ray", "Bo Ek", "Cy Ross", "Di Lam", "Ed Fox"]
    assert findings(values) == {"Ann Lee\u00a0Ray": ("Ann Lee Ray", True)}


def test_a_space_that_french_wants_stays() -> None:
    assert findings(["Ça va\u00a0?", "Oui oui", "Non non", "Bien sur", "Pas mal"]) == {}


def test_a_widened_chinese_name_is_closed_up() -> None:
    values: list[Scalar] = ["张伟", "张伟", "张　伟", "欧阳修", "李 娜", "王芳", "刘洋", "陈静"]
    assert findings(values) == {"张　伟": ("张伟", True), "李 娜": ("李娜", False)}


def test_the_text_mark_before_digits_is_taken_away() -> None:
    assert findings(["'0123", "0456", "0789", "0111", "0222"]) == {"'0123": ("0123", True)}


def test_the_mark_that_keeps_a_csv_cell_from_being_a_formula_stays() -> None:
    assert findings(["'=1+1", "a", "b"]) == {}


def test_quotes_are_taken_away_where_the_bare_value_is_frequent() -> None:
    assert findings(['"Bonn"', "Bonn", "Bonn", "Kiel"]) == {'"Bonn"': ("Bonn", True)}


def test_other_quotes_are_for_review() -> None:
    assert findings(['"Heroes"', "Low", "Lodger"]) == {'"Heroes"': ("Heroes", False)}


def test_quotes_of_records_stay() -> None:
    assert findings(['"text"', '{"a": 1}', "[1, 2]"]) == {}


def test_a_doubled_apostrophe_is_written_once_where_others_are() -> None:
    values: list[Scalar] = ["O''Brien", "O'Neill", "O'Hara", "O'Dea", "O'Shea"]
    assert findings(values) == {"O''Brien": ("O'Brien", True)}


def test_a_clean_column_has_no_step() -> None:
    table = table_of(["Müller", "O'Neill", "San José", "上海市（浦东）", "it's 5 o'clock", None, 3.5])
    assert RULE.propose(table) == []


def test_running_on_the_output_finds_nothing() -> None:
    values: list[Scalar] = [" Bonn", "Bo\u200bnn", "１２", "13", "14", "15", "16", "17", '" Kiel "', "Kiel", "Kiel"]
    table = table_of(values)
    for step in RULE.propose(table):
        for value, finding in RULE.run(step, table).values.items():
            assert isinstance(finding, Proposal)
            column = table.columns[0]
            column.values = [finding.after if cell == value else cell for cell in column.values]
            column.forget()
    assert table.columns[0].values == ["Bonn", "Bonn", "12", "13", "14", "15", "16", "17", "Kiel", "Kiel", "Kiel"]
    assert RULE.propose(table) == []


def test_a_step_for_a_column_that_is_gone_finds_nothing() -> None:
    assert RULE.run(TidyStep(column="Gone", operation="trim"), table_of([" a"])).values == {}


def test_the_reason_of_a_doubt_is_told() -> None:
    outcome = RULE.run(TidyStep(column="Value", operation="mojibake"), table_of(["caf\ufffd"]))
    found = outcome.values["caf\ufffd"]
    assert isinstance(found, Doubt)
    assert found.reason.code == "tidy.lost"


def test_the_signs_of_a_full_width_number_are_narrowed_with_its_digits() -> None:
    values: list[Scalar] = ["１２，３００円", "９：０５", "甲，乙：丙", "12", "13", "14", "15", "16", "17", "18", "19"]
    assert findings(values) == {"１２，３００円": ("12,300円", True), "９：０５": ("9:05", True)}


def test_a_space_between_family_name_and_given_name_is_taken_away() -> None:
    names: list[Scalar] = ["张伟", "李小龙", "王芳", "欧阳锋", "胡勇刚"] * 4
    assert findings([*names, "胡 勇刚", "欧阳 锋", "司马 光"]) == {
        "胡 勇刚": ("胡勇刚", True),
        "欧阳 锋": ("欧阳锋", True),
        "司马 光": ("司马光", False),
    }


def test_two_spaces_beside_a_number_are_a_slip_too() -> None:
    streets: list[Scalar] = [f"{n} High Street" for n in range(10, 80)]
    assert findings([*streets, "12  Park Lane"]) == {"12  Park Lane": ("12 Park Lane", True)}


def test_two_spaces_between_two_numbers_stay() -> None:
    pairs: list[Scalar] = [f"{n} {n + 1}" for n in range(10, 80)]
    assert findings([*pairs, "12  34"]) == {}
