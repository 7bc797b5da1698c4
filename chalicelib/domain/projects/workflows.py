"""Giving a project another workflow: which states its tasks lose, and where they go instead. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.workflow.machine import Machine
from chalicelib.domain.workflow.presets import PLAIN, PRESETS
from chalicelib.domain.workflow.reading import read_machine
from chalicelib.errors import ConflictError, FaultList

MAX_MAPPED = 100
"""So many lost states can be named in one change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedWorkflow:
    """What somebody asks for: a preset's name or a document, and where the tasks of each lost state go."""

    preset: str | None = None
    document: object = None
    states: Mapping[str, str] = field(default_factory=dict)


def read_wanted(wanted: WantedWorkflow, project: Project) -> Machine:
    """The machine that is asked for. Raises InvalidInputError with every fault of it and of the mapping."""
    faults = FaultList()
    machine = _machine(faults, wanted)
    if len(wanted.states) > MAX_MAPPED:
        faults.add("states", f"At most {MAX_MAPPED} states can be mapped.")
    elif machine is not None:
        for state, target in wanted.states.items():
            _check_mapping(faults, project.task_machine, machine, (state, target))
    faults.raise_if_any()
    return machine or PLAIN


def _machine(faults: FaultList, wanted: WantedWorkflow) -> Machine | None:
    if (wanted.preset is None) == (wanted.document is None):
        faults.add("workflow", "Give either a workflow or the name of a preset.", code="required")
        return None
    if wanted.preset is None:
        return read_machine(faults, wanted.document)
    if wanted.preset not in PRESETS:
        faults.add("preset", f'"{wanted.preset}" is not a valid choice; there are {", ".join(PRESETS)}.')
    return PRESETS.get(wanted.preset)


def _check_mapping(faults: FaultList, old: Machine, new: Machine, pair: tuple[str, str]) -> None:
    state, target = pair
    before, after = old.state(state), new.state(target)
    place = f"states.{state}"
    if new.state(state) is not None:
        faults.add(place, f"The new workflow has {state} as well; its tasks stay there.")
    elif after is None:
        names = ", ".join(each.name for each in new.states)
        faults.add(place, f'There is no state "{target}"; there are: {names}.')
    elif before is not None and not before.work & after.work:
        faults.add(place, f"What lies in {state} cannot lie in {target}: they take different work.")


def with_workflow(
    project: Project, machine: Machine, states: Mapping[str, str], occupied: Collection[str]
) -> Project:
    """The project with another machine. Tasks of lost states that `states` says nothing of will stand where
    their annotations put them. Only states are remembered where tasks are (`occupied`) or may come yet."""
    known = {state.name for state in machine.states}
    alive = {*occupied, *(state.name for state in project.task_machine.states)} - known
    earlier = {state: states.get(target, target) for state, target in project.state_mapping.items()}
    together = {**earlier, **states}
    mapping = {state: target for state, target in together.items() if state in alive and target in known}
    return replace(project, workflow=None if machine == PLAIN else machine, state_mapping=mapping)


def refuse_lost_states(machine: Machine, states: Mapping[str, str], occupied: Mapping[str, int]) -> None:
    """Raise ConflictError where tasks stand in states that the machine lacks and `states` does not map."""
    lost = {
        state: count
        for state, count in occupied.items()
        if count and machine.state(state) is None and state not in states
    }
    if lost:
        listed = ", ".join(f"{state} ({count})" for state, count in sorted(lost.items()))
        raise ConflictError(
            f"The new workflow lacks states in which there are tasks: {listed}. "
            'Say in "states" into which of its states each is to go.',
            details={"lost": lost},
        )
