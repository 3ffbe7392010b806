"""Who has said what to which version of an order: one acknowledges the effective order (design §4).

An acknowledgement of the amendment counts as well as one of the order; the latest answer of a participant is its
answer. Whoever issued the message that changed an order has acknowledged it by that.
"""

from typing import Final

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.ledger import Item, Ledger
from schemas.acknowledgements import Acknowledgement

FINAL_STEPS: Final = ("wilco", "cannot-comply")


def answer(ledger: Ledger, of: Version, participant: str) -> str:
    """Return a participant's latest answer to a version: ``wilco``, ``cannot-comply`` or ""."""
    ids = {of.key[1], *(i.key[1] for i in (*of.news, *of.sources))}
    heard = [said for i in ids if (said := ledger.said.get(i))]
    if not heard:
        return ""
    keys = {k for said in heard for k in said if k[0] == participant}
    given = [(i.issued, _step(i)) for i in ledger.all_of("acknowledgement", keys) if _is_about(ledger, i, of)]
    return max(given, key=lambda g: (g[0], FINAL_STEPS.index(g[1])))[1] if given else ""


def has_wilco(ledger: Ledger, of: Version, participant: str) -> bool:
    """Say whether a participant will do what a version says: it said so, or the change is its own."""
    return _own(of, participant) or answer(ledger, of, participant) == "wilco"


def silent(ledger: Ledger, of: Version) -> tuple[str, ...]:
    """Return the performers that have not answered a version and did not issue it."""
    return tuple(p for p in of.performers if p != of.key[0] and not _own(of, p) and not answer(ledger, of, p))


def _own(of: Version, participant: str) -> bool:
    return any(i.key[0] == participant for i in of.news)


def _step(item: Item) -> str:
    return item.body.step if isinstance(item.body, Acknowledgement) else ""


def _is_about(ledger: Ledger, item: Item, of: Version) -> bool:
    """Say whether an acknowledgement is of this version: by name, or of its order and not earlier than it."""
    body = item.body
    if not isinstance(body, Acknowledgement) or body.step not in FINAL_STEPS:
        return False
    target, revision = ledger.one(body.of), body.of.revision
    for new in of.news:
        if new.key == target and revision == new.revision:
            return True
    named = [i.revision for i in (of.item, *of.sources, *of.news) if i.key == target]
    return (revision in named or (revision == 0 and bool(named))) and item.issued >= of.since
