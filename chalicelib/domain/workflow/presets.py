"""The machines that come with the product. `PLAIN` is every project's until it chooses another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.workflow.machine import (
    ROLES,
    Effect,
    Event,
    Guard,
    Machine,
    State,
    Transition,
    Work,
)


class TaskState(StrEnum):
    """The states that tasks have without any review, by what lies in them."""

    UNLABELED = "unlabeled"
    IN_PROGRESS = "in_progress"
    SKIPPED = "skipped"
    LABELED = "labeled"


_UNLABELED, _IN_PROGRESS, _SKIPPED, _LABELED = (state.value for state in TaskState)
_EVERY = frozenset(Event)
_REVIEWERS = frozenset(ROLES) - {"annotator"}
_MANAGERS = _REVIEWERS - {"reviewer"}
_NOT_OWN = frozenset({Guard.NOT_OWN_WORK})
_TOLD = frozenset({Guard.REASON})


def _by_work(above: tuple[str, ...] = ()) -> tuple[Transition, ...]:
    """The transitions that answers cause; from states `above` labeled as from that."""
    return (
        Transition("finish", (_UNLABELED, _IN_PROGRESS, _SKIPPED), _LABELED, _EVERY),
        Transition("begin", (_UNLABELED, _SKIPPED), _IN_PROGRESS, _EVERY),
        Transition("reopen", (_LABELED, *above), _IN_PROGRESS, _EVERY),
        Transition("skip", (_UNLABELED, _IN_PROGRESS, _LABELED, *above), _SKIPPED, _EVERY),
        Transition("clear", (_IN_PROGRESS, _SKIPPED, _LABELED, *above), _UNLABELED, _EVERY),
    )


_ENOUGH = frozenset({Work.ENOUGH})
_BY_WORK = (
    State(_UNLABELED, frozenset({Work.NONE})),
    State(_IN_PROGRESS, frozenset({Work.SOME})),
    State(_SKIPPED, frozenset({Work.SKIPS})),
    State(_LABELED, _ENOUGH),
)

PLAIN = Machine(
    initial=_UNLABELED,
    states=(*_BY_WORK[:3], replace(_BY_WORK[3], is_final=True)),
    transitions=_by_work(),
)
"""Unlabeled, in progress, labeled or skipped: what the annotations say, and nothing else."""

REVIEW = Machine(
    initial=_UNLABELED,
    states=(
        *_BY_WORK,
        State("in_review", _ENOUGH),
        State("returned", _ENOUGH),
        State("accepted", _ENOUGH, is_final=True, refuses=_EVERY),
    ),
    transitions=(
        *_by_work(("in_review", "returned")),
        Transition("resubmit", ("returned",), _LABELED, frozenset({Event.SUBMIT, Event.UPDATE})),
        Transition("start_review", (_LABELED,), "in_review", roles=_REVIEWERS, guards=_NOT_OWN),
        Transition(
            "accept",
            (_LABELED, "in_review"),
            "accepted",
            roles=_REVIEWERS,
            guards=_NOT_OWN,
            effects=frozenset({Effect.RELEASE}),
        ),
        Transition("return", (_LABELED, "in_review"), "returned", roles=_REVIEWERS, guards=_NOT_OWN | _TOLD),
        Transition(
            "ask_another",
            (_LABELED, "in_review", "returned"),
            _IN_PROGRESS,
            roles=_REVIEWERS,
            effects=frozenset({Effect.ASK_ANOTHER}),
        ),
        Transition("withdraw", ("accepted",), "in_review", roles=_MANAGERS, guards=_TOLD),
    ),
    separates_duties=True,
)
"""Labeled tasks are reviewed by somebody else, and accepted or returned to be mended."""

PRESETS: Mapping[str, Machine] = MappingProxyType({"plain": PLAIN, "review": REVIEW})

ANNOTATION = Machine(
    initial="created",
    states=(
        State("created", frozenset({Work.NONE}), refuses=frozenset({Event.UPDATE})),
        State("submitted", _ENOUGH, is_final=True, refuses=frozenset({Event.SUBMIT, Event.SKIP})),
        State("skipped", frozenset({Work.SKIPS}), refuses=frozenset({Event.SUBMIT, Event.SKIP})),
    ),
    transitions=(
        Transition("submit", ("created",), "submitted", frozenset({Event.SUBMIT})),
        Transition("skip", ("created",), "skipped", frozenset({Event.SKIP})),
        Transition("resubmit", ("skipped",), "submitted", frozenset({Event.UPDATE})),
        Transition("cancel", ("submitted",), "skipped", frozenset({Event.UPDATE})),
    ),
)
"""Every project's annotations: submitted or skipped, which an update may change."""

PROJECT = Machine(
    initial="open",
    states=(
        State("open"),
        State("paused", refuses=frozenset({Event.SUBMIT, Event.SKIP})),
        State("finished", is_final=True, refuses=frozenset({Event.SUBMIT, Event.SKIP})),
    ),
    transitions=(
        Transition("pause", ("open",), "paused", roles=_MANAGERS),
        Transition("resume", ("paused",), "open", roles=_MANAGERS),
        Transition("finish", ("open", "paused"), "finished", roles=_MANAGERS),
        Transition("reopen", ("finished",), "open", roles=_MANAGERS, guards=_TOLD),
    ),
)
"""Every project: open to labeling, paused, or finished; the latter two hand out and take in nothing."""
