"""Cursor on Target 2.0 events in XML, as TAK clients send them; several events may follow each other.

Things (``a-*``) become positions, chats messages, ``b-r-f-h-c`` a MEDEVAC request, everything else an observation under
its own type. Each leaf is taken once: by a field, or into ``unmapped``, from where writing puts it back.
Numbers that mean "unknown" (9999999, 999999, a speed of -1) are read as absent.

Source: CoT event base schema 2.0 (MITRE); reference formats.md §2.7, §4.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from adapters import times, xml
from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, content_id, source
from adapters.cot_readers import Leaves, reader
from adapters.cot_writer import write
from schemas.envelope import Envelope, Reality, Source, Unmapped, Warning
from schemas.label import Label
from schemas.registry import pack
from schemas.time import TimeValue

_REALITY: Final[dict[str, Reality]] = {"o": "real", "e": "exercise", "s": "exercise"}  # opex, first letter
_CLOCK_US: Final = 300_000_000  # five minutes (§2.2)


class Cot:
    """The adapter."""

    name = "cot"
    title = "Cursor on Target"
    spec = "CoT event base schema 2.0 (MITRE), as ATAK and WinTAK write it"
    suffixes = (".cot", ".xml")
    reads = frozenset({"position", "observation", "message", "medevac"})
    writes = reads

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 for the start of an event, however it is wrapped; a little for any XML, so that it is told why."""
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<"):
            return 0.0
        if b"<event" in start and b"uid=" in start and b"type=" in start:
            return 1.0
        return 0.3 if suffix == ".cot" else 0.1

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one event, or several that follow each other."""
        if data.count(b"</event") > 1:
            return _several(bounded(data), context)
        message = _event(data, context, source(data, "cot", context))
        return Translation(messages=(message,), losses=message.unmapped, warnings=message.warnings, dialect="xml")

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write events back to back; what was read and not edited leaves byte for byte."""
        return write(messages, originals, self.decode)


COT: Final = Cot()


def _several(data: bytes, context: Context) -> Translation:
    messages: list[Envelope] = []
    losses: list[Loss] = []
    origin = source(data, "cot", context)
    rest = data
    while rest.strip():
        end = rest.find(b">", rest.find(b"</event")) + 1
        part, rest = (rest[:end], rest[end:]) if end else (rest, b"")
        locator = f"event {len(messages) + 1}"
        try:
            message = _event(part, context, msgspec.structs.replace(origin, locator=locator))
        except Rejected as error:
            raise Rejected(f"{locator}: {error.path}", error.why, error.hint) from None
        messages.append(message)
        losses += (Loss(path=f"{locator}: {u.path}", value=u.value, why=u.why) for u in message.unmapped)
    return Translation(messages=tuple(messages), losses=tuple(losses), dialect="xml")


def _event(part: bytes, context: Context, origin: Source) -> Envelope:
    root = xml.parse(part)
    if root.tag != "event":
        raise Rejected(str(root.tag)[:200], "it is no CoT event", "send an <event>, or name the format that it is in")
    leaves = xml.leaves(root)
    take = leaves.pop
    try:
        uid, kind, sent = take("event/@uid"), take("event/@type"), take("event/@time")
    except KeyError as error:
        raise Rejected(str(error.args[0]), "it is missing", "an event has a uid, a type and a time") from None
    if not uid or not kind:
        raise Rejected("event/@uid" if kind else "event/@type", "it is empty", "an event has a uid, a type and a time")
    at = _instant(sent)
    if leaves.get("event/@start") == sent:
        take("event/@start")
    if leaves.get("event/@version") == "2.0":
        take("event/@version")
    warnings: list[Warning] = []
    reality = _reality(leaves, kind, context)
    label = _label(leaves)
    body, unit, summary, texts = reader(kind)(leaves, uid, kind, at, warnings)
    offset = _clock(at, context, warnings)
    identity = f"{uid}/{kind}/{sent}"
    if len(identity) > 200 or not identity.isprintable():
        leaves["event/@uid"] = uid
        identity = content_id(part, origin.locator, "")
    return pack(
        body,
        id=identity,
        originator=context.participant,
        reality=reality,
        received_at=context.received_at or None,
        created=at,
        unit=unit,
        summary=summary,
        texts=texts,
        label=label,
        source=origin if offset is None else msgspec.structs.replace(origin, clock_offset_s=offset),
        unmapped=tuple([Unmapped(path=path, value=value) for path, value in leaves.items()]),
        warnings=tuple(warnings),
    )


def _instant(text: str) -> TimeValue:
    value = times.iso(text)
    if value.utc is None:
        hint = "write the time in UTC, e.g. 2027-03-14T07:00:00Z"
        why = "names no instant"
        if text.startswith("0000"):
            why = "is a placeholder: there is no year 0000"
        elif value.quality == "unknown" and len(text) > 15:
            why = "has no zone"
        raise Rejected("event/@time", f'"{text[:40]}" {why}', hint)
    return value


def _clock(at: TimeValue, context: Context, warnings: list[Warning]) -> float | None:
    """Return receipt minus sending; more than five minutes is worth a look, and never rewritten."""
    if not context.received_at or at.utc is None:
        return None
    offset = context.received_at - at.utc
    if abs(offset) > _CLOCK_US:
        text = f"sent {offset / 1e6:.0f} s before it was received: a wrong clock, or an old event"
        warnings.append(Warning(code="clock", path="event/@time", text=text))
    return offset / 1e6


def _reality(leaves: Leaves, kind: str, context: Context) -> Reality:
    """Return what is stated, by opex, by a simulated origin or by an exercise identity; else the channel's."""
    opex = leaves.get("event/@opex")
    if opex is not None and opex[:1] in _REALITY:
        return _REALITY[opex[:1]]
    if leaves.get("event/@how") == "m-s" or kind[:3] in ("a-j", "a-k"):
        return "exercise"
    return context.reality


_NO_LABEL: Final[Label] = next(f.default for f in msgspec.structs.fields(Envelope) if f.name == "label")  # left out


def _label(leaves: Leaves) -> Label:
    """Take the marking; without one the mission's default holds."""
    take = leaves.pop
    nations = take("event/@releasableTo", None)
    access, caveat = (take(p) if leaves.get(p) else "" for p in ("event/@access", "event/@caveat"))
    if nations is None and not access and not caveat:
        return _NO_LABEL
    listed = None if nations is None else tuple(nations.replace(",", " ").split())
    return Label(releasable_to=listed, classification=access, privacy_mark=caveat, raw=nations or "")
