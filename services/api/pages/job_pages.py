"""The pages on jobs: the list, one job with what it found, stopping it and taking it up again, and its files."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from services.api.desk import check_ours, desk
from services.api.file_results import file_named
from services.api.files import BINARY, name_of_result
from services.api.job_reply import last_standing
from services.api.jobs import JobPath, job_in
from services.api.pages.entrance import see_other
from services.api.pages.job_view import Findings, findings_of, view_of
from services.api.pages.rendering import page, session, speaking
from services.api.pages.usage import counted
from services.errors import NotFound
from services.jobs.model import Job

_MOST_JOBS = 50

pages = Blueprint("jobs", __name__, url_prefix="/jobs")


@pages.get("")
def list_jobs() -> Response:
    """The newest jobs."""
    here, language = desk(), speaking()
    with counted(here.settings.replies_file) as usage:
        jobs = [view_of(job, usage(job.id), language) for job in here.ledger.list(limit=_MOST_JOBS)]
    said = "; ".join(f"{job.title}: {job.state_text}" for job in jobs if job.is_live)
    return page("jobs.html", "jobs", jobs=jobs, is_live=any(job.is_live for job in jobs), said=said, most=_MOST_JOBS)


@pages.get("/<job>")
def show_job(job: str) -> Response:
    """One job."""
    found = _job(job)
    last = last_standing(found.id)
    with counted(desk().settings.replies_file) as usage:
        view = view_of(found, usage(found.id), speaking())
    return page(
        "job.html",
        "jobs",
        job=view,
        findings=_findings(found),
        written=0 if last is None else last.written,
    )


@pages.post("/<job>/cancel")
def cancel_job(job: str) -> Response:
    """Ask it to stop."""
    here = desk()
    ended = here.ledger.cancel(_job(job).id)
    here.runner.wake()
    session().notice = "cancelled" if ended.is_finished else "stopping"
    return see_other(f"/jobs/{ended.id}")


@pages.post("/<job>/resume")
def resume_job(job: str) -> Response:
    """Take it up again."""
    here, found = desk(), _job(job)
    check_ours(found)
    here.ledger.resume(found.id)
    here.runner.wake()
    session().notice = "resumed"
    return see_other(f"/jobs/{found.id}")


@pages.get("/<job>/files/<name>")
def fetch_file(job: str, name: str) -> Response:
    """A file that it has made."""
    found = _job(job)
    file = file_named(found, name)
    return send_file(file, mimetype=BINARY, as_attachment=True, download_name=name_of_result(found, file))


def _job(id: str) -> Job:
    return job_in(JobPath(job=id))


def _findings(job: Job) -> Findings | None:
    """What it found, None where there is nothing of it (any more)."""
    if not job.has_result:
        return None
    try:
        return findings_of(job, speaking())
    except NotFound:
        return None
