"""`make setup-emulator`: installs the emulator into `.venvs/emulator`, unless it is there."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venvs" / "emulator"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
STAMP = VENV / ".skylabel-stamp"
SHOWN_LINES = 5
TIME_LIMIT_S = 600


class EmulatorMissingError(Exception):
    """The emulator cannot be installed here; the message says why."""


def ensure_installed() -> Path:
    """The interpreter that has the emulator. Raises `EmulatorMissingError`."""
    python = VENV / "bin" / "python"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if python.exists() and STAMP.exists() and STAMP.read_text() == digest:
        return python
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    # without compiling thousands of modules of which few are imported
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile"]
    _run([*pip, "-r", str(REQUIREMENTS)])
    STAMP.write_text(digest)
    return python


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmulatorMissingError(f"the emulator cannot be installed: {error}") from error
    if done.returncode:
        end = "; ".join(done.stdout.strip().splitlines()[-SHOWN_LINES:])
        raise EmulatorMissingError(f"the emulator cannot be installed: {end}")


def main() -> int:
    """Run from the command line."""
    try:
        ensure_installed()
    except EmulatorMissingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
