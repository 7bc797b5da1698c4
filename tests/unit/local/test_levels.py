"""`make test`: every level runs, whatever becomes of the others, and a failure is not lost."""

from __future__ import annotations

import importlib.util
import subprocess
import threading
from collections import deque
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def levels(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("levels", ROOT / ".ci" / "levels.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "levels", module)
    spec.loader.exec_module(module)
    return module


def outcomes(levels: ModuleType, monkeypatch: pytest.MonkeyPatch, results: dict[str, tuple[int, str]]) -> int:
    def fake_run(command: list[str], **_: object) -> SimpleNamespace:
        status, output = results.get(command[-1], (0, "fine"))
        return SimpleNamespace(returncode=status, stdout=output)

    monkeypatch.setattr(subprocess, "run", fake_run)
    return int(levels.main())


def test_all_levels_pass(
    levels: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcomes(levels, monkeypatch, {}) == 0
    assert "FAILED" not in capsys.readouterr().out


def test_a_failed_level_fails_the_run_and_the_others_still_run(
    levels: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcomes(levels, monkeypatch, {"lint": (2, "E501 too long")}) == 1

    shown = capsys.readouterr().out
    assert "===== lint: FAILED" in shown
    assert "E501 too long" in shown
    assert "===== test-integration: passed" in shown
    assert "  FAILED  lint" in shown


def test_a_skipped_level_is_told_and_forgiven(
    levels: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcomes(levels, monkeypatch, {"test-e2e": (0, "SKIPPED: no Chromium")}) == 0
    assert "  skipped test-e2e" in capsys.readouterr().out


def test_a_level_that_cannot_be_started_is_a_failure(
    levels: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no make")

    monkeypatch.setattr(subprocess, "run", broken)
    found: list[object] = []
    levels.run_waiting(deque(["lint", "types"]), found, threading.Lock())

    assert [getattr(outcome, "word", None) for outcome in found] == ["FAILED", "FAILED"]


def test_every_level_is_a_target_of_the_makefile(levels: ModuleType) -> None:
    targets = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if ":" in line}

    assert set(levels.LEVELS) <= targets
    assert len(levels.LEVELS) == len(set(levels.LEVELS)) == 13
