"""The rule ``spelling``: slips and damage are restored by frequent values; what may be meant as it is stays."""

from __future__ import annotations

import random

import pytest

from services.tasks.clean.rule import Doubt, Finding, Proposal
from services.tasks.clean.rules.spelling import RULE, SpellingStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar

OWNERS = ["voluntary non-profit", "proprietary", "government - federal", "government - local", "physician"]


def table_of(*columns: list[Scalar], typed: bool = False) -> Table:
    names = tuple(f"c{number}" for number in range(1, len(columns) + 1))
    return Table(grid=Grid(columns=tuple(columns), header=names), typed=typed, language="en")


def findings(table: Table) -> dict[tuple[str, Scalar], Finding]:
    return {
        (step.column, value): finding
        for step in RULE.propose(table)
        for value, finding in RULE.run(step, table).values.items()
    }


def told(table: Table) -> dict[Scalar, tuple[Scalar, bool]]:
    return {
        value: (finding.after, finding.safe)
        for (_, value), finding in findings(table).items()
        if isinstance(finding, Proposal)
    }


def often(*values: str, times: int = 40) -> list[Scalar]:
    return [value for value in values for _ in range(times)]


@pytest.mark.parametrize("slip", ["propietary", "proprieatry", "proprietaryy", "proprietavy"])
def test_a_slip_of_a_frequent_value_is_safe_in_a_column_of_few_values(slip: str) -> None:
    assert told(table_of([*often(*OWNERS), slip])) == {slip: ("proprietary", True)}


def test_numbers_inside_a_value_stay_as_they_are() -> None:
    patients: list[Scalar] = [f"{number} patients" for number in range(1, 300)]
    patients += often("empty", "unknown")
    assert told(table_of([*patients, "1204 pateints"])) == {"1204 pateints": ("1204 patients", True)}


def test_values_that_differ_in_digits_only_are_left_alone() -> None:
    codes = often("scip-inf-1", "scip-vte-1", times=60)
    assert findings(table_of([*codes, "scip-inf-2", "scip-inf-7"])) == {}


def test_an_inflected_form_is_for_review() -> None:
    assert told(table_of([*often("branch manager", "sales clerk", "engineer"), "branch managers"])) == {}
    assert told(table_of([*often("opelika", "gadsden", "montgomery"), "opelik"])) == {"opelik": ("opelika", False)}


def test_a_rare_word_or_name_that_is_a_word_is_left_alone() -> None:
    assert told(table_of([*often("Clifton", "Newark", "Camden"), "Clinton"])) == {}


def test_products_that_lie_near_each_other_prove_nothing() -> None:
    dense = often("Kortan", "Kartan", "Mertal", "Mertol", "Sopran", "Sopron", times=10)
    assert not any(safe for _, safe in told(table_of([*dense, "Kurtan", "Sopren"])).values())


def test_a_column_of_names_gives_nothing_safe() -> None:
    maker = random.Random(3)
    names: list[Scalar] = ["".join(maker.choice("aeinrstl") for _ in range(5)).title() for _ in range(600)]
    assert not any(safe for _, safe in told(table_of([*names, *often("Tarnis", times=20), "Tarnil"])).values())


def test_a_part_of_a_list_is_restored() -> None:
    lists: list[Scalar] = []
    for first in ("Drama", "Comedy", "Horror", "Western"):
        for second in ("Romance", "Thriller", "Animation", "Biography"):
            lists += [f"{first},{second}"] * 5
    assert told(table_of([*lists, "Comedy,Anmiation"])) == {"Comedy,Anmiation": ("Comedy,Animation", True)}


@pytest.mark.parametrize(
    ("common", "rare"),
    [("jsmith@example.org", "jsmyth@example.org"), ("KLMPTV", "KLMPTW"), ("www.acmo.org", "www.acme.org")],
)
def test_mailboxes_sites_and_codes_are_never_settled(common: str, rare: str) -> None:
    others = ["anna.kern@example.org", "QRSTAB", "www.zzyzx.net"]
    assert not any(safe for _, safe in told(table_of([*often(common, *others), rare])).values())


def test_a_form_that_differs_in_a_space_is_safe_and_one_in_word_order_is_not() -> None:
    values = [*often("Acme Trading", "Blue River Foods", times=50), "Acme  Trading", "River Foods Blue"]
    assert told(table_of(values)) == {
        "Acme  Trading": ("Acme Trading", True),
        "River Foods Blue": ("Blue River Foods", False),
    }


def test_capitals_of_a_single_letter_are_never_settled() -> None:
    assert told(table_of([*often("Cable M white", "Lamp XL white", times=60), "Cable m white"])) == {
        "Cable m white": ("Cable M white", False)
    }


def damaged_table(mark: str) -> Table:
    cities = ["birmingham", "gadsden", "montgomery", "dothan", "huntsville"]
    zips = ["35233", "35903", "36104", "36301", "35801"]
    counts = [f"{number} patients" for number in range(10, 60)]
    seen = [word[:place] + mark + word[place + 1 :] for word in cities for place in (1, 4)]
    codes = ["3590x".replace("x", mark), "3x104".replace("x", mark)] + ["35233"] * 8
    notes = ["3x patients".replace("x", mark), "x4 pxtients".replace("x", mark), "14 paxients".replace("x", mark)]
    return table_of(
        [*[city for city in cities for _ in range(20)], *seen],
        [*[code for code in zips for _ in range(20)], *codes],
        [*counts, *counts, *notes, *["11 patients"] * 7],
    )


@pytest.mark.parametrize("mark", ["x", "?", "\ufffd", "□"])
def test_a_character_that_stands_for_others_is_found_and_read_through(mark: str) -> None:
    found = findings(damaged_table(mark))
    one = found["c1", "b" + mark + "rmingham"]
    assert isinstance(one, Proposal)
    assert (one.after, one.safe) == ("birmingham", True)
    code = found["c2", "3590" + mark]
    assert isinstance(code, Proposal)
    assert (code.after, code.safe) == ("35903", True)
    patients = found["c3", "14 pa" + mark + "ients"]
    assert isinstance(patients, Proposal)
    assert (patients.after, patients.safe) == ("14 patients", True)


def test_names_that_are_covered_on_purpose_stay_covered() -> None:
    names = ["王强", "李明", "张伟", "刘洋", "陈静"]
    covered: list[Scalar] = [name[0] + "*" for name in names for _ in range(2)]
    assert findings(table_of([*often(*names, times=20), *covered])) == {}


def test_a_lost_digit_that_could_be_any_is_told_and_not_guessed() -> None:
    found = findings(damaged_table("x"))
    assert isinstance(found["c3", "3x patients"], Doubt)
    assert isinstance(found["c3", "x4 pxtients"], Doubt)


def test_a_number_cell_is_restored_as_a_number() -> None:
    table = damaged_table("x")
    numbers: list[Scalar] = [int(str(value)) if str(value).isdigit() else value for value in table.columns[1].values]
    table = table_of(list(table.columns[0].values), numbers, list(table.columns[2].values), typed=True)
    found = findings(table)["c2", "3590x"]
    assert isinstance(found, Proposal)
    assert found.after == 35903
    assert type(found.after) is int


def test_legitimate_letters_are_no_damage() -> None:
    assert findings(table_of(often("Exeter", "Oxford", "Halifax", times=30) + often("Essex", "Sussex", times=2))) == {}


def test_a_chinese_value_with_a_like_sounding_character_is_for_review() -> None:
    values = [*often("欧阳明华", "诸葛孔明", "司马相如", "慕容复兴"), "欧阳明花"]
    assert told(table_of(values)) == {"欧阳明花": ("欧阳明华", False)}


def test_chinese_values_that_differ_in_a_number_or_a_direction_are_left_alone() -> None:
    assert findings(table_of([*often("财务一部", "销售东区", "人力资源部"), "财务二部", "销售西区"])) == {}


def test_running_on_its_own_output_finds_nothing() -> None:
    values: list[Scalar] = [*often(*OWNERS), "propietary", "physicain", "goverment - local"]
    first = table_of(values)
    mended: list[Scalar] = [told(first).get(value, (value, False))[0] for value in values]
    assert mended.count("proprietary") == 41
    assert findings(table_of(mended)) == {}


def test_a_step_says_what_it_compares() -> None:
    assert RULE.propose(table_of(often(*OWNERS), [str(number) for number in range(200)])) == [
        SpellingStep(column="c1", units=("values",))
    ]


def test_capitals_that_differ_in_a_word_without_digits_are_safe() -> None:
    phones = often("iPhone 12", "iPhone 13", "Bolt M6", "Bolt M8", times=12)
    assert told(table_of([*phones, "iphone 12", "bolt M6", "Bolt m8"])) == {
        "iphone 12": ("iPhone 12", True),
        "bolt M6": ("Bolt M6", True),
        "Bolt m8": ("Bolt M8", False),
    }


def test_a_look_alike_character_tells_among_values_that_lie_near_each_other() -> None:
    states = often("已完成", "未完成", "待处理", times=20)
    assert told(table_of([*states, "末完成"])) == {"末完成": ("未完成", False)}


def test_a_word_that_is_none_is_for_review_beside_values_that_lie_apart() -> None:
    results = often("negative", "positive", times=40)
    assert told(table_of([*results, "postive", "inconclusive"])) == {"postive": ("positive", False)}


@pytest.mark.parametrize(
    ("common", "rare", "way"),
    [
        ("München", "Munchen", "spelling.form"),
        ("Fürth", "Furth", "spelling.form"),
        ("呼和浩特市", "呼和浩特", "spelling.longer"),
        ("accommodation", "acommodation", "spelling.slip"),
    ],
)
def test_a_difference_in_accents_or_by_a_word_more_is_another_way_of_writing(common: str, rare: str, way: str) -> None:
    finding = findings(table_of([*often(common, "Hamburg", "Stuttgart", times=20), rare]))["c1", rare]
    assert isinstance(finding, Proposal)
    assert (finding.after, finding.safe, finding.reason.code) == (common, way == "spelling.slip", way)


def test_damage_of_three_columns_is_found_among_sixty_others() -> None:
    columns = [list(column.values) for column in damaged_table("x").columns]
    wide = table_of(*columns, *[often(f"plain {number}", f"other {number}") for number in range(60)])
    assert RULE.propose(wide)[0].damage == "x"
