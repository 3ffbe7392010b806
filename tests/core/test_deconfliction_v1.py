"""The first vignette through the deconfliction core: five findings, at the right steps, and nothing else."""

import random
from typing import Final

import pytest

from coordinator.core.deconfliction import Engine, check, explain, words
from coordinator.texts import say
from schemas import registry
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from tests.support.v1 import HOUR, MESSAGES, MINUTE, MISSION, during, logged, said, z
from tests.support.worlds import found, renamed

SN, SC, HNS, WATER = "SN-FRAGO-03-017", "SC-FRAGO-03-022", "HNS-0314-07", "XBL-MOV-0314-3"
NAMES: Final = {
    ("incompatible-activities", frozenset((SN, SC))): "C1",
    ("incompatible-activities", frozenset((SN, HNS))): "C2",
    ("incompatible-activities", frozenset((SC, HNS))): "C3",
    ("route-capacity", frozenset((SC,))): "C4",
    ("incompatible-activities", frozenset((SN, WATER))): "C5",
}
OPEN, WAITS = "open", "resolved-if-acknowledged"
STATES: Final[dict[int, dict[str, str]]] = {
    6: {},
    7: {"C2": OPEN},
    8: {"C2": OPEN},
    9: {"C1": OPEN, "C2": OPEN, "C3": OPEN, "C4": OPEN},
    11: {"C1": OPEN, "C2": OPEN, "C3": OPEN, "C4": OPEN, "C5": OPEN},
    13: {"C1": OPEN, "C2": OPEN, "C3": OPEN, "C4": OPEN, "C5": OPEN},
    14: {"C1": WAITS, "C2": WAITS, "C3": WAITS, "C4": OPEN, "C5": OPEN},
    15: {"C1": WAITS, "C3": WAITS, "C4": OPEN, "C5": OPEN},
    16: {"C1": WAITS, "C3": WAITS, "C5": OPEN},
    18: {"C5": OPEN},
    19: {},
}


def name(finding: Finding) -> str:
    return NAMES[finding.finding_kind, frozenset(p.id for p in finding.parties)]


def up_to(step: int) -> list[Envelope]:
    return [e for s, e in MESSAGES.items() if s <= step]


def live(findings: list[Finding]) -> dict[str, Finding]:
    return {name(f): f for f in findings if f.state != "closed"}


@pytest.mark.parametrize("step", STATES)
def test_each_step_leaves_exactly_the_expected_findings(step: int) -> None:
    envelopes = up_to(step)
    now = envelopes[-1].created.utc  # type: ignore[union-attr]
    engine = Engine(MISSION)
    for i, e in enumerate(envelopes):
        engine.handle(logged(e, i))
    assert {n: f.state for n, f in live(engine.findings()).items()} == STATES[step]
    assert {name(f): f.state for f in check(envelopes, MISSION, now or 0)} == STATES[step]


def test_findings_are_published_at_their_step_and_only_there() -> None:
    engine, raised = Engine(MISSION), {}
    for step, envelope in MESSAGES.items():
        for effect in engine.handle(logged(envelope, step)):
            assert isinstance(effect.body, Finding)
            assert effect.body.at == (envelope.created.utc if envelope.created else None)
            assert effect.cause == f"{envelope.originator}/{envelope.key}"
            raised.setdefault(name(effect.body), (step, effect.body.severity, effect.body.certainty))
    assert raised == {
        "C2": (7, "HIGH", "definite"), "C1": (9, "HIGH", "definite"), "C3": (9, "HIGH", "definite"),
        "C4": (9, "HIGH", "definite"), "C5": (11, "MEDIUM", "definite"),
    }  # fmt: skip


def test_evidence_says_where_when_and_by_how_much() -> None:
    got = live(check(up_to(11), MISSION, z("140530")))
    assert got["C2"].evidence.overlap == during("141000", "141045")
    assert got["C2"].evidence.place == "KESSA"
    assert set(got["C2"].told) == {"sn-hq", "xar-batt", "ocha-cmc", "fhq-u3"}
    assert got["C1"].arbiter == "fhq-u3"
    assert got["C1"].first_at == z("140510")
    assert (got["C3"].evidence.distance_m, got["C3"].evidence.required_m) == (0.0, 500.0)
    assert got["C3"].evidence.folded == ("direction",)
    assert (got["C4"].evidence.load_class, got["C4"].evidence.required_class) == (30, 40)
    assert got["C5"].evidence.overlap == during("141200", "141220")


def test_reasons_name_what_changed_and_who_is_waited_for() -> None:
    at_14 = live(check(up_to(14), MISSION, z("140640")))
    assert at_14["C1"].waits_for == ("xar-batt", "xbl-batt")
    assert (at_14["C2"].waits_for, at_14["C3"].waits_for) == (("xar-batt",), ("xbl-batt",))
    assert at_14["C1"].why == "amended by FHQ-FRAGO-03-101:1"
    closed = {name(f): f.why for f in found(list(MESSAGES.values()), z("140820")) if f.state == "closed"}
    assert closed["C4"] == "re-rated by XCO-BR-11:2"
    assert closed["C5"] == f"withdrawn by {WATER}:2"


def test_the_order_of_arrival_changes_nothing() -> None:
    envelopes, now = up_to(11), z("140530")
    expected = found(envelopes, now)
    assert len(expected) == 5
    for seed in range(25):
        shuffled = random.Random(seed).sample(envelopes, len(envelopes))
        assert found(shuffled, now) == expected


def test_the_whole_vignette_in_any_order_leaves_nothing_open() -> None:
    envelopes, now = list(MESSAGES.values()), z("141228")
    expected = found(envelopes, now)
    assert [f.state for f in expected] == ["closed"] * 5
    for seed in range(10):
        assert found(random.Random(seed).sample(envelopes, len(envelopes)), now) == expected


def test_nations_that_change_places_change_nothing_but_names() -> None:
    swap = {"XAR": "XBL", "XBL": "XAR", "xar": "xbl", "xbl": "xar", "sn-hq": "sc-hq", "sc-hq": "sn-hq"}
    mission = renamed(MISSION, swap)
    for step in (11, 14, 15):
        envelopes = up_to(step)
        there = check([renamed(e, swap) for e in envelopes], mission, z("140700"))
        here = [renamed(f, swap) for f in check(envelopes, MISSION, z("140700"))]
        assert sorted(map(alike, here)) == sorted(map(alike, there))


def alike(f: Finding) -> tuple[object, ...]:
    parties = sorted((p.id, p.issuer, p.units, p.what) for p in f.parties)
    return f.finding_kind, parties, f.severity, f.certainty, f.state, sorted(f.told), sorted(f.waits_for), f.arbiter


def test_local_times_read_as_zulu_would_miss_the_water_run() -> None:
    """V1 (c): B is two hours ahead; the check tells the two readings apart."""
    late = during("141400", "141420")
    body = registry.body(MESSAGES[11])
    wrong = registry.pack(type(body)(**{**_fields(body), "windows": (late,)}), id=WATER, originator="xbl-batt")
    envelopes = [e for s, e in MESSAGES.items() if s < 11] + [wrong]
    assert "C5" not in live(check(envelopes, MISSION, z("140530")))


def _fields(of: object) -> dict[str, object]:
    return {f: getattr(of, f) for f in of.__struct_fields__}  # type: ignore[attr-defined]


def test_nothing_becomes_due_after_the_last_step() -> None:
    engine = Engine(MISSION)
    for i, e in enumerate(MESSAGES.values()):
        engine.handle(logged(e, i))
    assert engine.next_wake() is None


def test_a_snapshot_in_the_middle_changes_nothing_later() -> None:
    straight, broken = Engine(MISSION), Engine()
    for step, e in MESSAGES.items():
        expected = straight.handle(logged(e, step))
        if step == 7:
            broken = Engine(MISSION)
            for s, earlier in MESSAGES.items():
                if s < 7:
                    broken.handle(logged(earlier, s))
        if step >= 7:
            again = Engine()
            again.restore(broken.snapshot())
            assert again.snapshot() == broken.snapshot()
            assert again.handle(logged(e, step)) == expected
            broken = again


def test_a_dry_run_finds_the_same_and_leaves_no_trace() -> None:
    engine = Engine(MISSION)
    for i, e in enumerate(up_to(8)):
        engine.handle(logged(e, i))
    before, known = engine.snapshot(), engine.findings()
    assert {name(f) for f in engine.check([MESSAGES[9]])} == {"C1", "C3", "C4"}
    assert (engine.snapshot(), engine.findings()) == (before, known)


def test_every_sentence_of_the_vignette_can_be_recomputed() -> None:
    engine = Engine(MISSION)
    for step, e in MESSAGES.items():
        for effect in engine.handle(logged(e, step)):
            assert isinstance(effect.body, Finding)
            text = explain.sentence(effect.body, say)
            assert explain.recompute(effect.body, text, say), text
    assert words.dtg(z("141045")) == "141045ZMAR27"


def test_an_order_never_answered_is_found_an_hour_before_it_starts() -> None:
    """K16: V1 has none, because everybody answers; without message 8 and 15 there is one."""
    engine = Engine(MISSION)
    engine.handle(logged(MESSAGES[7], 7))
    assert engine.next_wake() == z("140900") - HOUR
    [effect] = engine.wake(z("140900") - HOUR, logged(MESSAGES[7], 8))
    assert isinstance(effect.body, Finding)
    assert (effect.body.finding_kind, effect.body.evidence.missing) == ("not-acknowledged", ("xar-batt",))
    [closed] = engine.handle(logged(MESSAGES[8], 9, z("140801")))
    assert isinstance(closed.body, Finding)
    assert closed.body.state == "closed"


def test_an_order_without_area_or_time_tasks_nobody_in_space() -> None:
    order = said(Directive(directive_kind="rules", task="helmets"), "R-1", "sn-hq", "140000")
    assert check([*up_to(6), order], MISSION, z("140000") + MINUTE) == []
