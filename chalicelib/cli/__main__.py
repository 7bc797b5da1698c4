"""Reads the command line and hands over to the command's module."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from chalicelib.actors import Actor, acting
from chalicelib.errors import SkylabelError

COMMANDS = {
    "audit": "export the audit log of an installation that runs",
    "bootstrap": "make the first organization and its administrator, unless they are there",
    "demo": "fill a running installation with example projects",
    "openapi": "print the OpenAPI document",
    "redrive": "put the messages of a dead-letter queue back to work",
    "routes": "print the index of routes",
    "roles": "print which role may do what, as Markdown",
    "verify_audit": "verify exports of the audit log, offline",
}


def main(arguments: list[str]) -> int:
    """Run one command; gives the process's exit code. Errors are one clear line."""
    parser = argparse.ArgumentParser(prog="skylabel", description="Work on a Skylabel installation.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in COMMANDS.items():
        module = import_module(f"chalicelib.cli.{name}")
        command = commands.add_parser(name.replace("_", "-"), help=summary, description=summary)
        module.declare(command)
        command.set_defaults(run=module.run)
    parsed = parser.parse_args(arguments)
    try:
        with acting(Actor(f"skylabel {parsed.command}", "command line")):
            parsed.run(parsed)
    except SkylabelError as error:
        print(f"skylabel {parsed.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
