"""Prints which role may do what."""

from __future__ import annotations

import argparse


def declare(command: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  every command has this form
    """Print the table of roles and actions."""
    print(table(), end="")


def table() -> str:
    """One row an action, one column a role, as Markdown."""
    from chalicelib.auth.policies import ROLES_FOR
    from chalicelib.auth.principals import Role

    lines = ["| Action | " + " | ".join(Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for action, roles in ROLES_FOR.items():
        marks = ["yes" if role in roles else "" for role in Role]
        lines.append(f"| `{action}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"
