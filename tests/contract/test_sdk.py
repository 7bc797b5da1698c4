"""Label Studio's own client, unmodified, against the app behind a socket."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from pytest_socket import enable_socket

from chalicelib.auth.principals import Role
from tests.contract.conftest import Join
from tests.contract.server import running
from tests.contract.test_labeling import CONFIG, choice

Sdk = Callable[[str], Any]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def url(app: Any) -> Iterator[str]:
    enable_socket()
    with running(app) as address:
        yield address


@pytest.fixture
def sdk(url: str) -> Iterator[Sdk]:
    """Makes clients for tokens, and closes their connections in the end."""
    with ExitStack() as stack:

        def make(token: str) -> Any:
            connection = stack.enter_context(httpx.Client(timeout=60, follow_redirects=True))
            return LabelStudio(base_url=url, api_key=token, httpx_client=connection)

        yield make


@pytest.fixture
def client(sdk: Sdk, join: Join) -> Any:
    return sdk(join().token)


@pytest.fixture
def project_id(client: Any) -> int:
    made = client.projects.create(title="From the SDK", label_config=CONFIG)
    assert isinstance(made.id, int)
    return made.id


def test_a_project_is_made_found_changed_and_deleted(client: Any) -> None:
    made = client.projects.create(title="First", label_config=CONFIG, description="d")
    assert client.projects.get(id=made.id).description == "d"

    client.projects.update(id=made.id, title="Second", maximum_annotations=2)

    assert client.projects.get(id=made.id).title == "Second"
    assert [found.id for found in client.projects.list()] == [made.id]
    client.projects.delete(id=made.id)
    with pytest.raises(ApiError) as gone:
        client.projects.get(id=made.id)
    assert gone.value.status_code == 404


def test_projects_are_paged_to_the_end(client: Any) -> None:
    made = {client.projects.create(title=f"Number {n}").id for n in range(7)}

    assert {found.id for found in client.projects.list(page_size=3)} == made


def test_tasks_are_paged_to_the_end(client: Any, project_id: int) -> None:
    made = [client.tasks.create(project=project_id, data={"text": f"t{n}"}).id for n in range(7)]

    assert [task.id for task in client.tasks.list(project=project_id, page_size=3)] == made
    everything = list(client.tasks.list(project=project_id, fields="all"))
    assert [task.data["text"] for task in everything] == [f"t{n}" for n in range(7)]


def test_a_page_too_large_for_a_function_is_fetched_from_the_store(client: Any, project_id: int) -> None:
    texts = [base64.b64encode(Random(n).randbytes(1_200_000)).decode() for n in range(5)]
    for text in texts:
        client.tasks.create(project=project_id, data={"text": text})

    assert [task.data["text"] for task in client.tasks.list(project=project_id)] == texts


def test_a_task_is_changed_and_deleted(client: Any, project_id: int) -> None:
    task = client.tasks.create(project=project_id, data={"text": "a"})
    client.tasks.update(id=str(task.id), data={"text": "b"})

    assert client.tasks.get(id=str(task.id)).data == {"text": "b"}
    client.tasks.delete(id=str(task.id))
    with pytest.raises(ApiError):
        client.tasks.get(id=str(task.id))


def test_annotations_are_submitted_changed_and_deleted(client: Any, project_id: int) -> None:
    task = client.tasks.create(project=project_id, data={"text": "a"})
    made = client.annotations.create(id=task.id, result=choice("Positive"), lead_time=1.5)
    assert [found.id for found in client.annotations.list(id=task.id)] == [made.id]

    client.annotations.update(id=made.id, result=choice("Negative"), ground_truth=True)

    seen = client.annotations.get(id=made.id)
    assert (seen.result[0]["value"]["choices"], seen.ground_truth) == (["Negative"], True)
    assert client.tasks.get(id=str(task.id)).is_labeled
    client.annotations.delete(id=made.id)
    assert client.annotations.list(id=task.id) == []


def test_transitions_are_made_and_histories_read_to_the_end(client: Any, project_id: int) -> None:
    task = client.tasks.create(project=project_id, data={"text": "x"}).id
    client.annotations.create(task, result=choice("Positive"))
    client.states.execute_transition("project", project_id, transition_name="pause")
    made = client.states.execute_transition(
        "project", project_id, transition_name="finish", transition_data={"reason": "All is done."}
    )

    told = list(client.states.state_history("project", project_id, page_size=1))
    of_task = list(client.states.state_history("task", task))

    assert (made.success, made.new_state) == (True, "finished")
    assert made.state_record == told[0]
    assert [(one.transition_name, one.reason) for one in told] == [("finish", "All is done."), ("pause", "")]
    assert [(one.previous_state, one.state) for one in of_task] == [("unlabeled", "labeled")]
    assert client.projects.get(project_id).state == "finished"
    with pytest.raises(ApiError) as refused:
        client.states.execute_transition("project", project_id, transition_name="pause")
    assert refused.value.status_code == 409


def test_predictions_are_stored_and_read(client: Any, project_id: int) -> None:
    task = client.tasks.create(project=project_id, data={"text": "a"})
    made = client.predictions.create(task=task.id, result=choice("Positive"), score=0.5, model_version="m")

    assert client.predictions.get(id=made.id).score == 0.5
    client.predictions.update(id=made.id, score=0.75)
    assert [found.score for found in client.predictions.list(task=task.id)] == [0.75]
    client.predictions.delete(id=made.id)
    assert client.predictions.list(task=task.id) == []


def test_users_and_who_am_i(client: Any) -> None:
    me = client.users.whoami()
    made = client.users.create(email=f"sdk{me.id}@lab.test", username="sdk")

    assert {user.id for user in client.users.list()} == {me.id, made.id}
    client.users.update(id=made.id, first_name="S")
    assert client.users.get(id=made.id).first_name == "S"
    client.users.delete(id=made.id)
    assert [user.id for user in client.users.list()] == [me.id]


def test_a_personal_token_is_exchanged_by_the_client(sdk: Sdk, client: Any) -> None:
    me = client.users.whoami()
    token = client.tokens.create()

    by_token = sdk(token.token)

    assert by_token.users.whoami().id == me.id
    assert len(client.tokens.list()) == 1
    rotated = client.tokens.rotate(refresh=token.token)
    assert sdk(rotated.refresh).users.whoami().id == me.id
    client.tokens.blacklist(refresh=rotated.refresh)
    with pytest.raises(ApiError):
        sdk(rotated.refresh).users.whoami()


def test_organization_members(client: Any) -> None:
    me = client.users.whoami()
    organization = client.organizations.list()[0]

    assert organization.id == me.active_organization
    members = client.organizations.members.list(id=organization.id)
    assert [member.user.id for member in members.items or []] == [me.id]


def test_tasks_are_imported_and_exported(client: Any, project_id: int) -> None:
    done = client.projects.import_tasks(
        id=project_id, request=[{"text": f"t{n}"} for n in range(5)], return_task_ids=True
    )
    assert done.task_count == 5
    assert done.task_ids is not None
    client.annotations.create(id=done.task_ids[0], result=choice("Positive"))

    exported = client.projects.exports.as_json(project_id)

    assert len(exported) == 5
    assert exported[0]["annotations"][0]["result"][0]["value"] == {"choices": ["Positive"]}


def test_the_label_interface_is_read_back(client: Any, project_id: int) -> None:
    project = client.projects.get(id=project_id)

    assert project.get_label_interface().labels is not None
    assert client.projects.validate_label_config(id=project_id, label_config=CONFIG) is not None


def test_the_version_is_the_community_edition(client: Any) -> None:
    assert client.versions.get().edition == "Community"


def test_sixteen_clients_share_a_project_without_overlap(url: str, sdk: Sdk, join: Join) -> None:
    admin = join()
    boss = sdk(admin.token)
    project = boss.projects.create(title="Crowd", label_config=CONFIG).id
    assert project is not None
    for n in range(48):
        boss.tasks.create(project=project, data={"text": f"t{n}"})
    people = [join(Role.ANNOTATOR, organization_id=admin.organization_id) for _ in range(16)]

    def work(token: str) -> int:
        mine, worker = 0, sdk(token)
        headers = {"Authorization": f"Token {token}"}
        while (given := httpx.get(f"{url}/api/projects/{project}/next", headers=headers)).status_code == 200:
            worker.annotations.create(id=given.json()["id"], result=choice("Positive"))
            mine += 1
        return mine

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(work, [person.token for person in people]))

    seen = boss.projects.get(id=project)
    assert sum(done) == 48
    assert (seen.task_number, seen.finished_task_number, seen.total_annotations_number) == (48, 48, 48)


def test_a_token_acts_in_another_organization_by_a_header(
    client: Any, url: str, sdk: Sdk, join: Join
) -> None:
    person = join(Role.MANAGER)
    elsewhere = join(Role.OWNER)
    invitation = (
        elsewhere.client.post("/api/invitations/", {"role": "reviewer"}).json()["url"].partition("=")[2]
    )
    assert person.client.post("/api/invitations/accept/", {"invitation": invitation}).status == 204
    with httpx.Client(
        headers={"X-Skylabel-Organization": str(person.organization_id)}, follow_redirects=True
    ) as connection:
        at_home = LabelStudio(base_url=url, api_key=person.token, httpx_client=connection)
        assert at_home.users.whoami().active_organization == person.organization_id
        assert at_home.projects.create(title="At home").id
    there = sdk(person.token)

    assert there.users.whoami().active_organization == elsewhere.organization_id
    assert [one.id for one in there.organizations.list()] == [
        person.organization_id,
        elsewhere.organization_id,
    ]
    assert there.organizations.get(id=elsewhere.organization_id).title == "Lab"
    assert there.organizations.members.get(id=elsewhere.organization_id, user_pk=person.user.id)
    assert list(there.projects.list()) == []
    with pytest.raises(ApiError) as refused:
        there.projects.create(title="Not here")
    assert refused.value.status_code == 403
    assert sdk(elsewhere.token).organizations.reset_token().token


def test_tasks_are_assigned_to_people(client: Any, project_id: int) -> None:
    from label_studio_sdk.projects.assignments import BulkTaskAssigneesRequestRequestSelectedItemsIncluded

    tasks = [client.tasks.create(project=project_id, data={"text": text}).id for text in ("one", "two")]
    me = client.users.whoami().id
    assignments = client.projects.assignments
    chosen = BulkTaskAssigneesRequestRequestSelectedItemsIncluded(all_=False, included=tasks)

    told = assignments.bulk_assign(project_id, selected_items=chosen, type="AN", users=[me])
    assert (told.assignments, told.async_, told.task_ids) == (2, False, tasks)
    assert [each.assignee for each in assignments.list(project_id, tasks[0])] == [me]
    assignments.delete(project_id, tasks[0], users=str(me))
    assert assignments.list(project_id, tasks[0]) == []
    assert assignments.assign(project_id, tasks[0], type="AN", users=[me]).assignee == me
