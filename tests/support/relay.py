"""Deconfliction, alerting and release one behind the other, on virtual time: what everybody gets of what is logged."""

import msgspec

from coordinator.core.alerting import Alerting
from coordinator.core.deconfliction import Engine
from coordinator.core.mission import Mission
from coordinator.core.step import Effect, Logged, render
from coordinator.services.judge import message_id
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.operations import Config, Presence, Tick
from tests.support.released import Office


class Relay:
    """A log that three folds read. Names follow from content, so that nothing depends on what else is logged."""

    def __init__(self, mission: Mission) -> None:
        self.office = Office(mission)
        self.engine, self.alerting = Engine(), Alerting()
        self.findings: list[Finding] = []  # as logged
        self.alerts: list[Alert] = []
        self.now, self.seq = 0, 0
        body = Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(mission)))
        logged = self._logged(registry.pack(body, id="config", originator="coord"), subjects.CONFIG, "config")
        self._after(logged)

    def said(self, envelope: Envelope, at: int | None = None) -> None:
        """Log a participant's message, when it was written unless told otherwise; first whatever is due before."""
        written = envelope.created.utc if envelope.created else None
        when = at if at is not None else written
        assert when is not None
        self.until(when)
        subject = subjects.record(envelope.kind, envelope.originator)
        self._log(envelope, subject, message_id(envelope))

    def presence(self, participant: str, state: str, at: int) -> None:
        """Log that a participant was lost or regained."""
        self.until(at)
        body = Presence(participant=participant, state=state, at=at)  # type: ignore[arg-type]
        envelope = registry.pack(body, id=f"{participant}-{state}-{at}", originator="coord")
        self._log(envelope, subjects.presence(participant), envelope.id)

    def until(self, at: int) -> None:
        """Let every timer up to a time ring."""
        while True:
            due = [(w, n) for n, c in (("deconfliction", self.engine), ("alerting", self.alerting))
                   if (w := c.next_wake()) is not None and w <= at]  # fmt: skip
            if not due:
                break
            when, name = min(due)
            self.now = max(self.now, when)
            body = Tick(service=name, due=when)
            self._log(
                registry.pack(body, id=f"tick-{name}-{when}", originator="coord"), subjects.tick(name), f"{name} {when}"
            )
        self.now = max(self.now, at)

    def _log(self, envelope: Envelope, subject: str, name: str) -> None:
        self.office.now = self.now
        if not subject.startswith("tick"):
            self.office.take(envelope, subject, name=name)
        self._after(self._logged(envelope, subject, name))

    def _logged(self, envelope: Envelope, subject: str, name: str) -> Logged:
        self.seq += 1
        read = registry.envelope(registry.encode(envelope))
        return Logged(self.seq, subject, name, self.now, read, registry.body(read))

    def _after(self, logged: Logged) -> None:
        for effect in self.engine.handle(logged):
            self._effect(effect, "deconfliction", self.findings)
        if logged.envelope.kind in ("action", "presence", "config", "tick"):
            for effect in self.alerting.handle(logged):
                self._effect(effect, "alerting", self.alerts)

    def _effect(self, effect: Effect, service: str, kept: list[Message]) -> None:  # type: ignore[type-var,unused-ignore]
        identity, data = render(effect, service, self.now)
        kept.append(effect.body)
        envelope = registry.envelope(data)
        self.office.now = self.now
        self.office.take(envelope, effect.subject, name=identity)
        if service == "deconfliction":
            logged = Logged(self.seq, effect.subject, identity, self.now, envelope, registry.body(envelope))
            for follows in self.alerting.handle(logged):
                self._effect(follows, "alerting", self.alerts)
