"""Exports over the whole stack: what is chosen, what a snapshot says, what changed, and back in again."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.formats.registry import FORMATS
from chalicelib.domain.jobs import Job
from chalicelib.errors import UpstreamError
from chalicelib.ids import JobId, OrganizationId, ProjectId
from chalicelib.services.jobs import Jobs
from tests.contract.conftest import Join, Person
from tests.contract.test_imports import TEXTS, imported, project


def said(*choices: str) -> list[dict[str, Any]]:
    return [
        {"id": "r", "from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": list(choices)}}
    ]


@dataclass
class Lab:
    """A project of five texts: two annotated by both, one by one, one skipped, one untouched."""

    admin: Person
    other: Person
    project: int
    tasks: list[int]

    def export(self, **body: Any) -> dict[str, Any]:
        made = self.admin.client.post(f"/api/projects/{self.project}/exports/", body)
        assert made.status == 201, made.text
        export: dict[str, Any] = made.json()
        assert export["status"] == "completed", export
        return export

    def download(self, export: dict[str, Any], kind: str = "JSON") -> bytes:
        return wiring.blobs().get(f"exports/{self.project}/{export['id']}/{kind}.{EXTENSIONS[kind]}")

    def texts(self, **body: Any) -> list[str]:
        return [task["data"]["text"] for task in json.loads(self.download(self.export(**body)))]

    def annotate(self, person: Person, number: int, *choices: str, **fields: Any) -> dict[str, Any]:
        path = f"/api/tasks/{self.tasks[number]}/annotations/"
        made = person.client.post(path, {"result": said(*choices) if choices else [], **fields})
        assert made.status == 201, made.text
        annotation: dict[str, Any] = made.json()
        return annotation


EXTENSIONS = {format.id: format.extension for format in FORMATS}


@pytest.fixture
def lab(join: Join) -> Lab:
    admin = join()
    other = join(organization_id=admin.organization_id)
    config = TEXTS.replace("</Choices>", '<Choice value="B"/></Choices>')
    number = project(admin, config)
    imported(admin, number, ("t.jsonl", b"".join(b'{"text":"%c"}\n' % c for c in b"abcde")))
    found = admin.client.get(f"/api/tasks?project={number}&page_size=100").json()["tasks"]
    made = Lab(admin, other, number, [task["id"] for task in found])
    made.annotate(admin, 0, "A")
    made.annotate(other, 0, "B")
    made.annotate(admin, 1, "A")
    made.annotate(other, 1, "A", ground_truth=True)
    made.annotate(admin, 2, "B")
    made.annotate(admin, 3, was_cancelled=True)
    return made


def test_tasks_are_chosen_by_what_is_asked_of_them(lab: Lab) -> None:
    def tasks(**options: Any) -> str:
        return "".join(lab.texts(task_filter_options=options))

    assert tasks() == "abcde"
    assert tasks(annotated="only") == "abc"
    assert tasks(only_with_annotations=True) == "abcd"
    assert tasks(skipped="only") == "d"
    assert tasks(labels=["B"]) == "ac"
    assert tasks(ids=[lab.tasks[4], lab.tasks[1]]) == "be"
    assert tasks(agreement_from=0.9) == "b"
    assert tasks(agreement_to=0.5) == "a"
    assert tasks(agreement_from=0, agreement_to=1) == "ab"
    assert tasks(updated_to="2001-01-01T00:00:00Z") == ""
    assert tasks(updated_from="2001-01-01") == "abcde"
    states = {task["data"]["text"]: task for task in json.loads(lab.download(lab.export()))}
    assert set(states) == set("abcde")


def test_annotations_are_chosen_by_kind_author_date_and_one_of_many(lab: Lab) -> None:
    def annotations(**options: Any) -> list[int]:
        made = lab.export(annotation_filter_options={"usual": True, "ground_truth": True, **options})
        return [len(task["annotations"]) for task in json.loads(lab.download(made))]

    assert annotations() == [2, 2, 1, 0, 0]
    assert annotations(skipped=True) == [2, 2, 1, 1, 0]
    assert annotations(annotators=[lab.other.user.id]) == [1, 1, 0, 0, 0]
    assert annotations(created_to="2001-01-01T00:00:00+02:00") == [0, 0, 0, 0, 0]
    assert annotations(which="latest") == [1, 1, 1, 0, 0]
    assert annotations(which="majority") == [1, 1, 1, 0, 0]
    assert annotations(usual=False) == [0, 1, 0, 0, 0]
    assert annotations(config_versions=[1]) == [2, 2, 1, 0, 0]
    assert annotations(config_versions=[7]) == [0, 0, 0, 0, 0]


def test_a_view_is_exported_as_it_shows(lab: Lab) -> None:
    items = [{"filter": "filter:tasks:data.text", "operator": "contains", "value": "b", "type": "String"}]
    data = {"filters": {"conjunction": "and", "items": items}}
    view = lab.admin.client.post("/api/dm/views/", {"project": lab.project, "data": data}).json()["id"]
    foreign = project(lab.admin)
    elsewhere = lab.admin.client.post("/api/dm/views/", {"project": foreign, "data": {}}).json()["id"]

    assert lab.texts(task_filter_options={"view": view}) == ["b"]
    path = f"/api/projects/{lab.project}/exports/"
    for wrong in (elsewhere, 10**9):
        assert lab.admin.client.post(path, {"task_filter_options": {"view": wrong}}).status in (400, 404)


@pytest.mark.parametrize(
    ("filters", "place"),
    [
        ({"annotation_filter_options": {"which": "best"}}, "annotation_filter_options.which"),
        ({"task_filter_options": {"agreement_from": 1.5}}, "task_filter_options.agreement_from"),
        ({"task_filter_options": {"updated_from": "yesterday"}}, "task_filter_options.updated_from"),
        ({"export_type": "SHAPEFILE"}, "exportType"),
    ],
)
def test_what_cannot_be_meant_is_refused(lab: Lab, filters: dict[str, Any], place: str) -> None:
    answer = lab.admin.client.post(f"/api/projects/{lab.project}/exports/", filters)

    assert answer.status == 400
    assert place in answer.text


def test_the_same_state_has_the_same_root_and_bytes_and_another_has_not(lab: Lab) -> None:
    first, second = lab.export(export_type="SNAPSHOT"), lab.export(export_type="SNAPSHOT")

    assert first["root"] == second["root"]
    assert lab.download(first, "SNAPSHOT") == lab.download(second, "SNAPSHOT")
    manifest = lab.admin.client.get(f"/api/projects/{lab.project}/exports/{first['id']}/manifest/").json()
    assert (manifest["root"], manifest["counts"]) == (first["root"], {"tasks": 5, "annotations": 6})
    with zipfile.ZipFile(io.BytesIO(lab.download(first, "SNAPSHOT"))) as archive:
        assert json.loads(archive.read("manifest.json")) == manifest
    lab.annotate(lab.other, 4, "A")
    assert lab.export(export_type="SNAPSHOT")["root"] != first["root"]


def test_what_changed_between_two_snapshots_is_told_by_task_and_region(lab: Lab) -> None:
    before = lab.export()
    kept = lab.admin.client.get(f"/api/tasks/{lab.tasks[2]}/").json()["annotations"][0]["id"]
    lab.admin.client.patch(f"/api/annotations/{kept}/", {"result": said("A")})
    lab.admin.client.delete(f"/api/tasks/{lab.tasks[4]}/")
    after = lab.export()

    path = f"/api/projects/{lab.project}/exports/{before['id']}/difference/{after['id']}/"
    found = lab.admin.client.get(path).json()

    assert found["counts"] == {"added": 0, "removed": 1, "changed": 1, "same": 3}
    changed, removed = found["changes"]
    assert changed["annotations"][0]["regions"] == [{"id": "r", "change": "changed", "fields": ["c"]}]
    assert removed == {"task": lab.tasks[4], "change": "removed"}
    assert found["next"] is None
    rest = lab.admin.client.get(f"{path}?after_task={lab.tasks[2]}").json()
    assert rest["counts"] == {"added": 0, "removed": 1, "changed": 0, "same": 1}


def test_a_snapshot_comes_back_as_it_was(lab: Lab) -> None:
    export = lab.export(export_type="SNAPSHOT")
    config = TEXTS.replace("</Choices>", '<Choice value="B"/></Choices>')
    fresh = project(lab.admin, config)

    job = imported(lab.admin, fresh, ("snapshot.zip", lab.download(export, "SNAPSHOT")))

    assert job["state"] == "completed", job["problems"]
    back = lab.admin.client.get(f"/api/projects/{fresh}/export?download_all_tasks=true").json()
    old = json.loads(lab.download(lab.export()))

    def essence(task: dict[str, Any]) -> Any:
        kept = ("result", "was_cancelled", "ground_truth")
        return task["data"], [{key: a[key] for key in kept} for a in task["annotations"]]

    assert [essence(task) for task in back] == [essence(task) for task in old]


def test_every_format_that_fits_is_exported_whole_with_its_losses_told(lab: Lab) -> None:
    listed = lab.admin.client.get(f"/api/projects/{lab.project}/export/formats").json()
    fitting = [entry["name"] for entry in listed if not entry.get("disabled")]

    for name in fitting:
        export = lab.export(export_type=name)
        (conversion,) = export["converted_formats"]
        assert (conversion["status"], conversion["size"]) == (
            "completed",
            len(lab.download(export, name)),
        )
        job = lab.admin.client.get(f"/api/jobs/{export['job']}/").json()
        assert job["result"]["losses"] == conversion["losses"]
        assert bool(conversion["losses"]) == (name not in ("JSON", "JSONL", "SNAPSHOT", "XML"))
    assert {"JSON", "CSV", "HF_DATASET", "SNAPSHOT"} <= set(fitting)


def test_a_file_made_in_parts_is_the_file_made_at_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.services import export_jobs

    whole = {
        name: lab.download(lab.export(export_type=name), name) for name in ("JSON", "CSV", "XML", "JSONL")
    }
    lines = b"".join(b'{"text":"more %d"}\n' % n for n in range(600))
    imported(lab.admin, lab.project, ("more.jsonl", lines))

    made = []
    for size in (1, 100_000):
        monkeypatch.setattr(export_jobs, "TASKS_PER_PART", size)
        made.append({name: lab.download(lab.export(export_type=name), name) for name in whole})
        jobs = lab.admin.client.get(f"/api/jobs/?project={lab.project}").json()["results"]
        parts = wiring.jobs().get(OrganizationId(lab.admin.organization_id), JobId(jobs[0]["id"])).parts_total
        assert (parts or 0) > 2 if size == 1 else parts == 1

    assert made[0] == made[1]
    assert made[0]["JSON"] != whole["JSON"]


def test_a_file_is_put_where_the_operator_allows_it_and_nowhere_else(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKYLABEL_EXPORT_TARGETS", "s3://lake/labels, s3://other")
    wiring.reset()
    wiring.s3().create_bucket(Bucket="lake")

    export = lab.export(export_type="CSV", destination="s3://lake/labels/today")

    job = lab.admin.client.get(f"/api/jobs/{export['job']}/").json()
    place = job["result"]["pushed_to"]
    assert place.startswith(f"s3://lake/labels/today/project-{lab.project}-at-")
    stored = wiring.s3().get_object(Bucket="lake", Key=place.removeprefix("s3://lake/"))["Body"].read()
    assert stored == lab.download(export, "CSV")
    for wrong in (
        *(
            "s3://skylabel/x",
            "s3://lake",
            "s3://lake/labelsx",
            "s3://lake/labels/../x",
            "s3://lake/labels//x",
        ),
        *("http://lake/labels", "s3://a@lake/labels", "file:///etc", "gs://lake/labels"),
    ):
        answer = lab.admin.client.post(f"/api/projects/{lab.project}/exports/", {"destination": wrong})
        assert (answer.status, "destination" in answer.text) == (400, True), wrong
    monkeypatch.undo()
    wiring.reset()


def test_frames_between_key_frames_are_filled_in_where_they_are_asked_for(admin: Person) -> None:
    config = """<View><Labels name="l" toName="v"><Label value="Car"/></Labels>
    <Video name="v" value="$video"/><VideoRectangle name="b" toName="v"/></View>"""
    number = project(admin, config)
    place = {"y": 1, "width": 5, "height": 5, "rotation": 0, "enabled": True}
    sequence = [{"frame": 1, "x": 0, "time": 0, **place}, {"frame": 4, "x": 30, "time": 3, **place}]
    value = {"sequence": sequence, "framesCount": 4, "duration": 3, "labels": ["Car"]}
    track = {"id": "t", "from_name": "b", "to_name": "v", "type": "videorectangle", "value": value}
    task = {"data": {"video": "http://h/a.mp4"}, "annotations": [{"result": [track]}]}
    assert admin.client.post(f"/api/projects/{number}/import", [task]).status == 201

    def frames(query: str) -> list[tuple[int, float, bool]]:
        found = admin.client.get(f"/api/projects/{number}/export?exportType=JSON{query}").json()
        listed = found[0]["annotations"][0]["result"][0]["value"]["sequence"]
        return [(frame["frame"], frame["x"], frame.get("auto", False)) for frame in listed]

    assert frames("") == [(1, 0, False), (4, 30, False)]
    assert frames("&interpolate_key_frames=true") == [
        (1, 0, False),
        (2, 10, True),
        (3, 20, True),
        (4, 30, False),
    ]
    body = {"serialization_options": {"interpolate_key_frames": True}}
    made = admin.client.post(f"/api/projects/{number}/exports/", body).json()
    (stored,) = json.loads(wiring.blobs().get(f"exports/{number}/{made['id']}/JSON.json"))
    assert len(stored["annotations"][0]["result"][0]["value"]["sequence"]) == 4


def test_an_export_is_converted_to_a_further_format(lab: Lab) -> None:
    export = lab.export()
    path = f"/api/projects/{lab.project}/exports/{export['id']}/"

    begun = lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"})
    at_once = lab.admin.client.get(f"{path}download/?exportType=JSON_MIN")

    assert (begun.status, begun.json()["export_type"]) == (200, "CSV")
    assert at_once.status == 200, at_once.text
    assert lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"}).status == 400
    kinds = {one["export_type"] for one in lab.admin.client.get(path).json()["converted_formats"]}
    assert kinds == {"JSON", "CSV", "JSON_MIN"}


def test_a_conversion_that_broke_off_before_its_job_can_be_asked_for_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = lab.export()
    path = f"/api/projects/{lab.project}/exports/{export['id']}/"

    def dying(*_: object, **__: object) -> None:
        raise UpstreamError("The database does not answer.")

    with monkeypatch.context() as dead:
        dead.setattr(Jobs, "create", dying)
        assert lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"}).status == 502
    begun = lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"})

    assert begun.status == 200, begun.text
    assert lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"}).status == 400
    job = wiring.jobs().newest(OrganizationId(lab.admin.organization_id), ProjectId(lab.project))[0]
    wiring.jobs().run_here(job.id, until_s=10)
    assert lab.admin.client.get(f"{path}download/?exportType=CSV").status == 200


def test_a_conversion_that_is_done_before_its_request_ends_is_completed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = lab.export()
    path = f"/api/projects/{lab.project}/exports/{export['id']}/"
    create = Jobs.create

    def overtaken(self: Jobs, *arguments: Any, **named: Any) -> Job:
        made = create(self, *arguments, **named)
        ended = self.run_here(made.id, until_s=10)
        assert ended is not None
        assert ended.has_ended
        return made

    monkeypatch.setattr(Jobs, "create", overtaken)
    assert lab.admin.client.post(f"{path}convert/", {"export_type": "CSV"}).status == 200

    (made,) = [
        one for one in lab.admin.client.get(path).json()["converted_formats"] if one["export_type"] == "CSV"
    ]
    assert made["status"] == "completed"
