"""What asking a model costs beside the model itself: milliseconds of ours for each call, by part.

``python tests/benchmarks/bench_replies.py [CALLS]`` asks a scripted endpoint in a process of its own, that answers at
once, about 50 texts a call (200 calls unless told otherwise), one call after another, with its records on the disk that
``TMPDIR`` names. The same bodies are sent by the standard library's client for comparison: what is above that is ours.
"""

from __future__ import annotations

import http.client
import json
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

ITEMS = 50
SERVE = """
from tests.endpoint import answering, scripted
with scripted(answering(lambda item: {"capitals": item["text"].upper()})) as endpoint:
    print(endpoint.base_url, flush=True)
    input()
"""


class Capitals(BaseModel):
    """What is said of one text."""

    capitals: str = Field(description="the text in capital letters")


QUESTION = Question("bench", Prompt("bench", "You write.", "Put it into capital letters."), Capitals, most_items=ITEMS)


@contextmanager
def answering_at_once() -> Iterator[str]:
    """The base URL of an endpoint that answers at once."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate("\n")


def texts(call: int) -> list[dict[str, Any]]:
    return [{"text": f"{call}-{n}: to be sent to the shop in Leeds, second floor, before noon"} for n in range(ITEMS)]


def timed(do: Callable[[int], object], count: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    times = []
    for number in range(count):
        begun = time.perf_counter()
        do(number)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def told(name: str, times: list[float]) -> float:
    """Print median and 95th percentile; gives the median."""
    middle = statistics.median(times)
    print(f"  {name:44} {middle:7.2f} ms  {statistics.quantiles(times, n=20)[-1]:7.2f} ms")
    return middle


def main() -> None:
    """Measure, and say what is ours."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder, answering_at_once() as base_url:
        records = RecordsOfJob(
            Replies(Path(folder) / "replies.sqlite3"),
            JobFacts("bench", "bench"),
            Budget(10**12),
            Endpoint(base_url, "scripted-1"),
        )
        asking = Asking(Endpoint(base_url, "scripted-1", concurrency=1), records)
        asking.ask(QUESTION, texts(-1))  # the library is loaded, and it is known how the endpoint is asked

        bodies: list[bytes] = []
        _listen(asking, bodies)
        busy = time.process_time()
        whole = timed(lambda number: asking.ask(QUESTION, texts(number)), count)
        busy = (time.process_time() - busy) * 1000 / count
        where = urlsplit(base_url)
        plain = http.client.HTTPConnection(where.hostname or "", where.port)

        def bare(number: int) -> None:
            plain.request(
                "POST", f"{where.path}/chat/completions", bodies[number], {"Content-Type": "application/json"}
            )
            json.loads(plain.getresponse().read())

        alone = timed(bare, count)
        kept = timed(lambda number: asking.ask(QUESTION, texts(number)), count)

        def written(number: int) -> None:
            answers = {f"{number}-{n}-{'k' * 60}": {"capitals": "x" * 60} for n in range(ITEMS)}
            records.keep_answers(answers)
            text = "x" * 4000
            when = datetime.now(UTC)
            records.note(Call(when, "bench", where.netloc, "m", True, ITEMS, "answered", 1000, 900, 1.0, text, text))

        writing = timed(written, count)
        print(f"{count} calls of {ITEMS} texts, median and 95th percentile:")
        middle = told("a call as a whole", whole)
        theirs = told("the same bodies by http.client", alone)
        told("of ours: answers and log on the disk", writing)
        told("a call whose answers are all kept (none made)", kept)
        print(f"  {'ours at the median':44} {middle - theirs:7.2f} ms")
        print(f"  {'processor time of a call as a whole':44} {busy:7.2f} ms")
        asking.close()
        records.close()


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
