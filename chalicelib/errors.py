"""The one error hierarchy: rules raise these, adapters translate theirs into them, doors render them.

    SkylabelError
    ├── InvalidInputError      the request can never succeed as it is; lists every fault with its place
    ├── UnauthenticatedError   nobody, or somebody we cannot verify
    ├── ForbiddenError         somebody who may not do this
    ├── NotFoundError          no such thing, or none that this caller may know of
    ├── ConflictError          the thing is not in the state that this action needs
    │   ├── StaleVersionError  somebody else changed it since the caller read it
    │   ├── ContentionError    somebody else was quicker; reading again and doing it again helps
    │   ├── AlreadyExistsError something that must be unique is taken
    │   └── RefusedTransitionError  the state machine knows no such way from here; says which there are
    ├── LimitExceededError     a size or a count past a stated limit
    ├── ThrottledError         too often; says when to come back
    └── UpstreamError          something we depend on did not do its part

`code` is API: stable, listed in the docs. Which HTTP status a class gets is the business of
`chalicelib/api/errors.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    `place` says where, as a path (`result[3].value.x`), a line (`line 12`) or `line:column`;
    empty when the input as a whole is meant. `suggestion` says what would be right, where we know.
    """

    place: str
    message: str
    code: str = "invalid"
    suggestion: str = ""


class SkylabelError(Exception):
    """The base of all errors that a caller is meant to understand."""

    code = "error"
    retryable = False

    def __init__(self, message: str, *, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, object] = dict(details or {})


class InvalidInputError(SkylabelError):
    """The input is wrong; `faults` holds every fault that was found, in reading order."""

    code = "invalid_input"

    def __init__(self, message: str = "Validation error", *, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = tuple(faults)

    @classmethod
    def at(cls, place: str, message: str, *, code: str = "invalid") -> InvalidInputError:
        """An error with a single fault."""
        return cls(faults=[Fault(place, message, code)])

    def __str__(self) -> str:
        lines = [f"{fault.place}: {fault.message}" if fault.place else fault.message for fault in self.faults]
        return "; ".join([self.message, *lines])


class UnauthenticatedError(SkylabelError):
    """No credentials, or none that hold."""

    code = "unauthenticated"


class ForbiddenError(SkylabelError):
    """The caller is known and may not do this."""

    code = "forbidden"


class NotFoundError(SkylabelError):
    """Nothing by that name that the caller may see."""

    code = "not_found"


class ConflictError(SkylabelError):
    """The action does not fit the state that the thing is in."""

    code = "conflict"


class StaleVersionError(ConflictError):
    """The caller acted on a version that is no longer the newest."""

    code = "stale_version"


class ContentionError(ConflictError):
    """What was read changed before it could be written; services try again, callers may."""

    code = "contention"
    retryable = True


class AlreadyExistsError(ConflictError):
    """Something that must be unique is taken; the message names it."""

    code = "already_exists"


class RefusedTransitionError(ConflictError):
    """The workflow does not let the thing go there; `details` say which transitions are `allowed`."""

    code = "transition_refused"


class LimitExceededError(SkylabelError):
    """A stated limit was passed; the message names it."""

    code = "limit_exceeded"


class ThrottledError(SkylabelError):
    """Too many requests; try again after `retry_after_s` seconds."""

    code = "throttled"
    retryable = True

    def __init__(self, message: str = "Request was throttled.", *, retry_after_s: int = 1) -> None:
        super().__init__(message, details={"retry_after_s": retry_after_s})
        self.retry_after_s = retry_after_s


class UpstreamError(SkylabelError):
    """A service that we depend on failed; worth trying again."""

    code = "upstream"
    retryable = True


@dataclass(slots=True)
class FaultList:
    """Collects faults so that an input is answered once, with all of them."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, place: str, message: str, *, code: str = "invalid", suggestion: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(place, message, code, suggestion))

    def raise_if_any(self, message: str = "Validation error") -> None:
        """Raise `InvalidInputError` with everything noted, or do nothing."""
        if self.faults:
            raise InvalidInputError(message, faults=self.faults)
