"""Latitude and longitude in the wrong order: a warning with both readings in every format, and never a swap."""

import msgspec
import pytest

import adapters
from adapters.base import Context
from coordinator.cli import reading
from coordinator.core.measures import Boundary, Ground
from coordinator.core.mission import Mission, NamedRoute, Participant, Place
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.directives import Directive, OrderChange
from schemas.envelope import Reference, Warning
from schemas.geo import Circle, Line, Polygon, Position, Route, RoutePoint
from schemas.notices import HazardNotice, MovementNotice
from schemas.reports import PositionReport
from tests.formats.cases import RECEIVED_AT

MISSION = Mission(
    name="m",
    participants=(Participant(id="xar"),),
    places=(Place(name="KESSA", lat=2.0, lon=-27.0),),
    routes=(NamedRoute(name="LIME", points=("KESSA", "2.5,-26.5")),),
    boundaries=(Boundary(name="SN", owner="xar", ground=Ground(ring=("1.5,-27.5", "KESSA", "3.0,-27.0"))),),
)
BOX = (-28.5, 0.5, -25.5, 4.0)
COT = (
    '<event version="2.0" uid="A" type="a-f-G-U-C" how="m-g" time="2027-03-14T07:00:00Z" start="2027-03-14T07:00:00Z" '
    'stale="2027-03-14T08:00:00Z"><point lat="{lat}" lon="{lon}" hae="0" ce="10" le="10"/><detail/></event>'
)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark id="h"><name>Mines</name><Point><coordinates>'
    "{lon},{lat}</coordinates></Point></Placemark></Document></kml>"
)
GEOJSON = (
    '{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"h","properties":{{"name":"Mines"}},'
    '"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}]}}'
)
WRITTEN = {
    "text": "INCIDENT REPORT\nID: I-1\nCategory: mine\nTime: 140700ZMAR27\nPosition: {lat:.4f}, {lon:.4f}\n",
    "sheet": "id;category;time;lat;lon\nI-1;mine;140700ZMAR27;{lat:.4f};{lon:.4f}\n",
    "cot": COT,
    "kml": KML,
    "geojson": GEOJSON,
}


def warnings(format_: str, lat: float, lon: float) -> list[Warning]:
    data = WRITTEN[format_].format(lat=lat, lon=lon).encode()
    read = adapters.decode(format_, data, Context(participant="xar", received_at=RECEIVED_AT, box=MISSION.box))
    assert {(w.code, w.path) for m in read.messages for w in m.warnings} <= {(w.code, w.path) for w in read.warnings}
    places = [p for m in read.messages for p in positions(registry.encode(registry.body(m)).decode())]
    assert places == [(lat, lon)], "what was written is what was read"
    return [w for w in read.warnings if w.code == "axis-suspect"]


def positions(body: str) -> list[tuple[float, float]]:
    """Return the positions in a body, wherever they stand."""
    found: list[tuple[float, float]] = []

    def walk(value: object) -> None:
        match value:
            case {"lat": float(lat), "lon": float(lon)}:
                found.append((lat, lon))
            case dict():
                for inner in value.values():
                    walk(inner)
            case list():
                for inner in value:
                    walk(inner)

    walk(msgspec.json.decode(body))
    return found


@pytest.mark.parametrize("format_", WRITTEN)
def test_a_swapped_position_is_warned_of_with_both_readings_and_stays_as_it_is(format_: str) -> None:
    [said] = warnings(format_, -27.25, 2.125)
    assert "latitude -27.25, longitude 2.125 lies far outside" in said.text
    assert "latitude 2.125, longitude -27.25 within it" in said.text
    assert said.path.endswith(("position", "area", "centre", "at", "where"))


@pytest.mark.parametrize("format_", WRITTEN)
@pytest.mark.parametrize(("lat", "lon"), [(2.125, -27.25), (48.25, 11.5), (4.5, -25.25), (-2.5, 27.5)])
def test_what_is_right_or_somewhere_else_altogether_is_not(format_: str, lat: float, lon: float) -> None:
    assert warnings(format_, lat, lon) == []


def test_where_both_readings_lie_within_the_mission_nobody_can_tell() -> None:
    box = (10.0, 10.0, 15.0, 15.0)
    data = COT.format(lat=12.0, lon=14.0).encode()
    assert adapters.decode("cot", data, Context(participant="xar", received_at=RECEIVED_AT, box=box)).warnings == ()


def message_with(area: object = None, route: Route | None = None) -> bytes:
    body = (
        MovementNotice(movement_kind="patrol", route=route)
        if route
        else HazardNotice(hazard_kind="uxo", state="hot", area=area)  # type: ignore[arg-type]
    )
    return registry.encode(registry.pack(body, id="m", originator="xar"))


@pytest.mark.parametrize("shape", ["polygon", "line", "circle"])
def test_an_area_is_suspect_if_all_of_it_is(shape: str) -> None:
    swapped = ((2.0, -27.0), (2.5, -27.0), (2.5, -26.5), (2.0, -27.0))
    mixed = ((2.0, -27.0), (-27.0, 2.5), (2.5, -26.5), (2.0, -27.0))
    context = Context(participant="xar", received_at=RECEIVED_AT, box=MISSION.box)

    def area(points: tuple[tuple[float, float], ...]) -> object:
        if shape == "circle":
            lon, lat = points[1]
            return Circle(centre=Position(lat=lat, lon=lon), radius_m=100.0)
        return Polygon(rings=(points,)) if shape == "polygon" else Line(points=points)

    assert len(adapters.decode("native", message_with(area(swapped)), context).warnings) == 1
    assert adapters.decode("native", message_with(area(mixed)), context).warnings == ()


def test_a_way_is_told_of_once_and_of_many_places_the_first_five() -> None:
    points = tuple(RoutePoint(position=Position(lat=-27.0, lon=2.0 + n / 100)) for n in range(50))
    context = Context(participant="xar", received_at=RECEIVED_AT, box=MISSION.box)
    [said] = adapters.decode("native", message_with(route=Route(points=points)), context).warnings
    assert said.path == "line 1: body.route"
    away = Circle(centre=Position(lat=-27.0, lon=2.0), radius_m=5.0)
    changes = tuple(OrderChange(order=Reference(id=f"o{n}"), area=away) for n in range(7))
    order = registry.pack(Directive(directive_kind="frago", amends=changes), id="f", originator="xar")
    told = adapters.decode("native", registry.encode(order), context).warnings
    assert [w.path.partition(": ")[2] for w in told] == [f"body.amends[{n}].area.centre" for n in range(5)]
    assert all(w.text.endswith("(2 more places like it)") for w in told)


def test_the_box_of_a_mission_holds_its_places_ways_and_boundaries_with_a_margin() -> None:
    assert MISSION.box == BOX
    assert Mission(name="m").box is None
    around = Mission(name="m", places=(Place(name="A", lat=0, lon=179.0), Place(name="B", lat=0, lon=-179.0)))
    assert around.box is None


def test_intake_and_the_command_line_both_know_where_the_mission_is() -> None:
    data = COT.format(lat=-27.25, lon=2.125).encode()
    judged = judge(Input("i", subjects.raw("xar", "cot"), data, 1), MISSION, "live", RECEIVED_AT)
    assert isinstance(judged, Accepted)
    assert [w.code for w in judged.answer.warnings if w.code == "axis-suspect"]
    envelope = registry.envelope(judged.messages[0][2])
    body = registry.body(envelope)
    assert isinstance(body, PositionReport)
    assert (body.position.lat, body.position.lon) == (-27.25, 2.125)
    assert reading.context(MISSION, "xar", RECEIVED_AT).box == BOX
