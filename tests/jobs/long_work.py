"""Work that takes long enough to be interrupted: a workbook of many tables, and a log of the parts that were kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import xlsxwriter

from services.jobs.ledger import Ledger
from services.settings import Settings
from services.workbook.grid import Grid

PROJECT = Path(__file__).resolve().parent.parent.parent
TABLES = 12
ROWS = 2500
LONGEST = 120.0
"""Seconds after which a process that was waited for counts as hanging."""


def build_workbook(path: Path) -> None:
    """A workbook of ``TABLES`` sheets with a table each, in which some cells are to be cleaned."""
    book = xlsxwriter.Workbook(str(path))
    for number, grid in enumerate(grids(), 1):
        sheet = book.add_worksheet(f"Sheet {number}")
        sheet.write_row(0, 0, grid.header)
        for column, values in enumerate(grid.columns):
            sheet.write_column(1, column, values)
    book.close()


def grids() -> list[Grid]:
    """The same tables as a host sends them."""
    return [
        Grid(
            columns=(
                list(range(1, ROWS + 1)),
                [f"A-{row * 37 % 4001:05d}" for row in range(ROWS)],
                [" Leeds " if row % 400 == number else "Leeds" for row in range(ROWS)],
                [f"to be sent with order {row * 11 % 3001}, floor {row % 31}" for row in range(ROWS)],
                [row * 7 % 5000 + 0.5 if row % 300 else f"1,{row % 900 + 100}.50" for row in range(ROWS)],
            ),
            header=("No", "Code", "City", "Note", "Amount"),
            first_row=2,
            sheet=f"Sheet {number}",
        )
        for number in range(1, TABLES + 1)
    ]


class Log:
    """Every part that is kept in the ledger, noted by the database itself, so that no process can forget it."""

    def __init__(self, settings: Settings) -> None:
        Ledger(settings).close()
        self._file = settings.ledger_file
        with closing(sqlite3.connect(self._file)) as books, books:
            books.execute("CREATE TABLE log (key TEXT)")
            for word in ("INSERT", "UPDATE"):
                books.execute(
                    f"CREATE TRIGGER log_{word} AFTER {word} ON parts BEGIN INSERT INTO log VALUES (NEW.key); END"
                )

    @contextmanager
    def standstill(self, parts: int, process: subprocess.Popen[bytes]) -> Iterator[int]:
        """The moment at which so many parts are made, for as long as the block lasts: none more can be kept.

        Gives how many parts there are.
        """
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=LONGEST)) as books:

            def reached() -> bool:
                books.execute("BEGIN IMMEDIATE")
                if len(self.keys()) >= parts:
                    return True
                books.execute("ROLLBACK")
                return False

            wait_until(reached, process)
            yield len(self.keys())
            books.execute("ROLLBACK")

    def keys(self) -> list[str]:
        """The keys of all parts, as often as they were made."""
        with closing(sqlite3.connect(self._file)) as books:
            return [key for (key,) in books.execute("SELECT key FROM log")]


def start(*words: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command line in a process of its own and return at once."""
    known = {"PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8", "DESKHAND_LANGUAGE": "en"}
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli", *map(str, words)],
        env={**os.environ, **known, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait_until(so: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something is so; fails where ``process`` ends before, or nothing happens."""
    end = time.monotonic() + LONGEST
    while not so():
        if process is not None and process.poll() is not None:
            output = process.communicate()[0].decode("utf-8", "replace")
            raise AssertionError(f"the process ended with {process.returncode}: {output}")
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """The exit code and the output of a process that comes to its end."""
    output, _ = process.communicate(timeout=LONGEST)
    return process.returncode, output.decode("utf-8", "replace")
