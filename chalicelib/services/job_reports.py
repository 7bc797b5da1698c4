"""The problems of a job as a table to download: a row each, with its place.

The row of a job keeps the first hundred; the report has all that the job has found.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from chalicelib.domain.formats.formulas import guarded
from chalicelib.domain.jobs import Job, Problem
from chalicelib.ports.blobs import BlobStore

REPORT_SECONDS = 600
CONTENT_TYPE = "text/csv; charset=utf-8"


class BlobJobReports:
    """Reports as blobs. Places and messages quote what people sent, so cells are guarded as in any table."""

    def __init__(self, blobs: BlobStore) -> None:
        """`blobs` is where all other files are."""
        self._blobs = blobs

    def write(self, job: Job, problems: Sequence[Problem]) -> None:
        """Keep the problems of this run; writing them again replaces them."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["place", "message"])
        rows.writerows([guarded(problem.place), guarded(problem.message)] for problem in problems)
        content = text.getvalue().encode("utf-8", "replace")
        self._blobs.put(_key(job), content, content_type=CONTENT_TYPE)

    def url(self, job: Job) -> str:
        """Where the report can be read for ten minutes; jobs of before there were reports get theirs now."""
        if self._blobs.info(_key(job)) is None:
            self.write(job, job.problems)
        name = f"job-{job.id}-problems.csv"
        return self._blobs.signed_get(
            _key(job), expires_s=REPORT_SECONDS, filename=name, content_type=CONTENT_TYPE
        )


def _key(job: Job) -> str:
    return f"reports/{job.organization}/{job.id}/{job.run}.csv"
