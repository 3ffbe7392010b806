"""A card as one reader may know it.

Its members are the findings that concern the reader, each as `tearline` shows it; a member that concerns others is not
there. If the reader knows all of it, the card is as alerting wrote it; else severity, place and time come from the
members that are left. Whoever it may not know of is in no list.

A card of more findings than a card lists is shown to everybody by the findings that matter most of those it knows, and
the exact number of the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from heapq import nsmallest
from typing import Final, NamedTuple

import msgspec

from coordinator.core.deconfliction.words import dtg
from coordinator.core.handling import faces as handling
from coordinator.core.mission import Mission
from coordinator.core.tally import LISTED, rest, turn
from coordinator.core.tearline import Sight, Tearline
from schemas.alerts import CAP_SEVERITY, Alert, CapSeverity, Line, Member, Rest, Told
from schemas.findings import SEVERITIES, Evidence, Finding
from schemas.time import TimeWindow

OVER: Final = frozenset({"resolved", "cancelled", "superseded"})
NEXT: Final[dict[str, str]] = {
    "raised": "next-acknowledge",
    "acknowledged": "next-settle",
    "in-progress": "next-settle",
}
"""What to do next, by the state of the work; for a card that is over, nothing."""

EARLIER: Final = {"": "card-{kind}", "contact-lost": "card-contact-lost"}
"""Headlines of cards in logs of earlier releases, by what they ask for."""


LOOKED_AT: Final = 256  # findings of a crowd that say whom a reader may know of


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
    rest: Rest | None = None  # findings that the reader knows of beside the members


class Faces:
    """Renders cards for readers. ``findings`` are the newest by id; operators are told of every finding.

    ``crowds`` are all findings of the cards that do not list them all.
    """

    def __init__(self, tearline: Tearline, findings: Mapping[str, Shown], crowds: Mapping[str, Set[str]]) -> None:
        self.tearline, self.findings, self.crowds = tearline, findings, crowds
        self.mission: Mission = tearline.mission

    def card(self, alert: Alert, reader: str) -> Alert:
        """Return a card as a reader may know it, with its texts."""
        face = self._face(alert, reader)
        shown = self._whole(face) if face.full else self._part(face)
        return msgspec.structs.replace(
            shown, headline=self._headline(shown, face), next_step=self._next_step(shown, face)
        )

    def knows(self, alert: Alert, reader: str, named: Iterable[str]) -> bool:
        """Say whether a reader of a card may know of all of some participants."""
        sight = self._sight(self._face(alert, reader))
        return all(sight.one(participant) == participant for participant in named)

    def _face(self, alert: Alert, reader: str) -> Face:
        look, listed = self.tearline.sight, [m.finding for m in alert.members]
        known = self._known(listed, reader)
        full, left, others = len(known) == len(listed), None, list[Sight]()
        if alert.rest is not None:
            everything = self._known(self.crowds.get(alert.id, ()), reader)
            first = nsmallest(LOOKED_AT, everything, key=turn)
            known, full = sorted(first[:LISTED], key=lambda f: f.id), False
            left = _rest(everything, known)
            others = [look(f, reader) for f in first[LISTED:]]
        members = [(f, self.tearline.finding(f, sight), sight) for f in known for sight in (look(f, reader),)]
        sights = [sight for *_, sight in members]
        full = full and all(sight.full for sight in sights)
        names = frozenset({reader, alert.arbiter, alert.about, *self.mission.superiors(reader)})
        return Face(
            alert, tuple(members), reader, full, names.union(*(s.known for s in (*sights, *others))) - {""}, left
        )

    def _known(self, among: Iterable[str], reader: str) -> list[Finding]:
        """Return those of some findings that a reader was ever shown."""
        found = (self.findings.get(i) for i in among)
        return [shown.finding for shown in found if shown and reader in shown.readers]

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _whole(self, face: Face) -> Alert:
        alert = face.alert
        return msgspec.structs.replace(
            alert,
            members=_members(face),
            told=self._told(face),
            parties=self._parties(face),
            owner=self._sight(face).one(alert.owner),
            only=None if alert.only is None else tuple(p for p in alert.only if p in face.known),
            **handling.handled(alert, self._sight(face)),
            grouped=self._grouped(face),
            lines=self._lines(face),
            children=_children(face),
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
            **handling.handled(alert, self._sight(face)),
            grouped=self._grouped(face),
            members=_members(face),
            rest=face.rest,
            parties=self._parties(face),
            told=self._told(face),
            owner=self._sight(face).one(alert.owner),
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

    def _sight(self, face: Face) -> handling.Sight:
        return handling.Sight(face.reader, face.known, face.full, self.mission)

    def _told(self, face: Face) -> tuple[Told, ...]:
        return tuple(handling.told(t, self._sight(face)) for t in face.alert.told if t.participant in face.known)

    def _grouped(self, face: Face) -> dict[str, str]:
        """Return the group in which the reader, or whom it acts for, got the card; those of others are not for it."""
        own = {face.reader, self.mission.stands_for(face.reader)}
        return {p: group for p, group in face.alert.grouped.items() if p in own}

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
            key = EARLIER.get(shown.text_key, shown.text_key).format(kind=shown.alert_kind)
            count, severity = shown.undelivered, shown.undelivered_severity
            common: dict[str, str | int] = {"about": about, "scene": scene, "count": count, "severity": severity}
            return self._say(key, face.reader, **(common | self._words(shown.args, face.reader)))
        if face.rest:
            return self._say("card-crowd", face.reader, scene=scene, count=len(face.members) + face.rest.count)
        ids = [p.id for *_, sight in face.members for p in sight.parties]
        parties = self.tearline.listed(ids, face.reader)
        return self._say(_conflict_key(face), face.reader, parties=parties, scene=scene)

    def _lines(self, face: Face) -> tuple[Line, ...]:
        """Return what stands below the headline, as far as it is for the reader, in its words."""
        return tuple(
            msgspec.structs.replace(line, text=self._line(line, face.reader), only=None) for line in _legible(face)
        )

    def _line(self, line: Line, reader: str) -> str:
        text = self._say(line.text_key, reader, **self._words(line.args, reader))
        if line.valid_at is None:
            return text
        return self._say("line-valid", reader, text=text, valid=self._say("valid-as-of", reader, at=dtg(line.valid_at)))

    def _words(self, args: Mapping[str, str | int], reader: str) -> dict[str, str | int]:
        """Return the values of an occasion's texts in words: participants by name, instants as date-time groups."""
        return {name: self._word(name, value, reader) for name, value in args.items()}

    def _word(self, name: str, value: str | int, reader: str) -> str | int:
        if isinstance(value, int):
            return dtg(value) if name.endswith("_at") else value
        if name.startswith("whom"):
            return self.tearline.listed(map(self.tearline.name, value.split()), reader)
        return self.tearline.name(value) if name.startswith("who") and value else value

    def _next_step(self, shown: Alert, face: Face) -> str:
        done = handling.next_step(shown, face.reader, self.mission.stands_for(face.reader))
        if done and shown.work not in OVER:
            return self._say(done.key, face.reader, **self._words(done.args, face.reader))
        if shown.next_key and shown.work == "raised":
            return self._say(shown.next_key, face.reader, **self._words(shown.args, face.reader))
        names = sorted({self.tearline.name(n) for _, finding, _ in face.members for n in finding.waits_for})
        arbiter = self.tearline.name(shown.arbiter) if shown.arbiter else ""
        states = {f.state for f, *_ in face.members} | (face.rest.states.keys() if face.rest else set())
        settled = bool(states) and states <= {"resolved-if-acknowledged", "closed", "waived"}
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
        misread = all(finding.evidence.rule == "read-back" for finding, *_ in face.members)
        return "card-misread" if misread and not face.rest else "card-conflict"
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


def _rest(known: list[Finding], listed: list[Finding]) -> Rest | None:
    """Return the exact counts of what is known and not listed."""
    return rest(Counter((f.state, f.severity) for f in known) - Counter((f.state, f.severity) for f in listed))


def _legible(face: Face) -> list[Line]:
    """Return the lines of a card that a reader may read."""
    return [line for line in face.alert.lines if line.only is None or face.reader in line.only]


def _children(face: Face) -> tuple[str, ...]:
    """Return the cards that a card covers and that the reader is told of: by lines, if they have some."""
    named = {line.card for line in _legible(face) if line.card}
    covered = {line.card for line in face.alert.lines if line.card}
    return tuple(c for c in face.alert.children if c in named or c not in covered)
