"""Made-up configurations and results for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

words = st.sampled_from(["Car", "Tree", "a b", "ü", "😀", "x&y", "None", "7"])
_ESCAPES = {"&": "&amp;", "<": "&lt;", '"': "&quot;"}


def attribute(name: str, value: str) -> str:
    return f'{name}="{"".join(_ESCAPES.get(letter, letter) for letter in value)}"'


@st.composite
def labels(draw: st.DrawFn, tag: str) -> str:
    parts = []
    for value in draw(st.lists(words, min_size=1, max_size=4, unique=True)):
        alias = draw(st.sampled_from(["", "", f"{value}-alias"]))
        more = attribute("alias", alias) if alias else ""
        parts.append(f"<{tag} {attribute('value', value)} {more}/>")
    return "".join(parts)


CONTROLS = ["Choices", "Labels", "Taxonomy", "TextArea", "Rating", "Number", "DateTime"]


@st.composite
def configs(draw: st.DrawFn) -> str:
    """A text with some controls, among them conditional, dynamic and nested ones."""
    parts = ['<Text name="text" value="$text"/>', '<Image name="image" value="$deep.url"/>']
    for at in range(draw(st.integers(1, 4))):
        tag = draw(st.sampled_from(CONTROLS))
        target = "image" if tag == "Labels" and draw(st.booleans()) else "text"
        item = {"Choices": "Choice", "Taxonomy": "Choice", "Labels": "Label"}.get(tag)
        inner = draw(labels(item)) if item else ""
        dynamic = draw(st.sampled_from(["", "", 'value="$options"', 'value="$op1"'])) if item else ""
        when = draw(
            st.sampled_from(
                ["", "", 'perRegion="true" whenLabelValue="Car"', 'perRegion="true" whenTagName="c0"']
            )
        )
        body = f"<View>{inner}</View>" if item and draw(st.booleans()) else inner
        parts.append(f'<{tag} name="c{at}" toName="{target}" {dynamic} {when}>{body}</{tag}>')
    return "<View>" + "".join(parts) + "</View>"


numbers = st.floats(0, 100).map(lambda number: round(number, 6))


def value_for(draw: st.DrawFn, control: Any) -> dict[str, Any]:
    """A value that the control could have written."""
    some = draw(st.lists(st.sampled_from(sorted(control.accepted_labels) or ["x"]), min_size=1, max_size=3))
    makers: dict[str, Any] = {
        "choices": lambda: {"choices": some},
        "taxonomy": lambda: {"taxonomy": [some]},
        "textarea": lambda: {"text": draw(st.lists(st.text(max_size=8), max_size=3))},
        "rating": lambda: {"rating": draw(st.integers(1, 5))},
        "number": lambda: {"number": draw(st.floats(allow_nan=False, allow_infinity=False))},
        "datetime": lambda: {"datetime": "2024-02-29"},
    }
    make = makers.get(control.result_type)
    if make is not None:
        made: dict[str, Any] = make()
        return made
    if control.to_names == ("text",):
        return {"start": 1, "end": draw(st.integers(1, 9)), "labels": some}
    return {key: draw(numbers) for key in ("x", "y", "width", "height")} | {"labels": some}


@st.composite
def results(draw: st.DrawFn, config: Any) -> list[dict[str, Any]]:
    """A result that fits the configuration, with keys that nobody knows."""
    items: list[dict[str, Any]] = []
    for at, control in enumerate(draw(st.lists(st.sampled_from(list(config.controls.values())), max_size=5))):
        item = {
            "id": f"r{at}",
            "from_name": control.name,
            "to_name": control.to_names[0],
            "type": control.result_type,
            "value": value_for(draw, control),
        }
        if draw(st.booleans()):
            item["x-unknown"] = draw(st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists))
        items.append(item)
    if len(items) > 1 and draw(st.booleans()):
        items.append({"type": "relation", "from_id": "r0", "to_id": "r1", "direction": "bi"})
    return items
