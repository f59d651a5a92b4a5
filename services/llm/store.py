"""The file of replies: answers that need not be paid again, the log of what left, and what is known of endpoints.

An answer is kept as it was accepted, by a key that says all that it depends on. The log has every request with its
reply, which was paid, and the text of the request only where the person wishes so. What a job may spend, and what it
has spent, is counted in ``job_records``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_update
from sqlalchemy.types import JSON

from services.llm.records import Call, CallOutcome
from services.sqlite_file import ErrorCodes, SqliteFile

VERSION = 1
"""What ``PRAGMA user_version`` says of these tables."""

KEYS_AT_ONCE = 1000
"""In one statement; SQLite takes 32,766 variables (sqlite.org/limits.html)."""

_DAY = 86400.0
"""Seconds: an answer that is used is noted as used once a day at most, so that reading seldom writes."""

_TABLES = MetaData()

_ANSWERS = Table(
    "answers",
    _TABLES,
    Column("key", String, primary_key=True),
    Column("answer", JSON, nullable=False),
    Column("made", Float, nullable=False),
    Column("used", Float, nullable=False),
)
"""Times are seconds since 1970 in UTC."""

_CALLS = Table(
    "calls",
    _TABLES,
    Column("n", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("job", String, nullable=False),
    Column("task", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("host", String, nullable=False),
    Column("model", String, nullable=False),
    Column("is_local", Boolean, nullable=False),
    Column("items", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cost", Float),
    Column("currency", String, nullable=False),
    Column("request", String, nullable=False),
    Column("reply", String, nullable=False),
    Column("error", String, nullable=False),
)

_FACTS = Table(
    "facts",
    _TABLES,
    Column("endpoint", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("made", Float, nullable=False),
)

Index("calls_by_job", _CALLS.c.job)
Index("calls_by_time", _CALLS.c.at)

_CODES = ErrorCodes(
    locked="replies-locked",
    disk_full="replies-disk-full",
    unreachable="replies-unreachable",
    damaged="replies-damaged",
    version="replies-version",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of the log: a request that left for ``host``, what for, and what came of it.

    ``job`` is empty for a trial of the endpoint and for a first look at answers. ``cost`` is by the prices of that
    time, None where none was set.
    ``request`` is empty where its text was not to be kept. ``is_local`` says that it stayed on this machine.
    """

    n: int
    when: datetime
    job: str
    task: str
    purpose: str
    host: str
    model: str
    is_local: bool
    items: int
    outcome: CallOutcome
    tokens_in: int
    tokens_out: int
    seconds: float
    cost: float | None
    currency: str
    request: str
    reply: str
    error: str


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A call as it is written into the log, with what the caller knows of it."""

    call: Call
    job: str
    task: str
    cost: float | None
    currency: str
    with_request: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What a job has cost so far; ``cost`` is None where no price was set for any of it."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    currency: str = ""

    def __add__(self, other: Spent) -> Spent:
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Spent(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            sum(costs) if costs else None,
            other.currency or self.currency,
        )


class Replies:
    """The file of replies. Any thread may use it, and several processes. Every method raises ``LedgerError``."""

    def __init__(self, file: Path) -> None:
        self._file = SqliteFile(file, _TABLES, VERSION, _CODES)

    def close(self) -> None:
        """Close the file. A method that is called later opens it again."""
        self._file.close()

    # --- answers

    def answers(self, keys: Collection[str], *, since: datetime | None = None) -> dict[str, Any]:
        """The kept answers among these keys; with ``since`` only those that were made from then on."""
        wanted, found, stale = list(keys), dict[str, Any](), list[str]()
        fresh_until = _now() - _DAY
        with self._file.reading() as books:
            for part in _parts(wanted):
                rows = select(_ANSWERS).where(_ANSWERS.c.key.in_(part))
                if since is not None:
                    rows = rows.where(_ANSWERS.c.made >= since.timestamp())
                for row in books.execute(rows):
                    found[row.key] = row.answer
                    if row.used < fresh_until:
                        stale.append(row.key)
        if stale:
            with self._file.writing() as books:
                for part in _parts(stale):
                    books.execute(update(_ANSWERS).where(_ANSWERS.c.key.in_(part)).values(used=_now()))
        return found

    def keep(
        self,
        answers: Mapping[str, Any],
        calls: Sequence[ToKeep] = (),
        facts: Mapping[tuple[str, str], Any] | None = None,
    ) -> None:
        """Keep answers by their keys, calls in the log, and facts by endpoint and name; on disk when this returns.

        All or nothing.
        """
        with self._file.writing() as books:
            _write_calls(books, calls)
            _write_answers(books, answers)
            _write_facts(books, facts or {})

    def forget(self) -> int:
        """Forget all answers, so that each is asked anew; says how many there were. The log stays."""
        with self._file.writing() as books:
            return books.execute(delete(_ANSWERS)).rowcount

    def count(self) -> int:
        """How many answers are kept."""
        with self._file.reading() as books:
            return int(books.execute(select(func.count()).select_from(_ANSWERS)).scalar_one())

    # --- the log

    def sent(self, limit: int, job: str | None = None) -> list[Sent]:
        """The newest lines of the log, the last one first; with ``job`` those of that job alone."""
        rows = select(_CALLS).order_by(_CALLS.c.n.desc()).limit(limit)
        if job is not None:
            rows = rows.where(_CALLS.c.job == job)
        with self._file.reading() as books:
            return [_sent(row) for row in books.execute(rows)]

    def spent(self, job: str | None = None, *, since: datetime | None = None) -> Spent:
        """What a job has cost, or all that is in the log; with ``since`` from then on."""
        calls = _CALLS.c
        sums = (func.sum(calls.tokens_in), func.sum(calls.tokens_out), func.sum(calls.cost))
        wanted = select(func.count(), *sums, func.max(calls.currency))
        if job is not None:
            wanted = wanted.where(calls.job == job)
        if since is not None:
            wanted = wanted.where(calls.at >= since.timestamp())
        with self._file.reading() as books:
            count, tokens_in, tokens_out, cost, currency = books.execute(wanted).one()
        return Spent(count, tokens_in or 0, tokens_out or 0, cost, currency or "")

    # --- endpoints

    def facts(self, endpoint: str) -> dict[str, Any]:
        """What is remembered of an endpoint, by name."""
        with self._file.reading() as books:
            rows = books.execute(select(_FACTS.c.name, _FACTS.c.value).where(_FACTS.c.endpoint == endpoint))
            return {row.name: row.value for row in rows}

    # --- the end of it all

    def purge(self, today: datetime, keep_days: int) -> int:
        """Forget lines of the log, and answers that nobody used, of more than ``keep_days`` ago; says how many lines.

        What is known of endpoints goes after that time too: they are found out anew, as they may have changed.
        """
        eldest = (today - timedelta(days=keep_days)).timestamp()
        with self._file.writing() as books:
            books.execute(delete(_ANSWERS).where(_ANSWERS.c.used < eldest))
            books.execute(delete(_FACTS).where(_FACTS.c.made < eldest))
            return books.execute(delete(_CALLS).where(_CALLS.c.at < eldest)).rowcount


def sent_document(line: Sent) -> dict[str, Any]:
    """A line of the log as JSON can hold it; the time in UTC (ISO 8601)."""
    return {**asdict(line), "when": line.when.isoformat(timespec="seconds")}


def sent_lines(file: Path, limit: int, job: str | None = None) -> list[Sent]:
    """What ``Replies.sent`` gives; nothing where nothing was ever sent, for which no file is made."""
    if not file.exists():
        return []
    with closing(Replies(file)) as replies:
        return replies.sent(limit, job)


def _write_answers(books: Connection, answers: Mapping[str, Any]) -> None:
    if not answers:
        return
    made = _now()
    row = insert_or_update(_ANSWERS)
    changed = {name: row.excluded[name] for name in ("answer", "made", "used")}
    books.execute(
        row.on_conflict_do_update(index_elements=["key"], set_=changed),
        [{"key": key, "answer": answer, "made": made, "used": made} for key, answer in answers.items()],
    )


def _write_facts(books: Connection, facts: Mapping[tuple[str, str], Any]) -> None:
    if not facts:
        return
    row = insert_or_update(_FACTS)
    changed = {"value": row.excluded.value, "made": row.excluded.made}
    books.execute(
        row.on_conflict_do_update(index_elements=["endpoint", "name"], set_=changed),
        [{"endpoint": of, "name": name, "value": value, "made": _now()} for (of, name), value in facts.items()],
    )


def _write_calls(books: Connection, calls: Sequence[ToKeep]) -> None:
    if calls:
        books.execute(insert(_CALLS), [_row(kept) for kept in calls])


def _row(kept: ToKeep) -> dict[str, Any]:
    values = asdict(kept.call)
    return {
        "at": values.pop("when").timestamp(),
        **values,
        "job": kept.job,
        "task": kept.task,
        "cost": kept.cost,
        "currency": kept.currency,
        "request": _text(kept.call.request) if kept.with_request else "",
        "reply": _text(kept.call.reply),
        "error": _text(kept.call.error),
    }


def _sent(row: Row[Any]) -> Sent:
    values = dict(row._mapping)
    return Sent(when=datetime.fromtimestamp(values.pop("at"), UTC), **values)


def _text(text: str) -> str:
    """The text as the file can hold it: half a character becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + KEYS_AT_ONCE] for start in range(0, len(keys), KEYS_AT_ONCE)]


def _now() -> float:
    return datetime.now(UTC).timestamp()
