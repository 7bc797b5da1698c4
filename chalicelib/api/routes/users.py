"""The members of the caller's organization, as users."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import error_body
from chalicelib.api.schemas.files import FilesWrite
from chalicelib.api.schemas.people import UserPatch, UserRead, UserWrite, render_user
from chalicelib.auth.principals import Role
from chalicelib.errors import InvalidInputError
from chalicelib.services.people import Profile


@route("GET", "/api/users/", action="member.read", answer=list[UserRead], summary="List the members")
def list_users(call: Call) -> list[UserRead]:
    """All members, by id."""
    service = wiring.people()
    _, organization = service.me(call.principal)
    return [render_user(user, organization) for user in service.listed(call.principal)]


@route(
    "POST",
    "/api/users/",
    action="member.create",
    body=UserWrite,
    answer=UserRead,
    status=201,
    keeps_receipts=True,
    summary="Add a member",
)
def create_user(call: Call, *, body: UserWrite) -> UserRead:
    """A new user of the caller's organization; without a password they can use tokens alone."""
    profile = Profile(**body.model_dump(exclude={"role", "password"}))
    role = Role(body.role) if body.role else None
    user = wiring.people().create(call.principal, profile, role=role, password=body.password)
    return render_user(user, wiring.people().me(call.principal)[1])


@route("GET", "/api/users/{user_id}/", action="member.read", answer=UserRead, summary="Show a member")
def get_user(call: Call, *, user_id: int) -> UserRead:
    """A member of the caller's organization."""
    user = wiring.people().get(call.principal, user_id)
    return render_user(user, wiring.people().me(call.principal)[1])


@route(
    "PATCH",
    "/api/users/{user_id}/",
    action="self.update",
    body=UserPatch,
    answer=UserRead,
    errors=(405,),
    summary="Change a member's profile",
)
def update_user(call: Call, *, user_id: int, body: UserPatch) -> UserRead | Answer:
    """One's own, or anybody's for administrators. Addresses cannot be changed."""
    user = wiring.people().get(call.principal, user_id)
    if body.email is not None and body.email != user.email:
        return Answer(405, error_body(405, "Updating email is not allowed.", code="method_not_allowed"))
    changes = {name: value for name, value in body.given().items() if name != "email"}
    changed = wiring.people().update(call.principal, user_id, changes)
    return render_user(changed, wiring.people().me(call.principal)[1])


@route("DELETE", "/api/users/{user_id}/", action="member.remove", status=204, summary="Delete a member")
def delete_user(call: Call, *, user_id: int) -> None:
    """The account goes; what they made stays. The owner cannot be deleted."""
    wiring.people().delete(call.principal, user_id)


@route(
    "POST",
    "/api/users/{user_id}/avatar/",
    action="self.update",
    sent=FilesWrite,
    answer=UserRead,
    summary="Give yourself a picture",
)
def put_avatar(call: Call, *, user_id: int) -> UserRead:
    """A multipart body with one PNG, JPEG or GIF of at most 1 MB and 1,200 pixels a side."""
    wiring.avatars().require_self(call.principal, user_id)
    files = call.request.files
    if len(files) != 1:
        _ = call.request.parsed  # a body of a kind that nobody reads is refused as such
        raise InvalidInputError.at("avatar", "Send one file, as multipart/form-data.")
    user = wiring.avatars().put(call.principal, user_id, files[0].content)
    return render_user(user, wiring.people().me(call.principal)[1])


@route(
    "DELETE", "/api/users/{user_id}/avatar/", action="self.update", status=204, summary="Remove your picture"
)
def delete_avatar(call: Call, *, user_id: int) -> None:
    """Harmless when there is none."""
    wiring.avatars().remove(call.principal, user_id)


@route(
    "GET",
    "/data/avatars/{user_id}/{name}",
    action="member.read",
    texts=("name",),
    status=303,
    summary="Read a member's picture",
)
def read_avatar(call: Call, *, user_id: int, name: str) -> Answer:
    """Sends the client to a short-lived address on the store's own origin."""
    return redirect(wiring.avatars().read_url(call.principal, user_id, name), status=303)
