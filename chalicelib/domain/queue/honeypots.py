"""Tasks whose answer is known, mixed in at a rate among those that are to be done. Pure.

In a project with `honeypot_every` a task with a ground truth is a *honeypot*: finished by its truth, whatever
else is answered there, and handed out to everybody once. Of as many tasks as the setting says, one is a
honeypot; which of them is told by the number of tasks that somebody has done, who they are, and a secret of
the installation: always the same for whoever computes it, and to nobody else.
"""

from __future__ import annotations

import hashlib

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.places import Queueable, honeypots
from chalicelib.domain.queue.signals import chance
from chalicelib.domain.tasks.entities import QueuePlace, Task
from chalicelib.ids import TaskId, UserId


def has_truth(task: Queueable) -> bool:
    """Whether it is known what to answer."""
    return any(answer.ground_truth and not answer.cancelled for answer in task.answers)


def is_honeypot(task: Queueable, project: Project) -> bool:
    """Whether annotators are compared with the task's truth without knowing it."""
    return project.honeypot_every > 0 and has_truth(task)


def is_due(done: int, project: Project, user: UserId, secret: str) -> bool:
    """Whether the user's next task, after so many, is a honeypot: one of each `honeypot_every` is."""
    if project.honeypot_every <= 0:
        return False
    group, place = divmod(done, project.honeypot_every)
    drawn = int(_digits(secret, project.id, user, group, "place"), 16)
    return place == drawn % project.honeypot_every


def start_of(project: Project, user: UserId, secret: str) -> str:
    """Where among the honeypots the user begins: each somewhere else, so that nobody is in another's way."""
    return _digits(secret, project.id, user, "start")


def rank(task: TaskId, done: int, project: Project, user: UserId, secret: str) -> str:
    """Which of the honeypots at hand is given, the least: another time, and to another, another."""
    return _digits(secret, project.id, user, done, task, "rank")


def honeypot_place(task: Queueable) -> QueuePlace:
    """Where a honeypot stands: by chance, and by how often it has moved, so that a key names one state."""
    partition = honeypots(task.project_id)
    moves = 0
    if task.queue is not None and task.queue.partition == partition:
        moves = int(task.queue.key.rsplit("#", 1)[1]) + 1
    return QueuePlace(partition, f"{chance(task.id)}#{task.id:016d}#{moves}")


def may_answer(task: Task, user: UserId, *, again: bool) -> bool:
    """Whether a honeypot can be given to the user: once; `again` where skipped tasks come back to them."""
    own = [answer for answer in task.answers if answer.user == user]
    return not own or (again and all(answer.cancelled for answer in own))


def _digits(secret: str, *parts: object) -> str:
    words = ":".join(map(str, parts)).encode()
    return hashlib.blake2b(words, digest_size=4, key=secret.encode()[:64]).hexdigest()
