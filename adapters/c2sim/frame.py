"""What all messages of one C2SIM document share: ids, sender, time of sending, label, and whether it is an exercise.

A MessageID may come again with other content, and an OrderID stands for several orders: an id is the originator's with
a hash of the body behind it. Source: reference formats.md §2.2, §2.7, §3.2.
"""

import re
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from adapters.base import Context, content_id, source
from adapters.c2sim import moments
from adapters.c2sim.tree import Branch, Document
from schemas.base import Message
from schemas.envelope import Envelope, Reality, Reference, Source, UnitRef, Unmapped, Warning
from schemas.label import Label
from schemas.registry import pack
from schemas.time import TimeValue

_DIGITS: Final = 12  # of the hash of what is said
HASH: Final = re.compile(rf"~[0-9a-f]{{{_DIGITS}}}")
"""How that hash stands in an id."""
_ID: Final = re.compile(r"[!-~]{1,100}")  # opaque: UUIDs are made by hand, and some are none
MADE: Final = re.compile(rf"([!-~]{{1,100}})~[0-9a-f]{{{_DIGITS}}}(?:/([!-~]{{1,90}}))?")
"""An id as this format makes it: the originator's, the hash, and the part of the document."""

_CLOCK_US: Final = 300_000_000  # five minutes (§2.2)


class Frame(NamedTuple):
    """What is said once for the whole document."""

    id: str
    context: Context
    source: Source
    reality: Reality
    label: Label | None
    unit: UnitRef | None
    created: TimeValue | None
    reply: Reference | None
    act: str

    @property
    def given(self) -> str:
        """The originator's own id of the document, "" if it gave none."""
        return made[1] if (made := MADE.fullmatch(self.id)) else ""

    def message(
        self, what: Message, branch: Branch, part: str, warnings: list[Warning], references: tuple[Reference, ...] = ()
    ) -> Envelope:
        """Return the envelope of what was read from a branch; whatever is left below it travels along, unmapped."""
        envelope = pack(
            what,
            id=f"{self.id}/{part}" if part else self.id,
            originator=self.context.participant,
            reality=self.reality,
            received_at=self.context.received_at or None,
            created=self.created,
            unit=self.unit,
            in_reply_to=self.reply,
            references=references,
            source=msgspec.structs.replace(self.source, locator=branch.path),
            unmapped=tuple(Unmapped(path=path, value=value) for path, value in branch.left()),
            warnings=tuple(warnings),
        )
        return envelope if self.label is None else msgspec.structs.replace(envelope, label=self.label)


def frame(document: Document, body: Branch, data: bytes, context: Context, warnings: list[Warning]) -> Frame:
    """Take what a document says of itself; ``warnings`` gets what all its messages should be looked at for."""
    if not document.namespace:
        text = "it names no namespace; it was read as C2SIM by its names"
        warnings.append(Warning(code="namespace", path=document.root.path, text=text))
    identity = _identity(document, body, data, context)
    header = document.header
    sending = header.one("SendingTime") if header else None
    sent = moments.sent(sending, context, warnings)
    offset = _clock(sent, context, sending, warnings)
    return Frame(
        id=identity,
        context=context,
        source=source(data, "c2sim", context, dialect=document.dialect, clock_offset_s=offset),
        reality=_reality(body, context, warnings),
        label=_label(header),
        unit=_sender(header, body),
        created=_created(body.one("IssuedTime"), sent, sending, context, warnings),
        reply=_reply(header),
        act=header.said("CommunicativeActTypeCode") if header and _proposed(header) else "",
    )


def _identity(document: Document, body: Branch, data: bytes, context: Context) -> str:
    """Return the originator's id with a hash of what is said; without one, the id of the content."""
    own = f"{document.header.path}/" if document.header else "\0"
    said = "\0".join(f"{path}\0{value}" for path, value in document.leaves.items() if not path.startswith(own))
    named = (document.header.one("MessageID") if document.header else None, body.one("ReportID"), body.one("OrderID"))
    for leaf in named:
        if leaf is not None and _ID.fullmatch(leaf.text):
            given = leaf.text if leaf.name == "OrderID" else leaf.take()
            return f"{given}~{sha256(said.encode()).hexdigest()[:_DIGITS]}"
    return content_id(data, "", context.bearer_id)


def _clock(sent: TimeValue | None, context: Context, at: Branch | None, warnings: list[Warning]) -> float | None:
    """Return receipt minus sending by the sender's clock; more than five minutes is worth a look."""
    if sent is None or sent.utc is None or not context.received_at or at is None:
        return None
    offset = context.received_at - sent.utc
    if abs(offset) > _CLOCK_US:
        side = "before" if offset > 0 else "after"
        text = f"sent {abs(offset) / 1e6:.0f} s {side} it was received: a wrong clock or zone, or an old message"
        warnings.append(Warning(code="clock", path=at.path, text=text))
    return offset / 1e6


def _created(
    issued_at: Branch | None, sent: TimeValue | None, sending: Branch | None, context: Context, warnings: list[Warning]
) -> TimeValue | None:
    """Return when it was issued; where that is a placeholder, when it was sent. The other one stays, and is a loss."""
    issued = moments.iso(issued_at, context, warnings)
    if issued is not None and (issued.utc is not None or sent is None or sent.utc is None):
        return issued
    if issued is not None and issued_at is not None:
        leaf = issued_at.find("IsoDateTime") or issued_at
        leaf.put_back(issued.raw)
    if sent is not None and sending is not None:
        (sending.find("IsoDateTime") or sending).take()
    return sent


def _reality(body: Branch, context: Context, warnings: list[Warning]) -> Reality:
    """Return the channel's, unless a task runs on the clock of a simulation: nothing of that is real."""
    simulated = body.find("SimulationTime")
    if simulated is None or context.reality != "real":
        return context.reality
    text = "it counts from the start of a simulation: it was read as exercise"
    warnings.append(Warning(code="exercise", path=simulated.path, text=text))
    return "exercise"


def _label(header: Branch | None) -> Label | None:
    marking = header.said("SecurityClassificationCode") if header else ""
    return Label(classification=marking) if marking else None


def _sender(header: Branch | None, body: Branch) -> UnitRef | None:
    system, sender = header.said("FromSendingSystem") if header else "", body.said("FromSender")
    return UnitRef(id=sender, scheme="c2sim_uuid", raw=system) if sender or system else None


def _reply(header: Branch | None) -> Reference | None:
    leaf = header.one("InReplyToMessageID") if header else None
    return Reference(id=leaf.take()) if leaf and _ID.fullmatch(leaf.text) else None


def _proposed(header: Branch) -> bool:
    act = header.one("CommunicativeActTypeCode")
    return act is not None and act.text.upper() == "PROPOSE"
