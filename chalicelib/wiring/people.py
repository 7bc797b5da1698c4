"""People and credentials."""

from typing import TYPE_CHECKING

from chalicelib.clock import system_clock
from chalicelib.errors import InvalidInputError
from chalicelib.settings import settings
from chalicelib.wiring.clients import client, dynamodb, once, s3

if TYPE_CHECKING:
    from chalicelib.auth.ports import Mailer
    from chalicelib.auth.signing import KeyRing
    from chalicelib.ids import OrganizationId, ProjectId, UserId
    from chalicelib.ports.projects import IdSource
    from chalicelib.services.audit import AuditService
    from chalicelib.services.credentials import CredentialService
    from chalicelib.services.flags import FlagService
    from chalicelib.services.groups import GroupService
    from chalicelib.services.invitations import InvitationService
    from chalicelib.services.organizations import OrganizationService
    from chalicelib.services.password_resets import PasswordResetService
    from chalicelib.services.people import PeopleService
    from chalicelib.services.sessions import AttemptLimits, SessionService
    from chalicelib.services.single_sign_on import SingleSignOn
    from chalicelib.services.tokens import TokenService
    from chalicelib.storage.audit_trail import AuditTrail
    from chalicelib.storage.credentials import DynamoCredentialRepository
    from chalicelib.storage.dynamo import Dynamo
    from chalicelib.storage.groups import DynamoGroupRepository
    from chalicelib.storage.invitations import DynamoInvitationRepository
    from chalicelib.storage.people import DynamoPeopleRepository
    from chalicelib.storage.receipts import DynamoReceiptRepository


@once
def dynamo() -> "Dynamo":
    """Our tables."""
    from chalicelib.storage.dynamo import Dynamo

    return Dynamo(dynamodb(), settings().table_prefix, trail=trail())


@once
def trail() -> "AuditTrail":
    """What the audit log is told."""
    from chalicelib.storage.audit_trail import AuditTrail

    return AuditTrail(settings().table, system_clock)


@once
def audit() -> "AuditService":
    """The audit log."""
    from chalicelib.auth.checkpoint_keys import signer_of
    from chalicelib.services.audit import AuditService
    from chalicelib.storage.audit_log import DynamoAuditLog, S3CheckpointVault

    return AuditService(
        log=DynamoAuditLog(dynamo()),
        vault=S3CheckpointVault(s3(), settings().bucket),
        signer=signer_of(keys()),
        clock=system_clock,
    )


@once
def ids() -> "IdSource":
    """Ids of everything but tasks and what hangs on them."""
    from chalicelib.storage.allocation import DynamoIdSource

    return DynamoIdSource(dynamo())


@once
def keys() -> "KeyRing":
    """The signing keys."""
    from chalicelib.integrations import signing_keys

    if settings().key_parameter:
        return signing_keys.from_parameter(client("ssm", "", settings()), settings().key_parameter)
    if settings().key_file:
        return signing_keys.from_file(settings().key_file)
    raise InvalidInputError.at("SKYLABEL_KEY_FILE", "must be set: there is no default key")


@once
def people_repository() -> "DynamoPeopleRepository":
    """Users, organizations and memberships."""
    from chalicelib.storage.people import DynamoPeopleRepository

    return DynamoPeopleRepository(dynamo())


@once
def credential_repository() -> "DynamoCredentialRepository":
    """Sessions, personal tokens and attempts."""
    from chalicelib.storage.credentials import DynamoCredentialRepository

    return DynamoCredentialRepository(dynamo())


@once
def receipts() -> "DynamoReceiptRepository":
    """The receipts of requests made under an idempotency key."""
    from chalicelib.storage.receipts import DynamoReceiptRepository

    return DynamoReceiptRepository(dynamo(), system_clock)


@once
def credentials() -> "CredentialService":
    """From what a request carries to who is asking."""
    from chalicelib.services.credentials import CredentialService

    return CredentialService(
        people=people_repository(),
        credentials=credential_repository(),
        keys=keys(),
        clock=system_clock,
        cache_s=settings().credential_cache_s,
        requests_per_minute=settings().requests_per_minute,
        organization_requests_per_day=settings().organization_requests_per_day,
    )


def _limits() -> "AttemptLimits":
    from chalicelib.services.sessions import AttemptLimits

    return AttemptLimits(
        per_account=settings().login_attempts,
        per_address=settings().login_attempts_per_address,
        window_s=settings().login_window_s,
    )


@once
def sessions() -> "SessionService":
    """Signing in and out."""
    from chalicelib.services.sessions import SessionService

    return SessionService(
        people=people_repository(),
        credentials=credential_repository(),
        clock=system_clock,
        session_s=settings().session_s,
        limits=_limits(),
        forget_verified=credentials().forget,
    )


@once
def tokens() -> "TokenService":
    """The tokens that scripts use."""
    from chalicelib.services.tokens import TokenService

    return TokenService(
        people=people_repository(),
        credentials=credential_repository(),
        keys=keys(),
        clock=system_clock,
        access_s=settings().access_token_s,
        forget_verified=credentials().forget,
    )


@once
def people() -> "PeopleService":
    """Users."""
    from chalicelib.services.people import PeopleService

    return PeopleService(
        people=people_repository(),
        keys=keys(),
        clock=system_clock,
        forget_verified=credentials().forget,
        forget_traces=forget_traces,
        access_changed=access_changed,
    )


def forget_traces(user_id: int) -> None:
    """Remove what the store holds of a person themselves, and have it forgotten where they acted from."""
    from chalicelib.services import avatars, person_exports
    from chalicelib.wiring.stores import blobs

    for folder in (avatars.folder_of(user_id), person_exports.folder_of(user_id)):
        blobs().delete([info.key for info in blobs().keys(folder)])
    audit().forget_whereabouts(user_id)


@once
def organizations() -> "OrganizationService":
    """Organizations, members and invitations."""
    from chalicelib.services.organizations import OrganizationService

    return OrganizationService(
        people=people_repository(),
        keys=keys(),
        clock=system_clock,
        forget_verified=credentials().forget,
        access_changed=access_changed,
    )


def access_changed(
    organization: "OrganizationId", user: "UserId | None", project: "ProjectId | None", by: "UserId"
) -> None:
    """Have tasks given back that wait for people who may not work on them any more."""
    from chalicelib.wiring.labeling import assignments

    assignments().access_changed(organization, user, project, by)


@once
def group_repository() -> "DynamoGroupRepository":
    """Groups."""
    from chalicelib.storage.groups import DynamoGroupRepository

    return DynamoGroupRepository(dynamo())


@once
def invitation_repository() -> "DynamoInvitationRepository":
    """Invitations and password resets."""
    from chalicelib.storage.invitations import DynamoInvitationRepository

    return DynamoInvitationRepository(dynamo())


@once
def mailer() -> "Mailer":
    """Sends e-mail as the installation is set up."""
    from chalicelib.integrations.mail import FolderMailer, NoMailer, SesMailer

    if settings().mail_folder:
        return FolderMailer(settings().mail_folder)
    if settings().mail_from:
        return SesMailer(client("sesv2", "", settings()), settings().mail_from)
    return NoMailer()


@once
def groups() -> "GroupService":
    """Groups of members."""
    from chalicelib.services.groups import GroupService

    return GroupService(
        group_repository(), people_repository(), system_clock, credentials().forget, access_changed
    )


@once
def flags() -> "FlagService":
    """Feature flags."""
    from time import monotonic

    from chalicelib.flags.declared import FLAGS
    from chalicelib.services.flags import FlagService
    from chalicelib.storage.flags import DynamoFlagStore

    return FlagService(
        declared=FLAGS,
        store=DynamoFlagStore(dynamo()),
        clock=system_clock,
        monotonic=monotonic,
        stage=settings().stage,
        operators=settings().operator_organization,
    )


@once
def invitations() -> "InvitationService":
    """Invitations by link and by e-mail."""
    from chalicelib.services.invitations import InvitationService

    return InvitationService(
        invitations=invitation_repository(),
        people=people_repository(),
        joining=people(),
        mailer=mailer(),
        clock=system_clock,
        public_url=settings().public_url,
        forget_verified=credentials().forget,
    )


@once
def password_resets() -> "PasswordResetService":
    """New passwords by an e-mailed link."""
    from chalicelib.services.password_resets import PasswordResetService
    from chalicelib.services.sessions import Attempts

    return PasswordResetService(
        people=people_repository(),
        resets=invitation_repository(),
        profiles=people(),
        attempts=Attempts(credential_repository(), _limits()),
        mailer=mailer(),
        clock=system_clock,
        public_url=settings().public_url,
        forget_verified=credentials().forget,
    )


@once
def single_sign_on() -> "SingleSignOn | None":
    """Signing in by the provider that the deployment names; None when it names none."""
    if not (settings().oidc_issuer and settings().oidc_client_id):
        return None
    from chalicelib.integrations.oidc import OidcProvider
    from chalicelib.services.single_sign_on import SingleSignOn

    config, secret = settings(), settings().oidc_client_secret
    if config.oidc_secret_parameter:
        from chalicelib.integrations.signing_keys import text_of_parameter

        secret = text_of_parameter(client("ssm", "", config), config.oidc_secret_parameter)
    return SingleSignOn(
        provider=OidcProvider(config.oidc_issuer, config.oidc_client_id, secret),
        people=people_repository(),
        joining=people(),
        sessions=sessions(),
        tokens=tokens(),
        keys=keys(),
        clock=system_clock,
        redirect_uri=f"{config.public_url}/api/oidc/callback/",
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        organization=config.oidc_organization,
    )
