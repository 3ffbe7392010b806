"""From verdicts to findings: identity, parties, whom it concerns.

The id is a hash of the kind and the sorted parties, without place or revision, so a conflict that moves is an update.
Source: reference deconfliction.md §2.4; design §4.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.states import Concern, Standing, current
from coordinator.core.deconfliction.verdicts import Verdict
from coordinator.core.deconfliction.verdicts.base import higher
from coordinator.core.deconfliction.windows import FAR, MICROS, micros, window
from schemas.findings import Evidence, Finding, Party

LARGEST: Final = (1 << 63) - 1
"""Intake takes no such revisions, but a log may hold them: larger numbers cannot be packed."""


def finding_id(kind: str, keys: Sequence[Key], key: str = "") -> str:
    """Return the identity of a finding: a subject token."""
    parts = [kind, *("\x1f".join(k) for k in sorted(keys)), *([key] if key else [])]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:32]


class Held:
    """A verdict together with the sides it is about; what a finding is made of."""

    def __init__(self, verdict: Verdict, sides: Sequence[Side], setting: Setting) -> None:
        self.verdict = verdict
        self.sides = verdict.instead or tuple(sides)
        self.setting = setting
        self.id = finding_id(verdict.kind, [s.key for s in sides], verdict.key)

    @property
    def issuers(self) -> tuple[str, ...]:
        """Who issued the parties, sorted."""
        return tuple(sorted({s.issuer for s in self.sides}))

    @property
    def arbiter(self) -> str:
        """Who can decide: as the verdict says, or the lowest common superior of the issuers and of whom it names."""
        v = self.verdict
        found = self.setting.arbiter(tuple(sorted({*self.issuers, *v.between}))) if v.arbiter is None else v.arbiter
        return found if found in self._admitted((found,)) else ""

    @property
    def involved(self) -> tuple[str, ...]:
        """Issuers and performers of the parties, sorted."""
        return tuple(sorted({*self.issuers, *(p for s in self.sides for p in s.version.performers)}))

    @property
    def addressed(self) -> tuple[str, ...]:
        """Participants to whom a party was sent for action: an HQ to which a plan was reported acts on its clash."""
        sent = {a.to for s in self.sides for a in s.version.item.envelope.addressees if a.role == "action"}
        return tuple(sorted(sent & self.setting.mission.by_id.keys()))

    def finding(self, standing: Standing, first_at: int) -> Finding:
        """Return the finding in a state. ``at`` is left to whoever publishes it."""
        v, drafts = self.verdict, [s for s in self.sides if s.draft]
        arbiter = self.arbiter
        told = {s.issuer for s in drafts} if drafts else {*self.involved, *self.addressed, arbiter, *v.told} - {""}
        lead = self._lead()
        severity = v.severity if lead is None else higher(v.severity)
        return Finding(
            id=self.id,
            finding_kind=v.kind,
            severity="INFO" if drafts else severity,
            certainty=v.certainty,
            state=standing.state,
            parties=tuple(self._party(i, s) for i, s in enumerate(self.sides)),
            evidence=self._evidence(lead),
            options=v.offers,
            arbiter=arbiter,
            told=self._admitted(sorted(told)),
            waits_for=standing.waits_for,
            first_at=first_at,
            why=standing.why,
            only=v.only,
        )

    def _admitted(self, participants: Sequence[str]) -> tuple[str, ...]:
        """Return those of some participants who may know of the finding at all."""
        only = self.verdict.only
        return tuple(p for p in participants if only is None or p in only)

    def _lead(self) -> float | None:
        """Return the seconds between the newest party and the start, if that is less than the notice (§2.2)."""
        v, start = self.verdict, self._start()
        if v.notice_s is None or start is None:
            return None
        lead = max(0, start - max(s.version.since for s in self.sides))
        return lead / MICROS if lead < micros(v.notice_s) else None

    def _start(self) -> int | None:
        if self.verdict.evidence.overlap is not None:
            return self.verdict.evidence.overlap.start_earliest
        starts = [s.se for s in self.verdict.spans if s is not None and s.se > -FAR]
        return max(starts, default=None)

    @property
    def over_at(self) -> int:
        """When the conflict itself is over, microseconds UTC; `FAR` if it has no end.

        What is shown is one occurrence; as long as none of the parties is over, there may be another one.
        """
        overlap, ends = self.verdict.evidence.overlap, [s.el for s in self.verdict.spans if s is not None]
        if overlap is not None:
            ends = [FAR if overlap.end_latest is None else overlap.end_latest]
        parties = [s.reading.extent.el for s in self.sides if s.reading is not None]
        return max(max(ends, default=FAR), min(parties, default=-FAR))

    def standing(self, ledger: Ledger, now: int) -> Standing:
        """Return the state of this finding while it holds."""
        since = max(s.version.since for s in self.sides)
        return current(ledger, self.setting, self._concern(since), now)

    def _concern(self, since: int) -> Concern:
        waiver = self.verdict.evidence.authority or self.arbiter
        revisions = frozenset(s.version.item.name for s in self.sides)
        return Concern(self.id, self._admitted(self.involved), waiver, since, revisions)

    def _evidence(self, lead: float | None) -> Evidence:
        amendments = {i.name for s in self.sides for i in s.version.sources}
        cites = tuple(sorted({*self.verdict.evidence.cites, *amendments}))
        return replace(self.verdict.evidence, cites=cites, lead_s=lead)

    def _party(self, i: int, side: Side) -> Party:
        v = self.verdict
        what = v.what[i] if i < len(v.what) else side.reading.fields.what if side.reading else ""
        span = v.spans[i] if i < len(v.spans) else None
        if span is None and side.reading and side.reading.fields.windows:
            span = side.reading.extent
        return Party(
            id=side.key[1],
            revision=min(side.version.item.revision, LARGEST),
            kind=side.version.item.envelope.kind,
            issuer=side.issuer,
            units=side.version.performers,
            what=what,
            window=window(span) if span else None,
        )
