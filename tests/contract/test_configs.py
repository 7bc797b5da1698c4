"""Labeling configurations over HTTP: checking, samples, schema and gallery."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from chalicelib.domain.label_config import parse, validate_result
from chalicelib.domain.templates import list_templates
from tests.contract.client import Client
from tests.contract.conftest import Person
from tests.contract.test_labeling import CONFIG, ok


@pytest.fixture
def project(admin: Person) -> int:
    made = ok(admin.client.post("/api/projects/", {"title": "Reviews", "label_config": CONFIG}), 201)
    return int(made["id"])


def test_the_gallery_is_sent_once_and_then_known(anonymous: Client) -> None:
    first = anonymous.get("/api/templates/")
    again = anonymous.get("/api/templates/", headers={"If-None-Match": first.headers["etag"]})

    assert len(ok(first)["templates"]) == len(list_templates())
    assert "max-age" in first.headers["cache-control"]
    assert (again.status, again.content) == (304, b"")


def test_every_template_of_the_gallery_is_accepted_by_the_validator(anonymous: Client) -> None:
    found = ok(anonymous.get("/api/templates/"))["templates"]

    answers = {
        each["id"]: anonymous.post("/api/projects/validate/", {"label_config": each["config"]}).status
        for each in found
    }

    assert {status for status in answers.values()} == {204}


def test_every_fault_is_told_with_its_place_and_what_would_be_right(anonymous: Client) -> None:
    broken = CONFIG.replace('toName="text"', 'toName="txt"')

    body = anonymous.post("/api/projects/validate/", {"label_config": broken}).json()

    assert [fault["place"][:2] for fault in body["faults"]] == ["2:"]
    assert body["faults"][0]["suggestion"] == "text"
    assert body["label_config"] == [fault["message"] for fault in body["faults"]]


def test_warnings_are_told_and_block_nothing(admin: Person, project: int) -> None:
    doubtful = {"label_config": CONFIG.replace("<Choices ", '<Choices colour="red" ')}

    asked = ok(admin.client.post("/api/projects/validate/?warnings=true", doubtful))
    held = ok(admin.client.post(f"/api/projects/{project}/validate/", doubtful))

    assert [one["code"] for one in asked["warnings"]] == ["unknown_attribute"]
    assert held == {"config_essential_data_has_changed": False, "warnings": asked["warnings"]}
    assert admin.client.post("/api/projects/validate/", doubtful).status == 204


def test_a_sample_task_is_data_or_a_whole_task_that_fits(admin: Person, project: int) -> None:
    path = f"/api/projects/{project}/sample-task/"

    plain = ok(admin.client.post(path, {"label_config": CONFIG}))["sample_task"]
    whole = ok(admin.client.post(path, {"include_annotation_and_prediction": True}))["sample_task"]

    assert plain.keys() == {"text"}
    config = parse(CONFIG)
    for member in (*whole["annotations"], *whole["predictions"]):
        assert member["result"]
        assert validate_result(config, member["result"]) == []
    assert admin.client.post(path, {"label_config": "<View"}).status == 400


def test_the_schema_of_results_is_published_and_says_the_labels(admin: Person, project: int) -> None:
    answer = admin.client.get(f"/api/projects/{project}/results-schema/")
    again = admin.client.get(
        f"/api/projects/{project}/results-schema/", headers={"If-None-Match": answer.headers["etag"]}
    )

    assert ok(answer)["$schema"].endswith("2020-12/schema")
    assert "Positive" in answer.text
    assert again.status == 304


def test_the_sample_table_has_the_columns_asked_for(anonymous: Client) -> None:
    answer = anonymous.get("/samples/time-series.csv?time=at&values=a,b&sep=%3B&tf=%25Y-%25m-%25d")

    rows = list(csv.reader(io.StringIO(answer.text), delimiter=";"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert rows[0] == ["at", "a", "b"]
    assert rows[1][0] == "2024-01-01"
    assert len(rows) == 101


@pytest.mark.parametrize(
    "query", ["tf=%25999999999d", "tf=%25", "sep=", "values=" + "a," * 2000, "tf=%00", "time=%ED%A0%80"]
)
def test_odd_sample_tables_are_refused_or_made(anonymous: Client, query: str) -> None:
    answer = anonymous.get(f"/samples/time-series.csv?{query}")

    assert answer.status in (200, 400)
    assert len(answer.content) < 500_000


NESTED = "<View>" * 20_000 + "</View>" * 20_000
HOSTILE: dict[str, Any] = {
    "entity bomb": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><View>&c;</View>',
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>',
    "nesting": NESTED,
    "labels": '<View><Text name="t" value="$t"/><Labels name="l" toName="t">'
    + "".join(f'<Label value="{n}"/>' for n in range(100_000))
    + "</Labels></View>",
    "null byte": "<View>\x00</View>",
    "half a surrogate": "<View>\ud800</View>",
    "wrong encoding": '<?xml version="1.0" encoding="UTF-16"?><View/>',
    "no text": {"View": 1},
    "a list": ["<View/>"],
    "a number": 5,
    "true": True,
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_configurations_are_accepted_or_refused_at_every_door(
    admin: Person, project: int, name: str
) -> None:
    sent = {"label_config": HOSTILE[name], "title": "Hostile"}
    doors = (
        ("POST", "/api/projects/"),
        ("PATCH", f"/api/projects/{project}/"),
        ("POST", "/api/projects/validate/?warnings=true"),
        ("POST", f"/api/projects/{project}/validate/"),
        ("POST", f"/api/projects/{project}/sample-task/"),
    )

    statuses = {path: admin.client.request(method, path, sent).status for method, path in doors}

    assert set(statuses.values()) <= {200, 201, 204, 303, 400, 413}, statuses
