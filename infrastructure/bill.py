"""The bill of materials of what is deployed (CycloneDX 1.6): packages with versions, licences, hashes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

Component = dict[str, Any]


def bill_of_materials(vendored: Path, lock: Path) -> dict[str, Any]:
    """The packages below a folder of installed Python code, and those of the browser that npm's lock pins."""
    components = [*python_components(vendored), *npm_components(json.loads(lock.read_text()))]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": sorted(components, key=lambda each: each["purl"]),
    }


def python_components(vendored: Path) -> Iterator[Component]:
    """Each installed distribution; its hash is that of its record, which has the hashes of its files."""
    for metadata in vendored.glob("*.dist-info/METADATA"):
        said = HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"))
        name, version = said["Name"], said["Version"]
        normal = re.sub(r"[-_.]+", "-", name).lower()
        made: Component = {"type": "library", "name": name, "version": version}
        made["purl"] = f"pkg:pypi/{normal}@{version}"
        licence = said["License-Expression"] or said["License"]
        if licence:
            made["licenses"] = [{"license": {"name": licence.splitlines()[0][:200]}}]
        record = metadata.with_name("RECORD")
        if record.exists():
            content = hashlib.sha256(record.read_bytes()).hexdigest()
            made["hashes"] = [{"alg": "SHA-256", "content": content}]
        yield made


def npm_components(lock: dict[str, Any]) -> Iterator[Component]:
    """The packages that reach the browser: those of the lock that are not for development alone."""
    for place, entry in lock.get("packages", {}).items():
        if not place or entry.get("dev"):
            continue
        name = place.rpartition("node_modules/")[2]
        made: Component = {"type": "library", "name": name, "version": entry["version"]}
        made["purl"] = f"pkg:npm/{name.replace('@', '%40', 1)}@{entry['version']}"
        if entry.get("license"):
            made["licenses"] = [{"license": {"name": entry["license"]}}]
        if entry.get("integrity", "").startswith("sha512-"):
            content = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
            made["hashes"] = [{"alg": "SHA-512", "content": content}]
        yield made
