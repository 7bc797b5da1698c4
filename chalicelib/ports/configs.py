"""What the services need of the reader of labeling configurations."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain.label_config import LabelConfig

ConfigParser = Callable[[str], LabelConfig]
"""Reads a labeling configuration. Raises InvalidInputError with every fault in it."""
