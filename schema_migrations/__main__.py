"""`python -m schema_migrations status | plan | up [--to NAME] [--dry-run] | down --to NAME`."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from botocore.session import get_session

from chalicelib.clock import system_clock
from chalicelib.errors import SkylabelError
from chalicelib.settings import settings
from schema_migrations.ledger import Ledger
from schema_migrations.runner import Runner, discover


def build() -> Runner:
    """The runner for the tables that the environment names."""
    chosen = settings()
    client = get_session().create_client(
        "dynamodb", region_name=chosen.region, endpoint_url=chosen.dynamodb_endpoint or None
    )
    ledger = Ledger(client, chosen.table("migrations"), f"{socket.gethostname()}:{os.getpid()}", system_clock)
    return Runner(discover(), ledger, client, chosen.table, lambda line: print(line, flush=True))


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m schema_migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status")
    commands.add_parser("plan")
    up = commands.add_parser("up")
    up.add_argument("--to")
    up.add_argument("--dry-run", action="store_true")
    down = commands.add_parser("down")
    down.add_argument("--to", required=True)
    return parser.parse_args()


def main() -> int:
    """Run one command; 1 and a line on standard error when it cannot be done."""
    asked = arguments()
    runner = build()
    try:
        if asked.command == "status":
            for name, state in runner.status():
                print(f"{state:10} {name}")
        elif asked.command == "plan":
            for migration in runner.pending():
                print(f"{migration.name}: {migration.summary}")
        elif asked.command == "up":
            runner.up(asked.to, dry_run=asked.dry_run)
        else:
            runner.down(asked.to)
    except SkylabelError as error:
        print(f"migrations: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
