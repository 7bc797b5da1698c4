"""Which paths are the app's, and which resource takes them."""

from __future__ import annotations

import pytest

from infrastructure.local.gateway.paths import is_app_path, match_resource

RESOURCES = ["/", "/api", "/api/{proxy+}", "/api/version", "/projects/{project}/resolve"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", False),
        ("/api", True),
        ("/api/", True),
        ("/api/projects/7/tasks/", True),
        ("/apiary", False),
        ("/data/upload/7/a.png", True),
        ("/projects", False),
        ("/projects/7/data", False),
        ("/projects/7/resolve", True),
        ("/projects/7/resolve/", True),
        ("/user/login/", True),
        ("/version/", True),
        ("/assets/index.js", False),
    ],
)
def test_app_paths(path: str, expected: bool) -> None:
    assert is_app_path(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api", ("/api", {})),
        ("/api/", ("/api", {})),
        ("/api/version", ("/api/version", {})),
        ("/api/versions", ("/api/{proxy+}", {"proxy": "versions"})),
        ("/api/a/b/", ("/api/{proxy+}", {"proxy": "a/b"})),
        ("/projects/7/resolve", ("/projects/{project}/resolve", {"project": "7"})),
        ("/projects/7/8/resolve", None),
        ("/nothing", None),
    ],
)
def test_the_most_specific_resource_wins(path: str, expected: object) -> None:
    assert match_resource(path, RESOURCES) == expected
