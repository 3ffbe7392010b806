"""One distribution, three import packages with plain names: nobody else may own one, and nothing may be left out."""

import re
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
DISTRIBUTION = "contingent-coordinator"
PACKAGES = ("adapters", "coordinator", "schemas")
NOT_SHIPPED = {"__pycache__", "node_modules"}


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None, f"{package} has no __init__.py"
    return Path(spec.origin).parent


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_owns_the_import_name(package: str) -> None:
    # An editable install is one .pth file, which names no package: then there is no owner at all.
    owners = metadata.packages_distributions().get(package, [])
    assert set(owners) <= {DISTRIBUTION}
    assert metadata.version(DISTRIBUTION)


def test_the_packages_are_siblings_on_disk() -> None:
    assert len({folder_of(package).parent for package in PACKAGES}) == 1


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_typed(package: str) -> None:
    assert (folder_of(package) / "py.typed").is_file()


def test_no_folder_of_tests_is_named_after_a_package() -> None:
    # It would shadow the package: "module 'adapters' has no attribute ...".
    assert not [name for name in PACKAGES if (ROOT / "tests" / name).exists()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a freshly built wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: dict[str, bytes]) -> None:
    shipped = {name for name in wheel if ".dist-info/" not in name}
    on_disk = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not NOT_SHIPPED.intersection(path.parts)
    }
    assert shipped == on_disk


def test_the_wheel_brings_the_command_and_the_licence(wheel: dict[str, bytes]) -> None:
    described = {Path(name).name: content.decode() for name, content in wheel.items() if ".dist-info/" in name}
    assert "coordinator = coordinator.__main__:main" in described["entry_points.txt"].splitlines()
    assert described["LICENSE"] == (ROOT / "LICENSE").read_text()


def locked() -> dict[str, set[str]]:
    """The versions of every package in the lock; more than one where Python versions need different ones."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([^\s=]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def test_what_is_required_is_locked_and_installed() -> None:
    pins = locked()
    for required in map(Requirement, metadata.requires(DISTRIBUTION) or []):
        if required.marker and not required.marker.evaluate({"extra": "dev"}):
            continue
        versions = pins.get(canonicalize_name(required.name), set())
        assert versions, f"{required} is not in requirements.lock: make lock"
        assert all(required.specifier.contains(version, prereleases=True) for version in versions), str(required)
        assert metadata.version(required.name) in versions, f"{required.name} is not the locked one: make .venv"


def test_the_lock_names_no_place() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert not re.search(r"(?:^|[\s=])/\w", lock), "an absolute path"
    assert not re.search(r"^\s*--(?!hash=)", lock, re.MULTILINE), "an option other than --hash"
