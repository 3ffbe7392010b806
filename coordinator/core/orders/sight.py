"""What one reader may know of how far an order is: no more than of the messages from which that follows.

Release's decisions are taken again here for the few messages of one order. A performer of whose answers the reader may
not know is left out; one whose answers it may know in part is ``withheld``. Whether the order is coordinated is said to
everybody who may see the order: it is the effect, not the cause. Source: design §5, §7 (law 6).
"""

from msgspec.structs import replace

from coordinator.core import audience
from coordinator.core.deconfliction.active import versions
from coordinator.core.deconfliction.hearing import heard
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from coordinator.core.orders.readback import Frame
from coordinator.core.orders.standing import OrderState, Standing, order_state
from coordinator.core.recall import Kept, Records
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.envelope import Envelope, Reference


def state_for(reader: str, ledger: Ledger, key: Key, setting: Setting, frame: Frame) -> OrderState | None:
    """Return how far an order is, as a reader may know it; None if it may not see the order as it is in force."""
    known = versions(ledger, key, setting)
    if not known:
        return None
    last, mission = known[-1], setting.mission
    records, behind = _decided(ledger, (last.item, *last.sources, *last.news), mission)
    if not all(reader in k.readers for k in behind):
        return None
    full = order_state(ledger, key, setting, frame)
    if full is None:
        return None
    whole = not any(k.closed_to(reader) for k in behind)
    shown = (_shown(s, reader, heard(ledger, last, s.participant), key, records, mission) for s in full.performers)
    performers = tuple(s for s in shown if s and (whole or s.participant == reader))
    if not whole:
        performers = tuple(replace(s, compared=(), units=()) for s in performers)
    return replace(full, performers=performers)


def _decided(ledger: Ledger, items: tuple[Item, ...], mission: Mission) -> tuple[Records, list[Kept]]:
    """Return the decisions about some messages, oldest first, and about what they speak of."""
    records = Records()
    spoken = (ledger.one(r) for i in items for r in audience.changed(i.body))
    cited = [i for k in spoken if k and (i := ledger.acts[k].at())]
    for i in sorted({*items, *cited}, key=lambda i: (i.issued, i.key, i.revision)):
        records.keep(_kept(i.envelope, i, records, mission))
    return records, [k for i in dict.fromkeys(items) for k in records.find(i.key[1], i.revision, i.key[0])]


def _kept(envelope: Envelope, item: Item, records: Records, mission: Mission) -> Kept:
    decision = audience.decide(envelope, item.body, mission, records)
    return audience.kept(envelope, item.body, decision, records)


def _shown(
    standing: Standing, reader: str, said: list[Item], key: Key, records: Records, mission: Mission
) -> Standing | None:
    who = standing.participant
    decided = [_kept(i.envelope, i, records, mission) for i in said]
    if all(reader in k.readers and not k.closed_to(reader) for k in decided):
        return standing if decided or _would_see(reader, who, key, records, mission) else None
    usual = _would_see(reader, who, key, records, mission) or any(reader in k.readers for k in decided)
    return Standing(participant=who, state="withheld") if usual else None


def _would_see(reader: str, who: str, key: Key, records: Records, mission: Mission) -> bool:
    """Say whether a reader would get an answer of a participant that says nothing of its own readers."""
    body = Acknowledgement(of=Reference(id=key[1], originator=key[0]), step="received")
    return reader in audience.decide(registry.pack(body, id="-", originator=who), body, mission, records).readers
