"""Starting a task: ``POST /v1/tasks/<name>``, a route for each registered task, its request described by its model.

What it would cost is told in ``estimates``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, create_model

from services.api.bodies import Call, read_call
from services.api.describing import ANSWERS, answer, body, tag
from services.api.desk import desk
from services.api.job_reply import JobReply, reply_on
from services.api.negotiation import language, wait_seconds
from services.errors import InputError
from services.jobs.model import SourceRef
from services.jobs.work import store_grids
from services.llm.wishes import ModelWishes
from services.tasks.registry import AnyTask, tasks
from services.workbook.grid import Grid


def task_routes() -> APIBlueprint:
    """The routes of all registered tasks that work on cells."""
    api = APIBlueprint("tasks", __name__, url_prefix="/v1/tasks", abp_tags=[tag("tasks")])
    for task in tasks().values():
        if task.source != "cells":
            continue
        call = task_call(task.name)
        api.post(
            f"/{task.name}",
            endpoint=task.name,
            summary=f"Start the task {task.name}",
            description="202 and the job, or 200 where it has ended within `Prefer: wait=N` seconds.",
            responses={200: answer(JobReply), 202: answer(JobReply), **ANSWERS},
            openapi_extensions=body(call),
            operation_id=f"start_{task.name}",
        )(_view(task, call))
    return api


class TaskCall(Call):
    """Which cells to work on, sent along or in an uploaded file, and what is wished of the model for this run."""

    file: str | None = Field(None, description="The id of an uploaded file.")
    workbook: str = Field("", max_length=1000, description="What the person calls the cells' workbook.")
    no_model: bool = Field(False, description="Ask no model.")
    model: str | None = Field(None, max_length=200, description="Ask this model in place of the one that is set.")
    budget_tokens: int | None = Field(None, ge=1, description="Sent and received together.")
    fresh: bool = Field(False, description="Use no answers from earlier runs.")

    def model_wishes(self) -> ModelWishes:
        """The wishes as a job keeps them."""
        return ModelWishes(
            no_model=self.no_model, model=self.model or None, budget_tokens=self.budget_tokens, fresh=self.fresh
        )


@cache
def task_call(name: str) -> type[TaskCall]:
    """The body of a call that starts the task of that name, or asks what it would cost."""
    task = tasks()[name]
    return create_model(
        f"{name.capitalize()}Call",
        __base__=TaskCall,
        __doc__="What to do, and with which cells: grids that are sent along, or an uploaded file.",
        request=(task.request_type, Field(default_factory=task.request_type)),
    )


def _view(task: AnyTask, model: type[Call]) -> Callable[[], Response]:
    def start() -> Response:
        call, grids = read_call(model)
        return _start(task, call, grids)

    return start


def _start(task: AnyTask, call: Any, grids: Sequence[Grid]) -> Response:
    here = desk()
    workbook, upload = call.workbook, None if call.file is None else here.ledger.upload(call.file)
    if (upload is None) == (not grids):
        raise InputError("cells-or-file")
    if upload is None:
        source = SourceRef("grids", name=workbook)
        title = ", ".join(dict.fromkeys(grid.sheet for grid in grids if grid.sheet))
    else:
        source = SourceRef("upload", ref=upload.id, name=upload.name)
        workbook, title = workbook or upload.name, upload.name
    request = whole_request(task, call.request)
    job = here.ledger.add(
        task.name,
        request.model_dump(mode="json"),
        source,
        surface="http",
        language=language(),
        title=title,
        workbook=workbook,
        wishes={"model": call.model_wishes().model_dump(exclude_defaults=True)},
        prepare=(lambda job: store_grids(job, grids)) if upload is None else None,
    )
    here.runner.wake()
    here.tidy()
    if seconds := wait_seconds():
        job = here.runner.wait(job.id, seconds)
    return reply_on(job, 200 if job.is_finished else 202, Location=f"/v1/jobs/{job.id}")


def whole_request(task: AnyTask, request: BaseModel) -> BaseModel:
    """A request with what the caller and the settings say, where it does not say it itself."""
    kind: type[BaseModel] = task.request_type
    return kind.model_validate({**_defaults(task), **request.model_dump(exclude_unset=True)})


def _defaults(task: AnyTask) -> dict[str, Any]:
    """What the caller and the settings say, for the fields of a request that has them."""
    known = {"language": language(), "region": desk().settings.region}
    return {name: value for name, value in known.items() if name in task.request_type.model_fields}
