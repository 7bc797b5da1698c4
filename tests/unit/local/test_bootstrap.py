"""Installing: what is too old or missing is said in one line, and nothing is installed twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infrastructure.local import bootstrap
from infrastructure.local.bootstrap import StepError

ROOT = Path(__file__).parents[3]


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def run_bootstrap(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(path) if path else os.environ["PATH"]}
    command = [sys.executable, "infrastructure/local/bootstrap.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_an_old_python_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(StepError, match=r"Python 3\.9\.2 is too old.*PYTHON="):
        bootstrap.check_python()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (None, "Node.js 20 or newer is needed"),
        ("echo v18.1.0", "v18.1.0 is too old"),
        ("echo v20.0.0", "npm is needed"),
    ],
    ids=["missing", "old", "no npm"],
)
def test_node_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, message: str
) -> None:
    if script:
        program(tmp_path, "node", script)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StepError, match=message):
        bootstrap.check_node()


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_one_line(port: str) -> None:
    done = run_bootstrap("run", f"--port={port}")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"error: PORT={port} is no port: use a number from 1 to 65535."]


def test_a_tool_that_fails_shows_its_last_lines(tmp_path: Path) -> None:
    program(tmp_path, "tool", "for n in $(seq 40); do echo line $n; done; exit 3")

    with pytest.raises(StepError) as error:
        bootstrap.run_tool([str(tmp_path / "tool")], tmp_path, "Trying")

    assert str(error.value) == "Trying failed."
    assert error.value.details.splitlines() == [f"line {n}" for n in range(26, 41)]


@pytest.fixture
def npm_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """A folder with a lock file and a stand-in for npm; gives how often npm ran."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    program(tmp_path / "bin", "node", "echo v20.0.0")
    program(tmp_path / "bin", "npm", f"echo run >> {tmp_path}/runs")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    runs = tmp_path / "runs"
    return lambda: len(runs.read_text().split()) if runs.exists() else 0


def test_npm_runs_again_only_when_the_lock_file_changed(
    tmp_path: Path, npm_folder: Callable[[], int]
) -> None:
    bootstrap.install_npm(tmp_path, "things")
    bootstrap.install_npm(tmp_path, "things")
    assert npm_folder() == 1

    (tmp_path / "package-lock.json").write_text('{"changed": true}')
    bootstrap.install_npm(tmp_path, "things")

    assert npm_folder() == 2


def test_a_linked_node_modules_is_left_alone(tmp_path: Path, npm_folder: Callable[[], int]) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "node_modules").symlink_to(tmp_path / "elsewhere")

    bootstrap.install_npm(tmp_path, "things")

    assert npm_folder() == 0


def test_the_front_end_is_built_again_only_when_its_sources_changed(
    tmp_path: Path, npm_folder: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "FRONTEND", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.tsx").write_text("one")
    (tmp_path / "dist").mkdir()

    def built() -> int:
        before = npm_folder()
        bootstrap.build_frontend()
        return npm_folder() - before

    assert built() == 2  # packages and build
    assert built() == 0
    (tmp_path / "src" / "main.test.ts").write_text("a test is not built")
    assert built() == 0
    (tmp_path / "src" / "main.tsx").write_text("two")
    assert built() == 1


def test_a_failed_step_leaves_no_stamp(tmp_path: Path, npm_folder: Callable[[], int]) -> None:
    program(tmp_path / "bin", "npm", "echo broken; exit 1")

    with pytest.raises(StepError, match="Installing things failed"):
        bootstrap.install_npm(tmp_path, "things")

    assert npm_folder() == 0
    assert not (tmp_path / "node_modules" / bootstrap.STAMP).exists()


def test_the_bootstrap_needs_the_standard_library_alone() -> None:
    script = "import runpy, sys; runpy.run_path('infrastructure/local/bootstrap.py', run_name='loaded')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=ROOT, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
