"""The types of JSON, for what people and clients give us free-form: task data, results, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = Mapping[str, Json]
JsonList = Sequence[Json]
