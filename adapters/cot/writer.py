"""Writing Cursor on Target, in XML or protobuf: fields first, then every unmapped leaf at the place it came from.

A leaf whose path the fields have filled already is not written twice; what no event can hold is a loss, found by
reading the event again. Source: CoT event base schema 2.0 (MITRE); reference formats.md §4.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.cot import protobuf, wire
from adapters.cot.fields import LINK
from adapters.cot.leaves import Event, event_of
from adapters.cot.tables import KINDS, OTHERWISE
from adapters.cot.tree import Node, Tree
from adapters.fields import WITHHELD
from schemas.envelope import Envelope
from schemas.registry import body

Decode = Callable[[bytes, Context], Translation]

XML: Final = "xml"
WRITES: Final = frozenset(KINDS.values()) | {OTHERWISE, "hazard"}
_DIALECTS: Final = (XML, protobuf.STREAM, protobuf.MESH)
_VERTEX: Final = "event/detail/shape/polyline/"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def write(messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Decode, dialect: str = "") -> Encoded:
    """Return the events of these messages, back to back.

    Raises:
        Rejected: none of them can be an event, or nobody knows the dialect.
    """
    if dialect and dialect not in _DIALECTS:
        raise Rejected("dialect", f'"{dialect}" is not known', f"known are: {', '.join(_DIALECTS)}")
    chosen = dialect or _dialect(messages)
    if messages and chosen == _dialect(messages) and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    parts: list[bytes] = []
    losses: list[Loss] = []
    for message in messages:
        if message.kind not in WRITES and message.status != "cancel":
            losses.append(Loss(path=message.key, value=message.kind, why="no event of this format"))
            continue
        whole = None if chosen != _dialect((message,)) else as_received((message,), originals, decode)
        data, lost = (whole, ()) if whole is not None else _written(message, chosen, decode)
        parts += [data] if data else []
        losses += lost
    if not parts:
        why = "; ".join(f"{lost.path}: {lost.why}" for lost in losses[:3])
        raise Rejected(
            "messages", f"none of them can be a CoT event ({why[:500]})", f"kinds: {', '.join(sorted(WRITES))}"
        )
    if chosen == protobuf.MESH and len(parts) > 1:
        raise Rejected("messages", "a mesh datagram holds one event", "write them one by one, or as a stream")
    return Encoded(data=(b"\n" if chosen == XML else b"").join(parts), losses=tuple(losses))


def _dialect(messages: Sequence[Envelope]) -> str:
    """Return the dialect that all of these were read in; XML if they were not."""
    found = {m.source.dialect if m.source and m.source.format == "cot" else "" for m in messages}
    only = found.pop() if len(found) == 1 else ""
    return only if only in _DIALECTS else XML


def _written(message: Envelope, dialect: str, decode: Decode) -> tuple[bytes, Sequence[Loss]]:
    """Return one event and what it cannot carry; no bytes if it cannot be one."""
    try:
        event = event_of(message, body(message))
    except Rejected as error:
        return b"", (Loss(path=f"{message.key}: {error.path}", value=message.kind, why=error.why),)
    tree, lost = _tree(message, event)
    root = tree.root.children["event"][0]
    if dialect == XML:
        data = (_DECLARATION + root.text("event")).encode()
    else:
        data, left = _protobuf(root, dialect)
        lost += (Loss(path=f"{message.key}: {p}", value=v, why="protobuf has no field for it") for p, v in left.items())
        if len(data) > wire.MAX_WRITTEN:
            why = f"{len(data)} bytes is more than the {wire.MAX_WRITTEN} that TAK servers take"
            return b"", (*lost, Loss(path=message.key, value=message.kind, why=why))
    return data, (*lost, *not_carried((message,), data, decode))


def _protobuf(root: Node, dialect: str) -> tuple[bytes, dict[str, str]]:
    message, left = protobuf.message_of(root)
    return protobuf.framed(message, dialect), left


def _tree(message: Envelope, event: Event) -> tuple[Tree, list[Loss]]:
    lost: list[Loss] = []
    leaves = {**event.usual, **event.said}
    for leaf in message.unmapped:
        path, value = leaf.path, leaf.value
        if not path.startswith("event/"):
            own = message.source is not None and message.source.format == "cot"
            why = "it stands beside the event" if own else "it came from another format"
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why=why))
        elif value == WITHHELD:
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why="it may name a person"))
        elif path.startswith(_VERTEX) and any(p.startswith(LINK) and p.endswith("/@point") for p in event.said):
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why="its corner is drawn anew"))
        elif path in event.said and event.said[path] != value:
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why="a field of the message says otherwise"))
        else:
            leaves[path] = value
    tree = Tree()
    for path, value in leaves.items():
        if not tree.put(path, value):
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why="it has no place in an event"))
    return tree, lost
