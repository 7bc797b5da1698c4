"""Creating requests that can be repeated: the same `Idempotency-Key` gives the answer of the first time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer, to_json
from chalicelib.api.endpoint import Call
from chalicelib.errors import ConflictError, InvalidInputError

HEADER = "idempotency-key"
MAX_KEY = 255
MAX_STORED = 300_000


def remembered(call: Call, run: Callable[[Call], Answer]) -> Answer:
    """The answer of `run`, or the one it gave when this caller used the key before.

    ConflictError when the key was used for another request, or its request is still being served. A
    request that fails frees its key.
    """
    key = call.request.headers.get(HEADER, "")
    if not key:
        return run(call)
    if len(key) > MAX_KEY:
        raise InvalidInputError.at("", f"Idempotency-Key may have {MAX_KEY} characters.")
    asked = _asked(call)
    receipts, user_id = wiring.receipts(), call.principal.user_id
    known = receipts.begin(user_id, key, asked=asked)
    if known is None:
        return _first_time(call, run, key, asked)
    if known.asked != asked:
        raise ConflictError("This Idempotency-Key was used for another request.")
    if known.answer is None:
        raise ConflictError("The request with this Idempotency-Key is still being served.")
    return _load(known.answer)


def _first_time(call: Call, run: Callable[[Call], Answer], key: str, asked: str) -> Answer:
    receipts, user_id = wiring.receipts(), call.principal.user_id
    try:
        answer = run(call)
    except BaseException:
        receipts.forget(user_id, key)
        raise
    stored = _dump(answer)
    if answer.status < 400 and len(stored) <= MAX_STORED:
        receipts.finish(user_id, key, asked=asked, answer=stored)
    return answer


def _asked(call: Call) -> str:
    request = call.request
    acting_in = str(call.principal.organization_id)
    words = [acting_in, request.method, request.path.rstrip("/"), json.dumps(request.query, sort_keys=True)]
    return sha256("\n".join(words).encode() + b"\n" + request.body).hexdigest()


def _dump(answer: Answer) -> bytes:
    kept: dict[str, Any] = {"status": answer.status, "body": answer.body, "headers": dict(answer.headers)}
    return zlib.compress(to_json(kept).encode())


def _load(stored: bytes) -> Answer:
    kept = json.loads(zlib.decompress(stored))
    return Answer(kept["status"], kept["body"], headers={**kept["headers"], "Idempotent-Replayed": "true"})
