"""CoNLL, spaCy, XML and Hugging Face: what stands in the files, and that nothing slips in or out."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from nltk.tokenize import TreebankWordTokenizer
from pyarrow import parquet

from chalicelib.domain.formats.tokens import cut_at, token_places
from tests.unit.domain.formats.builders import (
    SOUNDS,
    TEXTS,
    annotation,
    answer,
    choice,
    export,
    span,
    task,
    unzip,
)
from tests.unit.domain.formats.sdk_converter import converted

NER = """<View><Text name="txt" value="$text"/><Labels name="ner" toName="txt">
  <Label value="PER"/><Label value="ORG"/></Labels></View>"""
PIECES = [
    "a",
    "b1",
    "can't",
    "cannot",
    "gonna",
    "'tis",
    "'",
    '"',
    "''",
    "``",
    ".",
    "...",
    ",",
    ":",
    "1,2",
    "--",
    "(",
]
PIECES += [
    ")",
    "[",
    " ",
    "  ",
    "?",
    "!",
    "'s",
    "n't",
    "$",
    "more'n",
    "wanna",
    "x.",
    "gimme",
    "\n",
    "-",
    "dogs'",
    "é😀",
]


def conll(*tasks: dict[str, Any]) -> list[str]:
    return export("CONLL2003", list(tasks), NER)[0].decode().splitlines()


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_tokens_are_those_of_nltk(text: str) -> None:
    assert list(token_places(text)) == list(TreebankWordTokenizer().span_tokenize(text))


@given(st.text())
def test_tokens_cover_all_but_white_space(text: str) -> None:
    covered = "".join(text[start:end] for start, end in token_places(text))

    assert covered == "".join(text.replace("\x01", " ").split())


def test_a_slash_and_a_han_character_are_tokens() -> None:
    text = "a/b 你好 かな"

    assert [text[start:end] for start, end in token_places(text)] == ["a", "/", "b", "你", "好", "か", "な"]


@given(st.lists(st.integers(0, 30), max_size=6, unique=True).map(sorted))
def test_cutting_keeps_what_the_tokens_cover(borders: list[int]) -> None:
    places = [(0, 5), (6, 7), (9, 20)]

    pieces = list(cut_at(iter(places), borders))

    assert {n for start, end in pieces for n in range(start, end)} == {
        n for a, b in places for n in range(a, b)
    }
    assert not any(start < border < end for start, end in pieces for border in borders)


def test_conll_has_what_the_sdk_converter_makes_of_the_same_tasks() -> None:
    text = "Ann Lee's IBM/ACME \"deal\" (can't) works."
    tasks = [
        task(1, annotation(span(0, 7, "PER"), span(10, 13, "ORG"), span(12, 18, "PER")), text=text),
        task(2, text="Nobody."),
        task(3, annotation(), annotation(span(0, 7, "ORG"), number=12), text="Nobody. Ever?"),
        task(4, annotation(), text=""),
    ]

    ours = export("CONLL2003", tasks, NER)[0]

    assert ours == converted("CONLL2003", tasks, NER)["result.conll"]


def test_tokens_are_cut_at_the_borders_of_spans() -> None:
    assert conll(task(1, annotation(span(1, 3, "ORG")), text="abcd e"))[1:4] == [
        "a -X- _ O",
        "bc -X- _ B-ORG",
        "d -X- _ O",
    ]


def test_two_spans_in_one_token_are_both_kept() -> None:
    lines = conll(task(1, annotation(span(0, 2, "PER"), span(2, 4, "ORG")), text="abcd"))

    assert lines[1:3] == ["ab -X- _ B-PER", "cd -X- _ B-ORG"]


def test_offsets_hold_after_an_emoji() -> None:
    assert "Ann -X- _ B-PER" in conll(task(1, annotation(span(3, 6, "PER")), text="😀👍 Ann"))


def test_overlaps_and_broken_spans_are_reported() -> None:
    odd = [span(0, 3, "PER"), span(1, 2, "ORG"), span(5, 2, "PER"), span(0, 99, "PER"), span(-1, 2, "PER")]

    losses = export("CONLL2003", [task(1, annotation(*odd), text="abc def")], NER)[1]

    assert losses.counts == {
        "span that overlaps an earlier one": 1,
        "span without a place in the text": 2,
        "span past the end of the text": 1,
    }


def test_spacy_has_entities_spans_and_categories() -> None:
    made = annotation(span(0, 3, "PER"), span(0, 7, "ORG"), choice("good"), number=12)

    data, losses = export("SPACY", [task(1, made, text="Ann Lee")], TEXTS)

    assert json.loads(data) == {
        "text": "Ann Lee",
        "entities": [[0, 7, "ORG"]],
        "spans": {"sc": [[0, 7, "ORG"], [0, 3, "PER"]]},
        "cats": {"good": 1.0, "bad": 0.0},
        "meta": {"task": 1, "annotation": 12, "annotator": 3},
    }
    assert not losses.counts


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=8))
def test_spacy_entities_never_overlap(places: list[tuple[int, int]]) -> None:
    spans = [span(start, start + size, "PER", id=str(n)) for n, (start, size) in enumerate(places)]

    document = json.loads(export("SPACY", [task(1, annotation(*spans), text="x" * 40)], NER)[0])

    entities = document["entities"]
    assert all(one[1] <= other[0] for one, other in pairwise(entities))
    assert len(document["spans"]["sc"]) == len(places)


@given(
    st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()), max_size=4
    )
)
@settings(max_examples=60)
def test_xml_is_well_formed_and_holds_the_data(data: dict[str, Any]) -> None:
    made = annotation(
        span(0, 1, "PER"), {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi"}
    )

    root = etree.fromstring(export("XML", [{**task(1, made), "data": data}], TEXTS, project_id=4)[0])

    assert root.get("project") == "4"
    assert len(root.findall("task/data/field")) == len(data)
    assert [item.get("type") for item in root.findall(".//result")] == ["labels", "relation"]


def test_xml_values_say_their_type() -> None:
    tasks = [
        task(7, annotation(span(0, 2, "PER"), score=None), n=5, f=1.5, b=True, x=None, j=[1], s="a\r\n<b>&")
    ]

    root = etree.fromstring(export("XML", tasks, TEXTS)[0])

    fields = {
        field.get("name"): (field.get("type"), field.text) for field in root.iterfind("task/data/field")
    }
    assert fields == {
        "n": ("int", "5"),
        "f": ("float", "1.5"),
        "b": ("bool", "true"),
        "x": ("null", None),
        "j": ("json", "[1]"),
        "s": (None, "a\r\n<b>&"),
    }


@pytest.mark.parametrize("character", ["\0", "\x08", "\x1f", "\ufffe", "\ud800"])
def test_characters_that_xml_forbids_are_dropped_and_reported(character: str) -> None:
    data, losses = export("XML", [task(1, text=f"a{character}b")], TEXTS)

    assert etree.fromstring(data).findtext("task/data/field") == "ab"
    assert losses.counts == {"characters that XML forbids": 1}


def test_hugging_face_columns_have_one_type_each() -> None:
    tasks = [
        task(
            1, annotation(choice("good"), answer("stars", "rating", {"rating": 4})), text="a", n=1, mixed="x"
        ),
        task(2, annotation(choice("good", "bad"), number=12), text="b", n=1.5, mixed=5),
        task(3, text="c"),
    ]

    files = unzip(export("HF_DATASET", tasks, TEXTS, project_id=4)[0])

    rows = parquet.read_table(io.BytesIO(files["data/train-00000-of-00001.parquet"])).to_pylist()
    assert [row["kind"] for row in rows] == [["good"], ["good", "bad"], None]
    assert [row["n"] for row in rows] == [1.0, 1.5, None]
    assert [row["mixed"] for row in rows] == ['"x"', "5", None]
    assert [row["stars"] for row in rows] == ['[{"rating":4}]', None, None]
    assert len({tuple(row) for row in rows}) == 1
    assert "token-classification" in files["README.md"].decode()


def test_clips_without_a_transcription_get_nobody_elses() -> None:
    def said(*texts: str) -> dict[str, Any]:
        return answer("said", "textarea", {"text": list(texts)}, to="snd", original_length=1.25)

    tasks = [
        task(1, annotation(said("hello", "more")), audio="s3://b/a.wav"),
        task(2, annotation(), audio="s3://b/b.wav"),
        task(3, annotation(said("bye")), audio="s3://c/a.wav"),
    ]

    data, losses = export("ASR_MANIFEST", tasks, SOUNDS)

    lines = [json.loads(line) for line in unzip(data)["manifest.json"].splitlines()]
    assert [(line["audio_filepath"], line["text"], line["duration"]) for line in lines] == [
        ("audio/a.wav", "hello", 1.25),
        ("audio/a-task-3.wav", "bye", 1.25),
    ]
    assert losses.counts == {"clip without a transcription": 1}
