"""The package and the template, deployed by the real command into an emulated account, answer the smoke test.

What this shows: change sets, roles (the emulator refuses what they do not allow), the gateway, functions,
queues, tables, buckets and parameters fit together, and the command of `make deploy` can be run again.

What it cannot show, because the emulator (ministack) differs from AWS:
- functions run under the emulator's own interpreter, on this machine's processor; a package that is missing
  from the zip may be found among the emulator's own (`test_package.py` looks for that);
- its gateway garbles binary request bodies and hands on base64 answers undecoded, knows no limits of size
  or of time, and its CORS preflights carry no headers;
- no CloudFront, no certificate, no e-mail: the stack is a test stack;
- queries are slow and always consistent; nothing is throttled; TTL deletes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from pytest_socket import enable_socket

from infrastructure.emulator.install import ROOT, EmulatorMissingError, ensure_installed
from infrastructure.emulator.running import Emulator, running
from infrastructure.package import Package
from schema_migrations.modules import discover
from tests.smoke import installation, smoke

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

STAGE = "emulated"
WAIT_S = 90


@dataclass(frozen=True)
class Deployed:
    """A stage in the emulated account."""

    emulator: Emulator
    outputs: dict[str, str]
    access: dict[str, str]

    @property
    def url(self) -> str:
        return self.emulator.api_url(self.outputs["RestAPIId"])

    def client(self, service: str) -> Any:
        return make_client(self.emulator, service)


def make_client(emulator: Emulator, service: str) -> Any:
    environment = emulator.environment
    return get_session().create_client(
        service,
        region_name=environment["AWS_REGION"],
        endpoint_url=emulator.endpoint,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


def deploy(emulator: Emulator, access_file: Path, url: str) -> subprocess.CompletedProcess[str]:
    """`make deploy`, as somebody would type it who has the emulator for an AWS."""
    line = [sys.executable, "-m", "infrastructure.deploy", "--stage", STAGE, "--test-stack", "--url", url]
    line += ["--endpoint", emulator.endpoint, "--access-file", str(access_file)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        line, cwd=ROOT, env=environment | emulator.environment, capture_output=True, text=True, check=False
    )


def outputs(emulator: Emulator) -> dict[str, str]:
    client = make_client(emulator, "cloudformation")
    (stack,) = client.describe_stacks(StackName=f"skylabel-{STAGE}")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    enable_socket()
    try:
        python = ensure_installed()
    except EmulatorMissingError as missing:
        print(f"SKIPPED: {missing}")
        pytest.fail(str(missing)) if os.environ.get("CI") == "true" else pytest.skip(str(missing))
    with running(python, tmp_path_factory.mktemp("emulator"), checks_access=True) as started:
        yield started


@pytest.fixture(scope="module")
def deployed(built: Package, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The stage, deployed twice: created, then told its own address, which only the stack knows."""
    access_file = tmp_path_factory.mktemp("access") / "access.json"
    created = deploy(emulator, access_file, "https://address.invalid")
    assert created.returncode == 0, told(created, emulator)
    password = json.loads(access_file.read_text())["password"]
    address = emulator.api_url(outputs(emulator)["RestAPIId"])
    updated = deploy(emulator, access_file, address)
    assert updated.returncode == 0, told(updated, emulator)
    assert "updating the stack" in updated.stdout
    assert json.loads(access_file.read_text())["password"] == password
    return Deployed(emulator, outputs(emulator), json.loads(access_file.read_text()))


def told(done: subprocess.CompletedProcess[str], emulator: Emulator) -> str:
    return f"{done.stdout[-2000:]}{done.stderr[-3000:]}\n--- emulator:\n{log(emulator)}"


def log(emulator: Emulator) -> str:
    return emulator.log.read_text(errors="replace")[-6000:]


def eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def test_the_emulator_refuses_what_nobody_allowed_so_that_the_roles_are_put_to_the_test(
    emulator: Emulator, deployed: Deployed
) -> None:
    iam = deployed.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    client = get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=emulator.endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )

    with pytest.raises(ClientError) as refused:
        client.get_item(TableName=f"skylabel-{STAGE}-meta", Key={"pk": {"S": "x"}, "sk": {"S": "x"}})
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_it_answers_the_smoke_test_of_the_local_stack(deployed: Deployed) -> None:
    try:
        smoke(deployed.url, deployed.access["api_key"])
    except Exception as error:
        error.add_note(log(deployed.emulator))
        raise


def test_deploying_again_from_elsewhere_changes_nothing_and_keeps_the_owner(
    deployed: Deployed, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "access.json"
    again = deploy(deployed.emulator, elsewhere, deployed.url)

    assert again.returncode == 0, told(again, deployed.emulator)
    assert "updating" not in again.stdout
    assert "signing key" not in again.stdout
    assert not elsewhere.exists()
    with installation(deployed.url, deployed.access["api_key"]) as target:
        answer = target.http.post(
            "api/session/", json={"email": deployed.access["email"], "password": deployed.access["password"]}
        )
        assert answer.status_code < 400, answer.text


@pytest.fixture
def sick_intake(deployed: Deployed) -> Iterator[None]:
    """The function that takes predictions in cannot reach its tables, as in an outage."""
    client = deployed.client("lambda")
    name = function_name(deployed, "OnPredictionMessage")
    variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    sick = variables | {"DYNAMODB_ENDPOINT": "http://127.0.0.1:9"}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": sick})
    yield
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


@pytest.mark.usefixtures("sick_intake")
def test_a_message_that_fails_each_time_ends_in_the_dead_letter_queue_alone(deployed: Deployed) -> None:
    sqs = deployed.client("sqs")
    queue = sqs.get_queue_url(QueueName=f"skylabel-{STAGE}-predictions")["QueueUrl"]
    dead = sqs.get_queue_url(QueueName=f"skylabel-{STAGE}-predictions-dead")["QueueUrl"]
    failing = json.dumps({"v": 1, "task": 256, "model_version": "m", "result": []})
    refused = json.dumps(["can never be understood, so it is let go"])
    # Longer than any delivery takes: a message that comes back while it is worked on cannot be let go.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "30"})
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate((failing, refused))]
    sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    eventually(lambda: count(sqs, queue) == 1, f"none is let go\n{log(deployed.emulator)}")

    # as deployed the other four deliveries would take six minutes each
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    eventually(lambda: count(sqs, queue) == 0, f"the queue does not empty\n{log(deployed.emulator)}")
    arrived = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", [])
    assert [message["Body"] for message in arrived] == [failing], log(deployed.emulator)


TICK = {
    "version": "0",
    "id": "89d1a02d-5ec7-412e-82f5-13505f849b41",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-03-01T12:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:000000000000:rule/watchdog"],
    "detail": {},
}
"""What EventBridge sends at each tick."""


def function_name(deployed: Deployed, handler: str) -> str:
    """The one function that serves a handler."""
    functions = deployed.client("lambda").list_functions()["Functions"]
    (name,) = [f["FunctionName"] for f in functions if handler in f["FunctionName"]]
    return str(name)


def count(sqs: Any, queue: str) -> int:
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])


def test_the_watchdog_is_called_by_its_schedule_and_may_do_its_work(deployed: Deployed) -> None:
    watchdog = function_name(deployed, "OnWatchdog")
    answer = deployed.client("lambda").invoke(FunctionName=watchdog, Payload=json.dumps(TICK).encode())
    events = deployed.client("events")
    rules = [rule["Name"] for rule in events.list_rules()["Rules"]]
    targets = [t["Arn"] for rule in rules for t in events.list_targets_by_rule(Rule=rule)["Targets"]]

    assert "FunctionError" not in answer, answer["Payload"].read()
    assert json.loads(answer["Payload"].read()) == 0
    assert any(target.endswith(watchdog) for target in targets)


def migrate(deployed: Deployed, **event: Any) -> dict[str, Any]:
    """What the function that migrates answers."""
    name = deployed.outputs["MigrationsFunction"]
    answered = deployed.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    answer: dict[str, Any] = json.loads(answered["Payload"].read())
    assert "FunctionError" not in answered, f"{answer}\n{log(deployed.emulator)}"
    return answer


def test_the_deployment_has_applied_all_migrations_by_their_function(deployed: Deployed) -> None:
    status = migrate(deployed, command="status")["lines"]
    known = [migration.name for migration in discover()]

    assert [line.split()[:2] for line in status] == [["applied", f"{name}:"] for name in known]
    assert migrate(deployed, command="up") == {"is_done": True, "is_busy": False, "lines": []}
    assert migrate(deployed, command="plan")["lines"] == []


def test_the_function_walks_old_data_and_goes_on_where_a_call_stopped(deployed: Deployed) -> None:
    """Its role allows what a backfill does: scans, queries, conditional writes, the ledger's transactions."""
    dynamodb = deployed.client("dynamodb")
    tasks, meta, ledger = (f"skylabel-{STAGE}-{name}" for name in ("tasks", "meta", "migrations"))
    for project in range(9_000, 9_005):
        pointer = {"pk": {"S": f"P#{project}"}, "sk": {"S": "O"}, "organization": {"N": "1"}}
        dynamodb.put_item(TableName=meta, Item=pointer)
        row = {"pk": {"S": f"PU#{project}"}, "sk": {"N": "77"}, "sv": {"N": "1"}, "dn": {"N": "3"}}
        dynamodb.put_item(TableName=tasks, Item=row)
    for name in [migration.name for migration in discover() if migration.stage == "backfill"]:
        dynamodb.delete_item(TableName=ledger, Key={"pk": {"S": f"M#{name}"}, "sk": {"S": "-"}})

    assert migrate(deployed, command="up", dry_run=True)["is_done"]
    calls = [migrate(deployed, command="up", seconds=0)]
    while not calls[-1]["is_done"]:
        assert len(calls) < 60, calls
        calls.append(migrate(deployed, command="up", seconds=0))

    assert len(calls) > 1
    found = dynamodb.query(
        TableName=tasks,
        IndexName="work",
        KeyConditionExpression="au = :user",
        ExpressionAttributeValues={":user": {"N": "77"}},
    )
    assert found["Count"] == 5
