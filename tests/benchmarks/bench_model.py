"""What Deskhand adds to a call of a model: the time of asking beside that of the bare request, at the median.

The endpoint is scripted and answers at once, so all that is left is ours and the client library's.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from services.llm.prompts import Prompt
from services.llm.question import Question
from tests.asking import InMemory, model_at
from tests.endpoint import scripted, slowly
from tests.llm.capitals import RIGHT, Capitals, texts

CALLS = 200


def overhead(items_per_call: int) -> tuple[float, float]:
    """Milliseconds for a call through Deskhand and for the bare request, at the median."""
    question = Question("bench", Prompt("bench", "You are careful.", "Put each text in capitals."), Capitals)
    with scripted(RIGHT) as endpoint:
        model = model_at(endpoint)
        model.ask(question, texts("the first call loads the library"))
        ours = []
        for call in range(CALLS):
            items = texts(*(f"item {call} {number}" for number in range(items_per_call)))
            begun = time.perf_counter()
            model.ask(question, items)
            ours.append(time.perf_counter() - begun)
        body = json.dumps(endpoint.requests[-1].body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", endpoint.port)
        bare = []
        for _ in range(CALLS):
            begun = time.perf_counter()
            connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
            connection.getresponse().read()
            bare.append(time.perf_counter() - begun)
        connection.close()
    return statistics.median(ours) * 1000, statistics.median(bare) * 1000


def side_by_side(calls: int, seconds: float, concurrency: int) -> float:
    """The time of calls that each take so long, by the ideal time of so many side by side."""
    question = Question("bench", Prompt("bench", "s", "b"), Capitals, most_items=1)
    with scripted(slowly(seconds, RIGHT)) as endpoint:
        model = model_at(endpoint, InMemory(), concurrency=concurrency)
        model.ask(question, texts("the first call finds how the endpoint is asked"))
        begun = time.perf_counter()
        model.ask(replace(question, purpose="bench.wide"), texts(*(f"item {number}" for number in range(calls))))
        return (time.perf_counter() - begun) / (seconds * calls / concurrency)


if __name__ == "__main__":
    for count in (1, 50):
        with_us, without = overhead(count)
        print(f"{count:3} items a call: {with_us:.1f} ms, bare {without:.1f} ms, overhead {with_us - without:.1f} ms")
    print(f"40 calls of 1 s, 8 side by side: {side_by_side(40, 1.0, 8):.2f} of the ideal time")
