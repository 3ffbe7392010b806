"""Made-up traffic of the sample mission, the same in every run: orders, movements, reports, answers.

A log is mostly reports and receipts; orders and movements are few, and most are over when somebody reads them again.
"""

import random
from collections.abc import Iterator
from typing import Final

from coordinator import config
from coordinator.core.mission import Mission
from coordinator.ports import CAUSE_SEQ, LOGGED_AT, WRITTEN_BY, Outgoing
from coordinator.services.base import stamped
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Answer, Receipt
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.envelope import Addressee, Envelope, Reference, UnitRef
from schemas.geo import Area, Circle, Polygon, Position
from schemas.notices import MovementNotice
from schemas.reports import Section, SituationReport, StrengthLine
from schemas.time import TimeValue, TimeWindow

MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
DAYS: Final = 30  # that a log covers
UNITS: Final = ("xar", "xbl", "xco")
ACTIONS: Final = ("block", "escort", "patrol", "move", "resupply", "secure", "observe")
MOVEMENTS: Final = ("patrol", "convoy", "logistics", "humanitarian", "recce")
MIX: Final = {"sitrep": 44, "receipt": 42, "acknowledgement": 12, "directive": 1, "movement": 1}  # per cent


def mission() -> Mission:
    """Return the sample mission."""
    return config.parse(config.starter(), "starter.toml")


def order(random_: random.Random, number: int, issued: int) -> Envelope:
    """Return a directive for somewhere within twenty-five kilometres and the two days behind its issue."""
    unit = random_.choice(UNITS)
    body = Directive(
        directive_kind="frago",
        action=random_.choice(ACTIONS),
        task="as discussed",
        performers=(UnitRef(participant=unit),),
        windows=(_window(random_, issued),),
        area=_area(random_),
        exclusive=random_.random() < 0.1,
        vehicles=(Vehicles(type="truck", count=random_.randint(1, 12)),),
    )
    return _said(body, f"frago-{number}", "fhq", issued, unit)


def movement(random_: random.Random, number: int, issued: int) -> Envelope:
    """Return a notice of a movement."""
    body = MovementNotice(
        movement_kind=random_.choice(MOVEMENTS),
        windows=(_window(random_, issued),),
        area=_area(random_),
        vehicles=(Vehicles(type="truck", count=random_.randint(1, 12)),),
    )
    return _said(body, f"mov-{number}", random_.choice((*UNITS, "ocha")), issued)


def log(count: int, end: int) -> Iterator[Outgoing]:
    """Yield the accepted messages of thirty days before ``end``, as intake writes them."""
    random_ = random.Random(7)
    for number in range(count):
        at = end - DAYS * DAY + number * DAYS * DAY // count
        [kind] = random_.choices([*MIX], [*MIX.values()])
        match kind:
            case "directive":
                envelope = order(random_, number, at)
            case "movement":
                envelope = movement(random_, number, at)
            case "sitrep":
                envelope = _said(_sitrep(random_, at), f"sitrep-{number}", random_.choice(UNITS), at)
            case "receipt":
                answers = (Answer(input=f"i-{number:040x}", ids=(f"sitrep-{number}:1",), losses=2),)
                envelope = _said(Receipt(answers=answers), f"receipt-{number}", random_.choice(UNITS), at)
            case _:
                said = Acknowledgement(of=Reference(id=f"frago-{random_.randint(0, number)}"), step="wilco")
                envelope = _said(said, f"ack-{number}", random_.choice(UNITS), at)
        yield logged(envelope, at)


def logged(envelope: Envelope, at: int) -> Outgoing:
    """Return a message as intake writes it."""
    subject = subjects.record(envelope.kind, envelope.originator)
    headers = {LOGGED_AT: str(at), WRITTEN_BY: "intake", CAUSE_SEQ: "1"}
    return stamped(subject, registry.encode(envelope), f"{envelope.originator}/{envelope.key}", headers)


def _said(body: Message, identity: str, by: str, at: int, *to: str) -> Envelope:
    addressees = tuple(Addressee(to=one) for one in to)
    created = TimeValue(utc=at)
    return registry.pack(
        body, id=identity, originator=by, created=created, received_at=at, addressees=addressees, ack_required=bool(to)
    )


def _sitrep(random_: random.Random, at: int) -> SituationReport:
    return SituationReport(
        period=TimeWindow.exact(at - DAY, at),
        report_no=f"{random_.randint(1, 999):03}",
        location=_place(random_),
        sections=tuple(
            Section(key=key, text="nothing unusual; patrols as planned, roads passable" * random_.randint(1, 3))
            for key in ("situation", "operations", "logistics")
        ),
        strength=(StrengthLine(category="infantry", authorised=850, effective=random_.randint(700, 850)),),
    )


def _window(random_: random.Random, issued: int) -> TimeWindow:
    start = issued + random_.randint(60, 2880) * MINUTE
    return TimeWindow.exact(start, start + random_.choice((30, 60, 120, 240, 720)) * MINUTE)


def _place(random_: random.Random) -> Position:
    return Position(lat=round(2 + random_.uniform(-0.12, 0.12), 6), lon=round(-27 + random_.uniform(-0.12, 0.12), 6))


def _area(random_: random.Random) -> Area:
    at = _place(random_)
    if random_.random() < 0.5:
        return Circle(centre=at, radius_m=random_.choice((200.0, 1000.0, 5000.0)))
    w, s, side = at.lon, at.lat, random_.choice((0.01, 0.05))
    return Polygon(rings=(((w, s), (w + side, s), (w + side, s + side), (w, s + side), (w, s)),))
