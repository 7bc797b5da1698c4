"""CloudFront and the local gateway send the same paths to the API."""

from __future__ import annotations

import re

import pytest

from chalicelib.api.endpoint import ROUTES
from chalicelib.api.routes import load_all
from infrastructure.local.gateway.paths import is_app_path
from infrastructure.template.distribution import API_PATHS

load_all()
# an id and a name of a file in the place of each open part
ROUTE_PATHS = sorted({re.sub(r"\{\w+\}", "7", route.path) for route in ROUTES if not route.hidden})
PAGES = (
    *(
        "/",
        "/projects",
        "/projects/7",
        "/projects/7/data",
        "/projects/7/settings/labels",
        "/login",
        "/signup",
    ),
    *("/index.html", "/assets/index-a1b2.js", "/boot.js", "/favicon.svg", "/account", "/people"),
)


def goes_to_the_api(path: str) -> bool:
    """Whether CloudFront would; `*` stands for any characters, `?` for one."""
    patterns = (re.escape(p).replace(r"\*", ".*").replace(r"\?", ".") for p in API_PATHS)
    return any(re.fullmatch(pattern, path) for pattern in patterns)


@pytest.mark.parametrize("path", ROUTE_PATHS)
def test_every_route_is_reached_through_both_in_both_slash_forms(path: str) -> None:
    forms = [path, path.rstrip("/")] if path != "/" else [path]

    assert [form for form in forms if not goes_to_the_api(form)] == []
    assert [form for form in forms if not is_app_path(form)] == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_and_files_of_the_application_are_not_sent_to_the_api(path: str) -> None:
    assert not goes_to_the_api(path)
    assert not is_app_path(path)


def test_each_pattern_of_cloudfront_has_a_path_that_the_local_gateway_knows() -> None:
    examples = [pattern.replace("*", "7") for pattern in API_PATHS]

    assert [path for path in examples if not is_app_path(path)] == []
