"""Every format says what it is, has cases for good and bad, and finds its own among the others."""

import re

import pytest

import adapters
from adapters.base import Rejected
from schemas.registry import KINDS
from tests.formats.cases import Case, all_cases, good_cases, label


@pytest.mark.parametrize("name", adapters.names())
def test_a_format_says_what_it_is(name: str) -> None:
    adapter = adapters.adapter(name)
    assert adapter.name == name
    assert re.fullmatch("[a-z0-9-]+", name)
    assert adapter.title
    assert len(adapter.spec) > 10
    assert adapter.suffixes
    assert all(suffix.startswith(".") for suffix in adapter.suffixes)
    assert adapter.reads
    assert adapter.reads | adapter.writes <= KINDS.keys()


@pytest.mark.parametrize("name", adapters.BUILTIN)
def test_a_format_has_good_cases_and_refused_ones(name: str) -> None:
    found = {case.good for case in all_cases() if case.adapter == name}
    assert found == {True, False}


@pytest.mark.parametrize("case", all_cases(), ids=label)
def test_every_case_has_its_result(case: Case) -> None:
    assert case.expected, "run make goldens, and read the diff"


@pytest.mark.parametrize("case", good_cases(), ids=label)
def test_a_good_input_is_recognised(case: Case) -> None:
    assert adapters.detect(case.data[:4096], case.path.suffix) == case.adapter
    assert adapters.detect(case.data[:4096]) == case.adapter


@pytest.mark.parametrize("name", adapters.BUILTIN)
def test_a_format_writes_only_kinds_that_it_names(name: str) -> None:
    good = [case for case in good_cases() if case.adapter == name]
    read_kinds = {m.kind for case in good for m in case.reader.decode(case.data, case.context).messages}
    assert read_kinds <= adapters.adapter(name).reads


def test_bytes_that_no_format_knows_are_refused_with_the_names() -> None:
    with pytest.raises(Rejected, match="native"):
        adapters.detect(b"\x00\x01\x02")
    with pytest.raises(Rejected, match="native"):
        adapters.adapter("telegraph")
