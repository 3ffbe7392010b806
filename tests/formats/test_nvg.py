"""What the adapter of NVG promises beyond its cases; law 8 for what an overlay can hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.base import Rejected, Translation
from adapters.nvg import NVG
from adapters.nvg.symbols import symbol
from schemas import registry
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import UnitRef
from schemas.geo import ArcBand, Area, Circle, Corridor, Ellipse, Line, Polygon, Position
from schemas.notices import HazardNotice, ProtectedSite
from schemas.reports import Observation, PositionReport
from tests.formats.cases import read
from tests.formats.test_laws import context, degrees, instants, meaning, names, positions, route_states, windows, words

NS = "https://tide.act.nato.int/schemas/2012/10/nvg"


def items(inner: str, uri: str = NS) -> bytes:
    return f'<nvg xmlns="{uri}" version="2.0">{inner}</nvg>'.encode()


def only(inner: str, uri: str = NS) -> Message:
    found = read("nvg", items(inner, uri))
    assert isinstance(found, Translation), found
    (message,) = found.messages
    return registry.body(message)


@pytest.mark.parametrize(
    ("uri", "dialect"),
    [
        ("http://tide.act.nato.int/schemas/2008/10/nvg", "1.4"),
        ("http://tide.act.nato.int/schemas/2009/10/nvg", "1.5"),
        (NS, "2.0"), ("http://tide.act.nato.int/schemas/2012/10/nvg", "2.0 (http)"),
    ],
)  # fmt: skip
def test_each_namespace_is_a_dialect_that_says_the_same(uri: str, dialect: str) -> None:
    found = read("nvg", items('<point label="a" x="-27.0" y="2.0"/>', uri))
    assert isinstance(found, Translation)
    assert found.dialect == dialect
    assert only('<point label="a" x="-27.0" y="2.0"/>', uri) == only('<point label="a" x="-27.0" y="2.0"/>')


def test_longitude_comes_before_latitude() -> None:
    seen = only('<point x="2.10" y="13.25"/>')
    assert isinstance(seen, Observation)
    assert seen.position is not None
    assert (seen.position.lat, seen.position.lon) == (13.25, 2.1)


@pytest.mark.parametrize(
    ("code", "affiliation", "somebody", "exercise"),
    [
        ("app6a:SFGPUCI--------", "friend", True, False), ("2525b:SHGPUCI--------", "hostile", True, False),
        ("SNGPUCI-----", "neutral", True, False), ("app6b:GFGPGLB----K---", "friend", False, False),
        ("2525c:SKGPUCI--------", "hostile", True, True), ("2525c:SDGPUCI--------", "friend", True, True),
        ("app6d:10031000001211000000", "friend", True, False), ("10062500001211000000", "hostile", False, False),
        ("10131000001211000000", "friend", True, True), ("app6d:10231000001211000000", "friend", True, True),
    ],
)  # fmt: skip
def test_a_symbol_says_whose_and_whether_it_is_an_exercise(
    code: str, affiliation: str, somebody: bool, exercise: bool
) -> None:
    found = symbol(code)
    assert found is not None
    assert (found.affiliation, found.somebody, found.exercise) == (affiliation, somebody, exercise)


@pytest.mark.parametrize("code", ["", "house", "app6a:", "123", "SFG", "app6a:SFGPUCI--------x", "1003100000121100000"])
def test_what_is_no_symbol_is_none(code: str) -> None:
    assert symbol(code) is None


def test_an_exercise_symbol_never_becomes_real() -> None:
    found = read("nvg", items('<point symbol="app6a:SKGPUCI--------" x="-27.0" y="2.0"/>'))
    assert isinstance(found, Translation)
    assert found.messages[0].reality == "exercise"


@pytest.mark.parametrize(
    ("inner", "where"),
    [
        ('<point x="-27.0"/>', "nvg/point/@y"), ('<point x="east" y="2.0"/>', "nvg/point/@x"),
        ('<circle cx="-27.0" cy="2.0" r="1e9"/>', "nvg/circle/@r"), ('<polyline/>', "nvg/polyline/@points"),
        ('<polygon points="-27.0,2.0 -27.1,2.1"/>', "nvg/polygon"), ('<point x="NaN" y="2.0"/>', "nvg/point/@x"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_is_refused_where_it_stands(inner: str, where: str) -> None:
    found = read("nvg", items(inner))
    assert isinstance(found, Rejected)
    assert found.path == where
    assert all((found.why, found.hint))


# -- law 8 ------------------------------------------------------------------------------------------------------------

pairs = degrees.map(lambda p: (p[1] / 1e5, p[0] / 1e5))
metres = st.integers(1, 50_000).map(float)
turns = st.integers(0, 359).map(float)
small = st.tuples(st.integers(-80, 80), st.integers(-170, 170))


def square(at: tuple[int, int]) -> Polygon:
    lat, lon = map(float, at)
    return Polygon(rings=(((lon, lat), (lon + 1, lat), (lon + 1, lat + 1), (lon, lat + 1), (lon, lat)),))


areas: st.SearchStrategy[Area] = st.one_of(
    st.builds(Circle, centre=positions, radius_m=metres),
    st.builds(lambda c, a, b, d: Ellipse(centre=c, major_m=max(a, b), minor_m=min(a, b), angle_deg=d),
              positions, metres, metres, turns),
    st.builds(lambda c, a, b, s, e: ArcBand(centre=c, r_min_m=min(a, b), r_max_m=max(a, b), start_deg=s, end_deg=e),
              positions, metres, metres, turns, turns),
    st.builds(Corridor, points=st.lists(pairs, min_size=2, max_size=4).map(tuple), width_m=metres),
    st.builds(Line, points=st.lists(pairs, min_size=2, max_size=4).map(tuple)),
    small.map(square),
)  # fmt: skip
sidcs = st.sampled_from(("app6b:SFGPUCI--------", "SNGPUCI--------", "app6d:10031000001211000000"))


def reported(at: Any, name: str, code: str, where: Position) -> PositionReport:
    found = symbol(code)
    assert found is not None
    subject = UnitRef(id=f"unit-{name}", name=name, sidc=found.sidc)
    affiliation: Any = found.affiliation
    return PositionReport(subject=subject, position=where, at=at, affiliation=affiliation, symbol=code)


CARRIED: dict[str, st.SearchStrategy[Message]] = {
    "a position": st.builds(reported, instants, names, sidcs, positions),
    "an observation of a place": st.builds(
        Observation, observed=instants, activity=words, position=positions, symbol=sidcs
    ),
    "an observation of an area": st.builds(Observation, observed=instants, activity=words, area=areas),
    "a hazard": st.builds(HazardNotice, hazard_kind=st.just("mine"), area=areas, remarks=words),
    "a protected site": st.builds(
        ProtectedSite, name=names, site_kind=st.just("school"), position=positions, footprint=st.none()
    ),
    "the footprint of a site": st.builds(ProtectedSite, name=names, site_kind=st.just("school"), footprint=areas),
    "the state of a route": route_states,
    "a directive": st.builds(
        Directive, directive_kind=st.just("restriction"), action=st.just("block"), area=areas, task=words,
        windows=windows.map(lambda w: (w,)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CARRIED)
@given(data=st.data())
def test_what_was_written_is_read_back(what: str, data: st.DataObject) -> None:
    sent = registry.pack(data.draw(CARRIED[what]), id="XAR-1", originator="xar-batt")
    written = NVG.encode([sent], {})
    assert not written.losses, (written.losses, written.data.decode())
    (back,) = NVG.decode(written.data, context()).messages
    assert (back.id, meaning(back)) == (sent.id, meaning(sent)), written.data.decode()


def test_a_circle_stays_a_circle() -> None:
    body = HazardNotice(hazard_kind="mine", area=Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=500.0))
    root = etree.fromstring(NVG.encode([registry.pack(body, id="A", originator="xar-batt")], {}).data)
    (circle,) = root.iter(f"{{{NS}}}circle")
    assert (circle.get("cx"), circle.get("cy"), circle.get("r")) == ("-27.0", "2.0", "500.0")


def test_what_has_no_place_is_refused_with_the_kinds() -> None:
    with pytest.raises(Rejected, match="NVG"):
        NVG.encode([registry.pack(Directive(directive_kind="rules"), id="A", originator="xar-batt")], {})
