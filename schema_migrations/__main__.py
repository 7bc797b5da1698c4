"""`python -m schema_migrations status | plan | up [--to NAME] [--dry-run] | down --to NAME`."""

from __future__ import annotations

import argparse
import sys

from chalicelib.errors import SkylabelError
from schema_migrations.installation import build, patiently, told_estimate, told_status
from schema_migrations.modules import STAGES
from schema_migrations.runner import UNITS_PER_SECOND, Limits


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m schema_migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="how far each migration is, and who is at work")
    made = {name: commands.add_parser(name) for name in ("plan", "up", "down")}
    for command in made.values():
        command.add_argument(
            "--units-per-second", type=float, default=UNITS_PER_SECOND, help="capacity units; 0 sets no limit"
        )
    for name in ("plan", "up"):
        made[name].add_argument("--to", help="the last migration to apply")
        made[name].add_argument(
            "--stage", action="append", choices=STAGES, help="only migrations of this stage"
        )
    made["up"].add_argument("--dry-run", action="store_true", help="read and count, write nothing")
    made["down"].add_argument("--to", required=True, help="the last migration that stays")
    for name in ("up", "down"):
        made[name].add_argument(
            "--wait",
            type=float,
            default=0,
            metavar="SECONDS",
            help="how long to wait for another runner's end",
        )
    return parser.parse_args()


def main() -> int:
    """Run one command; 1 and a line on standard error when it cannot be done."""
    asked = arguments()
    limits = Limits(units_per_second=getattr(asked, "units_per_second", UNITS_PER_SECOND))
    runner, ledger = build(lambda line: print(line, flush=True), limits)
    try:
        if asked.command == "status":
            for line in told_status(runner, ledger):
                print(line)
        elif asked.command == "plan":
            for estimate in runner.plan(asked.to, stages=asked.stage or STAGES):
                print(told_estimate(estimate, asked.units_per_second))
        elif asked.command == "up":
            stages = asked.stage or STAGES
            patiently(lambda: runner.up(asked.to, dry_run=asked.dry_run, stages=stages), asked.wait)
        else:
            patiently(lambda: runner.down(asked.to), asked.wait)
    except SkylabelError as error:
        print(f"migrations: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
