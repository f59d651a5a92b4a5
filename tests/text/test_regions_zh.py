"""regions_zh: the table is whole, names mean what they should, former names lead to present units."""

import pytest

from services.text.regions_zh import former_prefectures, readings, regions, stem_of


def meanings(name: str) -> set[tuple[str, str]]:
    """Present full names and kinds of what a name may mean."""
    return {(reading.region.name, reading.kind) for reading in readings().get(name, ())}


def test_the_table_holds_all_of_china() -> None:
    levels = [region.level for region in regions().values()]
    assert levels.count("province") == 34
    assert 340 <= levels.count("city") <= 360
    assert 3000 <= levels.count("county") <= 3300


def test_every_county_lies_in_a_city_or_directly_under_its_province() -> None:
    table = regions()
    for region in table.values():
        assert region.province + "0000" in table
        if region.city is not None:
            assert table[region.city].level == "city"
    direct = {r.name for r in table.values() if r.level == "county" and r.city is None and r.province == "42"}
    assert direct == {"仙桃市", "潜江市", "天门市", "神农架林区"}


def test_no_word_of_the_statistical_tables_is_a_unit() -> None:
    assert not {"市辖区", "县", "省直辖县级行政单位"} & {region.name for region in regions().values()}


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("襄阳市", "襄阳"),
        ("浦东新区", "浦东"),
        ("恩施土家族苗族自治州", "恩施"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("香港特别行政区", "香港"),
        ("科尔沁左翼后旗", "科尔沁左翼后"),
    ],
)
def test_a_stem_is_the_name_without_kind_and_nationalities(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("襄樊市", "襄阳市"),
        ("襄樊", "襄阳市"),
        ("襄阳县", "襄州区"),
        ("新津县", "新津区"),
        ("崇文区", "东城区"),
        ("思茅市", "普洱市"),
        ("宜春地区", "宜春市"),
        ("哲里木盟", "通辽市"),
        ("通州市", "通州区"),
        ("台北县", "新北市"),
    ],
)
def test_a_former_name_leads_to_the_present_unit(former: str, present: str) -> None:
    assert meanings(former) == {(present, "former")}


def test_a_dissolved_prefecture_without_successor_proves_only_its_province() -> None:
    assert meanings("柳州地区") == set()
    assert [unit.province for unit in former_prefectures()["柳州地区"]] == ["45"]


def test_a_name_in_use_is_never_read_as_a_former_one_of_the_same_province() -> None:
    assert meanings("巢湖市") == {("巢湖市", "full")}
    assert {kind for _, kind in meanings("朝阳区")} == {"full"}


def test_short_names_keep_all_their_meanings() -> None:
    assert meanings("吉林") == {("吉林省", "short"), ("吉林市", "short")}
    assert meanings("长阳县") == {("长阳土家族自治县", "familiar")}
    assert meanings("粤") == {("广东省", "letter")}
