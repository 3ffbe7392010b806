"""A log of anything, with release at the end of it and a board and an inbox for each participant."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from coordinator import texts
from coordinator.core.mission import Mission, Participant, Release, Withheld
from coordinator.core.release import Release as ReleaseCore
from coordinator.core.step import Effect, Logged, render
from schemas import registry, subjects
from schemas.acknowledgements import Answer, Receipt, Refusal
from schemas.alerts import Alert, Member, Told
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, Reference, UnitRef
from schemas.findings import Evidence, Finding, Party
from schemas.operations import Config, Presence, Tick
from schemas.time import TimeWindow
from tests.support.desk import z

MISSION = Mission(
    name="unmital",
    participants=(
        Participant(id="fhq-u3", name="FHQ-U3", role="hq"),
        Participant(id="sn-hq", name="SN-HQ", role="hq", superior="fhq-u3"),
        Participant(id="sc-hq", name="SC-HQ", role="hq", superior="fhq-u3"),
        Participant(id="xar-batt", nation="XAR", superior="sn-hq", units=("A Coy XAR-BATT",)),
        Participant(id="xbl-batt", nation="XBL", superior="sc-hq", language="fr"),
        Participant(id="xco-eng", nation="XCO", superior="sc-hq"),
        Participant(id="ocha-cmc", name="OCHA-CMC", role="guest", groups=("humanitarian",)),
    ),
    release=(Release(kind="movement", to="all"), Release(kind="route-state", to="all")),
    withheld=(
        Withheld(field="directive.strength"),
        Withheld(field="directive.vehicles.count"),
        Withheld(field="movement.strength"),
        Withheld(field="movement.vehicles.count"),
        Withheld(field="movement.organisation", to="originator"),
        Withheld(field="movement.drivers", to="originator"),
        Withheld(field="movement.cargo", to="originator"),
    ),
)


class Item(NamedTuple):
    """Something that a participant got."""

    subject: str
    seq: int
    data: bytes

    @property
    def precedence(self) -> str:
        """The precedence in the subject of a delivery."""
        return self.subject.split(".")[2]

    @property
    def envelope(self) -> Envelope:
        """What it is."""
        return registry.envelope(self.data)

    @property
    def body(self) -> Any:
        """What it says."""
        return registry.body(self.envelope)


class Office:
    """Release, and everything that everybody got."""

    def __init__(self, mission: Mission = MISSION) -> None:
        self.core = ReleaseCore(texts.say)
        self.seq, self.now = 0, z("120900")
        self.inbox: dict[str, list[Item]] = {}
        self.board: dict[str, dict[str, Item]] = {}
        self.ids: set[str] = set()
        self.sent: dict[str, list[Item]] = {}  # everything, also what was replaced on a board
        body = Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(mission)))
        self.log(body, subjects.CONFIG)

    def log(self, body: Message, subject: str, at: str = "") -> list[Item]:
        """Log a message of a service."""
        return self.take(registry.pack(body, id=f"{body.KIND}-{self.seq}", originator="coord"), subject, at)

    def take(self, envelope: Envelope, subject: str, at: str = "", name: str = "") -> list[Item]:
        """Log an envelope; return what went out because of it, in order."""
        name = name or f"{envelope.originator}/{envelope.key}/{self.seq}"  # as intake names records
        self.seq, self.now = self.seq + 1, z(at) if at else self.now
        envelope = registry.envelope(registry.encode(envelope))
        try:
            body = registry.body(envelope)
        except registry.UnknownKind:
            body = Message()
        logged = Logged(self.seq, subject, name, self.now, envelope, body)
        return self._publish(self.core.handle(logged))

    def _publish(self, effects: Sequence[Effect]) -> list[Item]:
        items = []
        for effect in effects:
            identity, data = render(effect, "release", self.now)
            assert identity not in self.ids
            self.ids.add(identity)
            parsed = subjects.parse(effect.subject)
            items.append(item := Item(effect.subject, effect.log_seq, data))
            self.sent.setdefault(parsed.participant, []).append(item)
            if parsed.family == "to":
                self.inbox.setdefault(parsed.participant, []).append(item)
            else:
                assert parsed.family == "board"
                self.board.setdefault(parsed.participant, {})[effect.subject] = item
        return items

    # -- what is logged -----------------------------------------------------------------------------------------------

    def record(self, body: Message, identity: str, by: str, at: str = "", **fields: Any) -> list[Item]:
        """Log a participant's message; ``to`` lists action addressees, ``info`` the others."""
        to = [Addressee(to=p) for p in fields.pop("to", ())] + [
            Addressee(to=p, role="info") for p in fields.pop("info", ())
        ]
        envelope = registry.pack(body, id=identity, originator=by, addressees=tuple(to), **fields)
        return self.take(envelope, subjects.record(envelope.kind, by), at)

    def receipt(self, to: str, *inputs: str, batch: str = "") -> list[Item]:
        """Log a receipt."""
        answers = tuple(Answer(input=i, ids=(f"{i}-id:1",)) for i in inputs)
        return self.log(Receipt(answers=answers, batch=batch), subjects.record("receipt", to))

    def refuse(self, to: str, input_id: str) -> list[Item]:
        """Log a refusal."""
        return self.log(Refusal(input=input_id, path="line 3", why="no time"), subjects.refusal(to))

    def find(self, finding: Finding, at: str = "") -> list[Item]:
        """Log a finding."""
        return self.log(finding, subjects.finding(finding.finding_kind, subjects.opaque(finding.id)), at)

    def alert(self, alert: Alert, at: str = "") -> list[Item]:
        """Log a card."""
        return self.log(alert, subjects.alert(subjects.opaque(alert.id)), at)

    def presence(self, participant: str, state: Any, at: str = "") -> list[Item]:
        """Log that a participant was lost or regained."""
        body = Presence(participant=participant, state=state, at=self.now)
        return self.log(body, subjects.presence(participant), at)

    def wake(self) -> None:
        """Let the next timer ring."""
        due = self.core.next_wake()
        assert due is not None
        self.seq, self.now = self.seq + 1, max(due, self.now)
        tick = Tick(service="release", due=due)
        envelope = registry.pack(tick, id="tick", originator="coord")
        self._publish(
            self.core.wake(self.now, Logged(self.seq, subjects.tick("release"), "t", self.now, envelope, tick))
        )
        after = self.core.next_wake()
        assert after is None or after > self.now

    # -- what they got ------------------------------------------------------------------------------------------------

    def on_board(self, participant: str, kind: str, identity: str) -> Item | None:
        """Return what stands on a board."""
        return self.board.get(participant, {}).get(subjects.board(participant, kind, identity))

    def got(self, participant: str) -> bytes:
        """Return every byte that a participant got, subjects included."""
        return b"\n".join(i.subject.encode() + b" " + i.data for i in self.sent.get(participant, ()))


def make_finding(identity: str, *parties: Party, told: tuple[str, ...], **changes: Any) -> Finding:
    """Return an open finding at KESSA."""
    facts: dict[str, Any] = {
        "finding_kind": "incompatible-activities",
        "severity": "HIGH",
        "certainty": "definite",
        "state": "open",
        "evidence": Evidence(place="KESSA", overlap=TimeWindow.exact(z("141000"), z("141045")), rule="closure/use"),
        "arbiter": "fhq-u3",
    }
    return Finding(id=identity, parties=parties, told=told, **(facts | changes))


def make_card(identity: str, *members: Finding, told: tuple[str, ...], **changes: Any) -> Alert:
    """Return a raised card of these findings."""
    facts: dict[str, Any] = {
        "alert_kind": "conflict",
        "rev": 1,
        "material_rev": 1,
        "severity": "Severe",
        "urgency": "Future",
        "certainty": "Likely",
        "arbiter": "fhq-u3",
        "place": "KESSA",
        "event_from": z("141000"),
        "event_to": z("141300"),
        "told": tuple(Told(participant=p, since=0) for p in told),
        "members": tuple(
            Member(finding=f.id, finding_kind=f.finding_kind, severity=f.severity, state=f.state) for f in members
        ),
    }
    return Alert(id=identity, **(facts | changes))


def unit(participant: str) -> UnitRef:
    """Return a unit that belongs to a participant."""
    return UnitRef(id=participant, participant=participant)


def ref(identity: str) -> Reference:
    """Return a reference to whatever revision is current."""
    return Reference(id=identity)


def order(**fields: Any) -> Directive:
    """Return a FRAGO."""
    return Directive(directive_kind="frago", **fields)


def to(items: list[Any]) -> set[str]:
    """Return who got something into its inbox."""
    return {i.subject.split(".")[1] for i in items if i.subject.startswith("to.")}
