"""Vignette V1, "KESSA bridge": its mission and its messages as envelopes.

Source: reference domain.md §5.0, §5.1; vignettes v1.jsonl. ``MESSAGES`` holds what reaches the deconfliction service,
by step; steps without a message (10, 12, 17: timers and links; 20, 21: progress) are not in it.
"""

from typing import Final

from coordinator.core.mission import (
    Activity,
    MatrixRow,
    Mission,
    NamedRoute,
    Participant,
    Place,
    Rules,
    Section,
    Speed,
    VehicleType,
)  # fmt: skip
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, ReadBack
from schemas.base import Message
from schemas.directives import Directive, OrderChange, Vehicles
from schemas.envelope import Addressee, Contact, Envelope, Reference, UnitRef
from schemas.geo import Named, Position, Route, RoutePoint
from schemas.notices import Cancellation, MovementNotice, RouteState
from schemas.time import TimeValue, TimeWindow

DAY: Final = 86_400_000_000
HOUR: Final = DAY // 24
MINUTE: Final = HOUR // 60
MARCH: Final = 1_803_859_200_000_000  # 2027-03-01T00:00Z
KMH: Final = 1 / 3.6


def z(dtg: str) -> int:
    """Return ddhhmm in March 2027 (Z) as microseconds UTC."""
    return MARCH + (int(dtg[:2]) - 1) * DAY + int(dtg[2:4]) * HOUR + int(dtg[4:6]) * MINUTE


def during(start: str, end: str) -> TimeWindow:
    """Return the exact window between two times of March 2027."""
    return TimeWindow.exact(z(start), z(end))


def ref(identity: str, revision: int = 0) -> Reference:
    """Return a reference by id."""
    return Reference(id=identity, revision=revision)


def said(
    message: Message, identity: str, by: str, at: str, revision: int = 1, to: tuple[str, ...] = (), **fields: object
) -> Envelope:
    """Return a message as its originator sent it."""
    return registry.pack(
        message, id=identity, originator=by, revision=revision, created=TimeValue(utc=z(at), raw=f"{at}ZMAR27"),
        addressees=tuple(Addressee(to=t) for t in to), **fields,
    )  # fmt: skip


def logged(envelope: Envelope, seq: int, at: int | None = None) -> Logged:
    """Return an envelope as the log hands it out."""
    said_at = envelope.created.utc if envelope.created else None
    when = at if at is not None else said_at
    assert when is not None
    subject = subjects.record(envelope.kind, envelope.originator)
    return Logged(seq, subject, f"{envelope.originator}/{envelope.key}", when, envelope, registry.body(envelope))


MISSION: Final = Mission(
    name="unmital",
    title="United Nations Mission in Talvania",
    zone="B",
    participants=(
        Participant(id="fhq-u3", name="FHQ-U3", role="hq"),
        Participant(id="sn-hq", name="SN-HQ", role="hq", superior="fhq-u3"),
        Participant(id="sc-hq", name="SC-HQ", role="hq", superior="fhq-u3"),
        Participant(id="joc", name="JOC", role="desk", superior="fhq-u3"),
        Participant(id="xar-batt", name="XAR-BATT", nation="XAR", superior="sn-hq", units=("A Coy",)),
        Participant(id="xbl-batt", name="XBL-BATT", nation="XBL", superior="sc-hq"),
        Participant(id="xco-eng", name="XCO-ENG", nation="XCO", superior="sc-hq", language="es"),
        Participant(id="xga-fpu", name="XGA-FPU", nation="XGA", superior="joc", language="fr"),
        Participant(id="ocha-cmc", name="OCHA-CMC", role="guest"),
    ),
    places=(
        Place(name="KESSA", lat=2.0, lon=-27.0, aliases=("KESSA bridge", "pont KESSA", "puente KESSA")),
        Place(name="FORD", lat=1.97, lon=-27.045),
        Place(name="OP 4-7", lat=2.25, lon=-27.15),
    ),
    routes=(
        NamedRoute(name="LIME", points=("1.95,-27.02", "1.98,-27.008", "KESSA", "2.03,-26.99", "2.07,-26.985")),
        NamedRoute(name="PLUM", points=("2.05,-27.015", "2.02,-27.005", "KESSA", "1.98,-27.008", "1.96,-27.03")),
        NamedRoute(name="IRIS", points=("2.33,-27.18", "2.29,-27.16", "OP 4-7", "2.20,-27.14")),
    ),
    sections=(Section(name="KESSA", place="KESSA"),),
    activities=(
        Activity(classes=("closure",), kind="directive", exclusive=True),
        Activity(classes=("use", "armed"), kind="directive", action=("escort", "patrol", "move"), exclusive=False),
        Activity(classes=("use",), kind="directive", action=("resupply", "engineer", "medevac"), exclusive=False),
        Activity(classes=("use", "armed"), kind="movement", movement=("patrol", "convoy")),
        Activity(classes=("use",), kind="movement", movement=("recce", "admin")),
        Activity(classes=("logistics",), kind="movement", movement=("logistics",)),
        Activity(classes=("use", "humanitarian"), kind="movement", movement=("humanitarian",)),
    ),
    matrix=(
        MatrixRow(name="closure/use", a="closure", b="use", severity="HIGH", permit="a"),
        MatrixRow(name="closure/logistics", a="closure", b="logistics", severity="MEDIUM", permit="a"),
        MatrixRow(
            name="armed/humanitarian", a="armed", b="humanitarian", severity="HIGH", distance_m=500, gap_s=1800,
            permit="none",
        ),
    ),
    protected=("humanitarian",),
    vehicles=(
        VehicleType(type="truck", load_class=20),
        VehicleType(type="tanker", load_class=20),
        VehicleType(type="patrol vehicle", load_class=8),
    ),
    speeds=(
        Speed(method="vehicle", min_mps=15 * KMH, max_mps=60 * KMH),
        Speed(method="foot", min_mps=3 * KMH, max_mps=6 * KMH),
    ),
    rules=Rules(use_radius_m=150, capacity_severity="HIGH", notice_s=3600),
)  # fmt: skip


def by_route(name: str, start: str, end: str) -> Route:
    """Return a way that is timed where it crosses the bridge."""
    return Route(name=name, method="vehicle", points=(RoutePoint(name="KESSA", window=during(start, end)),))


def wilco(of: str, by: str, at: str, text: str = "") -> Envelope:
    """Return an acknowledgement of an order."""
    message = Acknowledgement(of=ref(of), step="wilco", read_back=ReadBack(text=text) if text else None)
    return said(message, f"ack-{by}-{of}-{at}", by, at)


def _humanitarian() -> Envelope:
    window = during("141000", "141045")
    return said(
        MovementNotice(
            movement_kind="humanitarian", route=by_route("LIME", "141000", "141045"), windows=(window,),
            method="vehicle", armed=False, escorted=False, vehicles=(Vehicles(type="truck", count=8),),
            organisation="withheld", drivers="withheld", cargo="withheld", contact=Contact(role="CMCoord hotline"),
        ),
        "HNS-0314-07", "ocha-cmc", "120900",
    )  # fmt: skip


def _at_bridge(kind: str, start: str, end: str, **fields: object) -> MovementNotice:
    return MovementNotice(
        movement_kind=kind,  # type: ignore[arg-type]
        area=Named(name="KESSA"),
        windows=(during(start, end),),
        **fields,  # type: ignore[arg-type]
    )


FORD_POSITION: Final = Position(lat=1.97, lon=-27.045, raw="1.9700N 27.0450W")

MESSAGES: Final[dict[int, Envelope]] = {
    1: _humanitarian(),
    2: said(RouteState(section="KESSA", load_class=30, lanes=1), "XCO-BR-11", "xco-eng", "121430"),
    3: said(
        _at_bridge("patrol", "140700", "140720", method="foot", strength=10), "XAR-PTL-0314-1", "xar-batt", "131700"
    ),
    4: _humanitarian(),
    5: said(
        _at_bridge("patrol", "141330", "141400", method="vehicle", vehicles=(Vehicles(type="patrol vehicle"),)),
        "XGA-PTL-0314-2", "xga-fpu", "131800", lang="fr",
    ),
    6: said(
        _at_bridge("logistics", "140830", "140850", vehicles=(Vehicles(type="truck", count=2, load_class=20),)),
        "XCO-RET-0314", "xco-eng", "131905", lang="es",
    ),
    7: said(
        Directive(
            directive_kind="frago", action="block", task="A Coy closes KESSA, checkpoint and search", exclusive=True,
            performers=(UnitRef(name="A Coy", participant="xar-batt"),), area=Named(name="KESSA"),
            windows=(during("140900", "141300"),),
        ),
        "SN-FRAGO-03-017", "sn-hq", "140405", to=("xar-batt",),
    ),
    8: wilco("SN-FRAGO-03-017", "xar-batt", "140412", "close KESSA 0900Z to 1300Z"),
    9: said(
        Directive(
            directive_kind="frago", action="escort", task="escort XCO bridging convoy over KESSA",
            performers=(UnitRef(name="XBL-BATT"),), route=by_route("PLUM", "141000", "141100"),
            windows=(during("141000", "141100"),),
            vehicles=(Vehicles(type="bridging vehicle", count=14, load_class=40),),
        ),
        "SC-FRAGO-03-022", "sc-hq", "140510", to=("xbl-batt",),
    ),
    11: said(
        _at_bridge("logistics", "141200", "141220", purpose="water", vehicles=(Vehicles(type="tanker"),)),
        "XBL-MOV-0314-3", "xbl-batt", "140530",
    ),
    13: said(
        MovementNotice(
            movement_kind="recce", area=Named(name="FORD"), windows=(during("141015", "141100"),), method="foot"
        ),
        "XCO-RECCE-FORD", "xco-eng", "140555",
    ),
    14: said(
        Directive(
            directive_kind="frago", task="KESSA: control, not closure",
            amends=(
                OrderChange(
                    order=ref("SN-FRAGO-03-017"), action="control",
                    permitted=(ref("HNS-0314-07"), ref("SC-FRAGO-03-022")),
                ),
                OrderChange(
                    order=ref("SC-FRAGO-03-022"), windows=(during("141130", "141230"),),
                    route=by_route("PLUM", "141130", "141230"),
                ),
            ),
        ),
        "FHQ-FRAGO-03-101", "fhq-u3", "140640", to=("sn-hq", "sc-hq", "xar-batt", "xbl-batt"),
    ),
    15: wilco("FHQ-FRAGO-03-101", "xar-batt", "140655"),
    16: said(
        RouteState(
            section="KESSA", load_class=40, lanes=1, trafficable="caution", one_at_a_time=True, speed_limit_mps=10 * KMH
        ),
        "XCO-BR-11", "xco-eng", "140700", revision=2,
    ),
    18: wilco("FHQ-FRAGO-03-101", "xbl-batt", "140816", "KESSA 1130Z to 1230Z"),
    19: said(
        Cancellation(reason="water run cancelled"), "XBL-MOV-0314-3", "xbl-batt", "140820", revision=2,
        kind="movement", status="cancel",
    ),
}  # fmt: skip
