"""What steers a TAK connection: pings and the negotiation of the protocol. Answered on the link, never published.

Pure: the channel says who it is and what time it is. Not answering an offer is legal and means: stay in XML.
Source: reference formats.md §4.1 (t-x-c-t, t-x-takp), §4.2 (negotiation).
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from adapters import xml
from adapters.base import Rejected
from adapters.cot import protobuf, wire
from adapters.cot.texts import stamp
from adapters.cot.tree import Node, Tree

Control = Literal["", "ping", "pong", "version"]
Step = Literal["", "offer", "request", "accepted", "refused"]

VERSION: Final = 1  # of the TAK protocol
OFFER_VALID_S: Final = 60.0  # an offer that nobody takes within this lapses: the link stays in XML

_PING: Final = "t-x-c-t"
_PONG: Final = "t-x-c-t-r"
_OFFER: Final = "t-x-takp-v"
_REQUEST: Final = "t-x-takp-q"
_RESPONSE: Final = "t-x-takp-r"
_CONTROLS: Final[dict[str, Control]] = {
    _PING: "ping", _PONG: "pong", _OFFER: "version", _REQUEST: "version", _RESPONSE: "version",
}  # fmt: skip
_HEAD: Final = 4_096
_TYPE: Final = re.compile(rb"<event\s(?:[^<>]{0,2000}?\s)?type\s{0,8}=\s{0,8}[\"']([^\"'<>]{1,40})[\"']")
_SUPPORT: Final = "event/detail/TakControl/TakProtocolSupport/@version"
_ASKED: Final = "event/detail/TakControl/TakRequest/@version"
_ANSWERED: Final = "event/detail/TakControl/TakResponse/@status"
_LIFE_US: Final = 60_000_000


class Offer(NamedTuple):
    """A step of the negotiation, and the version it speaks of (0: none)."""

    step: Step = ""
    version: int = 0


def control(event: bytes) -> Control:
    """Return whether an event, in XML or in a protobuf frame, steers the link: a ping, its answer, or negotiation."""
    return _CONTROLS.get(_kind(event), "")


def negotiation(event: bytes) -> Offer:
    """Return the step of the negotiation that an event is; one that cannot be read is none."""
    kind = _kind(event)
    if kind not in (_OFFER, _REQUEST, _RESPONSE):
        return Offer()
    try:
        leaves = xml.leaves(xml.parse(event)) if event.lstrip()[:1] == b"<" else _frame(event)
    except Rejected:
        return Offer()
    if kind == _RESPONSE:
        return Offer("accepted" if leaves.get(_ANSWERED, "").lower() == "true" else "refused")
    text = leaves.get(_SUPPORT if kind == _OFFER else _ASKED, "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return Offer("offer" if kind == _OFFER else "request", version)


def ping(uid: str, at: int) -> bytes:
    """Return the question whether the other side is still there, by whoever has this uid."""
    return _event(uid, _PING, at, {})


def pong(uid: str, at: int, dialect: str = "xml") -> bytes:
    """Return the answer to a ping, by whoever has this uid, at ``at`` (microseconds UTC)."""
    return _event(uid, _PONG, at, {}, dialect)


def offer(uid: str, at: int) -> bytes:
    """Return what a server says after a connection is made: that it can speak protobuf as well."""
    return _event(uid, _OFFER, at, {_SUPPORT: str(VERSION)})


def request(uid: str, at: int) -> bytes:
    """Return what a client says to an offer that it takes."""
    return _event(uid, _REQUEST, at, {_ASKED: str(VERSION)})


def response(uid: str, at: int, accepted: bool) -> bytes:
    """Return what a server says to a request; if it accepts, both sides go on in protobuf."""
    return _event(uid, _RESPONSE, at, {_ANSWERED: "true" if accepted else "false"})


def _kind(event: bytes) -> str:
    if event[:1] == bytes([wire.MAGIC]):
        try:
            return _frame(event).get("event/@type", "")
        except Rejected:
            return ""
    match = _TYPE.search(event[:_HEAD])
    return match[1].decode("ascii", "replace") if match else ""


def _frame(event: bytes) -> dict[str, str]:
    first = next(protobuf.frames(event), None)
    return protobuf.leaves_of(first.message) if first else {}


def _event(uid: str, kind: str, at: int, more: Mapping[str, str], dialect: str = "xml") -> bytes:
    time = stamp(at // 1000 * 1000)
    leaves = {
        "event/@version": "2.0", "event/@uid": uid, "event/@type": kind, "event/@how": "m-g",
        "event/@time": time, "event/@start": time, "event/@stale": stamp(at // 1000 * 1000 + _LIFE_US),
        **{f"event/point/@{name}": "0.0" for name in ("lat", "lon", "hae")},
        **{f"event/point/@{name}": "9999999.0" for name in ("ce", "le")},
        **more,
    }  # fmt: skip
    tree = Tree()
    for path, value in leaves.items():
        tree.put(path, value)
    root: Node = tree.root.children["event"][0]
    if dialect != "xml":
        return protobuf.framed(protobuf.message_of(root)[0], dialect)
    return ('<?xml version="1.0" encoding="UTF-8"?>' + root.text("event")).encode()
