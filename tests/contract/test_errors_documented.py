"""Each documented operation with each of its statuses: it is really answered so, and in the documented form.

A pair of operation and status that cannot be brought about here stands in `NAMED` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from tests.contract.client import Response
from tests.contract.conftest import Join
from tests.contract.documented import Operation, differences, operations
from tests.contract.provoking import broken_fields, refuse
from tests.contract.requesting import FURTHER, IMPATIENT, succeed
from tests.contract.special_refusals import LOWERED, SPECIAL
from tests.contract.test_roles import harmless_first
from tests.contract.usual_requests import BODIES, REQUESTS
from tests.contract.worlds import World, new_world

PROVIDER = "needs an OpenID provider, which test_single_sign_on.py brings along"
A_RACE = "only two at once get there: who reads before the other writes"
NAMED: dict[tuple[str, int], str] = {
    ("DELETE /api/groups/{group_id}/members/{user_id}/", 409): A_RACE,
    ("GET /api/oidc/callback/", 302): PROVIDER,
    ("GET /api/oidc/start/", 302): PROVIDER,
    ("PATCH /api/import/file-upload/{upload_id}/", 412): A_RACE,
    ("PATCH /api/labels/{label_id}/", 409): A_RACE,
    ("PATCH /api/projects/{project_id}/access/", 409): A_RACE,
    ("PATCH /api/session-policy/", 412): A_RACE,
    ("POST /api/invitations/", 502): "needs a mail server that fails, which test_members.py has",
    ("PUT /api/labels/{label_id}/", 409): A_RACE,
}
"""Pairs that no single request brings about."""
OPERATIONS = sorted(operations(), key=harmless_first)  # type: ignore[arg-type]
PAIRS = [(operation, status) for operation in OPERATIONS for status in operation.statuses]
SUCCESSES = [(operation, status) for operation, status in PAIRS if status < 400]
REFUSALS = [(operation, status) for operation, status in PAIRS if status >= 400]
CONSUMING = frozenset({409, 412})
"""Refusals on the way to which something is done."""


@dataclass
class Worlds:
    """One world in which nothing goes well, and one that wanes and is renewed."""

    fresh: Callable[[Join], World]
    kept: dict[str, World] = field(default_factory=dict)

    def get(self, name: str, join: Join, *, renewed: bool = False) -> World:
        if renewed or name not in self.kept:
            self.kept[name] = self.fresh(join)
        return self.kept[name]


@pytest.fixture(scope="module")
def worlds(app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    mails: Path = tmp_path_factory.mktemp("mails")
    operators: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKYLABEL_MAIL_FOLDER", str(mails))

        def fresh(join: Join) -> World:
            if not operators:
                operators.append(join(Role.OWNER))
                patch.setenv("SKYLABEL_OPERATOR_ORGANIZATION", str(operators[0].organization_id))
                wiring.reset()
            return new_world(join, operators[0], mails)

        yield Worlds(fresh)
    wiring.reset()


Act = Callable[[Operation, int, World], Response]


def attempt(act: Act, operation: Operation, status: int, worlds: Worlds, join: Join) -> Response:
    """The answer, in a second world when an earlier case has used the first one up."""
    wanes = status < 400 or status in CONSUMING
    name = "waning" if wanes else "standing"
    try:
        answer = act(operation, status, worlds.get(name, join))
    except AssertionError:
        if not wanes:
            raise
    else:
        if answer.status == status or not wanes:
            return answer
    return act(operation, status, worlds.get(name, join, renewed=True))


@pytest.mark.parametrize(("operation", "status"), SUCCESSES, ids=str)
def test_what_is_asked_for_is_answered_as_documented(
    operation: Operation, status: int, worlds: Worlds, join: Join
) -> None:
    named = (str(operation), status) in NAMED

    answer = attempt(succeed, operation, status, worlds, join)

    assert (answer.status != status) == named, answer.text[:500]
    assert named or differences(operation, answer) == []


@pytest.mark.parametrize(("operation", "status"), REFUSALS, ids=str)
def test_a_refusal_is_documented_and_comes_about(
    operation: Operation, status: int, worlds: Worlds, join: Join
) -> None:
    if status >= 500:
        assert (str(operation), status) in NAMED
        return
    named = (str(operation), status) in NAMED

    answer = attempt(refuse, operation, status, worlds, join)

    assert (answer.status != status) == named, answer.text[:500]
    if named:
        return
    assert differences(operation, answer) == []
    if status in HEADERS:
        assert HEADERS[status] in answer.headers


HEADERS = {401: "www-authenticate", 429: "retry-after"}
WITH_FIELDS = [
    operation
    for operation in OPERATIONS
    if 400 in operation.statuses and broken_fields(operation) and "$ref" in operation.told["responses"]["400"]
]


@pytest.mark.parametrize("operation", WITH_FIELDS, ids=str)
def test_every_field_that_cannot_be_read_is_told_with_its_place(
    operation: Operation, worlds: Worlds, join: Join
) -> None:
    answer = refuse(operation, 400, worlds.get("standing", join))

    places = {fault["place"].partition(".")[0].partition("[")[0] for fault in answer.json()["faults"]}
    broken = set(broken_fields(operation))
    assert broken <= places <= broken | set(operation.body.get("required", ()))
    assert set(answer.json()["validation_errors"]) == places


def test_the_tables_name_nothing_that_is_not_documented() -> None:
    documented = {(str(operation), status) for operation, status in PAIRS}

    tables = (*NAMED, *SPECIAL, *LOWERED, *FURTHER, *IMPATIENT)
    assert [pair for pair in tables if pair not in documented] == []
    known = {operation for operation, _ in documented}
    assert [name for name in (*REQUESTS, *BODIES) if name not in known] == []
