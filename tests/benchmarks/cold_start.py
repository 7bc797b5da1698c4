"""What a cold start costs: CPU and modules of importing the app, beside botocore with one DynamoDB client.

    python -m tests.benchmarks.cold_start [times]

Each is run in processes of its own; the smallest of some runs counts, for the machine may be busy. The ratio
of the third row is what must stay below 1.3; the milliseconds only say which machine it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = (
    "from botocore.session import get_session; "
    "get_session().create_client('dynamodb', region_name='us-east-1')"
)
CASES = {
    "botocore and a DynamoDB client": CLIENT,
    "import app": "import app",
    "import app, and its DynamoDB client": "import app; from chalicelib import wiring; wiring.dynamodb()",
    "… and the services behind the next task": (
        "import app; from chalicelib import wiring; from chalicelib.api.dispatch import find; "
        "find('/api/projects/1/next/'); wiring.next_task(); wiring.credentials()"
    ),
}
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_REGION": "us-east-1"}


def measure(code: str, *, times: int) -> tuple[float, int]:
    """The least CPU milliseconds that the code took, and how many modules were loaded after it."""
    program = (
        "import sys, time; started = time.process_time(); "
        f"exec({code!r}); print((time.process_time() - started) * 1000, len(sys.modules))"
    )
    environment = {**os.environ, **ENVIRONMENT, "SKYLABEL_KEY_FILE": __file__}
    runs = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        milliseconds, modules = done.stdout.split()
        runs.append((float(milliseconds), int(modules)))
    return min(runs)


def main(times: int) -> None:
    """Print one row a case."""
    base = 0.0
    print(f"{'case':44} {'CPU ms':>8} {'ratio':>6} {'modules':>8}")
    for name, code in CASES.items():
        milliseconds, modules = measure(code, times=times)
        base = base or milliseconds
        print(f"{name:44} {milliseconds:8.0f} {milliseconds / base:6.2f} {modules:8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
