"""Exports the audit log of an installation that runs, file by file, over its API."""

from __future__ import annotations

import argparse
import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.errors import InvalidInputError, UpstreamError

TIMEOUT_S = 60


def declare(command: argparse.ArgumentParser) -> None:
    """Which installation, from which record, and where to."""
    command.add_argument("--access-file", default=".data/access.json", help="the url and the key")
    command.add_argument("--after", type=int, default=0, help="begin after this record (0: at the first)")
    command.add_argument("folder", help="where to write audit-<first>.jsonl")


def run(options: argparse.Namespace) -> None:
    """Write a file for each part of the log, up to its end."""
    access = json.loads(Path(options.access_file).read_text())
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    after = options.after
    while True:
        text = _part(str(access["url"]), str(access["api_key"]), after)
        last = int(json.loads(text.splitlines()[-1])["end"]["last"])
        if last == after and after > options.after:
            return
        name = folder / f"audit-{after + 1:012d}.jsonl"
        name.write_bytes(text)
        print(f"{name}: records {after + 1} to {last}")
        if last == after:
            return
        after = last


def _part(url: str, api_key: str, after: int) -> bytes:
    """The export after a record. UpstreamError for another answer than an export."""
    address = urlsplit(url)
    kinds = {"http": HTTPConnection, "https": HTTPSConnection}
    if address.scheme not in kinds:
        raise InvalidInputError.at("url", "the access file must name an http or https address")
    connection = kinds[address.scheme](address.netloc, timeout=TIMEOUT_S)
    try:
        path = f"{address.path}/api/audit/export/?after={after}"
        connection.request("GET", path, headers={"Authorization": f"Token {api_key}"})
        answer = connection.getresponse()
        text: bytes = answer.read()
    except OSError as error:
        raise UpstreamError(f"{url} cannot be reached: {error}") from error
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise UpstreamError(f"{url} answered {answer.status}: {text[:200].decode('utf-8', 'replace')}")
    return text
