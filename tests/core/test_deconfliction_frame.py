"""Zones, areas, agreements and caveats together: in whatever order they are known, what follows is the same.

Source: design §7, laws 3 and 5; reference deconfliction.md §2.4.
"""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from coordinator.core.measures import Boundary, Zone
from schemas.directives import Caveat, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.label import Label
from schemas.notices import Cancellation
from tests.core.test_deconfliction_caveats import THERE
from tests.support.examples import times
from tests.support.places import (
    INSIDE,
    ceasefire,
    on_the_way,
    order,
    patrol,
    permission,
    spot,
    square,
)  # fmt: skip
from tests.support.v1 import during, logged, ref, said, z

NOW: Final = z("130200")
MISSION: Final = replace(
    THERE,
    zones=(
        Zone(name="Z", kind="prohibited", ground=square(), standoff_m=100, authority="fhq-u3", exempt=("D:2",)),
        Zone(name="Y", kind="restricted", agreement="ceasefire", authority="fhq-u3"),
        Zone(name="X", kind="restricted", agreement="silence", authority="sn-hq", standoff_m=1000),
    ),
    boundaries=(Boundary(name="CENTRE", owner="sc-hq", ground=square(0.03)),),
)


def gone(kind: str, identity: str, by: str) -> Envelope:
    return said(Cancellation(), identity, by, "130140", 7, kind=kind, status="cancel")


def declared(revision: int, **fields: object) -> Envelope:
    label = Label(releasable_to=("fhq-u3", "XAR"))
    body = Caveat(**fields)  # type: ignore[arg-type]
    return said(body, "CAV", "xar-batt", f"1301{revision:02d}", revision, label=label)


CARRIERS: Final = (Vehicles(type="carrier"),)
POOL: Final = (
    patrol(), patrol("Q", "xbl-batt", spot(50)), on_the_way((9.99, 20.01), (10.04, 20.01)), order(vehicles=CARRIERS),
    replace(order(area=spot(90), vehicles=CARRIERS), revision=2), patrol("N", coordinated_with=(ref("S"),)),
    order("S", by="sc-hq", coordinated_with=(ref("N"),)),
    said(Directive(directive_kind="frago", amends=(OrderChange(order=ref("D"), area=spot(5000)),)), "F", "sn-hq",
         "130110"),
    ceasefire(), ceasefire(2, "130010", area=spot(20)), ceasefire(3, "130020", agreement_kind="silence"),
    permission(), permission("sc-hq"), permission("fhq-u3", "D", 1), permission("sn-hq", "Q"),
    declared(1, vehicles=("armoured",)), declared(2, vehicles=("armoured",), area=INSIDE),
    declared(3, actions=("patrol",), windows=(during("141030", "141100"),)), declared(4, night=True),
    gone("caveat", "CAV", "xar-batt"), gone("agreement", "CFA", "ocha-cmc"), gone("agreement", "A-sc-hq", "sc-hq"),
    gone("movement", "P", "xar-batt"),
)  # fmt: skip
worlds = st.lists(st.sampled_from(range(len(POOL))), min_size=2, max_size=9)


def at_once(messages: list[Envelope]) -> list[Finding]:
    engine = Engine(MISSION)
    engine.collect([(m, NOW) for m in messages])
    return engine.findings()


@times(2)
@given(worlds)
def test_one_by_one_in_any_order_and_twice_is_as_all_at_once(numbers: list[int]) -> None:
    messages = [POOL[n] for n in numbers]
    engine = Engine(MISSION)
    for i, message in enumerate(messages):
        engine.handle(logged(message, i + 1, NOW))
    assert engine.findings() == at_once([POOL[n] for n in sorted(set(numbers))])


@given(worlds, worlds)
def test_a_dry_run_of_anything_leaves_no_trace(numbers: list[int], tried: list[int]) -> None:
    engine = Engine(MISSION)
    for i, n in enumerate(numbers):
        engine.handle(logged(POOL[n], i + 1, NOW))
    before, known = engine.snapshot(), engine.findings()
    engine.check([POOL[n] for n in tried])
    assert (engine.snapshot(), engine.findings()) == (before, known)


def test_the_pool_has_all_four_kinds() -> None:
    kinds = {f.finding_kind for n in range(len(POOL)) for f in at_once([POOL[n], *POOL[3:4], POOL[8], POOL[15]])}
    assert {"prohibited-zone", "restricted-zone", "uncoordinated-entry", "caveat"} <= kinds
