"""The rule ``amounts``: money in one currency becomes numbers or one form; what is vague or mixed is flagged."""

from __future__ import annotations

from functools import partial

import pytest

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.amounts import RULE, AmountsStep
from services.workbook.grid import ColumnFormats, DateSerial, Scalar
from tests.tasks.clean.rules import tables

table_of = partial(tables.one_column, header="Price")
told = partial(tables.told, RULE)
changed = partial(tables.changed, RULE)


def test_a_consistent_column_of_a_text_file_is_left_alone() -> None:
    assert told(table_of(["$1,234.50", "$99.00", "$5.25"])) == {}
    assert told(table_of(["12.50元", "3.00元"])) == {}


def test_a_workbook_gets_numbers_with_the_currency_in_the_format() -> None:
    table = table_of(["$1,234.50", "$99.00", "($50.00)", 7.25], typed=True)
    found = RULE.run(RULE.propose(table)[0], table).values["$1,234.50"]
    assert isinstance(found, Proposal)
    assert (found.after, found.number_format) == (1234.5, '"$"#,##0.00')
    assert changed(table) == [1234.5, 99, -50, 7.25]


def test_a_full_width_yen_sign_stays_before_the_number() -> None:
    table = table_of(["￥1,200.00", "￥560.00", "￥8.50", "￥70.00"], typed=True)
    (step,) = RULE.propose(table)
    found = RULE.run(step, table).values["￥1,200.00"]
    assert isinstance(found, Proposal)
    assert (found.after, found.number_format) == (1200, '"¥"#,##0.00')


def test_the_columns_own_format_is_kept() -> None:
    table = table_of(["¥100", 12, 13], typed=True, formats=(ColumnFormats('"¥"#,##0'),))
    found = RULE.run(RULE.propose(table)[0], table).values["¥100"]
    assert isinstance(found, Proposal)
    assert (found.after, found.number_format) == (100, '"¥"#,##0')


def test_mixed_forms_of_one_currency_become_plain_numbers() -> None:
    values: list[Scalar] = ["¥1,234.50", "1234.5元", "壹仟贰佰元整", "1200.00", "￥800.00", "2,000.00"]
    assert told(table_of(values, header="金额(元)")) == {
        "¥1,234.50": ("safe", "1234.50", "plain"),
        "1234.5元": ("safe", "1234.50", "plain"),
        "壹仟贰佰元整": ("safe", "1200.00", "plain"),
        "￥800.00": ("safe", "800.00", "plain"),
        "2,000.00": ("safe", "2000.00", "plain"),
    }
    assert {one[0] for value, one in told(table_of(values)).items() if value != "2,000.00"} == {"review"}


def test_a_stray_form_takes_the_columns() -> None:
    values: list[Scalar] = [*(f"${n}.50" for n in range(10, 19)), "12.25 USD"]
    assert told(table_of(values)) == {"12.25 USD": ("safe", "$12.25", "form")}


def test_vague_amounts_are_flagged() -> None:
    values: list[Scalar] = ["100元", "200元", "300元", "数十亿元", "三五百块", "约3万元", "3000多元"]
    assert told(table_of(values)) == dict.fromkeys(
        ("数十亿元", "三五百块", "约3万元", "3000多元"), ("doubt", None, "vague")
    )


def test_a_second_currency_is_flagged_and_nothing_is_converted() -> None:
    for typed in (False, True):
        assert told(table_of(["$12.00", "$13.50", "€99.00", "$7.00"], typed=typed)) == {
            "€99.00": ("doubt", None, "several")
        }


def test_one_code_explains_the_sign_it_may_stand_for() -> None:
    table = table_of(["$12.00", "13.50 USD", "$7.00"], typed=True)
    assert RULE.propose(table)[0].currency == "USD"
    assert changed(table) == [12, 13.5, 7]


def test_a_decimal_sign_that_nothing_proves_is_for_review() -> None:
    assert told(table_of(["$1,200", "$3,400"], typed=True)) == {
        "$1,200": ("review", 1200, "sign_open"),
        "$3,400": ("review", 3400, "sign_open"),
    }


def test_a_multiplier_below_a_scaled_header_is_flagged() -> None:
    found = told(table_of(["3.5万元", "12元", "15 元"], header="金额（万元）"))
    assert found["3.5万元"] == ("doubt", None, "scale")


def test_units_of_money_without_a_number_are_no_amounts() -> None:
    assert told(table_of(["亿元", "万美元", "亿元"])) == {}


def test_numbers_without_any_currency_are_left_to_their_own_rule() -> None:
    assert told(table_of(["1,234.50", "12"], typed=True)) == {}
    assert told(table_of([DateSerial(45292), "abc", "TOP 10"], typed=True)) == {}


def test_a_recipe_for_another_currency_does_not_fit() -> None:
    outcome = RULE.run(AmountsStep(column="Price", currency="EUR"), table_of(["$12.00", "$ 13.50"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "amounts.other_currency"


@pytest.mark.parametrize("typed", [False, True])
def test_running_again_on_the_result_finds_nothing(typed: bool) -> None:
    values: list[Scalar] = ["$1,234.50", "99.00", "12.5 USD", "$ 7.25"]
    table = table_of(changed(table_of(values, typed=typed, header="Price (USD)")), typed=typed, header="Price (USD)")
    assert told(table) == {}


def test_prices_counted_in_wan_stay_so() -> None:
    prices: list[Scalar] = [f"{n}万" for n in range(200, 230)]
    assert told(table_of([*prices, "500万元", "5000000"], header="总价")) == {"500万元": ("safe", "500万", "form")}
    assert told(table_of([*prices, "500万元"], header="总价", typed=True))["200万"][:2] == ("review", 2000000)


def test_a_column_of_grouped_amounts_keeps_its_grouping_where_one_cell_names_the_currency() -> None:
    amounts: list[Scalar] = [f"{n}.{n}5,{n}" for n in range(10, 40)]
    assert told(table_of([*amounts, "1.234,56 €"])) == {"1.234,56 €": ("review", "1.234,56", "currency_lost")}


def test_one_form_stays_in_a_text_file_even_where_nothing_proves_its_decimal_sign() -> None:
    assert told(table_of([f"¥{n},{n}0" for n in range(10, 40)])) == {}


POUNDS: list[Scalar] = [float(n) for n in range(10, 40)]


def test_a_number_format_proves_the_currency_of_a_column_and_another_one_is_flagged() -> None:
    for code in ('"£"#,##0.00', "[$£-809]#,##0.00", "£#,##0.00"):
        table = table_of([*POUNDS, "£45.20", "20.00 GBP", "€30.00", "tbc"], typed=True, formats=(ColumnFormats(code),))
        assert told(table) == {
            "£45.20": ("safe", 45.2, "usual"),
            "20.00 GBP": ("safe", 20, "usual"),
            "€30.00": ("doubt", None, "several"),
            "tbc": ("doubt", None, "not_read"),
        }


def test_the_only_text_in_another_currency_than_the_format_is_flagged() -> None:
    table = table_of([*POUNDS, "€30.00"], typed=True, formats=(ColumnFormats('"£"#,##0.00'),))
    assert told(table) == {"€30.00": ("doubt", None, "several")}


def test_a_format_that_follows_the_country_proves_no_currency() -> None:
    table = table_of([*POUNDS, "€30.00"], typed=True, formats=(ColumnFormats('"$"#,##0_);\\("$"#,##0\\)'),))
    assert told(table) == {"€30.00": ("safe", 30, "text")}


def test_one_cell_in_another_currency_does_not_stop_the_form_of_the_rest() -> None:
    pounds: list[Scalar] = [f"£{n}.50" for n in range(10, 40)]
    assert told(table_of([*pounds, "20.00 GBP", "45.20", "€30.00", "ask"])) == {
        "20.00 GBP": ("safe", "£20.00", "form"),
        "45.20": ("review", "£45.20", "form"),
        "€30.00": ("doubt", None, "several"),
        "ask": ("doubt", None, "not_read"),
    }


def test_signs_are_taken_off_for_review_only_where_another_currency_is_in_the_column() -> None:
    plain: list[Scalar] = [f"{n}.50" for n in range(10, 40)]
    values: list[Scalar] = [*plain, "£20.00", "£21.00", "£22.00", "£23.00", "€30.00"]
    found = told(table_of(values, header="Price (GBP)"))
    assert found["£20.00"] == ("review", "20.00", "usual")
    assert found["€30.00"] == ("doubt", None, "several")


def test_a_letter_that_multiplies_is_for_review_where_the_column_does_not_count_so() -> None:
    prices: list[Scalar] = [f"{n},{n} €" for n in range(10, 60)]
    assert told(table_of([*prices, "593,66w €"]))["593,66w €"][:2] == ("review", "5936600,00 €")
    assert told(table_of([*prices, "593.66k €"], typed=True))["593.66k €"][0] == "review"
