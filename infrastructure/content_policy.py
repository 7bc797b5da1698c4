"""The content security policy of the pages: one for the deployed and the local site, and for tests.

Nothing runs that we did not build, and no text becomes markup unless `frontend/src/trust.ts` lets it.
Task data points to media anywhere on the web, so pictures, sound and films may come from any https origin,
and tags that read text, audio or tables fetch from there; scripts, frames and forms may not.
"""

from __future__ import annotations

import json
from pathlib import Path

_FILE = Path(__file__).with_name("content_policy.json")


def content_policy(media: str = "") -> str:
    """The header's value; `media` are further origins of media, such as the local store's, or `http:`."""
    directives: dict[str, str] = json.loads(_FILE.read_text())
    filled = ((name, " ".join(value.format(media=media).split())) for name, value in directives.items())
    return "; ".join(f"{name} {value}" for name, value in filled)
