"""Law 8 for map formats: what was written is read back the same, whatever was said, in each of the three."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from schemas import registry
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.envelope import Contact, LangText, Reference, UnitRef
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Corridor, Line, Polygon, Position, Route, RoutePoint
from schemas.label import Label
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.reports import Observation, PositionReport
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT
from tests.formats.test_laws import bare, context, meaning
from tests.support.examples import times

WORD = st.text(st.sampled_from("abcXYZ äÉœ<&>\"'(),.;:/0189-"), min_size=1, max_size=12).filter(
    lambda t: t == t.strip()
)
SAID = st.just("") | WORD
SECONDS = st.integers(1_800_000_000, 1_900_000_000).map(lambda s: s * 1_000_000)
INSTANTS = SECONDS.map(lambda utc: TimeValue(utc=utc))
METRES = st.integers(-400, 9_000).map(lambda m: m / 2).filter(bool)  # 0 is "unknown" in GPX
DEGREES = st.tuples(st.integers(-89_99999, 89_99999), st.integers(-179_99999, 179_99999))
PAIRS = DEGREES.map(lambda p: (p[1] / 1e5, p[0] / 1e5))
POSITIONS = PAIRS.map(lambda p: Position(lon=p[0], lat=p[1], form="decimal"))


@st.composite
def windows(draw: st.DrawFn) -> TimeWindow:
    start = draw(SECONDS)
    return TimeWindow.between(TimeValue(utc=start), draw(st.none() | st.just(TimeValue(utc=start + 90_000_000))))


LIMITS = st.builds(AltitudeLimit, reference=st.sampled_from(("HAE", "MSL", "AGL", "FL")), value_m=METRES)
BANDS = st.none() | st.builds(AltitudeBand, lower=st.none() | LIMITS, upper=LIMITS)
POLYGONS = st.tuples(PAIRS, st.integers(1, 9)).map(
    lambda p: Polygon(rings=(_square(max(-170.0, min(170.0, p[0][0])), max(-80.0, min(80.0, p[0][1])), p[1] / 10),))
)


def _square(lon: float, lat: float, size: float) -> tuple[tuple[float, float], ...]:
    return ((lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size), (lon, lat))


LINES = st.lists(PAIRS, min_size=2, max_size=5).map(tuple)
CIRCLES = st.builds(Circle, centre=POSITIONS, radius_m=st.integers(1, 90_000).map(float))
AREAS = POLYGONS | CIRCLES | st.builds(Corridor, points=LINES, width_m=METRES.map(abs)) | st.builds(Line, points=LINES)
POINTS = st.builds(
    RoutePoint, position=POSITIONS, name=SAID, role=st.sampled_from(("start", "halt", "waypoint", "end")),
    window=st.none() | windows(),
    altitude=st.none() | LIMITS.map(lambda a: AltitudeBand(lower=a, upper=a)),
)  # fmt: skip
UNPLACED = st.builds(RoutePoint, name=WORD)
ROUTES = st.builds(
    Route, name=SAID, points=st.lists(POINTS | UNPLACED, min_size=1, max_size=5).map(tuple),
    method=st.sampled_from(("", "foot", "air")), width_m=st.none() | METRES.map(abs),
)  # fmt: skip
VEHICLES = st.lists(st.builds(Vehicles, type=WORD, count=st.none() | st.integers(0, 99)), max_size=2).map(tuple)
CONTACTS = st.none() | st.builds(Contact, role=WORD, radio=SAID)
UNITS = st.builds(UnitRef, name=WORD, nation=st.sampled_from(("", "XAR")))
REFERENCES = st.lists(st.builds(Reference, id=WORD, revision=st.integers(0, 9)), max_size=2).map(tuple)
TIMED = {"windows": st.lists(windows(), max_size=3).map(tuple), "altitude": BANDS, "contact": CONTACTS}

MOVEMENTS = st.builds(
    MovementNotice, movement_kind=st.sampled_from(("patrol", "convoy", "flight")), route=ROUTES, purpose=SAID,
    armed=st.none() | st.booleans(), vehicles=VEHICLES, strength=st.none() | st.integers(0, 99), cargo=SAID,
    coordinated_with=REFERENCES, relies_on=st.lists(WORD, max_size=2).map(tuple), **TIMED,
)  # fmt: skip
HAZARDS = st.builds(
    HazardNotice, hazard_kind=st.sampled_from(("range", "mine")), area=AREAS, remarks=SAID,
    state=st.sampled_from(("planned", "hot", "lifted")), safety_radius_m=st.none() | METRES.map(abs), **TIMED,
)  # fmt: skip
DIRECTIVES = st.builds(
    Directive, directive_kind=st.sampled_from(("opord", "restriction")), action=st.sampled_from(("move", "hold")),
    task=SAID, performers=st.lists(UNITS, max_size=2).map(tuple), area=st.none() | AREAS,
    exclusive=st.booleans(), frequencies_mhz=st.lists(st.floats(30, 400), max_size=2).map(tuple),
    supersedes=REFERENCES, **TIMED,
)  # fmt: skip
SITES = st.builds(
    ProtectedSite, name=WORD, site_kind=WORD, position=POSITIONS, footprint=st.none() | POLYGONS,
    buffer_m=st.none() | METRES.map(abs), removed=st.booleans(),
)  # fmt: skip
STATES = st.builds(
    RouteState, section=WORD, position=POSITIONS, load_class=st.none() | st.integers(0, 150),
    trafficable=st.sampled_from(("open", "closed")), one_at_a_time=st.booleans(), remarks=SAID,
)  # fmt: skip
SEEN = st.builds(
    Observation, observed=st.none() | INSTANTS, activity=SAID, size=SAID, position=POSITIONS, place_name=SAID,
    altitude=st.none() | LIMITS, symbol=SAID,
)  # fmt: skip
FIXES = st.builds(
    PositionReport, subject=st.builds(UnitRef, id=WORD, name=SAID, callsign=SAID), position=POSITIONS, at=INSTANTS,
    stale_at=st.none() | INSTANTS, hae_m=st.none() | METRES, course_deg=st.none() | st.floats(0, 360),
    speed_mps=st.none() | st.floats(0, 99), altitude=st.none() | LIMITS, remarks=SAID,
    affiliation=st.sampled_from(("", "friend")), battery_pct=st.none() | st.integers(0, 100).map(float),
)  # fmt: skip
EVERYTHING = (MOVEMENTS, HAZARDS, DIRECTIVES, SITES, STATES, SEEN, FIXES)


@pytest.mark.parametrize("name", ["geojson", "kml", "gpx"])
@pytest.mark.parametrize("messages", EVERYTHING, ids=lambda s: "")
@times(1 / 2)
@given(data=st.data(), revision=st.integers(1, 9), summary=SAID, remark=SAID)
def test_what_was_written_is_read_back(
    name: str, messages: st.SearchStrategy[Message], data: st.DataObject, revision: int, summary: str, remark: str
) -> None:
    body = data.draw(messages)
    sent = registry.pack(
        body, id="XAR-1", originator="xar-batt", revision=revision, received_at=RECEIVED_AT, summary=summary,
        texts=(LangText(text=remark, lang="en"),) if remark else (), label=Label(releasable_to=("XAR", "XCO")),
        precedence="priority",
    )  # fmt: skip
    if name == "gpx" and not in_gpx(body):
        return
    written = adapters.adapter(name).encode([sent], {})
    assert not written.losses, written.data.decode()
    (back,) = adapters.adapter(name).decode(written.data, context()).messages
    assert meaning(back) == meaning(sent), written.data.decode()
    assert (back.id, back.revision, back.summary, back.texts, back.label, back.precedence) == (
        sent.id, sent.revision, sent.summary, sent.texts, sent.label, sent.precedence,
    )  # fmt: skip


def in_gpx(body: Message) -> bool:
    """Say whether GPX has a place for its geometry: points, routes and circles, but no areas."""
    area = getattr(body, "area", None) or getattr(body, "footprint", None)
    return area is None or (isinstance(area, Circle) and isinstance(body, HazardNotice | Directive))


@pytest.mark.parametrize("name", ["geojson", "kml", "gpx"])
@times(1 / 3)
@given(bodies=st.lists(STATES | SEEN | FIXES | MOVEMENTS, min_size=2, max_size=6))
def test_many_messages_come_back_each_as_itself(name: str, bodies: list[Message]) -> None:
    sent = [
        registry.pack(b, id=f"XAR-{n}", originator="xar-batt", received_at=RECEIVED_AT) for n, b in enumerate(bodies)
    ]
    written = adapters.adapter(name).encode(sent, {})
    assert not written.losses
    back = {m.id: bare(registry.body(m)) for m in adapters.adapter(name).decode(written.data, context()).messages}
    expected: dict[str, Any] = {m.id: bare(registry.body(m)) for m in sent}
    assert back == expected
    assert adapters.adapter(name).encode(sent, {}).data == written.data
