"""Asking and answering between contingents. States: OASIS EDXL-RM 1.0; reference formats.md §3.3, §6.4."""

from typing import ClassVar, Literal

from schemas.base import Message, Value
from schemas.envelope import Contact, Reference
from schemas.geo import Area, Position
from schemas.time import TimeValue, TimeWindow


class Item(Value):
    """One thing asked for, or offered."""

    ref: str
    name: str = ""
    quantity: float | None = None
    unit: str = ""
    restrictions: str = ""


class LiaisonRequest(Message):
    """A request from one participant to others."""

    KIND: ClassVar[str] = "liaison-request"

    request_kind: Literal[
        "information", "resource", "escort", "passage", "access", "medical", "engineering", "deconfliction",
        "meeting", "assistance",
    ]  # fmt: skip
    subject: str
    purpose: str = ""
    need_by: TimeValue | None = None
    reply_by: TimeValue | None = None
    items: tuple[Item, ...] = ()
    position: Position | None = None
    area: Area | None = None
    windows: tuple[TimeWindow, ...] = ()
    contact: Contact | None = None
    findings: tuple[str, ...] = ()
    state: Literal["open", "answered", "partially", "declined", "withdrawn", "expired"] = "open"


class LiaisonResponse(Message):
    """An answer to a request, per item if it names some."""

    KIND: ClassVar[str] = "liaison-response"

    request: Reference
    decision: Literal["accept", "decline", "provisional", "clarify"]
    items: tuple[str, ...] = ()
    reason: str = ""
    conditions: str = ""
    offered: tuple[Item, ...] = ()
    schedule: TimeWindow | None = None
