"""Any valid result comes back as it was sent: its keys in their order, its numbers as they were written."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.label_config import parse, sample_task
from tests.contract.conftest import Person
from tests.contract.test_labeling import ok
from tests.unit.domain.label_config.strategies import configs, results

EXTRAS = st.dictionaries(
    st.sampled_from(["odd", "meta", "score", "ключ", "z"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**70), 2**70)
        | st.floats(allow_nan=False, width=64)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


def storable(value: Any) -> bool:
    """Whether the value is JSON that clients can send: no halves of surrogate pairs, no infinity."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (UnicodeEncodeError, ValueError):
        return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_valid_result_is_returned_unchanged(admin: Person, data: st.DataObject) -> None:
    text = data.draw(configs())
    config = parse(text)
    extras = EXTRAS.filter(storable)
    sent = [{**data.draw(extras), **item} for item in data.draw(results(config))]
    project = ok(admin.client.post("/api/projects/", {"title": "Any result", "label_config": text}), 201)[
        "id"
    ]
    task = ok(admin.client.post("/api/tasks/", {"project": project, "data": sample_task(config)}), 201)["id"]

    made = ok(admin.client.post(f"/api/tasks/{task}/annotations/", {"result": sent}), 201)
    prediction = {"task": task, "result": data.draw(results(config))}
    guessed = ok(admin.client.post("/api/predictions/", prediction), 201)

    stored = ok(admin.client.get(f"/api/annotations/{made['id']}/"))["result"]
    assert json.dumps(stored) == json.dumps(sent)
    assert json.dumps(ok(admin.client.get(f"/api/predictions/{guessed['id']}/"))["result"]) == json.dumps(
        prediction["result"]
    )
