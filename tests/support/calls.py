"""Calls for help on virtual time: a log of participants' messages with alerting at its end."""

from typing import Any

from coordinator.core.mission import Mission, Participant
from coordinator.core.occasions.requests import Requests
from coordinator.core.orders.requests import Request
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, UnitRef
from schemas.label import Label
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.reports import Observation
from schemas.time import TimeValue
from tests.support.desk import Desk
from tests.support.v1 import ref, z

FIVE = ("xbl-batt", "xco-eng", "xga-fpu", "xes-batt", "xfa-batt")
MISSION = Mission(
    name="calls",
    participants=(
        Participant(id="fhq-u3", role="hq"),
        Participant(id="joc", role="desk", superior="fhq-u3"),
        Participant(id="sn-hq", role="hq", superior="fhq-u3"),
        Participant(id="sc-hq", role="hq", superior="fhq-u3"),
        Participant(id="xar-batt", nation="XAR", superior="sn-hq"),
        *(Participant(id=p, nation=p[:3].upper(), superior="sc-hq") for p in FIVE),
        Participant(id="ocha-cmc", role="guest", groups=("humanitarian",)),
    ),
)
ASK = LiaisonRequest(request_kind="assistance", subject="Rescue at the compound")


class Line(Desk):
    """Alerting behind a log of calls for help. Messages are logged when they are issued."""

    def __init__(self, mission: Mission = MISSION) -> None:
        super().__init__(mission)
        self.mission = mission

    def take(self, envelope: Envelope, late: int = 0) -> list[Alert]:  # type: ignore[override]  # messages, no findings
        """Let a message be logged, ``late`` microseconds behind its issue; first everything that falls due before."""
        at = (envelope.created.utc or 0) + late if envelope.created else self.now
        self.until(max(at, self.now))
        self.seq += 1
        subject = subjects.record(envelope.kind, envelope.originator)
        body = registry.body(envelope)
        return self._take(Logged(self.seq, subject, f"{envelope.key}-{self.seq}", self.now, envelope, body))

    @property
    def requests(self) -> Requests:
        """The source, as it is in alerting."""
        found = self.core.source(Requests.NAME)
        assert isinstance(found, Requests)
        return found

    @property
    def call(self) -> Alert:
        """The one card about a request that is open."""
        (card,) = self.of_kind("request")
        return card

    def seen(self, reader: str, identity: str = "R-1") -> Request:
        """Return a request as somebody may know it."""
        (found,) = self.requests.known_to(reader, [identity])
        return found.request

    def owes(self) -> dict[str, bool]:
        """Return who was told of the open card, and whether its clock runs."""
        return {t.participant: t.due is not None for t in self.call.told}


def line(*messages: Envelope, until: str = "", mission: Mission = MISSION) -> Line:
    """Return a log of messages, at a time."""
    desk = Line(mission)
    for message in messages:
        desk.take(message)
    if until:
        desk.until(until)
    return desk


def said(body: Message, identity: str, by: str, at: str, **fields: Any) -> Envelope:
    """Return a message of a participant; ``to`` lists action addressees, ``only`` is its label."""
    to = tuple(Addressee(to=p) for p in fields.pop("to", ()))
    if "only" in fields:
        fields["label"] = Label(releasable_to=fields.pop("only"))
    created = TimeValue(utc=z(at), raw=f"{at}ZMAR27")
    return registry.pack(body, id=identity, originator=by, created=created, addressees=to, **fields)


def ask(
    at: str = "140400", to: tuple[str, ...] = ("xbl-batt", "xco-eng"), body: LiaisonRequest = ASK, **f: Any
) -> Envelope:
    """Return a call for help by XAR-BATT."""
    return said(body, "R-1", f.pop("by", "xar-batt"), at, to=to, **f)


def answer(by: str, decision: Any, at: str, **fields: Any) -> Envelope:
    """Return an answer to it; fields of the envelope are ``only``, ``to``, ``in_reply_to`` and ``status``."""
    outer = {k: fields.pop(k) for k in ("only", "to", "in_reply_to") if k in fields}
    body = LiaisonResponse(request=ref("R-1"), decision=decision, **fields)
    return said(body, f"r-{by}-{at}-{decision}", by, at, **outer)


def order(by: str, who: str, at: str) -> Envelope:
    """Return an order that is given for it."""
    body = Directive(directive_kind="frago", action="secure", performers=(UnitRef(participant=who),))
    return said(body, "O-1", by, at, in_reply_to=ref("R-1"))


def moving(by: str, at: str, about: str = "O-1") -> Envelope:
    """Return the report of a unit on the way."""
    return said(Observation(about=about), f"o-{by}-{at}", by, at)


def wilco(by: str, at: str, of: str = "O-1") -> Envelope:
    """Return a WILCO to its order."""
    return said(Acknowledgement(of=ref(of), step="wilco"), f"a-{by}-{at}", by, at)
