"""What a task counts of its comments: by author, so that who sees some of them sees their counts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from chalicelib.ids import UserId


@dataclass(frozen=True, slots=True)
class Said:
    """How many comments of one author there are, and how many of them are not resolved."""

    count: int = 0
    unresolved: int = 0


@dataclass(frozen=True, slots=True)
class CommentTally:
    """The comments of a task by author; `last_number` is the highest ever given."""

    by: Mapping[UserId, Said] = field(default_factory=lambda: MappingProxyType({}))
    last_number: int = 0
    last_at: datetime | None = None

    @property
    def count(self) -> int:
        """How many comments there are."""
        return sum(said.count for said in self.by.values())

    @property
    def unresolved(self) -> int:
        """How many of them are not resolved."""
        return sum(said.unresolved for said in self.by.values())

    @property
    def authors(self) -> tuple[UserId, ...]:
        """Who said something, by id."""
        return tuple(sorted(self.by))

    def changed(self, author: UserId, *, count: int, unresolved: int, at: datetime) -> CommentTally:
        """The tally after an author's comments have become so many more or fewer."""
        old = self.by.get(author, Said())
        said = Said(old.count + count, old.unresolved + unresolved)
        others = {user: each for user, each in self.by.items() if user != author}
        by = {**others, author: said} if said.count else others
        return replace(self, by=MappingProxyType(by), last_at=at)

    def of(self, user: UserId) -> CommentTally:
        """What there is of one author's."""
        by = {user: self.by[user]} if user in self.by else {}
        return CommentTally(MappingProxyType(by), self.last_number)


NO_COMMENTS = CommentTally()
"""What a task begins with."""
