"""The first owner, made from the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from chalicelib.cli.__main__ import main
from tests.contract.client import Client


def bootstrap(path: Path) -> dict[str, str]:
    assert main(["bootstrap", "--access-file", str(path)]) == 0
    access: dict[str, str] = json.loads(path.read_text())
    return access


def test_the_owner_is_made_once_and_gets_in(app: Any, tmp_path: Path) -> None:
    path = tmp_path / "data" / "access.json"

    first = bootstrap(path)
    again = bootstrap(path)

    assert first == again
    assert set(first) == {"url", "email", "password", "api_key"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    client = Client(app, {"Authorization": f"Token {first['api_key']}"})
    me = client.get("/api/current-user/whoami").json()
    assert (me["id"], me["role"], me["active_organization"]) == (1, "owner", 1)
    words = {"email": first["email"], "password": first["password"]}
    assert Client(app).post("/api/session/", words).status == 200


def test_a_lost_file_is_written_again_with_a_new_password(app: Any, tmp_path: Path) -> None:
    path = tmp_path / "access.json"
    lost = bootstrap(path)
    path.unlink()

    found = bootstrap(path)

    assert found["api_key"] == lost["api_key"]
    assert found["password"] != lost["password"]
    assert (
        Client(app).post("/api/session/", {"email": found["email"], "password": found["password"]}).status
        == 200
    )


def test_without_a_key_it_says_so_in_one_line(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    from chalicelib import wiring

    monkeypatch.delenv("SKYLABEL_KEY_FILE", raising=False)
    wiring.reset()

    assert main(["bootstrap", "--access-file", str(tmp_path / "a.json")]) == 1

    wiring.reset()
    assert capsys.readouterr().err.count("\n") == 1
