"""Asking and answering between contingents, and talking until there is a text that all agree to.

A request of the kind `MEETING` opens a session: its originator and addressees are the members, its id is the session's,
and what they say in it are responses to it. States: OASIS EDXL-RM 1.0; reference formats.md §3.3, §6.4; domain.md R-42.
"""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta

from schemas.base import Message, Value
from schemas.envelope import Contact, LangText, Reference
from schemas.geo import Area, Position
from schemas.time import TimeValue, TimeWindow
from schemas.units import ParticipantId

MEETING: Final = "meeting"
SPOKEN: Final = ("propose", "agree", "object")
"""What is said in a session only."""


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
    must_agree: tuple[ParticipantId, ...] = ()  # of a session: who has to agree; none named is everybody asked to act


class LiaisonResponse(Message):
    """An answer to a request, per item if it names some; or a word in a session.

    ``clarify`` asks the asker something, and by the asker answers it (``in_reply_to`` of the envelope names the
    question). ``provisional`` accepts under conditions; the asker accepts or declines them likewise.

    In a session, ``propose`` brings one version of a proposal in as many languages as it has; ``agree`` and ``object``
    name the version, and by ``text_sha256`` the very text (`coordinator.core.liaison.sessions.text_hash`).
    """

    KIND: ClassVar[str] = "liaison-response"

    request: Reference
    decision: Literal["accept", "decline", "provisional", "clarify", "propose", "agree", "object"]
    items: tuple[str, ...] = ()
    reason: str = ""
    conditions: str = ""
    offered: tuple[Item, ...] = ()
    schedule: TimeWindow | None = None
    proposal: str = ""  # "P2"
    version: int = 0  # of the proposal, from 1
    texts: Annotated[tuple[LangText, ...], Meta(max_length=12)] = ()
    text_sha256: str = ""
