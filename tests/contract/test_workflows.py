"""Workflows over HTTP: choosing one, writing one, and what they let people do."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from pydantic import TypeAdapter

from chalicelib import wiring
from chalicelib.api.schemas.workflows import PresetRead, StateRead, TransitionMade, WorkflowRead
from chalicelib.auth.principals import Role
from chalicelib.ids import JobId
from tests.contract.conftest import Join, Person
from tests.contract.test_costs import counted
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, conforms, ok

MAPPING = {"accepted": "labeled", "returned": "labeled", "in_review": "labeled"}


@pytest.fixture
def project(admin: Person) -> int:
    body = {"title": "Workflows", "label_config": CONFIG}
    return int(ok(admin.client.post("/api/projects/", body), 201)["id"])


@pytest.fixture
def reviewed(admin: Person, project: int) -> int:
    ok(admin.client.put(f"/api/projects/{project}/workflow/", {"preset": "review"}))
    return project


def ask(person: Person, task: int, name: str, *, reason: str = "", entity: str = "task") -> Any:
    body = {"transition_name": name, **({"reason": reason} if reason else {})}
    return person.client.post(f"/api/fsm/entities/{entity}/{task}/transition/", body)


def state(person: Person, task: int) -> str:
    return str(ok(person.client.get(f"/api/tasks/{task}/"))["state"])


def history(person: Person, entity: str, number: int) -> list[tuple[str, str, str]]:
    rows = ok(person.client.get(f"/api/fsm/entities/{entity}/{number}/history/"))["results"]
    return [(row["previous_state"], row["transition_name"], row["state"]) for row in rows]


# ---- choosing and writing one


def test_presets_are_listed_and_each_can_be_chosen(admin: Person, project: int) -> None:
    presets = ok(admin.client.get("/api/workflows/presets/"))
    path = f"/api/projects/{project}/workflow/"

    assert [preset["name"] for preset in presets] == ["plain", "review"]
    TypeAdapter(list[PresetRead]).validate_python(presets, strict=True)
    for preset in presets:
        chosen = ok(admin.client.put(path, {"preset": preset["name"]}))
        conforms(WorkflowRead, chosen)
        assert (chosen["preset"], chosen["workflow"]) == (preset["name"], preset["workflow"])
        assert ok(admin.client.get(path)) == chosen
        by_hand = ok(admin.client.put(path, {"workflow": preset["workflow"]}))
        assert by_hand == chosen, "what is shown can be sent back"


def test_one_of_the_projects_own_is_kept_and_reset(admin: Person, project: int) -> None:
    path = f"/api/projects/{project}/workflow/"
    shown = ok(admin.client.get(path))
    own = shown["workflow"]
    own["states"].append({"name": "on_hold", "title": "انتظار", "refuses": ["submit", "skip", "adjust"]})
    own["transitions"].append({"name": "hold", "from": ["unlabeled", "labeled"], "to": "on_hold"})
    own["transitions"] += [
        {"name": "resume", "from": ["on_hold"], "to": target, "roles": ["administrator"]}
        for target in ("unlabeled", "labeled", "in_progress", "skipped")
    ]

    kept = ok(admin.client.put(path, {"workflow": own}))
    task = add_task(admin, project)["id"]
    ok(ask(admin, task, "hold"))

    assert (kept["preset"], kept["workflow"]["states"][-1]["title"]) == (None, "انتظار")
    assert kept["version"] > shown["version"]
    assert ok(admin.client.get(path))["tasks"] == {"on_hold": 1}
    assert admin.client.get(f"/api/projects/{project}/next/").status == 404, "it is not handed out"
    assert admin.client.post(f"/api/tasks/{task}/annotations/", {"result": []}).status == 409
    ok(ask(admin, task, "resume"))
    assert ok(admin.client.get(f"/api/projects/{project}/next/"))["id"] == task
    ok(ask(admin, task, "hold"))
    assert admin.client.get(f"/api/projects/{project}/next/").status == 404, "nor to who had it"
    reset = ok(admin.client.delete(path))
    assert (reset["preset"], reset["tasks"]) == ("plain", {"unlabeled": 1})
    assert state(admin, task) == "unlabeled"


def test_every_fault_is_told_with_its_place(admin: Person, project: int) -> None:
    path = f"/api/projects/{project}/workflow/"
    own = ok(admin.client.get("/api/workflows/presets/"))[1]["workflow"]
    own["states"][6]["final"] = False
    own["transitions"][7]["guards"] = []
    own["transitions"].pop(10)

    def places(body: Any) -> list[tuple[str, str]]:
        refused = admin.client.put(path, body)
        assert refused.status == 400, refused.text
        return [(fault["place"], fault["code"]) for fault in refused.json()["faults"]]

    assert places({"workflow": own}) == [
        ("workflow.states", "no_final_state"),
        ("workflow.states[6]", "dead_end"),
    ]
    assert places({"workflow": {"states": "many"}})[0] == ("workflow.initial", "invalid")
    assert places({}) == [("workflow", "required")]
    assert places({"preset": "plain", "workflow": own}) == [("workflow", "required")]
    assert places({"preset": "sloppy"}) == [("preset", "invalid")]
    many = {f"s{number}": "labeled" for number in range(101)}
    assert places({"preset": "plain", "states": many}) == [("states", "invalid")]
    odd_states = [{"name": "\ud800", "title": "\ud800", "work": ["\ud800"]}]
    for odd in (
        {"preset": "\ud800"},
        {"preset": "plain", "states": {"\ud800": "\ud800"}},
        {"workflow": {"\ud800": 1, "states": odd_states}},
    ):
        assert admin.client.put(path, odd).status == 400
    assert places({"workflow": {**own, "states": [{**own["states"][0], "work": ["none"] * 5}]}})
    mapping = {"labeled": "skipped", "gone": "nowhere", "in_review": "unlabeled"}
    ok(admin.client.put(path, {"preset": "review"}))
    assert places({"preset": "plain", "states": mapping}) == [
        ("states.labeled", "invalid"),
        ("states.gone", "invalid"),
        ("states.in_review", "invalid"),
    ]
    assert ok(admin.client.get(path))["preset"] == "review", "nothing of it was kept"
    assert admin.client.put(path, {"preset": "plain"}, headers={"If-Match": '"1"'}).status == 412


def test_states_that_go_take_their_tasks_along_or_stay(admin: Person, reviewed: int, join: Join) -> None:
    path = f"/api/projects/{reviewed}/workflow/"
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    accepted, returned, fresh = (add_task(admin, reviewed, text)["id"] for text in "abc")
    for task in (accepted, returned):
        annotate(admin, task)
    ok(ask(reviewer, accepted, "accept"))
    ok(ask(reviewer, returned, "return", reason="The label is wrong."))
    assert ok(admin.client.get(path))["tasks"] == {"accepted": 1, "returned": 1, "unlabeled": 1}

    refused = admin.client.put(path, {"preset": "plain", "states": {"accepted": "labeled"}})
    assert refused.status == 409
    assert "returned (1)" in refused.json()["detail"]
    assert "accepted" not in refused.json()["detail"]
    mapped = ok(admin.client.put(path, {"preset": "plain", "states": MAPPING}))

    assert (mapped["tasks"], mapped["is_following"]) == ({"labeled": 2, "unlabeled": 1}, False)
    assert [state(admin, task) for task in (accepted, returned, fresh)] == ["labeled", "labeled", "unlabeled"]
    assert history(admin, "task", accepted)[0] == ("accepted", "map", "labeled")


def test_a_large_project_follows_by_a_job(
    admin: Person, reviewed: int, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/projects/{reviewed}/workflow/"
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    tasks = [add_task(admin, reviewed, str(number))["id"] for number in range(3)]
    for task in tasks:
        annotate(admin, task)
        ok(ask(reviewer, task, "accept"))
    monkeypatch.setattr("chalicelib.services.retuning.RETUNED_AT_ONCE", 2)

    changed = ok(admin.client.put(path, {"preset": "plain", "states": {"accepted": "labeled"}}))

    assert (changed["is_following"], changed["tasks"]) == (True, {"accepted": 3})
    assert ok(admin.client.get(path))["is_following"]
    annotate(admin, tasks[0])
    assert history(admin, "task", tasks[0])[0] == ("accepted", "map", "labeled"), (
        "what happens takes it along"
    )
    jobs = ok(admin.client.get(f"/api/jobs/?project={reviewed}"))["results"]
    job = next(job for job in jobs if job["kind"] == "retune")
    assert job["created_by"] == admin.user.id
    wiring.jobs().run_here(JobId(job["id"]), until_s=30)
    followed = ok(admin.client.get(path))
    assert (followed["tasks"], followed["is_following"]) == ({"labeled": 3}, False)


# ---- what it lets people do


def test_every_role_makes_the_transitions_that_are_open_to_it(
    admin: Person, reviewed: int, join: Join
) -> None:
    members = {role: join(role, organization_id=admin.organization_id) for role in Role}
    allowed = {role: role not in (Role.ANNOTATOR, Role.VIEWER) for role in Role}

    for role, name in product(Role, ("accept", "return", "start_review", "ask_another")):
        task = add_task(admin, reviewed)["id"]
        annotate(admin, task)
        answer = ask(members[role], task, name, reason="Because.")
        expected = 200 if allowed[role] else 403 if role is Role.VIEWER else 409
        assert answer.status == expected, (role, name, answer.text)
        assert (state(admin, task) == "labeled") != allowed[role]


def test_a_review_from_labeling_to_acceptance(admin: Person, reviewed: int, join: Join) -> None:
    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    task = add_task(admin, reviewed)["id"]
    annotation = annotate(annotator, task)["id"]

    offered = ok(reviewer.client.get(f"/api/fsm/entities/task/{task}/transitions/"))
    assert [(each["name"], each["to"], each["needs_reason"]) for each in offered] == [
        ("start_review", "in_review", False),
        ("accept", "accepted", False),
        ("return", "returned", True),
        ("ask_another", "in_progress", False),
    ]
    made = ok(ask(reviewer, task, "start_review"))
    conforms(TransitionMade, made)
    conforms(StateRead, made["state_record"])
    assert ask(reviewer, task, "return").status == 409, "a reason is needed"
    told = {"transition_name": "return", "transition_data": {"reason": "Wrong.\nLook again; please: now"}}
    ok(reviewer.client.post(f"/api/fsm/entities/task/{task}/transition", told))
    ok(annotator.client.patch(f"/api/annotations/{annotation}/", {"result": choice("Negative")}))
    assert state(admin, task) == "labeled"
    ok(ask(reviewer, task, "accept"))

    rows = ok(admin.client.get(f"/api/fsm/entities/task/{task}/history/"))["results"]
    assert [(r["transition_name"], r["state"], r["triggered_by"]["id"], r["reason"]) for r in rows] == [
        ("accept", "accepted", reviewer.user.id, ""),
        ("resubmit", "labeled", annotator.user.id, ""),
        ("return", "returned", reviewer.user.id, "Wrong.\nLook again; please: now"),
        ("start_review", "in_review", reviewer.user.id, ""),
        ("finish", "labeled", annotator.user.id, ""),
    ]
    assert [row["id"] for row in rows] == [f"{task}-{number}" for number in (5, 4, 3, 2, 1)]
    assert [row["previous_state"] for row in rows] == [row["state"] for row in rows[1:]] + ["unlabeled"]


def test_what_is_accepted_is_left_alone(admin: Person, reviewed: int, join: Join) -> None:
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    task = add_task(admin, reviewed)["id"]
    annotation = annotate(admin, task)["id"]
    ok(ask(reviewer, task, "accept"))
    before = ok(admin.client.get(f"/api/tasks/{task}/"))

    refused = [
        admin.client.post(f"/api/tasks/{task}/annotations/", {"result": choice("Negative")}),
        admin.client.post(f"/api/tasks/{task}/annotations/", {"result": [], "was_cancelled": True}),
        admin.client.patch(f"/api/annotations/{annotation}/", {"result": []}),
        admin.client.delete(f"/api/annotations/{annotation}/"),
        admin.client.post(f"/api/annotations/{annotation}/convert-to-draft/", {}),
        admin.client.post(
            f"/api/dm/actions/?project={reviewed}&id=delete_tasks_annotations",
            {"selectedItems": {"all": False, "included": [task]}},
        ),
    ]

    assert [answer.status for answer in refused] == [409] * len(refused), [a.text for a in refused]
    said = refused[0].json()
    assert said["code"] == "transition_refused"
    assert said["transition"] == {
        "state": "accepted",
        "refused": "submit",
        "allowed": [{"name": "withdraw", "to": "in_review"}],
    }
    assert said["detail"].endswith("Allowed: withdraw (to in_review).")
    assert ok(admin.client.get(f"/api/tasks/{task}/")) == before
    ok(admin.client.patch(f"/api/annotations/{annotation}/", {"ground_truth": True}))
    ok(admin.client.patch(f"/api/tasks/{task}/", {"overlap": 5}))
    assert (state(admin, task), ok(admin.client.get(f"/api/tasks/{task}/"))["is_labeled"]) == (
        "accepted",
        True,
    )
    assert admin.client.get(f"/api/projects/{reviewed}/next/").status == 404
    ok(ask(admin, task, "withdraw", reason="The guidelines have changed."))
    ok(admin.client.patch(f"/api/tasks/{task}/", {"overlap": 5}))
    assert state(admin, task) == "in_progress"


def test_asking_another_hands_the_task_out_again(admin: Person, reviewed: int, join: Join) -> None:
    other = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    task = add_task(admin, reviewed)["id"]
    annotate(admin, task)
    assert other.client.get(f"/api/projects/{reviewed}/next/").status == 404

    ok(ask(admin, task, "ask_another"))

    assert ok(other.client.get(f"/api/projects/{reviewed}/next/"))["id"] == task
    annotate(other, task)
    assert state(admin, task) == "labeled"


def test_many_tasks_are_moved_at_once(admin: Person, reviewed: int, project: int, join: Join) -> None:
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    labeled = [add_task(admin, reviewed, text)["id"] for text in "abc"]
    for task in labeled:
        annotate(admin, task)
    fresh = add_task(admin, reviewed)["id"]
    other = {"title": "Elsewhere", "label_config": CONFIG}
    elsewhere = add_task(admin, ok(admin.client.post("/api/projects/", other), 201)["id"])["id"]
    path = f"/api/dm/actions/?project={reviewed}&id=transition"
    chosen = {"all": False, "included": [*labeled, fresh, elsewhere]}

    def act(person: Person, **fields: Any) -> Any:
        return person.client.post(path, {"selectedItems": chosen, **fields})

    outcome = ok(act(reviewer, transition_name="return", reason="All wrong."))

    assert outcome["processed_items"] == 3
    assert f"1 may not go. Task {fresh} is unlabeled: return is not possible there." in outcome["detail"]
    assert [state(admin, task) for task in (*labeled, fresh)] == ["returned"] * 3 + ["unlabeled"]
    assert act(reviewer, transition_name="fly").status == 400
    assert act(reviewer).status == 400
    assert act(reviewer, transition_name="return", reason=["x"]).status == 400
    viewer = join(Role.VIEWER, organization_id=admin.organization_id)
    assert act(viewer, transition_name="accept").status == 403
    listed = ok(reviewer.client.get(f"/api/dm/actions/?project={reviewed}"))
    assert "transition" in [action["id"] for action in listed]
    ok(admin.client.put(f"/api/projects/{reviewed}/workflow/", {"preset": "plain", "states": MAPPING}))
    listed = ok(admin.client.get(f"/api/dm/actions/?project={reviewed}"))
    assert "transition" not in [action["id"] for action in listed]


def test_faulty_transitions_are_refused(admin: Person, reviewed: int, project: int) -> None:
    task = add_task(admin, reviewed)["id"]

    unknown = ask(admin, task, "finish")
    assert unknown.status == 400
    assert "there are start_review, accept, return, ask_another, withdraw" in unknown.text
    assert ask(admin, task, "accept").status == 409
    assert ask(admin, task, "accept", reason="x" * 501).status == 400
    path = f"/api/fsm/entities/task/{task}/transition/"
    for reason in (["x"], "x" * 501, "\ud800"):
        body = {"transition_name": "accept", "transition_data": {"reason": reason}}
        assert admin.client.post(path, body).status == 400
    assert admin.client.get(f"/api/fsm/entities/house/{task}/transitions/").status == 404
    assert history(admin, "task", task) == []


# ---- annotations and projects


def test_an_annotation_tells_how_it_was_turned(admin: Person, project: int) -> None:
    annotation = annotate(admin, add_task(admin, project)["id"])["id"]
    for fields in ({"was_cancelled": True}, {"lead_time": 3.0}, {"was_cancelled": False}):
        ok(admin.client.patch(f"/api/annotations/{annotation}/", fields))

    assert history(admin, "annotation", annotation) == [
        ("skipped", "resubmit", "submitted"),
        ("submitted", "cancel", "skipped"),
        ("created", "submit", "submitted"),
    ]
    assert ok(admin.client.get(f"/api/fsm/entities/annotation/{annotation}/transitions/")) == []
    assert ask(admin, annotation, "cancel", entity="annotation").status == 400


def test_a_paused_project_hands_out_and_takes_nothing(admin: Person, project: int, join: Join) -> None:
    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    first, second = (add_task(admin, project, text)["id"] for text in "ab")
    annotation = annotate(annotator, first)["id"]
    assert ask(annotator, project, "pause", entity="project").status == 403

    ok(ask(admin, project, "pause", entity="project"))

    assert ok(admin.client.get(f"/api/projects/{project}/"))["state"] == "paused"
    assert annotator.client.get(f"/api/projects/{project}/next/").status == 404
    answers: tuple[dict[str, Any], ...] = ({"result": []}, {"result": [], "was_cancelled": True})
    for fields in answers:
        refused = annotator.client.post(f"/api/tasks/{second}/annotations/", fields)
        assert refused.status == 409
        assert refused.json()["transition"] == {
            "state": "paused",
            "refused": "skip" if "was_cancelled" in fields else "submit",
            "allowed": [],
        }
    ok(annotator.client.patch(f"/api/annotations/{annotation}/", {"result": choice("Negative")}))
    offered = ok(admin.client.get(f"/api/fsm/entities/project/{project}/transitions/"))
    assert [each["name"] for each in offered] == ["resume", "finish"]
    ok(ask(admin, project, "finish", entity="project"))
    assert ask(admin, project, "reopen", entity="project").status == 409
    ok(ask(admin, project, "reopen", reason="More data came.", entity="project"))
    assert ok(annotator.client.get(f"/api/projects/{project}/next/"))["id"] == second
    rows = ok(admin.client.get(f"/api/fsm/entities/project/{project}/history/"))["results"]
    assert [(row["transition_name"], row["reason"]) for row in rows] == [
        ("reopen", "More data came."),
        ("finish", ""),
        ("pause", ""),
    ]


# ---- what it costs


def test_a_workflow_of_ones_own_costs_labeling_nothing(admin: Person, project: int) -> None:
    costs = []
    for preset in ("plain", "review"):
        ok(admin.client.put(f"/api/projects/{project}/workflow/", {"preset": preset}))
        for text in "ab":
            add_task(admin, project, text)
        ok(admin.client.get(f"/api/projects/{project}/next/"))
        with counted() as calls:
            task = ok(admin.client.get(f"/api/projects/{project}/next/"))["id"]
            path = f"/api/tasks/{task}/annotations/?next=true"
            assert ok(admin.client.post(path, {"result": choice("Positive")}), 201)["next_task"]
        costs.append(dict(calls))
        next_task = ok(admin.client.get(f"/api/projects/{project}/next/"))["id"]
        annotate(admin, next_task)

    assert costs[0] == costs[1]


def test_workflows_of_others_are_not_shown(admin: Person, project: int, join: Join) -> None:
    stranger, path = join(), f"/api/projects/{project}/workflow/"

    assert stranger.client.get(path).status == 404
    assert stranger.client.put(path, {"preset": "review"}).status == 404
    assert stranger.client.delete(path).status == 404
    assert stranger.client.get(f"/api/fsm/entities/project/{project}/transitions/").status == 404
