"""Queues, each with its dead-letter queue and an alarm on it."""

from __future__ import annotations

from typing import Any

from chalicelib.jobs.queues import QUEUES, Queue

Resource = dict[str, Any]
TWO_WEEKS_S = 14 * 24 * 3600


def resources(prefix: str) -> dict[str, Resource]:
    """The resources by logical id."""
    made: dict[str, Resource] = {}
    for queue in QUEUES:
        made[queue_id(queue)] = _queue(queue, prefix)
        made[dead_id(queue)] = _dead(queue, prefix)
        made[f"{dead_id(queue)}Alarm"] = _alarm(queue)
    return made


def queue_id(queue: Queue) -> str:
    """The logical id of a queue."""
    return f"{queue.name.capitalize()}Queue"


def dead_id(queue: Queue) -> str:
    """The logical id of its dead-letter queue."""
    return f"{queue.name.capitalize()}DeadQueue"


def _queue(queue: Queue, prefix: str) -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": f"{prefix}{queue.name}",
            "VisibilityTimeout": queue.visibility_s,
            "SqsManagedSseEnabled": True,
            "RedrivePolicy": {
                "deadLetterTargetArn": {"Fn::GetAtt": [dead_id(queue), "Arn"]},
                "maxReceiveCount": queue.max_receives,
            },
        },
    }


def _dead(queue: Queue, prefix: str) -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": f"{prefix}{queue.dead_letter_name}",
            "MessageRetentionPeriod": TWO_WEEKS_S,
            "SqsManagedSseEnabled": True,
        },
    }


def _alarm(queue: Queue) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": f"Messages of {queue.name} fail; see docs/runbook.md",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": [dead_id(queue), "QueueName"]}}],
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        },
    }
