"""How annotations, drafts and predictions look as items, all of them in their task's partition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.ids import AnnotationId, DraftId, PredictionId, ProjectId, TaskId, UserId, join_id
from chalicelib.storage import keys
from chalicelib.storage.bodies import Bodies, Packed, compress, decompress
from chalicelib.storage.task_items import (
    SCHEMA_VERSION,
    microseconds,
    moment,
    optional_moment,
    optional_us,
)
from chalicelib.storage.values import Plain

Member = Annotation | Draft | Prediction


def packed_attributes(packed: Packed) -> Plain:
    """The attributes that hold a body or name its blob."""
    return {"b": packed.data, "bk": packed.blob}


def packed_of(item: Mapping[str, Any]) -> Packed | None:
    """The body that an item holds or names, or None when it lies in a row of its own."""
    if "b" in item:
        return Packed(bytes(item["b"]))
    return Packed(None, item["bk"]) if "bk" in item else None


class ResultCodec:
    """Turns members of a task's family into items and back; large results go to S3 and come from there."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    def item(self, member: Member) -> Plain:
        """The member's item; a large result is in S3 when this returns."""
        packed = self._bodies.pack(member.project_id, list(member.result))
        common = {
            "sv": SCHEMA_VERSION,
            "v": member.version,
            "p": member.project_id,
            "c": microseconds(member.created_at),
            "u": microseconds(member.updated_at),
            "imp": member.import_id,
            "cv": member.config_version if member.config_version > 1 else None,
            **packed_attributes(packed),
        }
        if isinstance(member, Annotation):
            return {**keys.member(member.task_id, keys.ANNOTATIONS, member.number), **common, **_of(member)}
        if isinstance(member, Draft):
            return {**keys.member(member.task_id, keys.DRAFTS, member.number), **common, **_of_draft(member)}
        key = keys.member(member.task_id, keys.PREDICTIONS, member.number)
        return {**key, **common, **_of_prediction(member)}

    def member(self, item: Mapping[str, Any]) -> Member:
        """The annotation, draft or prediction that the item is."""
        if item["sk"].startswith(keys.ANNOTATIONS):
            return self.annotation(item)
        return self.draft(item) if item["sk"].startswith(keys.DRAFTS) else self.prediction(item)

    def _common(self, item: Mapping[str, Any]) -> dict[str, Any]:
        packed = packed_of(item)
        return {
            "task_id": TaskId(int(item["pk"][2:])),
            "project_id": ProjectId(item["p"]),
            "created_at": moment(item["c"]),
            "updated_at": moment(item["u"]),
            "version": item["v"],
            "import_id": item.get("imp"),
            "config_version": item.get("cv", 1),
            "result": self._bodies.unpack(packed) if packed else [],
        }

    def annotation(self, item: Mapping[str, Any]) -> Annotation:
        """The annotation, also from the item of an earlier version."""
        common = self._common(item)
        number = int(item["sk"].split("#")[1])
        return Annotation(
            id=AnnotationId(join_id(common["task_id"], number)),
            completed_by=item["by"],
            unique_id=item["uid"],
            was_cancelled=item.get("x", False),
            ground_truth=item.get("g", False),
            lead_time=_seconds(item.get("lt")),
            updated_by=item.get("ub"),
            draft_created_at=optional_moment(item.get("dc")),
            last_action=item.get("la"),
            last_created_by=item.get("lb"),
            bulk_created=item.get("bc", False),
            parent_prediction=item.get("pp"),
            parent_annotation=item.get("pa"),
            is_imported=item.get("im", False),
            **common,
        )

    def draft(self, item: Mapping[str, Any]) -> Draft:
        """The draft."""
        common = self._common(item)
        return Draft(
            id=DraftId(join_id(common["task_id"], int(item["sk"][2:]))),
            user_id=UserId(item["by"]),
            lead_time=_seconds(item.get("lt")),
            annotation_id=item.get("an"),
            was_postponed=item.get("po", False),
            **common,
        )

    def prediction(self, item: Mapping[str, Any]) -> Prediction:
        """The prediction."""
        common = self._common(item)
        score = item.get("s")
        return Prediction(
            id=PredictionId(join_id(common["task_id"], int(item["sk"][2:]))),
            score=None if score is None else float(score),
            model_version=item.get("mv", ""),
            mislabeling=float(item.get("mi", 0.0)),
            cluster=item.get("cl"),
            neighbors=decompress(bytes(item["ne"])) if "ne" in item else None,
            **common,
        )


def _seconds(value: int | float | None) -> float | None:
    return None if value is None else float(value)


def _of(annotation: Annotation) -> Plain:
    return {
        "by": annotation.completed_by,
        "uid": annotation.unique_id,
        "x": annotation.was_cancelled or None,
        "g": annotation.ground_truth or None,
        "lt": annotation.lead_time,
        "ub": annotation.updated_by,
        "dc": optional_us(annotation.draft_created_at),
        "la": annotation.last_action,
        "lb": annotation.last_created_by,
        "bc": annotation.bulk_created or None,
        "pp": annotation.parent_prediction,
        "pa": annotation.parent_annotation,
        "im": annotation.is_imported or None,
    }


def _of_draft(draft: Draft) -> Plain:
    return {
        "by": draft.user_id,
        "lt": draft.lead_time,
        "an": draft.annotation_id,
        "po": draft.was_postponed or None,
    }


def _of_prediction(prediction: Prediction) -> Plain:
    return {
        "s": prediction.score,
        "mv": prediction.model_version,
        "mi": prediction.mislabeling or None,
        "cl": prediction.cluster,
        "ne": None if prediction.neighbors is None else compress(prediction.neighbors),
    }
