"""An export of the audit log is verified as it was written, and in no other way."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from chalicelib.auth.checkpoint_keys import CheckpointSigner, is_signed
from chalicelib.domain.audit.chain import Checkpoint, Head, SealedRecord, checkpoint, sealed
from chalicelib.domain.audit.exports import Verdict, export_lines, verify
from chalicelib.domain.audit.records import AuditRecord, ItemChange, Whereabouts, digest_of_item

SIGNER = CheckpointSigner(b"k" * 32)
MUTATIONS = 1000


def record(number: int) -> AuditRecord:
    """One that changes an annotation and its task."""
    changes = [
        ItemChange("annotation", str(4096 * number + 1), "created", None, digest_of_item({"n": number})),
        ItemChange("task", str(number), "updated", digest_of_item({}), digest_of_item({"t": b"\0"})),
    ]
    return AuditRecord(
        id=f"{number:016x}",
        at=f"2026-01-02T03:04:{number % 60:02d}.000000Z",
        organization=7,
        user=number % 3 or None,
        operation="POST /api/tasks/{task_id}/annotations/",
        request=f"request-{number}",
        changes=changes,
        whereabouts=Whereabouts(f"10.0.0.{number}", "Mozilla/5.0 (é)", f"salt{number}"),
    )


def chain(count: int, *, after: Head = Head()) -> list[SealedRecord]:  # noqa: B008  frozen
    """So many records, one after another."""
    made: list[SealedRecord] = []
    for number in range(after.seq + 1, after.seq + count + 1):
        head = made[-1].head if made else after
        made.append(sealed(head, record(number).body(), record(number).whereabouts.told()))
    return made


def exported(records: list[SealedRecord], *, before: Head = Head(), marks: tuple[int, ...] = (2,)) -> bytes:  # noqa: B008
    signed: list[Checkpoint] = [
        checkpoint(7, each.head, "2026-01-02T04:00:00Z", SIGNER) for each in records if each.seq in marks
    ]
    lines = export_lines(7, before, records, signed, SIGNER, "2026-01-02T05:00:00Z")
    return "".join(lines).encode()


def looked_at(data: bytes, *keys: str) -> Verdict:
    return verify(data.splitlines(keepends=True), is_signed, keys=keys)


def test_an_export_is_sound_as_it_was_written() -> None:
    verdict = looked_at(exported(chain(5)), SIGNER.public_key)

    assert verdict.faults == []
    assert (verdict.organization, verdict.first, verdict.last) == (7, 1, 5)
    assert (verdict.records, verdict.checkpoints) == (5, 1)


def test_an_export_of_nothing_is_sound() -> None:
    verdict = looked_at(exported([]))

    assert verdict.is_sound
    assert (verdict.first, verdict.last) == (1, 0)


def test_parts_follow_one_another() -> None:
    records = chain(6)
    first, second = looked_at(exported(records[:3])), looked_at(exported(records[3:], before=records[2].head))

    assert second.is_sound
    assert second.follows(first)
    assert not first.follows(second)


def test_records_whose_place_was_erased_are_sound() -> None:
    records = [SealedRecord(each.seq, each.hash, each.body, None) for each in chain(3)]

    assert looked_at(exported(records)).is_sound


def changed_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.choice([b for b in range(256) if b != data[at]])]) + data[at + 1 :]


def dropped_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + 1 :]


def inserted_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at:]


def swapped_bytes(data: bytes, rng: random.Random) -> bytes:
    a, b = sorted(rng.sample(range(len(data)), 2))
    if data[a] == data[b]:
        return swapped_bytes(data, rng)
    return data[:a] + data[b : b + 1] + data[a + 1 : b] + data[a : a + 1] + data[b + 1 :]


def dropped_line(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def repeated_line(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


def swapped_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    a, b = rng.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def hidden_place(data: bytes, rng: random.Random) -> bytes:
    lines = [json.loads(line) for line in data.splitlines()]
    del rng.choice([line for line in lines if "whereabouts" in line])["whereabouts"]
    return b"".join(
        json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n" for line in lines
    )


def cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


@pytest.mark.parametrize(
    "harm",
    [
        changed_byte,
        dropped_byte,
        inserted_byte,
        swapped_bytes,
        dropped_line,
        repeated_line,
        swapped_lines,
        cut_off,
    ],
)
def test_no_harm_goes_unnoticed(harm: Callable[[bytes, random.Random], bytes]) -> None:
    data, rng = exported(chain(6), marks=(2, 4)), random.Random(11)

    for _ in range(MUTATIONS):
        harmed = harm(data, rng)
        assert harmed != data
        assert not looked_at(harmed, SIGNER.public_key).is_sound, harmed


def test_a_chain_made_anew_with_another_key_is_not_trusted() -> None:
    forger = CheckpointSigner(b"f" * 32)
    lines = export_lines(7, Head(), chain(3), [], forger, "2026-01-02T05:00:00Z")
    data = "".join(lines).encode()

    assert looked_at(data).is_sound  # nobody said whom to trust
    assert not looked_at(data, SIGNER.public_key).is_sound


def test_a_forged_record_with_a_right_hash_breaks_the_ones_after_it() -> None:
    records = chain(4)
    body = {**records[1].body, "user": 99}
    forged = sealed(records[0].head, body, None)
    data = exported([records[0], forged, *records[2:]], marks=())

    assert any("record 3" in fault for fault in looked_at(data).faults)


def test_faults_name_the_line() -> None:
    lines = exported(chain(3), marks=()).splitlines(keepends=True)
    told = json.loads(lines[2])
    told["record"]["user"] = 5
    lines[2] = (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()

    assert looked_at(b"".join(lines)).faults == [
        "line 3 has record 2, which does not follow from the one before it"
    ]
    del lines[2]
    assert looked_at(b"".join(lines)).faults == [
        "line 3 has record 3 where 2 belongs",
        "line 3 has record 3, which does not follow from the one before it",
        "line 4 signs other checkpoints, or places of other records, than the file has",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"{\n", b'{"audit":1}\n', b"\xff\n"]
)
def test_what_is_no_export_is_told_so(data: bytes) -> None:
    assert not looked_at(data).is_sound
