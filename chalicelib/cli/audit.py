"""Exports the audit log of an installation that runs, file by file, over its API."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from urllib.request import Request, urlopen

from chalicelib.errors import InvalidInputError


def declare(command: argparse.ArgumentParser) -> None:
    """Which installation, from which record, and where to."""
    command.add_argument("--access-file", default=".data/access.json", help="the url and the key")
    command.add_argument("--after", type=int, default=0, help="begin after this record (0: at the first)")
    command.add_argument("folder", help="where to write audit-<first>.jsonl")


def run(options: argparse.Namespace) -> None:
    """Write a file for each part of the log, up to its end."""
    access = json.loads(Path(options.access_file).read_text())
    if not str(access.get("url", "")).startswith(("http://", "https://")):
        raise InvalidInputError.at("url", "the access file must name an http or https address")
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    after = options.after
    while True:
        address = f"{access['url']}/api/audit/export/?after={after}"
        asked = Request(address, headers={"Authorization": f"Token {access['api_key']}"})  # noqa: S310
        with urlopen(asked, timeout=60) as answer:  # noqa: S310  the operator's own address
            text = answer.read()
        last = int(json.loads(text.splitlines()[-1])["end"]["last"])
        if last == after and after > options.after:
            return
        name = folder / f"audit-{after + 1:012d}.jsonl"
        name.write_bytes(text)
        print(f"{name}: records {after + 1} to {last}")
        if last == after:
            return
        after = last
