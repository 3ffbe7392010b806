"""What was said to which version of an order: by the order's name, by that of what changed it, or by an alias.

An acknowledgement of the amendment counts as well as one of the order (design §4).
"""

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from schemas.acknowledgements import Acknowledgement
from schemas.envelope import Reference


def heard(ledger: Ledger, of: Version, participant: str) -> list[Item]:
    """Return all that a participant said to an order and to what changed it, whatever the step and the version."""
    ids = {of.key[1], *(i.key[1] for i in (*of.news, *of.sources))}
    if ledger.aliases.of:
        ids.update(a for k in (of.key, *(i.key for i in (*of.news, *of.sources))) for a in ledger.aliases.of.get(k, ()))
    found = [said for i in ids if (said := ledger.said.get(i))]
    if not found:
        return []
    return ledger.all_of("acknowledgement", {k for said in found for k in said if k[0] == participant})


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
