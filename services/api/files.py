"""Files in and out: uploads, which are streamed to disk, and what a job on a file has made."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from flask import Response, request, send_file
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from services.api.describing import ANSWERS, answer, tag
from services.api.desk import desk
from services.api.file_results import file_named
from services.api.jobs import JobPath, job_in
from services.api.negotiation import language, wants_tsv
from services.api.replies import json_reply, tsv_reply
from services.errors import InputError, NotFound
from services.folder import private_folder
from services.jobs.model import Job
from services.tasks.registry import tasks
from services.workbook.placing import placed

BINARY = "application/octet-stream"
"""What a file is sent as: nothing that a browser would show by itself."""
_SUFFIXES = frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".tab"))
"""Names that say what a file is; a file of any other name is known by its content alone."""

api = APIBlueprint("files", __name__, url_prefix="/v1", abp_tags=[tag("files")])


class UploadQuery(BaseModel):
    """What the person calls the file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=255)


class UploadReply(BaseModel):
    """A file that was sent: its id, what it is called, its bytes (not told in TSV, where `size` is that of cells)."""

    file: str
    name: str
    size: int


class FilePath(JobPath):
    """The file of a job that is meant."""

    name: str = Field(description="One of the `files` that an apply has named.")


@api.post(
    "/files",
    responses={201: answer(UploadReply, "Taken"), **ANSWERS},
    openapi_extensions={
        "requestBody": {"required": True, "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
def upload_file(query: UploadQuery) -> Response:
    """Send a file: its bytes as they are."""
    here, name = desk(), _own_name(query.name)
    folder = here.settings.uploads_folder
    with suppress(OSError):  # told by ``placed``
        private_folder(folder)
    suffix = Path(name).suffix.lower()
    path = folder / f"{secrets.token_hex(16)}{suffix if suffix in _SUFFIXES else ''}"
    with placed(path) as draft:
        with draft.open("wb") as stream:
            shutil.copyfileobj(request.stream, stream, 1024 * 1024)
        size = draft.stat().st_size
        if not size:
            raise InputError("file-empty", file=name)
    try:
        id_ = here.ledger.add_upload(name, path, size)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    reply = UploadReply(file=id_, name=name, size=size)
    return tsv_reply(reply.model_dump(exclude={"size"}), status=201) if wants_tsv() else json_reply(reply, 201)


@api.get(
    "/jobs/<job>/files/<name>",
    responses={
        200: {"description": "The file", "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}},
        **ANSWERS,
    },
)
def fetch_file(path: FilePath) -> Response:
    """Fetch a file that a job has made."""
    job = job_in(path)
    file = file_named(job, path.name)
    return send_file(file, mimetype=BINARY, as_attachment=True, download_name=name_of_result(job, file))


@api.get(
    "/jobs/<job>/recipe",
    responses={
        200: {"description": "The recipe", "content": {"application/toml": {"schema": {"type": "string"}}}},
        **ANSWERS,
    },
)
def fetch_recipe(path: JobPath) -> Response:
    """The recipe that makes a job's changes again."""
    job = job_in(path)
    recipe_text = tasks()[job.task].recipe_text
    if recipe_text is None:
        raise NotFound("no-such-file", file="recipe")
    text = recipe_text(desk().result(job), language())
    return Response(text, content_type="application/toml; charset=utf-8")


def name_of_result(job: Job, file: Path) -> str:
    """What a file that a job has made is called where it is fetched: after the person's own."""
    return f"{Path(_own_name(job.source.name)).stem}-{job.task}{file.name.removeprefix('result')}"


def _own_name(name: str) -> str:
    """The last part of what may be a path of any system, without what no name should hold; never used as a path."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(character for character in last if character.isprintable())[:200] or "file"
