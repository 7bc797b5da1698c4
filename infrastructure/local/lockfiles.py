"""Keeps npm's lock files whole: an entry for every platform's optional package.

npm leaves a platform's package out of the lock file when the registry at hand does not have it, and then
`npm ci` refuses that lock file everywhere. `python -m infrastructure.local.lockfiles` adds what is
missing, with the exact version that the package's owner names; npm checks such an entry's contents
against the registry instead of the lock file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCK_FILES = (ROOT / "frontend" / "package-lock.json", Path(__file__).parent / "package-lock.json")
_SYSTEMS = (
    "aix",
    "android",
    "darwin",
    "freebsd",
    "linux",
    "netbsd",
    "openbsd",
    "openharmony",
    "sunos",
    "win32",
)
_PROCESSORS = ("arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64", "wasm32")
_LIBRARIES = {"musl": "musl", "gnu": "glibc", "glibc": "glibc"}

Lock = dict[str, Any]


def missing_optionals(lock: Lock) -> dict[str, Lock]:
    """The entries that the lock file lacks, by their place under node_modules."""
    packages: Lock = lock["packages"]
    missing: dict[str, Lock] = {}
    for place, package in packages.items():
        for name, version in package.get("optionalDependencies", {}).items():
            if not _is_locked(packages, place, name) and re.fullmatch(r"\d+\.\d+\.\d+\S*", version):
                missing[f"node_modules/{name}"] = _entry(name, version, is_dev=package.get("dev", False))
    return missing


def complete(file: Path) -> int:
    """Add what the lock file lacks; gives how many entries that were."""
    lock: Lock = json.loads(file.read_text())
    missing = missing_optionals(lock)
    if missing:
        head = lock["packages"].pop("")
        lock["packages"] = {"": head, **dict(sorted({**lock["packages"], **missing}.items()))}
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    return len(missing)


def _is_locked(packages: Lock, place: str, name: str) -> bool:
    """Whether the package is found from `place`, looking upwards as Node does."""
    while True:
        prefix = f"{place}/" if place else ""
        if f"{prefix}node_modules/{name}" in packages:
            return True
        if not place:
            return False
        place = place.rpartition("node_modules/")[0].rstrip("/")


def _entry(name: str, version: str, *, is_dev: bool) -> Lock:
    words = set(re.split(r"[/-]", name))
    entry: Lock = {"version": version, "optional": True}
    if is_dev:
        entry["dev"] = True
    for field, known in (("os", _SYSTEMS), ("cpu", _PROCESSORS)):
        found = [word for word in known if word in words]
        if found:
            entry[field] = found
    libraries = [library for word, library in _LIBRARIES.items() if word in words]
    if libraries:
        entry["libc"] = libraries
    return entry


if __name__ == "__main__":
    for path in LOCK_FILES:
        print(f"{path.relative_to(ROOT)}: {complete(path)} entries added")
