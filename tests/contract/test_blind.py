"""Blind projects: annotators see nothing of each other's work, by whatever route they ask."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.api.endpoint import ROUTES
from chalicelib.api.routes import load_all
from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_data_manager import items
from tests.contract.test_isolation import belongings
from tests.contract.test_labeling import choice, ok

load_all()
READING = [declared for declared in ROUTES if declared.method == "GET" and not declared.is_public]
ANNOTATION, DRAFT, PREDICTION = "hidden-annotation", "hidden-draft", "hidden-prediction"


def saying(text: str) -> list[dict[str, Any]]:
    return [{**choice("Positive")[0], "meta": {"text": [text]}}]


class World:
    """A project with a task that two annotators and a model have worked on."""

    def __init__(self, join: Join, blind_mode: str) -> None:
        self.owner = join(Role.OWNER)
        self.ids = belongings(self.owner)
        organization = self.ids["organization_id"]
        self.reviewer, self.seen, self.asking, self.viewer = (
            join(role, organization_id=organization)
            for role in (Role.REVIEWER, Role.ANNOTATOR, Role.ANNOTATOR, Role.VIEWER)
        )
        self.project, self.task = self.ids["project_id"], self.ids["task_id"]
        settings = {"blind_mode": blind_mode, "maximum_annotations": 9}
        ok(self.owner.client.patch(f"/api/projects/{self.project}/", settings))
        self.deleted = self.annotate(self.seen, "hidden-annotation-gone")
        assert self.seen.client.delete(f"/api/annotations/{self.deleted}/").status == 204
        self.ids["annotation_id"] = self.annotate(self.seen, "hidden-annotation-first")
        change = {"result": saying(ANNOTATION)}
        ok(self.seen.client.patch(f"/api/annotations/{self.ids['annotation_id']}/", change))
        draft = self.seen.client.post(f"/api/tasks/{self.task}/drafts/", {"result": saying(DRAFT)})
        self.ids["draft_id"] = ok(draft, 201)["id"]
        guess = {"task": self.task, "result": saying(PREDICTION), "model_version": "m"}
        self.ids["prediction_id"] = ok(self.owner.client.post("/api/predictions/", guess), 201)["id"]
        self.own = self.annotate(self.asking, "own-annotation")

    def annotate(self, person: Person, text: str) -> int:
        answer = person.client.post(f"/api/tasks/{self.task}/annotations/", {"result": saying(text)})
        number: int = ok(answer, 201)["id"]
        return number

    def told(self, person: Person) -> dict[str, str]:
        """What every reading route answers, on what the other annotator has made."""
        asked = f"project={self.project}&task={self.task}&fields=all&export_type=JSON"
        paths = {
            declared.path: re.sub(r"{(\w+)}", lambda part: str(self.ids[part[1]]), declared.path)
            for declared in READING
        }
        return {route: person.client.get(f"{path}?{asked}").text for route, path in paths.items()}

    def found(self, person: Person, **query: Any) -> int:
        path = f"/api/tasks/?project={self.project}&query={quote(json.dumps(query))}"
        total: int = ok(person.client.get(path))["total"]
        return total


def routes_with(text: str, told: dict[str, str]) -> set[str]:
    return {path for path, answer in told.items() if text in answer}


@pytest.mark.parametrize("mode", ["annotations", "annotations_and_predictions"])
def test_no_route_shows_an_annotator_what_others_made(join: Join, mode: str) -> None:
    world = World(join, mode)

    for person in (world.asking, world.viewer):
        told = world.told(person)
        assert routes_with(ANNOTATION, told) | routes_with(DRAFT, told) == set()
        assert routes_with(str(world.ids["annotation_id"]), told) == set()
        assert bool(routes_with(PREDICTION, told)) == (mode == "annotations")
        for number in (world.ids["annotation_id"], world.deleted):
            assert person.client.get(f"/api/annotations/{number}/versions/").status == 404
            assert person.client.get(f"/api/annotations/{number}/versions/1/difference/1/").status == 404
        assert world.seen.user.email not in told["/api/tasks/{task_id}/"]
        history = person.client.get(f"/api/fsm/entities/task/{world.task}/history/").text
        assert world.seen.user.email not in history
        assert ok(person.client.get(f"/api/projects/{world.project}/summary/"))["created_labels"] == {}
    assert "/api/tasks/{task_id}/annotations/" in routes_with("own-annotation", world.told(world.asking))


@pytest.mark.parametrize("mode", ["off", "annotations_and_predictions"])
def test_reviewers_see_everything_and_so_does_everybody_where_nothing_is_hidden(
    join: Join, mode: str
) -> None:
    world = World(join, mode)
    everywhere = {
        "/api/tasks/",
        "/api/tasks/{task_id}/",
        "/api/projects/{project_id}/tasks/",
        "/api/tasks/{task_id}/annotations/",
        "/api/annotations/{annotation_id}/",
        "/api/annotations/{annotation_id}/versions/",
    }

    for person in (world.reviewer, world.asking) if mode == "off" else (world.reviewer, world.seen):
        assert everywhere <= routes_with(ANNOTATION, world.told(person))


def test_filters_and_columns_know_nothing_of_others(join: Join) -> None:
    world = World(join, "annotations_and_predictions")
    other, annotation = world.seen.user.id, str(world.ids["annotation_id"])
    conditions = [
        ("annotators", "contains", "List", other),
        ("annotations_results", "contains", "String", ANNOTATION),
        ("annotations_ids", "contains", "String", annotation),
        ("predictions_results", "contains", "String", PREDICTION),
        ("predictions_model_versions", "contains", "List", ["m"]),
        ("total_annotations", "greater", "Number", 1),
        ("total_predictions", "greater", "Number", 0),
    ]

    for _ in range(2):  # what is remembered of one is not told to the other
        for condition in conditions:
            assert world.found(world.reviewer, filters=items(condition)) == 1, condition
            assert world.found(world.asking, filters=items(condition)) == 0, condition
    assert world.found(world.asking, filters=items(("annotators", "contains", "List", world.asking.user.id)))
    listed = ok(world.asking.client.get(f"/api/tasks/?project={world.project}"))["tasks"][0]
    assert (listed["annotators"], listed["total_annotations"]) == ([world.asking.user.id], 1)
    assert listed["annotations_ids"] == str(world.own)


def test_the_next_task_tells_nothing_of_those_who_had_it(join: Join) -> None:
    world = World(join, "annotations_and_predictions")
    late = join(Role.ANNOTATOR, organization_id=world.ids["organization_id"])

    answer = late.client.get(f"/api/projects/{world.project}/next/")

    given = ok(answer)
    assert given["id"] == world.task
    assert (given["annotators"], given["annotations_ids"], given["predictions"]) == ([], "", [])
    assert "hidden" not in answer.text


def test_nothing_of_others_can_be_changed_or_made_ones_own(join: Join) -> None:
    world = World(join, "annotations_and_predictions")
    client, annotation = world.asking.client, f"/api/annotations/{world.ids['annotation_id']}/"

    assert client.patch(annotation, {"result": []}).status == 404
    assert client.delete(annotation).status == 404
    assert client.post(f"{annotation}convert-to-draft/", {}).status == 404
    assert client.post(f"{annotation}versions/1/restore/").status == 404
    assert client.delete(f"/api/drafts/{world.ids['draft_id']}/").status == 404
    selected = {"selectedItems": {"all": True, "excluded": []}}
    made = client.post(f"/api/dm/actions/?project={world.project}&id=predictions_to_annotations", selected)
    assert ok(made)["processed_items"] == 0


def test_only_the_three_modes_can_be_set(join: Join) -> None:
    world = World(join, "off")
    path = f"/api/projects/{world.project}/"

    assert world.owner.client.patch(path, {"blind_mode": "half"}).status == 400
    assert world.asking.client.patch(path, {"blind_mode": "off"}).status == 403
    assert ok(world.owner.client.get(path))["blind_mode"] == "off"
