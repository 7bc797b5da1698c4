"""The service itself: is it up, which version, its own documentation."""

from __future__ import annotations

import json
from typing import Any

from typing_extensions import TypedDict

from chalicelib.api.answers import Answer, page, redirect, to_json
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import COMPATIBLE_VERSION
from chalicelib.errors import ForbiddenError

Version = TypedDict(
    "Version",
    {
        "release": str,
        "edition": str,
        "label-studio-os-package": dict[str, Any],
        "label-studio-os-backend": dict[str, Any],
        "label-studio-frontend": dict[str, Any],
        "dm2": dict[str, Any],
        "lsf": dict[str, Any],
        "backend": dict[str, Any],
        "label-studio-converter": dict[str, Any],
        "skylabel": dict[str, str],
    },
)
"""The release of Label Studio that this is like, part by part as its clients read it, and our own word."""


class Health(TypedDict):
    """That the service is up."""

    status: str


@route("GET", "/health/", answer=Health, summary="Say that the service is up")
def health(_call: Call) -> Health:
    """Touches nothing else: a sick table must not make a load balancer end healthy functions."""
    return {"status": "UP"}


@route("GET", "/api/version/", answer=Version, summary="Say which version this is")
def version(_call: Call) -> Version:
    """What the SDK reads before it exports: the edition decides which way it goes."""
    return _version()


@route("GET", "/version/", media="text/html", summary="Say which version this is, to people")
def version_page(_call: Call) -> Answer:
    """The release as a page."""
    return page(f"<!doctype html><html lang=en><title>Version</title><p>{COMPATIBLE_VERSION}</p></html>")


@route("GET", "/metrics/", media="text/plain", summary="Nothing: metrics go to CloudWatch")
def metrics(_call: Call) -> Answer:
    """Kept for scrapers that expect the path."""
    return Answer(200, "", "text/plain")


@route(
    "GET",
    "/feature-flags/",
    action="self.read",
    status=403,
    summary="List feature flags (staff of the service only)",
)
def feature_flags(_call: Call) -> Answer:
    """Nobody is staff here."""
    raise ForbiddenError("You do not have permission to perform this action.")


@route("GET", "/docs/api/schema/json/", answer=dict[str, Any], summary="The OpenAPI document")
def schema(_call: Call) -> dict[str, Any]:
    """What this document is made from is what requests are dispatched by."""
    from chalicelib.api.openapi import document

    return document()


@route("GET", "/docs/api/schema/yaml/", media="application/yaml", summary="The OpenAPI document, as YAML")
def schema_yaml(_call: Call) -> Answer:
    """The same as JSON."""
    import yaml

    from chalicelib.api.openapi import document

    plain = json.loads(to_json(document()))
    return Answer(200, yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), "application/yaml")


@route("GET", "/docs/api/", media="text/html", summary="The API reference, for people")
def reference(call: Call) -> Answer:
    """Every route with its parameters, fields and statuses; `?format=openapi` leads to the document."""
    if call.request.first("format") == "openapi":
        return redirect("/docs/api/schema/json/")
    from chalicelib.api.openapi import document
    from chalicelib.api.reference_page import POLICY, reference_page

    return page(reference_page(document())).with_headers({"Content-Security-Policy": POLICY})


@route("GET", "/swagger.json", hidden=True, summary="An older address of the OpenAPI document")
def swagger(_call: Call) -> Answer:
    """Sends clients to where it is."""
    return redirect("/docs/api/schema/json/")


def _version() -> Version:
    own = {"version": COMPATIBLE_VERSION}
    return {
        "release": COMPATIBLE_VERSION,
        "edition": "Community",
        "label-studio-os-package": {
            **own,
            "short_version": ".".join(COMPATIBLE_VERSION.split(".")[:2]),
            "latest_version_from_pypi": COMPATIBLE_VERSION,
            "latest_version_upload_time": "",
            "current_version_is_outdated": False,
        },
        "label-studio-os-backend": {**own, "message": "", "commit": "", "date": "", "branch": ""},
        "label-studio-frontend": {"commit": ""},
        "dm2": {"commit": ""},
        "lsf": {"commit": ""},
        "backend": {"commit": ""},
        "label-studio-converter": own,
        "skylabel": {"api": "/docs/api/schema/json/"},
    }
