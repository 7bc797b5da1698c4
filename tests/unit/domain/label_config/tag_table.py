"""The table of tags as `docs/label-configs.md` prints it."""

from __future__ import annotations

from chalicelib.domain.label_config.tags import TAGS, AttributeSpec, TagSpec

USUAL = frozenset(
    [
        "name",
        "toname",
        "value",
        "style",
        "classname",
        "idattr",
        "visiblewhen",
        "whentagname",
        "whenlabelvalue",
        "whenchoicevalue",
        "whenrole",
        "required",
        "requiredmessage",
        "perregion",
        "peritem",
        "displaymode",
        "title",
    ]
)


def tag_table() -> str:
    """Markdown: one section a role, one row a tag; attributes that many tags share are left out."""
    sections = []
    for role, heading in (
        ("object", "Objects show data"),
        ("control", "Controls write results"),
        ("part", "Parts stand in other tags"),
        ("visual", "Visual tags arrange and explain"),
    ):
        rows = [_row(spec) for spec in dict.fromkeys(map(_key, TAGS.values())) if spec[1] == role]
        sections.append(
            f"### {heading}\n\n| tag | writes | on, or in | own attributes |\n|---|---|---|---|\n"
        )
        sections.append("\n".join(rows) + "\n\n")
    return "".join(sections)


def _key(spec: TagSpec) -> tuple[str, str]:
    return spec.name, spec.role


def _row(key: tuple[str, str]) -> str:
    spec = TAGS[key[0].lower()]
    names = " / ".join([spec.name, *spec.other_names])
    place = ", ".join(spec.objects or ()) or _parents(spec)
    own = ", ".join(_attribute(one) for one in spec.attributes.values() if one.name.lower() not in USUAL)
    writes = f"`{spec.result_type}`" if spec.result_type else ""
    return f"| **{names}** | {writes} | {place} | {own} |"


def _parents(spec: TagSpec) -> str:
    parents = spec.parents or ()
    return "every …Labels" if len(parents) > 5 else ", ".join(parents)


def _attribute(spec: AttributeSpec) -> str:
    values = "\\|".join(spec.values)
    default = spec.default
    if isinstance(default, bool):
        default = str(default).lower()
    elif isinstance(default, float):
        default = f"{default:g}"
    return f"`{spec.name}{'*' if spec.required else ''}{f'={default}' if default is not None else ''}`" + (
        f" ({values})" if values else ""
    )
