"""Simulated annotators at full size: fifty on ten thousand tasks, and 100,000 submits through faults.

Then three who are all wanted for every task and far quicker than the index, which is far behind.

    python -m tests.benchmarks.simulated_labeling [--tasks 10000] [--submits 100000] [--seed 1]

Over stores in memory, with a simulated clock (`tests/simulation.py`). Every run is checked: each task has
just the answers it wants, nobody answered one twice, everything acknowledged is stored once, all counters are
what a full count gives, and everybody met a honeypot just where one was due. A run that is not so ends this
program with its error. `test_simulation.py` has small ones.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from tests.simulation import HARSH, Faults, Simulation

TAKES_MINUTES = True
ANNOTATORS = 50
LINE = "{:36}{:>9}{:>9}{:>10}{:>9}{:>8}{:>8}{:>9}"


def show(name: str, run: Simulation) -> None:
    """Run, check, print a line."""
    started = time.process_time()
    run.run().check()
    faults = sum(count for fate, count in run.injected.items() if fate != "between")
    figures = (
        len(run.ledger),
        run.requests,
        faults,
        run.injected["between"],
        run.most_pauses,
        run.most_sends,
    )
    print(LINE.format(name, *figures, f"{time.process_time() - started:.0f} s"), flush=True)


def main() -> None:
    """All runs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--submits", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    heads = ("answers", "requests", "faults", "between", "pauses", "sends", "CPU")
    print(LINE.format("run (most pauses, sends a request)", *heads))
    for overlap in (1, 3):
        peaceful = Simulation(
            seed=asked.seed,
            annotators=ANNOTATORS,
            tasks=asked.tasks,
            overlap=overlap,
            faults=Faults(between=0.05),
            skips=0.03,
            walks_away=0.01,
        )
        show(f"{ANNOTATORS} annotators, overlap {overlap}", peaceful)
    for overlap in (1, 3):
        harsh = Simulation(
            seed=asked.seed + overlap,
            annotators=ANNOTATORS,
            tasks=asked.submits // 2 // overlap + 1,
            overlap=overlap,
            faults=HARSH,
            skips=0.02,
            walks_away=0.005,
        )
        show(f"through faults, overlap {overlap}", harsh)
    for overlap in (1, 3):
        managed = Simulation(
            seed=asked.seed + overlap,
            annotators=ANNOTATORS,
            tasks=asked.submits // 2 // overlap + 1,
            overlap=overlap,
            faults=HARSH,
            settings={"honeypot_every": 10, "sampling": "Uniform sampling"},
            skips=0.02,
            walks_away=0.005,
            assigns=0.02,
            truths=300,
        )
        show(f"… assigned, honeypots, overlap {overlap}", managed)
    for late in (20, 60):
        behind = Simulation(
            seed=asked.seed,
            annotators=3,
            tasks=asked.tasks // 4,
            overlap=3,
            faults=replace(HARSH, late=late),
            haste=30,
        )
        show(f"… everybody wanted, index {late} s late", behind)


if __name__ == "__main__":
    main()
