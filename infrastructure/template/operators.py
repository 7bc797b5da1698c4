"""What an operator may set of the product's settings at a deployment: `--set NAME=VALUE`, kept from then on.

Each is a parameter of the template and a variable of the functions' environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OperatorSetting:
    """A parameter; an empty default leaves the feature off."""

    name: str
    variable: str
    about: str
    default: str = ""


SETTINGS = (
    OperatorSetting(
        "OidcIssuer", "SKYLABEL_OIDC_ISSUER", "The OpenID Connect provider's issuer, https://..."
    ),
    OperatorSetting("OidcClientId", "SKYLABEL_OIDC_CLIENT_ID", "What the provider calls us."),
    OperatorSetting(
        "OidcSecretParameter",
        "SKYLABEL_OIDC_SECRET_PARAMETER",
        "The SSM SecureString with the secret that the provider gave us.",
    ),
    OperatorSetting(
        "OidcName", "SKYLABEL_OIDC_NAME", "What the sign-in page calls the provider.", "Single sign-on"
    ),
    OperatorSetting(
        "OidcOrganization",
        "SKYLABEL_OIDC_ORGANIZATION",
        "The id of the organization that people unknown so far join; 0 lets nobody new in.",
        "0",
    ),
    OperatorSetting(
        "RequestsPerMinute",
        "SKYLABEL_REQUESTS_PER_MINUTE",
        "How many requests a person may make in a minute; 0 sets no limit.",
        "0",
    ),
    OperatorSetting(
        "OrganizationRequestsPerDay",
        "SKYLABEL_ORGANIZATION_REQUESTS_PER_DAY",
        "How many requests an organization may make in a day; 0 sets no limit.",
        "0",
    ),
)
NAMES = tuple(setting.name for setting in SETTINGS)
CONDITIONS: dict[str, Any] = {
    "HasOidcSecret": {"Fn::Not": [{"Fn::Equals": [{"Ref": "OidcSecretParameter"}, ""]}]},
}


def parameters() -> dict[str, Any]:
    """The template's parameters."""
    return {
        setting.name: {"Type": "String", "Default": setting.default, "Description": setting.about}
        for setting in SETTINGS
    }


def environment() -> dict[str, Any]:
    """The functions' variables."""
    return {setting.variable: {"Ref": setting.name} for setting in SETTINGS}
