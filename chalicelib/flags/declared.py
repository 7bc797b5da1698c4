"""Every flag of the product, declared once; a flag that is not here does not exist.

A flag has an owner and a day by which it is to be gone from the code; a test fails after that day. Switches
that stay (to turn something costly or dangerous off) say so with `stays`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

Value = bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag. `default` is what it says without a rollout; with variants it says one, not yes or no.

    `in_browser` flags are told to the browser.
    """

    name: str
    about: str
    owner: str
    expires: date | None
    stays: str = ""
    default: Value = False
    variants: tuple[str, ...] = ()
    in_browser: bool = False

    @property
    def values(self) -> tuple[Value, ...]:
        """What it can say."""
        return self.variants or (True, False)

    @property
    def off(self) -> Value:
        """What it says when it is switched off: no, or its first variant."""
        return self.variants[0] if self.variants else False


def registry(*flags: Flag) -> Mapping[str, Flag]:
    """The flags by name. ValueError where a declaration contradicts itself."""
    for flag in flags:
        if flag.default not in flag.values:
            raise ValueError(f"{flag.name}: its default is none of its values")
        if (flag.expires is None) == (not flag.stays):
            raise ValueError(f"{flag.name}: it expires, or says why it stays")
    if len({flag.name for flag in flags}) != len(flags):
        raise ValueError("a name is taken twice")
    return MappingProxyType({flag.name: flag for flag in flags})


FLAGS = registry(
    Flag(
        name="export_destinations",
        about="Exports may be put into stores of the operator's (S3, Google Cloud Storage, Azure).",
        owner="data",
        expires=None,
        stays="turns the way out of the installation off at once, when a key has leaked",
        default=True,
    ),
    Flag(
        name="command_palette",
        about="The palette of all commands in the application.",
        owner="application",
        expires=date(2027, 6, 30),
        default=True,
        in_browser=True,
    ),
)
