"""From verdicts to findings: identity, parties, whom it concerns.

The id is a hash of the kind and the sorted parties, without place or revision, so a conflict that moves is an update.
Source: reference deconfliction.md §2.4; design §4.
"""

import hashlib
from collections.abc import Sequence

from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.states import Concern, Standing, current
from coordinator.core.deconfliction.verdicts import Verdict
from coordinator.core.deconfliction.windows import window
from schemas.findings import Evidence, Finding, Party


def finding_id(kind: str, keys: Sequence[Key], key: str = "") -> str:
    """Return the identity of a finding: a subject token."""
    parts = [kind, *("\x1f".join(k) for k in sorted(keys)), *([key] if key else [])]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:32]


class Held:
    """A verdict together with the sides it is about; what a finding is made of."""

    def __init__(self, verdict: Verdict, sides: Sequence[Side], setting: Setting) -> None:
        self.verdict = verdict
        self.sides = tuple(sides)
        self.setting = setting
        self.id = finding_id(verdict.kind, [s.key for s in sides], verdict.key)

    @property
    def issuers(self) -> tuple[str, ...]:
        """Who issued the parties, sorted."""
        return tuple(sorted({s.issuer for s in self.sides}))

    @property
    def involved(self) -> tuple[str, ...]:
        """Issuers and performers of the parties, sorted."""
        return tuple(sorted({*self.issuers, *(p for s in self.sides for p in s.version.performers)}))

    def finding(self, standing: Standing, first_at: int) -> Finding:
        """Return the finding in a state. ``at`` is left to whoever publishes it."""
        v, drafts = self.verdict, [s for s in self.sides if s.draft]
        arbiter = self.setting.arbiter(self.issuers)
        told = tuple(sorted({*self.involved, arbiter} - {""}))
        return Finding(
            id=self.id,
            finding_kind=v.kind,
            severity="INFO" if drafts else v.severity,
            certainty=v.certainty,
            state=standing.state,
            parties=tuple(self._party(i, s) for i, s in enumerate(self.sides)),
            evidence=self._evidence(),
            arbiter=arbiter,
            told=tuple(sorted({s.issuer for s in drafts})) if drafts else told,
            waits_for=standing.waits_for,
            first_at=first_at,
            why=standing.why,
        )

    def standing(self, ledger: Ledger, now: int) -> Standing:
        """Return the state of this finding while it holds."""
        since = max(s.version.since for s in self.sides)
        return current(ledger, self.setting, self._concern(since), now)

    def _concern(self, since: int) -> Concern:
        return Concern(self.id, self.involved, self.setting.arbiter(self.issuers), since)

    def _evidence(self) -> Evidence:
        amendments = {i.name for s in self.sides for i in s.version.sources}
        cites = tuple(sorted({*self.verdict.evidence.cites, *amendments}))
        return replace(self.verdict.evidence, cites=cites)

    def _party(self, i: int, side: Side) -> Party:
        v = self.verdict
        what = v.what[i] if i < len(v.what) else side.reading.fields.what if side.reading else ""
        span = v.spans[i] if i < len(v.spans) else None
        if span is None and side.reading and side.reading.fields.windows:
            span = side.reading.extent
        return Party(
            id=side.key[1],
            revision=side.version.item.revision,
            kind=side.version.item.envelope.kind,
            issuer=side.issuer,
            units=side.version.performers,
            what=what,
            window=window(span) if span else None,
        )
