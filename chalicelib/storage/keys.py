"""The key of everything that is stored. No other module builds or takes apart a key.

Each function gives the key attributes of one item, or the text of one part. `docs/data-model.md` lists
who reads and writes them.
"""

from __future__ import annotations

from chalicelib.ids import block_of

Key = dict[str, str | int]

# ---- table `tasks`: pk text, sk number


def task(task_id: int) -> Key:
    """A task's state. The tasks of a block lie together, by id."""
    return {"pk": task_block(block_of(task_id)), "sk": task_id}


def task_block(block: int) -> str:
    """The partition of a block's tasks."""
    return f"TB#{block}"


def task_body(task_id: int) -> Key:
    """A task's body, where it is too large to lie in its state."""
    return {"pk": f"TD#{block_of(task_id)}", "sk": task_id}


def summary(project: int, block: int) -> Key:
    """What is counted of one block. A project's blocks lie together, in order."""
    return {"pk": summaries(project), "sk": block}


def summaries(project: int) -> str:
    """The partition of a project's counts."""
    return f"PB#{project}"


def tally(project: int, block: int) -> Key:
    """What the data and results of one block contain, as far as it has been tallied."""
    return {"pk": tallies(project), "sk": block}


def tallies(project: int) -> str:
    """The partition of a project's tallies."""
    return f"PL#{project}"


def column_file(project: int, block: int) -> Key:
    """Where the columns of some of a project's blocks are packed, by the first of the blocks."""
    return {"pk": column_files(project), "sk": block}


def column_files(project: int) -> str:
    """The partition of what is known of a project's packed columns."""
    return f"PC#{project}"


def annotator(project: int, user: int) -> Key:
    """What is remembered of one user in one project."""
    return {"pk": annotators(project), "sk": user}


def annotators(project: int) -> str:
    """The partition of a project's annotators."""
    return f"PU#{project}"


def allocation(project: int) -> Key:
    """The block from which a project takes its next single ids, and its counter of inner ids."""
    return {"pk": f"PA#{project}", "sk": 0}


_TASK_ID_SPAN = 10**13


def put_off(project: int, user: int, kind: str, *, at_us: int, task_id: int) -> Key:
    """One task that a user put off, by the moment (microseconds) at which they did."""
    return {"pk": put_offs(project, user, kind), "sk": at_us * _TASK_ID_SPAN + task_id}


def put_off_parts(sk: int) -> tuple[int, int]:
    """The moment (microseconds) and the task id that a sort key of `put_off` names."""
    return divmod(sk, _TASK_ID_SPAN)


def put_offs(project: int, user: int, kind: str) -> str:
    """The partition of the tasks that a user put off in one way (`postponed`, `skipped`)."""
    return f"PQ#{project}#{user}#{kind}"


def assigned(project: int, user: int, task_id: int) -> Key:
    """One task that is assigned to a user and waits for their answer."""
    return {"pk": assignments(project, user), "sk": task_id}


def assignments(project: int, user: int) -> str:
    """The partition of the tasks that wait for a user's answer."""
    return f"PQ#{project}#{user}#assigned"


# ---- table `annotations`: pk text, sk text

ANNOTATIONS = "A#"
DRAFTS = "D#"
PREDICTIONS = "P#"
TRANSITIONS = "S#"
VERSIONS = "V#"
COMMENTS = "R#"
FAMILY_END = "Q"
"""Annotations, drafts and predictions sort before this, comments and history after."""


def family(task_id: int) -> str:
    """The partition of everything that hangs on a task."""
    return f"T#{task_id}"


def member(task_id: int, prefix: str, number: int) -> Key:
    """One annotation, draft, prediction or comment of a task, by its number within the task."""
    return {"pk": family(task_id), "sk": f"{prefix}{number:04d}"}


def version(task_id: int, number: int, version: int) -> Key:
    """One earlier version of an annotation."""
    return {"pk": family(task_id), "sk": f"{versions(number)}{version:06d}"}


def versions(number: int) -> str:
    """How the sort keys of an annotation's earlier versions begin."""
    return f"{VERSIONS}{number:04d}#"


def transitions(task_id: int, revision: int) -> Key:
    """Older transitions of a task, moved out of its state at one of its revisions."""
    return {"pk": family(task_id), "sk": f"{TRANSITIONS}{revision:010d}"}


def unique_id(text: str) -> Key:
    """The claim of one annotation on a client's unique id."""
    return {"pk": f"U#{text}", "sk": "U"}


# ---- table `meta`: pk text, sk text


def counter(kind: str) -> Key:
    """The last id given of a kind."""
    return {"pk": f"C#{kind}", "sk": "C"}


def project(organization: int, project_id: int) -> Key:
    """A project's settings. An organization's projects lie together, by id."""
    return {"pk": organization_projects(organization), "sk": f"P#{project_id:012d}"}


def organization_projects(organization: int) -> str:
    """The partition of an organization's projects."""
    return f"OP#{organization}"


def config_version(project_id: int, number: int) -> Key:
    """One version of a project's configuration. All of a project's lie together, in order."""
    return {"pk": config_versions(project_id), "sk": f"{number:08d}"}


def config_versions(project_id: int) -> str:
    """The partition of a project's config versions."""
    return f"CV#{project_id}"


def installation() -> Key:
    """What is known of the installation as a whole: the layout that its stored data has."""
    return {"pk": "INSTALLATION", "sk": "-"}


def project_owner(project_id: int) -> Key:
    """Which organization a project belongs to."""
    return {"pk": f"P#{project_id}", "sk": "O"}
