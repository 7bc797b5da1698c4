"""How a task's state and body, its block's counts and its annotators look as items.

The state must stay below a kilobyte, since every action writes it: its attributes have one or two
letters, and what hangs on the task is a few characters each (`3:17xg` is annotation 3, by user 17,
cancelled, ground truth). A seat of somebody the task is assigned to lies among the leases, as the index holds
these: under their number with a minus, without an end. Moments are microseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from chalicelib.domain.comments.tally import CommentTally, Said
from chalicelib.domain.queue.doubt import Doubt
from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.counts import NUMBERS, PERSONAL, AnnotatorDelta, Contribution
from chalicelib.domain.tasks.entities import (
    Annotator,
    Answer,
    DraftMark,
    ModelStats,
    QueuePlace,
    StateChange,
    Task,
    TaskBody,
)
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.storage import keys
from chalicelib.storage.values import Plain

SCHEMA_VERSION = 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """The moment as we store it."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(us: int) -> datetime:
    """The moment that we stored."""
    return _EPOCH + us * _MICROSECOND


def optional_us(value: datetime | None) -> int | None:
    """The moment as we store it, if there is one."""
    return None if value is None else microseconds(value)


def optional_moment(us: int | None) -> datetime | None:
    """The moment that we stored, if there is one."""
    return None if us is None else moment(us)


# ---- the state


def task_item(task: Task) -> Plain:
    """The state's item, without the body's attributes."""
    return {
        **keys.task(task.id),
        "sv": SCHEMA_VERSION,
        "r": task.revision,
        "v": task.version,
        "p": task.project_id,
        "n": task.inner_id,
        "c": microseconds(task.created_at),
        "u": microseconds(task.updated_at),
        "ub": task.updated_by,
        "o": task.overlap,
        "ns": None if task.allow_skip else True,
        "st": task.state,
        "lb": task.is_labeled or None,
        "a": _answers_text(task.answers),
        "an": task.last_number or None,
        "d": _drafts_text(task.drafts),
        "m": {version: _stats_list(stats) for version, stats in task.models.items()} or None,
        "pn": task.last_prediction_number or None,
        "l": leases_map(task.leases, task.seats),
        "as": ";".join(map(str, task.assigned)) or None,
        "lt": task.lead_time_sum or None,
        "lc": task.lead_time_count or None,
        "la": optional_us(task.last_annotated_at),
        "ag": task.agreement,
        "hs": ";".join(f"{number}:{score}" for number, score in sorted(task.scores.items())) or None,
        "k": task.order_key or None,
        "q": task.queue.partition if task.queue else None,
        "qk": task.queue.key if task.queue else None,
        **_comments_attributes(task.comments),
        "h": _history_text(task.history),
    }


def task_of(item: Mapping[str, Any]) -> Task:
    """The task whose state the item is."""
    return Task(
        id=TaskId(item["sk"]),
        project_id=ProjectId(item["p"]),
        inner_id=item["n"],
        created_at=moment(item["c"]),
        updated_at=moment(item["u"]),
        overlap=item["o"],
        allow_skip=not item.get("ns", False),
        version=item["v"],
        revision=item["r"],
        state=item["st"],
        is_labeled=item.get("lb", False),
        updated_by=item.get("ub"),
        answers=_answers(item.get("a", "")),
        last_number=item.get("an", 0),
        drafts=_drafts(item.get("d", "")),
        models=MappingProxyType({k: _stats(v) for k, v in item.get("m", {}).items()}),
        last_prediction_number=item.get("pn", 0),
        leases=_leases(item),
        assigned=tuple(UserId(int(user)) for user in item["as"].split(";")) if "as" in item else (),
        seats=_seats(item),
        lead_time_sum=float(item.get("lt", 0.0)),
        lead_time_count=item.get("lc", 0),
        last_annotated_at=optional_moment(item.get("la")),
        agreement=float(item["ag"]) if "ag" in item else None,
        scores=_scores(item.get("hs", "")),
        order_key=item.get("k", ""),
        queue=QueuePlace(item["q"], item["qk"]) if "q" in item else None,
        comments=_comments(item),
        history=_history(item.get("h", "")),
    )


def open_task_of(entry: Mapping[str, Any]) -> OpenTask:
    """The task as an entry of the queue index shows it."""
    return OpenTask(
        id=TaskId(entry["sk"]),
        project_id=ProjectId(entry["p"]),
        queue=QueuePlace(entry["q"], entry["qk"]),
        overlap=entry["o"],
        answers=_answers(entry.get("a", "")),
        drafts=_drafts(entry.get("d", "")),
        leases=_leases(entry),
        order_key=entry.get("k", ""),
        seats=_seats(entry),
    )


def _scores(text: str) -> Mapping[int, int]:
    pairs = (part.split(":") for part in text.split(";")) if text else ()
    return {int(number): int(score) for number, score in pairs}


def _leases(item: Mapping[str, Any]) -> Mapping[UserId, datetime]:
    ends = {int(user): us for user, us in item.get("l", {}).items()}
    return MappingProxyType({UserId(user): moment(us) for user, us in ends.items() if user > 0})


def _seats(item: Mapping[str, Any]) -> tuple[UserId, ...]:
    return tuple(sorted(UserId(-int(user)) for user in item.get("l", {}) if user.startswith("-")))


_NEVER_US = 10**16
"""An end that is not reached, of two bytes: in the year 2286."""


def leases_map(leases: Mapping[UserId, datetime], seats: Sequence[UserId]) -> dict[str, int] | None:
    """The attribute `l`."""
    ends = {str(user): microseconds(until) for user, until in leases.items()}
    return {**ends, **{f"-{user}": _NEVER_US for user in seats}} or None


def _answers_text(answers: tuple[Answer, ...]) -> str | None:
    parts = (
        f"{a.number}:{a.user}{'x' if a.cancelled else ''}{'g' if a.ground_truth else ''}" for a in answers
    )
    return ";".join(parts) or None


def _answers(text: str) -> tuple[Answer, ...]:
    return tuple(_answer(part) for part in text.split(";")) if text else ()


def _answer(part: str) -> Answer:
    number, rest = part.split(":")
    user = rest.rstrip("xg")
    marks = rest[len(user) :]
    return Answer(int(number), UserId(int(user)), "x" in marks, "g" in marks)


def _drafts_text(drafts: tuple[DraftMark, ...]) -> str | None:
    parts = (
        f"{d.number}:{d.user}{f'p{microseconds(d.postponed_at)}' if d.postponed_at else ''}" for d in drafts
    )
    return ";".join(parts) or None


def _drafts(text: str) -> tuple[DraftMark, ...]:
    return tuple(_draft(part) for part in text.split(";")) if text else ()


def _draft(part: str) -> DraftMark:
    number, rest = part.split(":")
    user, _, postponed = rest.partition("p")
    return DraftMark(int(number), UserId(int(user)), moment(int(postponed)) if postponed else None)


def _stats_list(stats: ModelStats) -> list[Any]:
    scores = [stats.scored, stats.score_sum, stats.score_min] if stats.scored else []
    doubt = stats.doubt
    numbers = [doubt.confidence, doubt.margin, doubt.entropy] if doubt else []
    return [stats.count, *scores, *([stats.vote, *numbers] if stats.vote else [])]


def _stats(values: list[Any]) -> ModelStats:
    # The count, three numbers of scores if there are any, then the vote, the only text, and its doubt.
    at = next((index for index, value in enumerate(values) if isinstance(value, str)), len(values))
    scores, said = values[1:at], values[at:]
    stats = ModelStats(values[0])
    if scores:
        stats = ModelStats(values[0], scores[0], float(scores[1]), float(scores[2]))
    if not said:
        return stats
    doubt = Doubt(*(float(number) for number in said[1:])) if said[1:] else None
    return replace(stats, vote=said[0], doubt=doubt)


def _history_text(history: tuple[StateChange, ...]) -> str | None:
    return ";".join(map(_change_text, history)) or None


def _change_text(change: StateChange) -> str:
    named = f":{change.name}" if change.name else ""
    return f"{change.state}:{microseconds(change.at)}:{change.user or ''}{named}"


def _history(text: str) -> tuple[StateChange, ...]:
    return tuple(_change(part) for part in text.split(";")) if text else ()


def _change(part: str) -> StateChange:
    # Changes of before transitions had names end with the user.
    state, us, user, *name = part.split(":")
    return StateChange(state, moment(int(us)), UserId(int(user)) if user else None, *name)


def _comments_attributes(tally: CommentTally) -> Plain:
    """The attributes of a task's state that count its comments."""
    said = (f"{user}:{each.count}:{each.unresolved}" for user, each in sorted(tally.by.items()))
    return {
        "cm": ";".join(said) or None,
        "cn": tally.last_number or None,
        "ct": optional_us(tally.last_at),
    }


def _comments(item: Mapping[str, Any]) -> CommentTally:
    """What a task's state counts of its comments."""
    text = item.get("cm", "")
    parts = [[int(number) for number in part.split(":")] for part in text.split(";")] if text else []
    by = {UserId(user): Said(count, unresolved) for user, count, unresolved in parts}
    return CommentTally(by, item.get("cn", 0), optional_moment(item.get("ct")))


KEPT_CHANGES = 12
KEPT_HISTORY_BYTES = 400
"""How many changes of state stay in a task's item, and how long they may be; older ones, and those that give
a reason, move to rows of their own."""


def trimmed(history: tuple[StateChange, ...]) -> tuple[tuple[StateChange, ...], tuple[StateChange, ...]]:
    """What of the history is to move to a row of its own, and what stays."""
    if history and history[-1].reason:
        return history, ()
    size = len(_history_text(history) or "")
    if len(history) <= KEPT_CHANGES and size <= KEPT_HISTORY_BYTES:
        return (), history
    return history[:-1], history[-1:]


def transitions_item(task_id: TaskId, revision: int, history: tuple[StateChange, ...]) -> Plain:
    """Changes of state that were moved out of a task's item."""
    reasons = [change.reason for change in history] if any(change.reason for change in history) else None
    row = {"sv": SCHEMA_VERSION, "h": _history_text(history), "w": reasons}
    return {**keys.transitions(task_id, revision), **row}


def history_of(item: Mapping[str, Any]) -> tuple[StateChange, ...]:
    """The changes of state that an item holds."""
    history = _history(item.get("h", ""))
    reasons = item.get("w") or [""] * len(history)
    return tuple(replace(change, reason=why) for change, why in zip(history, reasons, strict=True))


# ---- the body


def body_value(body: TaskBody) -> dict[str, Any]:
    """The body as one JSON value."""
    return {
        "data": body.data,
        **({"meta": body.meta} if body.meta is not None else {}),
        **({"file_upload": body.file_upload_id} if body.file_upload_id is not None else {}),
        **({"storage": body.storage_filename} if body.storage_filename is not None else {}),
        **({"extra": dict(body.extra)} if body.extra else {}),
    }


def body_of(value: Mapping[str, Any]) -> TaskBody:
    """The body that the JSON value says."""
    return TaskBody(
        data=value["data"],
        meta=value.get("meta"),
        file_upload_id=value.get("file_upload"),
        storage_filename=value.get("storage"),
        extra=value.get("extra", {}),
    )


# ---- counts

_NUMBER_NAMES = dict(zip(NUMBERS, ("t", "f", "a", "x", "e", "g", "w", "p", "d"), strict=True))
_MAP_PREFIXES = {"states": "s#", "models": "m#", "open_of": "o#", "open_skipped_of": "k#"}


def summary_additions(delta: Contribution) -> dict[str, int]:
    """What to add to which attribute of a block's counts."""
    numbers = {short: getattr(delta, name) for name, short in _NUMBER_NAMES.items()}
    maps = {
        f"{prefix}{key}": count
        for name, prefix in _MAP_PREFIXES.items()
        for key, count in getattr(delta, name).items()
    }
    return {name: count for name, count in {**numbers, **maps}.items() if count}


def counts_of(item: Mapping[str, Any]) -> Contribution:
    """The counts that a block's item holds."""
    fields: dict[str, Any] = {name: item.get(short, 0) for name, short in _NUMBER_NAMES.items()}
    for name, prefix in _MAP_PREFIXES.items():
        found = {key[2:]: count for key, count in item.items() if key.startswith(prefix) and count}
        fields[name] = {UserId(int(k)): v for k, v in found.items()} if "open" in name else found
    return Contribution(**fields)


# ---- annotators

_ID_BYTES = 6
WORK_SCHEMA_VERSION = 2
"""The schema version of annotators' rows that stand in the index `work`."""


def work_place(project: ProjectId, user: UserId) -> Plain:
    """The attributes by which the row of somebody who has done a task stands in the index `work`."""
    return {"sv": WORK_SCHEMA_VERSION, "au": user, "ap": project}


def annotator_settings(annotator: Annotator) -> Plain:
    """The attributes of a user's row but for its counters and its place in the index, to be set."""
    recent = b"".join(task.to_bytes(_ID_BYTES, "big") for task in annotator.recent)
    return {
        "t": annotator.leased,
        "cu": annotator.cursor or None,
        "cv": annotator.urgent_cursor or None,
        "ch": annotator.honeypot_cursor or None,
        "cb": annotator.looking_back or None,
        "re": recent or None,
    }


_PERSONAL = {"done": "dn", "kept": "kp", "assigned": "sg", "judged": "jn", "score": "js", "right": "jr"}


def annotator_additions(delta: AnnotatorDelta) -> dict[str, int]:
    """What to add to which counter of a user's row."""
    return {_PERSONAL[name]: count for name in PERSONAL if (count := getattr(delta, name))}


def annotator_of(project: ProjectId, user: UserId, item: Mapping[str, Any] | None) -> Annotator:
    """The user's row; an empty one when there is none."""
    if item is None:
        return Annotator(project_id=project, user_id=user)
    recent = bytes(item.get("re", b""))
    starts = range(0, len(recent), _ID_BYTES)
    return Annotator(
        project_id=project,
        user_id=user,
        leased=item.get("t"),
        cursor=item.get("cu", ""),
        urgent_cursor=item.get("cv", ""),
        honeypot_cursor=item.get("ch", ""),
        looking_back=item.get("cb", ""),
        recent=tuple(TaskId(int.from_bytes(recent[i : i + _ID_BYTES], "big")) for i in starts),
        **{name: item.get(short, 0) for name, short in _PERSONAL.items()},
    )
