"""Runs all levels of checks and tests in two lanes side by side, and tells which failed.

Each level is a target of the Makefile; its output is shown as a whole when it ends. A level that prints a
line `SKIPPED: why` could not be run here; under CI=true nothing may be skipped.
"""

# ruff: noqa: S603, T201

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = "SKIPPED: "
# two cores: the front end's tools beside Python's; the browser last, when its lane has the rest behind it
LANES = (
    ("lint", "imports", "scan", "types", "test-unit", "test-integration", "test-deployed"),
    ("lint-frontend", "types-frontend", "test-frontend", "test-contract", "test-infrastructure", "test-e2e"),
)


@dataclass(frozen=True)
class Outcome:
    """How a level ended, after how many seconds."""

    level: str
    word: str
    seconds: float


def run_level(level: str) -> tuple[Outcome, str]:
    """Run a level; gives its outcome and all that it printed."""
    started = time.monotonic()
    # `-o setup`: installed once before the lanes began; two at once would install twice
    command = ["make", "--no-print-directory", "-o", "setup", level]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return Outcome(level, "FAILED", time.monotonic() - started), str(error)
    skipped = any(line.startswith(SKIPPED) for line in done.stdout.splitlines())
    word = "FAILED" if done.returncode else "skipped" if skipped else "passed"
    return Outcome(level, word, time.monotonic() - started), done.stdout


def run_lane(levels: tuple[str, ...], outcomes: list[Outcome], printing: threading.Lock) -> None:
    """Run the levels of a lane one after the other, whatever becomes of each."""
    for level in levels:
        outcome, output = run_level(level)
        with printing:
            print(f"\n===== {level}: {outcome.word}, {outcome.seconds:.0f} s =====")
            print(output.strip(), flush=True)
            outcomes.append(outcome)


def main() -> int:
    """Run all lanes; gives 1 when a level failed."""
    outcomes: list[Outcome] = []
    printing = threading.Lock()
    lanes = [threading.Thread(target=run_lane, args=(lane, outcomes, printing)) for lane in LANES]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    print("\n===== all levels =====")
    for level in (level for lane in LANES for level in lane):
        outcome = next(o for o in outcomes if o.level == level)
        print(f"  {outcome.word:8}{level:22}{outcome.seconds:5.0f} s")
    return int(any(outcome.word == "FAILED" for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
