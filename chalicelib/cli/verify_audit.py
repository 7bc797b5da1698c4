"""Verifies exports of the audit log. Needs the files and nothing else: no network, no database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chalicelib.domain.audit.exports import Verdict, verify
from chalicelib.errors import InvalidInputError


def declare(command: argparse.ArgumentParser) -> None:
    """Which files, and which keys to trust."""
    command.add_argument(
        "files", nargs="+", help="exports, in their order if one goes on where another ended"
    )
    command.add_argument(
        "--key",
        action="append",
        default=[],
        help="a public key to trust, 64 hex digits (GET /api/audit/key/); without, each file's own",
    )


def run(options: argparse.Namespace) -> None:
    """Say what was found; InvalidInputError when any file was tampered with, or does not follow the last."""
    from chalicelib.auth.checkpoint_keys import is_signed

    previous: Verdict | None = None
    faults: list[str] = []
    for name in options.files:
        with Path(name).open("rb") as lines:
            verdict = verify(lines, is_signed, keys=options.key)
        if previous is not None and not verdict.follows(previous):
            verdict.faults.append("does not go on where the file before it ended")
        print(_told(name, verdict))
        faults += [f"{name}: {fault}" for fault in verdict.faults]
        previous = verdict
    if faults:
        print("\n".join(faults), file=sys.stderr)
        raise InvalidInputError.at("", f"{len(faults)} faults: the log is not as it was written")
    if not options.key:
        print("Trusted the key that the file names; compare it with GET /api/audit/key/, or give --key.")


def _told(name: str, verdict: Verdict) -> str:
    state = "sound" if verdict.is_sound else "TAMPERED WITH"
    span = f"records {verdict.first} to {verdict.last}" if verdict.records else "no records"
    return (
        f"{name}: {state}: organization {verdict.organization}, {span}, "
        f"{verdict.checkpoints} checkpoints, key {verdict.key}"
    )
