"""Real replies of four small models to cleaning questions: what would change a value is dropped, what is right kept."""

from __future__ import annotations

import json
import unicodedata
from contextlib import closing
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from services.llm.prompts import Prompts
from services.tasks.clean.meaning.asking import ask_for_meanings
from services.tasks.clean.meaning.open_values import OpenValue
from services.tasks.clean.meaning.verifying import Kind, name_key
from services.tasks.clean.rule import Proposal
from services.tasks.clean.rules.meanings import RULE
from services.tasks.clean.table import Table
from services.workbook.grid import Grid, Scalar
from tests.asking import model_at
from tests.endpoint import answering, saying, scripted
from tests.tasks.clean.speaking import meaning

KINDS: dict[str, Kind] = {"date": "date", "phone": "phone", "company": "name", "amount": "number"}
KEPT = {
    "local-0.5b.clean_en": (3, 2),
    "local-0.5b.clean_zh": (5, 2),
    "local-0.5b.noop": (0, 0),
    "local-1.5b.clean_en": (6, 5),
    "local-1.5b.clean_zh": (7, 3),
    "local-1.5b.clean_zh_single": (8, 4),
    "local-1.5b.noop": (0, 0),
    "local-gemma.clean_en": (0, 0),
    "local-gemma.clean_zh": (0, 0),
    "local-gemma.noop": (0, 0),
    "local-smollm2.clean_en": (0, 0),
    "local-smollm2.clean_zh": (0, 0),
    "local-smollm2.noop": (0, 0),
}
"""How many answers of each recording are kept as safe, and for review; the others are wrong or change nothing."""


def replies(samples: Path, name: str) -> list[dict[str, Any]]:
    return list(json.loads((samples / "model-replies" / f"{name}.json").read_text("utf-8"))["detail"])


def proposed(asked: list[dict[str, Any]]) -> dict[str, Proposal]:
    """What becomes of the recorded answers, each given for its cell."""
    said = {one["raw"]: str(one["got"] or "") for one in asked}
    found: dict[str, Proposal] = {}
    for kind in dict.fromkeys(one["type"] for one in asked):
        cells: list[Scalar] = [one["raw"] for one in asked if one["type"] == kind]
        table = Table(Grid((cells,), (kind,)), False, "en")
        values = [OpenValue(kind, str(cell), KINDS[kind], 1) for cell in cells]

        with (
            scripted(answering(lambda item: meaning(said[item["cell"]]))) as endpoint,
            closing(model_at(endpoint)) as model,
        ):
            result = ask_for_meanings(model, Prompts().load("clean-values", "en"), values, table)
        for step in result.steps:
            for cell, finding in RULE.run(step, table).values.items():
                assert isinstance(finding, Proposal)
                found[str(cell)] = finding
    return found


def same(kind: str, after: str, gold: str) -> bool:
    """Whether two texts are the same value; their form is another matter."""
    if kind == "company":
        return name_key(after) == name_key(gold)
    if kind == "phone":
        return [*filter(str.isdigit, unicodedata.normalize("NFKC", after))] == [*filter(str.isdigit, gold)]
    if kind == "amount":
        try:
            return Decimal(after) == Decimal(gold)
        except InvalidOperation:
            return False
    return after == gold


@pytest.mark.parametrize("name", KEPT)
def test_no_answer_that_changes_a_value_is_kept_and_right_ones_are(samples: Path, name: str) -> None:
    asked = replies(samples, name)
    found = proposed(asked)
    for one in asked:
        proposal = found.get(one["raw"])
        if proposal is not None:
            golds = [gold.removeprefix("86") for gold in one["gold"]]
            after = str(proposal.after)
            assert any(same(one["type"], after.removeprefix("+86"), gold) for gold in golds), (one, proposal)
        elif one["ok"]:
            assert one["got"] == one["raw"], one
    safe = sum(proposal.safe for proposal in found.values())
    print(f"\n{name}: answers {len(asked)}, right {sum(one['ok'] for one in asked)}, safe {safe} of {len(found)} kept")
    assert (safe, len(found) - safe) == KEPT[name]


@pytest.mark.parametrize("name", [name for name in KEPT if name != "local-1.5b.clean_zh_single"])
def test_a_recorded_reply_that_comes_back_word_for_word_changes_nothing(samples: Path, name: str) -> None:
    recorded = json.loads((samples / "model-replies" / f"{name}.json").read_text("utf-8"))
    cells = [one["raw"] for one in recorded["detail"]]
    values = [
        OpenValue("Cell", cell, KINDS[one["type"]], 1) for cell, one in zip(cells, recorded["detail"], strict=True)
    ]
    table = Table(Grid((list(cells),), ("Cell",)), False, "en")
    with scripted(saying(recorded["raw"])) as endpoint, closing(model_at(endpoint)) as model:
        result = ask_for_meanings(model, Prompts().load("clean-values", "en"), values, table)

    assert len(endpoint.requests) > 1
    assert [finding for step in result.steps for finding in RULE.run(step, table).values.values()] == []


def test_the_recordings_are_those_that_are_counted(samples: Path) -> None:
    folder = samples / "model-replies"
    files = [*folder.glob("*clean_*.json"), *folder.glob("*noop.json")]
    assert {file.stem for file in files} == {*KEPT}
