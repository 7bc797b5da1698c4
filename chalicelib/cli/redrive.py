"""Puts the messages of a dead-letter queue back to work, once what killed them is mended."""

from __future__ import annotations

import argparse


def declare(command: argparse.ArgumentParser) -> None:
    """Which queue, and how many messages at most."""
    command.add_argument("queue", choices=["imports", "exports", "predictions", "maintenance"])
    command.add_argument("--limit", type=int, default=1000, help="at most so many messages (1000)")


def run(options: argparse.Namespace) -> None:
    """Move the messages and say how many."""
    from chalicelib import wiring

    moved = wiring.job_queue().redrive(f"{options.queue}-dead", options.queue, limit=options.limit)
    print(f"{moved} messages went back to the queue {options.queue}.")
