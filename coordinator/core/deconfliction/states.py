"""How a finding stands: from the versions in which it held, who has answered them, and what officers did.

Open while it holds for the versions in force; acknowledged or waived by officers. Once it only held for earlier ones it
is resolved if acknowledged, until every acting unit has said wilco: the performers of every order whose change removed
it, and the units that the changing messages themselves task or ask for support. A later change that does not bring it
back asks nobody again; a change of context alone closes it at once. Source: design §4 (states of a finding);
deconfliction.md §2.4.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction.active import Version, participant
from coordinator.core.deconfliction.answers import has_wilco
from coordinator.core.deconfliction.ledger import Item, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from schemas.acknowledgements import Action
from schemas.directives import Directive
from schemas.findings import FindingState

PAST: Final = "was in conflict"
"""Why a finding is only worth knowing: its time is over, also when it was known too late (deconfliction.md §5 (8))."""


class Standing(NamedTuple):
    """A state, whose wilco it waits for, what brought it about, and when time alone changes it."""

    state: FindingState
    waits_for: tuple[str, ...] = ()
    why: str = ""
    due: int | None = None


class Concern(NamedTuple):
    """Whom a finding concerns: who must acknowledge it, and who may waive it."""

    finding: str
    owed_by: tuple[str, ...]
    waiver: str  # participant that may waive it, as may those above
    since: int  # when the newest version of a party came into force
    revisions: frozenset[str] = frozenset()  # of the parties, as a waiver names them


def current(ledger: Ledger, setting: Setting, concern: Concern, now: int) -> Standing:
    """Return the state of a finding that holds for the versions in force."""
    items = ledger.all_of("action", ledger.done.get(concern.finding, set()))
    actions = [(i, i.body) for i in items if isinstance(i.body, Action) and i.issued >= concern.since]
    waived = [a.until for i, a in actions if a.until and a.until > now and _may_waive(i, a, concern, setting)]
    if waived:
        return Standing("waived", due=max(waived))
    officers = {i.key[0] for i, a in actions if a.verb in ("acknowledge", "take")}
    seen = all(any(setting.speaks_for(o, p) for o in officers) for p in concern.owed_by)
    return Standing("acknowledged" if seen and concern.owed_by else "open")


def _may_waive(item: Item, action: Action, concern: Concern, setting: Setting) -> bool:
    """Say whether a waiver counts: by the authority or above, for exactly these revisions (§2.3, standing rule 4)."""
    if action.verb != "waive" or not action.note or not concern.waiver:
        return False
    if frozenset(action.revisions) != concern.revisions:
        return False
    by = (concern.waiver, *setting.mission.superiors(concern.waiver))
    return any(setting.speaks_for(item.key[0], b) for b in by)


class Turn(NamedTuple):
    """A party whose change removed a finding: as it was before, and every version since, oldest first."""

    before: Side
    since: tuple[Side, ...]


def turns(last: Sequence[Side], all_sides: Sequence[Sequence[Side]], until: int) -> list[Turn]:
    """Return the parties that changed at the moment from which on a finding did not hold any more.

    ``last`` are the versions in which it held last, ``all_sides`` all versions of each party, ``until`` when the
    context changed (`FAR`: it did not). Empty if only the context changed.
    """
    gone = min(until, *(s.until for s in last))
    return [
        Turn(before, tuple(s for s in sides if s.version.since >= gone))
        for before, sides in zip(last, all_sides, strict=True)
        if before.until == gone and before is not sides[-1]
    ]


def past(ledger: Ledger, setting: Setting, changed: Sequence[Turn], context: str) -> Standing:
    """Return the state of a finding that held for earlier versions; ``changed`` are the parties that removed it."""
    waits = {p for turn in changed for p in _acting(turn, setting) if not _follows(ledger, turn, p, setting)}
    why = "; ".join(sorted({how(turn.since[0].version) for turn in changed})) or context
    state: FindingState = "resolved-if-acknowledged" if waits else "closed"
    return Standing(state, tuple(sorted(waits)), why)


def _acting(turn: Turn, setting: Setting) -> set[str]:
    """Return who acts on a change: the performers before and after it, and whom the changing messages name."""
    first = turn.since[0].version
    orders = [i.body for i in first.news if isinstance(i.body, Directive)]
    named = {participant(u, setting) for body in orders for u in (*body.performers, *body.supporting)}
    return {*turn.before.version.performers, *first.performers, *named} - {""}


def _follows(ledger: Ledger, turn: Turn, unit: str, setting: Setting) -> bool:
    """Say whether a unit has said wilco to some version without the finding."""
    return any(has_wilco(ledger, s.version, unit, setting) for s in turn.since)


def how(version: Version) -> str:
    """Say what brought a version about."""
    names = ", ".join(sorted(i.name for i in version.news))
    own = all(i.key == version.key for i in version.news)
    if version.body is None:
        return f"withdrawn by {names}"
    return f"revised by {names}" if own else f"amended by {names}"
