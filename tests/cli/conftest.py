"""A command line that runs in this process, and golden files for what it prints."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from coordinator.__main__ import main

HERE = Path(__file__).parent
GOLDENS = HERE / "goldens"
INPUTS = HERE / "inputs"


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Golden = Callable[[str, str], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command; its default store is a folder where nothing runs, its width is fixed."""
    monkeypatch.setenv("COORDINATOR_STORE", str(tmp_path / "nothing-runs-here"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("COORDINATOR_DEBUG", raising=False)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return call


@pytest.fixture
def golden(update_goldens: bool) -> Golden:
    """Compare a text with the golden file of that name, or write the file."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / f"{name}.txt"
        if update_goldens:
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is not there: pytest --update-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare
