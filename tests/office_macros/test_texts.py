"""What the macros say: every text that a module names exists, with as many gaps as are filled, and none is idle."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pyopenvba.apps.excel import ExcelApplication

from office_macros.build import PROJECT, modules
from office_macros.building.texts import LINE_LIMIT, expressions, read_texts, texts_module

MESSAGES = PROJECT / "templates" / "messages"


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, str]]:
    return read_texts(MESSAGES)


def said(sources: dict[str, str]) -> list[tuple[str, int]]:
    """Each DhSay of a fixed key: the key, and how many gaps it fills."""
    found = []
    for source in sources.values():
        for match in re.finditer(r'DhSay\("([a-z_.]+)"', source):
            depth, arguments, quoted = 0, 0, False
            for character in source[match.end() :]:
                if character == '"':
                    quoted = not quoted
                elif quoted:
                    continue
                elif character == "(":
                    depth += 1
                elif character == ")":
                    if depth == 0:
                        break
                    depth -= 1
                elif character == "," and depth == 0:
                    arguments += 1
            found.append((match[1], arguments))
    return found


def own_sources() -> dict[str, str]:
    return {name: source for name, source in modules().items() if name != "DhTexts"}


def test_every_text_that_a_module_says_exists_and_has_as_many_gaps_as_it_fills(
    texts: dict[str, dict[str, str]],
) -> None:
    told = said(own_sources())

    assert len(told) > 50, "no DhSay was found: has its form changed?"
    for key, filled in told:
        if key.endswith((".", "_")):
            continue
        gaps = set(re.findall(r"\{([a-d])\}", texts["en"][key]))
        assert gaps == set("abcd"[:filled]), f"{key} has the gaps {sorted(gaps)}, and {filled} are filled"


def test_no_text_is_idle(texts: dict[str, dict[str, str]]) -> None:
    sources = "\n".join(own_sources().values())
    named = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', sources))
    begun = tuple(re.findall(r'"([a-z_]+\.)" &', sources))
    ended = tuple(re.findall(r'& "(\.[a-z_]+)"', sources))

    assert [
        key for key in texts["en"] if key not in named and not key.startswith(begun) and not key.endswith(ended)
    ] == []


def test_states_and_verdicts_are_the_words_of_the_report(texts: dict[str, dict[str, str]]) -> None:
    for language, said_ in texts.items():
        report = tomllib.loads((MESSAGES / f"{language}.toml").read_text("utf-8"))["report"]
        assert said_["state.applied"] == report["state"]["applied"]
        assert [said_[f"verdict.{name}"] for name in ("safe", "review", "flag")] == [
            report["verdict"][name] for name in ("safe", "review", "flag")
        ]


def test_every_text_comes_out_of_the_generated_module_as_it_went_in(texts: dict[str, dict[str, str]]) -> None:
    excel = ExcelApplication()
    excel.add_workbook()
    excel.add_module(texts_module(texts, "1.2.3"), name="DhTexts")

    assert {
        language: {key: excel.run("DhText", key, language) for key in known} for language, known in texts.items()
    } == texts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ['""']),
        ("plain", ['"plain"']),
        ('say "no"', ['"say ""no"""']),
        ("a\nb", ['"a" & vbLf & "b"']),
        ("清洗 ok", ['ChrW(28165) & ChrW(27927) & " ok"']),
        ("😀", ["ChrW(55357) & ChrW(56832)"]),
        ("é", ["ChrW(233)"]),
    ],
)
def test_a_text_becomes_an_expression(text: str, wanted: list[str]) -> None:
    assert list(expressions(text)) == wanted


@pytest.mark.parametrize("text", ["清" * 500, "x" * 5000, '"' * 3000, "清x" * 700])
def test_a_long_text_becomes_several_short_expressions(text: str) -> None:
    parts = list(expressions(text))
    excel = ExcelApplication()
    excel.add_workbook()
    lines = "\n".join(f"    s = s & {part}" for part in parts)
    excel.add_module(f"Function T() As String\n    Dim s As String\n{lines}\n    T = s\nEnd Function\n", name="M")

    assert len(parts) > 1
    assert max(map(len, parts)) < LINE_LIMIT
    assert excel.run("T") == text


@pytest.mark.parametrize(
    ("english", "chinese", "said_"),
    [
        ('[macro.a]\nx = "X"\ny = "Y"', '[macro.a]\nx = "X"', "a.y"),
        ('[macro]\nx = "X"', '[macro]\nx = "X"', "x stands outside"),
        ('[macro.a]\n"x y" = "X"', '[macro.a]\n"x y" = "X"', "a.x y is not a key"),
        ('macro = "X"', 'macro = "X"', "en.toml"),
    ],
)
def test_texts_that_do_not_fit_stop_the_build(tmp_path: Path, english: str, chinese: str, said_: str) -> None:
    (tmp_path / "en.toml").write_text(english, "utf-8")
    (tmp_path / "zh.toml").write_text(chinese, "utf-8")

    with pytest.raises(ValueError, match=said_):
        read_texts(tmp_path)
