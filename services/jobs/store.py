"""The ledger's file: its tables, its connections and transactions, and what SQLite's errors mean to a person.

What is written into the tables, and when, is decided in ``ledger``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import JSON

from services.errors import LedgerError
from services.folder import private_folder

VERSION = 1
"""What ``PRAGMA user_version`` says of these tables."""

BUSY_SECONDS = 5
"""How long a connection waits for another one to finish writing."""

BOOKS = MetaData()

JOBS = Table(
    "jobs",
    BOOKS,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("task", String, nullable=False),
    Column("state", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("language", String, nullable=False),
    Column("request", JSON, nullable=False),
    Column("wishes", JSON, nullable=False),
    Column("source", JSON, nullable=False),
    Column("upload_id", String),
    Column("title", String, nullable=False),
    Column("workbook", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("finished", Float),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("what", String, nullable=False, default=""),
    Column("error_code", String),
    Column("error_parameters", JSON, nullable=False, default=dict),
    Column("attempts", Integer, nullable=False, default=0),
    Column("cancel_wanted", Boolean, nullable=False, default=False),
    Column("owner", String),
    Column("lease_until", Float),
    Column("summary", JSON, nullable=False, default=dict),
)
"""Times are seconds since 1970 in UTC."""

PARTS = Table(
    "parts",
    BOOKS,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("part", JSON, nullable=False),
)

UPLOADS = Table(
    "uploads",
    BOOKS,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("path", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created", Float, nullable=False),
)

APPLICATIONS = Table(
    "applications",
    BOOKS,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("workbook", String, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("written", Integer, nullable=False, default=0),
    Column("conflicts", JSON, nullable=False, default=dict),
    Column("created", Float, nullable=False),
)

Index("jobs_by_state", JOBS.c.state, JOBS.c.surface)
Index("jobs_by_workbook", JOBS.c.workbook)

_CODES = {
    sqlite3.SQLITE_BUSY: "ledger-locked",
    sqlite3.SQLITE_LOCKED: "ledger-locked",
    sqlite3.SQLITE_PROTOCOL: "ledger-locked",
    sqlite3.SQLITE_FULL: "ledger-disk-full",
    sqlite3.SQLITE_IOERR: "ledger-unreachable",
    sqlite3.SQLITE_CANTOPEN: "ledger-unreachable",
    sqlite3.SQLITE_READONLY: "ledger-unreachable",
    sqlite3.SQLITE_PERM: "ledger-unreachable",
    sqlite3.SQLITE_AUTH: "ledger-unreachable",
    sqlite3.SQLITE_NOTADB: "ledger-damaged",
    sqlite3.SQLITE_CORRUPT: "ledger-damaged",
    sqlite3.SQLITE_ERROR: "ledger-damaged",
}
"""Primary result codes (sqlite.org/rescode.html); SQLITE_ERROR is a table or column that is not there."""


class Store:
    """The open file. Any thread may use it: each transaction has a connection of its own for as long as it lasts."""

    def __init__(self, file: Path) -> None:
        """Open the file, making it and its folder where they are missing. Raises ``LedgerError``."""
        self.file = file
        self._engine = create_engine(
            URL.create("sqlite", database=str(file)),
            connect_args={"timeout": BUSY_SECONDS},
            pool_size=5,
            max_overflow=-1,
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writing = self._engine.execution_options(deskhand_begin="BEGIN IMMEDIATE")
        self._opening = RLock()
        self._opened: tuple[int, int] | None = None
        with self._told():
            self._keep_open()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the books and keeps no one from writing. Raises ``LedgerError``."""
        with self._told():
            self._keep_open()
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is the only one to write from its begin on. Raises ``LedgerError``."""
        with self._told():
            self._keep_open()
            with self._writing.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    def _keep_open(self) -> None:
        """Open the file. Where it was deleted or put back from a copy since, go on with that which is there now.

        Open connections would go on with the file that is gone, and lose what is written.
        """
        with self._opening:
            if self._opened is not None and self._opened == _identity(self.file):
                return
            self._engine.dispose()
            private_folder(self.file.parent)
            if not self.file.exists():  # SQLite would let everyone of this machine read it
                self.file.touch(mode=0o600)
            self._opened = _identity(self.file)
            try:
                self._set_up()
            except BaseException:
                self._opened = None
                self._engine.dispose()
                raise

    def _set_up(self) -> None:
        with self.reading() as connection:
            if self._version(connection) == VERSION:
                return
        with self._told():
            raw = self._engine.raw_connection()
            try:  # stays with the file; on a drive that can't do it, SQLite goes on with its older journal
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                raw.close()
        with self.writing() as connection:
            if self._version(connection) == VERSION:
                return  # made by another process meanwhile
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
                raise LedgerError("ledger-damaged", file=self.file)
            BOOKS.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")

    def _version(self, connection: Connection) -> int:
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if found > VERSION:
            raise LedgerError("ledger-version", file=self.file, found=found, known=VERSION)
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what the system's and SQLite's errors mean."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            original = error.orig if isinstance(error, DBAPIError) else error
            code = _CODES.get(getattr(original, "sqlite_errorcode", -1) & 0xFF)
            if code is None:
                raise
            raise LedgerError(code, file=self.file, folder=self.file.parent) from error
        except OSError as error:
            raise LedgerError("ledger-unreachable", file=self.file, folder=self.file.parent) from error


def _identity(file: Path) -> tuple[int, int] | None:
    """What tells the file from another one in its place; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where the engine says, not where the driver guesses
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")  # what was answered is there after a power cut as well
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("deskhand_begin", "BEGIN"))
