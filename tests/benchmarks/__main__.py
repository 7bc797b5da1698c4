"""Runs the benchmarks one after the other, each in a process of its own: `python -m tests.benchmarks`.

    python -m tests.benchmarks                     those that take seconds
    python -m tests.benchmarks --all               also those that take minutes
    python -m tests.benchmarks engine_costs …      the named ones

A benchmark is a module of this folder that prints a table when it is run. One that takes minutes says so
by `TAKES_MINUTES = True`. What is counted (requests, units, bytes) is also asserted in tests; times are
only shown, for they say as much of the machine as of the product.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
MARK = "TAKES_MINUTES = True"


def benchmarks() -> dict[str, str]:
    """Every benchmark's name and source, in order of names."""
    return {
        path.stem: path.read_text()
        for path in sorted(FOLDER.glob("*.py"))
        if not path.stem.startswith("_") and "__main__" in path.read_text()
    }


def main() -> int:
    """Run what was asked for; gives 1 when one of them failed."""
    known = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--all", action="store_true", help="also those that take minutes")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(known))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
    names = asked.names or [name for name, source in known.items() if asked.all or MARK not in source]
    failed = []
    for name in names:
        print(f"\n===== {name} =====", flush=True)
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
