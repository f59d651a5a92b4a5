"""The rule ``addresses``: Chinese addresses in full, only ever for review."""

from __future__ import annotations

from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.addresses import RULE, AddressesStep
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar


def table_of(values: list[Scalar]) -> Table:
    return Table(grid=Grid(columns=(values,), header=("地址",)), typed=False, language="zh")


def findings(values: list[Scalar]) -> dict[Scalar, tuple[object, bool, str]]:
    table = table_of(values)
    found = {}
    for step in RULE.propose(table):
        for value, finding in RULE.run(step, table).values.items():
            assert isinstance(finding, Proposal)
            found[value] = (finding.after, finding.safe, finding.reason.code)
    return found


FULL: list[Scalar] = [
    "广东省深圳市南山区科技园路1号",
    "北京市朝阳区建国路88号",
    "浙江省杭州市西湖区文三路5号",
    "上海市浦东新区世纪大道100号",
    "江苏省南京市玄武区中山路8号",
]


def test_full_addresses_need_nothing() -> None:
    assert findings(FULL) == {}


def test_a_missing_province_is_filled_in() -> None:
    assert findings([*FULL, "深圳市福田区深南大道6号"]) == {
        "深圳市福田区深南大道6号": ("广东省深圳市福田区深南大道6号", False, "addresses.completed")
    }


def test_a_former_name_gives_way_to_the_present_one() -> None:
    assert findings([*FULL, "湖北省襄樊市小水街222号"]) == {
        "湖北省襄樊市小水街222号": ("湖北省襄阳市小水街222号", False, "addresses.former")
    }


def test_short_names_are_written_in_full() -> None:
    assert findings([*FULL, "广东深圳南山区科技园"]) == {
        "广东深圳南山区科技园": ("广东省深圳市南山区科技园", False, "addresses.full_names")
    }


def test_an_ambiguous_district_stays() -> None:
    assert findings([*FULL, "朝阳区人民路1号"]) == {}


def test_separators_of_its_own_are_no_reason() -> None:
    assert findings([*FULL, "广东省 深圳市 南山区 科技园路2号"]) == {}


def test_a_column_of_cities_has_no_step() -> None:
    assert RULE.propose(table_of(["深圳", "广州市", "北京", "上海市", "杭州"])) == []


def test_a_column_of_other_texts_has_no_step() -> None:
    assert (
        RULE.propose(table_of(["今天天气很好我们去公园", "产品质量不错推荐购买", "物流太慢了差评", "ok", None])) == []
    )


def test_running_on_the_output_finds_nothing() -> None:
    values = [*FULL, "深圳市福田区深南大道6号", "湖北省襄樊市小水街222号", "广东深圳南山区科技园"]
    found = findings(values)
    assert findings([found[value][0] if value in found else value for value in values]) == {}  # type: ignore[misc]


def test_a_step_that_no_longer_fits_says_so() -> None:
    outcome = RULE.run(AddressesStep(column="地址"), table_of(["a", "b", "c"]))
    assert outcome.misfit is not None
    assert outcome.misfit.code == "addresses.misfit"
