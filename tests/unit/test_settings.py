"""Settings from an environment."""

from __future__ import annotations

import pytest

from chalicelib.errors import InvalidInputError
from chalicelib.settings import Settings, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_names_and_types() -> None:
    read = read_settings(
        {
            "SKYLABEL_STAGE": "prod",
            "SKYLABEL_LEASE_S": "60",
            "SKYLABEL_SIGNUP_OPEN": "Yes",
            "SKYLABEL_PUBLIC_URL": "https://label.test/",
            "DYNAMODB_ENDPOINT": "http://127.0.0.1:8000",
            "AWS_REGION": "eu-central-1",
        }
    )

    assert (read.stage, read.lease_s, read.signup_open) == ("prod", 60, True)
    assert (read.public_url, read.is_secure) == ("https://label.test", True)
    assert (read.dynamodb_endpoint, read.region) == ("http://127.0.0.1:8000", "eu-central-1")


def test_every_fault_is_told() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_settings({"SKYLABEL_LEASE_S": "-1", "SKYLABEL_SIGNUP_OPEN": "maybe", "S3_ENDPOINT": "ftp://x"})

    assert {fault.place for fault in refused.value.faults} == {
        "SKYLABEL_LEASE_S",
        "SKYLABEL_SIGNUP_OPEN",
        "S3_ENDPOINT",
    }


def test_tables_and_queues_carry_the_prefix() -> None:
    read = read_settings({"SKYLABEL_TABLE_PREFIX": "a-", "SKYLABEL_QUEUE_PREFIX": "b-"})

    assert (read.table("tasks"), read.queue("imports")) == ("a-tasks", "b-imports")
