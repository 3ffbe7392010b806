"""Who has answered which version of an order: one acknowledges the effective order (design §4).

The latest answer of a participant is its answer. A WILCO counts only while its sender's latest read-back does not
contradict the order (`core.orders.misread`): whoever understood something else has not said that it will do this.
Whoever issued the message that changed an order has acknowledged it by that.
"""

from typing import Final

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.hearing import heard, is_about
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.orders import misread, readback  # whole: they and deconfliction read each other
from schemas.acknowledgements import Acknowledgement

FINAL_STEPS: Final = ("wilco", "cannot-comply")


def answer(
    ledger: Ledger, of: Version, participant: str, setting: Setting, frame: "readback.Frame | None" = None
) -> str:
    """Return a participant's latest answer to a version that counts: ``wilco``, ``cannot-comply`` or ""."""
    said = heard(ledger, of, participant)
    final = (i for i in said if _step(i) in FINAL_STEPS)
    given = [(i.issued, _step(i)) for i in final if is_about(ledger, i, of)]
    if not given:
        return ""
    word = max(given, key=lambda g: (g[0], FINAL_STEPS.index(g[1])))[1]
    wrong = word == "wilco" and misread.contradicts(ledger, of, participant, said, setting, frame or setting.frame)
    return "" if wrong else word


def has_wilco(ledger: Ledger, of: Version, participant: str, setting: Setting) -> bool:
    """Say whether a participant will do what a version says: it said so, or the change is its own."""
    return _own(of, participant) or answer(ledger, of, participant, setting) == "wilco"


def mistaken(ledger: Ledger, of: Version, setting: Setting) -> tuple[str, ...]:
    """Return the performers whose latest read-back of a version contradicts it, and who have not refused it."""
    return tuple(
        p
        for p in of.performers
        if (said := heard(ledger, of, p))
        and misread.contradicts(ledger, of, p, said, setting, setting.frame)
        and answer(ledger, of, p, setting) != "cannot-comply"
    )


def admitted(ledger: Ledger, of: Version, participant: str, setting: Setting) -> tuple[str, ...]:
    """Return who may know what a performer answered: itself, the issuers, those above these and their desks.

    An answer that has a label of its own is for nobody that this does not know: its sender alone is told.
    """
    mission, issuers = setting.mission, {of.key[0], *(i.key[0] for i in of.news)}
    labels = (i.envelope.label for i in heard(ledger, of, participant))
    if any(x.releasable_to is not None or x.classification or x.categories for x in labels):
        return (participant,)
    up = {p for i in issuers for p in (i, *mission.superiors(i))}
    return tuple(sorted({participant, *up, *mission.desks(up)}))


def silent(ledger: Ledger, of: Version, setting: Setting) -> tuple[str, ...]:
    """Return the performers that have not answered a version and did not issue it."""
    others = (p for p in of.performers if p != of.key[0] and not _own(of, p))
    return tuple(p for p in others if not answer(ledger, of, p, setting))


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
