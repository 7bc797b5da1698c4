"""People's pictures, replaced uploads, and following imports and exports as Label Studio's clients do."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.ids import JobId
from tests.contract.client import Response
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import ok


def png(width: int, height: int) -> bytes:
    """As much of a PNG as says that it is one, and its size."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x00" * 8


SMALL, OTHER = png(8, 6), png(9, 9)


def sent(person: Person, method: str, path: str, name: str, content: bytes) -> Response:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    return person.client.request(
        method, path, body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )


def held(prefix: str) -> list[str]:
    return [info.key for info in wiring.blobs().keys(prefix)]


def test_a_picture_is_shown_to_fellow_members_and_replaced_and_removed(join: Join) -> None:
    person, stranger = join(Role.ANNOTATOR), join(Role.OWNER)
    fellow = join(Role.VIEWER, organization_id=person.organization_id)
    path, prefix = f"/api/users/{person.user.id}/avatar/", f"avatars/{person.user.id}/"

    first = ok(sent(person, "POST", path, "me.png", SMALL))["avatar"]
    assert ok(fellow.client.get(f"/api/users/{person.user.id}/"))["avatar"] == first
    assert fellow.client.get(first).status == 303
    assert stranger.client.get(first).status == 404
    assert ok(sent(person, "POST", path, "me.png", SMALL))["avatar"] == first

    second = ok(sent(person, "POST", path, "other.gif", OTHER))["avatar"]
    assert second != first
    assert second.endswith(".png"), "it is what its bytes say"
    assert fellow.client.get(first).status == 404
    assert len(held(prefix)) == 1

    for _ in range(2):
        assert person.client.delete(path).status == 204
    assert ok(fellow.client.get(f"/api/users/{person.user.id}/"))["avatar"] is None
    assert fellow.client.get(second).status == 404
    assert held(prefix) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.png", SMALL[:20]),
        ("a.png", png(1201, 1)),
        ("a.png", SMALL + b"x" * 1024 * 1024),
        ("a.png", b""),
    ],
    ids=["svg", "html", "cut off", "too wide", "too large", "empty"],
)
def test_what_is_no_small_picture_is_refused(admin: Person, name: str, content: bytes) -> None:
    answer = sent(admin, "POST", f"/api/users/{admin.user.id}/avatar/", name, content)

    assert (answer.status, "avatar" in answer.text) == (400, True)
    assert held(f"avatars/{admin.user.id}/") == []


def test_the_pictures_of_others_are_theirs(join: Join) -> None:
    owner = join(Role.OWNER)
    member = join(Role.ANNOTATOR, organization_id=owner.organization_id)
    path = f"/api/users/{member.user.id}/avatar/"

    assert sent(owner, "POST", path, "a.png", SMALL).status == 403
    assert owner.client.delete(path).status == 403
    assert sent(join(), "POST", path, "a.png", SMALL).status == 404
    assert owner.client.post(f"/api/users/{owner.user.id}/avatar/", {}).status == 400


def test_an_account_that_goes_takes_its_picture_along(join: Join) -> None:
    admin = join(Role.ADMINISTRATOR)
    member = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    erased = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    for person in (member, erased):
        ok(sent(person, "POST", f"/api/users/{person.user.id}/avatar/", "a.png", SMALL))
        assert held(f"avatars/{person.user.id}/")

    assert admin.client.delete(f"/api/users/{member.user.id}/").status == 204
    assert erased.client.post("/api/current-user/erase/", {"email": erased.user.email}).status == 204

    assert [*held(f"avatars/{member.user.id}/"), *held(f"avatars/{erased.user.id}/")] == []


@pytest.fixture
def uploaded(admin: Person) -> tuple[int, int]:
    """A project and a CSV file in it, imported."""
    project = ok(admin.client.post("/api/projects/", {"title": "Files"}), 201)["id"]
    done = ok(sent(admin, "POST", f"/api/projects/{project}/import", "a.csv", b"t\none\n"), 201)
    return project, done["file_upload_ids"][0]


def test_an_uploaded_file_is_replaced_at_its_address(admin: Person, uploaded: tuple[int, int]) -> None:
    path = f"/api/import/file-upload/{uploaded[1]}/"
    before = ok(admin.client.get(path))

    after = ok(sent(admin, "PATCH", path, "b.csv", b"t\ntwo\nthree\n"))

    assert (after["id"], after["file"]) == (before["id"], before["file"])
    assert wiring.blobs().get(before["file"]) == b"t\ntwo\nthree\n"
    again = admin.client.post(
        f"/api/projects/{uploaded[0]}/reimport",
        {"file_upload_ids": [uploaded[1]], "files_as_tasks_list": True},
    )
    assert ok(again, 201)["task_count"] == 2


@pytest.mark.parametrize(
    ("body", "status"), [({}, 200), ({"file": "of others.csv"}, 400), ({"file": 3}, 400)], ids=str
)
def test_a_file_is_replaced_by_a_file_alone(
    admin: Person, uploaded: tuple[int, int], body: Any, status: int
) -> None:
    assert admin.client.patch(f"/api/import/file-upload/{uploaded[1]}/", body).status == status


def test_a_file_stays_of_its_kind(admin: Person, uploaded: tuple[int, int]) -> None:
    answer = sent(admin, "PATCH", f"/api/import/file-upload/{uploaded[1]}/", "a.html", b"<script>")

    assert (answer.status, "same type" in answer.text) == (400, True)


def test_an_import_in_the_background_is_followed_in_label_studios_words(
    admin: Person, uploaded: tuple[int, int]
) -> None:
    project, upload = uploaded
    job = ok(admin.client.post(f"/api/projects/{project}/imports/", {"upload_ids": [upload]}), 202)["id"]
    assert ok(admin.client.get(f"/api/projects/{project}/imports/{job}/"))["status"] == "created"
    wiring.jobs().run_here(JobId(job), until_s=60)

    for kind in ("imports", "reimports"):
        status = ok(admin.client.get(f"/api/projects/{project}/{kind}/{job}/"))
        assert (status["status"], status["task_count"]) == ("completed", 1)
        assert status["file_upload_ids"] == [upload]
        assert status["error"] is None
        assert admin.client.get(f"/api/projects/{project}/{kind}/987654321/").status == 404
    export = ok(admin.client.post(f"/api/projects/{project}/exports/", {}), 201)
    assert admin.client.get(f"/api/projects/{project}/imports/{export['job']}/").status == 404


def test_the_files_of_exports_are_listed_and_can_be_fetched(admin: Person, uploaded: tuple[int, int]) -> None:
    project = uploaded[0]
    assert ok(admin.client.get(f"/api/projects/{project}/export/files")) == {"export_files": []}
    job = ok(admin.client.post(f"/api/projects/{project}/exports/", {"export_type": "CSV"}), 201)["job"]
    wiring.jobs().run_here(JobId(job), until_s=60)

    (file,) = ok(admin.client.get(f"/api/projects/{project}/export/files"))["export_files"]

    assert file["name"].endswith(".csv")
    assert admin.client.get(file["url"]).status in (200, 303)


def test_an_uploaded_file_is_read_by_its_stored_path(admin: Person, join: Join) -> None:
    project = ok(admin.client.post("/api/projects/", {"title": "Files"}), 201)["id"]
    done = ok(sent(admin, "POST", f"/api/projects/{project}/import", "a.png", SMALL), 201)
    upload = ok(admin.client.get(f"/api/import/file-upload/{done['file_upload_ids'][0]}/"))
    path = "/storage-data/uploaded/?filepath="

    for written in (upload["file"], f"/data/{upload['file']}"):
        assert admin.client.get(f"{path}{written}").status == 303
    assert admin.client.get(path).status == 400
    assert admin.client.get(f"{path}upload/{project}/0123abcd-no.png").status == 404
    assert admin.client.get(f"{path}../exports/{project}/x").status == 404
    assert admin.client.get(f"{path}upload/{project}/../../keys").status == 404
    assert join().client.get(f"{path}{upload['file']}").status == 404
