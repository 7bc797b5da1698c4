"""Simulated annotators, in peace and under faults; larger runs: `tests/benchmarks/simulated_labeling.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulation import HARSH, Faults, Simulation

BUSY = Faults(between=0.1)


@pytest.mark.parametrize("overlap", [1, 3])
@pytest.mark.parametrize(
    "strategy",
    [None, {"name": "uniform"}, {"name": "mix", "signals": {"chance": 1}}, {"name": "disagreement"}],
)
def test_fifty_annotators_finish_with_every_task_done_just_as_often_as_wanted(
    overlap: int, strategy: dict[str, object] | None
) -> None:
    run = Simulation(
        seed=overlap,
        annotators=50,
        tasks=300,
        overlap=overlap,
        faults=BUSY,
        settings={"strategy": strategy},
        skips=0.03,
        walks_away=0.01,
    ).run()

    run.check()
    assert run.injected["between"] > 100
    assert run.most_sends == 1
    assert run.most_pauses <= 4


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_submits_through_faults_lose_and_double_nothing(seed: int) -> None:
    run = Simulation(
        seed=seed, annotators=12, tasks=350, overlap=1 + seed % 3, faults=HARSH, skips=0.02, walks_away=0.005
    ).run()

    run.check()
    assert min(run.injected[name] for name, _ in HARSH.fates) > 5
    assert run.most_sends < 15


@pytest.mark.parametrize("seed", range(4))
def test_assignments_and_honeypots_stay_exact_through_faults(seed: int) -> None:
    run = Simulation(
        seed=seed,
        annotators=8,
        tasks=160,
        overlap=1 + seed % 2,
        faults=HARSH,
        settings={"honeypot_every": 5, "sampling": "Uniform sampling"},
        skips=0.02,
        walks_away=0.005,
        assigns=0.1,
        truths=40,
    ).run()

    run.check()
    assert min(run.injected[name] for name, _ in HARSH.fates) > 0
    assert sum(task_id in run.known for one in run.people for task_id in one.done) > 20


@pytest.mark.parametrize("seed", range(2))
def test_everybody_meets_the_last_of_the_honeypots_where_one_is_due(seed: int) -> None:
    run = Simulation(
        seed=seed,
        annotators=4,
        tasks=500,
        overlap=1,
        faults=HARSH,
        settings={"honeypot_every": 2, "sampling": "Uniform sampling"},
        skips=0.02,
        assigns=0.02,
        truths=80,
    ).run()

    run.check()
    assert any(set(run.known) <= set(one.done) for one in run.people)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "settings", [{}, {"strategy": {"name": "disagreement"}}], ids=["sequential", "disagreement"]
)
def test_an_index_that_is_far_behind_hides_no_task_for_ever(seed: int, settings: dict[str, object]) -> None:
    # Everybody is wanted for every task and quicker than the index: whoever passes one must find it later.
    run = Simulation(
        seed=seed,
        annotators=2,
        tasks=120,
        overlap=2,
        faults=replace(HARSH, late=20),
        settings=settings,
        haste=30,
    ).run()

    run.check()
    assert run.most_pauses <= 4
    assert run.most_sends < 15


def test_a_run_can_be_repeated() -> None:
    runs = [Simulation(seed=9, annotators=5, tasks=40, overlap=2, faults=HARSH).run() for _ in range(2)]

    assert runs[0].ledger == runs[1].ledger
    assert runs[0].injected == runs[1].injected
    assert [one.given for one in runs[0].people] == [one.given for one in runs[1].people]
