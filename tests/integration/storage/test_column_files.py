"""Packed columns: a process that knows nothing finds what is there now, and reads few things to find it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from chalicelib.domain.data_manager.queries import read_query
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import NewTask
from chalicelib.errors import NotFoundError
from chalicelib.ids import TaskId
from chalicelib.services import column_files
from chalicelib.services.column_files import ColumnFileService
from chalicelib.services.data_manager import DataManagerService, FoundPage
from chalicelib.services.known_tasks import KnownTasks
from chalicelib.storage.column_files import DynamoColumnFileStore
from tests.counting import Counting
from tests.engine import Engine, person

BLOCKS = 5
QUERIES: list[dict[str, Any]] = [
    {"ordering": ["-tasks:data.n"]},
    {
        "ordering": ["tasks:completed_at"],
        "filters": {
            "items": [
                {
                    "filter": "filter:tasks:total_annotations",
                    "operator": "greater",
                    "type": "Number",
                    "value": 0,
                }
            ]
        },
    },
    {
        "filters": {
            "items": [
                {"filter": "filter:tasks:data.rare", "operator": "empty", "type": "String", "value": "False"}
            ]
        }
    },
]


class Sent:
    """A queue that only remembers."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, object]] = []

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        assert queue == "maintenance"
        self.messages.append(message)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of two blocks, from two blocks on."""
    monkeypatch.setattr(column_files, "BLOCKS_PER_FILE", 2)
    monkeypatch.setattr(column_files, "WORTH_PACKING", 2)
    monkeypatch.setattr("chalicelib.services.data_manager.WORTH_PACKING", 2)


def files_of(engine: Engine, queue: Sent | None = None) -> ColumnFileService:
    store: Any = DynamoColumnFileStore(engine.dynamo, engine.blobs)  # type: ignore[arg-type]
    return ColumnFileService(tasks=engine.store, files=store, queue=queue or Sent(), clock=engine.clock)


def fresh(engine: Engine, queue: Sent | None = None) -> DataManagerService:
    """What a process begins with."""
    return DataManagerService(tasks=engine.tasks, files=files_of(engine, queue))


def filled(engine: Engine) -> tuple[Project, list[TaskId]]:
    project = engine.project()
    tasks = [
        NewTask(data={"text": f"t{n}", "n": n * 7 % 100, **({"rare": n} if n % 90 == 0 else {})})
        for n in range(BLOCKS * 256)
    ]
    return project, [*engine.add_all(project, tasks).task_ids]


def found(service: DataManagerService, project: Project) -> list[Any]:
    pages = [service.page(person(1), project.id, read_query(query), offset=0, limit=20) for query in QUERIES]
    return [[*shown(page), page.total, page.annotations, page.predictions] for page in pages]


def shown(page: FoundPage) -> list[TaskId]:
    return [whole.task.id for whole in page.tasks]


def plain(engine: Engine, project: Project) -> list[Any]:
    """What somebody finds who looks at all tasks."""
    return found(DataManagerService(tasks=engine.tasks), project)


def test_a_fresh_process_reads_files_in_place_of_tasks(dynoxide_engine: Engine) -> None:
    engine, queue = dynoxide_engine, Sent()
    project, _ = filled(engine)
    query = read_query(QUERIES[0])

    with Counting(engine.client) as before:
        expected = fresh(engine, queue).page(person(1), project.id, query, offset=0, limit=20)
    assert queue.messages == [{"column_files": project.id}]
    files_of(engine).refresh(project.id)
    with Counting(engine.client) as after:
        page = fresh(engine, queue).page(person(1), project.id, query, offset=0, limit=20)

    assert (shown(page), page.total) == (shown(expected), BLOCKS * 256)
    assert len(queue.messages) == 1, "nobody is asked for what is there"
    assert before.requests >= BLOCKS + 4
    # the project three times, the blocks' counts, the files, the page
    assert after.operations == ["GetItem", "GetItem", "Query", "Query", "GetItem", "BatchGetItem"]
    assert after.read_units < before.read_units - BLOCKS * 8


def test_what_changed_is_read_from_the_table_and_packed_alone(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, ids = filled(engine)
    files = files_of(engine)
    files.refresh(project.id)
    engine.submit(2, ids[300])

    with Counting(engine.client) as count:
        assert found(fresh(engine), project)[1][0] == ids[300]
    assert count.operations.count("Query") - len(QUERIES) == 2, "the files and one block"
    assert found(fresh(engine), project) == plain(engine, project)

    puts = engine.blobs.puts
    with Counting(engine.client) as count:
        files.refresh(project.id)
    assert engine.blobs.puts - puts == 1
    assert count.operations == ["Query", "Query", "Query", "PutItem"]
    assert len([key for key in engine.blobs.content if key.startswith("columns/")]) == 3
    with Counting(engine.client) as count:
        files.refresh(project.id)
    assert count.operations == ["Query", "Query"], "nothing to do"


def test_whatever_happens_what_is_found_is_what_is_there(dynoxide_engine: Engine) -> None:
    engine, rng = dynoxide_engine, Random(5)
    project, ids = filled(engine)
    remembering = fresh(engine)
    steps = [
        lambda: engine.submit(2, rng.choice(ids)),
        lambda: engine.tasks.update(person(1), rng.choice(ids), {"data": {"text": "x", "n": -1, "rare": 1}}),
        lambda: engine.tasks.delete(person(1), ids.pop(rng.randrange(len(ids)))),
        lambda: ids.extend(engine.add(project, 3).task_ids),
        lambda: files_of(engine).refresh(project.id),
        lambda: _half_refreshed(engine, project, rng),
        lambda: _lose_a_file(engine, rng),
        lambda: engine.tasks.delete_many(person(1), project.id, _block_of(ids)),
    ]

    for turn in range(20):
        steps[turn % 8 if turn < 8 else rng.randrange(7)]()
        expected = plain(engine, project)
        assert found(fresh(engine), project) == expected, turn
        assert found(remembering, project) == expected, turn


def _half_refreshed(engine: Engine, project: Project, rng: Random) -> None:
    """A worker that dies: before it has stored a row, or before it has removed what it replaced."""
    service = files_of(engine)
    store: Any = service.files
    name = rng.choice(["save", "forget"])

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    setattr(store, name, die)
    try:
        service.refresh(project.id)
    except KeyboardInterrupt:
        return


def _lose_a_file(engine: Engine, rng: Random) -> None:
    keys = sorted(key for key in engine.blobs.content if key.startswith("columns/"))
    if keys:
        engine.blobs.delete([rng.choice(keys)])


def _block_of(ids: list[TaskId]) -> list[TaskId]:
    """A block's tasks, taken from the list."""
    block = ids[len(ids) // 2] // 256
    gone = [task for task in ids if task // 256 == block]
    ids[:] = [task for task in ids if task // 256 != block]
    return gone


def test_two_workers_at_once_leave_one_right_set_of_files(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, ids = filled(engine)
    slow, quick = files_of(engine), files_of(engine)
    store: Any = slow.files
    save = store.save

    def late(file: Any, data: bytes) -> Any:
        if file.blocks[0].block == ids[0] // 256:
            engine.submit(2, ids[1])
            quick.refresh(project.id)
        return save(file, data)

    store.save = late
    slow.refresh(project.id)

    assert found(fresh(engine), project) == plain(engine, project)
    quick.refresh(project.id)
    rows = quick.files.files(project.id)
    assert [len(row.blocks) for row in rows] == [2, 2, 1]
    assert {row.key for row in rows} <= set(engine.blobs.content)


def test_files_of_an_earlier_release_are_not_read(
    dynoxide_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = dynoxide_engine
    project, _ = filled(engine)
    files_of(engine).refresh(project.id)
    monkeypatch.setattr(column_files, "LAYOUT", "other")
    gets: list[str] = []
    get = engine.blobs.get

    def told(key: str) -> bytes:
        gets.append(key)
        return get(key)

    monkeypatch.setattr(engine.blobs, "get", told)

    assert found(fresh(engine), project) == plain(engine, project)
    assert gets == []
    files_of(engine).refresh(project.id)
    assert {file.layout for file in files_of(engine).files.files(project.id)} == {"other"}


def test_old_files_are_made_again_before_the_store_drops_them(dynoxide_engine: Engine) -> None:
    engine, queue = dynoxide_engine, Sent()
    project, _ = filled(engine)
    files_of(engine).refresh(project.id)
    engine.clock.move(days=21)

    found(fresh(engine, queue), project)

    assert queue.messages == [{"column_files": project.id}]
    puts = engine.blobs.puts
    files_of(engine).refresh(project.id)
    assert engine.blobs.puts - puts == 3
    with pytest.raises(NotFoundError):
        engine.blobs.get("columns/none")


def test_long_texts_get_more_files(dynoxide_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = dynoxide_engine
    project, _ = filled(engine)
    monkeypatch.setattr(column_files, "MAX_FILE_WEIGHT", 1)

    files_of(engine).refresh(project.id)

    assert [len(file.blocks) for file in files_of(engine).files.files(project.id)] == [1] * BLOCKS
    assert found(fresh(engine), project) == plain(engine, project)


def test_a_worker_out_of_time_leaves_the_rest_to_a_message(dynoxide_engine: Engine) -> None:
    engine, queue = dynoxide_engine, Sent()
    project, _ = filled(engine)
    service = files_of(engine, queue)
    store: Any = service.files
    save = store.save

    def slowly(file: Any, data: bytes) -> Any:
        engine.clock.move(minutes=9)
        return save(file, data)

    store.save = slowly
    service.refresh(project.id)

    assert len(service.files.files(project.id)) == 1
    assert queue.messages == [{"column_files": project.id}]


def test_memory_is_bounded_and_nothing_is_lost(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, _ = filled(engine)
    files_of(engine).refresh(project.id)
    tight = DataManagerService(
        tasks=engine.tasks, files=files_of(engine), known=KnownTasks(max_bytes=100_000, max_answers=1)
    )

    for _ in range(2):
        assert found(tight, project) == plain(engine, project)


def test_a_deleted_project_leaves_no_rows(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, _ = filled(engine)
    files_of(engine).refresh(project.id)

    engine.store.forget_project(project.id)

    assert files_of(engine).files.files(project.id) == []
