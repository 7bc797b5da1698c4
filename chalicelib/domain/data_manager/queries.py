"""Which tasks somebody means: filters, ordering and selection, read from their JSON and checked whole.

Columns and operators come from closed lists, so that nothing but tasks can be asked about. Regular
expressions that could run for ages are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.data_manager.columns import is_column
from chalicelib.errors import FaultList

FILTER_PREFIX = "filter:tasks:"
ORDER_PREFIX = "tasks:"
OPERATORS = frozenset(
    {
        *("equal", "not_equal", "contains", "not_contains", "regex", "empty"),
        *("less", "greater", "less_or_equal", "greater_or_equal"),
        *("in", "not_in", "in_list", "not_in_list"),
    }
)
MAX_FILTERS = 100
MAX_PATTERN = 200


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a column, an operator, the value to compare with; `child` must hold as well."""

    column: str
    operator: str
    kind: str
    value: Any
    child: Condition | None = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """By which column, and which way. Tasks without a value come last either way."""

    column: str = "id"
    descending: bool = False
    as_number: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the found tasks: `ids` alone, or all but `ids`."""

    takes_all: bool = True
    ids: frozenset[int] = frozenset()

    def covers(self, task_id: int) -> bool:
        """Whether the task is selected."""
        return (task_id in self.ids) != self.takes_all


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Conditions (all of them, or any), an order, a selection."""

    conditions: tuple[Condition, ...] = ()
    needs_all: bool = True
    ordering: Ordering = Ordering()
    selection: Selection = Selection()

    @property
    def is_plain(self) -> bool:
        """Whether it means all tasks in the order of their ids."""
        return not self.conditions and self.ordering == Ordering() and self.selection == Selection()

    @property
    def columns(self) -> frozenset[str]:
        """The columns that must be known to answer it."""
        named = {self.ordering.column}
        for condition in self.conditions:
            link: Condition | None = condition
            while link is not None:
                named.add(link.column)
                link = link.child
        return frozenset(named)


def read_query(given: Mapping[str, Any]) -> TaskQuery:
    """The query that `filters`, `ordering` and `selectedItems` say. InvalidInputError with every fault."""
    faults = FaultList()
    filters = given.get("filters") or {}
    if not isinstance(filters, Mapping):
        faults.add("filters", "Must be an object with conjunction and items.")
        filters = {}
    items = filters.get("items") or []
    if not isinstance(items, list) or len(items) > MAX_FILTERS:
        faults.add("filters.items", f"Must be a list of at most {MAX_FILTERS} filters.")
        items = []
    conditions = [_condition(item, f"filters.items[{n}]", faults) for n, item in enumerate(items)]
    ordering = _ordering(given, faults)
    selection = _selection(given.get("selectedItems"), faults)
    faults.raise_if_any()
    found = tuple(condition for condition in conditions if condition is not None)
    return TaskQuery(found, filters.get("conjunction") != "or", ordering, selection)


def _condition(item: Any, place: str, faults: FaultList) -> Condition | None:
    if not isinstance(item, Mapping):
        faults.add(place, "Must be an object.")
        return None
    named = str(item.get("filter", ""))
    column = named.removeprefix(FILTER_PREFIX)
    operator, value = str(item.get("operator", "")), item.get("value")
    if not named.startswith(FILTER_PREFIX) or not is_column(column):
        faults.add(f"{place}.filter", f'"{named}" is not a column of tasks.', code="unknown_column")
    if operator not in OPERATORS:
        faults.add(f"{place}.operator", f'"{operator}" is not an operator.', code="unknown_operator")
    if operator == "regex" and not is_safe_pattern(str(value)):
        faults.add(f"{place}.value", "This regular expression could take too long to match.", code="pattern")
    child = item.get("child_filter")
    return Condition(
        column=column,
        operator=operator,
        kind=str(item.get("type", "String")),
        value=value,
        child=_condition(child, f"{place}.child_filter", faults) if child else None,
    )


def _ordering(given: Mapping[str, Any], faults: FaultList) -> Ordering:
    entries = given.get("ordering") or []
    if isinstance(entries, str):
        entries = [entries]
    if not isinstance(entries, list):
        faults.add("ordering", "Must be a list with the name of a column.")
        return Ordering()
    if not entries:
        return Ordering()
    named = str(entries[0])
    column = named.removeprefix("-").removeprefix(ORDER_PREFIX)
    if not is_column(column):
        faults.add("ordering[0]", f'"{named}" is not a column of tasks.', code="unknown_column")
    display = given.get("columnsDisplayType") or {}
    kind = display.get(f"tasks:{column}") or display.get(column) if isinstance(display, Mapping) else None
    return Ordering(column, named.startswith("-"), kind == "Number")


def _selection(given: Any, faults: FaultList) -> Selection:
    if not given:
        return Selection()
    if not isinstance(given, Mapping):
        faults.add("selectedItems", "Must be an object with all and included or excluded.")
        return Selection()
    takes_all = given.get("all") is True
    ids = _ids(given.get("excluded" if takes_all else "included"))
    if ids is None:
        faults.add("selectedItems", "Task ids must be whole numbers.")
        return Selection()
    return Selection(takes_all, ids) if takes_all or ids else Selection()


def _ids(given: Any) -> frozenset[int] | None:
    if given is None:
        return frozenset()
    if not isinstance(given, list) or not all(isinstance(i, int) and not isinstance(i, bool) for i in given):
        return None
    return frozenset(given)


_RISKY = re.compile(
    r"""
    [+*}] [^()\[\]|]* \) \s* [+*{?]    # a repeat at the end of a repeated group
    | \( [^()]* [+*}] [^()]* \) [+*{]  # a repeat anywhere in a repeated group
    | \( [^()]* \| [^()]* \) [+*{]     # a choice in a repeated group
    | \\ [1-9]                         # a reference back
    | \(\?                             # anything that looks around
    """,
    re.VERBOSE,
)


_PIECE = re.compile(r"(\\.|\[\^?\]?[^\]]*\]|\([^()]*\)|.)([+*?]|\{\d*,?\d*\})?\??", re.DOTALL)
_UNREPEATED_GROUP = re.compile(r"\(([^()]*)\)(?![+*?{])")
_EDGES = re.compile(r"^\^?\.\*\??|(?<!\\)\.\*\??\$?$")


def is_safe_pattern(pattern: str) -> bool:
    """Whether a pattern is short and has no repeat, choice or reference that could multiply the work."""
    nested = pattern.count("(") != len(re.findall(r"\([^()]*\)", pattern))
    repeats = len(re.findall(r"[+*]|\{\d*,\d*\}", pattern))
    if len(pattern) > MAX_PATTERN or nested or repeats > 3 or _RISKY.search(pattern):
        return False
    # what anything may stand before or after means nothing more when it is searched for
    plain = _UNREPEATED_GROUP.sub(r"\1", _EDGES.sub("", pattern))
    return all(_takes_turns(branch) for branch in plain.split("|"))


def _takes_turns(branch: str) -> bool:
    """Whether between any two repeats without an end there is a character that the first cannot match.

    Otherwise they could share a text out in as many ways as it has characters (`a*a*$`), for each of its
    characters.
    """
    repeated = ""
    for piece, count in _PIECE.findall(branch):
        if count not in ("", "?"):
            if repeated:
                return False
            repeated = piece
        elif repeated and not count and _is_apart(piece, repeated):
            repeated = ""
    return True


def _is_apart(piece: str, repeated: str) -> bool:
    """Whether the piece is one character that the repeated piece never matches."""
    character = piece[1:] if len(piece) == 2 and piece[0] == "\\" and not piece[1].isalnum() else piece
    if len(character) != 1 or (character == piece and character in "^$.[](){}"):
        return False
    try:
        return re.fullmatch(repeated, character) is None and not repeated.startswith("(")
    except re.error:
        return False


def split_sequence(value: Any) -> Sequence[Any]:
    """A value that is meant as several: a list, or text cut at commas, semicolons and blanks."""
    if isinstance(value, list | tuple):
        return value
    return [part for part in re.split(r"[,;\s]+", str(value)) if part]
