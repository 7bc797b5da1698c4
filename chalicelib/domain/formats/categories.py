"""Numbers for labels, as COCO's categories and YOLO's classes need them.

Only labels of shape controls count. A label with an integer attribute `category` keeps that number;
the others, in code point order, get the free numbers from 0; a label met only in results comes after.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.formats.control_table import Control

MAX_GAP = 10_000


class Categories:
    """Label to number, growing as unknown labels are met."""

    def __init__(self, controls: Iterable[Control]) -> None:
        labels: dict[str, int | None] = {}
        for control in controls:
            for label in control.labels:
                wanted = _number((control.attributes.get(label) or {}).get("category"))
                if labels.get(label) is None:
                    labels[label] = wanted
        self._numbers: dict[str, int] = {}
        self._reserved = -1
        for label, wanted in labels.items():
            if wanted is not None and wanted not in self._numbers.values():
                self._numbers[label] = wanted
        taken = set(self._numbers.values())
        free = (number for number in range(len(labels) + 1) if number not in taken)
        for label in sorted(label for label in labels if label not in self._numbers):
            self._numbers[label] = next(free)

    def number(self, label: str) -> int:
        """The label's number."""
        found = self._numbers.get(label)
        if found is None:
            found = self.next_free
            self._numbers[label] = found
        return found

    @property
    def next_free(self) -> int:
        """A number above all others."""
        return max(self._reserved, *self._numbers.values()) + 1 if self._numbers else self._reserved + 1

    def reserve(self) -> int:
        """A number that no label will get."""
        self._reserved = self.next_free
        return self._reserved

    def as_list(self) -> list[dict[str, object]]:
        """`{id, name}`: those with a number of their own, then the others."""
        return [{"id": number, "name": label} for label, number in self._numbers.items()]

    def lines(self) -> list[str]:
        """The names so that line n is class n; numbers that nobody has are named after themselves."""
        names = {number: label for label, number in self._numbers.items()}
        return [" ".join(names.get(number, f"unused {number}").split()) for number in range(self.next_free)]


def _number(text: object) -> int | None:
    try:
        number = int(str(text))
    except ValueError:
        return None
    return number if 0 <= number < MAX_GAP else None
