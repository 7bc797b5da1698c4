"""Installs what is missing, then hands over: `python3 infrastructure/local/bootstrap.py setup|run …`.

It runs before anything is installed, so it uses the standard library of plain Python alone, and must be
readable to old versions, to be able to say that they are too old. What was installed is noted in
stamps (a hash of the files that name it), so that a second run does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FRONTEND = ROOT / "frontend"
ENGINES = ROOT / "infrastructure" / "local"
STAMP = ".skylabel-stamp"
MIN_PYTHON = (3, 11)
MIN_NODE = 20
_SHOWN_LINES = 15
_speaking = threading.Lock()


class StepError(Exception):
    """A step failed: one line, and the end of what the tool printed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


def say(line: str) -> None:
    """Print a line of progress."""
    with _speaking:
        print(line, flush=True)


def check_python() -> None:
    """Raise `StepError` when this Python is too old."""
    if sys.version_info < MIN_PYTHON:
        have = ".".join(map(str, sys.version_info[:3]))
        raise StepError(
            f"Python {have} is too old; Skylabel needs 3.11 or newer. Name one: make run PYTHON=python3.12"
        )


def check_node() -> None:
    """Raise `StepError` when Node is missing or too old."""
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        major = int(version.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise StepError(
            f"Node.js {MIN_NODE} or newer is needed and was not found. See nodejs.org."
        ) from error
    if major < MIN_NODE:
        raise StepError(f"Node.js {version.strip()} is too old; Skylabel needs {MIN_NODE} or newer.")
    if shutil.which("npm") is None:
        raise StepError("npm is needed and was not found; it comes with Node.js.")


def digest_of(paths: list[Path], *more: str) -> str:
    """A hash of the files' names and contents."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_stamped(folder: Path, name: str, digest: str) -> bool:
    """Whether the folder was made from files with this hash."""
    try:
        return (folder / name).read_text() == digest
    except OSError:
        return False


def run_tool(command: list[str], folder: Path, what: str) -> None:
    """Run a tool quietly. Raises `StepError` with the end of its output."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StepError(f"{what} failed: {error}") from error
    if done.returncode:
        raise StepError(f"{what} failed.", "\n".join(done.stdout.splitlines()[-_SHOWN_LINES:]))


def venv_python(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install_python(venv: Path, *, with_tests: bool) -> None:
    """Have a virtual environment with the pinned packages."""
    files = [ROOT / "infrastructure" / "local" / "requirements.txt"]
    if with_tests:
        files.append(ROOT / "tests" / "requirements.txt")
    stamp = STAMP + ("-tests" if with_tests else "")
    digest = digest_of(
        [ROOT / "requirements.txt", ROOT / "infrastructure" / "requirements.txt", *files],
        "{}.{}".format(*sys.version_info[:2]),
    )
    python = venv_python(venv)
    if python.exists() and is_stamped(venv, stamp, digest):
        return
    say("Installing Python packages")
    if not python.exists():
        try:
            run_tool([sys.executable, "-m", "venv", str(venv)], ROOT, "Making the virtual environment")
        except StepError as error:
            hint = " On Debian and Ubuntu it needs: apt-get install python3-venv"
            raise StepError(str(error) + hint, error.details) from error
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q"]
    if with_tests:  # most of what tests bring along is never imported: what is, is compiled then
        pip.append("--no-compile")
    run_tool([*pip, "-r", str(files[-1])], ROOT, "Installing Python packages")
    (venv / stamp).write_text(digest)


def install_npm(folder: Path, what: str) -> None:
    """Have a folder's npm packages, as its lock file says. A linked node_modules is left alone."""
    modules = folder / "node_modules"
    digest = digest_of([folder / "package.json", folder / "package-lock.json"])
    if modules.is_symlink() or is_stamped(modules, STAMP, digest):
        return
    say(f"Installing {what}")
    check_node()
    run_tool(["npm", "ci", "--no-audit", "--no-fund"], folder, f"Installing {what}")
    modules.mkdir(exist_ok=True)
    (modules / STAMP).write_text(digest)


def frontend_sources() -> list[Path]:
    """The files that the built front end depends on."""
    top = [FRONTEND / name for name in ("index.html", "package-lock.json", "tsconfig.json", "vite.config.ts")]
    deep = [
        path
        for folder in ("src", "public")
        for path in sorted((FRONTEND / folder).rglob("*"))
        if path.is_file() and ".test." not in path.name
    ]
    return [path for path in top if path.exists()] + deep


def build_frontend() -> None:
    """Have the front end built from its present sources."""
    digest = digest_of(frontend_sources())
    dist = FRONTEND / "dist"
    if is_stamped(dist, STAMP, digest):
        return
    install_npm(FRONTEND, "the front end's packages")
    say("Building the front end")
    run_tool(["npm", "run", "build"], FRONTEND, "Building the front end")
    (dist / STAMP).write_text(digest)


def install_engines() -> None:
    """Have the programs of the local stack that come from npm."""
    if not os.environ.get("SKYLABEL_DYNOXIDE"):
        install_npm(ENGINES, "the local database")


def at_once(*steps) -> None:  # type: ignore[no-untyped-def]
    """Run steps side by side; the first failure is raised when all have ended."""
    with ThreadPoolExecutor(len(steps)) as threads:
        for future in [threads.submit(step) for step in steps]:
            future.result()


def setup(venv: Path) -> None:
    """Install everything, also what tests need."""
    at_once(
        lambda: install_python(venv, with_tests=True),
        lambda: install_npm(FRONTEND, "the front end's packages"),
        install_engines,
    )


def run(venv: Path, data_dir: str, port: str) -> None:
    """Install what a run needs and become the supervisor."""
    if not (port.isdigit() and 0 < int(port) < 65536):
        raise StepError(f"PORT={port} is no port: use a number from 1 to 65535.")
    at_once(lambda: install_python(venv, with_tests=False), build_frontend, install_engines)
    python = str(venv_python(venv))
    command = [python, "-m", "infrastructure.local.supervisor", "--data-dir", data_dir, "--port", port]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(python, command)  # noqa: S606


def main() -> int:
    """Do what the command line says; gives the exit status."""
    parser = argparse.ArgumentParser(prog="bootstrap")
    parser.add_argument("command", choices=["setup", "run"])
    parser.add_argument("--venv", default=".venv")
    parser.add_argument("--data-dir", default=".data")
    parser.add_argument("--port", default="8080")
    options = parser.parse_args()
    venv = (ROOT / options.venv).absolute()
    try:
        check_python()
        if options.command == "setup":
            setup(venv)
        else:
            run(venv, options.data_dir, options.port)
    except StepError as error:
        if error.details:
            print("\n".join("    " + line for line in error.details.splitlines()), file=sys.stderr)
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
