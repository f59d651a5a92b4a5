"""Reading replies: JSON in whatever stands round it, answers by their ids, and the replies of real small models."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from services.llm.question import Unanswered
from services.llm.replies import Matched, Reply, answers_in, matched, reply_in

TWO = [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]


@pytest.mark.parametrize(
    "content",
    [
        '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}',
        '{"answers": [{"id": 1, "value": "A"}, {"id": 2.0, "value": "B"}]}',
        '```json\n{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}\n```',
        'Sure! Here it is:\n\n{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}\n\nAnything else?',
        '<think>Is it {"answers": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}?</think>'
        '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}',
        'so {"answers": []} then</think>\n{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}',
        '[{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]',
        '{"items": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}',
        '{"answers": {"1": {"value": "A"}, "2": {"value": "B"}}}',
        '{"1": {"value": "A"}, "2": {"value": "B"}}',
        '{"id": "1", "value": "A"}\n{"id": "2", "value": "B"}\n',
        '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"},]}',
        '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}, {"id": "3", "val',
        'The form is {"answers": [{"id": "1", ...}]}, so: {"answers": [{"id": "1", "value": "A"},'
        ' {"id": "2", "value": "B"}]}',
        'First try: {"answers": [{"id": "1", "value": "x"}]}. Better: '
        '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}',
    ],
)
def test_the_answers_are_found_in(content: str) -> None:
    assert answers_in(content) == TWO


@pytest.mark.parametrize(
    "content", ["", "no", "{", '{"answers": "none"}', '{"answers": [1, null, {"value": "A"}]}', "[[[["]
)
def test_there_are_no_answers_in(content: str) -> None:
    assert answers_in(content) == []


def test_a_line_break_in_a_text_is_no_end_of_it() -> None:
    assert answers_in('{"answers": [{"id": "1", "value": "a\nb"}]}') == [{"id": "1", "value": "a\nb"}]


def test_brackets_without_end_are_read_in_no_time() -> None:
    assert answers_in("[" * 200_000) == []
    assert answers_in('{"a":' * 50_000) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ANSWERS = st.lists(
    st.dictionaries(st.sampled_from(["value", "note", "parts"]), VALUES, min_size=1), min_size=1, max_size=6
).map(lambda found: [{"id": str(number), **answer} for number, answer in enumerate(found, 1)])
CHATTER = st.text(st.characters(exclude_characters="{}[]<>"), max_size=60)


@given(ANSWERS, CHATTER, CHATTER, st.booleans(), st.booleans())
def test_answers_are_read_as_they_were_written_whatever_is_said_round_them(
    answers: list[dict[str, Any]], before: str, after: str, fenced: bool, escaped: bool
) -> None:
    text = json.dumps({"answers": answers}, ensure_ascii=escaped, indent=2 if fenced else None)
    content = f"{before}\n```json\n{text}\n```\n{after}" if fenced else f"{before}{text}{after}"

    assert answers_in(content) == answers


@given(ANSWERS, st.data())
def test_of_a_reply_that_ends_too_early_only_whole_answers_are_read(
    answers: list[dict[str, Any]], data: st.DataObject
) -> None:
    flat = [{key: value for key, value in answer.items() if isinstance(value, (str, int))} for answer in answers]
    text = json.dumps({"answers": flat})
    cut = text[: data.draw(st.integers(0, len(text) - 1))]

    found = answers_in(cut)

    assert found == flat[: len(found)]


@given(st.text())
def test_no_text_at_all_is_too_odd_to_be_read(content: str) -> None:
    assert isinstance(answers_in(content), list)


@pytest.mark.parametrize(
    "content",
    [
        "<think>" * 200_000,
        "<think>a</think>" * 100_000,
        "[" * 200_000,
        "[1," * 200_000,
        "[" * 900 + "1," * 500_000,
        "[" * 900 + '"' + "a" * 2_000_000,
        '{"answers":' * 900 + '[{"id": "1"}]' + "}" * 900,
        '{"answers": [{"id": "1", "value": ' + "[" * 900 + "]" * 900 + "}]}",
        ("[" + "9" * 5_000) * 200,
        '{"id":' * 200_000,
    ],
    ids=lambda content: content[:12],
)
def test_a_reply_that_is_made_to_keep_us_busy_does_not(content: str) -> None:
    begun = time.perf_counter()

    assert answers_in(content) == []
    assert time.perf_counter() - begun < 5


def test_thoughts_are_left_out_wherever_they_stand() -> None:
    answers = '{"answers": [{"id": "1", "value": "A"}, {"id": "2", "value": "B"}]}'
    other = '{"answers": [{"id": "1", "value": "x"}, {"id": "2", "value": "x"}, {"id": "3", "value": "x"}]}'

    assert answers_in(f"{answers}<think>{other}</think>") == TWO
    assert answers_in(f"<THINK>{other}</think>{answers}") == TWO
    assert answers_in(f"<think>{other}<think>{other}</think>{answers}<thinking>{other}</thinking>") == TWO
    assert answers_in(f"{other}</reasoning>{answers}") == TWO
    assert answers_in(f"<think>{other}</thinking>{answers}") == TWO


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: str


def test_each_id_has_its_answer_or_its_reason() -> None:
    answers = [
        {"id": "1", "value": "A"},
        {"id": "2", "value": 2},
        {"id": "3", "value": "C"},
        {"id": "3", "value": "c"},
        {"id": "5", "value": "E"},
        {"id": "5", "value": "E"},
        {"id": "99", "value": "X"},
    ]

    assert matched(answers, ["1", "2", "3", "4", "5"], Value) == Matched(
        values={"1": Value(value="A"), "5": Value(value="E")},
        unanswered={
            "2": Unanswered("invalid", "value: Input should be a valid string"),
            "3": Unanswered("invalid", '[{"value": "C"}, {"value": "c"}]'),
            "4": Unanswered("missing"),
        },
        extra=1,
    )


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        ({}, Reply("")),
        ({"choices": []}, Reply("")),
        ({"choices": [None], "usage": None}, Reply("")),
        ({"choices": [{"message": {"content": None}, "finish_reason": None}]}, Reply("")),
        (
            {"choices": [{"message": {"content": "a", "reasoning_content": "hm"}, "finish_reason": "length"}]},
            Reply("a", "length"),
        ),
        ({"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"type": "x"}]}}]}, Reply("a")),
        ({"choices": [{"message": {"content": "", "refusal": "No."}}]}, Reply("", "", "No.")),
        (
            {"choices": [{"message": {"tool_calls": [{"function": {"arguments": {"answers": []}}}]}}]},
            Reply('{"answers": []}'),
        ),
        (
            {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 7.0}},
            Reply("", tokens_in=None, tokens_out=7),
        ),
        ({"usage": {"prompt_tokens": float("inf"), "completion_tokens": 10**30}}, Reply("")),
        ({"usage": {"prompt_tokens": float("nan"), "completion_tokens": -5}}, Reply("")),
    ],
)
def test_a_reply_is_read_whatever_is_missing(body: dict[str, Any], reply: Reply) -> None:
    assert reply_in(body) == reply


class Cleaned(BaseModel):
    value: str


def recorded(samples: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    folder = samples / "model-replies"
    if not folder.is_dir():
        pytest.skip("the recorded replies of models are not among the samples")
    found = [(file.name, json.loads(file.read_text("utf-8"))) for file in sorted(folder.glob(f"*.{kind}.json"))]
    return [(name, reply) for name, reply in found if "raw" in reply]


@pytest.mark.parametrize("kind", ["clean_zh", "clean_en"])
def test_recorded_replies_of_small_models_are_matched_by_their_ids(samples: Path, kind: str) -> None:
    replies = recorded(samples, kind)

    assert len(replies) >= 3
    for name, reply in replies:
        ids = [str(item["id"]) for item in json.loads(reply["messages"][-1]["content"])]
        found = matched(answers_in(reply["raw"]), ids, Cleaned)
        said = {str(item["id"]): item["value"] for item in reply["json"]["items"]}
        twice = {number for number in ids if [str(i["id"]) for i in reply["json"]["items"]].count(number) > 1}
        assert found.values.keys() | found.unanswered.keys() == set(ids), name
        assert {number: answer.value for number, answer in found.values.items() if number not in twice} == {
            number: said[number] for number in ids if number in said and number not in twice
        }, name


def test_recorded_replies_that_ran_on_until_they_were_cut_off_are_noticed(samples: Path) -> None:
    broken = [(name, reply) for name, reply in recorded(samples, "*") if "json_error" in reply]

    assert broken
    for name, reply in broken:
        body = {"choices": [{"message": {"content": reply["raw"]}, "finish_reason": reply["finish"]}]}
        assert reply_in(body).is_cut_off, name
        assert isinstance(answers_in(reply["raw"]), list), name
