"""The registry of routes and the way of one request through its route.

A route is declared once, beside its handler:

    @route("POST", "/api/projects/{project_id}/tasks/", body=TaskWrite, answer=TaskRead, status=201,
           action="task.create", summary="Add a task")
    def create_task(call: Call, *, project_id: int, body: TaskWrite) -> TaskRead: ...

From that come the dispatch (both slash forms, in place), the OpenAPI document, the role × action table and
the tests that walk every route. Parts in braces are positive integers and arrive as keyword arguments, as
do `body` and `query` where a model is named. A handler gives data, or an `Answer` when it must say more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, Unpack

from chalicelib.api.answers import Answer
from chalicelib.api.numbers import read_number
from chalicelib.auth import policies
from chalicelib.auth.principals import Principal, Role
from chalicelib.errors import InvalidInputError, UnauthenticatedError

if TYPE_CHECKING:
    from chalicelib.api.bodies import Body
    from chalicelib.api.request import Request

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = TypeVar("Handler", bound=Callable[..., object])


class RouteOptions(TypedDict, total=False):
    """What a route may say beside its method and path.

    `action` is the row of the policy table; a route without one is open to anybody. `answer` is the shape
    of the body (a TypedDict or a list of one), for the documentation and the tests. `also` are the shapes
    of other successes by their statuses. A `status` of 400 or more says that the route refuses whatever is
    asked. `sent` is the shape of a body that the handler reads itself. `errors` are the statuses that it
    can answer beside those that follow from the rest (`Route.refusals`), `refused` the shapes, by status,
    of refusals with another body than all others. `guarded` says that `If-Match` is heeded,
    `keeps_receipts` that an `Idempotency-Key` makes repeating it harmless. `texts` are the path's parts
    that are not integers, `parameters` the query parameters that the handler reads itself
    (`parameters.py`).
    """

    summary: str
    action: str
    body: type[Body]
    sent: Any
    query: type[Body]
    parameters: tuple[str, ...]
    answer: Any
    status: int
    also: Mapping[int, Any]
    errors: tuple[int, ...]
    refused: Mapping[int, Any]
    guarded: bool
    media: str
    keeps_receipts: bool
    texts: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True)
class Route:
    """One declared route."""

    method: Method
    path: str
    handler: Callable[..., object]
    summary: str = ""
    action: str = ""
    body: type[Body] | None = None
    sent: Any = None
    query: type[Body] | None = None
    parameters: tuple[str, ...] = ()
    answer: Any = None
    status: int = 200
    also: Mapping[int, Any] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    refused: Mapping[int, Any] = field(default_factory=dict)
    guarded: bool = False
    media: str = "application/json"
    keeps_receipts: bool = False
    texts: tuple[str, ...] = ()
    hidden: bool = False
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(re.findall(r"{(\w+)}", self.path)))
        if self.action and self.action not in policies.ROLES_FOR:
            raise ValueError(f"{self.method} {self.path}: no such action {self.action!r}")

    def values(self, texts: tuple[str, ...]) -> dict[str, int | str]:
        """The open parts of the path by name, as the handler gets them."""
        return {
            name: text if name in self.texts else int(text)
            for name, text in zip(self.names, texts, strict=True)
        }

    @property
    def is_public(self) -> bool:
        """Whether nobody needs to say who they are."""
        return not self.action

    @property
    def reads_body(self) -> bool:
        """Whether a body is asked for."""
        return self.body is not None or self.sent is not None

    @property
    def can_be_misunderstood(self) -> bool:
        """Whether there is something to read that may make no sense: a body, a query, a header."""
        return self.reads_body or self.query is not None or self.keeps_receipts or self.guarded

    @property
    def refusals(self) -> frozenset[int]:
        """The statuses that it can answer in the place of what is asked for, for the documentation."""
        told = {*self.errors, *({self.status} if self.status >= 400 else ())}
        return frozenset({*told, *(status for status, applies in _REFUSALS.items() if applies(self))})


def _can_be_forbidden(declared: Route) -> bool:
    """By a role that is too low, or where a browser's cookie alone must not change anything."""
    if declared.is_public:
        return False
    return declared.method != "GET" or policies.ROLES_FOR[declared.action] != frozenset(Role)


_REFUSALS: Mapping[int, Callable[[Route], bool]] = {
    400: lambda declared: declared.can_be_misunderstood,
    401: lambda declared: not declared.is_public,
    403: _can_be_forbidden,
    404: lambda declared: bool(declared.names),
    409: lambda declared: declared.keeps_receipts,
    412: lambda declared: declared.guarded,
    413: lambda declared: declared.reads_body,
    415: lambda declared: declared.reads_body,
    429: lambda declared: not declared.is_public,
}
"""Which routes can answer a status without saying so."""

ROUTES: list[Route] = []
"""Every declared route, in the order of declaration."""


def route(method: Method, path: str, **options: Unpack[RouteOptions]) -> Callable[[Handler], Handler]:
    """Declare the decorated function as the handler of a route."""

    def declare(handler: Handler) -> Handler:
        ROUTES.append(Route(method, path, handler, **options))
        return handler

    return declare


@dataclass
class Call:
    """One request on its way through a route."""

    request: Request
    route: Route
    path: Mapping[str, int | str]
    verified: Principal | None = None

    @property
    def principal(self) -> Principal:
        """Who is asking. Raises UnauthenticatedError on a public route that nobody signed in for."""
        if self.verified is None:
            raise UnauthenticatedError("Authentication credentials were not provided.")
        return self.verified

    @property
    def expected_version(self) -> int | None:
        """The version that `If-Match` names; None without one or for `*`."""
        tag = self.request.headers.get("if-match", "").strip()
        if tag in ("", "*"):
            return None
        number = read_number(tag.removeprefix("W/").strip('"'))
        if number is None:
            raise InvalidInputError.at("", 'If-Match must be "<version>".', code="if_match")
        return number


def versioned(body: Mapping[str, Any], version: int, *, status: int = 200) -> Answer:
    """An answer that carries the version of what it shows, for `If-Match` later."""
    return Answer(status, body, headers={"ETag": f'"{version}"'})


def run(call: Call) -> Answer:
    """The answer of the call's route; who asks is known by now. Raises SkylabelError and whatever breaks."""
    declared = call.route
    if declared.action:
        policies.require_somewhere(call.principal, declared.action)
    result = declared.handler(call, **call.path, **_models(call))
    if isinstance(result, Answer):
        return result
    return Answer(declared.status, result, declared.media)


def _models(call: Call) -> dict[str, Body]:
    """The query and the body as the models that the route names."""
    declared = call.route
    if declared.query is None and declared.body is None:
        return {}
    from chalicelib.api.bodies import read_body, read_query

    models: dict[str, Body] = {}
    if declared.query is not None:
        models["query"] = read_query(declared.query, call.request)
    if declared.body is not None:
        models["body"] = read_body(declared.body, call.request)
    return models


def shape(path: str, texts: tuple[str, ...] = ()) -> str:
    """The path with `#` for its numbers and `*` for its open texts: what tells routes apart."""
    steps = (
        "*" if step[1:-1] in texts else "#" if step.startswith("{") or step.isdigit() else step
        for step in path.strip("/").split("/")
    )
    return "/".join(steps)
