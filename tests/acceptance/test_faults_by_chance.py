"""Faults by chance among calls that run side by side: run again until nothing is open, and no answer is given twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from services.cli import main
from tests.acceptance.faults import CITIES, RIGHT, shown
from tests.endpoint import Played, Received, Step, cut_off, dropping, failing, saying, scripted, showing_html

ROWS = 400
FAULTS: tuple[Step, ...] = (
    saying(""),
    saying("no"),
    cut_off(RIGHT, 12),
    dropping(),
    dropping(after=60),
    failing(500, "oops"),
    failing(503, "overloaded", {"Retry-After": "0"}),
    failing(429, "Slow down", {"retry-after-ms": "5"}),
    showing_html(),
    lambda received: Played(raw='{"choices": []}'),
)


class ByChance:
    """A step that fails in some of its calls, and counts how often it has answered each item."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = Lock()
        self.answered = Counter[str]()

    def __call__(self, received: Received) -> Played:
        with self._lock:
            fault = self._chance.choice(FAULTS) if self._chance.random() < 0.4 else None
            if fault is None:
                self.answered.update(shown(item) for item in received.items)
        return (fault or RIGHT)(received)


@pytest.mark.parametrize("seed", range(4))
def test_each_item_is_answered_once_whatever_fails_meanwhile(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    surroundings = {"LANGUAGE": "en", "MODEL": "scripted-1", "CONCURRENCY": "8", "RETRIES": "0", "MAX_TOKENS": "400"}
    for name, value in surroundings.items():
        monkeypatch.setenv(f"DESKHAND_{name}", value)

    def run(*words: object) -> dict[str, Any]:
        with pytest.raises(SystemExit) as leaving:
            main([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        assert not leaving.value.code, err
        return dict(json.loads(out))

    notes = [f"parcel {number} goes to {CITIES[number % 5]} by van" for number in range(ROWS)]
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("\n".join(["Note", *notes, ""]), "utf-8")
    step, runs = ByChance(seed), 1
    with scripted(step) as endpoint:
        monkeypatch.setenv("DESKHAND_BASE_URL", endpoint.base_url)
        document = run("fill", source, "--prompt", "Where does {Note} go?", "--into", "City", "-o", output)
        while document["gaps"]:
            runs += 1
            assert runs < 50
            before = step.answered.total()
            document = run("jobs", "resume", document["job"])
            assert step.answered.total() >= before
        assert endpoint.busiest > 1

    print(f"\nseed {seed}: runs {runs}, calls {len(endpoint.requests)}, items {ROWS}, answered twice none")
    assert step.answered == Counter(notes)
    cities = [line.rpartition(",")[2] for line in output.read_text("utf-8").splitlines()[1:]]
    assert cities == [CITIES[number % 5] for number in range(ROWS)]
