"""Views, columns, filters, orderings, selections and actions over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.data_manager.views import View
from chalicelib.storage.views import DynamoViewStore
from tests.contract.client import Client
from tests.contract.conftest import Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, counts, ok

TEXTS = ["apple", "Banana", "cherry", "apple pie"]


@pytest.fixture
def tasks(admin: Person) -> tuple[int, list[int]]:
    """A project of four tasks: the first annotated, the second skipped, the third with a prediction."""
    project = ok(admin.client.post("/api/projects/", {"title": "Fruit", "label_config": CONFIG}), 201)["id"]
    ids = []
    for n, text in enumerate(TEXTS):
        data = {"text": text, "n": n * 10, "key with space": f"k{n}"}
        ids.append(ok(admin.client.post("/api/tasks/", {"project": project, "data": data}), 201)["id"])
    annotate(admin, ids[0])
    annotate(admin, ids[1], was_cancelled=True)
    prediction = {"task": ids[2], "result": choice("Negative"), "score": 0.4, "model_version": "m1"}
    ok(admin.client.post("/api/predictions/", prediction), 201)
    return project, ids


def found(client: Client, project: int, **query: Any) -> list[int]:
    body = ok(client.get(f"/api/tasks/?project={project}&query={quote(json.dumps(query))}"))
    assert body["total"] == len(body["tasks"])
    return [task["id"] for task in body["tasks"]]


def items(*conditions: tuple[str, str, str, Any], conjunction: str = "and") -> dict[str, Any]:
    return {
        "conjunction": conjunction,
        "items": [
            {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
            for column, operator, kind, value in conditions
        ],
    }


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("data.text", "contains", "String", "APPLE"), [0, 3]),
        (("data.text", "not_contains", "String", "apple"), [1, 2]),
        (("data.text", "equal", "String", "apple"), [0]),
        (("data.text", "not_equal", "String", "apple"), [1, 2, 3]),
        (("data.text", "regex", "String", "^a.*e$"), [0, 3]),
        (("data.text", "regex", "String", "["), []),
        (("data.text", "empty", "String", True), []),
        (("data.missing", "empty", "String", "True"), [0, 1, 2, 3]),
        (("data.n", "greater", "Number", 10), [2, 3]),
        (("data.n", "less_or_equal", "Number", "10"), [0, 1]),
        (("data.n", "in", "Number", {"min": 10, "max": 20}), [1, 2]),
        (("data.n", "not_in", "Number", {"min": 10, "max": 20}), [0, 3]),
        (("data.n", "in_list", "Number", [0, 30]), [0, 3]),
        (("data.key with space", "equal", "String", "k2"), [2]),
        (("total_annotations", "equal", "Number", 1), [0]),
        (("total_annotations", "empty", "Number", True), [1, 2, 3]),
        (("cancelled_annotations", "greater", "Number", 0), [1]),
        (("total_predictions", "empty", "Number", "false"), [2]),
        (("predictions_score", "less", "Number", 0.5), [2]),
        (("predictions_score", "empty", "Number", True), [0, 1, 3]),
        (("predictions_model_versions", "contains", "List", "m1"), [2]),
        (("annotations_results", "contains", "String", "Positive"), [0, 1]),
        (("predictions_results", "contains", "String", "Negative"), [2]),
        (("completed_at", "empty", "Datetime", False), [0]),
        (("created_at", "greater", "Datetime", "2020-01-01T00:00:00.000000Z"), [0, 1, 2, 3]),
        (("created_at", "less", "Datetime", "2020-01-01T00:00:00.000000Z"), []),
        (("draft_exists", "equal", "Boolean", "false"), [0, 1, 2, 3]),
        (("avg_lead_time", "greater", "Time", 1), [0, 1]),
        (("inner_id", "in_list", "Number", [1, 2]), [0, 1]),
        (("data.text", "contains", "String", ["pie", "ban"]), [1, 3]),
        (("state", "equal", "String", "labeled"), [0]),
        (("state", "not_equal", "String", "labeled"), [1, 2, 3]),
        (("state", "contains", "String", ["label"]), [0, 2, 3]),
        (("state", "in_list", "List", ["labeled", "skipped"]), [0, 1]),
        (("state", "not_in_list", "List", "labeled, skipped"), [2, 3]),
        (("state", "regex", "String", "^un"), [2, 3]),
        (("state", "empty", "String", "True"), []),
    ],
    ids=lambda case: "-".join(map(str, case[:2])) if isinstance(case, tuple) else "",
)
def test_each_operator(
    admin: Person, tasks: tuple[int, list[int]], condition: tuple[str, str, str, Any], expected: list[int]
) -> None:
    project, ids = tasks

    assert found(admin.client, project, filters=items(condition)) == [ids[n] for n in expected]


def test_annotators_are_found_by_id(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks

    mine = found(admin.client, project, filters=items(("annotators", "contains", "List", admin.user.id)))

    assert mine == ids[:2]


def test_any_or_all(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks
    pair = (("data.text", "contains", "String", "apple"), ("data.n", "equal", "Number", 30))

    assert found(admin.client, project, filters=items(*pair)) == [ids[3]]
    assert found(admin.client, project, filters=items(*pair, conjunction="or")) == [ids[0], ids[3]]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        (["-tasks:id"], [3, 2, 1, 0]),
        (["tasks:data.text"], [1, 0, 3, 2]),
        (["-tasks:predictions_score"], [2, 0, 1, 3]),
        (["tasks:predictions_score"], [2, 0, 1, 3]),
        (["-tasks:total_annotations"], [0, 1, 2, 3]),
        (["tasks:state"], [0, 1, 2, 3]),
        (["-tasks:state"], [2, 3, 1, 0]),
    ],
)
def test_orderings(
    admin: Person, tasks: tuple[int, list[int]], ordering: list[str], expected: list[int]
) -> None:
    project, ids = tasks

    assert found(admin.client, project, ordering=ordering) == [ids[n] for n in expected]


def test_numbers_in_data_are_ordered_as_text_unless_told(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks
    big = ok(admin.client.post("/api/tasks/", {"project": project, "data": {"text": "x", "n": "9"}}), 201)[
        "id"
    ]
    numbers = {"tasks:data.n": "Number"}

    ordered = found(admin.client, project, ordering=["tasks:data.n"], columnsDisplayType=numbers)

    assert ordered == [ids[0], big, *ids[1:]]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"filters": items(("organization.users", "equal", "String", "x"))}, "filters.items[0].filter"),
        ({"filters": items(("updated_by__password", "equal", "String", "x"))}, "filters.items[0].filter"),
        ({"filters": items(("data.text", "like", "String", "x"))}, "filters.items[0].operator"),
        ({"filters": items(("data.text", "regex", "String", "(a+)+$"))}, "filters.items[0].value"),
        ({"ordering": ["tasks:user__password"]}, "ordering[0]"),
        ({"selectedItems": {"all": False, "included": ["x"]}}, "selectedItems"),
        ({"filters": 5}, "filters"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_its_place(
    admin: Person, tasks: tuple[int, list[int]], query: dict[str, Any], place: str
) -> None:
    answer = admin.client.get(f"/api/tasks/?project={tasks[0]}&query={quote(json.dumps(query))}")

    assert answer.status == 400
    assert [fault["place"] for fault in answer.json()["faults"]] == [place]


def test_a_query_that_is_no_json_is_refused(admin: Person, tasks: tuple[int, list[int]]) -> None:
    assert admin.client.get(f"/api/tasks/?project={tasks[0]}&query=%7B").status == 400


def test_views_are_kept_changed_ordered_and_used(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks
    data = {"title": "Apples", "filters": items(("data.text", "contains", "String", "apple"))}
    view = ok(admin.client.post("/api/dm/views/", {"project": project, "data": data}), 201)
    other = ok(admin.client.post("/api/dm/views", {"project": project, "data": {"title": "All"}}), 201)

    assert [task["id"] for task in ok(admin.client.get(f"/api/tasks/?view={view['id']}"))["tasks"]] == [
        ids[0],
        ids[3],
    ]
    path = f"/api/dm/views/{view['id']}/"
    changed = ok(admin.client.patch(path, {"data": {"title": "Fruit"}}))
    assert changed["data"]["title"] == "Fruit"
    assert changed["data"]["filters"] == data["filters"]
    order = {"project": project, "ids": [other["id"], view["id"]]}
    assert admin.client.post("/api/dm/views/order/", order).status == 200
    listed = ok(admin.client.get(f"/api/dm/views/?project={project}"))
    assert [entry["id"] for entry in listed] == [other["id"], view["id"]]
    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == 404
    assert admin.client.delete("/api/dm/views/reset/", {"project": project}).status == 204
    assert ok(admin.client.get(f"/api/dm/views/?project={project}")) == []


def test_a_view_that_is_deleted_while_it_is_changed_stays_deleted(
    admin: Person, tasks: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = tasks
    view = ok(admin.client.post("/api/dm/views/", {"project": project, "data": {"title": "Mine"}}), 201)
    path = f"/api/dm/views/{view['id']}/"
    get = DynamoViewStore.get

    def overtaken(*arguments: Any) -> View | None:
        found = get(*arguments)
        monkeypatch.undo()
        assert admin.client.delete(path).status == 204
        return found

    monkeypatch.setattr(DynamoViewStore, "get", overtaken)

    assert admin.client.patch(path, {"data": {"title": "Ours"}}).status == 404
    assert ok(admin.client.get(f"/api/dm/views/?project={project}")) == []


def test_views_that_are_changed_and_deleted_while_they_are_ordered_stay_so(
    admin: Person, tasks: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = tasks
    first, second, third = (
        ok(admin.client.post("/api/dm/views/", {"project": project, "data": {"title": title}}), 201)["id"]
        for title in "ABC"
    )
    of_project = DynamoViewStore.of_project

    def overtaken(*arguments: Any) -> list[View]:
        found = of_project(*arguments)
        monkeypatch.undo()
        ok(admin.client.patch(f"/api/dm/views/{first}/", {"data": {"title": "Changed"}}))
        assert admin.client.delete(f"/api/dm/views/{second}/").status == 204
        return found

    monkeypatch.setattr(DynamoViewStore, "of_project", overtaken)
    order = {"project": project, "ids": [third, second, first]}
    assert admin.client.post("/api/dm/views/order/", order).status == 200

    listed = ok(admin.client.get(f"/api/dm/views/?project={project}"))
    assert [(view["id"], view["data"]["title"]) for view in listed] == [(third, "C"), (first, "Changed")]


def test_a_view_that_asks_about_people_is_refused(admin: Person, tasks: tuple[int, list[int]]) -> None:
    data = {"filters": items(("users.password", "regex", "String", "a"))}

    assert admin.client.post("/api/dm/views/", {"project": tasks[0], "data": data}).status == 400


def test_columns_name_the_data_first(admin: Person, tasks: tuple[int, list[int]]) -> None:
    columns = ok(admin.client.get(f"/api/dm/columns/?project={tasks[0]}"))["columns"]

    by_id = {column["id"]: column for column in columns}
    assert columns[0] == {
        "id": "text",
        "title": "text",
        "type": "String",
        "target": "tasks",
        "parent": "data",
        "visibility_defaults": {"explore": True, "labeling": True},
        "project_defined": True,
    }
    assert by_id["n"]["type"] == "Unknown"
    assert columns[-1]["id"] == "data"
    assert sorted(columns[-1]["children"]) == ["key with space", "n", "text"]
    assert by_id["total_annotations"]["type"] == "Number"


def run(person: Person, project: int, action: str, body: dict[str, Any]) -> Any:
    return ok(person.client.post(f"/api/dm/actions/?project={project}&id={action}", body))


def test_actions_work_on_the_selection(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks
    everything = {"selectedItems": {"all": True, "excluded": []}}

    made = run(admin, project, "predictions_to_annotations", everything)
    again = run(admin, project, "predictions_to_annotations", everything)
    assert (made["processed_items"], again["processed_items"]) == (1, 0)
    gone = run(admin, project, "delete_tasks_annotations", {"selectedItems": {"included": [ids[0]]}})
    assert gone["processed_items"] == 1
    assert run(admin, project, "delete_tasks_predictions", everything)["processed_items"] == 1
    filtered = {"filters": items(("data.text", "contains", "String", "apple")), **everything}
    assert run(admin, project, "delete_tasks", filtered) == {
        "processed_items": 2,
        "reload": False,
        "detail": "Deleted 2 tasks",
    }
    assert run(admin, project, "delete_tasks", everything)["reload"] is True
    seen = counts(admin, project)
    assert (seen["task_number"], seen["total_annotations_number"], seen["total_predictions_number"]) == (
        0,
        0,
        0,
    )


def test_the_next_task_of_a_selection(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks

    given = run(admin, project, "next_task", {"selectedItems": {"all": False, "included": [ids[3]]}})

    assert (given["id"], given["queue"]) == (ids[3], "Data manager queue")


def test_actions_are_listed_and_unknown_ones_refused(admin: Person, tasks: tuple[int, list[int]]) -> None:
    path = f"/api/dm/actions/?project={tasks[0]}"

    assert "delete_tasks" in [action["id"] for action in ok(admin.client.get(path))]
    assert admin.client.post(path, {}).status == 422
    assert admin.client.post(f"{path}&id=format_disk", {}).status == 400
    form = ok(admin.client.get(f"/api/dm/actions/delete_tasks_annotations/form/?project={tasks[0]}"))
    assert form[0]["fields"][0]["name"] == "annotator"


def test_pages_of_a_filtered_list(admin: Person, tasks: tuple[int, list[int]]) -> None:
    project, ids = tasks
    query = quote(json.dumps({"ordering": ["-tasks:id"]}))

    page = ok(admin.client.get(f"/api/tasks/?project={project}&query={query}&page=2&page_size=3"))

    assert [task["id"] for task in page["tasks"]] == [ids[0]]
    assert page["total"] == 4
    assert admin.client.get(f"/api/tasks/?project={project}&query={query}&page=3&page_size=3").status == 404


def test_the_gallery_is_open(anonymous: Client) -> None:
    body = ok(anonymous.get("/api/templates/"))

    assert {template["group"] for template in body["templates"]} <= set(body["groups"])
    assert len(body["templates"]) > 50


def test_a_task_of_the_plain_list_is_found_by_its_own_route(
    admin: Person, tasks: tuple[int, list[int]]
) -> None:
    extra = add_task(admin, tasks[0], "late")

    assert found(admin.client, tasks[0])[-1] == extra["id"]
