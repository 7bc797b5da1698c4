"""Texts from closed sets in answers: plain text to the code, one of the words to the documentation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from chalicelib.auth.principals import Role
from chalicelib.domain.jobs import JobState


def one_of(words: Iterable[str]) -> Any:
    """What says, in an `Annotated[str, …]`, that the text is one of these words."""
    return Field(json_schema_extra={"enum": [str(word) for word in words]})


RoleText = Annotated[str, one_of(Role)]
ProjectRoleText = Annotated[str, one_of(("manager", "reviewer", "annotator", "viewer"))]
JobStateText = Annotated[str, one_of(JobState)]
MadeText = Annotated[str, one_of(("created", "in_progress", "completed", "failed"))]
"""How far an export is, or a format of it."""
