"""What is said on a TAK link: an event looked at, changed from XML to protobuf and back, and a chat from us. Pure.

Source: reference formats.md §4.1, §4.2 (framing), §4.3 (GeoChat).
"""

import hashlib
import re
from functools import cached_property
from typing import Final, NamedTuple

from adapters import xml
from adapters.base import Rejected
from adapters.cot import protobuf
from adapters.cot.fields import Leaves
from adapters.cot.link import control
from adapters.cot.stream import Found, Splitter
from adapters.cot.texts import stamp
from adapters.cot.tree import Node, Tree
from adapters.cot.wire import MAGIC
from coordinator.errors import Undelivered
from coordinator.ports import Departure

US: Final = "coordinator"  # our uid on every link
EVERYONE: Final = "All Chat Rooms"

_CALLSIGN: Final = "Coordinator"
_CHAT_LIFE_US: Final = 86_400_000_000
_MAX_TEXT: Final = 16_000  # characters of one chat
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_CONTROLS: Final = "t-x-"  # how the types of all that steers a link begin
_BINARY: Final = bytes([MAGIC])
_VALUE: Final = (
    rb"(?:\"[^\"<&\x00-\x1f\x7f-\xff]*\"|'[^'<&\x00-\x1f\x7f-\xff]*')"  # ASCII without references: as it stands
)
_START: Final = re.compile(rb"\s*(?:<\?xml[^<>]*\?>)?\s*<event((?:\s+[\w:.-]+\s*=\s*" + _VALUE + rb")*)\s*/?>")
_ATTRIBUTE: Final = re.compile(rb"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_UID: Final = re.compile(rb"<event\s[^<>]{0,2000}?\buid\s?=\s?[\"']([^\"'<>]{1,200})")
_HEAD: Final = 4_096
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")


class Person(NamedTuple):
    """A device that a chat can be written to."""

    uid: str
    callsign: str


class Event:
    """A well-formed event of a link, in XML or in a protobuf frame; ``uid`` is "" if it names none."""

    def __init__(self, data: bytes) -> None:
        """Look at one event: whether it is well-formed, and its head. What else it says is read when it is asked for.

        Raises:
            Rejected: it is not well-formed, or no event.
        """
        self.data = data
        self.binary = data[:1] == _BINARY
        head = None if self.binary else _START.match(data)
        if head is None:  # a frame, or a head that is written in an unusual way
            self.kind, self.uid = self.leaves.get("event/@type", ""), self.leaves.get("event/@uid", "")
            return
        xml.check(data)
        said = {name: value[1:-1].decode() for name, value in _ATTRIBUTE.findall(head[1])}
        self.kind, self.uid = said.get(b"type", ""), said.get(b"uid", "")

    @cached_property
    def leaves(self) -> Leaves:
        """Every leaf by its path.

        Raises:
            Rejected: it has too many, too deep, or one that is too long.
        """
        if self.binary:
            return protobuf.leaves_of(next(protobuf.frames(self.data)).message)
        root = xml.parse(self.data)
        if root.tag != "event":
            raise Rejected("event", "it is no event", "send CoT events")
        return xml.leaves(root)

    @property
    def steers(self) -> bool:
        """Whether it is about the link itself: never published, never passed on."""
        if self.binary and not any(path.startswith("event/") for path in self.leaves):
            return True
        return self.kind.startswith(_CONTROLS) and bool(control(self.data))

    @cached_property
    def other(self) -> tuple[bytes, tuple[str, ...]]:
        """It in the other form, a frame if it is XML, and the leaves of the event that have no place there.

        Raises:
            Rejected: see `leaves`.
        """
        tree = Tree()
        own = {path: value for path, value in self.leaves.items() if path.startswith("event/")}
        lost = [path for path, value in own.items() if not tree.put(path, value)]
        root = tree.root.children.get("event", [Node()])[0]
        if not self.binary:
            message, left = protobuf.message_of(root)
            return protobuf.framed(message, protobuf.STREAM), (*lost, *left)
        root.attributes = {"version": "2.0", **root.attributes}
        return (_DECLARATION + root.text("event")).encode(), tuple(lost)

    @property
    def sender(self) -> Person:
        """Who wrote it: the device that it names as its producer, else itself; its uid is "" if nobody is named.

        Raises:
            Rejected: see `leaves`.
        """
        detail = "event/detail/"
        if self.kind.startswith("a-") and any(p.startswith(detail + "takv") for p in self.leaves):
            return Person(self.uid, self.leaves.get(detail + "contact/@callsign", ""))
        uid = self.leaves.get(detail + "__chat/chatgrp/@uid0") or self._producer() or self.uid
        name = self.leaves.get(detail + "__chat/@senderCallsign") or self.leaves.get(detail + "link/@parent_callsign")
        return Person(uid, name or "")

    def _producer(self) -> str:
        relation = self.leaves.get("event/detail/link/@relation")
        return self.leaves.get("event/detail/link/@uid", "") if relation == "p-p" else ""


# -- departures -------------------------------------------------------------------------------------------------------


def parcels(departure: Departure, at: int) -> tuple[Event, ...]:
    """Return what goes out as events: CoT as it is, a text as a chat to everyone, at ``at`` (microseconds UTC).

    Raises:
        Undelivered: it is in a format that no TAK client reads, or is no CoT; it never will go out in this form.
    """
    if departure.format == "text":
        text = departure.data.decode("utf-8", "replace")
        return tuple(
            Event(chat(Person(EVERYONE, ""), text[start : start + _MAX_TEXT], at))
            for start in range(0, len(text) or 1, _MAX_TEXT)
        )
    try:
        events = tuple(map(Event, _events(departure)))
        return tuple(event for event in events if event.leaves)  # read now, so that no link finds it unreadable
    except Rejected as error:
        raise Undelivered(f"{departure.id} is no event that a TAK client reads: {error}", retry=False) from None


def _events(departure: Departure) -> list[bytes]:
    if departure.format != "cot":
        raise Rejected("format", f"it is {departure.format}", 'set format = "cot" on the channel in the mission file')
    if departure.data[:1] == _BINARY:
        return [protobuf.framed(frame.message, protobuf.STREAM) for frame in protobuf.frames(departure.data)]
    splitter = Splitter()
    found: list[bytes] = []
    for cut in (*splitter.feed(departure.data), *splitter.close()):
        if not isinstance(cut, Found):
            raise cut.error
        found.append(cut.data)
    if not found:
        raise Rejected("event", "there is none")
    return found


# -- names and chats --------------------------------------------------------------------------------------------------


def name_of(data: bytes, uid: str = "") -> str:
    """Return the bearer's name for an event: its uid for a reader, and a hash: the same bytes are the same input."""
    found = uid or ((match := _UID.search(data[:_HEAD])) and match[1].decode("utf-8", "replace")) or "event"
    return f"{_UNSAFE.sub('-', found)[:60]}-{hashlib.sha256(data).hexdigest()[:24]}.cot"


def chat(to: Person, text: str, at: int) -> bytes:
    """Return a GeoChat from us, in XML. The same text at the same time has the same id."""
    message = hashlib.sha256(f"{to.uid}\0{at}\0{text}".encode()).hexdigest()[:32]
    time = stamp(at // 1000 * 1000)
    room = to.callsign or to.uid
    group = xml.element("chatgrp", {"uid0": US, "uid1": to.uid, "id": to.uid})
    about = {"parent": "RootContactGroup", "groupOwner": "false", "messageId": message, "chatroom": room,
             "id": to.uid, "senderCallsign": _CALLSIGN}  # fmt: skip
    detail = xml.element("__chat", about, group)
    detail += xml.element("link", {"uid": US, "type": "a-f-G-U-C", "relation": "p-p"})
    said = {"source": f"BAO.F.ATAK.{US}", "to": to.uid, "time": time}
    detail += xml.element("remarks", said, xml.escaped(text[:_MAX_TEXT]))
    point = xml.element("point", {"lat": "0.0", "lon": "0.0", "hae": "0.0", "ce": "9999999.0", "le": "9999999.0"})
    head = {"version": "2.0", "uid": f"GeoChat.{US}.{to.uid}.{message}", "type": "b-t-f", "how": "h-g-i-g-o",
            "time": time, "start": time, "stale": stamp(at // 1000 * 1000 + _CHAT_LIFE_US)}  # fmt: skip
    return (_DECLARATION + xml.element("event", head, point + xml.element("detail", {}, detail))).encode()
