"""A SQLite file that threads and processes share: its connections and transactions, and what SQLite's errors mean.

Which tables it has, and what is written into them, is said in the rooms that keep one: ``jobs`` and ``llm``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from sqlalchemy import URL, Connection, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError

from services.errors import LedgerError
from services.folder import private_folder

BUSY_SECONDS = 5
"""How long a connection waits for another one to finish writing."""


@dataclass(frozen=True, slots=True)
class ErrorCodes:
    """The codes of the errors that a file's troubles are told by."""

    locked: str
    disk_full: str
    unreachable: str
    damaged: str
    version: str


class SqliteFile:
    """The open file. Any thread may use it: each transaction has a connection of its own for as long as it lasts."""

    def __init__(self, file: Path, tables: MetaData, version: int, codes: ErrorCodes) -> None:
        """Open the file, making it and its folder where they are missing. Raises ``LedgerError``.

        ``version`` is what ``PRAGMA user_version`` says of these tables.
        """
        self.file = file
        self._tables = tables
        self._known = version
        self._codes = codes
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
            if self._version(connection) == self._known:
                return
        with self._told():
            raw = self._engine.raw_connection()
            try:  # stays with the file; on a drive that can't do it, SQLite goes on with its older journal
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                raw.close()
        with self.writing() as connection:
            if self._version(connection) == self._known:
                return  # made by another process meanwhile
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
                raise LedgerError(self._codes.damaged, file=self.file)
            self._tables.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={self._known}")

    def _version(self, connection: Connection) -> int:
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if found > self._known:
            raise LedgerError(self._codes.version, file=self.file, found=found, known=self._known)
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what the system's and SQLite's errors mean."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            original = error.orig if isinstance(error, DBAPIError) else error
            code = self._code_of(getattr(original, "sqlite_errorcode", -1))
            if code is None:
                raise
            raise LedgerError(code, file=self.file, folder=self.file.parent) from error
        except OSError as error:
            raise LedgerError(self._codes.unreachable, file=self.file, folder=self.file.parent) from error

    def _code_of(self, result: int) -> str | None:
        """What a result code means (sqlite.org/rescode.html), of which the lowest byte is the primary one.

        SQLITE_ERROR is a table or column that is not there.
        """
        codes = self._codes
        return {
            sqlite3.SQLITE_BUSY: codes.locked,
            sqlite3.SQLITE_LOCKED: codes.locked,
            sqlite3.SQLITE_PROTOCOL: codes.locked,
            sqlite3.SQLITE_FULL: codes.disk_full,
            sqlite3.SQLITE_IOERR: codes.unreachable,
            sqlite3.SQLITE_CANTOPEN: codes.unreachable,
            sqlite3.SQLITE_READONLY: codes.unreachable,
            sqlite3.SQLITE_PERM: codes.unreachable,
            sqlite3.SQLITE_AUTH: codes.unreachable,
            sqlite3.SQLITE_NOTADB: codes.damaged,
            sqlite3.SQLITE_CORRUPT: codes.damaged,
            sqlite3.SQLITE_ERROR: codes.damaged,
        }.get(result & 0xFF)


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
