"""The scan finds what it is there for, and says when nobody could be asked."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The scan, of an empty checkout of its own."""
    spec = importlib.util.spec_from_file_location("scan", ROOT / ".ci" / "scan.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.CODE:
        (tmp_path / name).mkdir() if "." not in name[1:] else (tmp_path / name).touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    real = module.run
    monkeypatch.setattr(module, "run", lambda *command, folder=tmp_path: real(*command, folder=folder))
    return module


def add(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    subprocess.run(["git", "add", "-f", name], cwd=folder, check=True)


def test_a_clean_tree_has_no_findings(scan: ModuleType) -> None:
    assert scan.weaknesses() == []
    assert scan.secrets() == []


def test_running_what_a_user_sent_is_found_with_its_place(scan: ModuleType, tmp_path: Path) -> None:
    add(
        tmp_path,
        "chalicelib/formula.py",
        "import pickle\n\n\nread = pickle.loads(sent)\n",
    )

    found = scan.weaknesses()

    assert any("chalicelib/formula.py:4: B301" in line for line in found), found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("key = '" + "AKIA" + "IOSFODNN7EXAMPLF'", "AWS Access Key"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "Private Key"),
        ("token = 'ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'", "GitHub Token"),
    ],
)
def test_a_key_in_any_file_is_found(scan: ModuleType, tmp_path: Path, text: str, kind: str) -> None:
    add(tmp_path, "notes.txt", f"first line\n{text}\n")

    assert scan.secrets() == [f"notes.txt:2: {kind}"]


def test_findings_fail_and_what_could_not_be_asked_is_told(
    scan: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scan, "SCANS", {"a": lambda: [], "b": lambda: None})
    assert scan.main() == 0
    assert "b: not asked" in capsys.readouterr().out

    monkeypatch.setattr(scan, "SCANS", {"a": lambda: ["app.py:1: B301"], "b": lambda: []})
    assert scan.main() == 1
