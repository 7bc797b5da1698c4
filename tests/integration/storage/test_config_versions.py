"""The versions of a configuration: kept in the same step as the change that makes them."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from chalicelib.domain.projects.config_versions import reconfigured
from chalicelib.errors import ContentionError
from tests.engine import CONFIG, Engine, choice, person

OTHER = "keys text; sentiment Choices text pos,neg,odd"


def test_a_change_keeps_the_first_version_and_the_new_one(engine: Engine) -> None:
    project = engine.project()
    engine.projects.update(person(7), project.id, {"label_config": OTHER})
    engine.projects.update(person(8), project.id, {"label_config": CONFIG, "title": "Both at once"})

    kept = engine.project_store.config_versions(project.id)
    now = engine.projects.get(person(1), project.id)

    assert [(each.number, each.label_config, each.created_by) for each in kept] == [
        (1, CONFIG, 1),
        (2, OTHER, 7),
        (3, CONFIG, 8),
    ]
    assert (now.config_version, now.label_config, now.title) == (3, CONFIG, "Both at once")
    assert kept[0].created_at == project.created_at


def test_whoever_was_slower_leaves_no_version(engine: Engine) -> None:
    project = engine.project()
    engine.projects.update(person(1), project.id, {"title": "Meanwhile"})
    after, kept = reconfigured(project, OTHER, at=engine.clock(), by=project.created_by)

    with pytest.raises(ContentionError):
        engine.project_store.update(project, after, config_versions=kept)

    assert engine.project_store.config_versions(project.id) == []


def test_versions_go_with_their_project(engine: Engine) -> None:
    project = engine.project()
    engine.projects.update(person(1), project.id, {"label_config": OTHER})

    engine.projects.delete(person(1), project.id)

    assert engine.project_store.config_versions(project.id) == []


def test_results_remember_the_version_they_were_made_under(engine: Engine) -> None:
    project = engine.project()
    first, second = engine.add(project, 2).task_ids
    old = engine.submit(2, first)
    engine.projects.update(person(1), project.id, {"label_config": OTHER})
    engine.submit(2, second)
    engine.annotations.update(person(2), old, {"ground_truth": True})  # type: ignore[arg-type]

    found = [engine.store.family(task_id).annotations[0].config_version for task_id in (first, second)]
    assert found == [1, 2]
    engine.annotations.update(person(2), old, {"result": choice("odd")})  # type: ignore[arg-type]
    assert engine.store.family(first).annotations[0].config_version == 2


def test_a_configuration_of_any_length_comes_back_as_it_went(engine: Engine) -> None:
    names = (blake2b(str(n).encode(), digest_size=8).hexdigest() for n in range(40_000))
    long = f"keys text; sentiment Choices text {','.join(names)}"
    project = engine.project(label_config=long)
    engine.projects.update(person(1), project.id, {"label_config": CONFIG})

    assert engine.project_store.config_versions(project.id)[0].label_config == long
    engine.projects.update(person(1), project.id, {"label_config": long})
    assert engine.projects.get(person(1), project.id).label_config == long
