"""The routes that carry out a job's changes and take them back: apply, confirm, undo.

What there is to write is found in ``applications`` (cells of a host) and ``file_results`` (a file).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from services.api.applications import Applications
from services.api.bodies import Call, read_call
from services.api.describing import ANSWERS, answer, body, tag
from services.api.desk import desk
from services.api.file_results import apply_to_file, take_back_in_file
from services.api.job_reply import JobReply, reply_on
from services.api.jobs import JobPath, job_in
from services.api.writes_reply import WritesReply, files_reply, writes_reply
from services.errors import InputError
from services.jobs.model import Job
from services.tasks.source import CellTable
from services.workbook.addresses import Place, parse_place
from services.workbook.changes import Verdict

_VERDICTS: dict[str, tuple[Verdict, ...]] = {"safe": ("safe",), "all": ("safe", "review"), "none": ()}
_MOST_IDS = 1_000_000
"""In one list, so that a few letters can't ask for work without end."""
_SPAN = re.compile(r"(\d{1,8})-(\d{1,8})", re.ASCII)

api = APIBlueprint("applying", __name__, url_prefix="/v1/jobs", abp_tags=[tag("applying")])


class ApplyCall(Call):
    """The cells as they are now, the rows of values of each table in its order, and which changes to carry out.

    A job on a file takes no cells.
    """

    accept: str = Field("safe", description="`safe`, `all`, `none`, or ids such as `1,3,5-9`.")


class UndoCall(Call):
    """The cells as they are now, and what to take back: changes by id, those of a cell, or the whole last time."""

    change: str | None = Field(None, description="Ids such as `1,3,5-9`.")
    cell: str | None = Field(None, max_length=300, description="`B7` or `Orders!B7`.")
    sheet: str | None = Field(None, description="The sheet of `cell`, where that does not name it.")


class ConfirmCall(Call):
    """The host has written what an apply (or, with ``undo``, an undo) told it to."""

    application: int = Field(ge=0)
    written: int = Field(0, ge=0, description="Cells that were really written.")
    undo: bool = False


@api.post("/<job>/apply", responses={200: answer(WritesReply), **ANSWERS}, openapi_extensions=body(ApplyCall))
def apply(path: JobPath) -> Response:
    """Carry out changes: what to write into the cells as they are now."""
    call, grids = read_call(ApplyCall)
    job = job_in(path)
    tables = desk().result(job).tables
    accepted = _accepted(call.accept, tables)
    if job.source.kind == "grids":
        with desk().alone_on(job):
            made = _applications(job, tables).apply(grids, accepted)
        return writes_reply(made.n, made.applied, tables)
    with desk().alone_on(job):
        written = apply_to_file(desk().ledger, job, tables, accepted)
    return files_reply(written.n, written.applied, tables, written.cells, written.files)


@api.post("/<job>/undo", responses={200: answer(WritesReply), **ANSWERS}, openapi_extensions=body(UndoCall))
def undo(path: JobPath) -> Response:
    """Take changes back: what to write into the cells as they are now."""
    call, grids = read_call(UndoCall)
    job = job_in(path)
    tables = desk().result(job).tables
    ids = None if call.change is None else list(_listed(call.change))
    place = None if call.cell is None else _place(call.cell, call.sheet)
    if job.source.kind == "grids":
        applications = _applications(job, tables)
        with desk().alone_on(job):
            made = applications.take_back(grids, ids if place is None else applications.ids_at(place))
        return writes_reply(made.n, made.applied, tables)
    with desk().alone_on(job):
        written = take_back_in_file(desk().ledger, job, tables, ids, place)
    return files_reply(written.n, written.applied, tables, written.cells, written.files)


@api.post("/<job>/confirm", responses={200: answer(JobReply), **ANSWERS}, openapi_extensions=body(ConfirmCall))
def confirm(path: JobPath) -> Response:
    """Confirm that the host has written what it was told to."""
    call, _ = read_call(ConfirmCall)
    job = job_in(path)
    if call.application:
        tables = desk().result(job).tables
        with desk().alone_on(job):
            _applications(job, tables).confirm(call.application, call.written, undone=call.undo)
    return reply_on(job)


def _applications(job: Job, tables: Sequence[CellTable]) -> Applications:
    here = desk()
    return Applications(here.ledger, here.settings.journals_folder, job, tables)


def _accepted(wish: str, tables: Sequence[CellTable]) -> Collection[str]:
    """The ids of the changes that are wanted."""
    if wish in _VERDICTS:
        return {id_ for table in tables for id_ in table.changes.with_verdicts(_VERDICTS[wish])}
    return set(_listed(wish))


def _listed(text: str) -> Iterator[str]:
    """The ids of a list such as ``1,3,5-9``. Raises ``InputError`` (``option-invalid``) for a span that is none."""
    room = _MOST_IDS
    for part in text.split(","):
        word = part.strip()
        if span := _SPAN.fullmatch(word):
            first, last = int(span[1]), int(span[2])
            room -= last - first + 1
            if not first <= last or room < 0:
                raise InputError("option-invalid", option="accept, change", value=word, detail="1,3,5-9")
            yield from map(str, range(first, last + 1))
        elif word:
            yield word


def _place(cell: str, sheet: str | None) -> Place:
    """The cell that is meant. Raises ``InputError`` (``bad-range``)."""
    found = parse_place(cell)
    if found is None:
        raise InputError("bad-range", range=cell)
    return found._replace(sheet=found.sheet or sheet)
