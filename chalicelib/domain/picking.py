"""Which of a task's annotations an export holds: all of them, the newest, or the one most agree with;
and how far they agree.

`majority` picks an annotation, it makes none: the one whose answers occur most often among the task's
annotations, control by control. It stands in for a computed consensus until there is one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Literal

from chalicelib.domain.annotations.entities import Annotation

Which = Literal["all", "latest", "majority"]
_OWN = ("original_width", "original_height", "image_rotation", "original_length")


def picked(annotations: Sequence[Annotation], which: Which) -> Sequence[Annotation]:
    """The annotations in their order; at most one that is not cancelled unless all are asked for."""
    live = [annotation for annotation in annotations if not annotation.was_cancelled]
    if which == "all" or len(live) < 2:
        return annotations
    kept = max(live, key=_newest) if which == "latest" else _most_agreed(live)
    return [annotation for annotation in annotations if annotation.was_cancelled or annotation is kept]


def agreement_of(annotations: Sequence[Annotation]) -> float | None:
    """How far a task's annotations agree, 0 to 1: the mean over all pairs of the share of controls that say
    the same, of those that either answered. Two that say nothing agree. None for fewer than two.

    It is an exact comparison, which knows nothing of boxes that nearly coincide.
    """
    answers = [answers_of(one) for one in annotations if not one.was_cancelled]
    scores = [_shared(one, other) for one, other in combinations(answers, 2)]
    return sum(scores) / len(scores) if scores else None


def _shared(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    controls = {name for name, _ in one | other}
    return len(one & other) / len(controls) if controls else 1.0


def _most_agreed(live: Sequence[Annotation]) -> Annotation:
    """The annotation that shares most answers with the others; of equals a ground truth, then the newest."""
    answers = [answers_of(annotation) for annotation in live]
    votes = Counter(answer for given in answers for answer in given)
    scored = zip(live, answers, strict=True)
    best, _ = max(scored, key=lambda pair: (sum(votes[a] - 1 for a in pair[1]), *_rank(pair[0])))
    return best


def answers_of(annotation: Annotation) -> set[tuple[str, str]]:
    """What an annotation says under each control, without ids: equal answers are equal here."""
    found: dict[str, list[str]] = {}
    for item in annotation.result:
        if isinstance(item, Mapping) and "value" in item:
            said = json.dumps(_plain(item["value"]), sort_keys=True, default=str)
            found.setdefault(str(item.get("from_name")), []).append(said)
    return {(name, json.dumps(sorted(said))) for name, said in found.items()}


def _plain(value: Any) -> Any:
    return {k: v for k, v in value.items() if k not in _OWN} if isinstance(value, Mapping) else value


def _rank(annotation: Annotation) -> tuple[bool, Any, int]:
    return annotation.ground_truth, *_newest(annotation)


def _newest(annotation: Annotation) -> tuple[Any, int]:
    return annotation.created_at, annotation.id
