"""GeoJSON, KML and GPX say the same about the same place, refuse what is hostile, and never swap or guess."""

import io
import json
import time
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from pyproj import Geod

import adapters
from adapters.base import MAX_BYTES, Context, Rejected, Translation
from adapters.feature_words import WORDS
from adapters.features import KINDS
from adapters.shapes import drawn, of_pairs
from schemas import registry
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.geo import ArcBand, Circle, Corridor, Ellipse, Line, MultiPolygon, Named, Polygon, Position
from schemas.notices import HazardNotice, MovementNotice
from schemas.reports import Observation, PositionReport
from tests.formats.cases import RECEIVED_AT, read

SQUARE = ((27.0, 2.0), (27.1, 2.0), (27.1, 2.1), (27.0, 2.1), (27.0, 2.0))
MILLION = 1_000_000
GEOD = Geod(ellps="WGS84")


def feature(geometry: Any, **properties: Any) -> bytes:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": properties}).encode()


def kml(inner: str) -> bytes:
    return f'<kml xmlns="http://www.opengis.net/kml/2.2">{inner}</kml>'.encode()


def gpx(inner: str) -> bytes:
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{inner}</gpx>'.encode()


def kmz(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return out.getvalue()


def messages(name: str, data: bytes) -> tuple[Envelope, ...]:
    found = read(name, data)
    assert isinstance(found, Translation), found
    return found.messages


def body(name: str, data: bytes) -> Any:
    (message,) = messages(name, data)
    return registry.body(message)


# -- one place, whatever the order of its numbers ---------------------------------------------------------------------


def test_one_place_is_the_same_in_every_format() -> None:
    at = "2027-03-14T07:00:00Z"
    cot = f'<event uid="a" type="b-m-p-s-m" time="{at}"><point lat="13.25" lon="2.10"/></event>'.encode()
    found = [
        body("cot", cot),
        body("geojson", feature({"type": "Point", "coordinates": [2.10, 13.25]})),
        body("kml", kml("<Placemark><Point><coordinates>2.10,13.25</coordinates></Point></Placemark>")),
        body("gpx", gpx('<wpt lat="13.25" lon="2.10"/>')),
    ]
    assert {(b.position.lat, b.position.lon) for b in found} == {(13.25, 2.10)}


SWAPPED = {
    "geojson": feature({"type": "Point", "coordinates": [13.25, 102.1]}),
    "kml": kml("<Placemark><Point><coordinates>13.25,102.1</coordinates></Point></Placemark>"),
    "gpx": gpx('<wpt lat="102.1" lon="13.25"/>'),
}


@pytest.mark.parametrize("name", SWAPPED)
def test_numbers_that_fit_the_other_way_round_are_refused_and_never_swapped(name: str) -> None:
    found = read(name, SWAPPED[name])
    assert isinstance(found, Rejected)
    assert "swapped" in found.hint


# -- what a feature becomes -------------------------------------------------------------------------------------------


def test_no_word_makes_an_order() -> None:
    assert {meaning.kind for meaning in WORDS.values()} == {"protected-site", "hazard", "movement"}
    for word in ("directive", "order", "restricted area", "no-fly zone", "objective", "ROZ", "phase line", "boundary"):
        data = feature({"type": "Polygon", "coordinates": [SQUARE]}, category=word, name=word)
        assert [m.kind for m in messages("geojson", data)] == ["observation"]


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_gives_a_message_of_its_kind(word: str) -> None:
    data = feature({"type": "LineString", "coordinates": SQUARE[:3]}, category=word.upper(), name="KESSA")
    (message,) = messages("geojson", data)
    assert message.kind == WORDS[word].kind
    assert getattr(registry.body(message), WORDS[word].field) == WORDS[word].value


def test_a_word_that_means_a_movement_moves_no_point() -> None:
    data = feature({"type": "Point", "coordinates": [27, 2]}, category="patrol")
    assert [m.kind for m in messages("geojson", data)] == ["observation"]


def test_a_bridge_on_a_map_does_not_say_that_it_is_open() -> None:
    data = feature({"type": "Point", "coordinates": [27, 2]}, category="bridge", name="FORD")
    assert [m.kind for m in messages("geojson", data)] == ["observation"]
    assert body("geojson", feature({"type": "Point", "coordinates": [27, 2]}, kind="route-state", section="FORD")) == (
        registry.KINDS["route-state"](section="FORD", position=_at(2.0, 27.0), trafficable="unknown")  # type: ignore[call-arg]
    )


def _at(lat: float, lon: float) -> Position:
    return Position(lat=lat, lon=lon, form="decimal")


@pytest.mark.parametrize("name", ["geojson", "kml", "gpx"])
def test_exercise_traffic_stays_exercise(name: str) -> None:
    sent = registry.pack(
        Observation(position=_at(2, 27)), id="A", originator="xar-batt", reality="exercise", received_at=RECEIVED_AT
    )
    (back,) = messages(name, adapters.adapter(name).encode([sent], {}).data)
    assert back.reality == "exercise"


def test_a_file_cannot_say_who_sent_it() -> None:
    data = feature({"type": "Point", "coordinates": [27, 2]}, **{"bus:originator": "xbl", "bus:kind": "alert"})
    (message,) = messages("geojson", data)
    assert (message.originator, message.kind) == ("xar-batt", "observation")
    assert {u.path for u in message.unmapped} == {"properties.bus:originator", "properties.bus:kind"}


# -- areas ------------------------------------------------------------------------------------------------------------

HERE = Position(lat=2.05, lon=27.05)
AREAS = [
    Polygon(rings=(SQUARE,), name="RANGE"),
    MultiPolygon(polygons=((SQUARE,),)),
    MultiPolygon(polygons=((SQUARE,), (tuple((x + 1, y) for x, y in SQUARE),))),
    Circle(centre=HERE, radius_m=750.0, name="OP"),
    Circle(centre=HERE, radius_m=0.0),
    Ellipse(centre=HERE, major_m=900.0, minor_m=300.0, angle_deg=30.0),
    ArcBand(centre=HERE, r_min_m=100.0, r_max_m=900.0, start_deg=300.0, end_deg=30.0),
    ArcBand(centre=HERE, r_min_m=100.0, r_max_m=900.0, start_deg=0.0, end_deg=360.0),
    Corridor(points=SQUARE[:3], width_m=400.0),
    Line(points=SQUARE[:3], name="boundary"),
    Named(name="KESSA", radius_m=500.0),
]


@pytest.mark.parametrize("name", ["geojson", "kml"])
@pytest.mark.parametrize("area", AREAS, ids=lambda a: type(a).__name__)
@pytest.mark.parametrize("kind", [HazardNotice, Directive], ids=lambda k: k.KIND)
def test_every_area_comes_back_as_what_it_was(name: str, area: Any, kind: Any) -> None:
    sort = {"hazard_kind": "range"} if kind is HazardNotice else {"directive_kind": "restriction"}
    sent = registry.pack(kind(area=area, **sort), id="A", originator="xar-batt", received_at=RECEIVED_AT)
    written = adapters.adapter(name).encode([sent], {})
    assert not written.losses, written.data.decode()
    back = body(name, written.data).area
    assert type(back) is type(area)
    assert drawn(back) == drawn(area)


def test_gpx_has_circles_and_says_that_it_has_no_areas() -> None:
    circle, square = (
        registry.pack(HazardNotice(hazard_kind="range", area=a), id=i, originator="xar-batt", received_at=RECEIVED_AT)
        for a, i in ((AREAS[3], "A"), (AREAS[0], "B"))
    )
    written = adapters.adapter("gpx").encode([circle, square], {})
    assert body("gpx", written.data).area.radius_m == 750.0
    assert [loss.path for loss in written.losses] == ["B:1"]
    with pytest.raises(Rejected, match="GPX can hold none"):
        adapters.adapter("gpx").encode([square], {})


def test_rings_are_wound_as_the_standard_asks() -> None:
    hole = ((27.04, 2.04), (27.06, 2.04), (27.06, 2.06), (27.04, 2.04))
    assert of_pairs("polygon", (SQUARE[::-1], hole)).pairs == (SQUARE, hole[::-1])
    sent = registry.pack(
        HazardNotice(hazard_kind="range", area=Polygon(rings=(SQUARE[::-1],))),
        id="A", originator="xar-batt", received_at=RECEIVED_AT,
    )  # fmt: skip
    assert not adapters.adapter("geojson").encode([sent], {}).losses


def test_a_circle_is_drawn_where_it_is() -> None:
    (shape,) = drawn(Circle(centre=Position(lat=60, lon=25), radius_m=1_000))
    lons, lats = {v.lon for v in shape.vertices}, {v.lat for v in shape.vertices}
    assert max(lats) - min(lats) == pytest.approx(2_000 / 111_412, rel=2e-3)  # metres of a degree at 60 N
    assert max(lons) - min(lons) == pytest.approx(2_000 / 55_800, rel=2e-3)
    for a, b in pairwise(shape.rings[0]):
        middle_m = GEOD.inv(25, 60, (a.lon + b.lon) / 2, (a.lat + b.lat) / 2)[2]
        assert 999.9 < middle_m < 1_001  # an edge never cuts into the circle, but for the rounding


def test_a_huge_radius_is_drawn_somehow_and_read_exactly() -> None:
    huge = HazardNotice(hazard_kind="range", area=Circle(centre=HERE, radius_m=1e30))
    sent = registry.pack(huge, id="A", originator="xar-batt", received_at=RECEIVED_AT)
    for name in ("geojson", "kml"):
        adapters.adapter(name).encode([sent], {})


# -- tracks -----------------------------------------------------------------------------------------------------------


def test_a_log_of_a_day_becomes_positions_in_time() -> None:
    fix = '<trkpt lat="2.{n:06d}" lon="27"><ele>400</ele><time>2027-03-14T{h:02d}:{m:02d}:{s:02d}Z</time></trkpt>'
    fixes = (fix.format(n=n, h=n // 3600, m=n // 60 % 60, s=n % 60) for n in range(9_000))
    data = gpx(f"<trk><name>KILO 2</name><trkseg>{''.join(fixes)}</trkseg></trk>")
    assert len(data) < MAX_BYTES
    began = time.process_time()
    found = messages("gpx", data)
    assert time.process_time() - began < 4
    assert len({m.id for m in found}) == 9_000
    last = registry.body(found[-1])
    assert isinstance(last, PositionReport)
    assert last.altitude is not None
    assert (last.subject.name, last.altitude.reference) == ("KILO 2", "MSL")


def test_a_log_too_large_is_refused_with_what_to_do() -> None:
    found = read("gpx", b"<gpx>" + b" " * 20_000_000)
    assert isinstance(found, Rejected)
    assert "simplify" in found.hint


def test_a_route_is_a_plan_and_a_track_is_what_happened() -> None:
    point = 'lat="2" lon="27"'
    route = gpx(f"<rte><name>LIME</name><rtept {point}/><rtept lat='2.1' lon='27'/></rte>")
    track = gpx(f"<trk><trkseg><trkpt {point}><time>2027-03-14T06:00:00Z</time></trkpt></trkseg></trk>")
    plan = body("gpx", route)
    assert isinstance(plan, MovementNotice)
    assert plan.state == "planned"
    assert isinstance(body("gpx", track), PositionReport)


# -- hostile inputs ---------------------------------------------------------------------------------------------------

POINT = "<Point><coordinates>27,2</coordinates></Point>"
DOC = kml(f"<Placemark>{POINT}</Placemark>")
HOSTILE: dict[str, dict[str, bytes]] = {
    "geojson": {
        "a million nested lists": b'{"type":"Feature","a":' + b"[" * MILLION,
        "nested objects": b'{"a":' * 100_000,
        "nested collections": b'{"type":"GeometryCollection","geometries":[' * 90 + b"]}" * 90,
        "infinity": b'{"type":"Point","coordinates":[Infinity,2]}',
        "a number beyond all bounds": b'{"type":"Point","coordinates":[1e999,2]}',
        "a number of a million figures": b'{"type":"Point","coordinates":[' + b"9" * 900_000 + b",2]}",
        "half a surrogate": b'{"type":"Feature","geometry":null,"properties":{"name":"\\ud800"}}',
        "half a surrogate in a name": b'{"type":"Feature","geometry":null,"properties":{"\\ud800":1}}',
        "Latin-1": b'{"type":"Feature","geometry":null,"properties":{"name":"\xe9"}}',
        "too many features": json.dumps(
            {"type": "FeatureCollection", "features": [{"type": "Feature"}] * 20_000}
        ).encode(),
        "too many points": json.dumps({"type": "MultiPoint", "coordinates": [[27, 2]] * 60_000}).encode(),
        "too many corners": json.dumps(
            {"type": "Polygon", "coordinates": [[[i / 1e4, 2] for i in range(20_001)]]}
        ).encode(),
        "too many properties": feature(None, **{f"k{i}": i for i in range(60_000)}),
        "long names over many values": feature(None, **{"k" * 300_000: list(range(40_000))}),
        "properties that every point repeats": feature(
            {"type": "MultiPoint", "coordinates": [[27, 2]] * 4_000}, name="x" * 700_000
        ),
        "a list for a type": feature({"type": ["Point"], "coordinates": [27, 2]}),
        "a truth value for a longitude": b'{"type":"Point","coordinates":[true,2]}',
        "a topology": b'{"type":"Topology","objects":{}}',
        "a projection": b'{"type":"Point","coordinates":[27,2],"crs":{"type":"link","properties":{"href":"x"}}}',
        "a record that is cut off": b'\x1e{"type":"Point","coordinates":[27,2]}\n\x1e{"type":"Po',
    },
    "kml": {
        "a million nested elements": b"<kml>" * MILLION,
        "too deep": kml("<Folder>" * 100 + "</Folder>" * 100),
        "a DOCTYPE": b'<!DOCTYPE kml [<!ENTITY a "b">]>' + DOC,
        "too many placemarks": kml(f"<Placemark>{POINT}</Placemark>" * 9_000),
        "too many points of one": kml(f"<Placemark><MultiGeometry>{POINT * 15_000}</MultiGeometry></Placemark>"),
        "a number with an underscore": kml("<Placemark><Point><coordinates>2_7,2</coordinates></Point></Placemark>"),
        "no number": kml("<Placemark><Point><coordinates>nan,2</coordinates></Point></Placemark>"),
        "blanks without end": kml(f"<Placemark><Point><coordinates>{' ' * 60_000}</coordinates></Point></Placemark>"),
        "commas without end": kml(f"<Placemark><Point><coordinates>{',' * 60_000}</coordinates></Point></Placemark>"),
        "another document": b"<nvg/>",
        "a long name over many elements": kml(f"<{'x' * 100_000}>{'<a/>' * 30_000}</{'x' * 100_000}>"),
        "half an archive": kmz(doc_dot_kml=DOC)[:60],
        "an archive of zeros": kmz(doc_dot_kml=b"\0" * 50_000_000),
        "an archive of archives": kmz(doc_dot_kml=DOC, more_dot_zip=b"PK\3\4"),
        "an archive of many": kmz(**{f"f{n}": b"" for n in range(500)}),
        "an empty archive": kmz(),
        "an archive with an entry without a name": kmz(ab=DOC).replace(b"\2\0\0\0\0\0", b"\0\0\0\0\0\0"),
        "an archive that lies about its size": kmz(doc_dot_kml=DOC + b" " * 900_000).replace(
            len(DOC + b" " * 900_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
        ),
        "an archive with a DOCTYPE": kmz(doc_dot_kml=b"<!DOCTYPE a>" + DOC),
    },
    "gpx": {
        "a million nested elements": b"<gpx>" * MILLION,
        "a DOCTYPE": b'<!DOCTYPE gpx [<!ENTITY a "b">]>' + gpx('<wpt lat="2" lon="27"/>'),
        "too many waypoints": gpx('<wpt lat="2" lon="27"/>' * 20_000),
        "too many attributes": b"<gpx " + b" ".join(b'a%d=""' % i for i in range(90_000)) + b"/>",
        "a latitude that is no number": gpx('<wpt lat="inf" lon="27"/>'),
        "a height beyond the moon": gpx('<wpt lat="2" lon="27"><ele>999999999</ele></wpt>'),
        "another version": b'<gpx version="7"/>',
        "KML": DOC,
    },
}


@pytest.mark.parametrize(("name", "what"), [(n, w) for n, table in HOSTILE.items() for w in table])
def test_it_is_refused_at_once_with_where_why_and_how_to_mend_it(name: str, what: str) -> None:
    began = time.process_time()
    found = read(name, HOSTILE[name][what])
    assert time.process_time() - began < 4.0
    assert isinstance(found, Rejected), what
    assert all((found.path, found.why, found.hint)), found
    assert len(str(found)) < 2_000


def test_a_name_with_a_million_dots_is_a_loss_and_nothing_remembers_it() -> None:
    dots = f'<ExtendedData><Data name="{"a." * 30_000}"><value>1</value></Data></ExtendedData>'
    for name, data in (
        ("geojson", feature({"type": "Point", "coordinates": [27, 2]}, **{"a." * 240: 1})),
        ("kml", kml(f"<Placemark>{dots}{POINT}</Placemark>")),
    ):
        (message,) = messages(name, data)
        assert len(message.unmapped) == 1


def test_an_archive_is_recognised_by_its_name_or_its_document() -> None:
    data = kmz(doc_dot_kml=DOC)
    assert adapters.detect(data[:4096]) == "kml"
    assert adapters.detect(data[:4096], ".kmz") == "kml"
    assert adapters.adapter("kml").sniff(kmz(a=b"1")[:4096]) == 0


def test_every_kind_of_a_map_says_where_its_geometry_goes() -> None:
    assert adapters.adapter("geojson").reads == KINDS
    point = {"type": "Point", "coordinates": [27, 2]}
    needed = {
        "movement": {"movement_kind": "patrol"}, "hazard": {"hazard_kind": "mine"}, "position": {"at": "140700ZMAR27"},
        "protected-site": {"name": "KESSA", "site_kind": "school"}, "route-state": {"section": "FORD"},
        "observation": {}, "directive": {"directive_kind": "rules"},
    }  # fmt: skip
    assert set(needed) == KINDS
    for kind, fields in needed.items():
        (message,) = messages("geojson", feature(point, kind=kind, **fields))
        assert message.kind == kind
        assert "27" in bytes(message.body).decode()
        assert isinstance(
            adapters.adapter("geojson").decode(feature(point, kind=kind, **fields), Context()), Translation
        )
