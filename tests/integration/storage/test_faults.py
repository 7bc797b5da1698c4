"""Lost answers, throttling, conflicts: nothing is lost and nothing is done twice."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.domain.tasks.changes import NewTask
from chalicelib.errors import UpstreamError
from chalicelib.storage.dynamo import Dynamo
from tests.engine import Engine, assert_counts_are_right, person


class Unreliable:
    """A client that by seed loses answers after the work is done, or refuses to do it."""

    def __init__(self, client: Any, seed: int, *, rate: float) -> None:
        self._client = client
        self._rng = Random(seed)
        self._rate = rate
        self.hurt = 0
        self.meta = client.meta

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            fate = self._rng.random() / self._rate
            if fate > 1:
                return method(**arguments)
            self.hurt += 1
            if fate < 0.3:
                method(**arguments)
                raise ReadTimeoutError(endpoint_url="http://lost")
            if fate < 0.6:
                raise _error("ThrottlingException", name)
            if name == "transact_write_items":
                raise _error("TransactionCanceledException", name, [{"Code": "TransactionConflict"}])
            raise _error("InternalServerError", name)

        return call


def _error(code: str, operation: str, reasons: list[dict[str, str]] | None = None) -> ClientError:
    body: Any = {"Error": {"Code": code, "Message": code}}
    return ClientError({**body, **({"CancellationReasons": reasons} if reasons else {})}, operation)


def troubled(engine: Engine, seed: int, rate: float = 0.15) -> Unreliable:
    """Put an unreliable client under the engine."""
    client = Unreliable(engine.client, seed, rate=rate)
    engine.dynamo._client = client
    engine.dynamo._sleep = lambda _: None
    return client


@pytest.mark.parametrize("seed", range(4))
def test_labeling_through_faults_loses_and_doubles_nothing(dynoxide_engine: Engine, seed: int) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=2)
    client = troubled(engine, seed)

    ids = engine.add(project, 12).task_ids
    for user in (2, 3, 4):
        while (task_id := engine.next_id(user, project)) is not None:
            engine.submit(user, task_id, unique_id=f"{user}-{task_id}" if task_id % 2 else None)

    assert client.hurt > 10
    found = engine.store.get_many(ids)
    assert [len(task.answers) for task in found] == [2] * 12
    assert all(len(task.annotators) == 2 for task in found)
    assert_counts_are_right(engine, project.id)


@pytest.mark.parametrize("seed", range(3))
def test_imports_through_faults_store_each_task_once(dynoxide_engine: Engine, seed: int) -> None:
    engine = dynoxide_engine
    project = engine.project()
    troubled(engine, seed, rate=0.4)

    ids = engine.add_all(project, [NewTask(data={"text": "x" * 2000 * (i % 3)}) for i in range(250)]).task_ids

    assert len(engine.store.get_many(ids)) == 250
    assert_counts_are_right(engine, project.id)


def test_a_database_that_never_answers_is_an_upstream_error(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    client = troubled(engine, 1, rate=1e9)

    with pytest.raises(UpstreamError) as failed:
        engine.next_task.next(person(2), project.id)

    assert failed.value.retryable
    assert client.hurt <= 8


def test_unprocessed_keys_are_asked_for_again(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    ids = engine.add(engine.project(), 5).task_ids

    class Stingy:
        """Answers one key at a time."""

        def batch_get_item(self, **arguments: Any) -> Any:
            ((table, asked),) = arguments["RequestItems"].items()
            first, rest = asked["Keys"][:1], asked["Keys"][1:]
            answer = engine.client.batch_get_item(RequestItems={table: {**asked, "Keys": first}})
            return {**answer, "UnprocessedKeys": {table: {**asked, "Keys": rest}} if rest else {}}

    stingy = Dynamo(Stingy(), engine.prefix, sleep=lambda _: None)
    engine.store._dynamo = stingy

    assert [task.id for task in engine.store.get_many(ids)] == list(ids)
