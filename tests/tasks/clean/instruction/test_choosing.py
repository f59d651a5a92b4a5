"""What a model makes of phrases that rules did not understand: what the vocabulary, the table and the words allow."""

from __future__ import annotations

from typing import Any

import pytest

from services.llm.prompts import Prompts
from services.tasks.clean.instruction.choices import Choice, fitting
from services.tasks.clean.instruction.choosing import Heard, ask_for_choices
from services.tasks.clean.instruction.lexicon import read_instruction
from services.tasks.clean.table import Table
from services.workbook.grid import Grid
from tests.tasks.clean.speaking import Speaking

TABLE = Table(Grid((["12 kg"] * 30, ["a", "b", "c"] * 10), ("Weight", "Note")), False, "en")


def choice(column: str, kind: str, text: str = "", other: str = "") -> dict[str, Any]:
    return {"column": column, "kind": kind, "text": text, "other": other}


def heard(instruction: str, *choices: dict[str, Any], model: Speaking | None = None) -> Heard:
    speaking = model or Speaking(lambda _: {"choices": list(choices)})
    reading = read_instruction(instruction, TABLE)
    prompt = Prompts().load("clean-instruction", "en")
    return ask_for_choices(speaking, prompt, instruction, reading.left, reading.wishes, TABLE)


def test_a_choice_that_fits_becomes_a_wish_of_the_models() -> None:
    found = heard("make the Weight a bare figure", choice("weight", "number"))
    assert [(wish.choice, wish.by) for wish in found.wishes] == [(Choice(column="Weight", kind="number"), "model")]
    assert (found.left, found.impossible, found.answered) == ((), (), 1)


@pytest.mark.parametrize(
    "wrong",
    [
        choice("Price", "number"),
        choice("*", "upper"),
        choice("Weight", "decimals", "many"),
        choice("Weight", "decimals", "99"),
        choice("Weight", "duration", "soon"),
        choice("Weight", "date", "yesterday"),
        choice("Weight", "empty"),
        choice("Weight", "without-column", other="Price"),
        choice("Weight", "from-column"),
        choice("Note", "from-column", other="Note"),
        choice("Note", "empty", "a"),
        choice("Note", "replace", "b", "deleted"),
        choice("Note", "remove-part", "c"),
    ],
)
def test_what_cannot_be_or_was_never_said_is_dropped_and_told(wrong: dict[str, Any]) -> None:
    found = heard("MAKE IT NICER", wrong)
    assert (found.wishes, found.left) == ((), ("MAKE IT NICER",))
    assert [one.model_dump() for one in found.impossible] == [wrong]


def test_a_phrase_about_one_column_changes_no_other() -> None:
    found = heard("the Note ought to look tidy", choice("Weight", "number"))
    assert (found.wishes, len(found.impossible)) == ((), 1)


def test_damage_is_restored_wherever_it_is() -> None:
    found = heard("MEND IT", choice("Note", "restore"))
    assert [wish.choice.column for wish in found.wishes] == ["*"]


def test_a_kind_outside_the_vocabulary_is_no_answer_at_all() -> None:
    found = heard("make it nicer", choice("Note", "delete-column"))
    assert (found.wishes, found.left, found.answered) == ((), ("make it nicer",), 0)
    assert found.unanswered is not None
    assert found.unanswered.why == "invalid"


def test_what_was_read_in_plain_words_comes_first() -> None:
    found = heard("Note: upper case, in our house style", choice("Note", "lower"))
    assert found.wishes == ()


def test_only_phrases_that_were_not_understood_are_asked_about_with_a_few_values() -> None:
    model = Speaking(lambda _: {"choices": []})
    heard("Weight: number only; make Note nicer", model=model)
    ((item,),) = model.calls
    assert item == {
        "phrase": "make Note nicer",
        "columns": [
            {"name": "Weight"},
            {"name": "Note", "kinds": {"text": 30}, "values": ["a", "b", "c"]},
        ],
    }


def test_a_date_form_is_taken_in_any_usual_spelling() -> None:
    for said, form in (("ISO", "yyyy-mm-dd"), ("YYYY/MM/DD", "yyyy/mm/dd"), ("年月日", "yyyy年m月d日")):
        fit = fitting(Choice(column="Note", kind="date", text=said), TABLE)
        assert fit is not None
        assert fit.text == form


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_explains_every_kind_and_its_examples_fit(language: Any) -> None:
    prompt = Prompts().load("clean-instruction", language)
    assert prompt.temperature == 0
    assert prompt.variables == {"instruction"}
    for kind in Choice.model_fields["kind"].annotation.__args__:  # type: ignore[union-attr]
        assert kind in prompt.body
    for _, answer in prompt.examples:
        for one in answer["choices"]:
            Choice.model_validate(one)
