"""What is kept about a person can be had, and is gone when they are."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.errors import UpstreamError
from chalicelib.storage.dynamo import Dynamo
from tests.contract.client import Client
from tests.contract.conftest import PASSWORD, Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok


def say(person: Person, comment: dict[str, Any]) -> int:
    return int(ok(person.client.post("/api/comments/", comment), 201)["id"])


def everything(app: Any) -> str:
    """Every item of the table, as text. A test may scan; requests never do."""
    assert app
    client = wiring.dynamodb()
    name = wiring.people().people._meta  # type: ignore[attr-defined]
    return str(client.scan(TableName=name, ConsistentRead=True)["Items"])


def test_a_person_gets_all_that_is_kept_about_them(join: Join) -> None:
    owner = join(Role.OWNER)
    person = join(Role.ANNOTATOR, organization_id=owner.organization_id)
    project = ok(owner.client.post("/api/projects/", {"title": "Pets", "label_config": CONFIG}), 201)["id"]
    annotate(person, add_task(owner, project, "cat")["id"])
    ok(person.client.post("/api/token/"), 201)

    data = ok(person.client.get("/api/current-user/data/"))

    assert (data["id"], data["email"], data["has_password"]) == (person.user.id, person.user.email, False)
    assert data["personal_token_issued_at"]
    assert [m["role"] for m in data["memberships"]] == ["annotator"]
    assert [(w["project"], w["tasks_done"]) for w in data["work"]] == [(project, 1)]
    assert "hash" not in str(data)


def test_an_archive_holds_every_annotation_and_comment_of_a_person_and_is_theirs_alone(join: Join) -> None:
    owner = join(Role.OWNER)
    person = join(Role.ANNOTATOR, organization_id=owner.organization_id)
    project = ok(owner.client.post("/api/projects/", {"title": "Pets", "label_config": CONFIG}), 201)["id"]
    ok(owner.client.patch(f"/api/projects/{project}/", {"maximum_annotations": 2}))
    tasks = [add_task(owner, project, f"t{n}")["id"] for n in range(3)]
    mine = [annotate(person, task)["id"] for task in tasks[:2]]
    annotate(owner, tasks[0])
    other = ok(owner.client.post("/api/projects/", {"title": "Read", "label_config": CONFIG}), 201)["id"]
    read = add_task(owner, other, "only commented on")["id"]
    about = {"annotation": mine[0], "text": "Sure?", "region_ref": {"regionId": "é"}}
    said = [say(person, {"task": read, "text": "Blurred."}), say(person, about)]
    say(owner, {"task": read, "text": "Somebody else's."})

    made = ok(person.client.post("/api/current-user/data/archive/"), 202)
    path = f"/api/current-user/data/archive/{made['id']}/"
    assert person.client.get(path).status == 409
    done = wiring.jobs().run_here(made["id"], until_s=20)

    assert done is not None
    assert (done.state, dict(done.result)) == ("completed", {"annotations": 2, "comments": 2})
    assert person.client.get(path).status == 303
    key = f"people/{person.user.id}/{made['id']}.zip"
    with zipfile.ZipFile(io.BytesIO(wiring.blobs().get(key))) as archive:
        lines = [json.loads(line) for line in archive.read("annotations.jsonl").splitlines()]
        comments = [json.loads(line) for line in archive.read("comments.jsonl").splitlines()]
        account = json.loads(archive.read("account.json"))
    assert [line["id"] for line in lines] == mine
    assert sorted(comment["id"] for comment in comments) == sorted(said)
    by_text = {comment["text"]: comment for comment in comments}
    assert (by_text["Blurred."]["task"], by_text["Blurred."]["project"]) == (read, other)
    assert (by_text["Sure?"]["annotation"], by_text["Sure?"]["region_ref"]) == (mine[0], {"regionId": "é"})
    assert list(wiring.blobs().keys(f"people/{person.user.id}/{made['id']}/")) == [], "parts are gone"
    assert account["email"] == person.user.email
    assert owner.client.get(path).status == 404
    assert owner.client.get(f"/api/jobs/{made['id']}/").status == 404
    assert made["id"] not in [job["id"] for job in ok(owner.client.get("/api/jobs/"))["results"]]
    body = {"email": person.user.email}
    assert person.client.post("/api/current-user/erase/", body).status == 204
    assert list(wiring.blobs().keys(f"people/{person.user.id}/")) == []


def test_an_erased_person_leaves_their_work_and_nothing_of_themselves(
    join: Join, app: Any, anonymous: Client
) -> None:
    owner = join(Role.OWNER)
    person = join(Role.ANNOTATOR, organization_id=owner.organization_id, password=PASSWORD)
    email, path = person.user.email, f"/api/users/{person.user.id}/"
    ok(person.client.patch(path, {"first_name": "Wilhelmina", "last_name": "Quux", "phone": "555-0199"}))
    project = ok(owner.client.post("/api/projects/", {"title": "Pets", "label_config": CONFIG}), 201)["id"]
    annotation = annotate(person, add_task(owner, project, "cat")["id"])["id"]
    ok(person.client.post("/api/token/"), 201)
    wiring.people().people.link_identity(person.user.id, "0" * 64)
    ok(anonymous.post("/api/session/", {"email": email, "password": PASSWORD}))
    assert person.client.post("/api/current-user/erase/", {"email": "other@lab.test"}).status == 400
    assert person.client.post("/api/current-user/erase/", {"email": email, "password": "no"}).status == 400

    body = {"email": email, "password": PASSWORD}
    assert person.client.post("/api/current-user/erase/", body).status == 204

    left = everything(app)
    for gone in (email, "Wilhelmina", "Quux", "555-0199", "0" * 64, f"USER#{person.user.id}'"):
        assert gone not in left
    assert person.client.get("/api/current-user/whoami").status == 401
    assert anonymous.get("/api/session/").status == 401
    kept = ok(owner.client.get(f"/api/annotations/{annotation}/"))
    assert kept["completed_by"] == person.user.id
    assert f"deleted user {person.user.id}" in kept["created_username"]
    assert ok(owner.client.get(f"/api/organizations/{owner.organization_id}/memberships/"))["count"] == 1


def test_the_last_owner_is_not_erased(join: Join) -> None:
    owner = join(Role.OWNER)

    answer = owner.client.post("/api/current-user/erase/", {"email": owner.user.email})

    assert answer.status == 409
    assert owner.client.get("/api/current-user/whoami").status == 200


def test_an_administrator_erases_a_member_of_theirs_alone(join: Join) -> None:
    admin = join(Role.ADMINISTRATOR)
    member = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    owner = join(Role.OWNER, organization_id=admin.organization_id)

    assert admin.client.delete(f"/api/users/{member.user.id}/").status == 204
    assert admin.client.delete(f"/api/users/{owner.user.id}/").status == 403
    assert wiring.people().people.user_id_of_email(member.user.email) is None


@pytest.mark.parametrize("way", ["erased", "deleted"])
@pytest.mark.parametrize("dies_after", range(4))
def test_removing_an_account_can_be_repeated_wherever_it_broke_off(
    join: Join, way: str, dies_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = join(Role.ADMINISTRATOR)
    person = join(Role.ANNOTATOR, organization_id=admin.organization_id, password=PASSWORD)
    wiring.people().people.link_identity(person.user.id, f"{person.user.id:064d}")
    transact, seen = Dynamo.transact, list[object]()

    def remove() -> int:
        if way == "deleted":
            return admin.client.delete(f"/api/users/{person.user.id}/").status
        body = {"email": person.user.email, "password": PASSWORD}
        return person.client.post("/api/current-user/erase/", body).status

    def dying(self: Dynamo, writes: Any) -> None:
        seen.append(writes)
        if len(seen) > dies_after:
            raise UpstreamError("The database does not answer.")
        transact(self, writes)

    with monkeypatch.context() as dead:
        dead.setattr(Dynamo, "transact", dying)
        first = remove()

    assert first in (204, 502)
    if first == 502:
        assert remove() == 204
    assert wiring.people().people.account(person.user.id) is None
    assert wiring.people().people.user_id_of_email(person.user.email) is None
    assert [m.user_id for m in wiring.people().people.members(admin.organization_id)] == [admin.user.id]
