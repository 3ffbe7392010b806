"""A finding as one reader may know it: the whole, or the effect without the cause.

A finding inherits its strictest input. A reader that may see every message it rests on, and in them every field that
evidence is drawn from, gets it as it is. Any other gets one built anew from what it may know: its kind says no more
than that activities clash or a task cannot be done as it stands; parties that the reader may not see become a single
neutral one; of the evidence only where and when remain, and only if the reader knows a party's place and time. What
is left out leaves no count. The bus names the arbiter, never who must give way.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from coordinator.core.deconfliction.phrases import Say
from coordinator.core.deconfliction.windows import CALENDAR
from coordinator.core.mission import Mission
from coordinator.core.recall import Kept, Records
from coordinator.core.redact import Path, plain
from coordinator.core.telling import Teller
from schemas.findings import Evidence, Finding, FindingKind, Option, Party
from schemas.time import TimeWindow

WHO: Final[tuple[Path, ...]] = (("performers",), ("supporting",))
WHEN: Final[tuple[Path, ...]] = (("windows",),)
WHERE: Final[tuple[Path, ...]] = (("area",), ("route",), ("position",), ("footprint",), ("section",))

NO_EVIDENCE: Final[frozenset[Path]] = frozenset(
    {
        ("strength",), ("organisation",), ("drivers",), ("cargo",), ("contact",), ("purpose",), ("constraints",),
        ("remarks",), ("vehicles", "count"), ("serial",), ("plan_ref",), ("text",), ("condition",),
    }
)  # fmt: skip
"""Fields that no finding draws on. Any other closed field closes the evidence: better too little than too much."""

TORN_KIND: Final[dict[FindingKind, FindingKind]] = {
    "caveat": "infeasible", "mandate": "infeasible", "authority": "infeasible", "command-fork": "infeasible",
    "prohibited-zone": "infeasible", "restricted-zone": "infeasible", "stale-order": "infeasible",
    "infeasible": "infeasible", "undecidable": "infeasible",
    "task-deviation": "broken-dependency", "broken-dependency": "broken-dependency",
    "not-acknowledged": "broken-dependency",
}  # fmt: skip
"""What a finding is called by its effect; every other kind is a clash of activities."""

EFFECTS: Final = frozenset({"coverage-not-assured"})
"""Rules whose findings are an effect by themselves: whoever is told learns where and when, nobody the cause."""

QUOTES: Final[frozenset[FindingKind]] = frozenset({"stale-order"})
"""Kinds that cite what a party's own text names, be it known to anybody or not."""

NOUNS: Final = frozenset({"directive", "movement", "hazard", "protected-site", "route-state", "medevac", "agreement"})


class Sight(NamedTuple):
    """How much of a finding a reader may know. ``known`` are the participants that it may be told of."""

    reader: str
    parties: tuple[Party, ...]
    full: bool
    placed: bool
    timed: bool
    known: frozenset[str]


class Tearline:
    """Renders findings for readers under one mission; with ``brief`` none is told in full, whoever reads it."""

    def __init__(self, say: Say, mission: Mission, records: Records, *, brief: bool = False) -> None:
        self.say, self.mission, self.records, self.brief = say, mission, records, brief
        self._teller = Teller(say)

    def sight(self, finding: Finding, reader: str) -> Sight:
        """Return how much of a finding a reader may know."""
        found = [(p, self._records_of(p)) for p in finding.parties]
        seen = [(p, kept) for p, kept in found if p.issuer == reader or self.records.visible(reader, kept)]
        cited = [self._cited(c, finding) for c in finding.evidence.cites]
        rests_on = [k for _, kept in seen for k in kept] + [k for kept in cited for k in kept or ()]
        whole = len(seen) == len(found) and all(k is None or self.records.visible(reader, k) for k in cited)
        parties = tuple(_party(p, kept, reader) for p, kept in seen)
        effect = finding.evidence.rule in EFFECTS
        return Sight(
            reader,
            parties,
            full=whole and not effect and all(_open(k, reader) for k in rests_on),
            placed=effect or any(_shows(kept, reader, WHERE) for _, kept in seen),
            timed=effect or any(_shows(kept, reader, WHEN) for _, kept in seen),
            known=frozenset({reader, finding.arbiter, *self.mission.superiors(reader), *_named(parties)}),
        )

    def _records_of(self, party: Party) -> tuple[Kept, ...]:
        return self.records.find(party.id, party.revision, party.issuer)

    def _cited(self, text: str, finding: Finding) -> tuple[Kept, ...] | None:
        """Return what a finding cites; None for what nobody ever sent, if a party's own text must have named it."""
        found = self.records.cited(text)
        if found or finding.finding_kind not in QUOTES:
            return found
        identity, _, revision = text.rpartition(":")
        return (self.records.find(identity) if revision.isdigit() else ()) or None

    def finding(self, finding: Finding, sight: Sight) -> Finding:
        """Return a finding as its reader may know it."""
        if not sight.full:
            return self._torn(finding, sight)
        told, waits_for = _only(finding.told, sight.known), _only(finding.waits_for, sight.known)
        only = None if finding.only is None else _only(finding.only, sight.known)
        missing = _only(finding.evidence.missing, sight.known)
        shown = msgspec.structs.replace(
            finding,
            evidence=msgspec.structs.replace(finding.evidence, missing=missing),
            told=told,
            waits_for=waits_for,
            why=self.why(finding.why, sight.reader, sight.known),
            only=only,
        )
        # The sentence says who waits, who is missing and why: it is whole only if they are.
        whole = msgspec.structs.replace(finding, told=told, only=only) == shown and not self.brief
        said = self._teller.tell(finding, self._language(sight.reader)) if whole else ""
        return msgspec.structs.replace(shown, sentence=said or self._sentence(shown, sight))

    def _torn(self, finding: Finding, sight: Sight) -> Finding:
        """Build a finding from what may be known; nothing is copied that is not named here."""
        evidence = _where_and_when(finding.evidence, sight)
        other = Party(id="", what=self._say("another-activity", sight.reader), window=evidence.overlap)
        hidden = (other,) if len(sight.parties) < len(finding.parties) else ()
        ids = {p.id for p in sight.parties}
        options = (
            Option(option=o.option, party=o.party, shift_s=o.shift_s, verified=o.verified, known=o.known)
            for o in finding.options
            if o.party in ids
        )
        return Finding(
            id=finding.id,
            finding_kind=effect_of(finding.finding_kind),
            severity=finding.severity,
            certainty=finding.certainty,
            state=finding.state,
            parties=(*sight.parties, *hidden),
            evidence=evidence,
            options=tuple(options) if sight.parties else (),
            arbiter=finding.arbiter,
            told=_only(finding.told, sight.known),
            waits_for=_only(finding.waits_for, sight.known),
            first_at=finding.first_at,
            at=finding.at,
            sentence=self._sentence(finding, sight),
        )

    # -- sentences ----------------------------------------------------------------------------------------------------

    def _sentence(self, finding: Finding, sight: Sight) -> str:
        """Return the finding in one sentence: what it is about, or the effect on what the reader knows."""
        evidence = _where_and_when(finding.evidence, sight)
        args = {"scene": self.scene(evidence.place, evidence.overlap, sight.reader), "call": self.call(finding, sight)}
        if sight.full:
            parties = self.listed([p.id for p in sight.parties], sight.reader)
            key = "misread" if finding.evidence.rule == "read-back" else finding.finding_kind
            return self._say(f"finding-{key}", sight.reader, parties=parties, **args)
        mine = [p for p in sight.parties if sight.reader in (p.issuer, *p.units)]
        about = mine or list(sight.parties)
        if not about:
            return self._say("torn-nothing", sight.reader, **args)
        args |= {"own": "yes" if mine else "no", "what": self._noun(about[0], sight.reader)}
        party = self.listed([p.id for p in about], sight.reader)
        return self._say(f"torn-{effect_of(finding.finding_kind)}", sight.reader, party=party, **args)

    def _noun(self, party: Party, reader: str) -> str:
        return self._say(f"kind-{party.kind}" if party.kind in NOUNS else "kind-other", reader)

    def scene(self, place: str, window: TimeWindow | None, reader: str) -> str:
        """Return where and when, with a blank before it, or nothing."""
        when = self._say("scene-time", reader, window=known) if (known := span(window)) else ""
        where = self._say("scene-place", reader, place=place) if place else ""
        return "".join(f" {part}" for part in (where, when) if part)

    def call(self, finding: Finding, sight: Sight) -> str:
        """Return whom to call: the arbiter, whom the bus names instead of saying who gives way."""
        own = "yes" if finding.arbiter == self.mission.stands_for(sight.reader) else "no"
        return self._say("call", sight.reader, arbiter=self.name(finding.arbiter), own=own) if finding.arbiter else ""

    def name(self, participant: str) -> str:
        """Return what a participant is called."""
        known = self.mission.by_id.get(participant)
        return (known.name if known else "") or participant.upper()

    def listed(self, names: Iterable[str], reader: str) -> str:
        """Return names in the order of the alphabet, which says nothing about them."""
        first, *rest = sorted(set(names)) or [""]
        for name in rest:
            first = self._say("list-and", reader, first=first, next=name)
        return first

    def _say(self, key: str, reader: str, **args: str) -> str:
        return self.say(key, self._language(reader), **args)

    def _language(self, reader: str) -> str:
        known = self.mission.by_id.get(reader)
        return known.language if known else "en"

    def why(self, text: str, reader: str, known: Iterable[str]) -> str:
        """Return why a state changed, if the reader may see every message and know every participant that it names."""
        words = [w.strip(".,;()\"'") for w in text.split()]
        return text if all(self._sayable(w, reader, known) for w in words) else ""

    def _sayable(self, word: str, reader: str, known: Iterable[str]) -> bool:
        if word in self.mission.by_id:
            return word in known
        found = self.records.cited(word)
        return self.records.visible(reader, found) if found else not any(c.isdigit() for c in word)


def effect_of(kind: FindingKind) -> FindingKind:
    """Return what a finding is called by its effect."""
    return TORN_KIND.get(kind, "incompatible-activities")


def _party(party: Party, kept: tuple[Kept, ...], reader: str) -> Party:
    """Return a party without what its closed fields tell."""
    if all(_open(k, reader) for k in kept):
        return party
    return Party(
        id=party.id,
        revision=party.revision,
        kind=party.kind,
        issuer=party.issuer,
        units=party.units if _shows(kept, reader, WHO) else (),
        window=party.window if _shows(kept, reader, WHEN) else None,
    )


def _open(kept: Kept, reader: str) -> bool:
    return all(plain(path) in NO_EVIDENCE for path in kept.closed_to(reader))


def _shows(kept: tuple[Kept, ...], reader: str, fields: tuple[Path, ...]) -> bool:
    return all(k.shows(reader, *fields) for k in kept)


def _named(parties: Iterable[Party]) -> Iterable[str]:
    return (name for p in parties for name in (p.issuer, *p.units))


def _only(names: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(n for n in names if n in known)


def _where_and_when(evidence: Evidence, sight: Sight) -> Evidence:
    return Evidence(
        place=evidence.place if sight.placed else "",
        at=evidence.at if sight.placed else None,
        overlap=evidence.overlap if sight.timed else None,
    )


def span(window: TimeWindow | None) -> str:
    """Return a window as two date-time groups, ``141000Z-141045Z``; a side that is open stays empty."""
    if window is None or (window.start_earliest is None and window.end_latest is None):
        return ""
    return f"{_group(window.start_earliest)}-{_group(window.end_latest)}"


def _group(instant: int | None) -> str:
    """Return an instant of the calendar; what a sender wrote beyond that is written as its nearest end."""
    if instant is None:
        return ""
    known = max(CALENDAR[0], min(CALENDAR[1], instant))
    return datetime.fromtimestamp(known // 1_000_000, UTC).strftime("%d%H%MZ")
