"""Which paths belong to the app; all others are the single-page app's own.

The distribution in front of the deployed app has the same list, so it stands here once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

APP_PATHS = (
    "/api",
    "/api/*",
    "/health",
    "/logout",
    "/version",
    "/metrics",
    "/feature-flags",
    "/swagger.json",
    "/user/*",
    "/data/*",
    "/docs/*",
    "/tasks/*",
    "/projects/*/resolve",
    "/storage-data/*",
    "/samples/time-series.csv",
)
"""`*` stands for anything, also for nothing and for slashes, as in CloudFront; a final slash is optional."""

_APP = re.compile("|".join(".*".join(map(re.escape, path.split("*"))) + "/?" for path in APP_PATHS))
_PARAMETER = re.compile(r"\{(\w+)(\+?)\}")


def is_app_path(path: str) -> bool:
    """Whether the app answers for the path."""
    return _APP.fullmatch(path) is not None


def match_resource(path: str, resources: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """The gateway resource that takes the path, and its path parameters; the most specific one wins.

    A resource without a final slash also takes the path with one, as API Gateway does.
    """
    found = []
    for resource in resources:
        match = _pattern(resource).fullmatch(path)
        if match:
            rank = ("+}" in resource, resource.count("{"), -len(resource))
            found.append((rank, resource, match.groupdict()))
    if not found:
        return None
    _, resource, parameters = min(found, key=lambda entry: entry[0])
    return resource, parameters


def _pattern(resource: str) -> re.Pattern[str]:
    pieces, end = [], 0
    for parameter in _PARAMETER.finditer(resource):
        pieces.append(re.escape(resource[end : parameter.start()]))
        name, greedy = parameter.groups()
        pieces.append(f"(?P<{name}>.+?)" if greedy else f"(?P<{name}>[^/]+)")
        end = parameter.end()
    pieces.append(re.escape(resource[end:]))
    return re.compile("".join(pieces) + "/?")
