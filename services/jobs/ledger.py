"""The ledger: every job, who works on it, how far it is, its finished parts, and what was applied of its result.

It is the queue as well. Each method is one transaction, so that several processes and threads can share it; the file
and its tables are in ``store``. No task runs here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from services.errors import Conflict, DeskhandError, InputError, NotFound
from services.jobs.leftovers import remove_leftovers
from services.jobs.model import FINISHED, Application, ApplicationState, Job, JobState, SourceRef, Surface, Upload
from services.jobs.rows import application_of, ended, job_of, new_id, now, plain, upload_of
from services.jobs.store import APPLICATIONS, JOBS, PARTS, UPLOADS, open_books
from services.messages import Language
from services.settings import LONGEST_LEASE, Settings

MOST_ATTEMPTS = 3
"""How often a job is taken up by the service before it counts as one that brings the service down."""


class LostLease(Exception):
    """The job is another worker's by now, or finished: whoever is told so stops and writes nothing."""


class Ledger:
    """The ledger in ``settings.ledger_file``. Any thread may use it. Every method raises ``LedgerError``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._store = open_books(settings.ledger_file)

    def close(self) -> None:
        """Close the file. A method that is called later opens it again."""
        self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- jobs, as whoever asks for them sees them

    def add(
        self,
        task: str,
        request: Mapping[str, Any],
        source: SourceRef,
        *,
        surface: Surface,
        language: Language,
        title: str = "",
        workbook: str = "",
        wishes: Mapping[str, Any] | None = None,
        created: datetime | None = None,
        prepare: Callable[[Job], None] | None = None,
    ) -> Job:
        """A new job, queued. ``prepare`` puts what it needs into its folder before any worker can take it.

        ``created`` is when it was asked for, if that was not just now: a fresh one uses what was answered since.
        """
        id = new_id()
        job = Job(
            id=id,
            task=task,
            state="queued",
            surface=surface,
            language=language,
            request=dict(request),
            source=source,
            folder=self._folder(id),
            created=created or datetime.now(UTC),
            title=plain(title),
            workbook=plain(workbook),
            wishes=dict(wishes or {}),
        )
        try:
            if prepare is not None:
                prepare(job)
            with self._store.writing() as books:
                books.execute(
                    insert(JOBS).values(
                        id=id,
                        task=task,
                        state=job.state,
                        surface=surface,
                        language=language,
                        request=job.request,
                        wishes=job.wishes,
                        source=asdict(source),
                        upload_id=source.ref if source.kind == "upload" else None,
                        title=job.title,
                        workbook=job.workbook,
                        created=job.created.timestamp(),
                    )
                )
        except BaseException:
            shutil.rmtree(job.folder, ignore_errors=True)
            raise
        return job

    def get(self, id: str) -> Job:
        """The job with this id. Raises ``NotFound`` (``unknown-job``)."""
        with self._store.reading() as books:
            return self._get(books, id)

    def list(
        self,
        *,
        limit: int = 50,
        states: Collection[JobState] | None = None,
        workbook: str | None = None,
        applied: bool | None = None,
    ) -> Sequence[Job]:
        """The newest jobs. ``applied`` true: those with changes that still stand in a host, the last applied first."""
        stands = and_(
            APPLICATIONS.c.job_id == JOBS.c.id,
            APPLICATIONS.c.state.in_(("written", "partly")),
            APPLICATIONS.c.written > 0,
        )
        wanted = select(JOBS)
        if states is not None:
            wanted = wanted.where(JOBS.c.state.in_(states))
        if workbook is not None:
            wanted = wanted.where(JOBS.c.workbook == plain(workbook))
        if applied is not None:
            wanted = wanted.where(exists().where(stands) if applied else ~exists().where(stands))
        if applied:
            last = select(func.max(APPLICATIONS.c.created)).where(stands).scalar_subquery()
            wanted = wanted.order_by(last.desc(), JOBS.c.number.desc())
        else:
            wanted = wanted.order_by(JOBS.c.number.desc())
        with self._store.reading() as books:
            return [job_of(row, self._folder(row.id)) for row in books.execute(wanted.limit(limit))]

    def cancel(self, id: str) -> Job:
        """A queued job is cancelled at once, a running one is asked to stop; any other stays as it is."""
        with self._store.writing() as books:
            job = self._get(books, id)
            if job.state == "queued" or job.interrupted:
                self._set(books, JOBS.c.id == id, **ended("cancelled"))
            elif job.state == "running":
                self._set(books, JOBS.c.id == id, cancel_wanted=True)
            return self._get(books, id)

    def resume(self, id: str) -> Job:
        """Queue a job again that can be: see ``Job.is_resumable``. Its finished parts stay.

        Raises ``Conflict``: ``job-running``, ``job-not-resumable``.
        """
        with self._store.writing() as books:
            job = self._get(books, id)
            if not job.is_resumable:
                raise _in_the_way(job)
            self._set(
                books,
                JOBS.c.id == id,
                state="queued",
                attempts=0,
                cancel_wanted=False,
                owner=None,
                lease_until=None,
                finished=None,
                error_code=None,
                error_parameters={},
                summary={**job.summary, "resumed": now()},
            )
            return self._get(books, id)

    # --- jobs, as whoever works on them sees them

    def take(self, owner: str) -> Job | None:
        """Lease the service's oldest job that waits or whose lease has lapsed to ``owner``; None where there is none.

        One that was taken ``MOST_ATTEMPTS`` times and never ended is failed (``job-keeps-failing``) instead.
        """
        with self._store.writing() as books:
            waiting = and_(JOBS.c.surface == "http", or_(JOBS.c.state == "queued", _lapsed()))
            for row in books.execute(select(JOBS).where(waiting).order_by(JOBS.c.number)).all():
                job = job_of(row, self._folder(row.id))
                if job.cancel_wanted:
                    self._set(books, JOBS.c.id == job.id, **ended("cancelled"))
                elif job.attempts >= MOST_ATTEMPTS:
                    error = InputError("job-keeps-failing", job=job.id, times=job.attempts)
                    self._set(books, JOBS.c.id == job.id, **ended("failed", error))
                else:
                    return self._lease(books, job, owner)
        return None

    def claim(self, id: str, owner: str) -> Job:
        """Lease one job to ``owner``. Raises ``Conflict``: ``job-running``, ``job-not-resumable``."""
        with self._store.writing() as books:
            job = self._get(books, id)
            if job.state != "queued" and not job.interrupted:
                raise _in_the_way(job)
            return self._lease(books, job, owner)

    def heartbeat(self, id: str, owner: str) -> bool:
        """Keep the lease, and say whether the job is to be cancelled. Raises ``LostLease``."""
        return self._renew(id, owner)

    def progress(self, id: str, owner: str, done: int, total: int, what: str) -> bool:
        """A heartbeat that also says how far the job is. Raises ``LostLease``."""
        return self._renew(id, owner, done=done, total=total, what=what)

    def finish(
        self,
        id: str,
        owner: str,
        state: JobState,
        *,
        error: DeskhandError | None = None,
        summary: Mapping[str, Any] | None = None,
    ) -> bool:
        """End the job, if it is still ``owner``'s; says whether it was. The parts of a job that is done go.

        Without a ``summary`` that of an earlier run stays.
        """
        with self._store.writing() as books:
            mine = and_(JOBS.c.id == id, JOBS.c.owner == owner, JOBS.c.state == "running")
            values = ended(state, error)
            if state == "done":
                values["done"] = JOBS.c.total
            if summary is not None:
                values["summary"] = dict(summary)
            was_mine = self._set(books, mine, **values)
            if was_mine and state == "done":
                books.execute(delete(PARTS).where(PARTS.c.job_id == id))
            return was_mine

    def give_back(self, id: str, owner: str) -> None:
        """Queue the job again, if it is still ``owner``'s: its worker stops, and this was no attempt that failed."""
        with self._store.writing() as books:
            mine = and_(JOBS.c.id == id, JOBS.c.owner == owner, JOBS.c.state == "running")
            self._set(books, mine, state="queued", owner=None, lease_until=None, attempts=JOBS.c.attempts - 1)

    def release_orphans(self, surface: Surface) -> int:
        """Queue every running job of a surface again, whatever its lease, and say how many.

        Only for whoever knows that nobody else works for that surface.
        """
        with self._store.writing() as books:
            running = and_(JOBS.c.state == "running", JOBS.c.surface == surface)
            freed = update(JOBS).where(running).values(state="queued", owner=None, lease_until=None)
            return books.execute(freed).rowcount

    def kept(self, id: str, key: str) -> Any | None:
        """The part of a job that was kept under ``key``, or None."""
        with self._store.reading() as books:
            part = select(PARTS.c.part).where(PARTS.c.job_id == id, PARTS.c.key == key)
            return books.execute(part).scalar_one_or_none()

    def keep(self, id: str, key: str, part: Any) -> None:
        """Keep a part of a job, as JSON can hold it, in place of what was kept under ``key``."""
        with self._store.writing() as books:
            row = insert_or_update(PARTS).values(job_id=id, key=key, part=part)
            books.execute(row.on_conflict_do_update(index_elements=["job_id", "key"], set_={"part": row.excluded.part}))

    def items(self, id: str) -> Sequence[str]:
        """The keys of the parts that are kept for a job."""
        with self._store.reading() as books:
            return list(books.execute(select(PARTS.c.key).where(PARTS.c.job_id == id).order_by(PARTS.c.key)).scalars())

    # --- files sent to the service

    def add_upload(self, name: str, path: Path, size: int) -> str:
        """Note a file that was sent: what the person calls it, where it lies, its bytes. Gives its id."""
        id = new_id()
        with self._store.writing() as books:
            row = {"id": id, "name": plain(name), "path": str(path), "size": size, "created": now()}
            books.execute(insert(UPLOADS).values(row))
        return id

    def upload(self, id: str) -> Upload:
        """The file that was sent under this id. Raises ``NotFound`` (``unknown-upload``)."""
        with self._store.reading() as books:
            row = books.execute(select(UPLOADS).where(UPLOADS.c.id == id)).one_or_none()
        if row is None:
            raise NotFound("unknown-upload", id=id)
        return upload_of(row)

    # --- what was applied of a job's result in a host

    def add_application(self, job_id: str, workbook: str, accepted: int) -> int:
        """Note that changes are about to be written into a host; gives the number of this application."""
        with self._store.writing() as books:
            self._get(books, job_id)
            highest = select(func.max(APPLICATIONS.c.n)).where(APPLICATIONS.c.job_id == job_id)
            n = int(books.execute(highest).scalar_one_or_none() or 0) + 1
            row = {"job_id": job_id, "n": n, "workbook": plain(workbook), "accepted": accepted, "created": now()}
            books.execute(insert(APPLICATIONS).values(**row, state="prepared"))
        return n

    def application(self, job_id: str, n: int) -> Application:
        """One application of a job. Raises ``NotFound`` (``unknown-application``)."""
        with self._store.reading() as books:
            row = books.execute(
                select(APPLICATIONS).where(APPLICATIONS.c.job_id == job_id, APPLICATIONS.c.n == n)
            ).one_or_none()
        if row is None:
            raise NotFound("unknown-application", job=job_id, n=n)
        return application_of(row)

    def applications(self, job_id: str) -> Sequence[Application]:
        """All applications of a job, the first one first."""
        with self._store.reading() as books:
            rows = books.execute(
                select(APPLICATIONS).where(APPLICATIONS.c.job_id == job_id).order_by(APPLICATIONS.c.n)
            ).all()
        return [application_of(row) for row in rows]

    def last_application(self, job_id: str) -> Application | None:
        """The last application of a job, whatever its state."""
        return next(reversed(self.applications(job_id)), None)

    def set_application(
        self, job_id: str, n: int, *, state: ApplicationState, written: int, conflicts: Mapping[str, str]
    ) -> None:
        """Note what became of an application."""
        with self._store.writing() as books:
            this = and_(APPLICATIONS.c.job_id == job_id, APPLICATIONS.c.n == n)
            values = {"state": state, "written": written, "conflicts": dict(conflicts)}
            books.execute(update(APPLICATIONS).where(this).values(values))

    # --- the end of it all

    def purge(self, today: datetime) -> int:
        """Forget jobs that ended, or were applied last, ``keep_days`` before ``today``, and what was sent before that.

        Gives the number of jobs. Their folders and files go; journals stay, and so does a job of the service that still
        waits, with its file.
        """
        eldest = (today - timedelta(days=self.settings.keep_days)).timestamp()
        left_lying = and_(JOBS.c.surface == "cli", or_(JOBS.c.lease_until.is_(None), JOBS.c.lease_until < eldest))
        old = and_(func.coalesce(JOBS.c.finished, JOBS.c.created) < eldest, or_(JOBS.c.state.in_(FINISHED), left_lying))
        in_use = exists().where(APPLICATIONS.c.job_id == JOBS.c.id, APPLICATIONS.c.created >= eldest)
        needed = exists().where(JOBS.c.upload_id == UPLOADS.c.id)
        with self._store.writing() as books:
            gone = books.execute(delete(JOBS).where(old, ~in_use)).rowcount
            books.execute(delete(UPLOADS).where(UPLOADS.c.created < eldest, ~needed))
            jobs = set(books.execute(select(JOBS.c.id)).scalars())
            uploads = [Path(path) for path in books.execute(select(UPLOADS.c.path)).scalars()]
        remove_leftovers(self.settings, jobs, uploads, eldest)
        return gone

    # --- rows

    def _folder(self, id: str) -> Path:
        return self.settings.jobs_folder / id

    def _get(self, books: Connection, id: str) -> Job:
        row = books.execute(select(JOBS).where(JOBS.c.id == id)).one_or_none()
        if row is None:
            raise NotFound("unknown-job", job=id)
        return job_of(row, self._folder(row.id))

    def _set(self, books: Connection, which: ColumnElement[bool], **values: Any) -> bool:
        return books.execute(update(JOBS).where(which).values(values)).rowcount > 0

    def _lease(self, books: Connection, job: Job, owner: str) -> Job:
        started = now()
        self._set(
            books,
            JOBS.c.id == job.id,
            state="running",
            owner=owner,
            lease_until=started + self.settings.lease_seconds,
            attempts=job.attempts + 1,
            started=started,
            cancel_wanted=False,
            done=0,
            total=0,
            what="",
        )
        return self._get(books, job.id)

    def _renew(self, id: str, owner: str, **values: Any) -> bool:
        with self._store.writing() as books:
            mine = and_(JOBS.c.id == id, JOBS.c.owner == owner, JOBS.c.state == "running")
            renewed = update(JOBS).where(mine).values(lease_until=now() + self.settings.lease_seconds, **values)
            wanted = books.execute(renewed.returning(JOBS.c.cancel_wanted)).scalar_one_or_none()
        if wanted is None:
            raise LostLease
        return bool(wanted)


def _in_the_way(job: Job) -> Conflict:
    """Why a job can't be taken up as it stands."""
    if job.state == "running" and job.lease_until is not None:
        seconds = max(1, round((job.lease_until - datetime.now(UTC)).total_seconds()))
        return Conflict("job-running", job=job.id, seconds=seconds)
    return Conflict("job-not-resumable", job=job.id)


def _lapsed() -> ColumnElement[bool]:  # as ``model.has_lapsed``
    until, here = JOBS.c.lease_until, now()
    return and_(JOBS.c.state == "running", or_(until.is_(None), until <= here, until > here + LONGEST_LEASE))
