"""What the template promises, asserted on the template that our code builds."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

import app as deployed
from chalicelib.jobs.queues import QUEUES, SCHEDULES, Queue
from chalicelib.storage.tables import TABLES, creation
from infrastructure import package as packaging
from infrastructure.package import merge
from infrastructure.template.build import build
from infrastructure.template.functions import function_id
from infrastructure.template.queues import dead_id, queue_id
from infrastructure.template.state import table_id


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return build("prod")


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_each_queue_reports_single_failures_else_failed_messages_would_be_lost(
    template: dict[str, Any], queue: Queue
) -> None:
    function = template["Resources"][function_id(queue.handler)]["Properties"]
    (event,) = function["Events"].values()

    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["Properties"]["Queue"] == {"Fn::GetAtt": [queue_id(queue), "Arn"]}


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_each_queue_has_a_dead_letter_queue_and_an_alarm_on_it(
    template: dict[str, Any], queue: Queue
) -> None:
    properties = template["Resources"][queue_id(queue)]["Properties"]

    assert properties["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_id(queue), "Arn"]}
    assert properties["VisibilityTimeout"] >= 6 * queue.timeout_s
    assert template["Resources"][f"{dead_id(queue)}Alarm"]["Type"] == "AWS::CloudWatch::Alarm"


HANDLERS = [queue.handler for queue in QUEUES] + [schedule.handler for schedule in SCHEDULES]


@pytest.mark.parametrize("handler", HANDLERS)
def test_each_function_of_the_tables_is_declared_in_the_app(handler: str) -> None:
    assert callable(getattr(deployed, handler))
    assert handler in deployed.app.handler_map


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_are_as_the_code_expects_kept_and_recoverable(template: dict[str, Any], table: Any) -> None:
    resource = template["Resources"][table_id(table.name)]
    expected = creation(table, "skylabel-prod-")

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    for name in ("TableName", "KeySchema", "AttributeDefinitions"):
        assert resource["Properties"][name] == expected[name]
    assert resource["Properties"].get("GlobalSecondaryIndexes") == expected.get("GlobalSecondaryIndexes")


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    """What a role may do, also where a parameter decides about it."""
    listed = [
        each for policy in role["Properties"]["Policies"] for each in policy["PolicyDocument"]["Statement"]
    ]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in listed]


def test_no_function_may_scan_a_table_but_the_one_that_migrates_and_none_may_do_everything(
    template: dict[str, Any],
) -> None:
    roles = {n: r for n, r in template["Resources"].items() if r.get("Type") == "AWS::IAM::Role"}
    actions = {
        name: [action for each in statements(role) for action in each["Action"]]
        for name, role in roles.items()
    }

    assert len(actions) > 5
    assert [name for name, allowed in actions.items() if "dynamodb:Scan" in allowed] == ["MigrationsRole"]
    assert not [action for allowed in actions.values() for action in allowed if "*" in action]


def test_the_function_that_migrates_may_read_and_write_tables_and_nothing_else_but_read_bodies(
    template: dict[str, Any],
) -> None:
    tables, bodies = statements(template["Resources"]["MigrationsRole"])

    assert {action.partition(":")[0] for action in tables["Action"]} == {"dynamodb"}
    assert not [action for action in tables["Action"] if "Table" in action and "Describe" not in action]
    assert (bodies["Action"], bodies["Resource"]) == (
        ["s3:GetObject"],
        [{"Fn::Sub": "${MediaBucket.Arn}/bodies/*"}],
    )


def test_the_function_that_migrates_has_the_settings_of_all_others_and_the_longest_time(
    template: dict[str, Any],
) -> None:
    properties = template["Resources"]["Migrations"]["Properties"]
    module, _, name = properties["Handler"].rpartition(".")

    assert callable(getattr(importlib.import_module(module), name))
    assert properties["Timeout"] == 900
    assert properties["Environment"] == template["Resources"]["APIHandler"]["Properties"]["Environment"]
    assert template["Outputs"]["MigrationsFunction"] == {"Value": {"Ref": "Migrations"}}


def test_the_export_worker_alone_writes_where_the_operator_says(template: dict[str, Any]) -> None:
    named = {
        name
        for name, resource in template["Resources"].items()
        if resource.get("Type") == "AWS::IAM::Role"
        and any(
            "Ref" in str(each["Resource"]) and "ExportTarget" in str(each) for each in statements(resource)
        )
    }

    assert named == {"OnExportMessageRole"}


def test_buckets_are_closed_to_the_public(template: dict[str, Any]) -> None:
    buckets = [r for r in template["Resources"].values() if r.get("Type") == "AWS::S3::Bucket"]

    assert len(buckets) == 2
    for bucket in buckets:
        assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())


def test_the_content_policy_lets_no_inline_script_run(template: dict[str, Any]) -> None:
    headers = template["Resources"]["AppHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))

    assert scripts.strip() == "script-src 'self'"


def test_the_template_is_small_enough(template: dict[str, Any]) -> None:
    assert len(json.dumps(template)) < 500_000
    assert len(template["Resources"]) < 400


def test_an_intrinsic_function_of_ours_replaces_theirs_whole() -> None:
    theirs = {"Queue": {"Fn::Sub": "arn"}, "BatchSize": 1}
    ours = {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}}

    assert merge(theirs, ours) == {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}, "BatchSize": 1}


def test_every_alarm_says_what_to_do_in_the_runbook(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    alarms = {name for name, one in resources.items() if one.get("Type") == "AWS::CloudWatch::Alarm"}
    runbook = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text()

    assert {line.removeprefix("## ") for line in runbook.splitlines() if line.startswith("## ")} == alarms


def test_a_template_is_linted_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted: list[str] = []
    monkeypatch.setattr(packaging, "_lint", lambda path: linted.append(path.read_text()))
    template = tmp_path / "template-dev.json"

    for text in ("{}", "{}", '{"a": 1}', "{}"):
        template.write_text(text)
        packaging._ensure_linted(template)

    assert linted == ["{}", '{"a": 1}', "{}"]


def test_a_template_with_faults_is_refused_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise packaging.PackagingError("faults")

    monkeypatch.setattr(packaging, "_lint", refuse)
    template = tmp_path / "template-dev.json"
    template.write_text("{}")

    for _ in range(2):
        with pytest.raises(packaging.PackagingError):
            packaging._ensure_linted(template)
