"""Files as clients send them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class FilesWrite(TypedDict):
    """One file, as `multipart/form-data`; the field may have any name."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]
