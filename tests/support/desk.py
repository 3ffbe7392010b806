"""A log of findings, presence and actions on virtual time, with alerting at the end of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from coordinator.core.alerting import Alerting
from coordinator.core.mission import Mission, Participant
from coordinator.core.step import Effect, Logged, render
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert
from schemas.base import Message
from schemas.findings import Evidence, Finding, Party
from schemas.operations import Config, Presence, Tick
from schemas.time import TimeWindow

MINUTE = 60_000_000
HOUR = 60 * MINUTE
KESSA = (-27.0, 2.0)

MISSION = Mission(
    name="unmital",
    participants=(
        Participant(id="fhq-u3", role="desk"),
        Participant(id="sn-hq", role="hq", superior="fhq-u3"),
        Participant(id="sc-hq", role="hq", superior="fhq-u3"),
        Participant(id="xar-batt", superior="sn-hq", watched=True),
        Participant(id="xbl-batt", superior="sc-hq", watched=True),
        Participant(id="ocha-cmc", role="guest", superior="fhq-u3"),
    ),
)


def z(dtg: str) -> int:
    """Return a day and time of March 2027, as ``140405``."""
    at = datetime(2027, 3, int(dtg[:2]), int(dtg[2:4]), int(dtg[4:6]), tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000


def make_finding(identity: str, **changes: Any) -> Finding:
    """Return a finding between two orders at KESSA bridge, told to both battalions and their arbiter."""
    facts: dict[str, Any] = {
        "finding_kind": "incompatible-activities",
        "severity": "HIGH",
        "certainty": "definite",
        "state": "open",
        "parties": (Party(id=f"{identity}-a", issuer="sn-hq"), Party(id=f"{identity}-b", issuer="sc-hq")),
        "evidence": make_evidence(),
        "arbiter": "fhq-u3",
        "told": ("sn-hq", "xar-batt", "xbl-batt", "fhq-u3"),
        "first_at": z("140405"),
        "at": z("140405"),
    }
    return Finding(id=identity, **(facts | changes))


def make_evidence(
    start: str = "141000", end: str = "141045", at: tuple[float, float] | None = KESSA, **more: Any
) -> Evidence:
    """Return evidence of an overlap at a place."""
    return Evidence(place="KESSA", at=at, overlap=TimeWindow.exact(z(start), z(end)), **more)


class Desk:
    """Alerting, and everything that was logged and published."""

    def __init__(self, mission: Mission = MISSION) -> None:
        self.core = Alerting(mission)
        self.now = 0
        self.seq = 0
        self.published: list[Alert] = []
        self.ids: list[str] = []

    def logged(self, body: Message, subject: str, by: str = "coord", identity: str = "") -> Logged:
        """Return a message as it stands in the log next."""
        self.seq += 1
        identity = identity or f"{body.KIND}-{self.seq}"
        return Logged(self.seq, subject, identity, self.now, registry.pack(body, id=identity, originator=by), body)

    def finding(self, at: str | int, finding: Finding) -> list[Alert]:
        """Let a finding be logged; first everything that falls due before it."""
        self.until(at)
        return self.take(msgspec.structs.replace(finding, at=self.now))

    def take(self, finding: Finding) -> list[Alert]:
        """Let a finding be logged just as it is."""
        return self._take(self.logged(finding, subjects.finding(finding.finding_kind, subjects.opaque(finding.id))))

    def presence(self, at: str | int, participant: str, state: Any, since: str = "") -> list[Alert]:
        """Let a participant be lost or regained."""
        self.until(at)
        return self.contact(participant, state, z(since) if since else self.now)

    def contact(self, participant: str, state: Any, at: int) -> list[Alert]:
        """Let contact be lost or regained, and logged before any timer that is due."""
        body = Presence(participant=participant, state=state, at=at)
        return self._take(self.logged(body, subjects.presence(participant)))

    def act(
        self, at: str | int, by: str, alert: Alert, verb: Any = "acknowledge", seen: int = 0, **more: Any
    ) -> list[Alert]:
        """Let an officer do something with a card, as he last saw it."""
        self.until(at)
        body = Action(alert=alert.id, verb=verb, seen_rev=seen or alert.rev, **more)
        return self._take(self.logged(body, subjects.record("action", by), by, f"act-{self.seq}"))

    def config(self, mission: Mission) -> list[Alert]:
        """Let another mission be announced."""
        body = Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(mission)))
        return self._take(self.logged(body, subjects.CONFIG))

    def until(self, at: str | int) -> list[Alert]:
        """Let time pass, and every timer that falls due ring."""
        when = z(at) if isinstance(at, str) else at
        before = len(self.published)
        while (due := self.core.next_wake()) is not None and due <= when:
            self.now = max(self.now, due)
            tick = self.logged(Tick(service="alerting", due=due), subjects.tick("alerting"))
            self._publish(self.core.wake(self.now, tick), self.now)
            following = self.core.next_wake()
            assert following is None or following > self.now
        self.now = max(self.now, when)
        return self.published[before:]

    def _take(self, message: Logged) -> list[Alert]:
        before = len(self.published)
        self._publish(self.core.handle(message), message.at)
        return self.published[before:]

    def _publish(self, effects: Sequence[Effect], now: int) -> None:
        for effect in effects:
            assert isinstance(effect.body, Alert)
            assert effect.subject == subjects.alert(effect.body.id)
            self.published.append(effect.body)
            self.ids.append(render(effect, "alerting", now)[0])

    # -- what stands on the board -------------------------------------------------------------------------------------

    @property
    def board(self) -> dict[str, Alert]:
        """The newest of each alert."""
        return {a.id: a for a in self.published}

    def of_kind(self, kind: str, *, open_only: bool = True) -> list[Alert]:
        """Return the alerts of a kind, as they are now."""
        over = ("resolved", "superseded")
        return [a for a in self.board.values() if a.alert_kind == kind and not (open_only and a.work in over)]

    @property
    def card(self) -> Alert:
        """The one conflict card that is open."""
        (card,) = self.of_kind("conflict")
        return card

    def told(self, participant: str) -> Any:
        """Return what the open card says of a participant."""
        return next(t for t in self.card.told if t.participant == participant)

    def restart(self) -> None:
        """Kill alerting and start it again from a snapshot."""
        snapshot = self.core.snapshot()
        self.core = Alerting()
        self.core.restore(snapshot)
