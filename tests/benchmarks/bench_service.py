"""A click in Excel against the command line: cells out to the real service and back as writes, leg by leg.

``python tests/benchmarks/bench_service.py [ROWS ...]`` takes ROWS x 10 cells (10,000 unless told otherwise), once with
one cell in fifty messy and once with every cell to be changed. The command line cleans the same cells as xlsx to xlsx
in a process of its own; the service is started beforehand, as it is when a person clicks. What the macro does beside
that (reading a selection into an array, writing values) is not in these figures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT))

from services.workbook.files import open_source  # noqa: E402
from services.workbook.grid import Grid  # noqa: E402
from services.workbook.tables import cut  # noqa: E402
from services.workbook.tsv import encode  # noqa: E402
from tests.benchmarks.bench_workbook import make  # noqa: E402
from tests.serving import Reply, Service, running_service  # noqa: E402


def make_all_messy(path: Path, rows: int) -> None:
    """A sheet in which every cell is text with a space too many."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"column {number}" for number in range(10)])
    for row in range(rows):
        sheet.append([f"name {row} {number} " for number in range(10)])
    book.save(path)


def measure(path: Path, service: Service) -> None:
    """Print the seconds of each leg, and of the command line on the same cells."""
    (whole,) = (sheet.grid for sheet in open_source(path).sheets())
    values = cut(whole, 1, whole.row_count, 0, whole.column_count)
    table = replace(values, header=tuple(str(column[0]) for column in whole.columns))
    legs: list[tuple[str, float, float]] = []

    def leg(name: str, call: Callable[[], Reply]) -> Reply:
        start = time.perf_counter()
        reply = call()
        legs.append((name, time.perf_counter() - start, len(reply.content) / 1e6))
        if reply.status >= 400:
            raise SystemExit(reply.text)
        return reply

    cells = encode(table, {"workbook": path.name})
    job = leg("send the cells", lambda: service.tsv("POST", "/v1/tasks/clean", cells)).options["job"]
    leg("wait for the end", lambda: _ended(service, job))
    leg("fetch the review", lambda: service.tsv("GET", f"/v1/jobs/{job}/result"))
    now = encode(values, {"accept": "all"})
    applied = leg("apply: cells out, writes back", lambda: service.tsv("POST", f"/v1/jobs/{job}/apply", now))
    writes = int(applied.options["writes"])
    told = f"#application\t{applied.options['application']}\n#written\t{writes}\n\n"
    leg("confirm", lambda: service.tsv("POST", f"/v1/jobs/{job}/confirm", told))
    after = encode(_written(values, applied))
    undone = leg("undo: cells out, writes back", lambda: service.tsv("POST", f"/v1/jobs/{job}/undo", after))
    leg(
        "confirm the undo",
        lambda: service.tsv("POST", f"/v1/jobs/{job}/confirm", told.replace("\n\n", "\n#undo\t1\n\n")),
    )

    start = time.perf_counter()
    words = ["clean", str(path), "-o", str(path.with_name("cleaned.xlsx")), "--apply", "all", "--json"]
    command = [sys.executable, "-c", "from services.cli import main; main()", *words]
    subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
    alone = time.perf_counter() - start

    print(f"{path.name}: {whole.row_count - 1} x {whole.column_count} cells, {writes} writes, ", end="")
    print(f"{undone.options['writes']} taken back, {len(cells.encode()) / 1e6:.1f} MB sent")
    for name, seconds, size in legs:
        print(f"  {name:30} {seconds:6.2f} s  {seconds / alone:5.2f} x  {size:5.1f} MB back")
    out_and_back = sum(seconds for _, seconds, _ in legs[:5])
    print(f"  {'clean, review, apply, confirm':30} {out_and_back:6.2f} s  {out_and_back / alone:5.2f} x")
    print(f"  {'deskhand clean, xlsx to xlsx':30} {alone:6.2f} s   1.00 x")


def _ended(service: Service, job: str) -> Reply:
    while True:
        reply = service.tsv("GET", f"/v1/jobs/{job}", headers={"Prefer": "wait=10"})
        if reply.options["state"] not in ("queued", "running"):
            return reply


def _written(values: Grid, applied: Reply) -> Grid:
    """The cells once a host has carried out the writes of ``applied``."""
    from services.workbook.changes import Write, carry_out
    from services.workbook.tsv import decode_all

    _, [rows] = decode_all(applied.text)
    writes = [
        Write(int(row) - values.first_row, int(column) - values.first_column, value, code)
        for row, column, value, code in zip(*rows.columns[3:7], strict=True)
    ]
    return carry_out(values, writes)


def main() -> None:
    """Measure for each number of rows."""
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder) / "service") as service:
        for rows in [int(word) for word in sys.argv[1:]] or [10_000]:
            for name, fill in (("messy", make), ("all-messy", make_all_messy)):
                path = Path(folder) / f"{name}-{rows}.xlsx"
                fill(path, rows)
                measure(path, service)


if __name__ == "__main__":
    main()
