"""The settings with which a deployment runs the product's own commands: those of the functions, resolved."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from chalicelib.settings import Settings
from infrastructure.deploy import installation
from infrastructure.deploy.__main__ import KEPT, settings_of, writable
from infrastructure.deploy.errors import DeployError
from infrastructure.template.build import PARAMETERS, defaults
from infrastructure.template.operators import SETTINGS

CHOSEN = {"PublicUrl": "https://labels.test", "SigningKeyParameter": "/keys", "MediaBucket": "media"}


def test_every_setting_of_the_functions_is_known_where_only_what_must_be_is_chosen() -> None:
    settings = installation.variables("test", {**defaults(), **CHOSEN}, region="eu-north-1")

    assert settings["SKYLABEL_PUBLIC_URL"] == "https://labels.test"
    assert settings["SKYLABEL_MAIL_FROM"] == ""
    assert not [name for name, value in settings.items() if re.search(r"\{'|Ref", value)]


def test_what_an_operator_chose_once_is_kept_at_the_next_deployment() -> None:
    made_here = {"PublicUrl", "SigningKeyParameter", "DynamodbEndpoint", "S3Endpoint", "SqsEndpoint"}

    assert set(PARAMETERS) - made_here <= set(KEPT)


def test_an_operator_sets_what_the_template_has_and_nothing_else() -> None:
    assert settings_of(["OidcIssuer=https://id.test?a=b", "RequestsPerMinute=600"]) == {
        "OidcIssuer": "https://id.test?a=b",
        "RequestsPerMinute": "600",
    }
    with pytest.raises(DeployError, match="SigningKeyParameter"):
        settings_of(["SigningKeyParameter=/mine"])


def test_every_setting_of_an_operator_is_one_of_the_products() -> None:
    known = {f"SKYLABEL_{field.name.upper()}" for field in fields(Settings)}

    assert {setting.variable for setting in SETTINGS} <= known


def test_the_objects_that_exports_may_write_follow_from_their_addresses() -> None:
    assert writable("s3://lake/labels, gs://other/x,s3://all/") == [
        "arn:aws:s3:::lake/labels/*",
        "arn:aws:s3:::all/*",
    ]
    assert writable("") == []
