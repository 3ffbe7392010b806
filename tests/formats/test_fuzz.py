"""The fuzzer finds what is broken, and finds nothing in a few hundred inputs of each format."""

from collections.abc import Callable
from pathlib import Path

import pytest

import adapters
from adapters.base import Rejected
from tests.formats.fuzz import Fuzzer, main


@pytest.mark.parametrize("name", adapters.BUILTIN)
def test_broken_inputs_are_translated_or_refused(name: str, tmp_path: Path) -> None:
    report = Fuzzer(name, tmp_path, seed=7).run(100, seconds=20)
    assert report.failures == ()
    assert report.inputs == 100
    assert report.lines > 100


def test_inputs_that_reach_new_lines_become_seeds(tmp_path: Path) -> None:
    fuzzer = Fuzzer("gpx", tmp_path)
    few = fuzzer.run(20, seconds=20)
    more = fuzzer.run(600, seconds=20)
    assert more.lines > few.lines
    assert more.seeds > few.seeds


def test_the_same_seed_gives_the_same_run(tmp_path: Path) -> None:
    one, two = (Fuzzer("gpx", tmp_path, seed=3).run(150, seconds=20) for _ in range(2))
    assert (one.inputs, one.translated) == (two.inputs, two.translated)


def broken(monkeypatch: pytest.MonkeyPatch, name: str, decode: Callable[..., object]) -> None:
    monkeypatch.setattr(type(adapters.adapter(name)), "decode", lambda self, data, context: decode(data))


def test_a_crash_is_a_failure_and_its_input_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(data: bytes) -> object:
        if b"<gpx" in data:
            raise KeyError("lat")
        raise Rejected("input", "no")

    broken(monkeypatch, "gpx", decode)
    report = Fuzzer("gpx", tmp_path).run(40, seconds=20)
    assert {failure.why for failure in report.failures} == {"KeyError: 'lat'"}
    assert all(b"<gpx" in failure.path.read_bytes() for failure in report.failures)
    assert "failures\n  KeyError" in str(report)
    assert main(["gpx", "--inputs", "40", "--save", str(tmp_path)]) == 1


def test_an_input_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(data: bytes) -> object:
        while True:
            pass

    broken(monkeypatch, "gpx", decode)
    report = Fuzzer("gpx", tmp_path, hang_s=0.05).run(1, seconds=20)
    assert report.failures[0].why == "it did not end within 0.05 s"


def test_a_slow_input_is_a_failure(tmp_path: Path) -> None:
    fuzzer = Fuzzer("gpx", tmp_path, limit_s=0.0)
    fuzzer.one(b"<gpx/>")
    assert fuzzer.run(1, seconds=20).failures[0].why.startswith("it took")
