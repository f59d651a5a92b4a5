"""The ledger's file: its tables. How a file is opened, shared and told of when in trouble is in ``sqlite_file``.

What is written into the tables, and when, is decided in ``ledger``.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.types import JSON

from services.sqlite_file import ErrorCodes, SqliteFile

VERSION = 1
"""What ``PRAGMA user_version`` says of these tables."""

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

_CODES = ErrorCodes(
    locked="ledger-locked",
    disk_full="ledger-disk-full",
    unreachable="ledger-unreachable",
    damaged="ledger-damaged",
    version="ledger-version",
)


def open_books(file: Path) -> SqliteFile:
    """The ledger's file, made where it is missing. Raises ``LedgerError``."""
    return SqliteFile(file, BOOKS, VERSION, _CODES)
