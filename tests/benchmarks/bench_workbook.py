"""Cleaning, reading and patching against openpyxl's load and save: seconds, ratios, peak memory. Run it as a script.

``python tests/benchmarks/bench_workbook.py [ROWS ...]`` makes workbooks of ROWS x 10 cells (10,000 and 100,000 unless
told otherwise) and runs each job in a process of its own.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
JOBS = ("clean", "read", "patch", "openpyxl load", "openpyxl load and save")


def make(path: Path, rows: int) -> None:
    """A sheet of texts that repeat and texts that do not, numbers, dates and booleans; one cell in fifty is messy."""
    import openpyxl

    dice = random.Random(1)
    names = [f"客户{number} Ltd" for number in range(5000)]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"column {number}" for number in range(10)])
    start = datetime.datetime(2020, 1, 1)

    def messy(value: object) -> object:
        if dice.random() > 0.02:
            return value
        if isinstance(value, datetime.datetime):
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value:,}" if isinstance(value, float) else f" {value}"

    for row in range(rows):
        sheet.append(
            [
                row,
                messy(dice.choice(names)),
                messy(f"name {row}"),
                messy(round(dice.random() * 100_000, 2)),
                messy(start + datetime.timedelta(days=row % 1000)),
                messy(dice.choice(names)),
                dice.randrange(10**6),
                f"x{row % 77}",
                round(dice.random(), 6),
                row % 2 == 0,
            ]
        )
    book.save(path)


def run(job: str, path: Path) -> None:
    """Do one job in this process and print its seconds and its peak memory in MB."""
    start = time.perf_counter()
    if job.startswith("openpyxl"):
        import openpyxl

        book = openpyxl.load_workbook(path)
        if job.endswith("save"):
            book.save(path.with_name("saved.xlsx"))
    elif job == "clean":
        sys.path.insert(0, str(PROJECT))
        from services.cli import main as deskhand

        words = ["clean", str(path), "-o", str(path.with_name("cleaned.xlsx")), "--json"]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            deskhand(words)
    else:
        sys.path.insert(0, str(PROJECT))
        from services.workbook.spreadsheetml import CellWrite, patch_workbook, read_sheets

        if job == "read":
            read_sheets(path)
        else:
            with_rows = read_rows(path)
            writes = [CellWrite(row, column, f"new {row}") for row in range(2, with_rows, 20) for column in (2, 3)]
            patch_workbook(path, path.with_name("patched.xlsx"), {"Sheet": writes})
    print(time.perf_counter() - start, peak())


def read_rows(path: Path) -> int:
    """The rows of the benchmark's file, which its name states."""
    return int(path.stem)


def peak() -> float:
    """Peak memory of this process in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 / (1024 if sys.platform == "darwin" else 1)


def main(sizes: list[int]) -> None:
    """Run all jobs on all sizes and print one table."""
    print(f"{'rows':>8} {'job':<24} {'seconds':>8} {'of openpyxl':>12} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"{rows}.xlsx"
            # In a process of its own too: on Linux a child's peak counts that of its parent when it was started.
            subprocess.run([sys.executable, __file__, "--make", str(rows), str(path)], check=True)
            results = {}
            for job in JOBS:
                command = [sys.executable, __file__, "--job", job, str(path)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                results[job] = tuple(map(float, done.stdout.split()))
            whole = results["openpyxl load and save"][0]
            for job, (seconds, memory) in results.items():
                print(f"{rows:>8} {job:<24} {seconds:>8.2f} {seconds / whole:>12.2f} {memory:>8.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        run(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[3]), int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
