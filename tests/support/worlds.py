"""Small worlds for the laws of deconfliction: a handful of messages that are near each other in every way.

Few places, few times, few ids, so that conflicts, amendments, cancellations and acknowledgements meet often. Every
message says when it was issued, and ids say nothing about their nation.
"""

from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from coordinator.core.deconfliction import Engine
from coordinator.core.mission import Mission
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.directives import Agreement, Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.findings import Finding
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Area,
    Circle,
    Corridor,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)  # fmt: skip
from schemas.notices import Cancellation, HazardNotice, MovementNotice, RouteState
from schemas.operations import Tick
from schemas.time import TimeValue, TimeWindow
from tests.support.v1 import MINUTE, MISSION, during, logged, z

START: Final = z("140000")
LATE: Final = z("140530")
UNITS: Final = ("xar-batt", "xbl-batt")
HQS: Final = ("sn-hq", "sc-hq", "fhq-u3")
IDS: Final = tuple(f"o{i}" for i in range(5))
FINDINGS: Final = tuple(f"{i:032x}" for i in range(2))

instants = st.integers(0, 40).map(lambda i: START + i * 15 * MINUTE)
issued = st.integers(0, 60).map(lambda i: z("130000") + i * MINUTE)


@st.composite
def windows(draw: st.DrawFn) -> TimeWindow:
    a, b, c, d = sorted(draw(st.lists(instants, min_size=4, max_size=4)))
    match draw(st.integers(0, 9)):
        case 0:
            return TimeWindow(start_earliest=a, start_latest=b, end_earliest=c, end_latest=d)
        case 1:
            return TimeWindow(start_earliest=a, start_latest=a)
        case 2:
            return TimeWindow.exact(b, a)
        case _:
            return TimeWindow.exact(a, d)


def position(east: int, north: int) -> Position:
    """Return a point some steps of about 300 m from the bridge."""
    return Position(lat=round(2.0 + 0.0027 * north, 6), lon=round(-27.0 + 0.0027 * east, 6))


points = st.builds(position, st.integers(-4, 4), st.integers(-4, 4))
circles = st.builds(Circle, centre=points, radius_m=st.sampled_from((0.0, 100.0, 300.0)))


@st.composite
def boxes(draw: st.DrawFn) -> Polygon:
    p, size = draw(points), draw(st.sampled_from((0.0027, 0.0054)))
    w, s, e, n = p.lon, p.lat, round(p.lon + size, 6), round(p.lat + size, 6)
    ring = ((w, s), (e, s), (e, n), (w, n), (w, s))
    crossed = ((w, s), (e, n), (e, s), (w, n), (w, s))
    return Polygon(rings=(crossed if draw(st.integers(0, 9)) == 0 else ring,))


@st.composite
def corridors(draw: st.DrawFn) -> Corridor:
    p, q = draw(points), draw(points)
    return Corridor(points=((p.lon, p.lat), (q.lon, q.lat)), width_m=draw(st.sampled_from((0.0, 200.0))))


names = st.sampled_from(("KESSA", "KESSA", "FORD", "nowhere")).map(lambda n: Named(name=n))
areas: st.SearchStrategy[Area] = st.one_of(names, names, circles, boxes(), corridors())
bands = st.one_of(
    st.none(),
    st.builds(
        lambda lo, up, ref: AltitudeBand(
            lower=AltitudeLimit(reference=ref, value_m=lo), upper=AltitudeLimit(reference=ref, value_m=lo + up)
        ),
        st.sampled_from((0.0, 100.0, 300.0)), st.sampled_from((50.0, 100.0)), st.sampled_from(("AGL", "MSL")),
    ),
)  # fmt: skip


@st.composite
def routes(draw: st.DrawFn) -> Route:
    name = draw(st.sampled_from(("LIME", "PLUM", "")))
    when = draw(st.one_of(st.none(), windows()))
    point = RoutePoint(name="KESSA", window=when)
    more = () if name else (RoutePoint(position=draw(points)),)
    return Route(name=name, points=(point, *more), method="vehicle", width_m=draw(st.sampled_from((None, 20.0))))


somewhere = st.one_of(st.just(Named(name="KESSA")), areas, st.none())
vehicles = st.lists(
    st.builds(Vehicles, type=st.sampled_from(("truck", "unheard-of")), load_class=st.sampled_from((None, 20, 40))),
    max_size=1,
).map(tuple)
refs = st.builds(Reference, id=st.sampled_from((*IDS, "never")), revision=st.sampled_from((0, 0, 0, 1, 2)))


def some(strategy: st.SearchStrategy[Any], size: int = 1) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(st.just(()), st.just(()), st.lists(strategy, min_size=1, max_size=size).map(tuple))


changes = st.builds(
    OrderChange, order=refs, exclusive=st.sampled_from((None, True, False)), permitted=st.one_of(st.none(), some(refs)),
    windows=st.one_of(st.none(), windows().map(lambda w: (w,))), area=somewhere,
)  # fmt: skip
units = st.sampled_from(UNITS).map(lambda u: UnitRef(participant=u))
orders = st.builds(
    Directive, directive_kind=st.just("frago"), action=st.sampled_from(("block", "escort", "observe")),
    exclusive=st.booleans(), performers=some(units), windows=st.lists(windows(), min_size=1, max_size=2).map(tuple),
    area=somewhere, route=st.one_of(st.none(), routes()), altitude=bands, amends=some(changes, 2),
    supersedes=some(refs), cancels=some(refs), permitted=some(refs), coordinated_with=some(refs), vehicles=vehicles,
    dependencies=some(st.builds(Dependency, task=st.sampled_from(IDS))), draft=st.integers(0, 9).map(lambda i: i == 0),
)  # fmt: skip
moves = st.builds(
    MovementNotice, movement_kind=st.sampled_from(("patrol", "logistics", "humanitarian")),
    area=somewhere, route=st.one_of(st.none(), routes()),
    windows=st.lists(windows(), min_size=1, max_size=2).map(tuple), altitude=bands, vehicles=vehicles,
    coordinated_with=some(refs),
)  # fmt: skip
hazards = st.builds(HazardNotice, hazard_kind=st.just("range"), area=areas, windows=some(windows()))
states = st.builds(
    RouteState, section=st.sampled_from(("KESSA", "FORD")), load_class=st.sampled_from((None, 10, 30, 60)),
    lanes=st.sampled_from((None, 1, 2)), trafficable=st.sampled_from(("open", "closed")),
    headway_s=st.sampled_from((None, 600.0)),
)  # fmt: skip
acks = st.builds(Acknowledgement, of=refs, step=st.sampled_from(("received", "wilco", "cannot-comply")))
agreements = st.builds(
    Agreement, agreement_kind=st.sampled_from(("coordination", "silence")), parties=st.just(("sn-hq", "sc-hq")),
    orders=st.lists(refs, min_size=2, max_size=3).map(tuple),
)  # fmt: skip
actions = st.builds(
    Action, alert=st.just("card"), verb=st.sampled_from(("acknowledge", "waive")), seen_rev=st.just(1),
    findings=st.just(FINDINGS), note=st.just("seen"), until=st.just(LATE + MINUTE),
)  # fmt: skip


HOMES: Final = {"o0": "sn-hq", "o1": "sc-hq", "o2": "xar-batt", "o3": "xbl-batt", "o4": "ocha-cmc"}


@st.composite
def homes(draw: st.DrawFn, body: Any) -> tuple[str, str]:
    """Return who says something and under which id; now and then two use the same id."""
    if not isinstance(body, Directive | MovementNotice | HazardNotice):
        by = {Agreement: HQS, Action: HQS}.get(type(body), UNITS)
        return draw(st.sampled_from(by)), f"x{draw(st.integers(0, 10**6))}"
    if isinstance(body, Directive) and body.amends and not body.performers:
        return draw(st.sampled_from(("fhq-u3", "fhq-u3", "sn-hq"))), draw(st.sampled_from(("f0", "f1")))
    ids = ("o0", "o1", "o0", "o1", "o4") if isinstance(body, Directive) else ("o2", "o3", "o4")
    identity = draw(st.sampled_from(ids))
    return ("fhq-u3" if draw(st.integers(0, 15)) == 0 else HOMES[identity]), identity


@st.composite
def messages(draw: st.DrawFn, kind: Any) -> Envelope:
    body = draw(kind)
    acting = isinstance(body, Directive | MovementNotice | HazardNotice)
    who, identity = draw(homes(body))
    at = draw(issued)
    fields: dict[str, Any] = {"reality": draw(st.sampled_from(("real",) * 9 + ("exercise",)))}
    revision = draw(st.integers(1, 2))
    if acting and draw(st.integers(0, 7)) == 0:
        fields |= {"status": "cancel", "kind": body.KIND}
        body = Cancellation(reason="withdrawn")
    return registry.pack(
        body, id=identity, originator=who, revision=revision, created=TimeValue(utc=at), **fields
    )  # fmt: skip


fragos = st.builds(
    Directive,
    directive_kind=st.just("frago"),
    amends=st.lists(changes, min_size=1, max_size=2).map(tuple),
)
_KINDS: Final = (orders, orders, orders, fragos, fragos, moves, moves, hazards, states, acks, acks, agreements, actions)
message = st.one_of(*(messages(kind) for kind in _KINDS))


def unlike(envelope: Envelope) -> tuple[str, str, int, bool]:
    """Return what two messages of a world may not share, if nobody says different things under one id."""
    return envelope.originator, envelope.id, envelope.revision, envelope.status == "cancel"


def _seed(body: Any, identity: str, at: str) -> Envelope:
    return registry.pack(body, id=identity, originator=HOMES[identity], created=TimeValue(utc=z(at)))


SEEDS: Final = (
    _seed(
        Directive(
            directive_kind="frago", action="block", exclusive=True, area=Named(name="KESSA"),
            performers=(UnitRef(participant="xar-batt"),), windows=(during("140100", "140900"),),
        ),
        "o0", "122300",
    ),
    _seed(
        MovementNotice(
            movement_kind="humanitarian", route=Route(name="LIME", points=(RoutePoint(name="KESSA"),)),
            windows=(during("140300", "140400"),),
        ),
        "o4", "122310",
    ),
    _seed(
        Directive(
            directive_kind="frago", action="escort", performers=(UnitRef(participant="xbl-batt"),),
            route=Route(name="PLUM", points=(RoutePoint(name="KESSA", window=during("140330", "140500")),)),
            windows=(during("140330", "140500"),), vehicles=(Vehicles(type="truck", load_class=40),),
        ),
        "o1", "122320",
    ),
)  # fmt: skip
"""Three that clash at the bridge; what is drawn amends, replaces, withdraws or answers them."""


def _with_seeds(drawn: st.SearchStrategy[list[Envelope]]) -> st.SearchStrategy[list[Envelope]]:
    return st.tuples(st.lists(st.sampled_from(SEEDS), max_size=3, unique_by=lambda e: e.id), drawn).map(
        lambda both: [*both[0], *(e for e in both[1] if unlike(e) not in {unlike(s) for s in both[0]})] or [SEEDS[0]]
    )


worlds = _with_seeds(st.lists(message, min_size=1, max_size=8))
honest_worlds = _with_seeds(st.lists(message, min_size=1, max_size=8, unique_by=unlike))
plain_worlds = st.lists(
    st.one_of(messages(orders), messages(moves)), min_size=2, max_size=8, unique_by=lambda e: e.id
)  # fmt: skip


amended_worlds = st.lists(messages(fragos), min_size=2, max_size=4, unique_by=unlike).map(lambda f: [*SEEDS, *f])


def _one_after_the_other(minutes: int) -> list[Envelope]:
    start = z("140400") + minutes * MINUTE
    body = Directive(
        directive_kind="frago", action="escort", area=Named(name="KESSA"),
        windows=(TimeWindow.exact(start, start + 10 * MINUTE),),
    )  # fmt: skip
    return [SEEDS[1], _seed(body, "o1", "122330")]


near_worlds = st.integers(0, 60).map(_one_after_the_other)
"""A humanitarian movement and an armed one behind it, nearer than the half hour that the matrix asks for, or not."""


def fold(envelopes: list[Envelope], now: int = LATE, mission: Mission = MISSION) -> Engine:
    """Return an engine that has taken messages in this order, one second apart, and then stood at ``now``."""
    engine = Engine(mission)
    for i, envelope in enumerate(envelopes):
        engine.handle(logged(envelope, i + 1, now - (len(envelopes) - i) * 1_000_000))
    tick = Tick(service="deconfliction", due=now)
    engine.handle(logged(envelopes[0], 999, now)._replace(subject="tick.x", body=tick))
    return engine


def found(envelopes: list[Envelope], now: int = LATE, mission: Mission = MISSION) -> list[Finding]:
    """Return what `fold` ends with."""
    return fold(envelopes, now, mission).findings()


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Return any struct with names exchanged wherever they stand, as if the nations had changed places."""
    text = msgspec.json.encode(value).decode()
    for i, name in enumerate(names):
        text = text.replace(name, f"\x01{i}\x02")
    for i, name in enumerate(names.values()):
        text = text.replace(f"\x01{i}\x02", name)
    return msgspec.json.decode(text, type=type(value))
