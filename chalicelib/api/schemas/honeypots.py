"""How well annotators do on tasks whose answer is known, as managers see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import TypedDict

from chalicelib.api.schemas.people import UserRef, user_ref
from chalicelib.domain.people import User
from chalicelib.services.honeypots import Judgements


class AnnotatorAccuracy(TypedDict):
    """`accuracy` is the mean likeness to the truth, `right_share` the share of answers that were wholly like
    it, and `right_interval` where that share lies with a certainty of 95 %; each 0 to 1."""

    user: UserRef
    judged: int
    right: int
    accuracy: float | None
    right_share: float | None
    right_interval: list[float] | None


class HoneypotsRead(TypedDict):
    """Of `honeypot_every` tasks one has a ground truth (0: none is mixed in); there are `ground_truths`."""

    honeypot_every: int
    ground_truths: int
    annotators: list[AnnotatorAccuracy]


def render_judgements(found: Judgements, users: Mapping[Any, User]) -> HoneypotsRead:
    """The accuracy of each annotator with a comparison."""
    return {
        "honeypot_every": found.every,
        "ground_truths": found.truths,
        "annotators": [
            {
                "user": user_ref(user, users),
                "judged": each.judged,
                "right": each.right,
                "accuracy": each.accuracy,
                "right_share": each.share,
                "right_interval": [*each.interval] if each.interval else None,
            }
            for user, each in found.annotators
        ],
    }
