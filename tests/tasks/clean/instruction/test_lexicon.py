"""What rules read of an instruction, in English and Chinese, and what they leave as not understood."""

from __future__ import annotations

import pytest

from services.tasks.clean.instruction.lexicon import Reading, read_instruction
from services.tasks.clean.table import Table
from services.workbook.grid import Grid

COLUMNS: dict[str, list[str]] = {
    "ounces": ["12.0 oz"],
    "abv": ["0.05"],
    "city": ["Bend OR"],
    "state": ["OR"],
    "order date": ["2024-03-05"],
    "性别": ["男", "女", "1"],
    "日期": ["2024-03-05"],
}


def read(instruction: str, **more: list[str]) -> Reading:
    columns = COLUMNS | more
    grid = Grid(tuple(map(list, columns.values())), tuple(columns))
    return read_instruction(instruction, Table(grid, False, "en"))


def wishes(instruction: str, **more: list[str]) -> list[tuple[str, ...]]:
    reading = read(instruction, **more)
    assert reading.left == ()
    return [
        tuple(filter(None, (wish.choice.column, wish.choice.kind, wish.choice.text, wish.choice.other)))
        for wish in reading.wishes
    ]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("ounces: number only, no unit and no trailing .0", [("ounces", "number"), ("ounces", "no-trailing-zero")]),
        ("ounces 只保留数字（去掉单位和末尾的 .0）。", [("ounces", "number"), ("ounces", "no-trailing-zero")]),
        ("Remove units from ounces and abv.", [("ounces", "number"), ("abv", "number")]),
        ("将 ounces 和 abv 的单位去掉", [("ounces", "number"), ("abv", "number")]),
        ("abv: two decimals", [("abv", "decimals", "2")]),
        ("abv 保留两位小数；ounces 保留 1 位小数", [("abv", "decimals", "2"), ("ounces", "decimals", "1")]),
        ("abv: no % sign", [("abv", "no-percent")]),
        ("abv 去掉百分号", [("abv", "no-percent")]),
        ("abv: empty instead of N/A", [("abv", "empty", "N/A")]),
        ("abv 的 N/A 改为空", [("abv", "empty", "N/A")]),
        ("Replace “n/a, none” with empty in abv", [("abv", "empty", "n/a, none")]),
        ("state: upper case; city: title case", [("state", "upper"), ("city", "title")]),
        ("state 大写，city 首字母大写", [("state", "upper"), ("city", "title")]),
        ("city must not contain the state", [("city", "without-column", "state")]),
        ("city 不含 state", [("city", "without-column", "state")]),
        ("city 不含州名", [("city", "without-column")]),
        ("state: take it from city when it is there", [("state", "from-column", "city")]),
        ("state 缺失时从 city 中取", [("state", "from-column", "city")]),
        ("order date: YYYY/MM/DD", [("order date", "date", "yyyy/mm/dd")]),
        ("日期统一为“年月日”", [("日期", "date", "yyyy年m月d日")]),
        ("abv: total minutes as 'N min'", [("abv", "duration", "N min")]),
        ("把性别中的“男”改为“M”", [("性别", "replace", "男", "M")]),
        ("city: remove prefix \"City of\"", [("city", "remove-start", "City of")]),
        ("city 去掉后缀“市”", [("city", "remove-end", "市")]),
        ("trim extra spaces", [("*", "spaces")]),
        ("去掉多余的空格", [("*", "spaces")]),
        ("Don't touch abv", [("abv", "leave")]),
        ("不要改动 abv", [("abv", "leave")]),
        ("Change nothing else.", [("*", "nothing-else")]),
        ("不要改动其他内容。", [("*", "nothing-else")]),
        ("Only clean city and state", [("city", "nothing-else"), ("state", "nothing-else")]),
        ("只清洗 city 和 state 两列", [("city", "nothing-else"), ("state", "nothing-else")]),
        ("In city, remove the state", [("city", "without-column", "state")]),
        ("if state is missing, fill it from city", [("state", "from-column", "city")]),
        ("city 不要带 state", [("city", "without-column", "state")]),
        ('Replace "N/A" in abv with blank', [("abv", "empty", "N/A")]),
        ("把 abv 的“无”清空", [("abv", "empty", "无")]),
        ("city: title case and trim spaces everywhere", [("city", "title"), ("*", "spaces")]),
        ("请将所有的 N/A 改为空", [("*", "empty", "N/A")]),
        ("表格中的 N/A 改为空", [("*", "empty", "N/A")]),
        ("Please: empty instead of N/A", [("*", "empty", "N/A")]),
        ("Remarks: all columns: trim spaces", [("*", "spaces")]),
        ("abv: leave it as it is", [("abv", "leave")]),
        ("column A: number only", [("ounces", "number")]),
        ("A列只保留数字", [("ounces", "number")]),
        ("日期统一成 2024-03-05", [("日期", "date", "yyyy-mm-dd")]),
        ("日期改成2024年3月5日这种格式", [("日期", "date", "yyyy年m月d日")]),
        ("日期写成“2024/3/5”的样式", [("日期", "date", "yyyy/m/d")]),
        ("order date: written as 2024.03.05", [("order date", "date", "yyyy.mm.dd")]),
        ("不要动 city 和 state", [("city", "leave"), ("state", "leave")]),
        ("city、state 和日期都不要动", [("city", "leave"), ("state", "leave"), ("日期", "leave")]),
        ("请勿修改日期列", [("日期", "leave")]),
        ("日期不用修改，abv 只保留数字", [("日期", "leave"), ("abv", "number")]),
        ("ounces 只要数字，不要￥和元", [("ounces", "number")]),
        ("ounces 去掉人民币符号", [("ounces", "number")]),
        ("abv 保留两位小数，其余按规则清洗", [("abv", "decimals", "2")]),
        ("Please clean the table.", []),
    ],
)  # fmt: skip
def test_plain_wordings_are_read(instruction: str, expected: list[tuple[str, ...]]) -> None:
    assert wishes(instruction) == expected


@pytest.mark.parametrize(
    ("instruction", "left"),
    [
        ("make it look professional", ("make it look professional",)),
        ("state: two-letter code, upper case", ("state: two-letter code",)),
        ("Do not remove the unit of ounces", ("Do not remove the unit of ounces",)),
        ("不要去掉 ounces 的单位", ("不要去掉 ounces 的单位",)),
        ("price: number only", ("price: number only",)),
        ("abv: 99 decimals", ("abv: 99 decimals",)),
        ("upper case", ("upper case",)),
        ("city: upper case, 不要改动电话", ("city: 不要改动电话",)),
        ("remove the prefix of Mr Name", ("remove the prefix of Mr Name",)),
        ("abv 不要保留两位小数", ("abv 不要保留两位小数",)),
        ("ounces 不用去掉单位", ("ounces 不用去掉单位",)),
        ("日期 2024/3/6 改成 2024-03-06", ("日期 2024/3/6 改成 2024-03-06",)),
        ("wieght: empty instead of N/A, empty instead of -", ("wieght: empty instead of N/A", "empty instead of -")),
        ("Remarks: trim spaces", ("Remarks: trim spaces",)),
        ("备注 的 N/A 改为空", ("备注 的 N/A 改为空",)),
        ("备注的 N/A 改为空", ("备注的 N/A 改为空",)),
    ],
)
def test_what_is_not_plain_is_left_as_it_was_written(instruction: str, left: tuple[str, ...]) -> None:
    reading = read(instruction)
    assert reading.left == left
    assert all(wish.choice.kind == "upper" for wish in reading.wishes)


def test_a_name_or_a_quoted_word_is_never_taken_for_what_is_asked() -> None:
    assert wishes("empty: upper case", empty=["a"]) == [("empty", "upper")]
    assert wishes("city: remove prefix \"digits only\"") == [("city", "remove-start", "digits only")]  # fmt: skip


def test_an_instruction_of_nothing_asks_for_nothing() -> None:
    assert read(" \n ; 。") == Reading((), ())
