"""From a configuration's text to a `LabelConfig`, or to every reason why it is refused."""

from __future__ import annotations

from chalicelib.domain.label_config.checks import find_faults
from chalicelib.domain.label_config.config import LabelConfig
from chalicelib.domain.label_config.xml import read_document
from chalicelib.errors import InvalidInputError


def parse(text: str) -> LabelConfig:
    """The checked configuration.

    Raises `InvalidInputError` with every fault: `place` is `line:column` in the trimmed text. Anything
    the field's servers accept is accepted; doubts beyond that are `LabelConfig.warnings`.
    """
    document = read_document(text)
    faults = find_faults(document)
    if faults:
        raise InvalidInputError(faults=faults)
    return LabelConfig(text=text, document=document)
