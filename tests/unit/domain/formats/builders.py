"""Tasks, annotations and regions for tests of formats: valid by default, override what matters."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import Any

from chalicelib.domain.formats import registry
from chalicelib.domain.formats.contract import ExportContext, ExportOptions, LossReport, MediaSource
from chalicelib.domain.formats.control_table import ControlTable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config

IMAGES = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img">
    <Label value="Car"/><Label value="Plane" category="3"/>
  </RectangleLabels>
  <PolygonLabels name="poly" toName="img"><Label value="Tree"/></PolygonLabels>
  <EllipseLabels name="oval" toName="img"><Label value="Egg"/></EllipseLabels>
  <BrushLabels name="brush" toName="img"><Label value="Sky"/></BrushLabels>
  <Choices name="kind" toName="img"><Choice value="good"/><Choice value="bad"/></Choices>
</View>"""
TEXTS = """<View>
  <Text name="txt" value="$text"/>
  <Labels name="ner" toName="txt"><Label value="PER"/><Label value="ORG"/></Labels>
  <Choices name="kind" toName="txt"><Choice value="good"/><Choice value="bad"/></Choices>
  <TextArea name="note" toName="txt"/>
  <Rating name="stars" toName="txt"/>
</View>"""
POSES = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Person"/></RectangleLabels>
  <KeyPointLabels name="kp" toName="img">
    <Label value="nose" model_index="1"/><Label value="ear" model_index="0"/>
  </KeyPointLabels>
</View>"""
BRUSHES = """<View>
  <Image name="img" value="$image"/>
  <BrushLabels name="brush" toName="img"><Label value="Sky"/><Label value="a/b"/></BrushLabels>
</View>"""
SOUNDS = """<View>
  <Audio name="snd" value="$audio"/>
  <TextArea name="said" toName="snd"/>
</View>"""


def table(config: str) -> ControlTable:
    return ControlTable(parse_config(config))


def context(config: str, *, media: MediaSource | None = None, **options: Any) -> ExportContext:
    chosen = ExportOptions(**{"label_config": config, **options})
    return ExportContext(controls=table(config), media=media, options=chosen)


def export(
    format_id: str,
    tasks: list[dict[str, Any]],
    config: str,
    *,
    media: MediaSource | None = None,
    **options: Any,
) -> tuple[bytes, LossReport]:
    """The file in one piece and what was lost."""
    used = context(config, media=media, **options)
    data = b"".join(registry.write(registry.format_named(format_id), lambda: tasks, used))
    return data, used.losses


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def task(number: int = 1, *annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {
        "id": number,
        "data": data or {"image": f"/data/upload/1/{number:08x}-pic.jpg", "text": "so & so"},
        "meta": {},
        "annotations": list(annotations),
        "predictions": [],
        "drafts": [],
    }


def annotation(*result: dict[str, Any], number: int = 11, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "result": list(result),
        "completed_by": 3,
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 1.5,
        "created_at": f"2024-05-01T10:00:{number % 60:02}.000000Z",
        "updated_at": "2024-05-02T10:00:00.000000Z",
        **fields,
    }


def region(kind: str, value: dict[str, Any], *labels: str, **fields: Any) -> dict[str, Any]:
    name = {
        "rectanglelabels": "box",
        "polygonlabels": "poly",
        "ellipselabels": "oval",
        "brushlabels": "brush",
        "keypointlabels": "kp",
    }[kind]
    return {
        "id": "r1",
        "from_name": name,
        "to_name": "img",
        "type": kind,
        "original_width": 200,
        "original_height": 100,
        "image_rotation": 0,
        "value": {**value, kind: list(labels)},
        **fields,
    }


def box(
    *labels: str, x: float = 10, y: float = 20, w: float = 30, h: float = 40, **fields: Any
) -> dict[str, Any]:
    rotation = fields.pop("rotation", 0)
    value = {"x": x, "y": y, "width": w, "height": h, "rotation": rotation}
    return region("rectanglelabels", value, *(labels or ("Car",)), **fields)


def polygon(*points: tuple[float, float], label: str = "Tree", **fields: Any) -> dict[str, Any]:
    value = {"points": [list(point) for point in points], "closed": True}
    return region("polygonlabels", value, label, **fields)


def answer(name: str, kind: str, value: dict[str, Any], to: str = "txt", **fields: Any) -> dict[str, Any]:
    return {"id": f"a-{name}", "from_name": name, "to_name": to, "type": kind, "value": value, **fields}


def choice(*picked: str, **fields: Any) -> dict[str, Any]:
    return answer("kind", "choices", {"choices": list(picked)}, **fields)


def span(start: int, end: int, label: str, text: str = "", **fields: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return answer("ner", "labels", value, **fields)
