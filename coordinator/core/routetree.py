"""The routing tree of a mission: which rows match a card, who is told besides, and which ladder it is on.

Rows are asked in order; the first that matches is the last, unless it says ``continue``. A row adds people, it never
leaves anybody out: whom a finding or an occasion concerns is told in any case. And it never shows a card to somebody
who could not have been told of it: it reaches those who take part, whoever directs them, their duty desks and the
operators, and nobody whom the card is hidden from (law 6).

Source: reference console.md §6 ("Routing tree").
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

from coordinator.core import roster
from coordinator.core.cards import Face
from coordinator.core.duties import Row
from coordinator.core.mission import Mission
from coordinator.core.whereabouts import Whereabouts
from schemas.alerts import AlertKind, CapSeverity
from schemas.findings import FindingKind
from schemas.geo import Pair


class Sample(NamedTuple):
    """What rows are asked about: a card, or an example of one."""

    kind: AlertKind
    severity: CapSeverity
    findings: frozenset[FindingKind] = frozenset()
    areas: frozenset[str] = frozenset()  # as the mission's rows write them
    parties: frozenset[str] = frozenset()  # participants
    languages: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """A row and the first test that does not hold, "" if it matches, or "earlier" if it was not asked any more."""

    row: Row
    fails: str


class Policy(NamedTuple):
    """What the matching rows say: participants or roles that are told, and the ladder of the first that has one."""

    to: tuple[str, ...] = ()
    ladder: str = ""


NOBODY_ELSE: Final = Policy()
TESTS: Final[tuple[tuple[str, Callable[[Row, Sample, Mission], bool]], ...]] = (
    ("kinds", lambda row, s, _: not row.kinds or s.kind in row.kinds),
    ("findings", lambda row, s, _: not row.findings or not s.findings.isdisjoint(row.findings)),
    ("areas", lambda row, s, _: not row.areas or not s.areas.isdisjoint(row.areas)),
    ("severities", lambda row, s, _: not row.severities or s.severity in row.severities),
    ("parties", lambda row, s, mission: not row.parties or any(s.parties & mission.members(w) for w in row.parties)),
    ("languages", lambda row, s, _: not row.languages or not s.languages.isdisjoint(row.languages)),
)
"""The tests of a row, in the order in which they are asked, by the name of its field."""


class Tree:
    """The routing tree of a mission, with the areas that it names."""

    def __init__(self, mission: Mission) -> None:
        self.mission = mission
        self.where = Whereabouts(mission)

    def asked(self, sample: Sample) -> list[Asked]:
        """Return every row with whether it matches."""
        found, over = [], False
        for row in self.mission.routing:
            fails = "earlier" if over else _fails(row, sample, self.mission)
            over = over or not (fails or row.goes_on)
            found.append(Asked(row, fails))
        return found

    def policy(self, sample: Sample) -> Policy:
        """Return what the matching rows say."""
        rows = [asked.row for asked in self.asked(sample) if not asked.fails]
        to = dict.fromkeys(name for row in rows for name in row.to)
        return Policy(tuple(to), next((row.ladder for row in rows if row.ladder), ""))

    def sample(self, kind: AlertKind, face: Face, about: str = "") -> Sample:
        """Return a card as the rows see it."""
        named = (*face.parties, about)
        parties = frozenset(p for name in named if name and (p := self.mission.participant_of(name)))
        return Sample(
            kind=kind,
            severity=face.severity,
            findings=frozenset(m.finding_kind for m in face.members),  # type: ignore[misc]  # a member's kind is one
            areas=self.where.areas(face.place, face.at),
            parties=parties,
            languages=self.languages(parties),
        )

    def languages(self, parties: Iterable[str]) -> frozenset[str]:
        """Return the languages of participants."""
        return frozenset(p.language for name in parties if (p := self.mission.by_id.get(name)))

    def resolve(
        self, names: Sequence[str], now: int, place: str, at: Pair | None, concerned: Collection[str]
    ) -> tuple[str, ...]:
        """Return who has these roles now, or is named itself, of those who may be told of what concerns others.

        Whom a card is hidden from is left out by whoever tells: that may change while it is open.
        """
        if not names:
            return ()
        spoken = self.languages(concerned)
        found = roster.resolve(self.mission, names, now, self.where.areas(place, at), spoken)
        return tuple(p for p in found if may_be_told(self.mission, p, concerned))


def may_be_told(mission: Mission, participant: str, concerned: Collection[str]) -> bool:
    """Say whether a row can have somebody told of what concerns others: it takes part, directs, or reads the log."""
    known = mission.by_id.get(participant)
    if known is None or known.operator or participant in concerned:
        return known is not None
    above = {s for p in concerned for s in (p, *mission.superiors(p))}
    return participant in above or (known.role == "desk" and known.superior in above)


def _fails(row: Row, sample: Sample, mission: Mission) -> str:
    return next((name for name, test in TESTS if not test(row, sample, mission)), "")
