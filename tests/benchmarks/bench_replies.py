"""What asking a model costs beside the model itself: milliseconds of ours for each call, by part.

``python tests/benchmarks/bench_replies.py [CALLS]`` asks a scripted endpoint in a process of its own, that answers at
once, about 1 and about 50 texts a call (200 calls unless told otherwise), one call after another, with its records on
the disk that ``TMPDIR`` names. The same bodies are sent by the standard library's client for comparison: what is above
that is ours. The 10th percentile is about what a machine would do that has nothing else to do. Last, so many calls of a
second each, eight of them at a time, beside the time that they would take if nothing were lost between them.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT))

from services.llm.asking import Asking  # noqa: E402
from services.llm.endpoint import Endpoint  # noqa: E402
from services.llm.job_records import Budget, JobFacts, RecordsOfJob  # noqa: E402
from services.llm.prompts import Prompt  # noqa: E402
from services.llm.question import Question  # noqa: E402
from services.llm.records import Call  # noqa: E402
from services.llm.store import Replies  # noqa: E402

SIZES = (1, 50)
SERVE = """
from tests.endpoint import answering, scripted, slowly
with scripted(slowly(SECONDS, answering(lambda item: {"capitals": item["text"].upper()}))) as endpoint:
    print(endpoint.base_url, flush=True)
    input()
"""
AT_ONCE = 8
SLOW_CALLS = 40


class Capitals(BaseModel):
    """What is said of one text."""

    capitals: str = Field(description="the text in capital letters")


def question(items: int) -> Question[Capitals]:
    """The question, so many texts a call."""
    prompt = Prompt("bench", "You write.", "Put it into capital letters.")
    return Question("bench", prompt, Capitals, most_items=items)


@contextmanager
def answering_after(seconds: float) -> Iterator[str]:
    """The base URL of an endpoint that answers after so many seconds."""
    program = SERVE.replace("SECONDS", str(seconds))
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate("\n")


def texts(call: int, items: int) -> list[dict[str, Any]]:
    """What one call asks about."""
    return [{"text": f"{call}-{n}: to be sent to the shop in Leeds, second floor, before noon"} for n in range(items)]


def timed(do: Callable[[int], object], count: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    times = []
    for number in range(count):
        begun = time.perf_counter()
        do(number)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def told(name: str, times: list[float]) -> tuple[float, float]:
    """Print 10th percentile, median and 95th percentile; gives the first two."""
    parts = statistics.quantiles(times, n=20)
    low, middle, high = parts[1], statistics.median(times), parts[-1]
    print(f"  {name:44} {low:7.2f} ms  {middle:7.2f} ms  {high:7.2f} ms")
    return low, middle


def opened(folder: str, base_url: str, at_once: int) -> tuple[Asking, RecordsOfJob]:
    """A model at this endpoint, with records in this folder."""
    endpoint = Endpoint(base_url, "scripted-1", concurrency=at_once)
    replies = Replies(Path(folder) / "replies.sqlite3")
    records = RecordsOfJob(replies, JobFacts("bench", "bench"), Budget(10**12), endpoint)
    return Asking(endpoint, records), records


def overhead(count: int, items: int) -> None:
    """Measure calls of so many texts, and say what is ours."""
    with tempfile.TemporaryDirectory() as folder, answering_after(0) as base_url:
        asking, records = opened(folder, base_url, 1)
        asked = question(items)
        asking.ask(asked, texts(-1, items))  # the library is loaded, and it is known how the endpoint is asked

        bodies: list[bytes] = []
        _listen(asking, bodies)
        busy = time.process_time()
        whole = timed(lambda number: asking.ask(asked, texts(number, items)), count)
        busy = (time.process_time() - busy) * 1000 / count
        where = urlsplit(base_url)
        plain = http.client.HTTPConnection(where.hostname or "", where.port)

        def bare(number: int) -> None:
            plain.request(
                "POST", f"{where.path}/chat/completions", bodies[number], {"Content-Type": "application/json"}
            )
            json.loads(plain.getresponse().read())

        alone = timed(bare, count)
        kept = timed(lambda number: asking.ask(asked, texts(number, items)), count)

        def written(number: int) -> None:
            answers = {f"{number}-{n}-{'k' * 60}": {"capitals": "x" * 60} for n in range(items)}
            records.keep_answers(answers)
            text = "x" * 80 * items
            when = datetime.now(UTC)
            records.note(Call(when, "bench", where.netloc, "m", True, items, "answered", 1000, 900, 1.0, text, text))

        writing = timed(written, count)
        print(f"{count} calls of {items} texts, 10th percentile, median and 95th percentile:")
        low, middle = told("a call as a whole", whole)
        their_low, their_middle = told("the same bodies by http.client", alone)
        told("of ours: answers and log on the disk", writing)
        told("a call whose answers are all kept (none made)", kept)
        print(f"  {'ours':44} {low - their_low:7.2f} ms  {middle - their_middle:7.2f} ms")
        print(f"  {'processor time of a call as a whole':44} {busy:7.2f} ms")
        asking.close()
        records.close()


def side_by_side() -> None:
    """Slow calls, several at a time: how much longer they take than they must."""
    with tempfile.TemporaryDirectory() as folder, answering_after(1) as base_url:
        asking, records = opened(folder, base_url, AT_ONCE)
        asked = question(1)
        asking.ask(asked, texts(-1, 1))  # until it is known how the endpoint is asked, one call goes alone
        begun = time.perf_counter()
        asking.ask(asked, texts(0, SLOW_CALLS))
        took, ideal = time.perf_counter() - begun, SLOW_CALLS / AT_ONCE
        print(f"{SLOW_CALLS} calls of a second, {AT_ONCE} at a time: {took:.2f} s, {took / ideal:.3f} of the ideal")
        asking.close()
        records.close()


def main() -> None:
    """Measure all."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for items in SIZES:
        overhead(count, items)
    side_by_side()
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")


def _listen(asking: Asking, bodies: list[bytes]) -> None:
    """Note the body of each request as it is sent."""
    ladder = asking._line.ladder
    made = ladder.request

    def noted(*arguments: Any) -> dict[str, Any]:
        request = made(*arguments)
        bodies.append(json.dumps(request, ensure_ascii=False).encode())
        return request

    ladder.request = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
