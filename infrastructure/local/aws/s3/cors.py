"""A bucket's CORS rules: read from XML, and applied as S3 applies them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.xml import XmlError, parse, text_of

_METHODS = {"GET", "PUT", "POST", "DELETE", "HEAD"}


@dataclass(frozen=True, slots=True)
class CorsRule:
    """Which pages may do what; origins and headers may hold one `*` each."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...]
    max_age: str | None

    def allows(self, origin: str, method: str, headers: list[str]) -> bool:
        """Whether the rule covers a request of this kind."""
        return (
            any(_like(pattern, origin) for pattern in self.origins)
            and method in self.methods
            and all(any(_like(p.lower(), h.lower()) for p in self.headers) for h in headers)
        )

    def answer_headers(self, origin: str) -> list[tuple[str, str]]:
        """What a browser is told about an allowed request."""
        anyone = "*" in self.origins
        result = [
            ("Access-Control-Allow-Origin", "*" if anyone else origin),
            ("Access-Control-Allow-Methods", ", ".join(self.methods)),
            ("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"),
        ]
        if self.exposed:
            result.append(("Access-Control-Expose-Headers", ", ".join(self.exposed)))
        if not anyone:
            result.append(("Access-Control-Allow-Credentials", "true"))
        return result


def read_rules(document: str) -> list[CorsRule]:
    """The rules of a CORSConfiguration document. Raises MalformedXML."""
    try:
        root = parse(document.encode())
    except XmlError as error:
        raise S3Error("MalformedXML", str(error)) from error
    rules = []
    for node in root.findall("CORSRule"):
        rule = CorsRule(
            origins=_texts(node, "AllowedOrigin"),
            methods=_texts(node, "AllowedMethod"),
            headers=_texts(node, "AllowedHeader"),
            exposed=_texts(node, "ExposeHeader"),
            max_age=text_of(node, "MaxAgeSeconds"),
        )
        if not rule.origins or not rule.methods or not set(rule.methods) <= _METHODS:
            raise S3Error("MalformedXML", "A CORS rule needs an AllowedOrigin and known AllowedMethods.")
        rules.append(rule)
    if not rules:
        raise S3Error("MalformedXML", "A CORSConfiguration needs a CORSRule.")
    return rules


def matching_rule(
    document: str | None, *, origin: str, method: str, headers: list[str] | None = None
) -> CorsRule | None:
    """The first rule that allows the request, None without one."""
    if not document or not origin:
        return None
    return next((r for r in read_rules(document) if r.allows(origin, method, headers or [])), None)


def _texts(node: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(child.text or "" for child in node.findall(name))


def _like(pattern: str, value: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), value) is not None
