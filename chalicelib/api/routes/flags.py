"""Feature flags: what they say to the caller, and deciding about them."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.schemas.flags import (
    FlagChangeRead,
    FlagRead,
    FlagValues,
    RolloutWrite,
    render_change,
    render_flag,
    to_rollout,
)


@route("GET", "/api/flags/", action="self.read", answer=FlagValues, summary="What the flags say to you")
def flag_values(call: Call) -> FlagValues:
    """The flags for the browser; `decides` says whether the caller may change flags."""
    flags = wiring.flags()
    return {"flags": flags.for_browser(call.principal), "decides": flags.is_operator(call.principal)}


@route(
    "GET",
    "/api/flags/rollouts/",
    action="flag.decide",
    answer=list[FlagRead],
    summary="List the flags and their rollouts",
)
def list_flags(call: Call) -> list[FlagRead]:
    """For owners and administrators of the organization that runs the installation."""
    return [render_flag(state) for state in wiring.flags().listed(call.principal)]


@route(
    "PUT",
    "/api/flags/{name}/",
    action="flag.decide",
    texts=("name",),
    body=RolloutWrite,
    answer=FlagRead,
    guarded=True,
    summary="Roll a flag out",
)
def decide_flag(call: Call, *, name: str, body: RolloutWrite) -> Answer:
    """Off and on are for all at once, within half a minute; `rules` name for whom. `If-Match` guards it."""
    state = wiring.flags().decide(call.principal, name, to_rollout(body), version=call.expected_version)
    return versioned(render_flag(state), state.version)


@route(
    "GET",
    "/api/flags/{name}/changes/",
    action="flag.decide",
    texts=("name",),
    answer=list[FlagChangeRead],
    summary="What was changed about a flag",
)
def flag_changes(call: Call, *, name: str) -> list[FlagChangeRead]:
    """The newest first, at most 100."""
    changes = wiring.flags().changes(call.principal, name)
    known = wiring.people().by_ids({change.user for change in changes})
    addresses = {int(number): user.email for number, user in known.items()}
    return [render_change(change, addresses.get(change.user, "")) for change in changes]


@route(
    "POST",
    "/api/flags/{name}/seen/",
    action="self.read",
    texts=("name",),
    status=204,
    summary="Count that you met a flag",
)
def flag_seen(call: Call, *, name: str) -> None:
    """Counts everybody once a flag, under what it said to them first."""
    wiring.flags().note_seen(call.principal, name)
