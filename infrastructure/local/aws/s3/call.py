"""One S3 request on its way through: where it points, who signed it, and how answers are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cached_property

from lxml import etree

from infrastructure.local.aws.s3.bodies import CheckedBody
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.xml import XmlError, parse, render
from infrastructure.local.aws.sigv4 import Signed
from infrastructure.local.http_server import Answer, Request

_MAX_DOCUMENT = 2 * 1024 * 1024
KEPT_HEADERS = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
)
MAX_KEY_BYTES = 1024


@dataclass
class Call:
    """A verified request; `bucket` and `key` are decoded, empty when the path has none."""

    request: Request
    signed: Signed
    bucket: str
    key: str
    query: dict[str, str]

    @cached_property
    def body(self) -> CheckedBody:
        """The upload's bytes, checked while they are read."""
        return CheckedBody(self.request, self.signed)

    def document(self) -> etree._Element:
        """The body as XML."""
        try:
            return parse(self.body.read_all(_MAX_DOCUMENT))
        except XmlError as error:
            raise S3Error("MalformedXML", "The XML you provided was not well-formed.") from error

    def kept_headers(self) -> dict[str, str]:
        """The headers that are stored with an object and given back with it."""
        kept = {name: self.request.header(name) for name in KEPT_HEADERS if self.request.header(name)}
        encodings = [e.strip() for e in kept.pop("content-encoding", "").split(",")]
        if real := ",".join(e for e in encodings if e and e != "aws-chunked"):
            kept["content-encoding"] = real
        for name, value in self.request.headers.items():
            if name.lower().startswith("x-amz-meta-"):
                kept[name.lower()] = str(value)
        return kept

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number of the query. Raises InvalidArgument outside the bounds."""
        text = self.query.get(name, "")
        if text == "":
            return default
        if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
            raise S3Error("InvalidArgument", f"{name} must be a number from {low} to {high}")
        return int(text)


def xml_answer(node: etree._Element, *, status: int = 200) -> Answer:
    """A document as an answer."""
    return Answer(status, [("Content-Type", "application/xml")], render(node, namespace=True))


def iso(moment: float) -> str:
    """Unix seconds as S3 writes them in documents."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def http_date(moment: float) -> str:
    """Unix seconds as HTTP writes them."""
    return formatdate(moment, usegmt=True)


def quoted(etag: str) -> str:
    """An entity tag as it stands in headers and documents."""
    return f'"{etag}"'
