"""One made-up message of every kind that a participant sends, and of those that it only gets. Pure.

They are what `coordinator mission onboard` tries a format with when it is given no files: each has the fields that
most messages of its kind have, none of them means anything, and every position lies in the open Atlantic or is a place
of the mission.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from adapters import times
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert, Member
from schemas.base import Message
from schemas.directives import Agreement, Caveat, Directive
from schemas.envelope import Addressee, Envelope, Reference, UnitRef
from schemas.findings import Evidence, Finding, Option, Party
from schemas.geo import Circle, Named, Position, Route, RoutePoint
from schemas.liaison import Item, LiaisonRequest, LiaisonResponse
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.operations import Inquiry, Presence
from schemas.reports import (
    Casualties,
    IncidentReport,
    LogisticsStatus,
    MedevacRequest,
    Observation,
    Patients,
    PositionReport,
    Precedences,
    Section,
    SituationReport,
    StockLine,
    TextMessage,
)
from schemas.time import TimeValue, TimeWindow

_MINUTE: Final = 60_000_000
_FINDING: Final = "00c0ffee" * 4
_CARD: Final = "00c0ffef" * 4
ONLY_RECEIVED: Final = frozenset({Finding.KIND, Alert.KIND, Presence.KIND, Inquiry.KIND})
"""Kinds that services write and participants get."""


class Scene(NamedTuple):
    """What the samples are about: whose they are, where, and from which minute on (microseconds UTC)."""

    participant: str
    unit: str
    place: str
    at: Position
    now: int

    def time(self, minutes: int) -> TimeValue:
        """Return an instant, written as a date-time group."""
        utc = self.now // _MINUTE * _MINUTE + minutes * _MINUTE
        year, month, day = times.day_of(utc)
        minute = utc // _MINUTE % 1440
        raw = f"{day:02d}{minute // 60:02d}{minute % 60:02d}Z{times.NAMES[month]}{year % 100:02d}"
        return TimeValue(utc=utc, raw=raw, precision="minute")

    def window(self, start: int, end: int) -> TimeWindow:
        """Return a window between two instants."""
        return TimeWindow.between(self.time(start), self.time(end))

    def by(self) -> UnitRef:
        """Return the unit that acts."""
        return UnitRef(name=self.unit)


def message(kind: str, scene: Scene) -> Envelope:
    """Return the sample of a kind."""
    more: dict[str, Any] = {"precedence": "routine"}
    if kind == Directive.KIND:
        more |= {"addressees": (Addressee(to=scene.participant),), "ack_required": True}
    identity = f"{scene.participant.upper()}-SAMPLE-{kind.upper()}"
    return registry.pack(
        _BODIES[kind](scene),
        id=identity,
        originator=scene.participant,
        received_at=scene.now,
        created=scene.time(0),
        **more,
    )


def kinds() -> frozenset[str]:
    """Return every kind that there is a sample of."""
    return frozenset(_BODIES)


def _route(scene: Scene) -> Route:
    points = tuple(
        RoutePoint(name=name, position=Position(lat=scene.at.lat, lon=round(scene.at.lon + east, 4)), window=window)
        for name, east, window in ((scene.place, 0.0, scene.window(60, 70)), ("POINT 2", 0.05, None))
    )
    return Route(points=points, method="vehicle")


def _circle(scene: Scene) -> Circle:
    return Circle(centre=scene.at, radius_m=500.0, name=scene.place)


def _finding(s: Scene) -> Finding:
    window = s.window(60, 105)
    return Finding(
        id=_FINDING, finding_kind="incompatible-activities", severity="HIGH", certainty="definite",
        state="open", sentence=f"A sample: order A-1 closes {s.place} while movement B-2 uses it.",
        parties=(Party(id="A-1", what="closure", issuer=s.participant, window=window),
                 Party(id="B-2", what="movement", issuer=s.participant, window=window)),
        evidence=Evidence(rule="closure/use", place=s.place, at=(s.at.lon, s.at.lat), overlap=window,
                          distance_m=0.0, required_m=150.0),
        options=(Option(option="liaison", party="B-2"),), arbiter=s.participant, told=(s.participant,), at=s.now,
    )  # fmt: skip


def _alert(s: Scene) -> Alert:
    member = Member(finding=_FINDING, finding_kind="incompatible-activities", severity="HIGH", state="open")
    return Alert(
        id=_CARD, alert_kind="conflict", rev=1, material_rev=1, severity="Severe", urgency="Expected",
        certainty="Likely", place=s.place, at=(s.at.lon, s.at.lat), headline=f"A sample: conflict at {s.place}",
        next_step="Acknowledge, then settle it", event_from=s.time(60).utc, event_to=s.time(105).utc,
        raised_at=s.now, changed_at=s.now, parties=(s.participant,), members=(member,), arbiter=s.participant,
    )  # fmt: skip


_BODIES: Final[dict[str, Callable[[Scene], Message]]] = {
    "sitrep": lambda s: SituationReport(
        period=s.window(-1440, 0), report_no="1", place_name=s.place,
        sections=(Section(key="own", title="Own situation", text="Posts manned as planned."),),
        nothing_to_report=True,
    ),
    "incident": lambda s: IncidentReport(
        category="shooting", occurred=s.time(-20), position=s.at, place_name=s.place, activity="Two shots heard",
        casualties=Casualties(killed=0, injured=0), action_taken="Patrol sent",
    ),
    "medevac": lambda s: MedevacRequest(
        pickup=s.at, pickup_name=s.place, callsign="SAMPLE 1", frequency="40.500",
        precedences=Precedences(priority=1), patients=Patients(litter=1), security="no enemy", marking="panels",
        nationality="UN military", terrain="flat", requested_at=s.time(0),
    ),
    "logistics": lambda s: LogisticsStatus(
        as_of=s.time(0), unit=s.by(), lines=(StockLine(item="Diesel", unit="l", on_hand=5000.0, days_of_supply=6.0),),
    ),
    "hazard": lambda s: HazardNotice(
        hazard_kind="range", area=_circle(s), windows=(s.window(60, 120),), remarks="Small arms range",
    ),
    "movement": lambda s: MovementNotice(
        movement_kind="patrol", route=_route(s), windows=(s.window(60, 180),), method="vehicle", armed=True,
        strength=8,
    ),
    "protected-site": lambda s: ProtectedSite(
        name="Sample school", site_kind="school", position=s.at, buffer_m=200.0,
    ),
    "route-state": lambda s: RouteState(
        section=s.place, position=s.at, load_class=30, lanes=1, trafficable="open", remarks="dry",
    ),
    "observation": lambda s: Observation(
        observed=s.time(-10), size="3 vehicles", activity="moving south", position=s.at, place_name=s.place,
        unit="unknown", equipment="pickups",
    ),
    "message": lambda s: TextMessage(text="A sample message in plain words.", at=s.time(0)),
    "position": lambda s: PositionReport(
        subject=UnitRef(id="SAMPLE-1", callsign="SAMPLE 1"), position=s.at, at=s.time(0), stale_at=s.time(5),
        affiliation="friend", symbol="a-f-G-U-C", how="m-g",
    ),
    "directive": lambda s: Directive(
        directive_kind="frago", action="block", task=f"Close {s.place} for a search", performers=(s.by(),),
        windows=(s.window(60, 180),), area=Named(name=s.place),
    ),
    "caveat": lambda s: Caveat(
        units=(s.by(),), actions=("block",), text="A sample: not without the consent of the capital",
    ),
    "agreement": lambda s: Agreement(
        agreement_kind="coordination", parties=(s.participant,), area=Named(name=s.place), windows=(s.window(0, 1440),),
    ),
    "liaison-request": lambda s: LiaisonRequest(
        request_kind="resource", subject="Two trucks", need_by=s.time(600), items=(Item(ref="1", name="truck"),),
        position=s.at,
    ),
    "liaison-response": lambda s: LiaisonResponse(
        request=Reference(id="FHQ-REQ-1", revision=1), decision="accept", items=("1",), reason="available",
    ),
    "acknowledgement": lambda s: Acknowledgement(
        of=Reference(id="FHQ-FRAGO-1", revision=1), step="wilco", by=s.by(), at=s.time(0),
    ),
    "action": lambda s: Action(alert=_CARD, verb="acknowledge", seen_rev=1),
    "finding": _finding,
    "alert": _alert,
    "presence": lambda s: Presence(participant=s.participant, state="lost", at=s.now),
    "inquiry": lambda s: Inquiry(asker=s.participant, role="met", at=s.now, parties=("A-1",)),
}  # fmt: skip
"""What each kind says; a kind without a row here has no sample, and a test says so."""
