"""Who has said what to which version of an order: one acknowledges the effective order (design §4).

An acknowledgement of the amendment counts as well as one of the order; the latest answer of a participant is its
answer. Whoever issued the message that changed an order has acknowledged it by that.
"""

from typing import Final

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from schemas.acknowledgements import Acknowledgement
from schemas.envelope import Reference

FINAL_STEPS: Final = ("wilco", "cannot-comply")


def answer(ledger: Ledger, of: Version, participant: str) -> str:
    """Return a participant's latest answer to a version: ``wilco``, ``cannot-comply`` or ""."""
    final = (i for i in heard(ledger, of, participant) if _step(i) in FINAL_STEPS)
    given = [(i.issued, _step(i)) for i in final if is_about(ledger, i, of)]
    return max(given, key=lambda g: (g[0], FINAL_STEPS.index(g[1])))[1] if given else ""


def heard(ledger: Ledger, of: Version, participant: str) -> list[Item]:
    """Return all that a participant said to an order and to what changed it, whatever the step and the version."""
    ids = {of.key[1], *(i.key[1] for i in (*of.news, *of.sources))}
    if ledger.aliases.of:
        ids.update(a for k in (of.key, *(i.key for i in (*of.news, *of.sources))) for a in ledger.aliases.of.get(k, ()))
    found = [said for i in ids if (said := ledger.said.get(i))]
    if not found:
        return []
    return ledger.all_of("acknowledgement", {k for said in found for k in said if k[0] == participant})


def has_wilco(ledger: Ledger, of: Version, participant: str) -> bool:
    """Say whether a participant will do what a version says: it said so, or the change is its own."""
    return _own(of, participant) or answer(ledger, of, participant) == "wilco"


def silent(ledger: Ledger, of: Version) -> tuple[str, ...]:
    """Return the performers that have not answered a version and did not issue it."""
    return tuple(p for p in of.performers if p != of.key[0] and not _own(of, p) and not answer(ledger, of, p))


def unsure(ledger: Ledger, order: Key) -> list[str]:
    """Return the aliases of an order by which it was answered and that can mean orders of other documents as well."""
    if not ledger.aliases.of:
        return []
    named = [a for a in ledger.aliases.of.get(order, ()) if a in ledger.said and not ledger.aliases.clear(a)]
    return [a for a in named if _answered(ledger, a, order)]


def _answered(ledger: Ledger, alias: str, order: Key) -> bool:
    """Say whether somebody's standing answer names an alias, and nobody knows whether it means this order."""
    given = (i.body for i in ledger.current("acknowledgement", ledger.said[alias]))
    refs = [b.of for b in given if isinstance(b, Acknowledgement) and b.of.id == alias]
    unclear = (r for r in refs if ledger.aliases.can_mean(r, order) and not ledger.aliases.means(r, order))
    return any(not ledger.resolve(r) for r in unclear)


def _own(of: Version, participant: str) -> bool:
    return any(i.key[0] == participant for i in of.news)


def _step(item: Item) -> str:
    return item.body.step if isinstance(item.body, Acknowledgement) else ""


def is_about(ledger: Ledger, item: Item, of: Version) -> bool:
    """Say whether an acknowledgement is of this version: by name, or of its order and not earlier than it."""
    body = item.body
    if not isinstance(body, Acknowledgement):
        return False
    targets, revision = _targets(ledger, body.of, of), body.of.revision
    for new in of.news:
        if new.key in targets and revision == new.revision:
            return True
    named = [i.revision for i in (of.item, *of.sources, *of.news) if i.key in targets]
    return (revision in named or (revision == 0 and bool(named))) and item.issued >= of.since


def _targets(ledger: Ledger, ref: Reference, of: Version) -> set[Key]:
    """Return which messages of a version a reference means: one of that id, or all of an alias that is clear."""
    if known := ledger.resolve(ref):
        return {*known} if len(known) == 1 else set()
    if not ledger.aliases.of:
        return set()
    return {i.key for i in (of.item, *of.sources, *of.news) if ledger.aliases.means(ref, i.key)}
