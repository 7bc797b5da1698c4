"""Deciding which rows a query means, and in which order. A row gives the value of a column by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, TypeVar

from chalicelib.domain.data_manager.columns import COUNTERS
from chalicelib.domain.data_manager.queries import Condition, Ordering, TaskQuery, split_sequence

Row = Callable[[str], Any]
R = TypeVar("R")
Test = Callable[[Any, Any], bool]

MAX_TEXT = 2_000
"""How many characters of a value a regular expression looks at; its work may grow with their square."""


def chosen(rows: Iterable[tuple[R, Row]], query: TaskQuery) -> list[R]:
    """What the query means of the rows, in its order; each row comes with its id under `id`."""
    column = query.ordering.column
    return arranged([(row("id"), row(column), item) for item, row in meant(rows, query)], query.ordering)


def meant(rows: Iterable[tuple[R, Row]], query: TaskQuery) -> Iterator[tuple[R, Row]]:
    """What the query means of the rows, in their order."""
    covers = query.selection.covers
    return ((item, row) for item, row in rows if covers(row("id")) and holds(query, row))


def arranged(found: list[tuple[int, Any, R]], ordering: Ordering) -> list[R]:
    """What comes with its id and with its value in the column to order by, in that order.

    What has no value stays behind the others; what is alike goes by id, and numbers before texts.
    """
    found.sort(key=itemgetter(0))
    keyed = [(sortable(value, as_number=ordering.as_number), item) for _, value, item in found]
    known = [pair for pair in keyed if pair[0] is not None]
    try:
        known.sort(key=itemgetter(0), reverse=ordering.descending)
    except TypeError:  # numbers and texts in one column
        known.sort(key=lambda pair: (isinstance(pair[0], str), pair[0]), reverse=ordering.descending)
    return [item for _, item in (*known, *(pair for pair in keyed if pair[0] is None))]


def holds(query: TaskQuery, row: Row) -> bool:
    """Whether the row meets all conditions, or any of them where that is enough."""
    if not query.conditions:
        return True
    verdicts = (_meets(condition, row) for condition in query.conditions)
    return all(verdicts) if query.needs_all else any(verdicts)


def sortable(value: Any, *, as_number: bool = False) -> Any:
    """The value as something that its column can be sorted by, or None."""
    if as_number:
        return _number(value)
    if value is None or isinstance(value, str | datetime):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(str, value)) or None
    return str(value)


def _meets(condition: Condition, row: Row) -> bool:
    value = row(condition.column)
    if condition.child is not None and not _meets(condition.child, row):
        return False
    if condition.operator == "empty":
        wanted = str(condition.value).lower() == "true"
        return _is_empty(value, condition.column) == wanted
    return TESTS[condition.operator](value, condition)


def _is_empty(value: Any, column: str) -> bool:
    if column in COUNTERS:
        return not value
    return value is None or value in ("", (), []) or (column == "draft_exists" and not value)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).strip())
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pair(value: Any, wanted: Any, condition: Condition) -> tuple[Any, Any] | None:
    """Both as moments, or as numbers; None when they cannot be compared."""
    if isinstance(value, datetime) or condition.kind == "Datetime":
        left, right = _moment(value) if value is not None else None, _moment(wanted)
    else:
        left, right = (_number(value) if value is not None else None), _number(wanted)  # type: ignore[assignment]
    return None if left is None or right is None else (left, right)


def _compare(test: Callable[[Any, Any], bool]) -> Test:
    def compared(value: Any, condition: Condition) -> bool:
        pair = _pair(value, condition.value, condition)
        return pair is not None and test(*pair)

    return compared


def _equal(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    if isinstance(value, bool) or condition.kind == "Boolean":
        return bool(value) == (str(wanted).lower() in ("true", "1"))
    if isinstance(value, list | tuple):
        return {str(one) for one in value} == {str(one) for one in split_sequence(wanted)}
    if condition.kind in ("Number", "Datetime", "Time") or isinstance(value, int | float | datetime):
        pair = _pair(value, wanted, condition)
        return pair is not None and pair[0] == pair[1]
    return value is not None and str(value) == str(wanted)


def _contains(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    if condition.column == "annotations_ids":
        return bool({*str(value or "").split(",")} & {str(one) for one in split_sequence(wanted)})
    if isinstance(value, list | tuple):
        parts = wanted if isinstance(wanted, list) else [wanted]
        return bool({str(one).lower() for one in value} & {str(one).lower() for one in parts})
    text = None if value is None else _text(value).lower()
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return text is not None and any(str(one).lower() in text for one in wanted)


def _regex(value: Any, condition: Condition) -> bool:
    try:
        return value is not None and re.search(str(condition.value), _text(value)[:MAX_TEXT]) is not None
    except re.error:
        return False


def _within(value: Any, condition: Condition) -> bool:
    bounds = condition.value if isinstance(condition.value, Mapping) else {}
    low = _pair(value, bounds.get("min"), condition)
    high = _pair(value, bounds.get("max"), condition)
    has_low, has_high = bounds.get("min") not in (None, ""), bounds.get("max") not in (None, "")
    if not has_low and not has_high:
        return False
    return (not has_low or (low is not None and low[0] >= low[1])) and (
        not has_high or (high is not None and high[0] <= high[1])
    )


def _in_list(value: Any, condition: Condition) -> bool:
    wanted = {str(one) for one in split_sequence(condition.value)}
    own: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    return any(str(one) in wanted for one in own)


def _not(test: Test) -> Test:
    return lambda value, condition: not test(value, condition)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | Mapping) else str(value)


TESTS: Mapping[str, Test] = {
    "equal": _equal,
    "not_equal": _not(_equal),
    "contains": _contains,
    "not_contains": _not(_contains),
    "regex": _regex,
    "less": _compare(lambda left, right: left < right),
    "greater": _compare(lambda left, right: left > right),
    "less_or_equal": _compare(lambda left, right: left <= right),
    "greater_or_equal": _compare(lambda left, right: left >= right),
    "in": _within,
    "not_in": _not(_within),
    "in_list": _in_list,
    "not_in_list": _not(_in_list),
}
"""What each operator asks of a value and its condition; a value that cannot be compared fails the test."""
