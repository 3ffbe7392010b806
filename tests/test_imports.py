"""Who may import whom: the contracts are in pyproject.toml."""

import sys
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [*sys.path])  # lint_imports prepends to it
    failed = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    assert not failed, capsys.readouterr().out


def test_schemas_import_only_the_standard_library_and_msgspec() -> None:
    graph = grimp.build_graph("schemas", include_external_packages=True, cache_dir=None)
    outside = {module for module in graph.modules if not f"{module}.".startswith("schemas.")}
    assert outside <= sys.stdlib_module_names | {"msgspec"}


def test_the_contracts_see_every_module() -> None:
    # A folder without __init__.py can be imported, but import-linter passes over it in silence.
    graph = grimp.build_graph("adapters", "coordinator", "schemas", cache_dir=None)
    on_disk = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("adapters", "coordinator", "schemas")
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
    }
    assert graph.modules == on_disk
