"""Cleaning real tables with a real model: what is repaired and what is damaged, beside the same run by rules alone.

``python tests/benchmarks/bench_cleaning.py BASE_URL MODEL [TABLE ...]`` runs the command line on the sample tables with
the instruction of each, in English and in Chinese, and on copies of the clean tables in which slips and odd words were
planted, so that there is something to ask about. ``DESKHAND_SAMPLES`` names the folder of samples. Each answer is paid
once: with the same ``DESKHAND_FOLDER`` a second run asks nothing.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT))

from tests.acceptance.test_cleaning_figures import Rows, read, with_slips  # noqa: E402

SAMPLES = Path(os.environ.get("DESKHAND_SAMPLES", PROJECT.parent / "shared" / "samples"))
ODD_COLUMNS = {
    "hospital": ("Score", "Sample", "PhoneNumber"),
    "beers": ("ounces", "abv", "ibu"),
    "movies_1": ("RatingValue", "Duration", "RatingCount"),
}
ODD_WORDS = ("{} (est.)", "about {}", "{} - see note", "was {} before", "{} or more?", "not {}", "-- {} --", "x{}")
ODD_CELLS = 4
"""In each of those columns."""


@dataclass(frozen=True, slots=True)
class Case:
    """A table to clean, what it should become, and what is asked of it."""

    name: str
    dirty: Path
    clean: Path
    columns: tuple[str, ...]
    instruction: str = ""


def with_odd_words(table: Rows, columns: tuple[str, ...], seed: int) -> Rows:
    """A copy in which words stand round some values of these columns, as people add them."""
    chance = random.Random(seed)
    out = [list(row) for row in table]
    for name in columns:
        place = table[0].index(name)
        filled = [row for row in out[1:] if row[place]]
        for number, row in enumerate(chance.sample(filled, min(ODD_CELLS, len(filled)))):
            row[place] = ODD_WORDS[number % len(ODD_WORDS)].format(row[place])
    return out


def cases(name: str, folder: Path) -> Iterator[Case]:
    """The table as it was found, with its instruction in two languages, and two made from its clean copy."""
    sample = SAMPLES / "cleaning" / name
    task = json.loads((sample.parent / "TASKS.json").read_text("utf-8"))[name]
    scored = () if task["score_columns"] == "all" else tuple(task["score_columns"].split(","))
    dirty, clean = sample / "dirty.csv", sample / "clean.csv"
    for language in ("en", "zh"):
        yield Case(f"{name}, {language}", dirty, clean, scored, task[f"instruction_{language}"])
    truth = read(clean)
    for kind, rows in (("odd words", with_odd_words(truth, ODD_COLUMNS[name], 1)), ("slips", with_slips(truth, 1))):
        path = folder / f"{name}-{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        yield Case(f"{name}, {kind}", path, clean, ())


def run(case: Case, out: Path, *words: str) -> dict[str, Any]:
    """Clean by the command line; gives what ``--json`` says."""
    command = [sys.executable, "-m", "services.cli", "clean", str(case.dirty), "-o", str(out), "--json", "--yes"]
    wish = ["--instruction", case.instruction] if case.instruction else []
    out.unlink(missing_ok=True)
    done = subprocess.run([*command, *wish, *words], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout))


def scorer() -> ModuleType:
    """The program that scores these samples."""
    spec = importlib.util.spec_from_file_location("score_cleaning", SAMPLES / "score" / "score_cleaning.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run all, a line for each."""
    base_url, model, *names = sys.argv[1:]
    os.environ |= {"DESKHAND_BASE_URL": base_url, "DESKHAND_MODEL": model, "PYTHONIOENCODING": "utf-8"}
    os.environ.setdefault("DESKHAND_MODEL_TIMEOUT", "600")
    os.environ.setdefault("DESKHAND_CONCURRENCY", "1")
    score = scorer().score
    print(f"{'':28}{'':6} {'F1':>6} {'damaged':>8} {'wrong':>6} | {'F1':>6} {'damaged':>8} {'wrong':>6}   by {model}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for of_all_tables in zip(*(cases(name, folder) for name in names or ODD_COLUMNS), strict=True):
            for case in of_all_tables:
                dirty, clean, out = read(case.dirty), read(case.clean), folder / "out.csv"
                for apply in ("safe", "all"):
                    line = f"{case.name:28}{apply:6}"
                    for words in (("--no-model",), ()):
                        begun = time.perf_counter()
                        said = run(case, out, "--apply", apply, *words)
                        total, _ = score(dirty, clean, read(out), only=case.columns or None)
                        line += (
                            f" {total['f1']:6.3f} {total['damaged']:8} {total['wrong']:6} {'' if words[1:] else '|'}"
                        )
                    asked = said["model"] or {}
                    line += f" calls {asked.get('calls', 0)}, kept {asked.get('kept', 0)}, gaps {said['gaps']}"
                    print(f"{line}, {time.perf_counter() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
