"""The laws of deconfliction as properties, over small worlds around the bridge of V1.

Laws 3 (order), 4 (impartial), 5 (complete), 9 (explained) of design §7; symmetry, shifts of time and longitude,
snapshots and dry runs. `test_deconfliction_laws_full` has all kinds, `test_deconfliction_faults` what must be noticed.
Source: reference deconfliction.md §5 (3), §5.1.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check, explain, verdicts
from coordinator.core.deconfliction.meeting import Needs, meeting
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord
from coordinator.core.mission import Mission
from coordinator.texts import say
from schemas.envelope import Envelope
from schemas.findings import Finding
from tests.support.laws import (
    index_is_complete,
    nations_do_not_matter,
    order_does_not_matter,
    plain,
    sentences_can_be_recomputed,
)  # fmt: skip
from tests.support.v1 import HOUR, MESSAGES, MISSION, logged
from tests.support.worlds import (
    LATE,
    amended_worlds,
    fold,
    found,
    honest_worlds,
    message,
    moves,
    near_worlds,
    orders,
    plain_worlds,
    worlds,
)  # fmt: skip

half = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]  # of what the profile asks

# -- law 3: any order, duplication, partition and merge ---------------------------------------------------------------


@half
@given(worlds, st.data())
def test_law_3_order_and_duplication_change_nothing(world: list[Envelope], data: Any) -> None:
    order_does_not_matter(world, data)


@half
@given(amended_worlds, st.data())
def test_law_3_amendments_arrive_in_any_order(world: list[Envelope], data: Any) -> None:
    order_does_not_matter(world, data)


@half
@given(worlds)
def test_law_3_folding_one_by_one_equals_judging_the_set(world: list[Envelope]) -> None:
    assert [f for f in found(world) if f.state != "closed"] == check(world, MISSION, LATE)


@half
@given(worlds, st.integers(1, 9))
def test_law_3_two_halves_of_a_partition_merge(world: list[Envelope], cut: int) -> None:
    left, right = world[:cut], world[cut:]
    assert found([*left, *right]) == found([*right, *left])


# -- law 4: impartial -------------------------------------------------------------------------------------------------


@half
@given(honest_worlds)
def test_law_4_nations_that_change_places_change_nothing_but_names(world: list[Envelope]) -> None:
    nations_do_not_matter(world)


# -- law 5: complete --------------------------------------------------------------------------------------------------


@half
@given(st.one_of(worlds, plain_worlds, near_worlds))
def test_law_5_index_and_verdicts_equal_brute_force(world: list[Envelope]) -> None:
    index_is_complete(world)


# -- law 9: explained -------------------------------------------------------------------------------------------------


@half
@given(worlds)
def test_law_9_every_number_of_a_sentence_is_in_the_finding(world: list[Envelope]) -> None:
    sentences_can_be_recomputed(world)


def test_law_9_a_number_that_is_not_in_the_finding_is_noticed() -> None:
    [f] = [f for f in check(list(MESSAGES.values())[:9], MISSION, LATE) if f.finding_kind == "route-capacity"]
    text = explain.sentence(f, say)
    assert not explain.recompute(replace(f, evidence=replace(f.evidence, load_class=31)), text, say)
    assert not explain.recompute(f, text.replace("30", "31"), say)


# -- symmetry and shifts ----------------------------------------------------------------------------------------------

readings = st.one_of(orders, moves).map(lambda body: Reading(body, Setting(MISSION)))


@half
@given(readings, readings, st.sampled_from((0.0, 250.0, 500.0)), st.sampled_from((0.0, 1800.0)))
def test_a_verdict_is_symmetric(a: Reading, b: Reading, distance: float, gap: float) -> None:
    needs = Needs(distance, gap, 30.0)
    one, two = meeting(a, b, needs), meeting(b, a, needs)
    assert (one is None) == (two is None)
    if one and two:
        assert (one.certainty, one.separation, one.overlap, one.gap) == (
            two.certainty, two.separation, two.overlap, two.gap,
        )  # fmt: skip
    x, y = (verdicts.incompatible(p, q, Accord(), Setting(MISSION)) for p, q in ((a, b), (b, a)))
    assert (x and (x.severity, x.certainty, x.evidence.rule)) == (y and (y.severity, y.certainty, y.evidence.rule))


def moved(value: Any, by: Callable[[str, Any], Any], key: str = "") -> Any:
    """Return builtins with every leaf changed by what its key says."""
    if isinstance(value, dict):
        return {k: moved(v, by, k) for k, v in value.items()}
    if isinstance(value, list):
        return by(key, value) if key in ("rings", "points") and _pairs(value) else [moved(v, by, key) for v in value]
    return by(key, value)


def _pairs(value: list[Any]) -> bool:
    first = value[0] if value else None
    return isinstance(first, list) and (not first or isinstance(first[0], float | list))


TIMES = ("start_earliest", "start_latest", "end_earliest", "end_latest", "utc", "until", "first_at")


def later(key: str, value: Any) -> Any:
    return value + 31 * 24 * HOUR if key in TIMES and value is not None else value


@half
@given(honest_worlds)
def test_a_shift_in_time_shifts_the_findings(world: list[Envelope]) -> None:
    shifted = [shift(e, later) for e in world]
    here, there = check(world, MISSION, LATE), check(shifted, MISSION, LATE + 31 * 24 * HOUR)
    moved_here = [msgspec.convert(moved(plain(f), later), type=Finding) for f in here]
    assert moved_here == there


def shift(e: Envelope, by: Callable[[str, Any], Any]) -> Envelope:
    body = msgspec.json.encode(moved(msgspec.json.decode(e.body), by))
    said = msgspec.convert(moved(plain(e.created), by), type=type(e.created))
    return replace(e, body=msgspec.Raw(body), created=said)


def east(degrees: float) -> Callable[[str, Any], Any]:
    def turn(lon: float) -> float:
        return round((lon + degrees + 180.0) % 360.0 - 180.0, 6)

    def pairs(value: list[Any]) -> list[Any]:
        return [pairs(v) if isinstance(v[0], list) else [turn(v[0]), v[1]] for v in value]

    def by(key: str, value: Any) -> Any:
        if key == "lon":
            return turn(value)
        return pairs(value) if isinstance(value, list) and _pairs(value) else value

    return by


def mission_east(degrees: float) -> Mission:
    turn = east(degrees)
    changed = moved(plain(MISSION), turn)
    for r in changed["routes"]:
        r["points"] = [_turned(p, turn) for p in r["points"]]
    return msgspec.convert(changed, type=Mission)


def _turned(point: str, turn: Callable[[str, Any], Any]) -> str:
    lat, comma, lon = point.partition(",")
    return f"{lat},{turn('lon', float(lon))}" if comma else point


@half
@given(honest_worlds, st.sampled_from((10.0, 120.0, -150.0, 206.0)))
def test_a_shift_in_longitude_changes_no_finding(world: list[Envelope], degrees: float) -> None:
    """Also across the seam: at +206 the bridge lies at 179° E."""
    here = check(world, MISSION, LATE)
    there = check([shift(e, east(degrees)) for e in world], mission_east(degrees), LATE)
    brief = [(f.id, f.state, f.severity, f.certainty, f.evidence.rule) for f in here]
    assert brief == [(f.id, f.state, f.severity, f.certainty, f.evidence.rule) for f in there]


# -- state ------------------------------------------------------------------------------------------------------------


@half
@given(worlds, message)
def test_a_snapshot_is_complete(world: list[Envelope], more: Envelope) -> None:
    engine = fold(world)
    again = Engine()
    again.restore(engine.snapshot())
    assert again.snapshot() == engine.snapshot()
    assert again.findings() == engine.findings()
    assert again.next_wake() == engine.next_wake()


@half
@given(worlds, st.lists(message, min_size=1, max_size=3))
def test_a_dry_run_leaves_no_trace(world: list[Envelope], tried: list[Envelope]) -> None:
    engine = fold(world)
    before, known, due = engine.snapshot(), engine.findings(), engine.next_wake()
    engine.check(tried)
    assert (engine.snapshot(), engine.findings(), engine.next_wake()) == (before, known, due)


@half
@given(worlds)
def test_waking_goes_forward(world: list[Envelope]) -> None:
    engine = fold(world)
    now = LATE
    while (due := engine.next_wake()) is not None and due < LATE + 100 * HOUR:
        assert due > now
        now = due
        engine.wake(now, logged(world[0], 1000, now))
        assert [f for f in engine.findings() if f.state != "closed"] == check(world, MISSION, now)


# -- what the laws speak of ------------------------------------------------------------------------------------------


def test_the_worlds_hold_something_to_find() -> None:
    """Laws that hold because nothing ever happens would prove nothing."""
    missing = {
        *((kind, "") for kind in ("route-capacity", "stale-order", "not-acknowledged", "undecidable", "authority")),
        *(("incompatible-activities", state) for state in ("open", "resolved-if-acknowledged", "closed")),
    }

    def collect(world: list[Envelope]) -> None:
        for f in found(world) if missing else ():
            missing.difference_update({(f.finding_kind, f.state), (f.finding_kind, "")})

    settings(max_examples=150, derandomize=True, phases=[Phase.generate], database=None)(given(worlds)(collect))()
    assert missing == set()
