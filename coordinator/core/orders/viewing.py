"""Messages as some readers may all see them: what one of them may not see is gone for all.

Release decides the same for one reader at a time; here it is decided again for the few messages from which a card
follows that several read, or an answer to one. Source: design §5, §7 (law 6).
"""

from collections.abc import Iterable

from coordinator.core import audience, redact
from coordinator.core.audience import Decision, Readers
from coordinator.core.deconfliction.ledger import Item, item
from coordinator.core.mission import Mission
from coordinator.core.recall import Records
from schemas import registry
from schemas.envelope import Envelope
from schemas.label import Label


def decisions(items: Iterable[Item], mission: Mission) -> list[tuple[Item, Decision]]:
    """Return who may see each of some messages, oldest first: a withdrawal goes to whoever was shown the thing."""
    records, found = Records(), list[tuple[Item, Decision]]()
    for i in sorted(items, key=lambda i: (i.issued, i.key, i.revision, i.cancelled)):
        decision = audience.decide(i.envelope, i.body, mission, records)
        records.keep(audience.kept(i.envelope, i.body, decision, records))
        found.append((i, decision))
    return found


def view(of: Item, decision: Decision, readers: Readers) -> Item | None:
    """Return a message as all of some readers may see it, or None if one of them may not, or too little is left."""
    if not readers <= decision.readers:
        return None
    fields = [(c, readers <= c.to) for c in decision.closed]
    if all(sees for _, sees in fields):
        return of
    labelled = {c.label: sees for c, sees in fields if c.label}
    withheld = [c.path for c, sees in fields if not c.label and not sees]
    data = redact.redact(registry.encode(of.envelope), labelled, withheld)
    if data is None:
        return None
    left = registry.envelope(data)
    return item(left, registry.body(left), of.at)


def unlabelled(envelope: Envelope) -> bool:
    """Say whether nothing in a message's label keeps its effect from anybody."""
    return envelope.label == Label() and not envelope.field_labels
