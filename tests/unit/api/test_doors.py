"""Requests in, answers and errors out."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from chalicelib import errors
from chalicelib.api.answers import Answer, Sizes, to_event, to_json
from chalicelib.api.bodies import Body, validate
from chalicelib.api.dispatch import find
from chalicelib.api.errors import STATUSES, by_field, render_error
from chalicelib.api.multipart import read_parts
from chalicelib.api.paging import cut, envelope
from chalicelib.api.request import Request, UnreadableBodyError, parse_json, read_request
from chalicelib.api.schemas.ago import ago
from chalicelib.errors import Fault
from tests.contract.client import proxy_event

SIZES = Sizes(compress_from=1000, store_from=5000)


def never(content: bytes, kind: str) -> str:
    raise AssertionError("nothing was to be stored")


def asked(method: str = "GET", target: str = "/", **more: Any) -> Request:
    event = proxy_event(method, target, more.get("headers", {}), more.get("body"))
    return read_request(event, max_body=10_000)


class Choosy(Body):
    value: str | list[int]
    rows: list[dict[str, str | list[int]]] = Field(default_factory=list)


def test_a_fault_is_where_the_value_is_whatever_it_could_have_been() -> None:
    with pytest.raises(errors.InvalidInputError) as wrong:
        validate(Choosy, {"value": {"no": 1}, "rows": [{"a": "b"}, {"c": {}}]})
    assert {fault.place for fault in wrong.value.faults} == {"value", "rows[1].c"}

    with pytest.raises(errors.InvalidInputError) as missing:
        validate(Choosy, {})
    assert [fault.place for fault in missing.value.faults] == ["value"]


def test_both_kinds_of_event_say_the_same() -> None:
    first = asked("POST", "/api/x?a=1&a=2&b=", headers={"X-One": "1", "Cookie": "c=d"}, body="hi")
    second = read_request(
        {
            "rawPath": "/api/x",
            "rawQueryString": "a=1&a=2&b=",
            "headers": {"x-one": "1"},
            "cookies": ["c=d"],
            "requestContext": {"http": {"method": "POST", "sourceIp": "127.0.0.1"}, "requestId": "r"},
            "body": base64.b64encode(b"hi").decode(),
            "isBase64Encoded": True,
        },
        max_body=10,
    )

    assert (first.method, first.path, first.body, first.address) == ("POST", "/api/x", b"hi", "127.0.0.1")
    assert (second.method, second.path, second.body) == (first.method, first.path, first.body)
    assert dict(first.query) == dict(second.query) == {"a": ["1", "2"], "b": [""]}
    assert first.first("a") == "2"
    assert first.cookies == second.cookies == {"c": "d"}


def test_a_body_past_the_limit_is_refused() -> None:
    with pytest.raises(errors.LimitExceededError):
        read_request(proxy_event("POST", "/", {}, "x" * 11), max_body=10)


@pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "[Infinity]", '"\\ud800"', "9" * 5000])
def test_what_is_no_json_is_told_in_known_words(text: str) -> None:
    with pytest.raises(UnreadableBodyError, match=r"^JSON parse error - "):
        parse_json(text)


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    assert parse_json('"\\ud83d\\ude00"') == "\U0001f600"


names = st.text(st.characters(min_codepoint=48, max_codepoint=122, categories=["L", "N"]), min_size=1)


@given(st.lists(st.tuples(names, st.binary(max_size=60)), max_size=5), st.integers(0, 10**6))
def test_multipart_bytes_come_through_untouched(fields: list[tuple[str, bytes]], number: int) -> None:
    boundary = f"----boundary{number}------------xyzzy"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.bin"'.encode()
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for name, content in fields
    ]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()

    read = read_parts(f"multipart/form-data; boundary={boundary}", body)

    assert [(part.field, part.name, part.content) for part in read] == [
        (name, f"{name}.bin", content) for name, content in fields
    ]


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nno headers\r\n--x--", b"--y--"])
def test_broken_multipart_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match="Multipart form parse error"):
        read_parts("multipart/form-data; boundary=x", body)


def test_moments_are_written_as_clients_read_them() -> None:
    assert (
        to_json({"at": datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)}) == '{"at":"2026-01-02T03:04:05.123456Z"}'
    )


def test_a_small_answer_is_sent_as_it_is() -> None:
    event = to_event(Answer(200, {"a": "é"}), accepts_gzip=True, sizes=SIZES, store=never)

    assert (event["body"], event["isBase64Encoded"]) == ('{"a":"é"}', False)


def test_a_large_answer_is_compressed_for_those_who_can_read_it() -> None:
    answer = Answer(200, ["x" * 4000])

    packed = to_event(answer, accepts_gzip=True, sizes=SIZES, store=never)
    plain = to_event(answer, accepts_gzip=False, sizes=SIZES, store=never)

    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(base64.b64decode(packed["body"]))) == answer.body
    assert json.loads(plain["body"]) == answer.body


def test_an_answer_past_the_limit_is_fetched_elsewhere() -> None:
    stored: list[tuple[bytes, str]] = []

    def keep(content: bytes, kind: str) -> str:
        stored.append((content, kind))
        return "https://store/answer"

    event = to_event(Answer(200, ["x" * 6000]), accepts_gzip=False, sizes=SIZES, store=keep)

    assert (event["statusCode"], event["headers"]["Location"]) == (303, "https://store/answer")
    assert json.loads(stored[0][0]) == ["x" * 6000]


def test_bytes_are_counted_as_the_base64_that_carries_them() -> None:
    answer = Answer(200, b"\xff" * 4000, "application/zip")

    event = to_event(answer, accepts_gzip=True, sizes=SIZES, store=lambda *_: "https://store/zip")

    assert event["statusCode"] == 303


@pytest.mark.parametrize(("kind", "status"), STATUSES, ids=lambda value: getattr(value, "__name__", ""))
def test_each_class_of_error_has_its_status(kind: type[errors.SkylabelError], status: int) -> None:
    answer = render_error(kind("why"))

    assert answer.status == status
    assert answer.body["detail"] == "why"
    assert answer.body["code"] == kind.code


def test_every_class_of_error_has_a_status() -> None:
    listed = {kind for kind, _ in STATUSES}

    def all_under(kind: type[errors.SkylabelError]) -> set[type[errors.SkylabelError]]:
        below = {deeper for child in kind.__subclasses__() for deeper in all_under(child)}
        return {kind, *below}

    families = {
        kind
        for kind in all_under(errors.SkylabelError) - {errors.SkylabelError}
        if kind.__module__.startswith("chalicelib") and not any(issubclass(kind, known) for known in listed)
    }
    assert {kind.__name__ for kind in families} <= {"JobAbandonedError"}


def test_faults_are_told_by_field_and_nested() -> None:
    faults = [
        Fault("title", "short"),
        Fault("title", "ugly"),
        Fault("result[3].value.x", "no number"),
        Fault("", "all wrong"),
        Fault("line 12", "odd"),
        Fault("label_config:3:14", "no such tag"),
        Fault("data", "missing"),
        Fault("data.text", "missing too"),
    ]

    assert by_field(faults) == {
        "title": ["short", "ugly"],
        "result": {"3": {"value": {"x": ["no number"]}}},
        "non_field_errors": ["all wrong", "odd"],
        "label_config": ["no such tag"],
        "data": {"non_field_errors": ["missing"], "text": ["missing too"]},
    }


class Sample(Body):
    number: int
    text: str = Field(default="", min_length=2, max_length=4)
    items: list[dict[str, int]] = Field(default_factory=list)
    flag: bool = False


def test_every_fault_of_a_body_is_told_in_known_words() -> None:
    with pytest.raises(errors.InvalidInputError) as refused:
        validate(Sample, {"text": "x", "items": [{"a": "b"}, 5], "flag": "maybe"})

    assert {fault.place: fault.message for fault in refused.value.faults} == {
        "number": "This field is required.",
        "text": "Ensure this field has at least 2 characters.",
        "items[0].a": "A valid integer is required.",
        "items[1]": 'Expected a dictionary of items but got type "int".',
        "flag": "Must be a valid boolean.",
    }


def test_unknown_fields_are_passed_over_and_given_ones_known() -> None:
    body = validate(Sample, {"number": "5", "other": 1})

    assert body.given() == {"number": 5}


def test_a_page_knows_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(target="/api/things/?page=2&page_size=2&q=a")

    page = envelope(request, [3, 4], count=5, number=2, size=2)

    assert page["next"] is not None
    assert page["next"].endswith("/api/things/?page=3&page_size=2&q=a")
    assert page["previous"] is not None
    assert page["previous"].endswith("/api/things/?page_size=2&q=a")


def test_past_the_end_there_is_no_page() -> None:
    assert cut([], number=1, size=10) == []
    assert cut([1, 2, 3], number=2, size=2) == [3]
    with pytest.raises(errors.NotFoundError, match=r"^Invalid page\.$"):
        cut([1, 2], number=2, size=2)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(), "0\u00a0minutes"),
        (timedelta(minutes=1), "1\u00a0minute"),
        (timedelta(hours=3, minutes=2), "3\u00a0hours, 2\u00a0minutes"),
        (timedelta(days=1, minutes=5), "1\u00a0day"),
        (timedelta(days=8), "1\u00a0week, 1\u00a0day"),
        (timedelta(days=-1), "0\u00a0minutes"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)

    assert ago(now - passed, now) == words


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/api/projects", ()),
        ("/api/projects/", ()),
        ("/api/tasks/7", ("7",)),
        ("/api/tasks/7/annotations/8/drafts/", ("7", "8")),
        ("/api/dm/actions/delete_tasks/form", ("delete_tasks",)),
        ("/data/upload/3/0123abcd-a.png", ("3", "0123abcd-a.png")),
    ],
)
def test_paths_find_their_routes(path: str, values: tuple[str, ...]) -> None:
    routes, found = find(path)

    assert routes
    assert found == values


@pytest.mark.parametrize(
    "path", ["/", "", "/api", "/api/tasks/x", "/api/tasks/#", "/api/tasks/" + "9" * 19, "/*"]
)
def test_other_paths_find_nothing(path: str) -> None:
    assert find(path) == ({}, ())
