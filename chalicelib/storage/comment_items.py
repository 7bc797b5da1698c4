"""How comments look as items, in their task's partition, behind what is read with the task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.comments.entities import Comment, CommentEdit
from chalicelib.ids import CommentId, ProjectId, TaskId, UserId, join_id, split_id
from chalicelib.storage import keys
from chalicelib.storage.bodies import compress, decompress
from chalicelib.storage.dynamo import Write, delete, put, update
from chalicelib.storage.task_items import SCHEMA_VERSION, microseconds, moment, optional_moment, optional_us
from chalicelib.storage.values import Plain


def comment_write(table: str, edit: CommentEdit) -> Write:
    """The write of a comment, on the condition that it is as it was read."""
    before, after = edit.before, edit.after
    if before is None:
        if after is None:
            raise ValueError("nothing is edited")
        item = comment_item(after)
        return put(table, item, only_new=True, size=len(item["b"]) + 300)
    key, still = _key(before), {"v": before.version}
    if after is None:
        return delete(table, key, only_if=still)
    setting = {name: value for name, value in comment_item(after).items() if name not in key}
    return update(table, key, setting=setting, only_if=still, size=len(setting["b"]) + 300)


def comment_item(comment: Comment) -> Plain:
    """The comment's item."""
    return {
        **_key(comment),
        "sv": SCHEMA_VERSION,
        "v": comment.version,
        "p": comment.project_id,
        "by": comment.created_by,
        "an": comment.annotation_id,
        "c": microseconds(comment.created_at),
        "u": microseconds(comment.updated_at),
        "ra": optional_us(comment.resolved_at),
        "rb": comment.resolved_by,
        "b": compress({"text": comment.text, "region_ref": comment.region_ref}),
    }


def comment_of(item: Mapping[str, Any]) -> Comment:
    """The comment whose item it is."""
    task_id = TaskId(int(item["pk"].removeprefix("T#")))
    body = decompress(bytes(item["b"]))
    return Comment(
        id=CommentId(join_id(task_id, int(item["sk"].removeprefix(keys.COMMENTS)))),
        task_id=task_id,
        project_id=ProjectId(item["p"]),
        annotation_id=item.get("an"),
        region_ref=body["region_ref"],
        text=body["text"],
        created_by=UserId(item["by"]),
        created_at=moment(item["c"]),
        updated_at=moment(item["u"]),
        version=item["v"],
        resolved_at=optional_moment(item.get("ra")),
        resolved_by=item.get("rb"),
    )


def _key(comment: Comment) -> keys.Key:
    task_id, number = split_id(comment.id)
    return keys.member(task_id, keys.COMMENTS, number)
