"""Alerts: real ones are read or refused for the right reason; what the bus writes is read back, and acknowledged."""

import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import adapters
from adapters.base import Context, Rejected, Translation
from adapters.cap import CAP
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.alerts import Alert, Member
from schemas.base import Message
from schemas.envelope import Envelope, LangText, Reference
from schemas.findings import Evidence, Finding, Party
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Corridor, Ellipse, Named, Polygon, Position
from schemas.label import Category, Label
from schemas.notices import Cancellation, HazardNotice
from schemas.reports import Appraisal, Casualties, IncidentReport, TextMessage
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT, SAMPLES, read

FILES = {path.name: path for path in sorted((SAMPLES / "cap").glob("*.cap"))}
NAMESPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
REFUSED = {"xee.cap": "DOCTYPE", "invalid.cap": "alert/scope"}


# -- real alerts ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FILES, reason="no sample alerts beside the checkout")
def test_real_alerts_become_what_they_are() -> None:
    found = {name: read("cap", path.read_bytes()) for name, path in FILES.items()}
    kinds = {n: [m.kind for m in t.messages if m.status != "cancel"] for n, t in found.items() if _read(t)}
    assert kinds == {
        "canada.cap": ["hazard"], "canada_errors.cap": ["hazard"], "canada_signed.cap": ["hazard"],
        "earthquake-iso8859-1.cap": ["incident"], "earthquake.cap": ["incident"], "no_optional_fields.cap": ["message"],
        "noaa_errors.cap": ["hazard"], "weather.cap": ["hazard"],
    }  # fmt: skip
    for name, path in FILES.items():
        if name in kinds:
            messages = found[name].messages  # type: ignore[union-attr]  # the others were refused
            assert CAP.encode(messages, {m.source.sha256: path.read_bytes() for m in messages if m.source}).data


@pytest.mark.parametrize("name", REFUSED)
def test_an_attack_and_an_alert_without_scope_are_refused_for_that(name: str) -> None:
    if name not in FILES:
        pytest.skip("no sample alerts beside the checkout")
    found = read("cap", FILES[name].read_bytes())
    assert isinstance(found, Rejected)
    assert REFUSED[name] in str(found)


@pytest.mark.parametrize("path", FILES.values(), ids=lambda p: p.name)
def test_real_alerts_say_the_same_after_they_are_written_anew(path: Path) -> None:
    found = read("cap", path.read_bytes())
    if isinstance(found, Rejected):
        return
    again = read("cap", CAP.encode(found.messages, {}).data)
    assert isinstance(again, Translation)
    pairs = zip(found.messages, again.messages, strict=True)
    for one, other in pairs:
        assert (one.key, one.kind, one.status, one.texts) == (other.key, other.kind, other.status, other.texts)
        assert _without_raw(one) == _without_raw(other)


def _read(found: object) -> bool:
    return isinstance(found, Translation)


# -- law 8 on messages that nobody has written before -----------------------------------------------------------------

words = st.text("abcdefghij éñKLM;,", min_size=1, max_size=90).map(lambda t: " ".join(t.split())).filter(bool)
names = st.from_regex(r"[A-Z]{3,8}", fullmatch=True)
seconds = st.integers(-10_000_000, 10_000_000).map(lambda n: RECEIVED_AT + n * 1_000_000)
positions = st.tuples(st.integers(-8_999_999, 8_999_999), st.integers(-17_999_999, 17_999_999)).map(
    lambda p: Position(lat=p[0] / 1e5, lon=p[1] / 1e5)
)
windows = st.tuples(seconds, st.integers(1, 900)).map(
    lambda p: TimeWindow.between(TimeValue(utc=p[0]), TimeValue(utc=p[0] + p[1] * 60_000_000))
)
circles = st.builds(Circle, centre=positions, radius_m=st.integers(0, 90_000).map(float), name=names)
boxes = st.tuples(st.integers(-800, 800), st.integers(-1700, 1690), names).map(
    lambda b: Polygon(
        rings=(tuple([(x / 10, y / 10) for x, y in _corners(b[1], b[0])]),),
        name=b[2],
    )
)
heights = st.tuples(st.integers(0, 30_000), st.integers(0, 30_000)).map(
    lambda h: AltitudeBand(
        lower=AltitudeLimit(reference="MSL", value_m=min(h) * 0.3048),
        upper=AltitudeLimit(reference="MSL", value_m=max(h) * 0.3048),
    )
)
appraisals = st.builds(
    Appraisal,
    urgency=st.sampled_from(("Immediate", "Expected", "Future", "Past", "Unknown")),
    severity=st.sampled_from(("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
    certainty=st.sampled_from(("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
)
hazards = st.builds(
    HazardNotice, hazard_kind=st.sampled_from(("range", "demolition", "fire", "uxo", "mine", "other")),
    area=circles | boxes | names.map(lambda n: Named(name=n)), windows=windows.map(lambda w: (w,)),
    altitude=st.none(), state=st.sampled_from(("planned", "hot", "check-fire", "cold", "lifted")),
    error_m=st.none() | st.integers(0, 999).map(float), safety_radius_m=st.none() | st.integers(0, 999).map(float),
    remarks=st.just("") | words, appraisal=appraisals,
)  # fmt: skip
high = st.builds(
    HazardNotice, hazard_kind=st.just("illumination"), area=circles, windows=windows.map(lambda w: (w,)),
    altitude=heights, appraisal=appraisals,
)  # fmt: skip
incidents = st.builds(
    IncidentReport, category=st.sampled_from(("security", "mine-action", "Uxo", "other")), subcategory=words,
    occurred=seconds.map(lambda utc: TimeValue(utc=utc)), stage=st.sampled_from(("flash", "initial", "final")),
    position=st.none() | positions, place_name=names, damage=st.just("") | words,
    casualties=st.none() | st.builds(Casualties, killed=st.integers(0, 9), injured=st.integers(0, 9)),
    danger=st.sampled_from(("", "present", "lifted")), appraisal=appraisals,
)  # fmt: skip
acknowledgements = st.builds(
    Acknowledgement, of=st.builds(Reference, id=words, revision=st.integers(1, 9), originator=st.just("fhq")),
    step=st.sampled_from(("delivered", "received", "understood", "wilco")), note=st.just("") | words,
) | st.builds(
    Acknowledgement, of=st.builds(Reference, id=names, revision=st.just(1), originator=st.just("fhq")),
    step=st.just("cannot-comply"), code=st.sampled_from(("UNSAFE", "OTHER", "NO-CAPACITY")),
)  # fmt: skip


def _corners(x: int, y: int) -> list[tuple[int, int]]:
    return [(x, y), (x + 5, y), (x + 5, y + 5), (x, y + 5), (x, y)]


@given(
    body=hazards | high | incidents | acknowledgements | st.builds(TextMessage, text=words),
    id=words,
    revision=st.integers(1, 9),
)
def test_what_was_written_is_read_back(body: Message, id: str, revision: int) -> None:
    sent = _packed(body, id=id, revision=revision, status="update" if revision > 1 else "new")
    written = CAP.encode([sent], {})
    (back,) = CAP.decode(written.data, Context(participant="xar-batt")).messages
    assert (back.id, back.revision, back.kind) == (id, revision, sent.kind)
    lost = {loss.path.split(": ", 1)[-1] for loss in written.losses}
    assert lost <= {"references"}, written.losses
    assert _without_raw(back) == _without_raw(sent), written.data.decode()


@given(body=hazards | incidents)
def test_whatever_is_written_has_the_order_of_the_standard(body: Message) -> None:
    sent = _packed(body, id="XAR-1", texts=(LangText(text="a", lang="en"), LangText(text="b", lang="fr")))
    for info in etree.fromstring(CAP.encode([sent], {}).data).iter(f"{NAMESPACE}info"):
        names = [etree.QName(e).localname for e in info]
        order = "language category event responseType urgency severity certainty onset expires headline description"
        known = [*order.split(), "parameter", "area"]
        assert [known.index(n) for n in names] == sorted(known.index(n) for n in names)


def _packed(body: Message, **fields: Any) -> Envelope:
    whole = {"id": "XAR-1", "originator": "xar-batt", "received_at": RECEIVED_AT, "lang": "en", **fields}
    return registry.pack(body, **whole)


def _without_raw(message: Envelope) -> Any:
    body = registry.body(message)
    if isinstance(body, TextMessage | Acknowledgement):
        body = msgspec.structs.replace(body, at=None)
    return message.kind, _bare(body)


def _bare(value: Any) -> Any:
    if value is None or (isinstance(value, Appraisal) and value == Appraisal()):
        value = Appraisal(urgency="Unknown", severity="Unknown", certainty="Unknown")  # must be there, says nothing
    if isinstance(value, msgspec.Struct):
        hidden = {"raw", "form", "precision", "quality", "ce_m"}
        return {f: _bare(getattr(value, f)) for f in value.__struct_fields__ if f not in hidden}
    if isinstance(value, tuple):
        return [_bare(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value


# -- out to those who are no part of the force -------------------------------------------------------------------------

CARD = Alert(
    id="CARD-0007", alert_kind="conflict", rev=2, material_rev=2, severity="Severe", urgency="Expected",
    certainty="Likely", members=(Member(finding="F-1", finding_kind="route-capacity", severity="HIGH", state="open",
    sentence="Two convoys meet at FORD KESSA."),), parties=("xar-batt",), place="FORD KESSA", at=(-26.95, 2.05),
    event_from=RECEIVED_AT, event_to=RECEIVED_AT + 3_600_000_000, headline="Convoys meet", next_step="Call the JOC",
    owner="joc",
)  # fmt: skip
FINDING = Finding(
    id="F-1", finding_kind="route-capacity", severity="HIGH", certainty="definite", state="open",
    parties=(Party(id="XAR-1"), Party(id="XBL-2")), sentence="Two convoys meet at FORD KESSA.",
    evidence=Evidence(place="FORD KESSA", at=(-26.95, 2.05), distance_m=0.0,
                      overlap=TimeWindow.exact(RECEIVED_AT, RECEIVED_AT + 60_000_000)),
)  # fmt: skip


def _text(data: bytes, path: str) -> str:
    return etree.fromstring(data).findtext("/".join(NAMESPACE + step for step in path.split("/"))) or ""


@pytest.mark.parametrize("body", [CARD, FINDING], ids=["card", "finding"])
def test_a_card_goes_out_as_an_alert_that_says_what_where_and_when(body: Message) -> None:
    sent = _packed(body, id=body.id, originator="joc", label=Label(releasable_to=("relief",)))  # type: ignore[attr-defined]  # both have one
    written = CAP.encode([sent], {})
    assert _text(written.data, "msgType") == "Alert"
    assert _text(written.data, "restriction") == "REL TO relief"
    assert _text(written.data, "info/event") == "Directive conflict"
    assert _text(written.data, "info/responseType") == "Assess"
    assert _text(written.data, "info/severity") == "Severe"
    assert _text(written.data, "info/certainty") == "Likely"
    assert _text(written.data, "info/onset") == "2027-03-14T07:00:00-00:00"
    assert _text(written.data, "info/description") == "Two convoys meet at FORD KESSA."
    assert _text(written.data, "info/area/circle") == "2.05,-26.95 0"
    assert "F-1" in written.data.decode()
    lost = {loss.path.rpartition(".")[2] for loss in written.losses}
    assert lost == ({"members", "parties", "owner", "material_rev"} if body is CARD else {"evidence", "parties"})


def test_a_card_of_a_few_goes_to_them_alone() -> None:
    sent = _packed(msgspec.structs.replace(CARD, only=("relief",)), originator="joc")
    data = CAP.encode([sent], {}).data
    assert (_text(data, "scope"), _text(data, "addresses")) == ("Private", "relief")


def test_a_card_that_is_over_gives_the_all_clear_and_one_that_was_taken_back_is_cancelled() -> None:
    over = _packed(msgspec.structs.replace(CARD, work="resolved"), revision=3)
    assert _text(CAP.encode([over], {}).data, "info/responseType") == "AllClear"
    back = _packed(msgspec.structs.replace(CARD, work="superseded"), revision=3)
    assert _text(CAP.encode([back], {}).data, "msgType") == "Cancel"
    assert "bus:XAR-1:2" in _text(CAP.encode([back], {}).data, "references")


def test_nobody_is_told_that_an_alert_is_public_unless_its_sender_said_so() -> None:
    hazard = HazardNotice(hazard_kind="range", area=Named(name="KESSA"))
    data = CAP.encode([_packed(hazard)], {}).data
    assert (_text(data, "scope"), _text(data, "restriction")) == ("Restricted", "AS THE MISSION RULES")


def test_an_acknowledgement_in_cap_finds_the_order_that_left_in_cap() -> None:
    out = CAP.encode([_packed(CARD, id="CARD 7, north", originator="joc", revision=4)], {}).data
    triple = ",".join(_text(out, name) for name in ("sender", "identifier", "sent"))
    reply = (
        f'<alert xmlns="{NAMESPACE[1:-1]}"><identifier>R-1</identifier><sender>a@relief.example</sender>'
        f"<sent>2027-03-14T07:05:00-00:00</sent><status>Actual</status><msgType>Ack</msgType>"
        f"<scope>Public</scope><references>{triple}</references></alert>"
    )
    (message,) = CAP.decode(reply.encode(), Context(participant="relief")).messages
    said = registry.body(message)
    assert isinstance(said, Acknowledgement)
    assert (said.of.id, said.of.revision, said.of.originator) == ("CARD 7, north", 4, "joc")


@pytest.mark.parametrize(
    "area",
    [
        Corridor(points=((-27.0, 2.0), (-26.9, 2.1)), width_m=200.0),
        Ellipse(centre=Position(lat=2, lon=-27), major_m=900.0, minor_m=300.0, angle_deg=30.0),
    ],
    ids=["corridor", "ellipse"],
)
def test_a_shape_that_alerts_do_not_know_is_outlined_and_listed(area: Any) -> None:
    written = CAP.encode([_packed(HazardNotice(hazard_kind="range", area=area))], {})
    assert _text(written.data, "info/area/polygon").count(",") > 10
    assert any(".area" in loss.path for loss in written.losses)


def test_what_an_alert_cannot_carry_is_listed() -> None:
    label = Label(categories=(Category(tag="Releasable To", type="PERMISSIVE", values=("XAR",)),))
    band = AltitudeBand(lower=AltitudeLimit(reference="AGL", value_m=10.0), upper=AltitudeLimit(reference="UNL"))
    hazard = HazardNotice(hazard_kind="range", area=Named(name="KESSA", radius_m=50.0), altitude=band)
    lost = {loss.path for loss in CAP.encode([_packed(hazard, label=label)], {}).losses}
    assert {"XAR-1:1: label.Releasable To", "XAR-1:1: body.area.radius_m"} <= lost
    assert "XAR-1:1: body.altitude.lower.reference" in lost


@pytest.mark.parametrize("kind", ["hazard", "incident"])
def test_a_withdrawal_goes_out_as_a_cancel_and_comes_back_as_one(kind: str) -> None:
    sent = _packed(Cancellation(), kind=kind, status="cancel", revision=3)
    (back,) = CAP.decode(CAP.encode([sent], {}).data, Context(participant="xar-batt")).messages
    assert (back.key, back.status, back.kind) == ("XAR-1:3", "cancel", kind)


def test_a_wrong_clock_is_worth_a_look() -> None:
    late = alert().replace(b"2027-03-14T06:00:00", b"2027-03-14T09:00:00")
    found = read("cap", late)
    assert isinstance(found, Translation)
    assert [w.code for w in found.warnings] == ["clock"]


def test_what_is_no_alert_is_refused() -> None:
    with pytest.raises(Rejected, match="hazard"):
        CAP.encode([_packed(TextMessage(text="a"), kind="agreement")], {})


# -- hostile and large ------------------------------------------------------------------------------------------------

ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a</identifier><sender>b</sender>'
    "<sent>2027-03-14T06:00:00-00:00</sent><status>Actual</status><msgType>{type}</msgType><scope>Public</scope>"
    "{rest}<info><category>Met</category><event>e</event><urgency>Future</urgency><severity>Minor</severity>"
    "<certainty>Likely</certainty>{info}<area><areaDesc>d</areaDesc>{area}</area></info></alert>"
)


def alert(type: str = "Alert", rest: str = "", info: str = "", area: str = "<circle>2,27 1</circle>") -> bytes:
    return ALERT.format(type=type, rest=rest, info=info, area=area).encode()


def ring(corners: int) -> str:
    return " ".join(f"{2 + i / 1e6:.6f},{27 + (i * i % 1000) / 1e6:.6f}" for i in range(corners))


def test_a_polygon_of_ten_thousand_corners_is_read_in_time() -> None:
    began = time.process_time()
    found = read("cap", alert(area=f"<polygon>{ring(10_000)}</polygon>"))
    assert isinstance(found, Translation)
    assert time.process_time() - began < 1.0
    body = registry.body(found.messages[0])
    assert isinstance(body, HazardNotice)
    assert isinstance(body.area, Polygon)
    assert len(body.area.rings[0]) == 10_001


HOSTILE = {
    "a polygon of forty thousand corners": alert(area=f"<polygon>{ring(40_000)}</polygon>"),
    "many polygons": alert(area="<polygon>1,1 1,2 2,2 2,1 1,1</polygon><polygon>{}</polygon>".format(
        "</polygon><polygon>".join(f"1,1 1,2 2,{2 + i / 1e4} 1,1" for i in range(500)))),
    "many references": alert("Update", f"<references>{'a,b,c ' * 5_000}</references>"),
    "a circle around the earth": alert(area="<circle>2,27 99999</circle>"),
    "a circle of no size": alert(area="<circle>2,27 nan</circle>"),
    "a circle of no end": alert(area="<circle>2,27 1e400</circle>"),
    "a corner that is no number": alert(area="<polygon>1,1 x,2 2,2 1,1</polygon>"),
    "a pole too far": alert(area="<polygon>91,1 1,2 2,2 91,1</polygon>"),
    "the year 0000": alert().replace(b"2027-03-14", b"0000-00-00"),
    "an alert and a bad one": alert() + alert().replace(b"Public", b"All"),
    "a thousand alerts": alert() * 1_000,
    "another format": b"<event uid='a'/>",
    "a DOCTYPE": b"<!DOCTYPE alert>" + alert(),
    "an entity that nobody declared": alert(rest="<note>&b;</note>"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_at_once_with_where_why_and_how_to_mend_it(what: str) -> None:
    began = time.process_time()
    found = read("cap", HOSTILE[what])
    assert time.process_time() - began < 1.0
    assert isinstance(found, Rejected), what
    assert all((found.path, found.why, found.hint)), found
    assert len(str(found)) < 2_000


def test_links_in_an_alert_are_text() -> None:
    """Nothing is fetched: an adapter has no network, and what is embedded stays closed."""
    resource = (
        "<resource><resourceDesc>d</resourceDesc><mimeType>a/b</mimeType><uri>http://127.0.0.1:9/x</uri></resource>"
    )
    found = read("cap", alert(info=resource))
    assert isinstance(found, Translation)
    assert any(loss.value == "http://127.0.0.1:9/x" for loss in found.losses)


def test_an_alert_is_found_among_other_xml() -> None:
    assert adapters.detect(alert(), among=("cot", "cap")) == "cap"
    assert CAP.sniff(b"\xef\xbb\xbf\r\n" + alert()) == 1.0
    assert CAP.sniff(b"<event/>") == 0.0
