"""The templates: those that Deskhand brings, in both languages alike, and a person's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.errors import InputError
from services.llm.prompts import Prompts
from services.messages import Language
from services.tasks.fill.asking import answer_model
from services.tasks.fill.request import FillRequest
from services.tasks.fill.task import FILL
from services.tasks.fill.template import FREE, template, template_names, templates
from services.tasks.fill.wanted import variables_of, wanted_columns
from services.workbook.host import HostCells
from tests.tasks.fill.sheets import model, sheet, told
from tests.tasks.quiet import Quiet

OWN = """
title = "Shout"
sources = "text"
system = "You shout."
body = "Say the text of each item in capitals, {times} times."

[[column]]
key = "shouted"
title = "Shouted"
check = "none"

[[variable]]
name = "times"
"""


def test_both_languages_have_the_same_templates_alike() -> None:
    both = [{one.name: one for one in templates(Prompts(), language)} for language in ("en", "zh")]

    assert both[0].keys() == both[1].keys()
    for name, english in both[0].items():
        chinese = both[1][name]
        assert english.settings.rules == chinese.settings.rules
        assert english.settings.sources == chinese.settings.sources
        assert english.prompt.variables == chinese.prompt.variables
        assert [v.name for v in english.variables] == [v.name for v in chinese.variables]
        for one, other in zip(english.outputs, chinese.outputs, strict=True):
            assert one.model_dump(exclude={"title", "hint", "choices"}) == other.model_dump(
                exclude={"title", "hint", "choices"}
            )
            assert len(one.choices) == len(other.choices)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [*template_names(Prompts(), "en"), FREE])
def test_a_template_has_all_its_variables_and_its_examples_fit_its_answers(name: str, language: Language) -> None:
    one = template(name, Prompts(), language)
    request = FillRequest(template=name, choices=("A", "B"), into=("X",) if one.settings.open else ())
    variables, own = variables_of(request, one)
    columns = wanted_columns(request, one, own)

    one.prompt.filled({"choices": "- A", "instruction": "x", **variables})
    answer = answer_model([column for column in columns if column.changes_of is None])
    for _, said in one.prompt.examples:
        assert answer.model_validate(said).model_dump(exclude_none=True).keys() == said.keys()


def own_folder(tmp_path: Path, text: str = OWN) -> Prompts:
    (tmp_path / "fill").mkdir()
    (tmp_path / "fill" / "shout.toml").write_text(text, "utf-8")
    return Prompts(tmp_path)


def test_a_template_of_ones_own_comes_first_and_works(tmp_path: Path) -> None:
    prompts = own_folder(tmp_path)
    grid = sheet(("Text",), ["hello there"])

    assert template_names(prompts, "zh")[0] == "shout"
    with model(lambda item: {"shouted": item["text"].upper()}) as (asking, endpoint):
        request = FillRequest(template="shout", values=("times=3",))
        result = FILL.run(request, HostCells("Book1", (grid,)), Quiet(asking, prompts))
        with pytest.raises(InputError) as caught:
            FILL.run(FillRequest(template="shout"), HostCells("Book1", (grid,)), Quiet(asking, prompts))

    assert told(result) == [("B1", "Shouted", "safe"), ("B2", "HELLO THERE", "safe")]
    assert "in capitals, 3 times." in endpoint.requests[0].text
    assert caught.value.code == "fill-variable-missing"
    assert "--set times=VALUE" in caught.value.todo("en")


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('check = "none"', 'check = "never"', "column.0.check"),
        ('sources = "text"', "", ""),
        ('title = "Shout"\n', "", "title"),
        ('key = "shouted"', 'key = "Shouted!"', "column.0.key"),
    ],
)
def test_a_template_that_is_not_right_is_told_with_the_key(tmp_path: Path, before: str, after: str, where: str) -> None:
    prompts = own_folder(tmp_path, OWN.replace(before, after, 1))
    if not where:
        assert template("shout", prompts, "en").settings.sources == "texts"
        return
    with pytest.raises(InputError) as caught:
        template("shout", prompts, "en")

    assert caught.value.code == "fill-template-shape"
    assert caught.value.parameters["where"] == where


def test_a_person_may_name_tags_to_choose_from() -> None:
    grid = sheet(("Text",), ["The parcel was late and wet."])
    said: dict[str, Any] = {"tags": ["Late", "damage"]}
    with model(lambda item: said) as (asking, endpoint):
        request = FillRequest(template="tag", choices=("late，damage", "price"))
        result = FILL.run(request, HostCells("Book1", (grid,)), Quiet(asking, Prompts()))

    assert told(result)[1] == ("B2", "late, damage", "safe")
    assert "- late\n- damage\n- price" in endpoint.requests[0].text
