"""The short form: one message in at most 270 bytes, or in some parts of that size, for SMS and satellite burst.

1. A person can write it on a phone and read it aloud; a program reads the same, field by field (`wire`, `tables`).
2. Digits of any writing system, small letters, blanks and broken lines are read; words after the id as far as they are
   plain, with a warning for each value (`typed`). Nothing else is guessed.
3. Times carry their zone letter, places their hemispheres. A wrong check refuses the message; none is warned of.
4. Cards and findings go out in one part, always: what does not fit is a loss (`cards`). They are never read.

Rooms: `wire` cuts and joins, `values` and `shapes` are the codecs, `tables` the letters, `bodies` and `frame` read and
write with them. Source: domain.md R-23, R-27, §6.4; the letters are ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received, bounded, source
from adapters.compare import not_carried
from adapters.short import bodies, cards, frame, typed, wire
from adapters.short.tables import BODIES, HEADS, POINTS_AT
from adapters.short.tables import SLOTS as LETTERS
from adapters.words import decoded, plain
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.base import Message
from schemas.envelope import Envelope, Reference, Warning
from schemas.notices import Cancellation
from schemas.reports import PositionReport

MAX_MESSAGES: Final = 50  # of one input
_MEND: Final = "write a head word, the id and fields between slashes: CFV CFV-0315-1/T150605ZMAR27/P2.2680N27.1690W"


class Short:
    """The adapter."""

    name = "short"
    title = "Short form for SMS and satellite burst"
    spec = "our own: parts of at most 270 bytes, head and lettered fields, CRC-16/XMODEM; see deploy/README.md"
    suffixes = (".sms", ".sbd")
    reads = frozenset(BODIES)
    writes = frozenset(BODIES) | cards.KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: it begins as a part, or with a head word; the check or a field makes it certain."""
        try:
            text = decoded(head[: len(head) - len(head) % 4] if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head).text
        except Rejected:
            return 0.0
        first = next((line for line in text.splitlines() if line.strip()), "")
        if wire.part(first) is not None:
            return 0.96
        if not frame.BEGINS.match(plain(first)):
            return 0.3 if suffix in self.suffixes else 0.0
        if "/" in plain(text) and not typed.has_labels(text):
            return 0.96
        return 0.0 if typed.has_labels(text) else 0.92

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate the messages of one input, in parts or whole."""
        if len(bounded(data)) > wire.MAX_INPUT:
            why = f"{len(data)} bytes is more than {wire.MAX_INPUT}"
            raise Rejected("input", why, "the short form is for short messages: send a file")
        opened = decoded(data)
        found = list(wire.chunks(opened.text, frame.BEGINS))
        if not found or len(found) > MAX_MESSAGES:
            raise Rejected("input", f"it holds {len(found)} messages", f"send 1 to {MAX_MESSAGES}; {_MEND}")
        several = len(found) > 1
        read = [
            _message(chunk, f"message {n}: " if several else "", data, context, opened.encoding, opened.warnings)
            for n, chunk in enumerate(found, 1)
        ]
        return Translation(
            messages=tuple(read),
            losses=tuple(dict.fromkeys(loss for m in read for loss in m.unmapped)),
            warnings=tuple(dict.fromkeys(w for m in read for w in m.warnings)),
            dialect=",".join(dict.fromkeys(m.source.dialect for m in read if m.source))[:200],
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one part a line; what was read and not edited leaves byte for byte."""
        if messages and (whole := as_received(messages, originals, self.decode)) is not None:
            return Encoded(data=whole)
        lines: list[str] = []
        losses: list[Loss] = []
        keys: set[str] = set()
        for message in messages:
            if message.kind not in self.writes:
                losses.append(Loss(path=message.key, value=message.kind, why="no short form for this kind"))
                continue
            written, left = self._parts(message, keys)
            lines += written
            losses += left
        if not lines:
            why = losses[0].why if losses else "there is nothing to write"
            raise Rejected("messages", why, f"kinds with a short form: {', '.join(sorted(self.writes))}")
        return Encoded(data="".join(f"{line}\n" for line in lines).encode(), losses=tuple(dict.fromkeys(losses)))

    def _parts(self, message: Envelope, keys: set[str]) -> tuple[list[str], list[Loss]]:
        """Return the parts of one message, without what makes it longer than nine of them, and its losses."""
        if message.kind in cards.KINDS:
            text, left = cards.write(message)
            return [text], left
        head, fields, left = _written(message)
        key = wire.key_of(message.key)
        key = wire.key_of(f"{message.key} {message.kind}" if key in keys else message.key)
        keys.add(key)
        while not (parts := wire.parts(wire.message(head, fields), key)) and fields:
            dropped = max(fields, key=lambda pair: len(pair[1]))
            fields.remove(dropped)
            why = f"it does not fit into {wire.MAX_PARTS} parts of {wire.MAX_PART} bytes"
            left.append(Loss(path=f"{message.key}: field {dropped[0]}", value=dropped[1], why=why))
        if not parts:
            return [], [Loss(path=message.key, value=message.kind, why="its id is too long for a short message")]
        return parts, [*left, *not_carried((message,), "\n".join(parts).encode(), self.decode)]


SHORT: Final = Short()


# -- reading ----------------------------------------------------------------------------------------------------------


def _message(
    chunk: wire.Chunk, where: str, data: bytes, context: Context, encoding: str, odd: tuple[Warning, ...]
) -> Envelope:
    """Make the message of one text."""
    first, fields = wire.fields(chunk.text)
    head = frame.head(first, where)
    kind = HEADS[head.word].kind
    common, own = frame.read(fields, context, where)
    prose = typed.read(head, own, context, where)
    taken = bodies.take(LETTERS[kind], own, context, where)
    name = frame.named(head, common.values, data, where, context)
    body, revision = _body(head, name, {**prose.values, **taken.values}, where)
    warnings = [*odd, *common.warnings, *prose.warnings, *taken.warnings, *_doubts(chunk, head, kind, where)]
    attributes = frame.attributes(common.values, kind, revision, head.withdrawn, context)
    left = [*common.left, *prose.left, *taken.left]
    if head.withdrawn:
        why = "what is withdrawn has no other fields"
        left += [Loss(path=where + f.path, value=f.text, why=why) for f in own if f.code != "W"]
    packed = registry.pack(
        body,
        kind=kind,
        id=name.id,
        revision=revision,
        originator=context.participant,
        reality=head.reality or context.reality,
        received_at=context.received_at or None,
        source=source(data, "short", context, dialect=head.word.lower(), encoding=encoding, locator=where[:-2]),
        unmapped=tuple(left),
        warnings=tuple(warnings),
        **attributes,
    )
    try:
        return registry.envelope(registry.encode(packed))
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise Rejected(f"{where}fields", str(error)[:300], "check ids and names of participants") from None


def _body(head: frame.Head, name: frame.Named, values: dict[str, Any], where: str) -> tuple[Message, int]:
    """Return the body of a message, and its revision: a position without one counts by its time, as in CoT."""
    kind = HEADS[head.word].kind
    if head.withdrawn:
        words = next((values.get(s.path) for s in LETTERS[kind] if s.code == "W"), None)
        return Cancellation(reason=words if isinstance(words, str) else ""), name.revision
    if name.points_at is not None and kind == "acknowledgement":
        values["of"] = Reference(id=name.points_at.id, revision=name.points_at.revision)
    elif name.points_at is not None:
        values["alert"], values["seen_rev"] = name.points_at.id, name.points_at.revision or 1
    if head.word == frame.STATUS:
        values.setdefault("about", head.id)
    body = bodies.body(head.word, name.id, values, where)
    if isinstance(body, PositionReport) and head.revision is None and body.at.utc is not None:
        return body, max(1, body.at.utc // 1000)
    return body, name.revision


def _doubts(chunk: wire.Chunk, head: frame.Head, kind: str, where: str) -> Iterator[Warning]:
    """Yield what should be looked at about a message as a whole."""
    if not chunk.checked:
        yield Warning(code="no-check", path=f"{where}check", text="it has no check at its end: read it back by voice")
    if head.word == frame.STATUS:
        text = "it is kept as an observation: what is written of it changes by a new revision with all its fields"
        yield Warning(code="status-only", path=f"{where}head", text=text)
    if kind == "action" and head.revision is None and head.id:
        text = "it does not say which revision of the card was seen; revision 1 is taken"
        yield Warning(code="no-revision", path=f"{where}head", text=text)


# -- writing ----------------------------------------------------------------------------------------------------------


def _written(message: Envelope) -> tuple[str, list[tuple[str, str]], list[Loss]]:
    """Return the head of a message, its fields, and what has no short form."""
    body = registry.body(message)
    losses = list(frame.not_carried(message))
    if isinstance(body, Cancellation):
        word = next(name for name, head in HEADS.items() if head.kind == message.kind)
        head, fields = frame.line(message, word, None)
        said = [("W", wire.clean(body.reason))] if body.reason else []
        return head, [*fields, *said, *frame.fields(message)], losses
    word = bodies.head_of(body)
    head, fields = frame.line(message, word, _points_at(message, body))
    for code, value, slot in bodies.said(body, word):
        if slot.path == "subject" and value == f";I{message.id}":
            continue  # it is read from the head
        if value:
            fields.append((code, value))
        else:
            losses.append(Loss(path=f"{message.key}: body.{slot.path}", value=_shown(body, slot.path), why=_NO_FORM))
    return head, [*fields, *frame.fields(message)], losses


_NO_FORM: Final = "it has no short form as it is"


def _points_at(message: Envelope, body: Message) -> Reference | None:
    if message.kind not in POINTS_AT:
        return None
    if isinstance(body, Action):
        return Reference(id=body.alert, revision=body.seen_rev)
    return body.of if isinstance(body, Acknowledgement) else None


def _shown(body: Message, path: str) -> str:
    value = getattr(body, path.partition(".")[0])
    return msgspec.json.encode(value).decode()[:2_000]
