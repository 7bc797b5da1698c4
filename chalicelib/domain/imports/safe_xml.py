"""XML from strangers: no DTD, no entities of its own, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.domain.imports.contract import UnreadableError


def parsed(data: bytes) -> Any:
    """The root element; raises `UnreadableError` with the line."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"not valid XML: {error.msg}", line=error.lineno, code="xml") from None
    refuse_doctype(root)
    return root


def elements(stream: BinaryIO, tag: str) -> Iterator[Any]:
    """The elements of that tag one after the other, each forgotten when the next is asked for."""
    from lxml import etree

    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    checked = False
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), huge_tree=False, **options):
            if not checked:
                refuse_doctype(element)
                checked = True
            if event == "end" and element.tag == tag:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"not valid XML: {error.msg}", line=error.lineno, code="xml") from None


def root_tag(stream: BinaryIO) -> str:
    """The name of the root element; leaves the stream at its start."""
    from lxml import etree

    try:
        _, element = next(iter(etree.iterparse(stream, events=("start",), resolve_entities=False)))
    except (etree.XMLSyntaxError, StopIteration):
        return ""
    finally:
        stream.seek(0)
    return str(element.tag)


def refuse_doctype(element: Any) -> None:
    """Raise `UnreadableError` if the element's document has a DTD."""
    if element.getroottree().docinfo.doctype:
        raise UnreadableError("XML with a DTD (<!DOCTYPE …>) is refused", line=1, code="xml")
