"""What is kept about oneself: to have it, and to have it gone."""

from __future__ import annotations

from typing import cast

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.credentials import session_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.jobs import JobRead, render_job
from chalicelib.api.schemas.memberships import EraseWrite
from chalicelib.api.schemas.own_data import OwnData
from chalicelib.clock import system_clock
from chalicelib.ids import JobId


@route(
    "GET",
    "/api/current-user/data/",
    action="self.read",
    answer=OwnData,
    summary="Everything that is kept about oneself",
)
def own_data(call: Call) -> OwnData:
    """Profile, memberships, and in which projects one has worked; exports hold the annotations themselves."""
    return cast("OwnData", wiring.person_data().collect(call.principal))


@route(
    "POST",
    "/api/current-user/data/archive/",
    action="self.read",
    answer=JobRead,
    status=202,
    keeps_receipts=True,
    summary="Make an archive of one's data",
)
def make_archive(call: Call) -> Answer:
    """A job; its archive holds the account and all annotations and comments one made, for nobody else."""
    return Answer(202, render_job(wiring.person_exports().begin(call.principal), system_clock()))


@route(
    "GET",
    "/api/current-user/data/archive/{job_id}/",
    action="self.read",
    status=303,
    errors=(409,),
    media="application/zip",
    summary="Download an archive of one's data",
)
def download_archive(call: Call, *, job_id: int) -> Answer:
    """409 until the job is completed."""
    job = wiring.project_jobs().get(call.principal, JobId(job_id))
    return redirect(wiring.person_exports().url(job), status=303)


@route(
    "POST",
    "/api/current-user/erase/",
    action="self.update",
    body=EraseWrite,
    status=204,
    errors=(409,),
    summary="Erase one's account",
)
def erase(call: Call, *, body: EraseWrite) -> Answer:
    """Name, address, tokens and sessions go for good; what one made stays, by a "deleted user"."""
    wiring.person_data().erase(call.principal, email=body.email, password=body.password)
    return Answer(204, None, cookies=(session_cookie(""),))
