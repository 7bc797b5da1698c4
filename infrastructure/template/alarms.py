"""What wakes somebody, and whom. `docs/runbook.md` has a section for each alarm, by its logical id."""

from __future__ import annotations

from typing import Any

from chalicelib.jobs.queues import QUEUES, SCHEDULES, Queue, Schedule
from infrastructure.template.functions import API_ID, function_id
from infrastructure.template.queues import dead_id

Resource = dict[str, Any]
PARAMETERS: dict[str, Any] = {
    "AlarmEmail": {
        "Type": "String",
        "Default": "",
        "Description": "Who is told of alarms; empty for nobody.",
    },
}
CONDITIONS: dict[str, Any] = {"TellsOfAlarms": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}}
MAX_ERRORS = 5
"""So many failed requests in five minutes are let pass without a call."""


def resources(stage: str) -> dict[str, Resource]:
    """The resources by logical id."""
    made: dict[str, Resource] = {
        "AlarmTopic": {"Type": "AWS::SNS::Topic"},
        "AlarmSubscription": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "TellsOfAlarms",
            "Properties": {
                "TopicArn": {"Ref": "AlarmTopic"},
                "Protocol": "email",
                "Endpoint": {"Ref": "AlarmEmail"},
            },
        },
        "ApiErrorsAlarm": _alarm(
            "The API fails",
            metric=("AWS/Lambda", "Errors", "FunctionName", {"Ref": API_ID}),
            threshold=MAX_ERRORS,
        ),
        "ApiThrottlesAlarm": _alarm(
            "Requests find no free function",
            metric=("AWS/Lambda", "Throttles", "FunctionName", {"Ref": API_ID}),
            threshold=0,
        ),
        "ApiAnswersAlarm": _alarm(
            "The API answers 5xx",
            metric=("AWS/ApiGateway", "5XXError", "ApiName", "skylabel"),
            threshold=MAX_ERRORS,
        ),
    }
    made["BudgetAlarm"] = _alarm(
        "An organization has nearly spent its requests of the day",
        metric=("Skylabel", "organization_budget_nearly_spent", "stage", stage),
        threshold=0,
    )
    made |= {f"{dead_id(queue)}Alarm": _dead_letters(queue) for queue in QUEUES}
    return made | {f"{function_id(each.handler)}Alarm": _silent(each) for each in SCHEDULES}


def _dead_letters(queue: Queue) -> Resource:
    name = {"Fn::GetAtt": [dead_id(queue), "QueueName"]}
    metric = ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name)
    return _alarm(f"Messages of {queue.name} fail", metric=metric, threshold=0, statistic="Maximum")


def _silent(schedule: Schedule) -> Resource:
    metric = ("AWS/Lambda", "Errors", "FunctionName", {"Ref": function_id(schedule.handler)})
    return _alarm(f"The {schedule.name} fails", metric=metric, threshold=2)


def _alarm(
    what: str, *, metric: tuple[str, str, str, Any], threshold: int, statistic: str = "Sum"
) -> Resource:
    """An alarm on more than `threshold` in five minutes; `metric`: namespace, name, dimension, value."""
    namespace, name, dimension, value = metric
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": f"{what}",
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": dimension, "Value": value}],
            "Statistic": statistic,
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
        },
    }
