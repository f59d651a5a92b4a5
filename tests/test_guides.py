"""The guides say the same in both languages, in the words that the add-in and the commands use."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from services.cli import deskhand
from services.messages import Language, _texts

PROJECT = Path(__file__).resolve().parent.parent
RIBBON = PROJECT / "office_macros" / "ribbon" / "excel.xml"
PREFIX = {"en": "DhEn", "zh": "DhZh"}
QUOTED_MESSAGES = 7
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def guide(language: Language) -> str:
    return (PROJECT / "docs" / f"guide.{language}.md").read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, heads and rules left out."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return [
        cells
        for place, cells in enumerate(lines)
        if not set(cells[0]) <= set("-") and not (place + 1 < len(lines) and set(lines[place + 1][0]) <= set("-"))
    ]


def ribbon_labels(language: Language, kind: str) -> list[str]:
    return [
        node.get("label", "")
        for node in ElementTree.parse(RIBBON).iter()
        if node.tag.endswith(f"}}{kind}")
        and (node.get("id") or "").startswith((PREFIX[language], "DhTab" + PREFIX[language][2:]))
    ]


def test_both_guides_have_the_same_sections_lists_and_rows() -> None:
    shapes = [
        [
            re.match(r"#+ |\d+\. |- |\||$", line)[0]
            for line in guide(language).splitlines()
            if re.match(r"#+ |\d+\. |- |\|", line)
        ]
        for language in LANGUAGES
    ]

    assert shapes[0] == shapes[1]
    assert shapes[0].count("## ") == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_are_those_of_the_ribbon_in_its_order(language: Language) -> None:
    named = [re.fullmatch(r"\*\*(.+)\*\*", cells[0]) for cells in rows(guide(language))]

    assert [name[1] for name in named if name] == ribbon_labels(language, "button")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tab_is_called_as_on_the_ribbon(language: Language) -> None:
    (label,) = ribbon_labels(language, "tab")

    assert f"**{label}**" in guide(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_messages_that_are_explained_are_those_of_the_add_in(language: Language) -> None:
    said = [text.strip() for key, text in _texts(language).items() if key.startswith("macro.error.")]
    explained = [cells[0] for cells in rows(guide(language)) if any(text.startswith(cells[0]) for text in said)]

    assert len(explained) == QUOTED_MESSAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_verdicts_are_those_of_the_list(language: Language) -> None:
    text = guide(language).casefold()

    for verdict in ("safe", "review", "flag"):
        assert f"*{_texts(language)[f'macro.verdict.{verdict}']}*" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_in_a_guide_exists_with_its_options(language: Language) -> None:
    group = deskhand("en")
    mentioned = re.findall(r'deskhand"? ([a-z]+)((?: --[a-z-]+)*)', guide(language))

    assert {name for name, _ in mentioned} >= {"install", "uninstall", "doctor", "serve", "clean"}
    for name, options in mentioned:
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None, name
        known = {word for parameter in command.params for word in parameter.opts}
        assert set(options.split()) <= known, (name, options)
