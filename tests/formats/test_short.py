"""The short form: exact in 270 bytes, forgiving to thumbs, and every card in one part."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.base import Context, Rejected
from adapters.short import SHORT, wire
from adapters.short.tables import HEADS, SLOTS
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action, ReadBack
from schemas.base import Message
from schemas.directives import Directive, OrderChange, Vehicles
from schemas.envelope import Addressee, Contact, Envelope, LangText, Reference, UnitRef
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    ArcBand,
    Circle,
    Corridor,
    Ellipse,
    Line,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)
from schemas.label import Label
from schemas.liaison import Item, LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation, HazardNotice, MovementNotice, RouteState
from schemas.reports import (
    Casualties,
    IncidentReport,
    MedevacRequest,
    Observation,
    Patients,
    PositionReport,
    Precedences,
    Section,
    SituationReport,
    TextMessage,
    Violation,
)
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT
from tests.formats.test_laws import context, degrees, instants, meaning, minutes, movements, nine_lines, windows
from tests.support.examples import times

MINUTE = 60_000_000


def text_of(message: Envelope) -> str:
    return SHORT.encode([message], {}).data.decode()


def sent(body: Message, **fields: Any) -> Envelope:
    return registry.pack(body, **{"id": "XAR-1", "originator": "xar-batt", "received_at": RECEIVED_AT, **fields})


def read(text: str) -> tuple[Envelope, ...]:
    return SHORT.decode(text.encode(), context()).messages


# -- law 8 ------------------------------------------------------------------------------------------------------------

# what phones and slashes could harm: separators of ours, marks, signs beyond GSM-7
words = (
    st.text("abc ABC,;:=/*@#|+-%~éñ٣你", min_size=1, max_size=40)
    .map(lambda t: " ".join(t.split()))
    .filter(lambda t: t not in ("", "-"))
)
names = st.from_regex(r"[A-Z]{3,8}(-[0-9]{1,4})?", fullmatch=True)
positions = st.tuples(degrees, st.sampled_from((None, 1.0, 50.0, 11.12))).map(
    lambda p: Position(lat=p[0][0] / 1e5, lon=p[0][1] / 1e5, ce_m=p[1])
)
pairs = st.tuples(st.integers(-17_999, 17_999), st.integers(-8_999, 8_999)).map(lambda p: (p[0] / 100, p[1] / 100))
metres = st.integers(0, 90_000).map(float)
areas = st.one_of(
    st.builds(Circle, centre=positions, radius_m=metres, name=st.just("") | names),
    st.builds(Corridor, points=st.lists(pairs, min_size=2, max_size=5).map(tuple), width_m=metres),
    st.builds(Line, points=st.lists(pairs, min_size=2, max_size=5).map(tuple), name=names),
    st.builds(Named, name=words, radius_m=st.none() | metres),
    st.lists(pairs, min_size=3, max_size=8, unique=True).map(lambda p: Polygon(rings=((*p, p[0]),))),
)
limits = st.one_of(
    st.just(AltitudeLimit(reference="SFC")),
    st.integers(0, 400).map(lambda n: AltitudeLimit(reference="FL", value_m=round(n * 30.48, 6))),
    st.builds(
        AltitudeLimit, reference=st.sampled_from(("AGL", "MSL", "HAE")), value_m=st.integers(-100, 9000).map(float)
    ),
    st.integers(0, 30_000).map(lambda feet: AltitudeLimit(reference="AGL", value_m=round(feet * 0.3048, 6))),
)
references = st.builds(Reference, id=names, revision=st.integers(0, 9))
units = st.builds(UnitRef, name=st.just("") | words, callsign=names, participant=st.just("") | st.just("xar-batt"))


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


BODIES: dict[str, st.SearchStrategy[Any]] = {
    "movement": movements(),
    "medevac": nine_lines(),
    "hazard": st.builds(
        HazardNotice, hazard_kind=st.sampled_from(("range", "illumination", "uxo", "other")), area=areas,
        windows=some(windows), altitude=st.none() | st.builds(AltitudeBand, lower=limits, upper=limits),
        state=st.sampled_from(("planned", "hot", "check-fire", "cold")), remarks=st.just("") | words,
        error_m=st.none() | metres, contact=st.none() | st.builds(Contact, name=words, phone=names),
    ),
    "incident": st.builds(
        IncidentReport, category=words, occurred=instants, position=positions, activity=words,
        casualties=st.none() | st.builds(Casualties, killed=st.integers(0, 9), injured=st.integers(0, 9)),
        stage=st.sampled_from(("flash", "initial", "final")), danger=st.sampled_from(("", "present", "lifted")),
        violation=st.none() | st.builds(Violation, agreement=words, sources=some(names), protest_lodged=st.booleans()),
        place_name=words, direction_deg=st.none() | st.integers(0, 360).map(float),
        rounds=st.none() | st.integers(0, 99),
    ),
    "position": st.builds(
        PositionReport, subject=units, position=positions, at=instants, course_deg=st.none() | st.just(90.5),
        remarks=st.just("") | words, altitude=st.none() | limits,
    ),
    "sitrep": st.builds(
        SituationReport, period=windows, nothing_to_report=st.booleans(), place_name=words,
        sections=some(st.builds(Section, key=st.sampled_from(("general", "logistics")), text=words)),
    ),
    "route-state": st.builds(
        RouteState, section=names, load_class=st.none() | st.integers(0, 150), one_at_a_time=st.booleans(),
        trafficable=st.sampled_from(("open", "caution", "closed", "unknown")), remarks=words, windows=some(windows),
    ),
    "message": st.builds(TextMessage, text=words, room=st.just("") | words, sender=st.none() | units),
    "observation": st.builds(
        Observation, observed=instants, activity=words, position=positions, about=st.just("") | names, size=words,
    ),
    "liaison-request": st.builds(
        LiaisonRequest, request_kind=st.sampled_from(("information", "escort", "access")), subject=words,
        need_by=instants, items=some(st.builds(Item, ref=names, name=words, quantity=st.none() | st.just(2.5))),
    ),
    "liaison-response": st.builds(
        LiaisonResponse, request=references, decision=st.sampled_from(("accept", "decline")), reason=words,
        items=some(names), schedule=st.none() | windows,
    ),
    "directive": st.builds(
        Directive, directive_kind=st.sampled_from(("frago", "taskord", "restriction", "movement-order")),
        action=st.sampled_from(("move", "escort", "air-mission", "other")), task=words, performers=some(units),
        windows=some(windows), area=st.none() | areas, exclusive=st.booleans(), supersedes=some(references),
        vehicles=some(st.builds(Vehicles, type=names, count=st.none() | st.integers(0, 99))),
        buffer_m=st.none() | metres,
        amends=some(st.builds(OrderChange, order=references)), draft=st.booleans(),
    ),
    "acknowledgement": st.builds(
        Acknowledgement, of=references, step=st.sampled_from(("received", "understood", "wilco", "cannot-comply")),
        note=words, read_back=st.none() | st.builds(ReadBack, text=words, window=windows, place=names), at=instants,
    ),
    "action": st.builds(
        Action, alert=st.from_regex(r"[0-9a-f]{32}", fullmatch=True), verb=st.sampled_from(("acknowledge", "waive")),
        seen_rev=st.integers(1, 99), note=words, findings=some(names), until=st.none() | minutes,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
@times(1 / 3)
@given(data=st.data(), revision=st.integers(1, 9), status=st.sampled_from(("new", "update")))
def test_what_was_written_is_read_back_whatever_stands_in_it(
    kind: str, data: st.DataObject, revision: int, status: Any
) -> None:
    message = sent(
        data.draw(BODIES[kind]), id=data.draw(names), revision=revision, status=status,
        precedence=data.draw(st.sampled_from((None, "flash", "routine"))),
        label=Label(releasable_to=data.draw(st.sampled_from((None, (), ("xar", "xbl"))))),
        addressees=data.draw(st.sampled_from(((), (Addressee(to="sn-hq"), Addressee(to="fhq", role="info"))))),
    )  # fmt: skip
    written = SHORT.encode([message], {})
    lines = written.data.decode().splitlines()
    assert all(len(line.encode()) <= 270 for line in lines)
    if any("does not fit into 9 parts" in loss.why for loss in written.losses):
        return
    (back,) = read("\n".join(data.draw(st.permutations(lines))))
    assert not written.losses, written
    assert meaning(back) == meaning(message)
    assert (back.key, back.status, back.precedence) == (message.key, message.status, message.precedence)
    assert (back.label.releasable_to, back.addressees) == (message.label.releasable_to, message.addressees)


def test_every_kind_that_is_read_has_its_law_and_a_head() -> None:
    assert set(BODIES) == SHORT.reads == SLOTS.keys() == {head.kind for head in HEADS.values()}


@given(parts=st.lists(words, min_size=1, max_size=5), separator=st.sampled_from((",", ";")))
def test_a_list_is_read_back_element_by_element(parts: list[str], separator: str) -> None:
    assert wire.apart(wire.joined(parts, separator), separator) == [part.strip() for part in parts]


@given(text=st.text("a /*é你", min_size=1, max_size=1500).map(wire.clean).filter(bool))
@example("a " * 600)
def test_parts_are_small_enough_and_give_the_whole_again(text: str) -> None:
    sealed = wire.message("MSG X-1", [("W", text)])
    parts = wire.parts(sealed, "X-1:1")
    assert all(len(part.encode()) <= 270 for part in parts)
    if len(parts) > 1:
        assert wire.join([found for part in reversed(parts) if (found := wire.part(part))]) == sealed


def test_what_does_not_fit_into_nine_parts_is_a_loss_and_the_rest_goes() -> None:
    body = IncidentReport(category="fire", activity="x " * 2_000, damage="a barn")
    written = SHORT.encode([sent(body)], {})
    assert [loss.path for loss in written.losses] == ["XAR-1:1: field W", "XAR-1:1: body.activity"]
    assert b"barn" in written.data


@pytest.mark.parametrize(
    ("area", "covers"),
    [
        (Ellipse(centre=Position(lat=2.0, lon=27.0), major_m=500, minor_m=100), 500),
        (ArcBand(centre=Position(lat=2.0, lon=27.0), r_min_m=10, r_max_m=700, start_deg=0, end_deg=90), 700),
    ],
)
def test_a_shape_without_a_short_form_grows_and_never_shrinks(area: Any, covers: float) -> None:
    written = SHORT.encode([sent(HazardNotice(hazard_kind="range", area=area))], {})
    back: Any = registry.body(read(written.data.decode())[0])
    assert back.area.radius_m == covers
    assert written.losses


def test_loose_ends_of_a_window_are_written_as_the_longest_it_can_be() -> None:
    loose = TimeWindow(
        start_earliest=RECEIVED_AT, start_latest=RECEIVED_AT + MINUTE, end_earliest=RECEIVED_AT + 2 * MINUTE,
        end_latest=RECEIVED_AT + 3 * MINUTE,
    )  # fmt: skip
    body = HazardNotice(hazard_kind="range", area=Named(name="KESSA"), windows=(loose,))
    written = SHORT.encode([sent(body)], {})
    assert b"/T140700-140703ZMAR27" in written.data
    assert {loss.path.rpartition(".")[2] for loss in written.losses} == {"start_latest", "end_earliest"}


def test_a_time_to_the_microsecond_and_one_of_the_next_century_are_exact() -> None:
    for utc in (RECEIVED_AT + 1, 4_200_000_000 * 1_000_000):
        body = Observation(observed=TimeValue(utc=utc), activity="x")
        assert registry.body(read(text_of(sent(body)))[0]).observed.utc == utc  # type: ignore[attr-defined]


def test_what_travels_beside_the_body_travels_along() -> None:
    message = sent(
        Directive(directive_kind="frago", task="hold"), id="an id with blanks", lang="fr", ack_required=True,
        reality="exercise", created=TimeValue(utc=RECEIVED_AT), unit=UnitRef(name="A Coy"), summary="in short",
        texts=(LangText(text="tenir", lang="fr", role="instruction"), LangText(text="b", lang="fr")),
        references=(Reference(id="A-1"), Reference(id="B:2", revision=3)), in_reply_to=Reference(id="C-1"),
    )  # fmt: skip
    (back,) = read(text_of(message))
    assert back.id == "an id with blanks"
    for name in ("lang", "ack_required", "reality", "summary", "references", "in_reply_to"):
        assert getattr(back, name) == getattr(message, name), name
    assert {(t.role, t.text) for t in back.texts} == {(t.role, t.text) for t in message.texts}
    assert back.unit and back.unit.name == "A Coy"


def test_a_withdrawal_keeps_its_id_kind_and_reason() -> None:
    message = sent(Cancellation(reason="called off"), kind="hazard", status="cancel", revision=3)
    (back,) = read(text_of(message))
    assert (back.key, back.kind, back.status, registry.body(back)) == (
        "XAR-1:3", "hazard", "cancel", Cancellation(reason="called off"),
    )  # fmt: skip


# -- what thumbs do ---------------------------------------------------------------------------------------------------

VIOLATION = "CFV CFV-0315-1/Kmortar/T150605ZMAR27/P2.2680N27.1690W/R2000/Wimpacts*CHCK"
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    "typed",
    [
        lambda t: t.replace("CFV CFV", "cfv CFV").replace("/K", "/k").replace("ZMAR", "zmar"),
        lambda t: t.replace("/", " / "),
        lambda t: t.replace("/", "/\n"),
        lambda t: t.translate(DIGITS),
        lambda t: "\u200f" + t.replace("/", "\u200e/"),
        lambda t: "".join(chr(0xFEE0 + ord(c)) if "0" <= c <= "9" or c == "/" else c for c in t),
        lambda t: t.replace("\n", "\r\n") + "\r\n",
    ],
)
def test_the_same_message_is_read_however_a_phone_writes_it(typed: Any) -> None:
    text = VIOLATION.replace("*CHCK", f"*{wire.check(VIOLATION[:-5])}")
    (usual,) = read(text)
    (found,) = read(typed(text))
    assert meaning(found) == meaning(usual)
    assert found.key == usual.key
    assert not found.warnings


def test_one_changed_sign_refuses_the_message_and_says_how_to_mend_it() -> None:
    text = VIOLATION.replace("*CHCK", f"*{wire.check(VIOLATION[:-5])}")
    for at in range(4, len(text) - 5):
        if text[at] != " ":
            changed = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
            with pytest.raises(Rejected) as refused:
                read(changed)
            assert refused.value.hint


def test_an_officer_acknowledges_a_card_with_two_words() -> None:
    card = "0123456789abcdef0123456789abcdef"
    (said,) = read(f"ack {card.upper()}:3")
    assert registry.body(said) == Action(alert=card, verb="acknowledge", seen_rev=3)
    (order,) = read("ack SN-FRAGO-7")
    assert registry.body(order) == Acknowledgement(of=Reference(id="SN-FRAGO-7"), step="received")


def test_two_equal_answers_are_two_inputs_unless_they_name_themselves() -> None:
    ack = b"WILCO SN-FRAGO-7:1"
    ids = {SHORT.decode(ack, Context(participant="xar", bearer_id=b)).messages[0].id for b in ("a", "b")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "other", ["SITREP\nPeriod: x\nLocation: y\n", "INCIDENT 7\nType: fire\nTime: 141000ZMAR27\n", "ROUTE\n"]
)
def test_labelled_text_is_not_taken_for_the_short_form(other: str) -> None:
    assert SHORT.sniff(other.encode()) < 0.9


# -- besides -----------------------------------------------------------------------------------------------------------


def test_a_kind_without_a_short_form_is_named_in_the_refusal_or_the_losses() -> None:
    stock = msgspec.structs.replace(sent(TextMessage(text="x")), kind="logistics")
    with pytest.raises(Rejected, match="no short form"):
        SHORT.encode([stock], {})
    assert SHORT.encode([stock, sent(TextMessage(text="x"))], {}).losses[0].value == "logistics"


def test_a_patrol_way_keeps_its_points_and_their_times() -> None:
    point = RoutePoint(name="KESSA", role="halt", window=TimeWindow.exact(RECEIVED_AT, RECEIVED_AT + MINUTE))
    body = MovementNotice(movement_kind="patrol", route=Route(name="LIME", points=(point,)))
    back: Any = registry.body(read(text_of(sent(body)))[0])
    assert back.route.points[0].name == "KESSA"
    assert back.route.points[0].window.end_latest == RECEIVED_AT + MINUTE


def test_patients_are_numbers_and_keep_their_lines() -> None:
    body = MedevacRequest(
        pickup=Position(lat=2.14, lon=-26.88), precedences=Precedences(urgent=1), patients=Patients(litter=2)
    )
    assert "/UA1/LL2" in text_of(sent(body, precedence="flash"))


# -- words that came later --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("A", "accept"), ("PRO", "provisional"), ("D", "decline"), ("AGREE", "agree"), ("PROPOSE", "propose")],
)
def test_a_beginning_means_what_it_meant_before_a_session_had_words(typed: str, meant: str) -> None:
    (found,) = read(f"ANS XBL-1/BLN-1/K{typed}")
    assert registry.body(found).decision == meant  # type: ignore[attr-defined]  # it is a response


def test_a_member_agrees_to_a_version_by_a_short_message() -> None:
    body = LiaisonResponse(request=Reference(id="LN-1"), decision="agree", proposal="P2", version=2)
    text = text_of(sent(body))
    assert len(text.encode()) <= 60
    (back,) = read(text)
    assert registry.body(back) == body
