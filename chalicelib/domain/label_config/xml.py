"""Reads a configuration's text into elements with their places; says nothing of their meaning.

Expat reads: it is part of Python, knows line *and* column, keeps its own stack (no recursion to
exhaust), and no declaration of a document type gets past the handler, so there are no entities to
expand or fetch, and nothing here touches the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from chalicelib.domain.label_config.tags import TagSpec, find_tag
from chalicelib.errors import Fault, InvalidInputError

MAX_DEPTH = 100
MAX_ELEMENTS = 150_000
MAX_LENGTH = 8_000_000
"""Characters. Above these three a text is no configuration that a person labels with."""


@dataclass(slots=True, eq=False)
class Element:
    """One tag of the document: as written, with its place and what the tag table says about it."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    parent: Element | None = None
    spec: TagSpec | None = None
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def place(self) -> str:
        """`line:column`, both from 1, of the tag's `<`."""
        return f"{self.line}:{self.column}"

    def get(self, name: str) -> str:
        """An attribute exactly as the server reads it: the very case, empty when absent."""
        return self.attributes.get(name, "")

    def find(self, name: str) -> str | None:
        """An attribute as the editor reads it: in any case; None when not written."""
        exact = self.attributes.get(name)
        if exact is not None:
            return exact
        length = len(name)
        for key in self.attributes:
            if len(key) == length and key.lower() == name.lower():
                return self.attributes[key]
        return None

    def flag(self, name: str) -> bool:
        """A boolean attribute: what is written, else the tag's default, else False."""
        written = self.find(name)
        if written is None:
            known = self.spec.attributes.get(name.lower()) if self.spec else None
            return bool(known and known.default)
        return written.strip().lower() in {"true", "yes", "1"}

    def number(self, name: str) -> float | None:
        """A number attribute: what is written, else the tag's default; None when it is no number."""
        written = self.find(name)
        if written is None:
            known = self.spec.attributes.get(name.lower()) if self.spec else None
            return known.default if known and isinstance(known.default, float) else None
        try:
            return float(written)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Document:
    """The root, all elements in document order, and the texts of the comments."""

    root: Element
    elements: tuple[Element, ...]
    comments: tuple[str, ...]


_DTD = "dtd_not_allowed"


class _Refused(Exception):  # noqa: N818 - control flow, never leaves this module
    def __init__(self, code: str, message: str, place: str) -> None:
        super().__init__(message)
        self.code = code
        self.place = place


class _Builder:
    """Expat's handlers; grows the tree."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.CommentHandler = self.comment
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.comments: list[str] = []
        self.prefixes = {"xml", "xmlns"}
        self.specs: dict[str, TagSpec | None] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.refuse("too_deep", f"Tags are nested more than {MAX_DEPTH} levels deep.")
        if len(self.elements) >= MAX_ELEMENTS:
            raise self.refuse("too_long", f"The configuration has more than {MAX_ELEMENTS:,} tags.")
        self.check_prefixes(tag, attributes)
        if tag not in self.specs:
            self.specs[tag] = find_tag(tag)
        parent = self.open[-1] if self.open else None
        parser = self.parser
        element = Element(
            tag,
            attributes,
            parser.CurrentLineNumber,
            parser.CurrentColumnNumber + 1,
            parent,
            self.specs[tag],
        )
        if parent is not None:
            parent.children.append(element)
        self.elements.append(element)
        self.open.append(element)

    def check_prefixes(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" not in tag and ":" not in "".join(attributes):
            return
        for name in attributes:
            if name.startswith("xmlns:"):
                self.prefixes.add(name[6:])
        for name in (tag, *attributes):
            prefix, colon, _ = name.partition(":")
            if colon and prefix not in self.prefixes:
                raise self.refuse("not_xml", f"unbound prefix: {prefix}")

    def end(self, _tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open and not text.isspace():
            self.open[-1].text += text

    def comment(self, text: str) -> None:
        self.comments.append(text)

    def doctype(self, *_: object) -> None:
        raise self.refuse(_DTD, "A document type (<!DOCTYPE>) is not allowed.")

    def refuse(self, code: str, message: str) -> _Refused:
        """The refusal at where the parser stands; it forgets that while it unwinds."""
        parser = self.parser
        return _Refused(code, message, f"{parser.CurrentLineNumber}:{parser.CurrentColumnNumber + 1}")


def read_document(text: str) -> Document:
    """The document that the text holds, outer blanks trimmed.

    Raises `InvalidInputError`: not XML, a document type, a null character, too deep or too long.
    """
    text = _clean(text)
    builder = _Builder()
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise _fault("not_xml", _words(error, builder), f"{error.lineno}:{error.offset + 1}") from None
    except _Refused as refused:
        place = _place_of(text, text.find("<!DOCTYPE")) if refused.code == _DTD else refused.place
        raise _fault(refused.code, str(refused), place) from None
    return Document(builder.elements[0], tuple(builder.elements), tuple(builder.comments))


def _clean(text: object) -> str:
    """The text trimmed; raises where it is none (the rules of the server for other JSON values)."""
    if text is None:
        raise _fault("not_text", "can only parse strings")
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise _fault("not_text", "Not a valid string.")
    clean = str(text).strip()
    if not clean:
        raise _fault("not_xml", "The configuration is empty.", "1:1")
    if len(clean) > MAX_LENGTH:
        raise _fault("too_long", f"The configuration has more than {MAX_LENGTH:,} characters.")
    nul = clean.find("\0")
    if nul >= 0:
        raise _fault("not_text", "Null characters are not allowed.", _place_of(clean, nul))
    try:
        clean.encode()
    except UnicodeEncodeError as error:
        place = _place_of(clean, error.start)
        raise _fault("not_text", "Half of a surrogate pair is not a character.", place) from None
    return clean


def _place_of(text: str, offset: int) -> str:
    line_start = text.rfind("\n", 0, offset) + 1
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - line_start + 1}"


def _words(error: expat.ExpatError, builder: _Builder) -> str:
    message = expat.ErrorString(error.code)
    if builder.open and error.code in _OPEN_TAG_ERRORS:
        last = builder.open[-1]
        return f"{message}: <{last.tag}> of line {last.line} is still open"
    return message


_OPEN_TAG_ERRORS = {
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH],
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
}


def _fault(code: str, message: str, place: str = "") -> InvalidInputError:
    return InvalidInputError(faults=[Fault(place, message, code)])
