"""The laws of deconfliction over worlds that hold every kind of finding, in a mission in which each can occur.

Laws 2 (replay), 3 (order), 4 (impartial), 5 (complete), 9 (explained) of design §7. `test_deconfliction_laws` has the
same laws over small worlds whose parts are drawn one by one. Source: reference deconfliction.md §5 (3), §5.1.
"""

import re
from collections.abc import Callable
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check
from coordinator.core.mission import Mission
from coordinator.core.step import Effect
from schemas.envelope import Envelope
from schemas.findings import Finding, FindingKind
from schemas.operations import Tick
from tests.support.full import FULL
from tests.support.full_worlds import CASES, chained_worlds, full_worlds, honest_full_worlds
from tests.support.laws import (
    blind,
    caught,
    index_is_complete,
    nations_do_not_matter,
    order_does_not_matter,
    sentences_can_be_recomputed,
)  # fmt: skip
from tests.support.oracle.making import NOW
from tests.support.pool import IDS
from tests.support.v1 import HOUR, logged
from tests.support.worlds import LATE, fold, found

QUIET = replace(FULL, rules=replace(FULL.rules, options_per_message=0))
"""Ways out are tried one by one; only the law that is about them pays for that."""
NUMBERS = (*IDS, "a", "b", "c")
few = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]


@few
@given(full_worlds, st.data())
def test_law_3_order_and_duplication_change_nothing(world: list[Envelope], data: Any) -> None:
    order_does_not_matter(world, data, QUIET)


@few
@given(chained_worlds, st.data())
def test_law_3_chains_of_orders_arrive_in_any_order(world: list[Envelope], data: Any) -> None:
    order_does_not_matter(world, data, QUIET)


@few
@given(full_worlds)
def test_law_3_folding_one_by_one_equals_judging_the_set(world: list[Envelope]) -> None:
    assert [f for f in found(world, mission=QUIET) if f.state != "closed"] == check(world, QUIET, LATE)


@few
@given(honest_full_worlds)
def test_law_4_nations_that_change_places_change_nothing_but_names(world: list[Envelope]) -> None:
    nations_do_not_matter(world, QUIET)


@few
@given(honest_full_worlds)
def test_law_4_the_ways_out_are_the_same_for_every_nation(world: list[Envelope]) -> None:
    nations_do_not_matter(world[:5], FULL, ways_out=100)


@few
@given(honest_full_worlds)
def test_units_under_other_names_are_judged_alike(world: list[Envelope]) -> None:
    nations_do_not_matter(
        world, QUIET, {"xar-batt": "zz-batt", "xbl-batt": "a-batt", "xco-eng": "m-eng", "sn-hq": "q-hq"}
    )


def numbers_do_not_matter(world: list[Envelope], turned: list[str]) -> None:
    """Orders under each other's ids give the same findings, renamed."""
    ids = dict(zip(NUMBERS, turned, strict=True))
    here = [reissued(f, ids) for f in check(world, QUIET, LATE)]
    there = check([reissued(e, ids) for e in world], exempting(ids), LATE)
    assert sorted(map(blind, here)) == sorted(map(blind, there))


def reissued(value: Any, ids: dict[str, str]) -> Any:
    """Return any struct with orders under other ids, wherever they are cited, with or without a revision."""
    text = re.sub(
        r'(["( ])([a-z][0-9]*)(":|"|:[0-9])', lambda m: _reissued(m, ids), msgspec.json.encode(value).decode()
    )
    return msgspec.json.decode(text, type=type(value))


def exempting(ids: dict[str, str]) -> Mission:
    """Return the mission with the orders that its zones exempt under other ids."""

    def other(name: str) -> str:
        identity, _, revision = name.partition(":")
        return f"{ids.get(identity, identity)}:{revision}"

    zones = (replace(z, exempt=tuple(map(other, z.exempt))) for z in QUIET.zones)
    return replace(QUIET, zones=tuple(zones))


def _reissued(found: re.Match[str], ids: dict[str, str]) -> str:
    before, name, behind = found.groups()
    return found[0] if behind == '":' else before + ids.get(name, name) + behind


@few
@given(honest_full_worlds, st.permutations(NUMBERS))
def test_orders_under_other_ids_are_judged_alike(world: list[Envelope], turned: list[str]) -> None:
    numbers_do_not_matter(world, turned)


@few
@given(full_worlds)
def test_law_5_index_and_verdicts_equal_brute_force(world: list[Envelope]) -> None:
    index_is_complete(world, QUIET)


@few
@given(full_worlds)
def test_law_9_every_number_of_a_sentence_is_in_the_finding(world: list[Envelope]) -> None:
    sentences_can_be_recomputed(world, QUIET)


# -- law 2: what is said does not depend on restarts ------------------------------------------------------------------


def said(world: list[Envelope], restart: Callable[[int], bool]) -> list[Effect]:
    """Return everything that an engine says of a world whose timers are due two messages late; it may be restarted."""
    engine, effects = Engine(QUIET), []
    for i, envelope in enumerate(world):
        now = LATE - (len(world) - i) * HOUR
        effects += engine.handle(logged(envelope, i, now))
        if restart(i):
            data = engine.snapshot()
            engine = Engine()
            engine.restore(data)
        if i % 2 and (due := engine.next_wake()) is not None and due <= now:
            tick = Tick(service="deconfliction", due=due)
            effects += engine.handle(logged(envelope, i, now)._replace(subject="tick.x", id=f"tick{i}", body=tick))
    return effects


@few
@given(full_worlds, st.integers(0, 9))
def test_law_2_a_restart_at_any_point_says_the_same(world: list[Envelope], at: int) -> None:
    assert said(world, lambda i: i == at) == said(world, lambda _: False)


@few
@given(full_worlds)
def test_a_snapshot_is_complete(world: list[Envelope]) -> None:
    engine, again = fold(world, mission=QUIET), Engine()
    again.restore(engine.snapshot())
    assert again.snapshot() == engine.snapshot()
    assert (again.findings(), again.next_wake()) == (engine.findings(), engine.next_wake())


# -- what the laws speak of -------------------------------------------------------------------------------------------


def test_the_worlds_hold_every_kind() -> None:
    """Laws that hold because nothing ever happens would prove nothing."""
    kinds = {f.finding_kind for world in CASES for f in check(world, QUIET, NOW)}
    assert kinds == set(get_args(FindingKind)) - {"task-deviation"}  # that one needs tracks: test_deconfliction_tracks


def test_an_order_that_is_preferred_by_its_id_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = check

    def first_only(*arguments: Any, **more: Any) -> list[Finding]:
        return [f for f in real(*arguments, **more) if f.parties[0].id != "a"]

    monkeypatch.setitem(globals(), "check", first_only)
    assert caught(numbers_do_not_matter, honest_full_worlds, st.permutations(NUMBERS))
