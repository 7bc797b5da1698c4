"""Changes of configurations as clients order them, their plans, and the versions that they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.errors import FaultRead
from chalicelib.clock import iso

if TYPE_CHECKING:
    from chalicelib.domain.label_config.edit_plan import EditPlan
    from chalicelib.domain.projects.config_versions import ConfigVersion
    from chalicelib.services.config_edits import EditOrder


class ConfigVersionRead(TypedDict):
    """One version of a configuration."""

    version: int
    label_config: str
    created_at: str
    created_by: int


class ConfigStep(TypedDict):
    """One step of a change; `touched` counts results in annotations and drafts."""

    kind: str
    control: str
    before: str
    after: str
    touched: int


class ConfigVersionDetail(ConfigVersionRead):
    """A version, and its steps from the one before it (`touched` is not counted)."""

    steps: list[ConfigStep]


class ConfigEditPlan(TypedDict):
    """What a change would do. `is_complete` false: a large project is still being counted, ask again.

    `labels` are those that each control that stays will have, by the control's old name.
    """

    steps: list[ConfigStep]
    labels: dict[str, list[str]]
    touched: int
    faults: list[FaultRead]
    is_complete: bool


class ConfigEditWrite(Body):
    """The new configuration; old names → new of controls, of objects, and of labels by control's old name;
    labels that another control has now (control's old name → old label → new control), so that a control can
    be split; what is to become of results whose control or label is gone."""

    label_config: str
    controls: dict[str, str] = Field(default_factory=dict)
    objects: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    moves: dict[str, dict[str, str]] = Field(default_factory=dict)
    removed: Literal["keep", "drop"] = "keep"

    def order(self) -> EditOrder:
        """The order as the service takes it."""
        from chalicelib.domain.label_config.edit_plan import Renames
        from chalicelib.services.config_edits import EditOrder

        renames = Renames(self.controls, self.objects, self.labels, self.moves)
        return EditOrder(label_config=self.label_config, renames=renames, removed=self.removed)


def render_config_version(version: ConfigVersion) -> ConfigVersionRead:
    """A version."""
    return {
        "version": version.number,
        "label_config": version.label_config,
        "created_at": iso(version.created_at),
        "created_by": version.created_by,
    }


def render_steps(plan: EditPlan) -> list[ConfigStep]:
    """The steps of a plan."""
    return [
        {
            "kind": step.kind,
            "control": step.control,
            "before": step.before,
            "after": step.after,
            "touched": step.touched,
        }
        for step in plan.steps
    ]
