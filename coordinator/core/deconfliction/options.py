"""The ways out of a finding: computed changes that were checked, and who can settle it.

Every party that can change is treated alike: whatever is offered for one is looked for with the other. A computed
change is shown only if the verdicts, asked again with it, no longer give this finding, give no new one and none that is
worse. The set is ordered by kind and size of change, then by order id; the order says nothing. The bus never says who
gives way, and never that something is approved. Source: reference deconfliction.md §2.3 (standing rules), §3.6.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, get_args

import shapely
from msgspec.structs import replace

from coordinator.core.deconfliction.changes import changed
from coordinator.core.deconfliction.explain_options import NO_SHIFT
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.proposals import (
    PROPOSALS,
    Proposal,
    instead,
    party_sides,
    shifts,
)
from coordinator.core.deconfliction.shifts import limits
from coordinator.core.deconfliction.sides import Side
from schemas.findings import SEVERITIES, Finding, Option

IN_FORCE: Final = frozenset(("open", "acknowledged"))
MOST_PARTIES: Final = 8
"""What more of them want is too much whoever changes (K03, a crowd): no single change settles it, none is tried."""
MOST_CORNERS: Final = 2_000
"""Larger orders take too long to be tried elsewhere or at another time: none of it is tried, who to talk to is said."""
WORDS: Final[tuple[str, ...]] = get_args(Option.__annotations__["option"])


def options(finding: Finding, picture: Picture, now: int, of: Collection[Key] | None = None) -> tuple[Option, ...]:
    """Return the ways out of a finding that is in force; those it came with if it is not.

    With ``of`` changes are only worked out for those parties: for who asks about its own plan, not about others'.
    """
    if finding.state not in IN_FORCE:
        return finding.options
    found = [*finding.options, *_talks(finding)]
    sides = party_sides(finding, picture)
    if (
        len(finding.parties) <= MOST_PARTIES
        and finding.certainty != "unknown"
        and sum(map(_corners, sides)) <= MOST_CORNERS
    ):
        for side in (s for s in sides if of is None or s.key in of):
            found += _changes(finding, side, picture, now)
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _corners(of: Side) -> int:
    """Return of how many corners all parts of an order are."""
    return int(shapely.get_num_coordinates([p.shape.geometry for p in of.reading.parts]).sum()) if of.reading else 0


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in force, in the order in which ways out are worked out for them."""
    live = (f for f in findings if f.state in IN_FORCE)
    return sorted(live, key=lambda f: (SEVERITIES.index(f.severity), f.certainty != "definite", f.id))


def _changes(finding: Finding, side: Side, picture: Picture, now: int) -> Iterator[Option]:
    for propose in PROPOSALS.get(finding.finding_kind, ()):
        first = next(_verified(propose, finding, side, picture, now), None)
        if first is not None:
            yield first
        elif propose is shifts and limits(side, picture, now) is not None:
            yield Option(option="shift", party=side.key[1], text_key=NO_SHIFT, known=len(picture.ledger.acts))


def _verified(propose: Proposal, finding: Finding, side: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the proposals of one sort that hold, each with how many orders it was checked against."""
    for option in propose(finding, side, picture, now):
        body = changed(side.version.body, option, picture.setting, instead(finding, side))  # type: ignore[arg-type]
        if body is not None and _holds(finding, *picture.trial(side.key, body, now)):
            yield replace(option, verified=True, known=len(picture.ledger.acts))


def _holds(finding: Finding, before: dict[str, Finding], after: dict[str, Finding]) -> bool:
    """Say whether a change removes a finding, creates none and makes none worse.

    What some of those who see the way out may not know of has no say: an option that is missing would tell them.
    """
    before, after = ({i: f for i, f in of.items() if _open_to(f, finding)} for of in (before, after))
    if finding.id in after or not after.keys() <= before.keys():
        return False
    return all(_rank(after[i]) >= _rank(before[i]) for i in after)


def _open_to(found: Finding, finding: Finding) -> bool:
    """Say whether everybody who may know of one finding may know of another."""
    return found.only is None or (finding.only is not None and set(finding.only) <= set(found.only))


def _rank(finding: Finding) -> tuple[int, bool]:
    return SEVERITIES.index(finding.severity), finding.certainty != "definite"


def _talks(finding: Finding) -> Iterator[Option]:
    """Yield who can be talked to, and who can decide: always there, and nothing that could be verified."""
    issuers = {p.issuer for p in finding.parties}
    yield from (Option(option="liaison", party=p.id, who=p.issuer) for p in finding.parties)
    if finding.arbiter and finding.arbiter not in issuers:
        yield Option(option="refer", party="", who=finding.arbiter)


def _order(option: Option) -> tuple[object, ...]:
    size = abs(option.shift_s or 0.0) + (option.distance_m or 0.0)
    return not option.verified, WORDS.index(option.option), size, option.party, option.who, repr(option)
