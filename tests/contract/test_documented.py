"""Requests made up from the committed OpenAPI document: nothing breaks, and no answer is undocumented."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.auth.principals import Role
from tests.contract.client import Response
from tests.contract.conftest import Join, Person
from tests.contract.test_isolation import belongings

EXAMPLES = 4
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs/api/openapi.json").read_text())
NEVER = "987654321"
ENDS_THE_WORLD = {
    "DELETE /api/projects/{project_id}/",
    "POST /api/current-user/erase/",
    "POST /api/organizations/{organization_id}/transfer/",
}
"""What would leave nothing for the others to be tried on."""


def _operations() -> dict[str, Any]:
    """The document's operations by method and path; of bodies only the JSON ones."""
    document = json.loads(json.dumps(DOCUMENT))
    for path in document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {})
            for kind in [kind for kind in content if kind != "application/json"]:
                del content[kind]
    schema: Any = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found if operation.label not in ENDS_THE_WORLD}


def _harmless_first(label: str) -> tuple[int, int, str]:
    method, _, path = label.partition(" ")
    return {"GET": 0, "PUT": 1, "PATCH": 1, "POST": 2, "DELETE": 3}[method], -path.count("{"), path


OPERATIONS: dict[str, Any] = _operations()
LABELS: list[str] = sorted(OPERATIONS, key=_harmless_first)


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """What an organization owns; it wanes as the tests go on."""
    return {}


@pytest.mark.parametrize("label", LABELS)
def test_an_operation_does_what_is_documented(label: str, world: dict[str, Any], join: Join) -> None:
    if not world:
        world |= belongings(join(Role.OWNER))
    person = join(Role.OWNER, organization_id=world["organization_id"])
    operation = OPERATIONS[label]
    method, _, path = label.partition(" ")
    documented = DOCUMENT["paths"][path][method.lower()]["responses"]

    @given(case=operation.as_strategy(), is_there=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: Any, is_there: bool) -> None:
        answer = _send(person, case, path, world if is_there else {})
        told = f"{answer.status} for {case.query} {case.body!r}: {answer.text[:500]}"
        assert answer.status < 500, told
        assert str(answer.status) in documented, told

    tried()


def _send(person: Person, case: Any, path: str, ids: dict[str, Any]) -> Response:
    given_ids = case.path_parameters or {}
    target = re.sub(
        r"{(\w+)}", lambda part: quote(str(ids.get(part[1], given_ids.get(part[1], NEVER))), safe=""), path
    )
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    query |= {name: ids[f"{name}_id"] for name in ("project", "task", "view") if name in query and ids}
    body = None if type(case.body).__name__ == "NotSet" else case.body
    headers = {name: str(value) for name, value in (case.headers or {}).items() if value is not None}
    known = {name: value for name, value in headers.items() if value.isprintable() and value.isascii()}
    sent = f"{target}?{urlencode(query, doseq=True)}" if query else target
    return person.client.request(case.method, sent, body, headers=known)
