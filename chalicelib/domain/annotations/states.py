"""An annotation's way through its states, told by its versions: nothing of it is kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.workflow.machine import Event, Work
from chalicelib.domain.workflow.moves import SYSTEM, Refusal, next_move
from chalicelib.domain.workflow.presets import ANNOTATION
from chalicelib.ids import UserId


@dataclass(frozen=True, slots=True)
class AnnotationStateChange:
    """One step: into which state, by which transition, when and by whom. There are no reasons."""

    state: str
    name: str
    at: datetime
    user: UserId | None
    reason: str = ""


def annotation_changes(versions: Sequence[Annotation]) -> Iterator[AnnotationStateChange]:
    """The changes of state of an annotation, given all its versions, oldest first."""
    state = ANNOTATION.initial
    for index, version in enumerate(versions):
        event = Event.UPDATE if index else Event.SKIP if version.was_cancelled else Event.SUBMIT
        work = Work.SKIPS if version.was_cancelled else Work.ENOUGH
        move = next_move(ANNOTATION, state, event, work, SYSTEM)
        if isinstance(move, Refusal) or move.transition is None:
            continue
        state = move.target
        at, user = (version.updated_at, version.updated_by) if index else _made(version)
        yield AnnotationStateChange(state, move.transition.name, at, user)


def _made(version: Annotation) -> tuple[datetime, UserId | None]:
    return version.created_at, version.last_created_by or version.completed_by
