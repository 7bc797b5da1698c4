"""Batches of queue messages: each record on its own, failed ones reported so that only they come back.

The function's event source must have `ReportBatchItemFailures`, or AWS would drop what is reported here; the
template is tested for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import observability
from chalicelib.errors import InvalidInputError

Handler = Callable[[Mapping[str, object]], None]


def handle_batch(event: Mapping[str, Any], handle: Handler) -> dict[str, list[dict[str, str]]]:
    """Give every record's message to `handle`; the answer names those to be delivered again.

    A message that can never be understood is logged and let go: delivering it again would change nothing.
    """
    failed = [record["messageId"] for record in event.get("Records", ()) if not _handled(record, handle)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _handled(record: Mapping[str, Any], handle: Handler) -> bool:
    with observability.correlated(str(record["messageId"])):
        try:
            message = json.loads(record["body"])
            if not isinstance(message, dict):
                raise InvalidInputError.at("", "a message must be a JSON object")
            handle(message)
        except (ValueError, InvalidInputError) as error:
            observability.error("message_refused", reason=str(error))
        except Exception:  # noqa: BLE001  a door: whatever went wrong, the others in the batch go on
            observability.exception("message_failed")
            return False
    return True
