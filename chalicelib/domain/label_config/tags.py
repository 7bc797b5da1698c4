"""The table of tags: what the labeling language knows about each of its words.

One row per tag: role, attributes with type and default, result types, the objects it works on, the tags
it must stand in. Everything else (checks, warnings, result schemas, the docs) reads this table; no other
module names a tag's attributes. `docs/label-configs.md` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

AttributeKind = Literal["text", "value", "number", "boolean", "enum", "list", "hotkey", "name", "names"]
Role = Literal["object", "control", "visual", "part"]


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """How an attribute's text is read, and what holds when it is not written.

    `value` takes a `$variable`; `list` and `names` are comma separated; `enum` is one of `values`, any case.
    """

    name: str
    kind: AttributeKind = "text"
    default: str | float | bool | None = None
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class TagSpec:
    """One tag. `attributes` is keyed by the lower-case name, for the editor reads any case.

    `objects` None means any object; `parents` None means anywhere. `geometry` names the region shapes that
    a control draws (`chalicelib.domain.results.kinds`). `self_reporting` objects write results themselves.
    """

    name: str
    role: Role
    attributes: Mapping[str, AttributeSpec]
    result_type: str = ""
    objects: tuple[str, ...] | None = None
    parents: tuple[str, ...] | None = None
    makes_regions: bool = False
    has_labels: bool = False
    self_reporting: bool = False
    content: Literal["none", "text", "markup"] = "none"
    other_names: tuple[str, ...] = field(default=())


@cache
def _attribute(text: str) -> AttributeSpec:
    """Read `name[*][:kind][=default]`; a kind of `a|b|c` is an enum."""
    head, has_default, default = text.partition("=")
    name, _, kind = head.partition(":")
    required = name.endswith("*")
    name = name.rstrip("*")
    if "|" in kind:
        return AttributeSpec(name, "enum", default or None, tuple(kind.split("|")), required)
    if kind == "boolean":
        return AttributeSpec(name, "boolean", default == "true" if has_default else None, (), required)
    if kind == "number":
        return AttributeSpec(name, "number", float(default) if has_default else None, (), required)
    known: AttributeKind = kind or "text"  # type: ignore[assignment]
    return AttributeSpec(name, known, default if has_default else None, (), required)


def _attributes(*groups: str) -> Mapping[str, AttributeSpec]:
    specs = (_attribute(word) for group in groups for word in group.split())
    return {spec.name.lower(): spec for spec in specs}


_LOOK = "style className idAttr"
_WHEN = (
    "visibleWhen:region-selected|no-region-selected|choice-selected|choice-unselected "
    "whenTagName whenLabelValue whenChoiceValue whenRole"
)
_OBJECT = f"name*:name value*:value {_LOOK}"
_NAMED = f"name*:name toName*:names {_LOOK} {_WHEN}"
_CLASSIFY = (
    f"{_NAMED} required:boolean=false requiredMessage perRegion:boolean=false perItem:boolean=false "
    "displayMode:tag|region-list=tag title"
)
_LABELS = (
    "choice:single|multiple=single maxUsages:number showInline:boolean=true allowEmpty:boolean=false "
    "value:value groupDepth:number required:boolean=false requiredMessage perRegion:boolean=false "
    "hotkey:hotkey zoom:boolean fillOpacity:number"
)
_SHAPE = "opacity:number=0.2 fillColor=#f48a42 strokeColor=#f48a42 strokeWidth:number=1 fillOpacity:number"
_SMART = "smart:boolean=true smartOnly:boolean=false"
_SNAP = "snap:none|pixel=none"
_POINTS = "pointSize:small|medium|large=small pointStyle:rectangle|circle=circle"
_VECTOR = (
    f"{_SHAPE} {_POINTS} {_SNAP} closable:boolean=false curves:boolean=false skeleton:boolean=false "
    f"minPoints:number maxPoints:number pointSizeEnabled:number=5 pointSizeDisabled:number=3 {_SMART}"
)
_KEYPOINT = "opacity:number=0.9 fillColor=#8bad00 strokeColor=#8bad00 strokeWidth:number=2 fillOpacity:number"
_TEXTUAL = (
    "valueType:text|url=text saveTextResult:yes|no encoding:none|base64|base64unicode=none "
    "selectionEnabled:boolean=true highlightColor showLabels:boolean=true "
    "granularity:symbol|word|sentence|paragraph=symbol resolver"
)


def _object(name: str, *attributes: str, **more: object) -> TagSpec:
    return TagSpec(name, "object", _attributes(_OBJECT, *attributes), **more)  # type: ignore[arg-type]


def _classifier(name: str, *attributes: str, **more: object) -> TagSpec:
    return TagSpec(name, "control", _attributes(_CLASSIFY, *attributes), name.lower(), **more)  # type: ignore[arg-type]


def _region_tag(name: str, objects: str, *attributes: str, labels: bool = False) -> TagSpec:
    groups = (_NAMED, *attributes, *((_LABELS,) if labels else ()))
    return TagSpec(
        name,
        "control",
        _attributes(*groups),
        name.lower(),
        objects=tuple(objects.split()),
        makes_regions=True,
        has_labels=labels,
    )


def _region_pair(name: str, objects: str, *attributes: str) -> tuple[TagSpec, TagSpec]:
    """The tool without labels and its twin with them."""
    return (
        _region_tag(name, objects, *attributes),
        _region_tag(f"{name}Labels", objects, *attributes, labels=True),
    )


def _part(name: str, parents: str, *attributes: str) -> TagSpec:
    return TagSpec(name, "part", _attributes(*attributes), parents=tuple(parents.split()))


def _visual(name: str, *attributes: str, content: Literal["none", "text", "markup"] = "none") -> TagSpec:
    return TagSpec(name, "visual", _attributes(f"name:name {_LOOK}", *attributes), content=content)


_OBJECTS = (
    _object("Text", _TEXTUAL, "inline:boolean"),
    TagSpec(
        "HyperText",
        "object",
        _attributes(_OBJECT, _TEXTUAL, "inline:boolean=false clickableLinks:boolean=false"),
        content="markup",
        other_names=("HTML",),
    ),
    _object(
        "Paragraphs",
        "valueType:json|url=json layout:none|dialogue=none nameKey=author textKey=text audioUrl:value sync",
        "showPlayer:boolean=false saveTextResult:yes|no=yes contextScroll:boolean=false",
        "granularity:symbol|word|sentence|paragraph=symbol highlightColor",
    ),
    TagSpec(
        "Image",
        "object",
        _attributes(
            f"name*:name value:value valueList:value {_LOOK} width=100% maxWidth=100% height maxHeight",
            "zoom:boolean=true negativeZoom:boolean=false zoomBy:number=1.1 zoomControl:boolean=true",
            "brightnessControl:boolean=false contrastControl:boolean=false rotateControl:boolean=false",
            "crosshair:boolean=false selectionControl:boolean=true grid:boolean=false gridSize:number=30",
            "gridColor=#EEEEF4 smoothing:boolean horizontalAlignment:left|center|right=left",
            "verticalAlignment:top|center|bottom=top defaultZoom:auto|original|fit=fit",
            "crossOrigin:none|anonymous|use-credentials=none alt:value",
        ),
    ),
    TagSpec(
        "Audio",
        "object",
        _attributes(
            _OBJECT,
            "defaultSpeed:number=1 defaultScale:number=1 defaultZoom:number=1 defaultVolume:number=1",
            "volume:boolean=true speed:boolean=true zoom:boolean=true muted:boolean hotkey:hotkey sync",
            "height:number=96 waveHeight:number=32 spectrogram:boolean=false splitChannels:boolean=false",
            "decoder:webaudio|ffmpeg|none=webaudio player:html5|webaudio=html5",
            "cursorColor cursorWidth:number",
        ),
        other_names=("AudioPlus",),
    ),
    _object(
        "Video",
        "frameRate:value=24 sync muted:boolean=false height:number=600 timelineHeight:number=64",
        "defaultPlaybackSpeed:number=1 minPlaybackSpeed:number=0.25 hotkey:hotkey",
    ),
    _object(
        "TimeSeries",
        "valueType:url|json=url timeColumn timeFormat timeDisplayFormat durationDisplayFormat=.0f sep=,",
        "overviewChannels overviewWidth=25% fixedScale:boolean=false multiaxis:boolean=false sync",
        "cursorColor",
    ),
    _object("Table", "valueType=json"),
    _object("List", "title"),
    _object("Pdf", "zoom rotation"),
    TagSpec(
        "Chat",
        "object",
        _attributes(
            _OBJECT, "messageroles:list editable:list minMessages:number maxMessages:number llm toName"
        ),
        "chatmessage",
        self_reporting=True,
    ),
    TagSpec(
        "ReactCode",
        "object",
        _attributes("name*:name toName:names data:value inputs outputs src style className allow"),
        "reactcode",
        self_reporting=True,
        content="text",
        other_names=("CustomInterface",),
    ),
    _object("Object3D"),
    _object("Dialog"),
)

_SEGMENTS = "TimeSeries"
_REGIONS = (
    *_region_pair("Rectangle", "Image", _SHAPE, "canRotate:boolean=true", _SNAP, _SMART),
    *_region_pair("Ellipse", "Image", _SHAPE, "canRotate:boolean=true", _SMART),
    *_region_pair("Polygon", "Image", _SHAPE, "strokeWidth:number=2", _POINTS, _SNAP, _SMART),
    *_region_pair("KeyPoint", "Image", _KEYPOINT, _SNAP, _SMART),
    *_region_pair("Brush", "Image", "strokeWidth:number=15 opacity:number", _SMART),
    *_region_pair("Bitmask", "Image", "strokeWidth:number=15 opacity:number"),
    *_region_pair("Vector", "Image", _VECTOR),
    _region_tag("MagicWand", "Image", "opacity:number=0.6 blurradius:number=5 defaultthreshold:number=15"),
    _region_tag("Labels", "Text HyperText Audio Image Video", _SHAPE, labels=True),
    _region_tag("HyperTextLabels", "HyperText", labels=True),
    _region_tag("ParagraphLabels", "Paragraphs", labels=True),
    _region_tag("TimeSeriesLabels", _SEGMENTS, _SHAPE, "opacity:number=0.9", labels=True),
    _region_tag("TimelineLabels", "Video", labels=True),
    _region_tag("VideoRectangle", "Video", _SHAPE),
    *_region_pair("VideoVector", "Video", _VECTOR),
    _region_tag("OcrLabels", "Pdf", labels=True),
    *_region_pair("Cube", "Object3D", _SHAPE, "canRotate:boolean=true", _SNAP),
)

_CLASSIFIERS = (
    _classifier(
        "Choices",
        "choice:single|single-radio|multiple=single layout:vertical|inline|select=vertical",
        "showInline:boolean value:value allowNested:boolean=false",
    ),
    _classifier(
        "Taxonomy",
        "leafsOnly:boolean=false showFullPath:boolean=false pathSeparator maxUsages:number minWidth maxWidth",
        "dropdownWidth placeholder apiUrl:value value:value labeling:boolean=false legacy:boolean=false",
        "hotkey:hotkey",
    ),
    _classifier(
        "TextArea",
        "value:value placeholder rows:number=1 maxSubmissions:number editable:boolean=false",
        "transcription:boolean=false skipDuplicates:boolean=false showSubmitButton:boolean",
        "allowSubmit:boolean=true hotkey:hotkey",
    ),
    _classifier(
        "Rating",
        "maxRating:number=5 defaultValue:number=0 size:small|medium|large=medium icon=star hotkey:hotkey",
    ),
    _classifier(
        "Number",
        "min:number max:number step:number defaultValue:number slider:boolean=false hotkey:hotkey",
    ),
    _classifier("DateTime", "only:list format min max hotkey:hotkey"),
    _classifier("Pairwise", "selectionStyle leftClass rightClass"),
    _classifier("Ranker", "collapsible:boolean=true", objects=("List",)),
)

_LABELED = tuple(spec.name for spec in _REGIONS if spec.has_labels)
_PARTS = (
    _part(
        "Label",
        " ".join(_LABELED),
        "value*:value alias background=#36B37E selectedColor=#ffffff hotkey:hotkey selected:boolean=false",
        "maxUsages:number hint showAlias:boolean=false aliasStyle=opacity:0.6 size=medium",
        "granularity:symbol|word|sentence|paragraph html category:number style className",
    ),
    _part(
        "Choice",
        "Choices Taxonomy",
        "value*:value alias selected:boolean=false hotkey:hotkey hint html style className color background",
    ),
    _part("Shortcut", "TextArea", "value*:value alias hotkey:hotkey background=#333333"),
    _part("Bucket", "Ranker", "name*:name title* default:boolean=false style className"),
    _part("Relation", "Relations", "value*:value background"),
    _part(
        "Channel",
        "TimeSeries",
        "column* legend units displayFormat=.1f height:number=200 strokeColor strokeWidth:number=1",
        "markerColor markerSize:number=0 markerSymbol=circle timeRange dataRange showAxis:boolean=true",
        "showYAxis:boolean=true fixedScale:boolean interpolation",
    ),
    _part(
        "MultiChannel",
        "TimeSeries",
        "height:number=200 showAxis:boolean=true showYAxis:boolean=true fixedScale:boolean",
    ),
    _part("Panel", "Collapse", "value:value open:boolean=false style className"),
)

_VISUALS = (
    _visual("View", f"display:block|inline=block {_WHEN}"),
    _visual("Header", "value:value size:number=4 underline:boolean=false", content="text"),
    _visual("Style", content="text"),
    _visual("Markdown", f"value:value {_WHEN}", content="text"),
    _visual("Collapse", "accordion:boolean=true bordered:boolean=false open:boolean=false"),
    _visual("Repeater", "on*:value indexFlag={{idx}} mode:list|pagination=list"),
    _visual("PagedView"),
    _visual(
        "Filter",
        "toName*:names placeholder minlength:number=3 hotkey:hotkey caseSensetive:boolean=false",
        "cleanup:boolean=true",
    ),
    _visual("Relations", "choice:single|multiple=multiple"),
)

TAGS: Mapping[str, TagSpec] = {
    spelling.lower(): spec
    for spec in (*_OBJECTS, *_REGIONS, *_CLASSIFIERS, *_PARTS, *_VISUALS)
    for spelling in (spec.name, *spec.other_names)
}
"""Every known tag by its lower-case name, old spellings included."""

EVERYWHERE = frozenset(_attributes(_CLASSIFY))
"""Attributes that mean something, or nothing but harm, on any tag; never warned of."""


def find_tag(name: str) -> TagSpec | None:
    """The row of a tag, in whatever case it is written; None for tags nobody knows."""
    return TAGS.get(name.lower())
