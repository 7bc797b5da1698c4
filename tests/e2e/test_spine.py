"""The whole product, as a person and a script meet it: `make run`, a browser, the official SDK, and a crash.

`make test-e2e` runs this in the checkout. With SKYLABEL_FRESH=1 it first clones the checkout to an empty
folder and points HOME and the caches of pip and npm at empty ones, as on a new machine.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import time
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
START_S = 600 if os.environ.get("SKYLABEL_FRESH") else 240
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")


def png(width: int, height: int, shade: int) -> bytes:
    """A picture with a gradient."""
    row = b"".join(bytes(((x * 255) // width, shade, 120)) for x in range(width))
    packed = zlib.compress(b"".join(b"\0" + row for _ in range(height)))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """One data folder with `make run` on it."""

    checkout: Path
    data_dir: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.data_dir.parent / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"DATA_DIR={self.data_dir}", f"PORT={self.port}", *self._venv()],
                cwd=self.checkout,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_S
        while not self.is_healthy():
            assert self.process.poll() is None, (self.data_dir.parent / "run.log").read_text()[-3000:]
            assert time.monotonic() < deadline, "the stack does not become healthy"
            time.sleep(0.5)

    def kill(self) -> None:
        """`kill -9` of everything at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal sends it: to every process of the command."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=60)

    def access(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.data_dir / "access.json").read_text())
        return found

    def is_healthy(self) -> bool:
        """Whether it serves."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return (
                    bool(json.load(answer) == {"status": "UP"}) and (self.data_dir / "access.json").exists()
                )
        except OSError:
            return False

    def _venv(self) -> list[str]:
        venv = os.environ.get("VENV")
        return [f"VENV={venv}"] if venv and not os.environ.get("SKYLABEL_FRESH") else []


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not Path(CHROMIUM).exists():
        reason = f"no Chromium at {CHROMIUM}: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("spine")
    environment, checkout = dict(os.environ), ROOT
    if os.environ.get("SKYLABEL_FRESH"):
        checkout = folder / "checkout"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
        environment |= {"HOME": str(folder), "PIP_CACHE_DIR": str(folder / "pip")}
        environment |= {"npm_config_cache": str(folder / "npm")}
        environment.pop("SKYLABEL_DYNOXIDE", None)
    made = Stack(checkout, folder / "data", free_port(), environment)
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


@pytest.fixture(scope="module")
def work(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a person did in the browser."""
    folder = tmp_path_factory.mktemp("work")
    images = []
    for number in (1, 2):
        images.append(str(folder / f"gradient {number}.png"))
        Path(images[-1]).write_bytes(png(640, 480, 90 * number))
    table = folder / "sentences.csv"
    table.write_text('text,author\n"Ada met Charles in London",x\n"It rains, as ever, in Bern",y\n')
    more = folder / "more.json"
    more.write_text(json.dumps([{"text": "Émile 🙂 went home", "author": "z"}]))
    asked = stack.access() | {
        "images": images,
        "tables": [str(table), str(more)],
        "folder": str(folder),
        "shots": os.environ.get("SKYLABEL_SHOTS", ""),
    }
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(stack.checkout / "tests/e2e/browser.mjs"), json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["problems"] == []
    return seen


@contextmanager
def client(stack: Stack) -> Iterator[Any]:
    """The official SDK, as a script uses it."""
    from label_studio_sdk import LabelStudio

    access = stack.access()
    with httpx.Client(timeout=60) as http:
        yield LabelStudio(base_url=access["url"], api_key=access["api_key"], httpx_client=http)


def stored_annotations(stack: Stack, project: int) -> list[Any]:
    with client(stack) as sdk:
        return [a for task in sdk.tasks.list(project=project, fields="all") for a in task.annotations]


def shown_project(stack: Stack, project: int) -> Any:
    with client(stack) as sdk:
        return sdk.projects.get(id=project)


def test_what_was_drawn_in_the_browser_is_read_back_through_the_sdk(
    stack: Stack, work: dict[str, Any]
) -> None:
    drawn = [a for a in stored_annotations(stack, work["images"]) if not a["was_cancelled"]]

    assert len(drawn) == 1
    kinds = sorted(item["type"] for item in drawn[0]["result"])
    assert kinds == ["keypointlabels", "polygonlabels", "rectanglelabels", "rectanglelabels"]
    boxes = [item for item in drawn[0]["result"] if item["type"] == "rectanglelabels"]
    assert {box["value"]["rectanglelabels"][0] for box in boxes} == {"Building", "Plant"}
    assert all((box["original_width"], box["original_height"]) == (640, 480) for box in boxes)
    assert drawn[0]["lead_time"] > 0


def test_a_skip_and_the_counters_are_exact(stack: Stack, work: dict[str, Any]) -> None:
    project = shown_project(stack, work["images"])

    assert (project.task_number, project.total_annotations_number) == (2, 1)
    assert project.skipped_annotations_number == 1


def test_spans_and_choices_are_read_back_through_the_sdk(stack: Stack, work: dict[str, Any]) -> None:
    (annotation,) = stored_annotations(stack, work["texts"])
    by_type = {item["type"]: item["value"] for item in annotation["result"]}

    assert by_type["labels"] == {"start": 0, "end": 3, "text": "Ada", "labels": ["Person"]}
    assert by_type["choices"] == {"choices": ["Glad"]}
    assert shown_project(stack, work["texts"]).task_number == 3


def test_the_downloaded_exports_hold_the_work(work: dict[str, Any]) -> None:
    tasks = json.loads(Path(work["exports"]["JSON"]).read_text())
    with zipfile.ZipFile(work["exports"]["COCO"]) as coco:
        shapes = json.loads(coco.read("result.json"))["annotations"]
    with zipfile.ZipFile(work["exports"]["YOLO"]) as yolo:
        classes = yolo.read("classes.txt").decode().split()
    rows = list(csv.DictReader(Path(work["exports"]["CSV"]).read_text().splitlines()))

    assert len(tasks[0]["annotations"][0]["result"]) == 4
    assert len(shapes) >= 3
    assert {"Building", "Plant"} <= set(classes)
    assert rows[0]["mood"] == "Glad"


def test_everything_is_there_after_kill_9_and_after_ctrl_c(stack: Stack, work: dict[str, Any]) -> None:
    before = stored_annotations(stack, work["images"])

    stack.kill()
    stack.start()
    assert stored_annotations(stack, work["images"]) == before

    stack.interrupt()
    assert not stack.is_healthy()
    stack.start()
    assert stored_annotations(stack, work["images"]) == before


def test_the_access_file_is_for_its_owner_only(stack: Stack) -> None:
    assert (stack.data_dir / "access.json").stat().st_mode & 0o777 == 0o600
