"""Words in a column of dates: a named day is proposed, what is relative or longer than a day is told."""

from __future__ import annotations

from services.tasks.clean.rule import Doubt, Proposal
from services.tasks.clean.rules.dates import RULE
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar

DATES: list[Scalar] = [f"2024-03-{day:02d}" for day in range(1, 21)]


def findings(*words: Scalar) -> dict[Scalar, object]:
    table = Table(Grid(([*DATES, *words],), header=("日期",)), typed=False, language="zh")
    found: dict[Scalar, object] = {}
    for step in RULE.propose(table):
        for text, finding in RULE.run(step, table).values.items():
            if isinstance(finding, Proposal):
                found[text] = (finding.after, finding.safe, finding.reason.code)
            elif isinstance(finding, Doubt):
                found[text] = finding.reason.code
    return found


def test_a_day_that_words_name_by_themselves_is_proposed_for_review() -> None:
    assert findings("2019年感恩节", "2024年春节") == {
        "2019年感恩节": ("2019-11-28", False, "dates.named"),
        "2024年春节": ("2024-02-10", False, "dates.named"),
    }


def test_words_that_depend_on_the_day_they_were_written_are_told() -> None:
    assert findings("去年3月3号", "17天后") == {"去年3月3号": "dates.relative", "17天后": "dates.relative"}


def test_what_is_longer_than_a_day_is_told() -> None:
    assert findings("2018年1－9月份", "2024年一季度") == {
        "2018年1－9月份": "dates.no_single_day",
        "2024年一季度": "dates.no_single_day",
    }


def test_words_that_name_no_day_are_told_and_a_word_for_no_value_is_left_to_its_own_rule() -> None:
    assert findings("已取消", "三天", "无") == {"已取消": "dates.not_read", "三天": "dates.not_read"}
