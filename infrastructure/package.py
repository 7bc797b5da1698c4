"""`make package`: everything that is deployed, in `build/package/`, checked as far as it goes without AWS.

    python -m infrastructure.package [--stage dev] [--test-stack]

Chalice packages the functions; the zip gets its compiled code (a Lambda's file system is read-only, so
without it every cold start compiles thousands of lines again). Our template is laid over Chalice's, then
translated and linted as CloudFormation would see it. The zip is the same for every stage and is built again
only when its sources have changed; a stage's template is `template-<stage>.json`.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import os
import py_compile
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.bill import bill_of_materials
from infrastructure.template.build import build
from infrastructure.template.migrations import CODE_BUCKET, CODE_KEY

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "package"
CODE = TARGET / "deployment.zip"
MIGRATIONS = TARGET / CODE_KEY
BILL = TARGET / "sbom.json"
MAX_ZIPPED_BYTES = 60 * 1024 * 1024
MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
MAX_TEMPLATE_BYTES = 1024 * 1024
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
LEVEL = 6
"""How hard the zips are compressed: 9 would take five times as long, for half a percent."""
LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"
NOT_NEEDED = ("tests", "test", "__pycache__")
SOURCES = (
    *("app.py", "requirements.txt", ".chalice/config.json", "infrastructure/requirements.txt"),
    *("infrastructure/local/requirements.txt", "infrastructure/package.py"),
)


class PackagingError(Exception):
    """The package cannot be deployed; the message says why."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was built: the functions' code, that of migrations, and the translated template of one stage."""

    code: Path
    migrations: Path
    template: Path


def package(stage: str, *, test_stack: bool) -> Package:
    """Make the zip, unless it is up to date, and a stage's template. Raises `PackagingError`."""
    unzipped = _ensure_code()
    ours = build(stage, keep=not test_stack, with_distribution=not test_stack)
    translated = translate(merge(json.loads((TARGET / "chalice.json").read_text()), ours))
    made = Package(CODE, MIGRATIONS, TARGET / f"template-{stage}.json")
    made.template.write_text(json.dumps(translated, separators=(",", ":")))
    if made.template.stat().st_size > MAX_TEMPLATE_BYTES:
        raise PackagingError(f"the template is too large: {made.template.stat().st_size} bytes")
    _ensure_linted(made.template)
    zipped = CODE.stat().st_size
    print(f"package: {zipped / 1e6:.1f} MB zipped, {unzipped / 1e6:.1f} MB unzipped, template linted")
    return made


def _ensure_code() -> int:
    """Have the zip of the present sources; gives its unzipped size in bytes."""
    stamp, digest = TARGET / "sources.json", _digest_of_sources()
    try:
        known = json.loads(stamp.read_text())
        made = (CODE, MIGRATIONS, BILL, TARGET / "chalice.json")
        if known["sources"] == digest and all(file.exists() for file in made):
            return int(known["unzipped"])
    except (OSError, ValueError, KeyError):
        pass
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    _chalice()
    (TARGET / "sam.json").rename(TARGET / "chalice.json")
    unzipped = _compiled(CODE)
    bill = bill_of_materials(CODE.with_suffix(""), ROOT / "frontend" / "package-lock.json")
    BILL.write_text(json.dumps(bill, indent=1))
    _add_migrations()
    zipped = CODE.stat().st_size
    if zipped > MAX_ZIPPED_BYTES or unzipped > MAX_UNZIPPED_BYTES:
        raise PackagingError(f"the package is too large: {zipped} bytes zipped, {unzipped} unzipped")
    stamp.write_text(json.dumps({"sources": digest, "unzipped": unzipped}))
    return unzipped


def _digest_of_sources() -> str:
    """A hash of everything that the zip is made from, and of the Python that it is made for."""
    digest = hashlib.sha256(sys.implementation.cache_tag.encode())
    rooms = (ROOT / "chalicelib", ROOT / "schema_migrations")
    modules = sorted(p for room in rooms for p in room.rglob("*") if p.is_file() and p.suffix != ".pyc")
    for file in (*(ROOT / name for name in SOURCES), *modules):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _chalice() -> None:
    line = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", "package"]
    line += ["--pkg-format", "cloudformation", str(TARGET)]
    environment = os.environ | {"AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingError(f"chalice package failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def merge(theirs: Any, ours: Any) -> Any:
    """`theirs` with `ours` laid over it, mapping by mapping.

    Chalice's own `--merge-template` would mix two intrinsic functions into one mapping (`Fn::Sub` with
    `Fn::GetAtt`); here an intrinsic function of ours takes the whole place.
    """
    if not (isinstance(theirs, dict) and isinstance(ours, dict)) or _is_intrinsic(ours):
        return ours
    return theirs | {
        key: merge(theirs[key], value) if key in theirs else value for key, value in ours.items()
    }


def _is_intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and (next(iter(value)).startswith("Fn::") or "Ref" in value)


def _compiled(path: Path) -> int:
    """Put a `.pyc` beside every module of the zip; gives the unzipped size in bytes.

    They are trusted without looking at the source (`unchecked-hash`), which is safe only because nobody
    edits a package. The same sources give the same zip: fixed times, sorted names.
    """
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    for unneeded in [p for p in folder.rglob("*") if p.is_dir() and p.name in NOT_NEEDED]:
        shutil.rmtree(unneeded, ignore_errors=True)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(
        folder, quiet=2, legacy=False, invalidation_mode=mode, stripdir=str(folder), workers=2, optimize=0
    )
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for file in files:
            info = zipfile.ZipInfo(str(file.relative_to(folder)), FIRST_MOMENT)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes(), compresslevel=LEVEL)
    return sum(file.stat().st_size for file in files)


def _add_migrations() -> None:
    """Make the zip of the function that migrates: the other one, whose code it uses, and the migrations.

    These are not compiled here: it is called seldom, and their sources make their checksums.
    """
    shutil.copyfile(CODE, MIGRATIONS)
    with zipfile.ZipFile(MIGRATIONS, "a", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for file in sorted((ROOT / "schema_migrations").glob("*.py")):
            info = zipfile.ZipInfo(str(file.relative_to(ROOT)), FIRST_MOMENT)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes(), compresslevel=LEVEL)


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """The template as CloudFormation will see it, after the SAM transform."""
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        """We name our policies in full."""

        def load(self) -> dict[str, str]:
            """None."""
            return {}

    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": CODE_BUCKET, "Key": CODE.name}
    result: dict[str, Any] = transform(template, {}, NoManagedPolicies())
    return result


def _ensure_linted(template: Path) -> None:
    """Have a template linted, unless this very one was; the linter's version is among the sources."""
    stamp = template.with_suffix(".linted")
    digest = hashlib.sha256(template.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    _lint(template)
    stamp.write_text(digest)


def _lint(path: Path) -> None:
    line = [sys.executable, "-c", LINT, "--template", str(path), "--regions", "us-east-1"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingError(f"cfn-lint finds faults:\n{done.stdout[-4000:]}{done.stderr[-1000:]}")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.package")
    parser.add_argument("--stage", default="dev")
    parser.add_argument(
        "--test-stack", action="store_true", help="without CloudFront, leaving nothing behind"
    )
    asked = parser.parse_args()
    try:
        package(asked.stage, test_stack=asked.test_stack)
    except PackagingError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
