"""How often a model is called for a large table with few odd values, by the real command line over a real socket."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from tests.endpoint import answering, scripted

ROWS = 10_000
EACH = 50
"""Odd values of each of four kinds."""
MOST_CALLS = 8

Command = Callable[..., dict[str, Any]]


def columns() -> dict[str, tuple[list[str], list[str]]]:
    """Titles with the values that are in order, and with those that are odd."""
    return {
        "Day": (
            [f"2024-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)],
            [f"the {1 + number % 28}th of March, in {1950 + number}" for number in range(EACH)],
        ),
        "Price": (
            [f"{number}.25" for number in range(900)],
            [f"{number + 1} (est.)" for number in range(EACH)],
        ),
        "Length": (
            [f"{number} min" for number in range(60, 180)],
            [f"{number} or so min." for number in range(60, 60 + EACH)],
        ),
        "Phone": (
            [f"+44 20 7946 {number:04d}" for number in range(1000)],
            [f"ring 020 7946 {number:04d} after six" for number in range(5000, 5000 + EACH)],
        ),
    }


def table(path: Path) -> Path:
    """The rows, the odd values among them one by one."""
    known = columns()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["No", *known])
        for row in range(ROWS):
            place, is_odd = row // 7, row % 7 == 0 and row // 7 < EACH
            writer.writerow(
                [row + 1, *(odd[place] if is_odd else good[row % len(good)] for good, odd in known.values())]
            )
    return path


def notes(path: Path) -> Path:
    """Rows with a text each, of which two hundred are different."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["No", "Note"])
        writer.writerows((row + 1, f"parcel {row % 200} is to be sent to Leeds before noon") for row in range(ROWS))
    return path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line to its good end; gives what it says as JSON."""
    monkeypatch.setenv("DESKHAND_LANGUAGE", "en")
    monkeypatch.setenv("DESKHAND_MODEL", "scripted-1")

    def run(*words: object) -> dict[str, Any]:
        with pytest.raises(SystemExit) as leaving:
            main([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        assert not leaving.value.code, err
        return dict(json.loads(out))

    return run


def test_two_hundred_odd_values_in_ten_thousand_rows_take_eight_calls_and_none_again(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = table(tmp_path / "orders.csv")
    odd = {value for _, values in columns().values() for value in values}
    with scripted(answering(lambda item: {"certain": False, "value": ""})) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        command("clean", source, "-o", tmp_path / "one.csv", "--region", "GB")
        first = len(endpoint.requests)
        asked = Counter(item["cell"] for item in endpoint.asked)
        command("clean", source, "-o", tmp_path / "two.csv", "--region", "GB")
        second = len(endpoint.requests) - first

    assert {cell: asked[cell] for cell in odd} == dict.fromkeys(odd, 1)
    print(f"\nclean: {ROWS} rows, {len(odd)} odd values: calls {first}, second run {second}")
    assert first <= MOST_CALLS
    assert second == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--prompt", "Where does {Note} go?", "--into", "Where to"),
        ("--template", "classify", "--choices", "Parcel,Letter", "--into", "Kind"),
        ("--template", "translate", "--set", "target=German", "--columns", "Note"),
    ],
    ids=["prompt", "classify", "translate"],
)
def test_two_hundred_different_texts_in_ten_thousand_rows_take_eight_calls_and_none_again(
    words: Sequence[str], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = notes(tmp_path / "notes.csv")
    with scripted(answering(lambda item: {"value": "Parcel", "translation": "Paket"})) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        document = command("fill", source, *words, "-o", tmp_path / "one.csv", "--apply", "all")
        first = len(endpoint.requests)
        items = len(endpoint.asked)
        command("fill", source, *words, "-o", tmp_path / "two.csv", "--apply", "all")
        second = len(endpoint.requests) - first

    print(f"\nfill {words[1]}: {ROWS} rows, 200 different texts: calls {first}, second run {second}")
    assert (document["gaps"], items) == (0, 200)
    assert first <= MOST_CALLS
    assert second == 0
