"""Mails by SES, as moto takes them, and into a folder."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from botocore.session import get_session
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from chalicelib.errors import UpstreamError
from chalicelib.integrations.mail import FolderMailer, SesMailer

SENDER, TEXT = "labels@lab.test", "Grüße\nhttps://lab.test/reset/?token=x\n"


@mock_aws
def test_ses_is_handed_one_plain_text_for_one_person() -> None:
    client = get_session().create_client("sesv2", region_name="us-east-1")
    client.create_email_identity(EmailIdentity=SENDER)

    SesMailer(client, SENDER).send("ada@lab.test", "A new password", TEXT)

    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == (SENDER, ["ada@lab.test"])
    assert (sent.subject, sent.body) == ("A new password", TEXT)


@mock_aws
def test_what_ses_refuses_is_told_as_a_failure_of_somebody_else() -> None:
    client = get_session().create_client("sesv2", region_name="us-east-1")

    with pytest.raises(UpstreamError):
        SesMailer(client, "unknown@lab.test").send("ada@lab.test", "A new password", TEXT)


def test_a_mail_in_a_folder_can_be_read(tmp_path: Path) -> None:
    FolderMailer(str(tmp_path / "mails")).send("ada@lab.test", "A new password", TEXT)

    (file,) = (tmp_path / "mails").iterdir()
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"]) == ("ada@lab.test", "A new password")
    assert message.get_content() == TEXT
