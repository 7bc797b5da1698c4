"""Sending e-mail: by SES, or into a folder on one machine."""

from __future__ import annotations

import secrets
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import observability
from chalicelib.errors import UpstreamError


class SesMailer:
    """`chalicelib.auth.ports.Mailer` by SES; `client` is a `sesv2` client."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand one plain text over for delivery. UpstreamError when that fails."""
        content = {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
            }
        }
        try:
            self._client.send_email(
                FromEmailAddress=self._sender, Destination={"ToAddresses": [to]}, Content=content
            )
        except (ClientError, BotoCoreError) as error:
            raise UpstreamError("The mail could not be sent.") from error


class FolderMailer:
    """`chalicelib.auth.ports.Mailer` for one machine: each mail is a file, and a line in the log."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def send(self, to: str, subject: str, text: str) -> None:
        """Write the mail as a file of its own. UpstreamError when that fails."""
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = to, "skylabel@localhost", subject
        message.set_content(text, cte="8bit")
        name = f"{secrets.token_hex(8)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / name).write_bytes(message.as_bytes())
        except OSError as error:
            raise UpstreamError("The mail could not be written.") from error
        link = next((line for line in text.splitlines() if line.startswith("http")), "")
        observability.info("mail_written", file=name, subject=subject, link=link)


class NoMailer:
    """`chalicelib.auth.ports.Mailer` of an installation that sends no mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Raise UpstreamError."""
        raise UpstreamError("This installation sends no e-mail. Give them the link another way.")
