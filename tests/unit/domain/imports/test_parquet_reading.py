"""Parquet read by hand, against pyarrow: every type, encoding, codec and nesting that it writes."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from chalicelib.domain.formats.parquet import parquet_bytes
from chalicelib.domain.imports.parquet import ParquetError, ParquetFile, codecs, rows

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INT64 = st.integers(-(2**63), 2**63 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)
FLOAT = st.floats(allow_nan=False)
MOMENTS = st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001 - the file says the zone

COLUMNS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXT),
    "bytes": (pa.binary(), st.binary(max_size=12)),
    "fixed": (pa.binary(3), st.binary(min_size=3, max_size=3)),
    "int64": (pa.int64(), INT64),
    "int32": (pa.int32(), INT32),
    "int8": (pa.int8(), st.integers(-128, 127)),
    "uint8": (pa.uint8(), st.integers(0, 255)),
    "uint32": (pa.uint32(), st.integers(0, 2**32 - 1)),
    "uint64": (pa.uint64(), st.integers(0, 2**64 - 1)),
    "double": (pa.float64(), FLOAT),
    "float": (pa.float32(), st.floats(allow_nan=False, width=32)),
    "half": (pa.float16(), st.floats(allow_nan=False, width=16)),
    "bool": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "time_ms": (
        pa.time32("ms"),
        st.times().map(lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)),
    ),
    "time_us": (pa.time64("us"), st.times()),
    "stamp_ms": (pa.timestamp("ms"), MOMENTS.map(lambda m: m.replace(microsecond=0))),
    "stamp_us": (pa.timestamp("us", tz="UTC"), MOMENTS.map(lambda m: m.replace(tzinfo=UTC))),
    "decimal": (pa.decimal128(12, 3), st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-3))),
    "wide_decimal": (pa.decimal128(38, 0), st.integers(-(10**30), 10**30).map(Decimal)),
    "nothing": (pa.null(), st.none()),
    "texts": (pa.list_(pa.string()), st.lists(st.none() | TEXT, max_size=4)),
    "lists": (pa.list_(pa.list_(pa.int64())), st.lists(st.none() | st.lists(INT64, max_size=3), max_size=3)),
    "group": (
        pa.struct({"a": pa.int64(), "b": pa.struct({"c": pa.string()})}),
        st.fixed_dictionaries(
            {"a": st.none() | INT64, "b": st.none() | st.fixed_dictionaries({"c": st.none() | TEXT})}
        ),
    ),
    "boxes": (
        pa.list_(pa.struct({"label": pa.string(), "bbox": pa.list_(pa.float64())})),
        st.lists(
            st.fixed_dictionaries({"label": st.none() | TEXT, "bbox": st.lists(FLOAT, max_size=4)}),
            max_size=3,
        ),
    ),
    "map": (pa.map_(pa.string(), pa.int64()), st.dictionaries(TEXT, st.none() | INT64, max_size=3)),
    "numbered": (pa.map_(pa.int64(), pa.string()), st.dictionaries(INT64, TEXT, min_size=1, max_size=3)),
}


def expected(value: Any, kind: pa.DataType) -> Any:
    """What pyarrow gives, in JSON's words."""
    if value is None:
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if pa.types.is_map(kind):
        pairs = dict(value)
        return pairs if pa.types.is_string(kind.key_type) else [[*each] for each in pairs.items()]
    if pa.types.is_list(kind):
        return [expected(each, kind.value_type) for each in value]
    if pa.types.is_struct(kind):
        return {field.name: expected(value[field.name], field.type) for field in kind}
    return value


def read(data: bytes) -> list[dict[str, Any]]:
    return list(ParquetFile(io.BytesIO(data), max_bytes=1 << 24).rows())


def written(table: pa.Table, **how: Any) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(table, stream, **how)
    return stream.getvalue()


@pytest.mark.parametrize("name", COLUMNS)
@given(data=st.data())
def test_every_kind_of_column_is_read_as_it_was_written(name: str, data: st.DataObject) -> None:
    kind, made = COLUMNS[name]
    values = data.draw(st.lists(st.none() | made, max_size=40))
    how = data.draw(
        st.fixed_dictionaries(
            {
                "compression": st.sampled_from(["none", "snappy", "gzip", "zstd"]),
                "data_page_version": st.sampled_from(["1.0", "2.0"]),
                "use_dictionary": st.booleans(),
                "row_group_size": st.sampled_from([7, 1000]),
                "data_page_size": st.sampled_from([1, 1 << 20]),
            }
        )
    )
    table = pa.table({"v": pa.array(values, kind)})

    found = [row["v"] for row in read(written(table, write_batch_size=3, **how))]

    assert found == [expected(value, kind) for value in table["v"].to_pylist(maps_as_pydicts="strict")]


ENCODINGS = [
    *product(["int64", "int32"], ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]),
    *product(["text", "bytes"], ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]),
    *product(["double", "float", "half"], ["PLAIN", "BYTE_STREAM_SPLIT"]),
    *product(["fixed"], ["PLAIN", "BYTE_STREAM_SPLIT", "DELTA_BYTE_ARRAY"]),
    *product(["bool"], ["PLAIN", "RLE"]),
]


@pytest.mark.parametrize(("name", "encoding"), ENCODINGS)
@given(data=st.data())
def test_every_encoding_is_read(name: str, encoding: str, data: st.DataObject) -> None:
    kind, made = COLUMNS[name]
    values = data.draw(st.lists(st.none() | made, max_size=300))
    version = data.draw(st.sampled_from(["1.0", "2.0"]))

    made_file = written(
        pa.table({"v": pa.array(values, kind)}),
        use_dictionary=False,
        column_encoding={"v": encoding},
        data_page_version=version,
    )

    assert [row["v"] for row in read(made_file)] == values


def test_long_columns_come_in_many_pages_and_groups() -> None:
    values = [{"n": n, "t": f"{n % 17}" * (n % 90), "l": [n] * (n % 4)} for n in range(20_000)]

    made = written(pa.Table.from_pylist(values), row_group_size=6000, data_page_size=2000)

    assert read(made) == values


def test_nanoseconds_and_old_timestamps_are_kept() -> None:
    moments = pa.array([1_000_000_001, -1, 5_000], pa.timestamp("ns"))
    table = pa.table({"v": moments})

    assert [row["v"] for row in read(written(table))] == [
        "1970-01-01T00:00:01.000000001",
        "1969-12-31T23:59:59.999999999",
        "1970-01-01T00:00:00.000005",
    ]
    assert [row["v"] for row in read(written(table, use_deprecated_int96_timestamps=True))] == [
        "1970-01-01T00:00:01.000000001",
        "1969-12-31T23:59:59.999999999",
        "1970-01-01T00:00:00.000005",
    ]


def test_our_own_files_are_read() -> None:
    values: list[dict[str, Any]] = [{"a": "ü", "n": 1, "l": ["x", "y"]}, {"a": None, "n": None, "l": None}]
    made = b"".join(parquet_bytes(values, {"a": "string", "n": "int64", "l": "strings"}, metadata={}))

    assert read(made) == values


@given(st.binary(max_size=3000), st.integers(1, 400))
def test_snappy_gives_back_what_it_packed(data: bytes, times: int) -> None:
    whole = data * (times if len(data) < 100 else 1)
    packed = pa.compress(whole, codec="snappy", asbytes=True)

    assert codecs.unpack(1, packed, len(whole)) == whole


@pytest.mark.parametrize("codec", ["brotli", "lz4"])
def test_a_codec_that_is_not_read_is_named(codec: str) -> None:
    with pytest.raises(ParquetError, match="which is not read here") as caught:
        read(written(pa.table({"v": [1]}), compression=codec))

    assert codec in str(caught.value).lower()


SAMPLE = written(
    pa.table(
        {
            "t": ["a", None, "ccc"] * 30,
            "l": pa.array([["x", None], [], None] * 30, pa.list_(pa.string())),
            "n": [1, 2, None] * 30,
            "d": [date(2026, 1, 1), None, date(2026, 1, 2)] * 30,
        }
    ),
    compression="snappy",
    row_group_size=40,
)


def mutations(data: bytes) -> Iterator[bytes]:
    yield from (data[:size] for size in range(0, len(data), 7))
    for place in range(0, len(data), 3):
        for other in (0, 0xFF, data[place] ^ 1, data[place] ^ 0x80):
            yield data[:place] + bytes((other,)) + data[place + 1 :]


def test_what_is_broken_is_told_and_never_runs_away() -> None:
    told = 0
    for broken in mutations(SAMPLE):
        try:
            assert len(read(broken)) <= 10_000
        except ParquetError as error:
            told += bool(str(error))

    assert told > 1000


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_between_the_marks_are_told(middle: bytes) -> None:
    size = len(middle).to_bytes(4, "little")

    with pytest.raises(ParquetError):
        assume(read(b"PAR1" + middle + size + b"PAR1") != [])


def test_a_row_may_not_have_more_values_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_VALUES_A_ROW", 1000)
    made = written(pa.table({"l": [[1] * 5000]}))

    with pytest.raises(ParquetError, match="more values"):
        read(made)


def test_a_page_may_not_be_larger_than_a_file() -> None:
    made = written(pa.table({"t": ["a" * 5000]}))

    with pytest.raises(ParquetError, match="larger"):
        list(ParquetFile(io.BytesIO(made), max_bytes=1000).rows())


def test_columns_that_say_the_same_a_million_times_take_no_room() -> None:
    count = 1_000_000
    made = written(pa.table({f"c{n}": pa.array(["same"] * count) for n in range(20)}), row_group_size=count)
    file = ParquetFile(io.BytesIO(made), max_bytes=1 << 24)

    assert next(file.rows()) == {f"c{n}": "same" for n in range(20)}


def test_many_columns_of_large_pages_are_too_much_at_once() -> None:
    wide = {f"c{n}": ["x" * 1_000_000] for n in range(20)}
    made = written(pa.table(wide), compression="zstd", use_dictionary=False)

    assert len(made) < 100_000
    with pytest.raises(ParquetError, match="held at once"):
        read(made)


def test_numbers_that_are_none_stay_what_they_are() -> None:
    (row,) = read(written(pa.table({"v": [math.nan]})))

    assert math.isnan(row["v"])


def test_an_interval_of_time_is_a_number_of_its_unit() -> None:
    (row,) = read(written(pa.table({"v": [timedelta(seconds=2)]})))

    assert row["v"] == 2_000_000
