"""The signing key of an installation, in the parameter store. Made once; nobody needs to see it."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from botocore.exceptions import ClientError

KEY_BYTES = 32


def parameter_name(stage: str) -> str:
    """Where a stage's signing keys are."""
    return f"/skylabel/{stage}/signing-keys"


def ensure_signing_key(ssm: Any, name: str) -> bool:
    """Have a signing key; gives whether it was made now. One that is there is never replaced."""
    value = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    try:
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=False)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
        return False
    return True
