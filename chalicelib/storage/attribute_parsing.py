"""Reading DynamoDB's answers without walking their model.

botocore looks at each attribute of each item as a structure with ten possible members. That takes most of the
time of reading many items, and gives what the JSON said already: all but binary values are there as they are.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from botocore.parsers import JSONParser, ResponseParserFactory


class AttributeParser(JSONParser):  # type: ignore[misc]
    """botocore's JSON parser, but for maps of typed attribute values."""

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name != "AttributeValue":
            return super()._handle_map(shape, value)
        for typed in value.values():
            _read_binary(typed)
        return value


class AttributeParsers(ResponseParserFactory):  # type: ignore[misc]
    """botocore's parsers, with ours for its JSON protocol."""

    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol."""
        if protocol_name == "json":
            return AttributeParser(**self._defaults)
        return super().create_parser(protocol_name)


def _read_binary(typed: dict[str, Any]) -> None:
    """Turn the base64 in one typed value into bytes, in place."""
    for kind, content in typed.items():
        if kind == "B":
            typed[kind] = b64decode(content)
        elif kind == "M":
            for inner in content.values():
                _read_binary(inner)
        elif kind == "L":
            for inner in content:
                _read_binary(inner)
        elif kind == "BS":
            typed[kind] = [b64decode(each) for each in content]
