"""The web service, put together: the only place that knows all routes. ``cli.serve`` listens and runs the jobs."""

from __future__ import annotations

import secrets
from typing import NoReturn

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from services.api import applying, estimates, files, health, jobs, model, stopping, templates, tickets
from services.api import settings as settings_routes
from services.api.bodies import invalid
from services.api.describing import add_schemas
from services.api.desk import Desk
from services.api.pages.routes import page_routes
from services.api.problems import Problem, told, told_fault, told_http
from services.api.security import guard, with_security_headers
from services.api.tasks import task_routes
from services.errors import DeskhandError
from services.jobs.ledger import Ledger
from services.jobs.runner import Runner
from services.settings import Settings
from services.version import own_version


def create_app(settings: Settings) -> OpenAPI:
    """The service on ``settings.port`` with a fresh token; nothing runs and nobody listens yet.

    What it works with is in ``app.extensions["deskhand"]``, a ``Desk``. Raises ``LedgerError``.
    """
    app = OpenAPI(
        "services.app",
        info=Info(title="Deskhand", version=own_version(), description="Tasks on cells for office front ends."),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        openapi_extensions={"security": [{"token": []}]},
        validation_error_model=Problem,
        validation_error_status=400,
        validation_error_callback=_refuse,
        doc_ui=False,
        static_folder=None,
    )
    ledger = Ledger(settings)
    app.extensions["deskhand"] = Desk(settings, ledger, Runner(settings, ledger), secrets.token_urlsafe(32))
    app.before_request(guard)
    app.after_request(with_security_headers)
    app.register_error_handler(DeskhandError, told)
    app.register_error_handler(HTTPException, told_http)
    app.register_error_handler(Exception, told_fault)
    for api in (
        health.api,
        task_routes(),
        estimates.estimate_routes(),
        jobs.api,
        applying.api,
        files.api,
        settings_routes.api,
        model.api,
        templates.api,
        stopping.api,
        tickets.api,
    ):
        app.register_api(api)
    app.register_blueprint(page_routes())
    add_schemas(app)
    return app


def _refuse(error: ValidationError) -> NoReturn:
    raise invalid(error)
