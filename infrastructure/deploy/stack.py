"""A CloudFormation stack, created and changed by change sets; failures tell what AWS said of which part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infrastructure.deploy.errors import DeployError

NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
TIME_LIMIT_S = 3600.0
SHOWN_REASONS = 10


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack as it is; `outputs` and `parameters` by name."""

    status: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack. `client` is botocore's for CloudFormation; `pause` waits, `say` takes lines for people."""

    client: Any
    name: str
    say: Callable[[str], None]
    poll_s: float = 5.0
    pause: Callable[[float], None] = time.sleep

    def state(self) -> StackState | None:
        """The stack, or None where there is none."""
        try:
            (found,) = self.client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return StackState(
            status=found["StackStatus"],
            outputs={output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())},
            parameters={p["ParameterKey"]: p["ParameterValue"] for p in found.get("Parameters", ())},
        )

    def apply(self, template_url: str, parameters: Mapping[str, str]) -> bool:
        """Make the stack be as the template says; gives whether anything changed. Raises `DeployError`."""
        known = self.state()
        if known is not None and known.status in DEAD:
            raise DeployError(
                f"the stack {self.name} is {known.status}: its first creation failed. Delete it with "
                f"`aws cloudformation delete-stack --stack-name {self.name}` and deploy again."
            )
        is_new = known is None or known.status == "REVIEW_IN_PROGRESS"
        if not is_new:
            self._settled()
        change = self._change_set(template_url, parameters, "CREATE" if is_new else "UPDATE")
        if change is None:
            return False
        self.say(f"{'creating' if is_new else 'updating'} the stack {self.name}")
        self.client.execute_change_set(ChangeSetName=change)
        status = self._settled()
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise DeployError(f"the stack {self.name} became {status}:\n{self._reasons()}")
        return True

    def _change_set(self, template_url: str, parameters: Mapping[str, str], kind: str) -> str | None:
        """The id of a change set that can be executed; None when there is nothing to change."""
        made = self.client.create_change_set(
            StackName=self.name,
            ChangeSetName=f"deploy-{time.time_ns()}",
            ChangeSetType=kind,
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in sorted(parameters.items())],
            Capabilities=["CAPABILITY_IAM"],
        )
        change = str(made["Id"])
        while True:
            found = self.client.describe_change_set(ChangeSetName=change)
            if found["Status"] == "CREATE_COMPLETE":
                return None if self._is_empty(found, kind) else change
            if found["Status"] == "FAILED":
                self.client.delete_change_set(ChangeSetName=change)
                reason = str(found.get("StatusReason", ""))
                if any(words in reason for words in NO_CHANGES):
                    return None
                raise DeployError(f"AWS refuses the change: {reason}")
            self.pause(self.poll_s / 5)

    @staticmethod
    def _is_empty(change_set: Mapping[str, Any], kind: str) -> bool:
        return kind == "UPDATE" and not change_set.get("Changes") and "NextToken" not in change_set

    def _settled(self) -> str:
        """The stack's status once nothing is in progress."""
        deadline = time.monotonic() + TIME_LIMIT_S
        while time.monotonic() < deadline:
            known = self.state()
            if known is None:
                raise DeployError(f"the stack {self.name} has gone")
            if not known.status.endswith("_IN_PROGRESS"):
                return known.status
            self.pause(self.poll_s)
        raise DeployError(f"the stack {self.name} does not come to rest within an hour")

    def _reasons(self) -> str:
        """What CloudFormation says about the parts that failed, the first failure first."""
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        lines = [
            f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in reversed(events)
            if event["ResourceStatus"].endswith("_FAILED")
        ]
        return "\n".join(lines[:SHOWN_REASONS])
