"""Background work: its progress, cancelling and retrying it."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.jobs import JobList, JobQuery, JobRead, render_job
from chalicelib.ids import JobId, ProjectId


@route(
    "GET", "/api/jobs/", action="job.read", query=JobQuery, answer=JobList, errors=(404,), summary="List jobs"
)
def list_jobs(call: Call, *, query: JobQuery) -> JobList:
    """The newest 50 of a project, or of the organization."""
    project = ProjectId(query.project) if query.project is not None else None
    found = wiring.project_jobs().newest(call.principal, project)
    return {"results": [render_job(job) for job in found]}


@route("GET", "/api/jobs/{job_id}/", action="job.read", answer=JobRead, summary="Show a job's progress")
def get_job(call: Call, *, job_id: int) -> JobRead:
    """State, progress, problems and result."""
    return render_job(wiring.project_jobs().get(call.principal, JobId(job_id)))


@route(
    "POST",
    "/api/jobs/{job_id}/cancel/",
    action="job.control",
    answer=JobRead,
    errors=(409,),
    summary="Cancel a job and take back what it did",
)
def cancel_job(call: Call, *, job_id: int) -> JobRead:
    """409 when the job has ended."""
    return render_job(wiring.project_jobs().cancel(call.principal, JobId(job_id)))


@route(
    "POST",
    "/api/jobs/{job_id}/retry/",
    action="job.control",
    answer=JobRead,
    errors=(409,),
    summary="Start a failed or cancelled job again",
)
def retry_job(call: Call, *, job_id: int) -> JobRead:
    """409 when the job has not failed."""
    return render_job(wiring.project_jobs().retry(call.principal, JobId(job_id)))


@route(
    "GET",
    "/api/jobs/{job_id}/report/",
    action="job.read",
    media="text/csv",
    status=303,
    summary="Download every problem of a job",
)
def download_report(call: Call, *, job_id: int) -> Answer:
    """A table with the place and the text of each problem; 404 when there is none."""
    job = wiring.project_jobs().get(call.principal, JobId(job_id))
    return redirect(wiring.jobs().report_url(job), status=303)
