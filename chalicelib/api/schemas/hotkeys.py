"""Key bindings as clients see them."""

from __future__ import annotations

from typing_extensions import TypedDict

from chalicelib.api.bodies import Body


class Hotkey(TypedDict):
    """What an action is bound to, and whether it is."""

    key: str
    active: bool


class Hotkeys(TypedDict):
    """Key bindings by `section:action`."""

    custom_hotkeys: dict[str, Hotkey]


class BindingWrite(Body):
    """What an action is to be bound to."""

    key: str
    active: bool = True


class HotkeysDetails(TypedDict):
    """What is wrong, message by message."""

    custom_hotkeys: list[str]


class HotkeysRefused(TypedDict):
    """Label Studio's own error form for key bindings."""

    error: str
    details: HotkeysDetails


class HotkeysWrite(Body):
    """All key bindings, by `section:action`."""

    custom_hotkeys: dict[str, BindingWrite]
