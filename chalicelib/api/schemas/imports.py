"""Imports as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.jobs import render_job
from chalicelib.clock import system_clock
from chalicelib.domain.jobs import Job
from chalicelib.services.imports import ImportSummary

TasksWrite = list[dict[str, Any]] | dict[str, Any]
"""A task or many of them, each its data alone or with annotations and predictions; files come as a form."""


class ImportsWrite(Body):
    """Complete uploads, and files at web addresses, to be imported by a job.

    `dry_run` imports nothing: the job's result shows the first tasks, its problems all that is wrong.
    `on_problem` says what a problem takes with it: the whole import, its file, or only what cannot be read.
    """

    upload_ids: list[int] = Field(default_factory=list)
    urls: list[str] = Field(default_factory=list)
    preannotated_from_fields: list[str] = Field(default_factory=list)
    dry_run: bool = False
    as_tasks_list: bool = True
    on_problem: Literal["refuse", "skip_files", "skip_rows"] = "refuse"


class ReimportWrite(Body):
    """Uploads whose tasks are to be made anew."""

    file_upload_ids: list[int] = Field(default_factory=list)
    files_as_tasks_list: bool = True


class ImportQuery(Body):
    """How a synchronous import is to be done."""

    return_task_ids: bool = False
    commit_to_project: bool = True
    preannotated_from_fields: list[str] = Field(default_factory=list)


class ImportCounts(TypedDict):
    """How much an import made, and in how many seconds."""

    task_count: int
    annotation_count: int | None
    prediction_count: int | None
    duration: float


class ImportRead(ImportCounts, total=False):
    """What an import did."""

    file_upload_ids: list[int]
    could_be_tasks_list: bool
    found_formats: dict[str, int] | list[str]
    data_columns: list[str]
    task_ids: list[int]


def render_import(summary: ImportSummary, *, with_ids: bool) -> ImportRead:
    """What an import did, with the tasks' ids in the order of the input where they are asked for."""
    body: ImportRead = {
        "task_count": summary.task_count,
        "annotation_count": summary.annotation_count,
        "prediction_count": summary.prediction_count,
        "duration": summary.duration_s,
        "file_upload_ids": list(summary.upload_ids),
        "could_be_tasks_list": summary.could_be_tasks_list,
        "found_formats": dict(summary.found_formats) or [],
        "data_columns": list(summary.data_columns),
    }
    return body | {"task_ids": list(summary.task_ids)} if with_ids else body


class ImportStatus(TypedDict):
    """How an import in the background stands, as Label Studio's clients have it. `duration` in seconds."""

    id: int
    project: int
    status: Literal["created", "in_progress", "completed", "failed"]
    task_count: int
    annotation_count: int
    prediction_count: int
    duration: float
    file_upload_ids: list[int]
    could_be_tasks_list: bool
    found_formats: dict[str, int]
    data_columns: list[str]
    error: str | None
    task_ids: list[int]
    created_at: str
    finished_at: str | None


_IMPORT_STATES: Mapping[str, Literal["created", "in_progress", "completed", "failed"]] = {
    "queued": "created",
    "running": "in_progress",
    "undoing": "in_progress",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "failed",
}


def render_import_status(job: Job) -> ImportStatus:
    """An import's job; ids of the tasks that it made are not listed, as there may be millions."""
    read = render_job(job)
    result: dict[str, Any] = {**job.result}
    uploads: Any = job.arguments.get("uploads", ())
    ended = job.finished_at or system_clock()
    return {
        "id": job.id,
        "project": int(job.project or 0),
        "status": _IMPORT_STATES[job.state.value],
        "task_count": int(result.get("task_count", 0)),
        "annotation_count": int(result.get("annotation_count", 0)),
        "prediction_count": int(result.get("prediction_count", 0)),
        "duration": round((ended - job.created_at).total_seconds(), 3),
        "file_upload_ids": [int(each) for each in uploads],
        "could_be_tasks_list": bool(result.get("could_be_tasks_list", False)),
        "found_formats": dict(result.get("found_formats", {})),
        "data_columns": [*result.get("data_columns", ())],
        "error": read["last_error"] or None,
        "task_ids": [],
        "created_at": read["created_at"],
        "finished_at": read["finished_at"],
    }
