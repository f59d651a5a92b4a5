"""Help pages and complaints about a command line speak the person's language throughout."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.orders import Deskhand

COMMANDS = ["clean", "undo", "jobs", "model", "demo", "install", "uninstall", "doctor", "serve"]


def test_a_help_page_in_chinese_has_chinese_headings(deskhand: Deskhand) -> None:
    code, out, err = deskhand("--language", "zh", "jobs", "--help")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "用法: deskhand jobs [OPTIONS] COMMAND [ARGS]...",
        "",
        "  查看 Deskhand 正在做和已经做完的任务（命令行和 Excel 的都在内）；停止任务，或继续任务。",
        "",
        "选项:",
        "  --language [zh|en]  消息和报告的语言（默认跟随系统）。",
        "  -h, --help          显示本页后退出。",
        "",
        "命令:",
        "  cancel  停止一个任务，无论它在哪里运行。不会写入任何内容。",
        "  list    列出最近的任务。",
        "  resume  继续失败、已停止、中断或有留空的任务；已完成的部分不会重做，也不会重复计费。",
        "  show    查看一个任务：进度、结果、失败原因。",
    ]


@pytest.mark.parametrize(
    "words",
    [
        [],
        *([name] for name in COMMANDS),
        *(["jobs", name] for name in ("list", "show", "cancel", "resume")),
        *(["model", name] for name in ("show", "set", "test", "log", "forget")),
    ],
    ids=" ".join,
)
def test_no_help_page_in_chinese_keeps_english_words_of_its_own(deskhand: Deskhand, words: list[str]) -> None:
    _, out, _ = deskhand("--language", "zh", *words, "-h")

    assert [word for word in ("Usage", "Options", "Commands", "Show this") if word in out] == []
    assert "-h, --help" in out


@pytest.mark.parametrize(
    ("words", "english", "chinese", "page"),
    [
        (["clan"], "There is no clan.", "没有 clan。", "--help"),
        (
            ["jobs", "--jsn"],
            "There is no --jsn.",
            "没有 --jsn。",
            "jobs --help",
        ),
        (
            ["clean", "a.csv", "--aply", "all"],
            "There is no --aply. Is it one of these: --apply?",
            "没有 --aply。是不是：--apply？",
            "clean --help",
        ),
        (["clean"], "INPUT is missing.", "缺少 INPUT。", "clean --help"),
        (
            ["clean", "a.csv", "--apply", "some"],
            "--apply can only be one of these: safe, all, none.",
            "--apply 只能是其中之一：safe, all, none。",
            "clean --help",
        ),
        (
            ["clean", "my", "orders.csv"],
            "This is too much: orders.csv. A name with spaces needs quotes.",
            "多出了：orders.csv。名称中有空格时请加引号。",
            "clean --help",
        ),
        (
            ["jobs", "list", "--limit", "many"],
            "--limit has to be a whole number from 1 to 10000.",
            "--limit 应为 1 到 10000 之间的整数。",
            "jobs list --help",
        ),
        (["serve", "--port", "x"], "--port has to be a whole number.", "--port 应为整数。", "serve --help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_line_that_cannot_be_understood_is_explained(
    deskhand: Deskhand, words: list[str], english: str, chinese: str, page: str
) -> None:
    assert deskhand(*words) == (2, "", f"{english}\nHow it is written:  deskhand {page}\n")
    assert deskhand(*words, "--language", "zh") == (2, "", f"{chinese}\n写法见：deskhand {page}\n")


def test_an_option_without_its_value_is_explained(deskhand: Deskhand) -> None:
    code, _, err = deskhand("jobs", "list", "--limit")

    assert (code, err.splitlines()[0]) == (2, "After --limit a value is missing.")


def test_what_an_option_of_a_task_can_be_is_said_in_chinese(deskhand: Deskhand, orders: Path) -> None:
    code, _, err = deskhand("clean", orders, "--remove-rows", "blank", "--language", "zh")
    assert (code, err.splitlines()[0]) == (1, "--remove-rows 不能是 blank：可以是 empty, duplicate, total, header。")

    code, _, err = deskhand("clean", orders, "--region", "XX", "--language", "zh")
    assert (code, err.splitlines()[0]) == (1, "--region 不能是 XX：应为国家的两个字母，如 CN、GB 或 US。")


def test_a_workbook_without_a_table_is_not_called_clean(deskhand: Deskhand, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "empty.xlsx") as workbook:
        workbook.add_worksheet()

    code, out, _ = deskhand("clean", tmp_path / "empty.xlsx")

    assert (code, out.splitlines()[0]) == (
        0,
        "No table was found in empty.xlsx, so nothing was looked at. "
        "If it holds one, name its cells with --sheet and --range.",
    )
