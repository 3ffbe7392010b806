"""A card as one reader may know it.

Its members are the findings that concern the reader, each as `tearline` shows it; a member that concerns others is not
there. If the reader knows all of it, the card is as alerting wrote it; else severity, place and time come from the
members that are left. Whoever it may not know of is in no list.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from coordinator.core.mission import Mission
from coordinator.core.tearline import Sight, Tearline
from schemas.alerts import CAP_SEVERITY, Alert, CapSeverity, Member, Shelved, Told
from schemas.findings import SEVERITIES, Evidence, Finding
from schemas.time import TimeWindow

OVER: Final = frozenset({"resolved", "cancelled", "superseded"})
NEXT: Final[dict[str, str]] = {
    "raised": "next-acknowledge",
    "acknowledged": "next-settle",
    "in-progress": "next-settle",
}
"""What to do next, by the state of the work; for a card that is over, nothing."""

NOTICES: Final = frozenset(
    {
        "late-acknowledgement-call", "not-accepted-stale", "not-accepted-merged", "not-accepted-settled",
        "not-accepted-unknown", "not-accepted-unsupported",
    }
)  # fmt: skip
"""Headlines that a notice may ask for; another is called by its kind."""


class Shown(msgspec.Struct, frozen=True):
    """A finding as it is now, and everybody it was ever shown to: they see its end too."""

    finding: Finding
    readers: frozenset[str]


class Face(NamedTuple):
    """One reader's card. A member is the finding, what is shown of it, and how much of it may be known."""

    alert: Alert
    members: tuple[tuple[Finding, Finding, Sight], ...]
    reader: str
    full: bool
    known: frozenset[str]


class Faces:
    """Renders cards for readers. ``findings`` are the newest by id; operators are told of every finding."""

    def __init__(self, tearline: Tearline, findings: Mapping[str, Shown]) -> None:
        self.tearline, self.findings = tearline, findings
        self.mission: Mission = tearline.mission

    def card(self, alert: Alert, reader: str) -> Alert:
        """Return a card as a reader may know it, with its texts."""
        face = self._face(alert, reader)
        shown = self._whole(face) if face.full else self._part(face)
        return msgspec.structs.replace(
            shown, headline=self._headline(shown, face), next_step=self._next_step(shown, face)
        )

    def known(self, alert: Alert, reader: str) -> frozenset[str]:
        """Return the participants that a reader of a card may know of."""
        return self._face(alert, reader).known

    def _face(self, alert: Alert, reader: str) -> Face:
        members = []
        for member in alert.members:
            known = self.findings.get(member.finding)
            if known is not None and reader in known.readers:
                sight = self.tearline.sight(known.finding, reader)
                members.append((known.finding, self.tearline.finding(known.finding, sight), sight))
        full = len(members) == len(alert.members) and all(sight.full for *_, sight in members)
        names = frozenset({reader, alert.arbiter, alert.about, *self.mission.superiors(reader)})
        return Face(alert, tuple(members), reader, full, names.union(*(s.known for *_, s in members)) - {""})

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _whole(self, face: Face) -> Alert:
        alert = face.alert
        return msgspec.structs.replace(
            alert,
            members=_members(face),
            told=_told(face),
            parties=self._parties(face),
            owner=_one(alert.owner, face),
            only=None if alert.only is None else tuple(p for p in alert.only if p in face.known),
            shelved=_shelved(face),
            why=self.tearline.why(alert.why, face.reader, face.known),
        )

    def _part(self, face: Face) -> Alert:
        """Build a card from what may be known; nothing is copied that is not named here."""
        alert = face.alert
        evidence = [shown.evidence for _, shown, _ in face.members]
        placed = next((e for e in evidence if e.place), Evidence())
        starts = [e.overlap.start_earliest for e in evidence if e.overlap and e.overlap.start_earliest is not None]
        ends = [e.overlap.end_latest for e in evidence if e.overlap and e.overlap.end_latest is not None]
        return Alert(
            id=alert.id,
            alert_kind=alert.alert_kind,
            rev=alert.rev,
            material_rev=alert.material_rev,
            severity=_severity(face),
            urgency=alert.urgency,
            certainty=alert.certainty,
            work=alert.work,
            escalation=alert.escalation,
            shelved=_shelved(face),
            members=_members(face),
            parties=self._parties(face),
            told=_told(face),
            owner=_one(alert.owner, face),
            arbiter=alert.arbiter,
            place=placed.place,
            at=placed.at,
            event_from=min(starts, default=None),
            event_to=max(ends, default=None),
            raised_at=alert.raised_at,
            changed_at=alert.changed_at,
            merged_into=alert.merged_into,
            about=alert.about,
            card=alert.card,
            text_key=alert.text_key,
        )

    def _parties(self, face: Face) -> tuple[str, ...]:
        """Return the parties that a reader may know, whether the card names participants or messages."""
        ids = {name for *_, sight in face.members for p in sight.parties for name in (p.id, f"{p.id}:{p.revision}")}
        return tuple(p for p in face.alert.parties if p in ids or p in face.known)

    # -- what is said -------------------------------------------------------------------------------------------------

    def _headline(self, shown: Alert, face: Face) -> str:
        window = TimeWindow(start_earliest=shown.event_from, end_latest=shown.event_to)
        scene = self.tearline.scene(shown.place, window, face.reader)
        about = self.tearline.name(shown.about) if shown.about else ""
        if shown.alert_kind != "conflict":
            key = shown.text_key if shown.text_key in NOTICES else f"card-{shown.alert_kind}"
            count, severity = shown.undelivered, shown.undelivered_severity
            return self._say(key, face.reader, about=about, scene=scene, count=count, severity=severity)
        ids = [p.id for *_, sight in face.members for p in sight.parties]
        parties = self.tearline.listed(ids, face.reader)
        return self._say(_conflict_key(face), face.reader, parties=parties, scene=scene)

    def _next_step(self, shown: Alert, face: Face) -> str:
        names = sorted({self.tearline.name(n) for _, finding, _ in face.members for n in finding.waits_for})
        arbiter = self.tearline.name(shown.arbiter) if shown.arbiter else ""
        settled = bool(face.members) and all(
            f.state in ("resolved-if-acknowledged", "closed", "waived") for f, *_ in face.members
        )
        key = NEXT.get(shown.work, "next-nothing")
        if key != "next-nothing" and settled:
            key = "next-wait-for" if names else "next-wait"
        elif key == "next-acknowledge" and _has_acknowledged(shown, self.mission.stands_for(face.reader)):
            key = "next-others"
        waits = self.tearline.listed(names, face.reader) if names else ""
        known = "own" if shown.arbiter == self.mission.stands_for(face.reader) else "yes" if arbiter else "no"
        return self._say(key, face.reader, arbiter=arbiter or "-", known=known, names=waits)

    def _say(self, key: str, reader: str, **args: str | int) -> str:
        known = self.mission.by_id.get(reader)
        return self.tearline.say(key, known.language if known else "en", **args)


def _has_acknowledged(shown: Alert, reader: str) -> bool:
    return any(t.participant == reader and t.acknowledged_at is not None for t in shown.told)


def _conflict_key(face: Face) -> str:
    if face.full and face.members:
        return "card-conflict"
    return "card-affected" if any(sight.parties for *_, sight in face.members) else "card-torn"


def _members(face: Face) -> tuple[Member, ...]:
    return tuple(
        Member(
            finding=shown.id,
            finding_kind=shown.finding_kind,
            severity=shown.severity,
            state=shown.state,
            sentence=shown.sentence,
        )
        for _, shown, _ in face.members
    )


def _severity(face: Face) -> CapSeverity:
    """Return the worst of what the reader may know; the card's own if it knows of no finding."""
    live = [f.severity for f, *_ in face.members if f.state != "closed"]
    severities = live or [f.severity for f, *_ in face.members]
    if not severities:
        return face.alert.severity
    return CAP_SEVERITY.get(min(severities, key=SEVERITIES.index), "Minor")


def _told(face: Face) -> tuple[Told, ...]:
    return tuple(t for t in face.alert.told if t.participant in face.known)


def _shelved(face: Face) -> Shelved | None:
    """Return who put the card aside and until when; the reason is free text, for those who know all of the card."""
    shelved = face.alert.shelved
    if shelved is None or (face.full and shelved.by in face.known):
        return shelved
    return Shelved(until=shelved.until, by=_one(shelved.by, face), why="")


def _one(participant: str, face: Face) -> str:
    return participant if participant in face.known else ""
