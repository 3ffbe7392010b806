"""The evacuation of V2 on virtual time: its mission, its messages as envelopes, a log with alerting at its end."""

from typing import Any

from msgspec.structs import replace

from coordinator.core.mission import Mission
from coordinator.core.step import Logged
from coordinator.demo.vignette import load
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, Reference, UnitRef
from schemas.geo import Position
from schemas.reports import MedevacRequest, PatientDetail, Precedences
from schemas.time import TimeValue, TimeWindow
from tests.support.desk import Desk, z

VIGNETTE = load("v2")
MISSION: Mission = VIGNETTE.mission
ID = "CASEVAC-0314-1"
AIDED = (PatientDetail(label="1", treatment="tourniquet"),)


def at(dtg: str) -> TimeValue:
    """Return a time as somebody wrote it."""
    return TimeValue(utc=z(dtg), raw=f"{dtg}ZMAR27", precision="minute")


def request(**fields: Any) -> MedevacRequest:
    """Return the request of V2, changed in some fields."""
    facts: dict[str, Any] = {
        "pickup": Position(lat=2.14, lon=-26.88), "precedences": Precedences(urgent=1, priority=1),
        "injured_at": at("142008"), "requested_at": at("142012"), "details": AIDED,
    }  # fmt: skip
    return MedevacRequest(**(facts | fields))


def said(body: Message, identity: str, by: str, time: str, *to: str, **fields: Any) -> Envelope:
    """Return a message as its originator sent it at a time."""
    return registry.pack(
        body, id=identity, originator=by, created=at(time), addressees=tuple(Addressee(to=t) for t in to), **fields
    )


def asked(time: str = "142012", *, to: tuple[str, ...] = ("se-hq", "fhq-maoc", "xhu-l2"), **fields: Any) -> Envelope:
    """Return the call of the patrol; ``envelope`` are fields around it."""
    around = fields.pop("envelope", {})
    return said(request(**fields), ID, "xar-batt", time, *to, **around)


def status(state: Any, by: str, time: str, **fields: Any) -> Envelope:
    """Return a word on how far the evacuation is."""
    refs = (Reference(id=ID, originator="xar-batt"),)
    to = fields.pop("to", ("se-hq", "xar-batt"))
    return said(MedevacRequest(state=state), f"{ID}-{state}-{by}-{time}", by, time, *to, references=refs, **fields)


def airtask(start: str = "142022", time: str = "142013", **fields: Any) -> Envelope:
    """Return the order to fly; who performs it may read it, and the id of the request in it."""
    body = Directive(
        directive_kind="taskord", action="medevac", task="helicopter",
        windows=(TimeWindow.exact(z(start), z("142046")),),
        performers=(UnitRef(name="XDR AVN", participant="xdr-avn"),), **fields,
    )  # fmt: skip
    refs = (Reference(id=ID, originator="xar-batt"),)
    return said(body, "AIRTASK-1", "fhq-maoc", time, "xdr-avn", references=refs)


class Ward(Desk):
    """A log with alerting at its end, that takes reports and orders."""

    def __init__(self, mission: Mission = MISSION) -> None:
        super().__init__(mission)

    def say(self, envelope: Envelope, time: str | int = "", *, stamped: bool = True) -> list[Alert]:
        """Let a message be logged, when it was written or at a time."""
        self.until(time or (envelope.created.utc if envelope.created else None) or self.now)
        self.seq += 1
        subject = subjects.record(envelope.kind, envelope.originator)
        body = registry.body(envelope)
        known = replace(envelope, received_at=self.now) if stamped else envelope
        return self._take(Logged(self.seq, subject, f"m-{self.seq}", self.now, known, body))

    def text(self, key: str, *, open_only: bool = True) -> Alert | None:
        """Return the newest card of a text, or None."""
        found = [a for a in self.board.values() if a.text_key == key]
        return next((a for a in found if not open_only or a.work not in ("resolved", "superseded")), None)

    def marks(self) -> dict[str, str]:
        """Return how the marks of the clock stand."""
        [card] = [a for a in self.board.values() if a.alert_kind == "medical" and not a.card]
        return {str(x.args["care"]): str(x.args["reached"]) for x in card.lines if x.text_key == "casevac-mark"}
