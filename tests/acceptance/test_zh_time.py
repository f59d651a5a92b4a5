"""How many real Chinese expressions of time are read right, and that none without one exact time passes for one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from services.text.timespans import PartialTime, TimeExpression, parse_time_expression


def read_lines(samples: Path) -> list[dict[str, Any]]:
    """The lines of the open file: input, base and the expected reading."""
    lines = (samples / "transform" / "zh_time_open.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def base_of(given: Any) -> PartialTime | None:
    """A base is written as parts, as named parts, as seconds since 1970, or not at all."""
    if given is None:
        return None
    if isinstance(given, float):
        return PartialTime.of(datetime(1970, 1, 1) + timedelta(seconds=given))
    return PartialTime(**given) if isinstance(given, dict) else PartialTime(*given)


def is_right(found: TimeExpression | None, expected: dict[str, Any]) -> bool:
    """Whether an exact reading has the expected parts, or the expected first and last second."""
    if found is None or found.precision != "exact":
        return False
    if expected["type"] == "time_delta":
        return found.duration is not None and {k: float(v) for k, v in found.duration.parts.items()} == expected["time"]
    bounds = [str(found.start) if found.start else "-inf", str(found.end) if found.end else "inf"]
    return found.kind != "duration" and bounds == expected["time"]


def test_nearly_all_expressions_of_one_exact_time_are_read_right(samples: Path) -> None:
    lines = [line for line in read_lines(samples) if line["expected"]["definition"] == "accurate"]
    found = [(line, parse_time_expression(line["input"], base_of(line["base"]))) for line in lines]
    wrong = [line["input"] for line, reading in found if not is_right(reading, line["expected"])]
    assert len(lines) > 40
    assert 1 - len(wrong) / len(lines) >= 0.95, wrong


def test_no_blurred_expression_is_accepted_as_exact(samples: Path) -> None:
    lines = [line for line in read_lines(samples) if line["expected"]["definition"] == "blur"]
    found = {line["input"]: parse_time_expression(line["input"], base_of(line["base"])) for line in lines}
    assert len(lines) > 15
    assert [text for text, reading in found.items() if reading is None or reading.precision == "exact"] == []
