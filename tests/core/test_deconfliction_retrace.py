"""A check replayed step by step. Source: design §7 law 9; deconfliction.md §5 (4)."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from schemas.findings import Finding
from tests.support.v1 import MESSAGES, MISSION, z


def engine_of(*numbers: int) -> Engine:
    engine = Engine(MISSION)
    engine.collect((MESSAGES[n], z("140530")) for n in numbers)
    return engine


def steps(engine: Engine, finding: Finding) -> dict[str, tuple[str, ...]]:
    return {step.what: step.lines for step in engine.retrace(finding)}


def one(engine: Engine, **wanted: Any) -> Finding:
    found = [f for f in engine.findings() if all(getattr(f.evidence, k) == v for k, v in wanted.items())]
    assert len(found) == 1
    return found[0]


def test_it_shows_what_was_read_which_rows_were_asked_and_what_follows() -> None:
    engine = engine_of(1, 2, 7)
    shown = steps(engine, one(engine, rule="closure/use"))
    assert any("exclusive" not in line and "closure" in line for line in shown["read SN-FRAGO-03-017:1"])
    assert shown["what stands between them"] == ("nothing: no amendment, permission or agreement",)
    rows = shown["ask each row of the matrix"]
    assert any(r.startswith("closure/use: ") and "from 141000ZMAR27 to 141045ZMAR27: definite" in r for r in rows)
    assert "rule: closure/use" in shown["the verdict: incompatible-activities"]
    assert shown["how severe"] == ("HIGH, definite",)
    assert shown["the same again"] == ("computed again: the same",)


def test_every_value_of_the_evidence_is_shown() -> None:
    engine = engine_of(1, 2, 7, 9)
    for finding in engine.findings():
        shown = steps(engine, finding)[f"the verdict: {finding.finding_kind}"]
        named = {line.split(":")[0] for line in shown}
        said = {f for f in finding.evidence.__struct_fields__ if getattr(finding.evidence, f)}
        assert said <= named


def test_an_amendment_shows_as_two_versions() -> None:
    engine = engine_of(1, 2, 7, 9, 14)
    finding = next(f for f in engine.findings() if f.state == "resolved-if-acknowledged")
    texts = [step.what for step in engine.retrace(finding)]
    assert texts.count("read SN-FRAGO-03-017:1") + texts.count("read SC-FRAGO-03-022:1") >= 2


@pytest.mark.parametrize("change", [{"severity": "LOW"}, {"certainty": "possible"}])
def test_a_finding_that_does_not_follow_is_said_to_be_wrong(change: dict[str, Any]) -> None:
    engine = engine_of(1, 2, 7)
    finding = replace(one(engine, rule="closure/use"), **change)
    assert "NOT the same" in steps(engine, finding)["the same again"][0]


def test_a_finding_that_is_gone_says_so() -> None:
    engine = engine_of(1, 2, 7)
    assert steps(engine_of(1, 2), one(engine, rule="closure/use"))["the same again"] == (
        "nothing gives rise to it any more",
    )
