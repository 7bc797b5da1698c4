"""What holds for every route, walked from the registry that dispatches them."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.routes import load_all
from chalicelib.auth.policies import ROLES_FOR
from chalicelib.auth.principals import Role
from chalicelib.cli import roles as roles_command
from chalicelib.cli import routes as routes_command
from chalicelib.cli.openapi import text
from tests.contract.client import Client
from tests.contract.conftest import Join

load_all()
ROOT = Path(__file__).parents[2]


def name(declared: Route) -> str:
    return f"{declared.method} {declared.path}"


def concrete(declared: Route) -> str:
    """The path with ids that nothing has."""
    return re.sub(r"{(\w+)}", "987654321", declared.path)


CLOSED = [declared for declared in ROUTES if not declared.is_public]
PUBLIC = {
    "GET /health/",
    "GET /api/version/",
    "GET /version/",
    "GET /metrics/",
    "GET /docs/api/",
    "GET /docs/api/schema/yaml/",
    "GET /docs/api/schema/json/",
    "GET /swagger.json",
    "POST /api/session/",
    "GET /user/login/",
    "POST /user/login/",
    "GET /user/signup/",
    "POST /user/signup/",
    "GET /logout/",
    "GET /api/sign-in-ways/",
    "GET /api/oidc/start/",
    "GET /api/oidc/callback/",
    "POST /api/invitations/show/",
    "POST /api/invitations/sign-up/",
    "POST /api/password-reset/",
    "POST /api/password-reset/set/",
    "POST /api/token/refresh/",
    "POST /api/projects/validate/",
    "GET /api/templates/",
    "GET /samples/time-series.csv",
}


def test_only_the_known_routes_are_open_to_anybody() -> None:
    assert {name(declared) for declared in ROUTES if declared.is_public} <= PUBLIC


def test_no_route_is_declared_twice() -> None:
    forms = [f"{declared.method} {re.sub('{.*?}', '{}', declared.path)}" for declared in ROUTES]

    assert sorted(forms) == sorted(set(forms))


def test_every_path_ends_in_a_slash_or_names_a_file() -> None:
    assert [
        declared.path
        for declared in ROUTES
        if not declared.path.endswith("/") and "." not in declared.path and not declared.texts
    ] == []


@pytest.mark.parametrize("declared", CLOSED, ids=name)
def test_anonymous_is_refused_before_anything_else(declared: Route, anonymous: Client) -> None:
    answer = anonymous.request(declared.method, concrete(declared), {})

    assert answer.status == 401
    assert answer.json()["detail"] == "Authentication credentials were not provided."


@pytest.mark.parametrize("role", list(Role))
def test_roles_without_the_right_are_refused_at_the_door(role: Role, join: Join) -> None:
    person = join(role)
    closed = [declared for declared in CLOSED if role not in ROLES_FOR[declared.action]]

    statuses = {
        name(declared): person.client.request(declared.method, concrete(declared), {}).status
        for declared in closed
    }

    assert set(statuses.values()) <= {403}, statuses


def test_the_committed_openapi_document_is_the_present_one() -> None:
    committed = (ROOT / "docs/api/openapi.json").read_text()

    assert committed == text(), "run: python -m chalicelib.cli openapi > docs/api/openapi.json"


def test_the_index_of_routes_is_the_present_one() -> None:
    committed = (ROOT / "chalicelib/api/routes/index.py").read_text()

    assert committed == routes_command.text(), "run: make the index again, see its first line"


def test_the_documented_roles_are_the_present_ones() -> None:
    committed = (ROOT / "docs/roles.md").read_text()

    assert committed == roles_command.text(), "run: python -m chalicelib.cli roles > docs/roles.md"


UNWANTED = ("google", "azure", "lxml", "boto3", "moto", "chalice.deploy", "chalice.cli", "pynamodb")


def test_importing_the_app_loads_nothing_that_a_cold_start_need_not_pay() -> None:
    code = "import app, sys; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert [
        module
        for module in loaded
        if any(module == unwanted or module.startswith(f"{unwanted}.") for unwanted in UNWANTED)
    ] == []


def test_the_reference_page_shows_every_route_and_runs_nothing(anonymous: Client) -> None:
    answer = anonymous.get("/docs/api/")

    assert answer.status == 200
    shown = [declared for declared in ROUTES if not declared.hidden]
    assert [declared.path for declared in shown if f"<code>{declared.path}</code>" not in answer.text] == []
    assert "<script" not in answer.text
    assert answer.text.count("Not Found Error") > 100
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)
    assert style is not None
    assert base64.b64encode(sha256(style[1].encode()).digest()).decode() in policy


def test_the_document_is_the_same_in_yaml(anonymous: Client) -> None:
    assert yaml.safe_load(anonymous.get("/docs/api/schema/yaml/").text) == json.loads(text())
    assert anonymous.get("/docs/api/?format=openapi").headers["location"] == "/docs/api/schema/json/"


WITHOUT_RECEIPTS = {
    # the key becomes the annotation's unique id
    "POST /api/tasks/{task_id}/annotations/",
    # their answers hold a secret, which nothing may keep
    "POST /api/current-user/reset-token/",
    "POST /api/token/",
    "POST /api/invitations/",
    "POST /api/invite/reset-token/",
}


def test_every_creating_route_can_be_repeated_under_a_key() -> None:
    creating = {d for d in map(name, [r for r in CLOSED if r.method == "POST" and r.status in (201, 202)])}
    keeping = {name(declared) for declared in CLOSED if declared.keeps_receipts}

    assert creating - keeping == WITHOUT_RECEIPTS
