"""What a task would cost: ``POST /v1/estimates/<name>`` with the body that starts it. Nothing is asked or kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from services.api.bodies import read_call
from services.api.describing import ANSWERS, answer, body, tag
from services.api.desk import desk
from services.api.negotiation import wants_tsv
from services.api.replies import json_reply, tsv_reply
from services.api.tasks import TaskCall, task_call, whole_request
from services.errors import InputError
from services.jobs.model import SourceRef
from services.jobs.trial import Forecast, forecast
from services.jobs.work import named_as_known
from services.tasks.registry import AnyTask, tasks
from services.workbook.files import open_source
from services.workbook.grid import Grid
from services.workbook.host import HostCells


def estimate_routes() -> APIBlueprint:
    """The routes of all registered tasks that work on cells."""
    api = APIBlueprint("estimates", __name__, url_prefix="/v1/estimates", abp_tags=[tag("tasks")])
    for task in tasks().values():
        if task.source != "cells":
            continue
        call = task_call(task.name)
        api.post(
            f"/{task.name}",
            endpoint=task.name,
            summary=f"What the task {task.name} would cost",
            description="Calls, tokens, and money where prices are set; `known` answers cost nothing. Nothing is sent.",
            responses={200: answer(Forecast), **ANSWERS},
            openapi_extensions=body(call),
            operation_id=f"estimate_{task.name}",
        )(_view(task, call))
    return api


def _view(task: AnyTask, model: type[TaskCall]) -> Callable[[], Response]:
    def estimate() -> Response:
        call, grids = read_call(model)
        return _estimated(task, call, grids)

    return estimate


def _estimated(task: AnyTask, call: Any, grids: Sequence[Grid]) -> Response:
    here = desk()
    if (call.file is None) == (not grids):
        raise InputError("cells-or-file")
    request, settings = whole_request(task, call.request), here.current()
    if call.file is None:
        found = forecast(task, request, HostCells(call.workbook, tuple(grids)), settings, call.model_wishes())
    else:
        upload = here.ledger.upload(call.file)
        with named_as_known(SourceRef("upload", ref=upload.id, name=upload.name)):
            found = forecast(task, request, open_source(upload.path), settings, call.model_wishes())
    return tsv_reply(found.model_dump()) if wants_tsv() else json_reply(found)
