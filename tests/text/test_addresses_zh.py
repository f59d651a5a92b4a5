"""addresses_zh: what an address proves, what stays open, and what is no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.addresses_zh import Address, FormerName, parse_address

Parts = tuple[str | None, str | None, str | None, str]


def parts(text: str) -> Parts | None:
    """Province, city, county and detail of an address."""
    address = parse_address(text)
    return address and (address.province, address.city, address.county, address.detail)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("广东省深圳市南山区科技路1号", ("广东省", "深圳市", "南山区", "科技路1号")),
        ("四川省 成都市 武侯区 天府大道", ("四川省", "成都市", "武侯区", "天府大道")),
        ("地址：四川省-成都市-武侯区", ("四川省", "成都市", "武侯区", "")),
        ("(广东省)广州市", ("广东省", "广州市", None, "")),
        ("浙江杭州余杭文一西路", ("浙江省", "杭州市", "余杭区", "文一西路")),
        ("江苏昆山花桥镇", ("江苏省", "苏州市", "昆山市", "花桥镇")),
        ("河南省济源市", ("河南省", None, "济源市", "")),
        ("湖北省省直辖县级行政单位仙桃市沔阳大道", ("湖北省", None, "仙桃市", "沔阳大道")),
        ("北京市市辖区东城区", ("北京市", "北京市", "东城区", "")),
        ("重庆市县彭水苗族土家族自治县", ("重庆市", "重庆市", "彭水苗族土家族自治县", "")),
        ("上海上海市黄浦区", ("上海市", "上海市", "黄浦区", "")),
        ("粤深圳市南山区", ("广东省", "深圳市", "南山区", "")),
        ("沪浦东新区张江路", ("上海市", "上海市", "浦东新区", "张江路")),
        ("延边延吉市", ("吉林省", "延边朝鲜族自治州", "延吉市", "")),
        ("湖南省湘西州吉首市", ("湖南省", "湘西土家族苗族自治州", "吉首市", "")),
        ("新疆巴州库尔勒市", ("新疆维吾尔自治区", "巴音郭楞蒙古自治州", "库尔勒市", "")),
        ("广西省桂林市", ("广西壮族自治区", "桂林市", None, "")),
        ("长阳县龙舟坪镇", ("湖北省", "宜昌市", "长阳土家族自治县", "龙舟坪镇")),
        ("台湾台北市大安区", ("台湾省", "台北市", "大安区", "")),
        ("台湾省新竹县竹北市", ("台湾省", None, "新竹县", "竹北市")),
        ("香港新界沙田区大围", ("香港特别行政区", "香港", "沙田区", "大围")),
        ("澳门特别行政区大堂区", ("澳门特别行政区", "澳门", "大堂区", "")),
        ("郑州市高新区科学大道100号", ("河南省", "郑州市", None, "高新区科学大道100号")),
        ("苏州工业园区星湖街", ("江苏省", "苏州市", None, "工业园区星湖街")),
        ("长沙市区五一路", ("湖南省", "长沙市", None, "市区五一路")),
    ],
)
def test_divisions_are_read_under_their_present_names(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青岛市南区香港路", ("山东省", "青岛市", "市南区", "香港路")),
        ("青岛市市南区香港路", ("山东省", "青岛市", "市南区", "香港路")),
        ("吉林市昌邑区", ("吉林省", "吉林市", "昌邑区", "")),
        ("海南州共和县", ("青海省", "海南藏族自治州", "共和县", "")),
        ("湖南湘潭县城关", ("湖南省", "湘潭市", "湘潭县", "城关")),
        ("上海南京东路100号", ("上海市", "上海市", None, "南京东路100号")),
        ("北京朝阳公园", ("北京市", "北京市", None, "朝阳公园")),
        ("广州白云机场", ("广东省", "广州市", None, "白云机场")),
        ("杭州西湖断桥", ("浙江省", "杭州市", None, "西湖断桥")),
    ],
)
def test_names_that_hide_in_other_names_are_told_apart(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "张三",
        "南京东路100号",
        "中山公园",
        "东方明珠",
        "北京大学",
        "北京银行股份有限公司",
        "粤B12345",
        "重庆路8号",
        "平安",
    ],
)
def test_what_begins_with_no_division_is_no_address(text: str) -> None:
    assert parse_address(text) is None


def test_a_county_of_several_cities_leaves_the_upper_parts_open() -> None:
    assert parse_address("鼓楼区中山路") == Address(None, None, "鼓楼区", "中山路", uncertain=("province", "city"))
    assert parse_address("江苏鼓楼区") == Address("江苏省", None, "鼓楼区", "", uncertain=("city",))


def test_a_county_of_one_city_completes_the_parts_above_it() -> None:
    assert parse_address("武侯区红牌楼街道19号") == Address(
        "四川省", "成都市", "武侯区", "红牌楼街道19号", completed=("province", "city")
    )


def test_a_city_of_another_province_is_flagged_and_not_bent() -> None:
    address = parse_address("广东省长沙市岳麓区")
    assert address is not None
    assert (address.province, address.city, address.county, address.detail) == ("广东省", None, None, "长沙市岳麓区")
    assert address.uncertain == ("city",)


def test_former_names_are_brought_up_to_date_and_named() -> None:
    address = parse_address("四川省成都市新津县金华镇")
    assert address is not None
    assert (address.county, address.former_names) == ("新津区", (FormerName("新津县", "新津区"),))
    address = parse_address("柳州地区忻城县")
    assert address is not None
    assert (address.city, address.former_names) == ("来宾市", (FormerName("柳州地区", None),))
    assert parts("山东省莱芜市莱城区") == ("山东省", "济南市", "莱芜区", "")
    assert parts("湖北省襄樊市老河口市") == ("湖北省", "襄阳市", "老河口市", "")


def test_a_dissolved_prefecture_alone_proves_the_province_only() -> None:
    address = parse_address("柳州地区")
    assert address is not None
    assert (address.province, address.city, address.uncertain) == ("广西壮族自治区", None, ("city",))


def test_the_full_address_names_each_division_once() -> None:
    for text, full in (
        ("重庆解放碑", "重庆市解放碑"),
        ("成都武侯区", "四川省成都市武侯区"),
        ("香港九龙城区", "香港特别行政区九龙城区"),
    ):
        address = parse_address(text)
        assert address is not None
        assert address.full == full


@given(st.text(alphabet="北京上海市省区县江苏南通州吉林广西自治朝阳鼓楼地 ,-·路街1粤中国新沙", max_size=16))
def test_the_detail_is_always_the_end_of_the_text(text: str) -> None:
    address = parse_address(text)
    if address is not None:
        assert text.endswith(address.detail)
        assert any((address.province, address.city, address.county))
        assert not set(address.completed) & set(address.uncertain)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    address = parse_address(text)
    assert address is None or text.endswith(address.detail)
