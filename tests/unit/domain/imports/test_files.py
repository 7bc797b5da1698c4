"""Files as tasks: kinds, encodings, tables, JSON, and every fault with its line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.imports import FileKind, ImportOptions, Limits, Problem, TaskIn, detect, read_tasks
from chalicelib.domain.imports.contract import UNNAMED, UnreadableError
from chalicelib.domain.imports.json_values import json_values
from tests.unit.domain.formats.builders import TEXTS, export, task


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, as networks do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size, 7) if size and size > 0 else size)


def read(name: str, content: bytes | str, **options: Any) -> list[TaskIn | Problem]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_tasks(name, io.BytesIO(data), options=ImportOptions(**options)))


def datas(name: str, content: bytes | str, **options: Any) -> list[Any]:
    found = read(name, content, **options)
    assert not [entry for entry in found if isinstance(entry, Problem)]
    return [entry.data for entry in found if isinstance(entry, TaskIn)]


def problem(name: str, content: bytes | str, **options: Any) -> Problem:
    (found,) = [entry for entry in read(name, content, **options) if isinstance(entry, Problem)]
    assert found.file == name
    return found


# --- JSON -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '[{"text":"a"},{"text":"b"}]',
        ' \n[ {"text" : "a"} ,\n {"text":"b"} ]\n ',
        '{"text":"a"}\n{"text":"b"}\n',
        '{"text":"a"} {"text":"b"}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_is_read_in_all_its_forms(text: str, encoding: str) -> None:
    assert datas("t.json", text.encode(encoding)) == [{"text": "a"}, {"text": "b"}]


def test_wrapped_tasks_keep_what_they_bring() -> None:
    item = {
        "data": {"text": "a"},
        "meta": {"k": 1},
        "annotations": [{"result": []}],
        "allow_skip": False,
        "id": 9,
    }

    (found,) = read("t.json", json.dumps(item))

    assert isinstance(found, TaskIn)
    assert (found.data, found.meta, found.annotations) == ({"text": "a"}, {"k": 1}, [{"result": []}])
    assert found.wrapped
    assert not found.allow_skip


def test_an_item_with_empty_data_is_the_data_itself() -> None:
    assert datas("t.json", '{"data": {}, "x": 1}') == [{"data": {}, "x": 1}]


BROKEN_JSON: dict[str, tuple[str | bytes, int, str]] = {
    "nan": ('[{"a":\n NaN}]', 1, "NaN"),
    "infinity": ('[{"a": -Infinity}]', 1, "Infinity"),
    "number too large": ('[{"a": 1e999}]', 1, "too large"),
    "integer without end": ('[{"a": ' + "9" * 5000 + "}]", 1, "too large"),
    "lone surrogate": ('[{"a": "\\ud800"}]', 1, "surrogate"),
    "duplicate key": ('[{"x": 1},\n{"a": 1, "a": 2}]', 2, '"a" occurs twice'),
    "cut off in a list": ('[{"a": 1},\n{"a"', 2, "JSON"),
    "cut off in a text": ('[{"a": 1},\n{"a": "xx', 2, "JSON"),
    "cut off after an item": ('[{"a": 1}\n', 2, "end of the file"),
    "comma at the end": ('[{"a": 1},]', 1, "JSON"),
    "two lists": ('[{"a": 1}]\n[]', 2, "more text"),
    "no comma": ('[{"a": 1}\n{"a": 2}]', 2, "expected"),
    "single quotes": ("[{'a': 1}]", 1, "JSON"),
    "bad escape": ('[{"a": "\\x"}]', 1, "JSON"),
    "control character": ('[{"a": "\x01"}]', 1, "JSON"),
    "deep lists": ('[{"a": ' + "[" * 5000 + "]" * 5000 + "}]", 1, "nested deeper"),
    "rather deep lists": ('[{"a": ' + "[" * 201 + "]" * 201 + "}]", 1, "nested deeper"),
    "deep objects": ('{"a":' * 100_000, 1, "nested deeper"),
    "endless item": ('[{"a": "' + "x" * 50_000, 1, "longer than"),
    "not UTF-8": (b'[{"a": 1},\n{"a": "\xe9"}]', 2, "UTF-8"),
    "NUL": (b'[{"a": "\x00"}]', 1, "NUL"),
}


@pytest.mark.parametrize("case", BROKEN_JSON)
def test_broken_json_is_told_with_its_line(case: str) -> None:
    text, line, message = BROKEN_JSON[case]

    found = problem("t.json", text, limits=Limits(item_characters=20_000))

    assert message in found.message
    assert found.line == line
    assert found.stops


@pytest.mark.parametrize("text", ["", " ", "[]", "\ufeff", "\n\n"])
def test_files_without_tasks_are_a_problem(text: str) -> None:
    assert problem("t.json", text).code == "empty"


@given(
    st.lists(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
            max_leaves=10,
        ),
        max_size=8,
    ),
    st.integers(1, 9),
    st.booleans(),
)
def test_values_are_the_same_however_the_text_is_cut(values: list[Any], size: int, ascii_only: bool) -> None:
    text = json.dumps(values, ensure_ascii=ascii_only, indent=1)
    chunks = [text[at : at + size] for at in range(0, len(text), size)]

    assert [value for _, value in json_values(chunks, Limits())] == values


@pytest.mark.parametrize("values", [[False, False], [1, 2.5], [True], [-1e5, 0]])
def test_numbers_and_words_at_the_end_of_a_chunk_are_whole(values: list[Any]) -> None:
    text = json.dumps(values, indent=1)

    for size in range(1, len(text) + 1):
        chunks = [text[at : at + size] for at in range(0, len(text), size)]
        assert [value for _, value in json_values(chunks, Limits())] == values


def test_lines_of_items_are_right_however_the_text_is_cut() -> None:
    text = "[\n" + ",\n".join(f'{{"n": {n},\n"x": "{"y" * n}"}}' for n in range(50)) + "]"

    for size in (1, 7, 64, 5000):
        chunks = [text[at : at + size] for at in range(0, len(text), size)]
        assert [line for line, _ in json_values(chunks, Limits())] == [2 + 2 * n for n in range(50)]


def test_an_export_is_read_back() -> None:
    tasks = [task(n, text=f"t{n} 😀") for n in range(300)]

    for form, name in (("JSON", "t.json"), ("JSONL", "t.jsonl")):
        assert datas(name, export(form, tasks, TEXTS)[0]) == [entry["data"] for entry in tasks]


# --- JSON lines -------------------------------------------------------------------------------------


def test_bad_lines_are_told_and_the_others_read() -> None:
    found = read("t.jsonl", '{"a":1}\n\n{"a":\n{"a":2} x\n{"a":3}')

    assert [entry.data for entry in found if isinstance(entry, TaskIn)] == [{"a": 1}, {"a": 3}]
    assert [entry.line for entry in found if isinstance(entry, Problem)] == [3, 4]


# --- tables -----------------------------------------------------------------------------------------


def test_text_stays_as_written_and_whole_integer_columns_become_numbers() -> None:
    text = "text,n,zip,mixed,na,some\nx,0,007,1,NA,1\ny,-5,8,1.0,null,\n"

    assert datas("t.csv", text) == [
        {"text": "x", "n": 0, "zip": "007", "mixed": "1", "na": "NA", "some": "1"},
        {"text": "y", "n": -5, "zip": "8", "mixed": "1.0", "na": "null", "some": ""},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_line_ends_and_encodings_are_found_out(delimiter: str, end: str, encoding: str) -> None:
    lines = [delimiter.join(row) for row in (["text", "größe"], ['"a, b; c | d"', "1"], ["ü\u2028\x85", "2"])]

    found = datas("t.csv", (end.join(lines) + end).encode(encoding))

    assert found == [{"text": "a, b; c | d", "größe": 1}, {"text": "ü\u2028\x85", "größe": 2}]


def test_quoted_cells_hold_line_ends_and_quotes() -> None:
    assert datas("t.csv", 'a,b\r\n"1\r\n2","say ""so"""\r\n') == [{"a": "1\r\n2", "b": 'say "so"'}]


def test_one_column_is_no_table_of_commas() -> None:
    assert datas("t.csv", "text\nhello\nbye\n") == [{"text": "hello"}, {"text": "bye"}]


def test_ragged_rows_are_told_with_their_lines() -> None:
    found = read("t.csv", 'a,b\n1,2\n"x\ny",2,3\n4\n5,6\n')

    assert [(entry.line, entry.message) for entry in found if isinstance(entry, Problem)] == [
        (3, "3 cells where the header has 2"),
        (5, "1 cells where the header has 2"),
    ]
    read_rows = [entry.data for entry in found if isinstance(entry, TaskIn)]
    assert read_rows == [{"a": "1", "b": "2"}, {"a": "5", "b": "6"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,a\n1,2\n", 'two columns are called "a"'),
        ('a,b\n"1,2\n', "not a valid table"),
        ('a,b\n"1"x,2\n', "not a valid table"),
        ("a\n" + "x" * 50_000, "longer than"),
        ("\n\n", "empty"),
        ("a,b\n", "No tasks added"),
    ],
)
def test_broken_tables_are_told(text: str, message: str) -> None:
    assert message in problem("t.csv", text, limits=Limits(item_characters=20_000)).message


def test_cells_guarded_by_our_own_export_come_back() -> None:
    tasks = [task(1, text="=1+1"), task(2, text="'=1")]

    found = datas("t.csv", export("CSV", tasks, TEXTS)[0])

    assert [entry["text"] for entry in found] == ["=1+1", "'=1"]
    assert datas("t.csv", "text,b\n'=1,x\n") == [{"text": "'=1", "b": "x"}]


def test_a_table_can_be_one_task() -> None:
    assert datas("t.csv", "a,b\n1,2\n", as_tasks_list=False, address="/data/upload/1/t.csv") == [
        {UNNAMED: "/data/upload/1/t.csv"}
    ]


# --- texts and media --------------------------------------------------------------------------------


def test_text_lines_end_at_line_feeds_and_returns_only() -> None:
    text = "\ufeffone\r\n\r\n  \ntwo\u2028still two\x0bstill\x85two\rthree"

    assert [entry[UNNAMED] for entry in datas("t.txt", text)] == [
        "one",
        "two\u2028still two\x0bstill\x85two",
        "three",
    ]


def test_html_is_one_task_with_its_text() -> None:
    assert datas("t.HTML", "<b>x</b>\n<i>") == [{UNNAMED: "<b>x</b>\n<i>"}]


@pytest.mark.parametrize("name", ["a.PNG", "a.jpeg", "b.mp3", "c.pdf", "d.svg"])
def test_media_is_one_task_with_the_address(name: str) -> None:
    heads = {
        "PNG": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0",
        "pdf": b"%PDF-1.7",
        "svg": b"<svg/>",
        "mp3": b"\xff\xfb",
    }

    found = datas(name, heads[name.split(".")[1]], address=f"/data/upload/1/{name}")

    assert found == [{UNNAMED: f"/data/upload/1/{name}"}]


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("A.CSV", b"a,b", FileKind.CSV),
        ("a.tar.gz", b"\x1f\x8b", FileKind.TAR),
        ("a.tgz", b"\x1f\x8b", FileKind.TAR),
        ("a.ndjson", b"{}", FileKind.JSONL),
        ("a.json", b'{"images": [], "annotations": [', FileKind.COCO),
        ("a.json", b'[{"images": 1}]', FileKind.JSON),
        ("noname", b"[1]", FileKind.JSON),
        ("noname", b"hello", FileKind.TXT),
        ("noname", b"\xff\xd8\xff", FileKind.MEDIA),
        ("dir.csv/a.txt", b"x", FileKind.TXT),
    ],
)
def test_kinds_are_told_by_name_and_content(name: str, head: bytes, kind: FileKind) -> None:
    assert detect(name, head) is kind


@pytest.mark.parametrize(
    ("name", "head", "message"),
    [
        ("a.exe", b"MZ", ".exe extension is not supported"),
        ("a.csv", b"PK\x03\x04", "called .csv, but its content is a .zip file"),
        ("a.json", b"\x89PNG\r\n\x1a\n", "called .json, but its content is a .png file"),
        ("a.png", b"MZ\x90", "called .png, but its content is a .exe file"),
        ("a.png", b"<script>", "called .png, but its content is something else"),
        ("a.mp4", b"PK\x03\x04", "called .mp4"),
        ("a", b"MZ\x90", ".exe extension is not supported"),
        ("a.txt", b"", "the file is empty"),
    ],
)
def test_names_that_lie_are_refused(name: str, head: bytes, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        detect(name, head)
    assert message in caught.value.message


def test_too_many_tasks_stop_the_file() -> None:
    found = read("t.txt", "a\nb\nc", limits=Limits(tasks=2))

    assert isinstance(found[-1], Problem)
    assert found[-1].code == "too_many_tasks"


def test_too_large_a_file_stops() -> None:
    assert problem("t.txt", b"a" * 2000, limits=Limits(bytes=1000)).code == "too_large"


def test_slow_streams_give_the_same_tasks() -> None:
    data = json.dumps([{"text": "é😀" * 50}] * 40, ensure_ascii=False).encode("utf-16")

    found = list(read_tasks("t.json", Trickle(data), options=ImportOptions()))

    assert [entry.data for entry in found if isinstance(entry, TaskIn)] == [{"text": "é😀" * 50}] * 40
