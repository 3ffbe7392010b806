"""Exit codes and the one line that says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.base import Rejected
from coordinator import errors
from coordinator.cli import exits
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.CoordinatorError("x"), 1),
        (errors.ConfigError([]), 1),
        (errors.Full("x"), 1),
        (errors.TooLarge("s", 2, 1), 1),
        (Rejected("line 1", "no"), 1),
        (ZeroDivisionError("x"), 1),
        (errors.UsageError("x"), 2),
        (errors.Disconnected("x"), 3),
        (errors.NoAnswer("x"), 3),
        (errors.Forbidden("read", "x"), 4),
        (PermissionError(13, "x"), 4),
        (errors.NotFound("x"), 5),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_error_has_its_code(error: BaseException, code: int) -> None:
    assert exits.code(error) == code
    assert exits.code(BaseExceptionGroup("tasks", [BaseExceptionGroup("inner", [error])])) == code


def test_our_own_error_decides_in_a_group() -> None:
    group = ExceptionGroup("tasks", [ValueError("x"), errors.NotFound("y")])
    assert exits.code(group) == exits.NOT_FOUND
    assert exits.explain(group) == "y"


def test_an_error_says_how_to_mend_it_once() -> None:
    assert "`coordinator up`" in exits.explain(errors.Disconnected("no server answers"))
    said = exits.explain(errors.Disconnected("nothing runs: start it with `coordinator up --store x`"))
    assert said.count("coordinator up") == 1


def test_our_own_mistake_is_called_that() -> None:
    assert exits.explain(KeyError("x")).startswith("our own mistake: KeyError")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("nonsense", 2, 'Unknown command "nonsense"'),
        ("sendd", 2, 'Did you mean "send"'),
        ("send", 2, "requires an argument"),
        ("send x", 2, "--as"),
        ("send nothing.txt --as xar", 2, "no such file"),
        ("send . --as xar", 2, "is a folder"),
        ("send --bogus --as xar", 2, "--bogus"),
        ("send x --as xar --bogus", 2, "--bogus"),
        ("receive --as xar", 3, "nothing runs on"),
        ("receive --as xar --server nats://127.0.0.1:1", 2, "--creds"),
        ("status", 3, "nothing runs on"),
        ("watch --as joc --follow --until-now", 2, "exclude each other"),
        ("watch --as joc --severity dire", 2, "Severe"),
        ("replay --from yesterday", 2, "140400ZMAR27"),
        ("replay --speed 0", 2, "max"),
        ("demo --speed fast", 2, "max"),
        ("demo --vignette v9", 2, "v1"),
        ("directives ack X --as xar --step cannot-comply", 2, "NO-CAPACITY"),
        ("directives ack X --as xar --step wilco --code OTHER", 2, "cannot-comply"),
        ("alerts ack X --as joc --seen-rev 0", 2, "counts from 1"),
        ("log show --stream NONE", 2, "LOG"),
        ("schema nothing", 5, "directive"),
        ("schema directive --asyncapi", 2, "whole bus"),
        ("translate x --to nothing", 2, "native"),
        ("translate nothing.txt --to native", 2, "no such file"),
        ("deconflict nothing.txt", 2, "no such file"),
        ("mission lint nothing.toml", 2, "no such file"),
        ("up --mission nothing.toml", 1, "nothing.toml"),
        ("up nonsense", 2, "intake"),
    ],
)
def test_a_wrong_call_says_why_and_prints_no_data(arguments: str, code: int, said: str, run: Run) -> None:
    ran = run(*arguments.split())
    assert ran.code == code, ran.err
    assert said in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_no_traceback_unless_it_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("coordinator.config.starter", broken)
    ran = run("mission", "new", "never.toml")
    assert ran.code == 1
    assert ran.err == (
        "coordinator: our own mistake: ZeroDivisionError: oops; COORDINATOR_DEBUG=1 shows where it happened\n"
    )
    monkeypatch.setenv("COORDINATOR_DEBUG", "1")
    assert "Traceback" in run("mission", "new", "never.toml").err


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "coordinator", "schema"]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, text=True)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")
