"""Runs all levels of checks and tests, two side by side, and tells which failed.

Each level is a target of the Makefile; its output is shown as a whole when it ends. A level that prints a
line `SKIPPED: why` could not be run here; under CI=true nothing may be skipped.
"""

# ruff: noqa: S603, T201

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = "SKIPPED: "
AT_ONCE = 2  # as many as there are cores
# The longest first: whoever is free takes the next, so that both end at about the same time.
LEVELS = (
    "test-e2e",
    "test-integration",
    "test-contract",
    "test-deployed",
    "test-unit",
    "test-frontend",
    "test-infrastructure",
    "types",
    "scan",
    "types-frontend",
    "lint-frontend",
    "imports",
    "lint",
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


def run_waiting(waiting: deque[str], outcomes: list[Outcome], printing: threading.Lock) -> None:
    """Run one waiting level after the other until none is left, whatever becomes of each."""
    while True:
        try:
            level = waiting.popleft()
        except IndexError:
            return
        outcome, output = run_level(level)
        with printing:
            print(f"\n===== {level}: {outcome.word}, {outcome.seconds:.0f} s =====")
            print(output.strip(), flush=True)
            outcomes.append(outcome)


def main() -> int:
    """Run all levels; gives 1 when one failed."""
    outcomes: list[Outcome] = []
    printing = threading.Lock()
    shared = (deque(LEVELS), outcomes, printing)
    runners = [threading.Thread(target=run_waiting, args=shared) for _ in range(AT_ONCE)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    print("\n===== all levels =====")
    for level in LEVELS:
        outcome = next(o for o in outcomes if o.level == level)
        print(f"  {outcome.word:8}{level:22}{outcome.seconds:5.0f} s")
    return int(any(outcome.word == "FAILED" for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
