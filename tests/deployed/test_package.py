"""The package itself: unpacked, in a clean interpreter that sees nothing but it and the standard library."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infrastructure.deploy.artifacts import with_code
from infrastructure.package import BILL, MAX_ZIPPED_BYTES, Package
from schema_migrations.modules import discover
from tests.contract.client import proxy_event

pytestmark = pytest.mark.slow

NEVER_LOADED = (
    *("google", "azure", "lxml", "boto3", "moto", "chalice.deploy", "chalice.cli", "chalice.local"),
    *("pyarrow", "numpy", "infrastructure", "tests"),
)
"""What a cold start of the API may not pay for (`boto3` with it `boto3.resources`)."""

PROGRAM = """
import json, os, sys
folder, asked = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)
outside = [place for place in sys.path if "site-packages" in place]
from app import app
at_import = sorted(sys.modules)
class Context:
    aws_request_id = "1"
answers = [app(event, Context()) for event in asked["events"]]
if asked["workers"]:
    import app as module
    from chalicelib.jobs import handlers
seen = {"outside": outside, "at_import": at_import, "answers": answers, "modules": sorted(sys.modules)}
print(json.dumps(seen))
"""
SETTINGS = {
    "SKYLABEL_STAGE": "emulated",
    "SKYLABEL_PUBLIC_URL": "https://skylabel.test",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "api",
    # whoever dials this is refused at once: these requests may touch no table
    "DYNAMODB_ENDPOINT": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def unpacked(built: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(built.code) as archive:
        archive.extractall(folder)
    return folder


def run(folder: Path, *events: dict[str, Any], workers: bool = False) -> dict[str, Any]:
    """What the entry point answers and loads, in an interpreter without site-packages."""
    asked = json.dumps({"events": events, "workers": workers})
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", PROGRAM, str(folder), asked],
        env=SETTINGS,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["outside"] == []
    return seen


@pytest.mark.parametrize("path", ["/health", "/health/", "/api/version", "/api/version/"])
@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "text/html"}], ids=str)
def test_it_answers_without_touching_a_table_whatever_the_client_accepts(
    unpacked: Path, path: str, headers: dict[str, str]
) -> None:
    (answer,) = run(unpacked, proxy_event("GET", path, headers, None))["answers"]

    assert answer["statusCode"] == 200, answer
    assert answer["isBase64Encoded"] is False
    assert json.loads(answer["body"])


def test_an_unknown_path_and_a_broken_body_are_answered_below_500(unpacked: Path) -> None:
    events = [
        proxy_event("GET", "/api/nothing-like-this", {}, None),
        proxy_event("POST", "/user/login/", {"Content-Type": "application/json"}, "{"),
    ]
    statuses = [answer["statusCode"] for answer in run(unpacked, *events)["answers"]]

    assert statuses[0] == 404
    assert 400 <= statuses[1] < 500


def test_a_cold_start_loads_no_code_that_its_request_does_not_need(unpacked: Path) -> None:
    seen = run(unpacked, proxy_event("GET", "/api/version", {}, None))

    for when in ("at_import", "modules"):
        heavy = [m for m in seen[when] if any(m == n or m.startswith(f"{n}.") for n in NEVER_LOADED)]
        assert heavy == [], when
    assert "chalicelib.api.gateway" in seen["at_import"]
    assert not [m for m in seen["at_import"] if m.startswith(("botocore.", "pynamodb", "chalicelib.storage"))]


def test_workers_load_storage_libraries_only_when_they_work(unpacked: Path) -> None:
    seen = run(unpacked, workers=True)

    assert "chalicelib.jobs.handlers" in seen["modules"]
    assert not [m for m in seen["modules"] if m.startswith(("google.cloud", "azure", "lxml", "boto3"))]


def test_every_module_is_compiled_for_the_python_that_runs_it(unpacked: Path) -> None:
    sources = list(unpacked.rglob("*.py"))
    bad = [
        str(source.relative_to(unpacked))
        for source in sources
        if not _is_trusted(Path(importlib.util.cache_from_source(str(source))))
    ]

    assert len(sources) > 1000
    # templates of code and the like, which are no Python of this version and are never imported
    assert [path for path in bad if not path.startswith(("pycparser/", "botocore/data"))] == []


def _is_trusted(compiled: Path) -> bool:
    """Whether it has this Python's magic number, and is loaded without a look at its source."""
    if not compiled.exists():
        return False
    head = compiled.read_bytes()[:8]
    return head[:4] == importlib.util.MAGIC_NUMBER and int.from_bytes(head[4:], "little") == 1


def test_compiled_code_names_no_folder_of_the_machine_that_built_it(built: Package, unpacked: Path) -> None:
    import marshal

    compiled = Path(importlib.util.cache_from_source(str(unpacked / "app.py")))
    code = marshal.loads(compiled.read_bytes()[16:])

    assert not Path(code.co_filename).is_absolute()


def test_it_runs_on_the_python_that_the_template_asks_for(built: Package) -> None:
    template = json.loads(built.template.read_text())
    functions = [
        r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::Function"
    ]

    assert len(functions) == 7
    assert {f["Runtime"] for f in functions} == {"python{}.{}".format(*sys.version_info[:2])}
    assert {tuple(f["Architectures"]) for f in functions} == {("x86_64",)}


def test_it_is_small_and_holds_what_is_deployed_alone(built: Package) -> None:
    with zipfile.ZipFile(built.code) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}

    assert built.code.stat().st_size < MAX_ZIPPED_BYTES
    assert {"app.py", "chalicelib"} <= tops
    # migrations scan tables, which the functions of the product may not: they have a zip of their own
    assert not tops & {
        "schema_migrations",
        "tests",
        "infrastructure",
        "frontend",
        ".git",
        ".data",
        "moto",
        "pytest",
    }
    secrets = [name for name in names if name.endswith((".env", ".pem", ".key", "access.json"))]
    # the public certificates of botocore and requests are no secret
    assert [name for name in secrets if not name.endswith("/cacert.pem")] == []


MIGRATE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from schema_migrations.function import handle
from schema_migrations.modules import discover
class Context:
    def get_remaining_time_in_millis(self):
        return 900_000
try:
    handle({"command": "up"}, Context())
except Exception as error:
    told = type(error).__name__
outside = [place for place in sys.path if "site-packages" in place]
print(json.dumps({"told": told, "outside": outside, "checksums": {m.name: m.checksum for m in discover()}}))
"""


def test_the_zip_of_the_migrations_runs_alone_and_knows_them_by_the_same_checksums(
    built: Package, tmp_path: Path
) -> None:
    with zipfile.ZipFile(built.migrations) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", MIGRATE, str(tmp_path)],
        env={**SETTINGS, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])

    assert seen["outside"] == []
    assert seen["told"] == "EndpointConnectionError"
    assert seen["checksums"] == {migration.name: migration.checksum for migration in discover()}
    assert built.migrations.stat().st_size < MAX_ZIPPED_BYTES


def test_only_the_function_that_migrates_gets_the_zip_of_the_migrations(built: Package) -> None:
    template = with_code(built.template.read_text(), "bucket", "code.zip", migrations_key="migrations.zip")
    places = {
        name: resource["Properties"]["Code"]["S3Key"]
        for name, resource in json.loads(template)["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }

    assert places.pop("Migrations") == "migrations.zip"
    assert set(places.values()) == {"code.zip"}


def test_the_bill_of_materials_names_what_is_in_the_zip(built: Package, unpacked: Path) -> None:
    bill = json.loads(BILL.read_text())
    listed = {each["purl"] for each in bill["components"]}

    installed = {folder.name.removesuffix(".dist-info") for folder in unpacked.glob("*.dist-info")}
    assert len(installed) > 10
    assert len([purl for purl in listed if purl.startswith("pkg:pypi/")]) == len(installed)
    assert any(purl.startswith("pkg:pypi/pydantic@") for purl in listed)
