"""`make deploy STAGE=… [URL=…]`: `python -m infrastructure.deploy --stage prod`.

Needs credentials and a region as every AWS tool does (`AWS_PROFILE`, `AWS_REGION`, …). See docs/deploying.md.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from infrastructure.deploy import artifacts, installation, keys, migrations, site
from infrastructure.deploy.errors import DeployError
from infrastructure.deploy.migrations import MigrationsFunction
from infrastructure.deploy.stack import Stack, StackState
from infrastructure.package import ROOT, PackagingError, package
from infrastructure.template import operators
from infrastructure.template.build import defaults

STAGE = re.compile(r"[a-z][a-z0-9]{0,15}")
UNKNOWN_URL = "https://address.invalid"
"""Stands in for our own address until CloudFront has given it."""
KEPT = (
    *("AlarmEmail", "MailFrom", "DomainName", "CertificateArn"),
    *("ExportTargets", "ExportTargetObjects", "StoreKeysParameter"),
    *operators.NAMES,
)
DIST = ROOT / "frontend" / "dist"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; empty text means unset."""

    stage: str
    url: str
    certificate: str
    email: str
    alarm_email: str
    mail_from: str
    export_targets: str
    store_keys_parameter: str
    settings: Mapping[str, str]
    access_file: Path
    test_stack: bool
    endpoint: str


def deploy(wanted: Wanted, session: Session) -> str:
    """Bring a stage to the present state of the code; gives its address. Raises `DeployError`."""
    region = str(session.get_config_variable("region") or "")
    if not region:
        raise DeployError("no region is chosen: set AWS_REGION")

    def client(service: str) -> Any:
        return session.create_client(service, region_name=region)

    account = client("sts").get_caller_identity()["Account"]
    built = package(wanted.stage, test_stack=wanted.test_stack)
    if not wanted.test_stack:
        build_site()

    s3, parameter = client("s3"), keys.parameter_name(wanted.stage)
    bucket = artifacts.bucket_name(wanted.stage, account, region)
    artifacts.ensure_bucket(s3, bucket)
    code = artifacts.upload_code(s3, bucket, built.code)
    migrations_code = artifacts.upload_code(s3, bucket, built.migrations)
    template = artifacts.with_code(built.template.read_text(), bucket, code, migrations_key=migrations_code)
    address = artifacts.upload_template(s3, bucket, template)
    if keys.ensure_signing_key(client("ssm"), parameter):
        say(f"made the signing key {parameter}")

    poll_s = 0.5 if wanted.endpoint else 5.0
    stack = Stack(client("cloudformation"), f"skylabel-{wanted.stage}", say, poll_s=poll_s)
    known = stack.state()
    chosen = parameters(wanted, known, parameter)
    if (early := migrations_of(session, region, known)) is not None:
        early.renew(bucket, migrations_code)
        early.up(migrations.BEFORE)
    stack.apply(address, chosen)
    done = settled(stack)
    if chosen["PublicUrl"] == UNKNOWN_URL and (found := done.outputs.get("AppUrl")):
        chosen["PublicUrl"] = found
        stack.apply(address, chosen)
    finish(wanted, done, chosen, session)
    if not wanted.test_stack:
        publish(s3, client("cloudfront"), done)
    return chosen["PublicUrl"]


def parameters(wanted: Wanted, known: StackState | None, signing_key: str) -> dict[str, str]:
    """The stack's parameters: what was asked for, else what the stack has, else the template's default."""
    before = known.parameters if known else {}
    url = wanted.url or before.get("PublicUrl", "") or UNKNOWN_URL
    chosen = {"PublicUrl": url, "SigningKeyParameter": signing_key}
    chosen |= {name: before[name] for name in KEPT if before.get(name)}
    if wanted.alarm_email:
        chosen["AlarmEmail"] = wanted.alarm_email
    if wanted.mail_from:
        chosen["MailFrom"] = wanted.mail_from
    if wanted.export_targets:
        chosen["ExportTargets"] = wanted.export_targets
        chosen["ExportTargetObjects"] = ",".join(writable(wanted.export_targets))
    if wanted.store_keys_parameter:
        chosen["StoreKeysParameter"] = wanted.store_keys_parameter
    chosen |= wanted.settings
    if wanted.certificate:
        chosen |= {"DomainName": str(urlsplit(url).hostname), "CertificateArn": wanted.certificate}
    if wanted.endpoint:
        chosen |= dict.fromkeys(("DynamodbEndpoint", "S3Endpoint", "SqsEndpoint"), wanted.endpoint)
    return chosen


def writable(targets: str) -> list[str]:
    """The S3 objects below the addresses, as IAM names them; those of other stores are not AWS's to allow."""
    addresses = (address.strip().rstrip("/") for address in targets.split(","))
    return [f"arn:aws:s3:::{one.removeprefix('s3://')}/*" for one in addresses if one.startswith("s3://")]


def settled(stack: Stack) -> StackState:
    """The stack, which is there by now."""
    state = stack.state()
    if state is None:
        raise DeployError(f"the stack {stack.name} has gone")
    return state


def migrations_of(session: Session, region: str, known: StackState | None) -> MigrationsFunction | None:
    """The function that migrates the stage's data; None where there is no such function yet."""
    name = known.outputs.get("MigrationsFunction") if known else None
    if name is None:
        return None
    # a call is never repeated by the client: what it began goes on, and the next one is told that it does
    config = Config(read_timeout=migrations.ANSWER_S, retries={"total_max_attempts": 1})
    return MigrationsFunction(session.create_client("lambda", region_name=region, config=config), name, say)


def finish(wanted: Wanted, done: StackState, chosen: dict[str, str], session: Session) -> None:
    """Migrate the data and have an owner."""
    region = str(session.get_config_variable("region"))
    function = migrations_of(session, region, done)
    if function is None:
        raise DeployError("the stack has no function for migrations")
    function.up(migrations.AFTER)
    values = {**defaults(), **chosen, "MediaBucket": done.outputs["MediaBucketName"]}
    settings = installation.variables(wanted.stage, values, region=region)
    installation.ensure_owner(settings, email=wanted.email, access_file=wanted.access_file)


def build_site() -> None:
    """Build the application's files."""
    say("building the front end")
    done = subprocess.run(
        ["npm", "--prefix", "frontend", "run", "build"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeployError(f"the front end cannot be built:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def publish(s3: Any, cloudfront: Any, done: StackState) -> None:
    """Upload the application's files, and have CloudFront forget the old ones."""
    now = datetime.now(UTC)
    changed = site.sync(s3, done.outputs["AppBucketName"], DIST, now=now)
    site.invalidate(cloudfront, done.outputs["DistributionId"], changed, reference=now.isoformat())


def say(line: str) -> None:
    """Print a line of progress."""
    print(f"deploy: {line}", flush=True)


def read(arguments: list[str]) -> Wanted:
    """What the command line says. Raises `DeployError`."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.deploy")
    parser.add_argument("--stage", required=True, help="lower-case letters and digits, such as prod")
    parser.add_argument("--url", default="", help="your own address; by default CloudFront's is used")
    parser.add_argument("--certificate", default="", help="the ACM certificate (us-east-1) for --url")
    parser.add_argument("--email", default="", help="the owner's address, needed the first time")
    parser.add_argument("--alarm-email", default="", help="who is told of alarms")
    parser.add_argument("--mail-from", default="", help="the address that mails come from, verified with SES")
    parser.add_argument(
        "--export-targets", default="", help="where exports may be put: s3://bucket/folder, ..."
    )
    parser.add_argument(
        "--store-keys-parameter", default="", help="the SSM SecureString that opens the others"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"one of {', '.join(operators.NAMES)}",
    )
    parser.add_argument("--access-file", type=Path, help="gets the owner's password and API key")
    parser.add_argument("--test-stack", action="store_true", help="no CloudFront, no site, nothing is kept")
    parser.add_argument("--endpoint", default="", help="an emulator's address instead of AWS")
    asked = parser.parse_args(arguments)
    if not STAGE.fullmatch(asked.stage):
        raise DeployError("a stage is 1 to 16 lower-case letters and digits, a letter first")
    if asked.url and not asked.test_stack and not asked.certificate:
        raise DeployError("--url needs --certificate: without it CloudFront refuses requests to that name")
    return Wanted(
        stage=asked.stage,
        url=asked.url.rstrip("/"),
        certificate=asked.certificate,
        email=asked.email or "admin@skylabel.local",
        alarm_email=asked.alarm_email,
        mail_from=asked.mail_from,
        export_targets=asked.export_targets,
        store_keys_parameter=asked.store_keys_parameter,
        settings=settings_of(asked.set),
        access_file=asked.access_file or ROOT / ".data" / f"access-{asked.stage}.json",
        test_stack=asked.test_stack,
        endpoint=asked.endpoint,
    )


def settings_of(given: list[str]) -> dict[str, str]:
    """The operator's settings by name. Raises `DeployError` for a name that there is not."""
    pairs = [text.partition("=") for text in given]
    unknown = [name for name, _, _ in pairs if name not in operators.NAMES]
    if unknown:
        raise DeployError(f"--set knows {', '.join(operators.NAMES)}, and not {', '.join(unknown)}")
    return {name: value for name, _, value in pairs}


def main(arguments: list[str]) -> int:
    """Run from the command line; every failure is told without a traceback."""
    try:
        wanted = read(arguments)
        url = deploy(wanted, get_session())
    except (DeployError, PackagingError, BotoCoreError, ClientError) as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    say(f"{url}; how to sign in: {wanted.access_file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
