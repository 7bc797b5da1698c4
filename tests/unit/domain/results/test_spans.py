"""Laws of text offsets: both units agree with Python's own encoding; XPaths find their text again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.results.spans import (
    Utf16Index,
    from_utf16,
    global_offset,
    text_nodes,
    to_utf16,
    xpath_offset,
)

texts = st.text(st.sampled_from("aé☃😀👍🏽\n "), max_size=40)


@given(texts)
def test_offsets_agree_with_the_encoding_and_round_trip(text: str) -> None:
    index = Utf16Index(text)
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le")) // 2
        assert index.units(offset) == units
        assert index.code_points(units) == offset
    assert index.length == len(text.encode("utf-16-le")) // 2


def test_an_offset_inside_a_pair_counts_as_its_start() -> None:
    assert from_utf16("a😀b", 2) == 1
    assert from_utf16("a😀b", 3) == 2
    assert to_utf16("a😀b", 2) == 3


def test_paths_are_those_of_the_rendered_content() -> None:
    nodes = text_nodes("<div><p>one</p>two<br>three<p>fo<b>u</b>r</p></div>")
    assert [(node.path, node.text) for node in nodes] == [
        ("/div[1]/p[1]/text()[1]", "one"),
        ("/div[1]/text()[1]", "two"),
        ("/div[1]/text()[2]", "three"),
        ("/div[1]/p[2]/text()[1]", "fo"),
        ("/div[1]/p[2]/b[1]/text()[1]", "u"),
        ("/div[1]/p[2]/text()[2]", "r"),
    ]


@given(st.lists(texts.map(lambda text: text.replace("\n", " ")), max_size=6), st.data())
def test_a_global_offset_finds_its_node_again(parts: list[str], data: st.DataObject) -> None:
    nodes = text_nodes("".join(f"<p>{part}</p>" for part in parts))
    whole = "".join(node.text for node in nodes)
    assert whole == "".join(parts)
    offset = data.draw(st.integers(0, len(whole)))
    found = xpath_offset(nodes, offset, end=offset == len(whole))
    if found is None:
        assert not whole
        return
    assert global_offset(nodes, *found) == offset


def test_between_two_nodes_a_start_is_in_the_later_and_an_end_in_the_earlier() -> None:
    nodes = text_nodes("<p>one</p><p>two</p>")
    assert xpath_offset(nodes, 3) == ("/p[2]/text()[1]", 0)
    assert xpath_offset(nodes, 3, end=True) == ("/p[1]/text()[1]", 3)
    assert xpath_offset(nodes, 7) is None
    assert global_offset(nodes, "/div[1]/text()[1]", 0) is None
