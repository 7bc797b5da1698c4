"""XML to and from S3's clients."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class XmlError(ValueError):
    """The body is no XML."""


def element(name: str, children: Iterable[etree._Element] = (), /, **texts: object) -> etree._Element:
    """An element with one child per keyword (None is left out), then the given children."""
    node = etree.Element(name)
    for tag, value in texts.items():
        if value is not None:
            etree.SubElement(node, tag).text = _text(value)
    node.extend(children)
    return node


def render(node: etree._Element, *, namespace: bool = False) -> bytes:
    """The document with its declaration."""
    if namespace:
        # set as a plain attribute, so that children need no prefix
        body = etree.tostring(node, encoding="utf-8").replace(
            f"<{node.tag}".encode(), f'<{node.tag} xmlns="{NAMESPACE}"'.encode(), 1
        )
    else:
        body = etree.tostring(node, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(body)


def parse(body: bytes) -> etree._Element:
    """The root of a request's document, with all namespaces dropped. Raises `XmlError`."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise XmlError(str(error)) from error
    for node in root.iter(etree.Element):
        node.tag = etree.QName(node).localname
    return root


def text_of(node: etree._Element, name: str) -> str | None:
    """The text of the child of that name, None without one."""
    found = node.find(name)
    return None if found is None else (found.text or "")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # XML has no word for control characters; S3 has clients ask for encoding-type=url instead
    return "".join(c if c >= " " or c in "\t\n\r" else "�" for c in str(value))
