"""Deconfliction among many: all at once is one by one, what is too much is said, and the index is watched for ever."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, sentence
from coordinator.core.deconfliction.bonds import Bonds
from coordinator.core.deconfliction.index import Index, Query
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.roll import Roll
from coordinator.core.mission import MatrixRow, Mission, Rules
from coordinator.core.step import Effect
from coordinator.texts import say
from schemas import registry
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Position
from schemas.time import TimeWindow
from tests.bench import crowd, million
from tests.support.v1 import MISSION, logged
from tests.support.worlds import LATE, fold, worlds

NOW = crowd.BEGIN - 5 * crowd.DAY
half = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]  # of what the profile asks


def crowded(**rules: float) -> Mission:
    """Return a mission in which even the frequent activities do not go together."""
    mission = crowd.mission()
    row = MatrixRow(name="busy", a=crowd.ACTIONS[0], b=crowd.ACTIONS[1], severity="HIGH", distance_m=200.0, gap_s=600.0)
    changed = msgspec.structs.replace(mission.rules, **rules)
    return replace(mission, rules=changed, matrix=(*mission.matrix, row))


def told(engine: Engine, messages: list[Envelope], start: int = 0) -> Iterator[Effect]:
    for seq, message in enumerate(messages, start):
        yield from engine.handle(logged(message, seq, NOW))


TOWN = crowd.field((-24.3, 4.7, 0.05))
ORDERS = list(crowd.orders(150, TOWN))


def test_all_at_once_finds_what_one_by_one_finds() -> None:
    bulk, single = Engine(crowded()), Engine(crowded())
    bulk.collect([(m, NOW) for m in ORDERS])
    list(told(single, ORDERS))
    assert len(single.findings()) > 5
    assert bulk.findings() == single.findings()
    assert bulk.next_wake() == single.next_wake()


@half
@given(worlds)
def test_all_at_once_finds_what_one_by_one_finds_in_small_worlds_too(world: list[Envelope]) -> None:
    single, bulk = fold(world), Engine(MISSION)
    bulk.collect([(e, LATE) for e in world])
    assert [f for f in bulk.findings() if f.state != "closed"] == [f for f in single.findings() if f.state != "closed"]


def test_what_is_found_does_not_hang_on_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings are forgotten and worked out again."""
    usual = Engine(crowded())
    usual.collect([(m, NOW) for m in ORDERS])
    monkeypatch.setattr("coordinator.core.deconfliction.roll.KEPT", 4)
    monkeypatch.setattr("coordinator.core.deconfliction.ledger._OPEN", 4)
    forgetful = Engine(crowded())
    list(told(forgetful, ORDERS))
    assert forgetful.findings() == usual.findings()
    assert forgetful.snapshot() != usual.snapshot()  # it has published
    assert len(forgetful._picture.sides._kept) <= 4


def test_a_dry_run_among_many_puts_everything_back() -> None:
    engine = Engine(crowded())
    engine.collect([(m, NOW) for m in ORDERS])
    before, rows = engine.snapshot(), len(engine._picture.index)
    tried = list(crowd.questions(40, TOWN))
    first = [engine.check([q]) for q in tried]
    assert any(first)
    assert [engine.check([q]) for q in tried] == first
    assert engine.snapshot() == before
    assert len(engine._picture.index) <= rows + 20


def test_a_restart_among_many_changes_nothing() -> None:
    engine = Engine(crowded())
    list(told(engine, ORDERS))
    again = Engine()
    again.restore(engine.snapshot())
    assert again.snapshot() == engine.snapshot()
    assert again.published() == engine.published()
    assert list(told(again, ORDERS[:20], 900)) == []


# -- more than is compared --------------------------------------------------------------------------------------------


def unknown(findings: list[Finding]) -> set[str]:
    return {f.parties[0].id for f in findings if f.evidence.rule == "over-capacity"}


def test_orders_beyond_capacity_are_undecidable_and_never_silently_left_out() -> None:
    engine = Engine(crowded(capacity_orders=140))
    effects = list(told(engine, ORDERS))
    beyond = unknown(engine.findings())
    assert len(beyond) == engine.beyond == 10
    assert engine.known == 140
    last = sorted(ORDERS, key=lambda m: (m.created.utc if m.created else 0, m.originator, m.id))[140:]
    assert beyond == {m.id for m in last}
    said = [e.body for e in effects if isinstance(e.body, Finding) and e.body.evidence.rule == "over-capacity"]
    assert {f.parties[0].id for f in said} >= beyond
    assert {f.certainty for f in said} == {"unknown"}
    assert "more orders are known than" in sentence(said[0], say)
    others = {p.id for f in engine.findings() if f.evidence.rule != "over-capacity" for p in f.parties}
    assert not others & beyond


def test_which_orders_are_too_many_does_not_hang_on_their_order() -> None:
    rules = crowded(capacity_orders=140)
    forward, backward, at_once = Engine(rules), Engine(rules), Engine(rules)
    list(told(forward, ORDERS))
    list(told(backward, ORDERS[::-1]))
    at_once.collect([(m, NOW) for m in ORDERS])
    assert forward.findings() == at_once.findings()
    assert unknown(backward.findings()) == unknown(forward.findings())
    assert [f for f in backward.findings() if f.state != "closed"] == [
        f for f in forward.findings() if f.state != "closed"
    ]


def test_a_question_beyond_capacity_is_answered_with_unknown() -> None:
    engine = Engine(crowded(capacity_orders=150))
    engine.collect([(m, NOW) for m in ORDERS])
    [tried] = crowd.questions(1, TOWN)
    assert unknown(engine.check([tried])) != set()
    assert engine.beyond == 0


def test_orders_that_are_over_make_room() -> None:
    engine = Engine(crowded(capacity_orders=140, keep_s=0.0))
    list(told(engine, ORDERS))
    assert engine.beyond == 10
    late = crowd.BEGIN + 25 * crowd.DAY
    [more] = crowd.orders(1, TOWN, mark="late")
    engine.handle(logged(more, 999, late))
    assert engine.beyond == 0
    assert unknown(engine.findings()) == set()


# -- shadow mode ------------------------------------------------------------------------------------------------------

WATCHED = crowded(shadow_every=1, shadow_orders=200)


def test_shadow_mode_finds_nothing_wrong_with_a_sound_index() -> None:
    engine = Engine(WATCHED)
    list(told(engine, ORDERS))
    assert (engine.trouble, engine.warning) == ("", "")


def test_shadow_mode_changes_no_finding() -> None:
    watched, unwatched = Engine(WATCHED), Engine(crowded(shadow_every=0))
    assert [e.body for e in told(watched, ORDERS)] == [e.body for e in told(unwatched, ORDERS)]


def blind(self: Index, query: Query) -> set[Key]:
    """Miss whatever lies in the classes, unless everything is looked at."""
    return real_near(self, query) if self.flat else set()


real_near = Index.near


def test_an_index_that_misses_something_is_noticed_told_and_trusted_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "near", blind)
    engine = Engine(WATCHED)
    list(told(engine, ORDERS))
    assert engine.trouble
    assert "looked at" in engine.warning
    assert not any(m.id in engine.warning for m in ORDERS)
    assert engine._picture.index.flat
    sound = Engine(crowded())
    late = list(crowd.orders(60, TOWN, seed=5, mark="later"))
    sound.collect([(m, NOW) for m in (*ORDERS, *late)])
    list(told(engine, late, 900))
    involved = [f for f in sound.findings() if any(p.id.startswith("later") for p in f.parties)]
    assert len(involved) > 3
    assert [f for f in engine.findings() if any(p.id.startswith("later") for p in f.parties)] == involved


def test_ties_that_miss_somebody_are_noticed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bonds, "near", lambda self, of: set())
    engine = Engine(WATCHED)
    list(told(engine, [elsewhere(n) for n in range(5)]))
    assert engine.trouble


def elsewhere(n: int) -> Envelope:
    """Return an order to the same company at the same time, somewhere else."""
    body = registry.body(ORDERS[0])
    assert isinstance(body, Directive)
    there = Circle(centre=Position(lat=n / 2, lon=20.0), radius_m=100.0)
    when = (TimeWindow.exact(crowd.BEGIN, crowd.BEGIN + crowd.DAY),)
    task = msgspec.structs.replace(body, action="hold", area=there, route=None, windows=when)
    return replace(ORDERS[0], id=f"twin-{n}", body=msgspec.Raw(registry.encode(task)))


def test_a_restart_and_a_new_mission_do_not_bring_trust_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "near", blind)
    engine = Engine(WATCHED)
    list(told(engine, ORDERS))
    again = Engine()
    again.restore(engine.snapshot())
    assert again.trouble == engine.trouble
    assert again._picture.index.flat


def test_a_mission_may_do_without_shadow_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "near", blind)
    engine = Engine(crowded(shadow_every=0))
    list(told(engine, ORDERS))
    assert engine.trouble == ""


def test_one_message_in_a_hundred_is_watched_unless_the_mission_says_otherwise() -> None:
    assert Rules().shadow_every == 100
    assert Rules().capacity_orders == 1_000_000


def test_the_versions_of_an_order_are_those_of_the_ledger() -> None:
    engine = Engine(crowded())
    list(told(engine, ORDERS[:9]))
    roll = engine._picture.sides
    assert isinstance(roll, Roll)
    assert set(roll) == {(m.originator, m.id) for m in ORDERS[:9]}
    assert len(roll) == 9
    assert ("nobody", "nothing") not in roll
    assert roll.get(("nobody", "nothing")) is None


def test_the_benchmark_of_a_million_says_what_it_should_among_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.scale.QUESTIONS", 20)
    monkeypatch.setattr("tests.bench.scale.WARM_UP", 2)
    named = {figure.name: figure for figure in million.figures((100, 1_000))}
    assert {"check among 100, p99", "check among 1,000, p99", "memory with 1,000", "loading 1,000"} <= named.keys()
    assert named["memory with 1,000"].value < 3.0
