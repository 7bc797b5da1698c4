"""Faults of a labeling configuration, told as those of the field that it was sent in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.errors import InvalidInputError


@contextmanager
def config_faults() -> Iterator[None]:
    """Say that faults with a line and column belong to the configuration."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError(
            error.message,
            faults=[
                replace(fault, place=f"label_config:{fault.place}") if fault.place[:1].isdigit() else fault
                for fault in error.faults
            ],
        ) from error
