"""Looks for known weaknesses in the code, for secrets in the tree, for advisories on dependencies.

Findings of bandit and of detect-secrets fail. Whether a dependency has an advisory is told by services on the
network: where one answers its findings fail too; where none can be reached the scan says so and goes on.
"""

# ruff: noqa: S603, T201

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.executable).parent
WAIT_S = 60

CODE = ("app.py", "chalicelib", "infrastructure", "schema_migrations", ".ci")
PASSED_OVER = {
    "B101": "asserts tell the types what the line above made sure of",
    "B105": "words like `access` that name a kind of token",
    "B106": "the same, as an argument",
    "B311": "pauses between attempts are spread, nothing secret hangs on them",
    "B404": "lists of words are run, never a line for a shell: ruff's S602 to S605 hold that",
    "B603": "the same",
    "B606": "the same",
    "B607": "the same",
}
# These two find words and digests that are no secrets; what is left knows the form of each kind of key.
GUESSES = ("KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString")


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command's answer, errors apart from output."""
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def weaknesses() -> list[str]:
    """What bandit finds in the product's code."""
    done = run(
        str(SCRIPTS / "bandit"), "-q", "-r", *CODE, "-f", "json", "-s", ",".join(PASSED_OVER),
        "-x", "infrastructure/local/node_modules",
    )  # fmt: skip
    found = json.loads(done.stdout)
    broken = [f"{error['filename']}: {error['reason']}" for error in found["errors"]]
    return broken + [
        f"{row['filename']}:{row['line_number']}: {row['test_id']} {row['issue_text']}"
        for row in found["results"]
    ]


def secrets() -> list[str]:
    """Keys and tokens that detect-secrets knows by their form, in any file of the tree."""
    skipped = [part for name in GUESSES for part in ("--disable-plugin", name)]
    done = run(str(SCRIPTS / "detect-secrets"), "scan", *skipped)
    return [
        f"{path}:{row['line_number']}: {row['type']}"
        for path, rows in json.loads(done.stdout)["results"].items()
        for row in rows
    ]


def python_advisories() -> list[str] | None:
    """Advisories about the pinned Python packages; None where nobody can be asked."""
    audit = (str(SCRIPTS / "pip-audit"), "--no-deps", "--disable-pip", "-f", "json", "--timeout", "10")
    for service in ("osv", "pypi"):
        done = run(*audit, "-s", service, "-r", "requirements.txt")
        if done.stdout.startswith("{"):
            rows = json.loads(done.stdout)["dependencies"]
            if all("skip_reason" in row for row in rows):
                continue
            return [f"{row['name']} {vuln['id']}" for row in rows for vuln in row.get("vulns", ())]
    return None


def node_advisories() -> list[str] | None:
    """Advisories about the packages that the front end ships; None where nobody can be asked."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    done = run(npm, "audit", "--omit=dev", "--json", "--fetch-retries=0", folder=ROOT / "frontend")
    answer = json.loads(done.stdout or "{}")
    if "vulnerabilities" not in answer:
        return None
    return [f"{name}: {row['severity']}" for name, row in answer["vulnerabilities"].items()]


SCANS = {
    "weaknesses in the code": weaknesses,
    "secrets in the tree": secrets,
    "advisories on Python packages": python_advisories,
    "advisories on Node packages": node_advisories,
}


def main() -> int:
    """Scan for everything; gives 1 when something was found."""
    status = 0
    for name, scan in SCANS.items():
        found = scan()
        if found is None:
            print(f"{name}: not asked, the service that knows them cannot be reached")
            continue
        print(f"{name}: {len(found)}")
        for line in found:
            print(f"  {line}")
        status |= bool(found)
    return status


if __name__ == "__main__":
    sys.exit(main())
