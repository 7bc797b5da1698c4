"""Prints who may do what, as `docs/roles.md` shows it."""

from __future__ import annotations

import argparse

INTRODUCTION = """# Roles

Who may do what; made by `python -m chalicelib.cli roles` from `chalicelib/auth/policies.py` and the table of
routes. In other organizations nobody may do anything, nor learn what is there.

## In an organization and in a project

A member has one role in the organization. In a project (actions marked with *) another may count:

1. Owners and administrators are that in every project.
2. Otherwise a role given to the member in the project counts, be it more or less than their own.
3. Otherwise the most powerful role that the project gives to a group the member is in.
4. Otherwise the role in the organization, if the project is open to it. A project for members only does not
   exist for anybody else: its ids are answered as unknown ones.

Roles in projects are manager, reviewer, annotator and viewer. Nobody gives or takes a role with more rights
than their own. A change is effective at once in the process that made it and within 30 seconds everywhere
(`SKYLABEL_CREDENTIAL_CACHE_S`).

## Blind projects

Where a project's `blind_mode` is `annotations`, members whose role there does not cover
`annotation.read_blinded` see their own annotations and drafts alone, and of tasks nothing that tells of
others' (who, what, how long); with `annotations_and_predictions` no predictions either. Others' are answered
as unknown ids, and filters do not find by them. How much of a project is done, who works in it, and the state
of its tasks is no secret. With `off` everybody reads everything.

## Actions
"""


def declare(command: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  every command has this form
    """Print the page."""
    print(text(), end="")


def text() -> str:
    """The whole page."""
    return f"{INTRODUCTION}\n{table()}\n## Operations of the API\n\n{operations()}"


def table() -> str:
    """One row an action, one column a role, as Markdown."""
    from chalicelib.auth.policies import ROLES_FOR, is_of_projects

    lines = _head("Action")
    for action in ROLES_FOR:
        mark = "*" if is_of_projects(action) else ""
        lines.append(f"| `{action}`{mark} | " + " | ".join(_marks(action)) + " |")
    return "\n".join(lines) + "\n"


def operations() -> str:
    """One row an operation, one column a role, as Markdown."""
    from chalicelib.api.endpoint import ROUTES
    from chalicelib.api.routes import load_all

    load_all()
    lines = _head("Operation | Action")
    for declared in sorted(ROUTES, key=lambda known: (known.path, known.method)):
        action, marks = "open to anybody", ["yes"] * len(_marks(""))
        if declared.action:
            action, marks = f"`{declared.action}`", _marks(declared.action)
        lines.append(f"| `{declared.method} {declared.path}` | {action} | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def _head(first: str) -> list[str]:
    from chalicelib.auth.principals import Role

    columns = first.count("|") + 1 + len(Role)
    return [f"| {first} | " + " | ".join(Role) + " |", "|---" * columns + "|"]


def _marks(action: str) -> list[str]:
    from chalicelib.auth.policies import ROLES_FOR
    from chalicelib.auth.principals import Role

    return ["yes" if role in ROLES_FOR.get(action, ()) else "" for role in Role]
