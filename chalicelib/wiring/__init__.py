"""Builds adapters and hands them to services; the one place that knows both.

Everything is built at its first use and kept for the life of the process. Services and adapters are
imported where they are built, so that a cold start pays only for what its request needs. `reset` forgets
what was built, for tests that change the environment.
"""

from chalicelib.wiring.clients import dynamodb, media_s3, once, reset, s3, sqs
from chalicelib.wiring.labeling import (
    annotations,
    contributions,
    data_manager,
    drafts,
    known_config,
    next_task,
    parse_config,
    predictions,
    projects,
    task_actions,
    tasks,
    views,
)
from chalicelib.wiring.people import credentials, keys, organizations, people, receipts, sessions, tokens
from chalicelib.wiring.transfers import (
    author_of,
    blobs,
    config_edits,
    exports,
    imports,
    job_queue,
    jobs,
    keep_answer,
    outside,
    prediction_intake,
    project_size,
    uploads,
)

__all__ = [
    "annotations",
    "author_of",
    "blobs",
    "config_edits",
    "contributions",
    "credentials",
    "data_manager",
    "drafts",
    "dynamodb",
    "exports",
    "imports",
    "job_queue",
    "jobs",
    "keep_answer",
    "keys",
    "known_config",
    "media_s3",
    "next_task",
    "once",
    "organizations",
    "outside",
    "parse_config",
    "people",
    "prediction_intake",
    "predictions",
    "project_size",
    "projects",
    "receipts",
    "reset",
    "s3",
    "sessions",
    "sqs",
    "task_actions",
    "tasks",
    "tokens",
    "uploads",
    "views",
]
