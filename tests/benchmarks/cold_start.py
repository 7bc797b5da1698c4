"""What a cold start of each function costs: CPU and modules, beside botocore with one DynamoDB client.

    python -m tests.benchmarks.cold_start [--times 7] [--source]

Measured on the package as it is deployed: unpacked, compiled, in interpreters that see nothing but it and
the standard library, botocore taken from it too. `--source` measures the checkout instead, which is quicker
to come by. Each is run in processes of its own, in turns; the smallest CPU time counts, for the machine may
be busy. The API's ratio must stay at or below 1.3; the milliseconds only say which machine it was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infrastructure.package import MAX_ZIPPED_BYTES, package

ROOT = Path(__file__).parents[2]
BASE = "botocore and a DynamoDB client"
CASES = {
    BASE: (
        "from botocore.session import get_session; "
        "get_session().create_client('dynamodb', region_name='us-east-1')"
    ),
    "API: import app": "import app",
    "API: … and its DynamoDB client": "import app; from chalicelib import wiring; wiring.dynamodb()",
    "API: … and all behind the next task": (
        "import app; from chalicelib import wiring; from chalicelib.api.dispatch import find; "
        "find('/api/projects/1/next/'); wiring.next_task(); wiring.credentials()"
    ),
    "imports, exports, maintenance": (
        "import app; import chalicelib.jobs.handlers; from chalicelib import wiring; wiring.jobs()"
    ),
    "predictions": (
        "import app; import chalicelib.jobs.handlers; "
        "from chalicelib import wiring; wiring.prediction_intake()"
    ),
}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_REGION": "us-east-1",
    "SKYLABEL_KEY_FILE": __file__,
}
PROGRAM = (
    "import sys, time; sys.path.insert(0, {folder!r}); started = time.process_time(); exec({code!r}); "
    "print((time.process_time() - started) * 1000, len(sys.modules))"
)


def run(code: str, folder: Path, *, isolated: bool) -> tuple[float, int]:
    """The CPU milliseconds that the code took, and how many modules were loaded after it."""
    alone = ["-I", "-S", "-B"] if isolated else []
    program = PROGRAM.format(folder=str(folder), code=code)
    line = [sys.executable, *alone, "-c", program]
    done = subprocess.run(line, cwd="/", env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    milliseconds, modules = done.stdout.split()
    return float(milliseconds), int(modules)


def table(folder: Path, *, isolated: bool, times: int) -> None:
    """Print one row a case."""
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name in CASES}
    for _ in range(times):
        for name, code in CASES.items():
            runs[name].append(run(code, folder, isolated=isolated))
    base = min(runs[BASE])[0]
    print(f"{'case':40} {'CPU ms':>8} {'ratio':>6} {'modules':>8}")
    for name, measured in runs.items():
        milliseconds, modules = min(measured)
        print(f"{name:40} {milliseconds:8.0f} {milliseconds / base:6.2f} {modules:8}")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cold_start")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--source", action="store_true", help="the checkout instead of the package")
    asked = parser.parse_args()
    if asked.source:
        return table(ROOT, isolated=False, times=asked.times)
    code = package("dev", test_stack=False).code
    print(f"zipped: {code.stat().st_size / 1e6:.1f} MB of at most {MAX_ZIPPED_BYTES / 1e6:.1f}")
    with tempfile.TemporaryDirectory() as name:
        with zipfile.ZipFile(code) as archive:
            archive.extractall(name)
        table(Path(name), isolated=True, times=asked.times)
    return None


if __name__ == "__main__":
    main()
