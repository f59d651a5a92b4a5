"""The rule ``identifiers``: sound ones get the column's form, unsound ones are doubted and never bent."""

from __future__ import annotations

from stdnum import ean, isbn, luhn
from stdnum.cn import ric

from services.tasks.clean.rules.identifiers import RULE, IdentifiersStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.tasks.clean.rules import tables


def table_of(values: list[Scalar], typed: bool = False) -> Table:
    return Table(grid=Grid(columns=(values,), header=("Value",)), typed=typed, language="en")


def findings(values: list[Scalar], typed: bool = False) -> dict[Scalar, tuple[Scalar, bool] | str]:
    return tables.findings(RULE, table_of(values, typed))


def resident_id(number: int) -> str:
    body = f"11010519{50 + number % 40}12{1 + number % 28:02}{number:03}"
    return body + ric.calc_check_digit(body + "0")


def card(number: int) -> str:
    body = f"62220212345{number:04}"
    return body + luhn.calc_check_digit(body)


RESIDENTS: list[Scalar] = [resident_id(n) for n in range(20)]
CARDS: list[Scalar] = [card(n) for n in range(20)]


def test_sound_resident_ids_need_nothing() -> None:
    assert all(ric.is_valid(str(value)) for value in RESIDENTS)
    assert findings(RESIDENTS) == {}


def test_a_wrong_check_digit_is_doubted() -> None:
    wrong = resident_id(30)[:-1] + ("1" if resident_id(30)[-1] != "1" else "2")
    assert findings([*RESIDENTS, wrong]) == {wrong: "identifiers.check_digit"}


def test_a_small_x_becomes_large() -> None:
    assert findings([*RESIDENTS, "11010519491231002x"]) == {"11010519491231002x": ("11010519491231002X", True)}


def test_spaces_are_taken_out_where_the_column_has_none() -> None:
    assert findings([*RESIDENTS, "110105 19491231 002X"]) == {"110105 19491231 002X": ("11010519491231002X", True)}


def test_an_impossible_date_and_a_missing_digit_are_doubted() -> None:
    body = "11010519900230001"
    impossible = body + ric.calc_check_digit(body + "0")
    assert findings([*RESIDENTS, impossible, resident_id(31)[:-1]]) == {
        impossible: "identifiers.component",
        resident_id(31)[:-1]: "identifiers.length",
    }


def test_an_old_id_of_fifteen_digits_stays() -> None:
    assert findings([*RESIDENTS, "110105491231002"]) == {}


def test_digits_lost_to_a_number_are_doubted() -> None:
    assert findings([*RESIDENTS, "1.10105E+17"]) == {"1.10105E+17": "identifiers.digits_lost"}
    assert findings([*RESIDENTS, 110105194912310000], typed=True) == {110105194912310000: "identifiers.digits_lost"}


def test_cards_are_grouped_as_the_column_groups_them() -> None:
    grouped = " ".join(card(40)[i : i + 4] for i in range(0, 16, 4))
    assert findings([*CARDS, grouped]) == {grouped: (card(40), True)}
    spaced: list[Scalar] = [" ".join(str(c)[i : i + 4] for i in range(0, 16, 4)) for c in CARDS]
    assert findings([*spaced, card(40)]) == {card(40): (grouped, True)}


def test_hyphens_of_isbns_follow_the_standard_not_their_neighbours() -> None:
    books: list[Scalar] = ["978-0-471-11709-4", "978-0-306-40615-7", "978-3-16-148410-0", "978-1-86197-271-2"]
    books += ["978-0-262-03384-8", "978-0-13-110362-7"]
    plain = "9780596520687"
    assert findings([*books, plain]) == {plain: (isbn.format(plain), True)}


def test_article_numbers_are_checked() -> None:
    codes: list[Scalar] = []
    for n in range(20):
        body = f"69012345{n:04}"
        codes.append(body + ean.calc_check_digit(body))
    wrong = str(codes[0])[:-1] + str((int(str(codes[0])[-1]) + 1) % 10)
    assert findings([*codes[1:], wrong]) == {wrong: "identifiers.check_digit"}


def test_lost_leading_zeros_are_for_review() -> None:
    codes: list[Scalar] = [f"{n * 317:06}" for n in range(1, 30)]
    assert findings([*codes, "1234"]) == {"1234": ("001234", False)}
    assert findings([*codes, 4321], typed=True) == {4321: ("004321", False)}


def test_plain_numbers_and_dates_have_no_step() -> None:
    assert RULE.propose(table_of([str(n * 37) for n in range(50)])) == []
    assert RULE.propose(table_of([f"202401{d:02}" for d in range(1, 29)])) == []
    assert RULE.propose(table_of([f"{n * 1.25:.2f}" for n in range(50)])) == []


def test_random_digits_of_sixteen_are_no_cards() -> None:
    codes: list[Scalar] = [str(4000000000000000 + n * 7919 * 104729) for n in range(60)]
    assert findings(codes) == {}


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(IdentifiersStep(column="Value", kind="cn_resident_id"), table_of(["a", "b", "c"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "identifiers.misfit"


def test_the_kind_is_named_in_the_language_of_the_person() -> None:
    cards: list[Scalar] = ["11010519491231002X"] * 8
    grid = Grid(columns=([*cards, "110105194912310021"],), header=("证件",))
    for language, kind in (("zh", "居民身份证号"), ("en", "Chinese resident ID")):
        table = Table(grid=grid, typed=False, language=language)  # type: ignore[arg-type]
        finding = RULE.run(IdentifiersStep(column="证件", kind="cn_resident_id"), table).values["110105194912310021"]
        assert kind in finding.reason.text(language)
