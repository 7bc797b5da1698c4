"""Which keys of a configuration a task's data holds."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.tasks.changes import NewTask
from chalicelib.domain.tasks.fields import check_new_tasks, holds
from chalicelib.errors import InvalidInputError

DATA: dict[str, Any] = {"text": "a", "a.b": 1, "page": {"url": "x"}, "pages": [{"url": "x"}]}


@pytest.mark.parametrize("key", ["text", "a.b", "page.url", "pages[{{idx}}].url", "pages[0]"])
def test_keys_are_held_as_they_stand_along_dots_and_up_to_an_index(key: str) -> None:
    assert holds(DATA, key)
    check_new_tasks([NewTask(data=DATA)], [key], controls=1)


@pytest.mark.parametrize("key", ["b", "page.title", "text.b", "others[0].url"])
def test_what_is_not_there_is_told(key: str) -> None:
    assert not holds(DATA, key)
    with pytest.raises(InvalidInputError):
        check_new_tasks([NewTask(data=DATA)], [key], controls=1)
