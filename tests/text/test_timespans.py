"""Expressions of time read against a base: what they denote, what is blurred, what is no one time."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.timespans import PartialTime, TimeExpression, parse_time_expression

WEDNESDAY = PartialTime(2021, 8, 18, 15, 20)


def day(*parts: int) -> tuple[datetime, datetime]:
    """The first and last second of one day."""
    return datetime(*parts), datetime(*parts, 23, 59, 59)  # type: ignore[arg-type, misc]


def days(first: tuple[int, int, int], last: tuple[int, int, int]) -> tuple[datetime, datetime]:
    """The first second of one day and the last of another."""
    return datetime(*first), datetime(*last, 23, 59, 59)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("去年3月3号", day(2020, 3, 3)),
        ("大前天", day(2021, 8, 15)),
        ("后天", day(2021, 8, 20)),
        ("上周三", day(2021, 8, 11)),
        ("下周五", day(2021, 8, 27)),
        ("这周日", day(2021, 8, 22)),
        ("下个月15日", day(2021, 9, 15)),
        ("3月第二个星期三", day(2021, 3, 10)),
        ("30日", day(2021, 8, 30)),
        ("98年4月", days((1998, 4, 1), (1998, 4, 30))),
        ("2021年Q3", days((2021, 7, 1), (2021, 9, 30))),
        ("上季度", days((2021, 4, 1), (2021, 6, 30))),
        ("去年前三季度", days((2020, 1, 1), (2020, 9, 30))),
        ("农历2020年八月十五", day(2020, 10, 1)),
        ("正月十五", day(2021, 2, 26)),
        ("2019年秋", days((2019, 8, 8), (2019, 11, 7))),
        ("明晚8点", (datetime(2021, 8, 19, 20), datetime(2021, 8, 19, 20, 59, 59))),
        ("今天下午3点20分", (datetime(2021, 8, 18, 15, 20), datetime(2021, 8, 18, 15, 20, 59))),
        ("12月31日24时", (datetime(2022, 1, 1), datetime(2022, 1, 1, 0, 59, 59))),
        ("2021/8/1 8:30", (datetime(2021, 8, 1, 8, 30), datetime(2021, 8, 1, 8, 30, 59))),
        ("3月-5月", days((2021, 3, 1), (2021, 5, 31))),
        ("9日到11日", days((2021, 8, 9), (2021, 8, 11))),
        ("去年9~12月", days((2020, 9, 1), (2020, 12, 31))),
        ("2018年12月到次年3月", days((2018, 12, 1), (2019, 3, 31))),
        ("下午3点到5点", (datetime(2021, 8, 18, 15), datetime(2021, 8, 18, 17))),
        ("17天后", day(2021, 9, 4)),
        ("20分钟前", (datetime(2021, 8, 18, 14, 59), datetime(2021, 8, 18, 15, 0))),
        ("2019年3月至今", (datetime(2019, 3, 1), datetime(2021, 8, 18, 15, 20, 59))),
        ("自10月1日起", (datetime(2021, 10, 1), None)),
    ],
)
def test_an_expression_of_one_time_is_exact(text: str, bounds: tuple[datetime, datetime | None]) -> None:
    found = parse_time_expression(text, WEDNESDAY)
    assert found is not None
    assert (found.precision, found.start, found.end) == ("exact", *bounds)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "本周",
            "上个月",
            "月初",
            "上个月底",
            "去年年初",
            "年末",
            "6月上旬",
            "上半年",
            "2020H1",
            "21世纪初",
            "90年代",
        ),
        *(
            "明晚",
            "今天上午",
            "3月5号左右",
            "三年后",
            "两周后",
            "两个工作日后",
            "半年前",
            "最近一周",
            "三年以前",
            "暑假",
        ),
        *(
            "5月5日之前",
            "9月以后",
            "一年半以前",
            "前三个月",
            "12年",
            "三四年",
            "两年半",
            "昨晚2点",
            "周末",
            "大寒",
            "2020年除夕",
            "腊八节",
        ),
    ],
)
def test_an_expression_that_denotes_no_one_time_is_blurred(text: str) -> None:
    found = parse_time_expression(text, WEDNESDAY)
    assert found is not None
    assert found.precision == "blurred"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "每周三",
            "每月5号",
            "隔天",
            "2月30日",
            "13月1日",
            "公元前221年",
            "2016财年",
            "闰四月初八",
            "你好",
            "十一点一",
        ),
        *("5月到3月", "2021年5月3日星期二", "9999年后", "一二三", "年", "第三天"),
    ],
)
def test_what_is_no_one_time_is_not_read(text: str) -> None:
    assert parse_time_expression(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "base"), [("3天后", PartialTime(2021, 8)), ("去年", None), ("上周三", PartialTime(2021))]
)
def test_an_expression_that_needs_more_of_the_base_is_not_read(text: str, base: PartialTime | None) -> None:
    assert parse_time_expression(text, base) is None


def test_a_length_is_a_duration() -> None:
    found = parse_time_expression("四年六个月", WEDNESDAY)
    assert found is not None
    assert found.duration is not None
    assert (found.kind, found.precision, found.duration.parts) == ("duration", "exact", {"year": 4, "month": 6})


def test_two_digits_of_a_year_follow_the_base() -> None:
    found = [parse_time_expression("70年8月", PartialTime(year)) for year in (1965, 2021)]
    assert [reading and reading.start for reading in found] == [datetime(1970, 8, 1), datetime(1970, 8, 1)]
    ahead = parse_time_expression("25年8月", PartialTime(2021))
    assert ahead is not None
    assert (ahead.start, ahead.precision) == (datetime(2025, 8, 1), "exact")
    far = parse_time_expression("03年8月", PartialTime(1999))
    assert far is not None
    assert far.precision == "blurred"


def test_a_date_is_a_base_to_its_day_and_a_datetime_to_its_second() -> None:
    assert parse_time_expression("明天", date(2021, 8, 18)) == TimeExpression("point", "exact", *day(2021, 8, 19))
    assert parse_time_expression("2小时后", date(2021, 8, 18)) is None
    assert parse_time_expression("2分钟内", datetime(2021, 8, 18, 9, 0, 0)) == TimeExpression(
        "span", "exact", datetime(2021, 8, 18, 9), datetime(2021, 8, 18, 9, 2)
    )


_PIECES = (
    *(
        "去年",
        "今年",
        "明",
        "后",
        "大前",
        "上",
        "下",
        "个",
        "月",
        "周",
        "天",
        "日",
        "号",
        "年",
        "季度",
        "农历",
        "闰",
        "腊月",
    ),
    *(
        "初",
        "廿",
        "十",
        "五",
        "3",
        "12",
        "31",
        "2021",
        "半",
        "晚上",
        "点",
        "分",
        "到",
        "至",
        "-",
        "前",
        "以内",
        "未来",
        "过去",
    ),
    *(
        "多",
        "左右",
        "春节",
        "冬",
        "季",
        "世纪",
        "年代",
        "星期",
        "第",
        "末",
        "零",
        "千万",
        "工作日",
        "小时",
        "之前",
        "起",
    ),
)
_WORDS = st.lists(st.sampled_from(_PIECES), max_size=7).map("".join)


@given(st.one_of(st.text(max_size=40), _WORDS), st.sampled_from([None, PartialTime(9999, 12, 31, 23, 59), WEDNESDAY]))
def test_no_text_makes_the_reader_fail(text: str, base: PartialTime | None) -> None:
    found = parse_time_expression(text, base)
    if found is not None and found.start is not None and found.end is not None:
        assert found.start <= found.end
