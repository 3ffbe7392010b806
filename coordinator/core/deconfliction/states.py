"""How a finding stands: from the versions in which it held, who has answered them, and what officers did.

Open while it holds for the versions in force; acknowledged or waived by officers. Once it only held for earlier ones it
is resolved if acknowledged, until every performer of every order that changed since has said wilco; a change of
context alone closes it at once. Source: design §4 (states of a finding); reference deconfliction.md §2.4.
"""

from collections.abc import Sequence
from typing import NamedTuple

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.answers import has_wilco
from coordinator.core.deconfliction.ledger import Item, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from schemas.acknowledgements import Action
from schemas.findings import FindingState


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
    arbiter: str
    since: int  # when the newest version of a party came into force


def current(ledger: Ledger, setting: Setting, concern: Concern, now: int) -> Standing:
    """Return the state of a finding that holds for the versions in force."""
    items = ledger.all_of("action", ledger.done.get(concern.finding, set()))
    actions = [(i, i.body) for i in items if isinstance(i.body, Action) and i.issued >= concern.since]
    waived = [a.until for i, a in actions if a.until and a.until > now and _may_waive(i, a, concern, setting)]
    if waived:
        return Standing("waived", due=max(waived))
    officers = {i.key[0] for i, a in actions if a.verb == "acknowledge"}
    seen = all(any(setting.speaks_for(o, p) for o in officers) for p in concern.owed_by)
    return Standing("acknowledged" if seen and concern.owed_by else "open")


def _may_waive(item: Item, action: Action, concern: Concern, setting: Setting) -> bool:
    """Say whether a waiver counts: by the arbiter or above, with a reason (§2.3, standing rule 4)."""
    if action.verb != "waive" or not action.note or not concern.arbiter:
        return False
    by = (concern.arbiter, *setting.mission.superiors(concern.arbiter))
    return any(setting.speaks_for(item.key[0], b) for b in by)


def past(ledger: Ledger, changed: Sequence[tuple[Side, Side]], context: str) -> Standing:
    """Return the state of a finding that held for earlier versions; ``changed`` pairs them with those in force."""
    waits: set[str] = set()
    for before, after in changed:
        units = {*before.version.performers, *after.version.performers}
        waits |= {p for p in units if not has_wilco(ledger, after.version, p)}
    why = "; ".join(sorted({how(after.version) for _, after in changed})) or context
    state: FindingState = "resolved-if-acknowledged" if waits else "closed"
    return Standing(state, tuple(sorted(waits)), why)


def how(version: Version) -> str:
    """Say what brought a version about."""
    names = ", ".join(sorted(i.name for i in version.news))
    own = all(i.key == version.key for i in version.news)
    if version.body is None:
        return f"withdrawn by {names}"
    return f"revised by {names}" if own else f"amended by {names}"
