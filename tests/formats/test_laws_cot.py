"""Law 8 for Cursor on Target: what is written as XML or as TAK protobuf is read back the same, or listed as a loss."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected
from adapters.cot import COT, shapes
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, Reference, UnitRef
from schemas.geo import ArcBand, Circle, Corridor, Ellipse, Line, Named, Polygon, Position, Route, RoutePoint
from schemas.label import Label
from schemas.notices import Cancellation, HazardNotice, MovementNotice
from schemas.reports import IncidentReport, MedevacRequest, Observation, PatientDetail, Patients, Precedences, Section
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT
from tests.formats.test_laws import counts, degrees, instants, meaning, names, positions, reports, windows, words

CONTEXT = Context(participant="xar-batt", received_at=RECEIVED_AT)
DIALECTS = ("xml", "protobuf-stream", "protobuf-mesh")

pairs = degrees.map(lambda p: (p[1] / 1e5, p[0] / 1e5))
metres = st.floats(0.5, 50_000).map(lambda m: round(m, 2))
rings = st.lists(pairs, min_size=3, max_size=8, unique=True).map(lambda r: ((*r, r[0]),))
paths = st.lists(pairs, min_size=2, max_size=8, unique=True).map(tuple)
areas = st.one_of(
    st.builds(Polygon, rings=rings),
    st.builds(Circle, centre=positions, radius_m=metres),
    st.builds(lambda c, a, b, d: Ellipse(centre=c, major_m=a + b, minor_m=b, angle_deg=d), positions, metres, metres,
              st.integers(0, 359).map(float)),
    st.builds(Corridor, points=paths, width_m=metres),
    st.builds(Line, points=paths),
)  # fmt: skip
one_window = windows.map(lambda w: (w,))
any_windows = st.lists(windows, max_size=3).map(tuple)
units = st.builds(UnitRef, id=names, callsign=st.just("") | words, scheme=st.just("cot_uid"))
performers = units | st.builds(UnitRef, participant=st.just("xbl-batt"), name=words)
route_points = st.builds(RoutePoint, position=positions, name=st.just("") | names, window=st.none() | windows)
routes = st.builds(
    Route, name=names, points=st.lists(route_points, min_size=1, max_size=5).map(tuple),
    method=st.sampled_from(("", "foot", "vehicle", "air", "boat")), direction=st.just("") | words,
)  # fmt: skip
codes = st.sampled_from(("t-r", "t-s-v", "t-x", "MOVE"))
named_points = st.builds(RoutePoint, name=names, window=windows)
named_routes = st.builds(Route, name=names, points=named_points.map(lambda p: (p,)))


def drawn(seen: Observation) -> Observation:
    """Return an observation of an area as a drawing: with its type, and a point."""
    at = getattr(seen.area, "centre", None) or Position(lat=1.5, lon=2.5)
    return msgspec.structs.replace(seen, position=at, symbol=shapes.type_of(seen.area))


BODIES: dict[str, st.SearchStrategy[Any]] = {
    "position": reports,
    "observation of an area": st.builds(Observation, observed=instants, activity=words, area=areas, size=words)
    .map(drawn),
    "hazard": st.builds(
        HazardNotice, hazard_kind=st.sampled_from(("range", "uxo", "mine", "other")), area=areas, windows=any_windows,
        state=st.sampled_from(("planned", "hot", "lifted")), remarks=st.just("") | words, error_m=st.none() | metres,
    ),
    "hazard at a named place": st.builds(HazardNotice, hazard_kind=st.just("uxo"), area=st.builds(Named, name=names)),
    "incident": st.builds(
        IncidentReport, category=st.sampled_from(("ied", "alarm", "detection", "violation")), occurred=instants,
        reported=instants, position=positions, activity=words, stage=st.sampled_from(("flash", "initial", "final")),
        damage=st.just("") | words, danger=st.sampled_from(("", "present", "lifted")), safety_radius_m=metres,
    ),
    "emergency": st.builds(
        IncidentReport, category=st.just("emergency"), stage=st.just("flash"), occurred=instants, reported=instants,
        subcategory=st.sampled_from(("911 Alert", "In Contact", "Custom", "Ring The Bell")), position=positions,
        activity=st.just("") | words,
    ),
    "directive": st.builds(
        Directive, directive_kind=st.sampled_from(("taskord", "frago", "opord")), task=words, action_code=codes,
        windows=any_windows,
        action=st.sampled_from(("move", "observe", "patrol", "medevac", "use-of-force", "block", "air-mission")),
        performers=st.lists(performers, max_size=3).map(tuple), area=st.none() | areas, exclusive=st.booleans(),
        buffer_m=st.none() | metres, serial=st.just("") | names, strength=st.none() | counts,
    ),
    "directive along a route": st.builds(
        Directive, directive_kind=st.just("taskord"), action=st.just("move"), task=words, action_code=st.just("t-r"),
        windows=one_window,
        route=routes.map(lambda r: msgspec.structs.replace(r, name="")), performers=st.tuples(performers),
    ),
    "movement": st.builds(
        MovementNotice, movement_kind=st.sampled_from(("patrol", "convoy", "humanitarian", "admin", "flight")),
        route=routes, windows=any_windows, purpose=st.just("") | words, armed=st.none() | st.booleans(),
        strength=st.none() | counts, organisation=st.just("") | words,
    ).map(lambda m: msgspec.structs.replace(m, method=m.route.method)),
    "movement through named places": st.builds(
        MovementNotice, movement_kind=st.just("convoy"), route=named_routes, windows=one_window
    ),
    "medevac": st.builds(
        MedevacRequest, pickup=positions, callsign=names, frequency=st.just("34.55"), requested_at=instants,
        precedences=st.builds(Precedences, urgent=st.integers(0, 9), convenience=st.integers(0, 9)),
        patients=st.builds(Patients, litter=st.integers(0, 9), ambulatory=st.integers(0, 9)),
        equipment=st.sampled_from(((), ("hoist",), ("hoist", "blood"))), security=st.sampled_from(("", "N", "P")),
        marking=st.sampled_from(("", "Smoke")), terrain=st.sampled_from(("", "rough, wires")),
        nationality=st.sampled_from(("", "nonus_military 2")), pickup_name=st.just("") | names,
        details=st.lists(st.builds(PatientDetail, mechanism=words, treatment=words), max_size=3).map(tuple),
        notes=st.just(()) | words.map(lambda w: (Section(key="obstacles", text=w),)),
    ),
    "acknowledgement": st.builds(
        Acknowledgement, of=st.builds(Reference, id=names), note=st.just("") | words, at=instants,
        step=st.sampled_from(("delivered", "received", "understood", "wilco", "cannot-comply")),
        code=st.sampled_from(("", "NO-CAPACITY", "UNSAFE", "NATIONAL-RESTRICTION", "OTHER", "WEATHER")),
    ),
}  # fmt: skip


def packed(body: Message, revision: int, **fields: Any) -> Envelope:
    return registry.pack(body, id="XAR-1", originator="xar-batt", revision=revision, received_at=RECEIVED_AT, **fields)


@pytest.mark.parametrize("what", BODIES)
@given(data=st.data(), revision=st.integers(1, 9), dialect=st.sampled_from(DIALECTS))
def test_what_was_written_is_read_back(what: str, data: st.DataObject, revision: int, dialect: str) -> None:
    sent = packed(data.draw(BODIES[what]), revision, precedence=data.draw(st.sampled_from((None, "flash", "priority"))))
    written = COT.encode([sent], {}, dialect)
    (back,) = COT.decode(written.data, CONTEXT).messages
    lost = {loss.path.split(": ", 1)[-1] for loss in written.losses}
    assert not lost - ({"id"} if what == "position" else set()), written.data
    assert meaning(back) == meaning(sent), written.data
    assert back.revision == revision
    assert sent.precedence in (None, back.precedence)


@pytest.mark.parametrize("kind", ["incident", "directive", "movement", "hazard", "observation", "medevac"])
@pytest.mark.parametrize("dialect", DIALECTS)
@given(revision=st.integers(1, 9), reason=st.just("") | words)
def test_a_withdrawal_names_what_it_withdraws(kind: str, dialect: str, revision: int, reason: str) -> None:
    sent = packed(Cancellation(reason=reason), revision, kind=kind, status="cancel", created=TimeValue(utc=RECEIVED_AT))
    written = COT.encode([sent], {}, dialect)
    (back,) = COT.decode(written.data, CONTEXT).messages
    assert not written.losses
    assert (back.id, back.revision, back.kind, back.status) == ("XAR-1", revision, kind, "cancel")
    assert meaning(back) == meaning(sent)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(
    nations=st.none() | st.lists(st.sampled_from(("XAR", "XBL", "XCO", "SANDO-ALL")), unique=True).map(tuple),
    marks=st.tuples(st.just("") | words, st.just("") | words),
)
def test_a_label_keeps_its_readers(dialect: str, nations: tuple[str, ...] | None, marks: tuple[str, str]) -> None:
    """A list of nobody stays a list of nobody: it never becomes "as the mission rules"."""
    label = Label(releasable_to=nations, classification=marks[0], privacy_mark=marks[1])
    sent = packed(Observation(observed=TimeValue(utc=RECEIVED_AT)), 1, label=label)
    (back,) = COT.decode(COT.encode([sent], {}, dialect).data, CONTEXT).messages
    assert back.label.releasable_to == nations
    assert (back.label.classification, back.label.privacy_mark) == marks


def test_an_edited_label_is_written_not_the_one_that_was_read() -> None:
    label = Label(releasable_to=("XBL",), raw="XAR, XBL, XCO")
    sent = packed(Observation(observed=TimeValue(utc=RECEIVED_AT)), 1, label=label)
    assert b'releasableTo="XBL"' in COT.encode([sent], {}).data


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("reality", ["real", "exercise", "test"])
def test_exercise_stays_exercise(dialect: str, reality: Any) -> None:
    sent = packed(Observation(observed=TimeValue(utc=RECEIVED_AT)), 1, reality=reality)
    (back,) = COT.decode(COT.encode([sent], {}, dialect).data, CONTEXT).messages
    assert back.reality == reality


def test_addressees_go_along() -> None:
    named = (Addressee(to="xbl-batt"), Addressee(to="joc", role="info"))
    sent = packed(Observation(observed=TimeValue(utc=RECEIVED_AT)), 1, addressees=named)
    (back,) = COT.decode(COT.encode([sent], {}).data, CONTEXT).messages
    assert back.addressees == named


def test_what_an_event_cannot_carry_is_listed() -> None:
    body = Directive(
        directive_kind="frago",
        task="hold",
        windows=(TimeWindow(start_earliest=1_000_000, start_latest=2_000_000),),
        supersedes=(Reference(id="XAR-0"),),
        relies_on=("KESSA",),
    )
    lost = {loss.path for loss in COT.encode([packed(body, 1)], {}).losses}
    assert any("supersedes" in path for path in lost)
    assert any("relies_on" in path for path in lost)
    assert any("start_earliest" in path for path in lost)


def test_no_order_is_written_as_a_strike() -> None:
    for code in ("t-k", "t-k-d", ""):
        body = Directive(directive_kind="taskord", action="use-of-force", action_code=code, task="secure the crossing")
        data = COT.encode([packed(body, 1)], {}).data
        assert b'type="t-x"' in data
        (back,) = COT.decode(data, CONTEXT).messages
        assert meaning(back)[1]["action"] == "use-of-force"


def test_a_drawing_that_no_event_has_is_no_event() -> None:
    place = Circle(centre=Position(lat=1, lon=2), radius_m=5)
    good = packed(HazardNotice(hazard_kind="uxo", area=place), 1)
    band = ArcBand(centre=place.centre, r_min_m=1, r_max_m=2, start_deg=0, end_deg=90)
    bad = packed(HazardNotice(hazard_kind="uxo", area=band), 2)
    both = COT.encode([good, bad], {})
    assert len(COT.decode(both.data, CONTEXT).messages) == 1
    assert any("body.area" in loss.path for loss in both.losses)
    with pytest.raises(Rejected, match="ArcBand"):
        COT.encode([bad], {})


def test_what_is_too_large_for_a_server_is_listed_and_xml_still_has_it() -> None:
    long = packed(Observation(observed=TimeValue(utc=RECEIVED_AT), activity="x" * 19_000, area=corners(3_000)), 1)
    with pytest.raises(Rejected, match="65536"):
        COT.encode([long], {}, "protobuf-stream")
    assert COT.encode([long], {}, "xml").data


def corners(n: int) -> Polygon:
    ring = tuple((-27 + i / 100_000, 2 + (i % 2) / 1000) for i in range(n))
    return Polygon(rings=((*ring, ring[0]),))


def test_ten_thousand_corners_go_both_ways() -> None:
    body = Observation(observed=TimeValue(utc=RECEIVED_AT), area=corners(10_000), symbol="u-d-f")
    written = COT.encode([packed(body, 1)], {})
    (back,) = COT.decode(written.data, CONTEXT).messages
    assert registry.body(back).area == body.area  # type: ignore[attr-defined]
    assert not written.losses


def test_a_dialect_that_nobody_knows_is_refused() -> None:
    sent = packed(Observation(observed=TimeValue(utc=RECEIVED_AT)), 1)
    with pytest.raises(Rejected, match="protobuf-stream"):
        COT.encode([sent], {}, "protobuf-7")
    with pytest.raises(Rejected, match="one event"):
        COT.encode([sent, sent], {}, "protobuf-mesh")
