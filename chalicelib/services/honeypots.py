"""How well annotators do on the tasks whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.auth.principals import Principal
from chalicelib.domain.agreement.accuracy import Accuracy, accuracy
from chalicelib.domain.tasks.counts import total
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project


@dataclass(frozen=True, slots=True)
class Judgements:
    """Of how many tasks one is to be such, how many there are, and how well each annotator did, by user."""

    every: int
    truths: int
    annotators: Sequence[tuple[UserId, Accuracy]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoneypotService:
    """Shows managers what came of honeypots. The counts lie in the annotators' rows."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore

    def judgements(self, principal: Principal, project_id: ProjectId) -> Judgements:
        """Two queries, however many annotators and tasks there are."""
        project = open_project(self.projects, principal, "project.judge", project_id)
        truths = total(summary.counts for summary in self.tasks.summaries(project_id)).ground_truth
        rows = self.queue.annotators(project_id)
        found = [(row.user_id, accuracy(row.judged, row.score, row.right)) for row in rows if row.judged]
        return Judgements(project.honeypot_every, truths, found)
