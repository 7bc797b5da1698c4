from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.imports.preannotations import absent_fields, predictions_from
from tests.unit.domain.formats.builders import TEXTS, table


@pytest.mark.parametrize(
    ("field", "value", "to_name", "kind", "made"),
    [
        ("kind", "good", "txt", "choices", {"choices": ["good"]}),
        ("kind", ["good", "bad"], "txt", "choices", {"choices": ["good", "bad"]}),
        ("note", "hello", "txt", "textarea", {"text": ["hello"]}),
        ("stars", 4, "txt", "rating", {"rating": 4}),
        ("unknown", "x", "text", "choices", {"choices": ["x"]}),
    ],
)
def test_fields_become_predictions(
    field: str, value: Any, to_name: str, kind: str, made: dict[str, Any]
) -> None:
    assert predictions_from({field: value}, [field], table(TEXTS)) == [
        {
            "model_version": "preannotated",
            "score": 1.0,
            "result": [{"from_name": field, "to_name": to_name, "type": kind, "value": made}],
        }
    ]


def test_absent_fields_are_faults_that_name_what_is_there() -> None:
    (fault,) = absent_fields({"text": "a", "kind": "x"}, ["kind", "gone"], "line 3")

    assert (fault.place, fault.code) == ("line 3", "field_absent")
    assert '"gone"' in fault.message
    assert fault.suggestion == 'one of "text", "kind"'
