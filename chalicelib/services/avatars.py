"""People's own pictures: small images, read by those who share an organization with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from chalicelib.auth.ports import PeopleRepository
from chalicelib.auth.principals import Principal
from chalicelib.domain.formats.image_sizes import image_size
from chalicelib.domain.people import User
from chalicelib.errors import ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ports.blobs import BlobStore
from chalicelib.services.people import PeopleService

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 1200
READ_SECONDS = 3600
PLACE = "/data/avatars/"
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"GIF8": ("gif", "image/gif"),
}
"""Told by their first bytes, whatever a client calls them: nothing that a browser would run."""


@dataclass(frozen=True, slots=True)
class AvatarService:
    """Setting, removing and reading pictures of people."""

    members: PeopleService
    people: PeopleRepository
    blobs: BlobStore

    def put(self, principal: Principal, user_id: int, content: bytes) -> User:
        """The caller with another picture. InvalidInputError for what is no small image."""
        user = self.require_self(principal, user_id)
        extension, kind = _checked(content)
        name = f"{sha256(content).hexdigest()[:32]}.{extension}"
        self.blobs.put(_key(user_id, name), content, content_type=kind)
        return self._saved(user, f"{PLACE}{user_id}/{name}")

    def remove(self, principal: Principal, user_id: int) -> User:
        """The caller without a picture; harmless when there is none."""
        return self._saved(self.require_self(principal, user_id), "")

    def read_url(self, principal: Principal, user_id: int, name: str) -> str:
        """Where a fellow member's present picture can be read for an hour. NotFoundError."""
        user = self.members.get(principal, user_id)
        if not name or user.avatar != f"{PLACE}{user_id}/{name}":
            raise NotFoundError("No such picture.")
        return self.blobs.signed_get(_key(user_id, name), expires_s=READ_SECONDS)

    def require_self(self, principal: Principal, user_id: int) -> User:
        """The caller, whose picture it is. NotFoundError and ForbiddenError for anybody else."""
        user = self.members.get(principal, user_id)
        if user.id != principal.user_id:
            raise ForbiddenError("You can change your own picture only.")
        return user

    def _saved(self, user: User, avatar: str) -> User:
        """The new picture is there before the user names it; the old one goes once nobody does."""
        if user.avatar == avatar:
            return user
        saved = self.people.save_user(replace(user, avatar=avatar))
        if user.avatar.startswith(PLACE):
            self.blobs.delete([_key(user.id, user.avatar.rpartition("/")[2])])
        self.members.forget_name(user.id)
        return saved


def folder_of(user_id: int) -> str:
    """Where a person's picture lies."""
    return f"avatars/{user_id}/"


def _key(user_id: int, name: str) -> str:
    return folder_of(user_id) + name


def _checked(content: bytes) -> tuple[str, str]:
    """The image's extension and type."""
    if len(content) > MAX_BYTES:
        raise InvalidInputError.at("avatar", "Avatar file size may not exceed 1 MB.")
    found = next((kind for mark, kind in _SIGNATURES.items() if content.startswith(mark)), None)
    size = image_size(content) if found else None
    if found is None or size is None:
        raise InvalidInputError.at("avatar", "Please use a JPEG, GIF or PNG image.")
    if max(size) > MAX_PIXELS:
        raise InvalidInputError.at(
            "avatar", f"Please use an image of {MAX_PIXELS} x {MAX_PIXELS} pixels or less."
        )
    return found
