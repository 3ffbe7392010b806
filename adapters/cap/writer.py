"""Writing alerts: fields first, then every unmapped leaf whose place is still there.

What held for the bytes as received does not come back: a signature, codes of places, content that was cut. Scope is
public only if the sender said so; a label that says nothing restricts an alert to what the mission rules.
Source: OASIS CAP 1.2 §3.2; reference formats.md §6.1.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from adapters import markings
from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.branches import Tree
from adapters.cap import areas, tables
from adapters.cap.drafts import KINDS, Draft, draft
from adapters.cap.identity import OURS, named, triple, written
from adapters.compare import not_carried
from adapters.times import stamped as stamp
from adapters.words import printable
from schemas.envelope import Envelope, LangText, Reference
from schemas.label import Label

Decode = Callable[[bytes, Context], Translation]

_INDEX: Final = re.compile(r"alert/info(?:\[(\d{1,4})\])?/parameter(?:\[(\d{1,4})\])?/")
_SCALES: Final = {"urgency": tables.URGENCY, "severity": tables.SEVERITY, "certainty": tables.CERTAINTY}
_GONE: Final = {
    "identifier": "it named the alert that withdrew, as it was received",
    "geocode": "it named the place as it was received",
    "polygon": "the shapes were put together",
    "circle": "the shapes were put together",
    "digest": "it held for content as it was received",
}


class _Block(NamedTuple):
    """An info block: a language and its texts, and the times that hold for it."""

    lang: str
    texts: tuple[LangText, ...]
    period: tuple[str, str]


def write(messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Decode) -> Encoded:
    """Return the alerts of these messages, one after the other.

    Raises:
        Rejected: none of them can be an alert.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    parts: list[bytes] = []
    losses: list[Loss] = []
    for group in _groups(messages):
        message, found = group[0], draft(group[0])
        if found is None:
            losses.append(Loss(path=message.key, value=message.kind, why="no alert of this format"))
        elif (whole := as_received(group, originals, decode)) is not None:
            parts.append(whole)
        else:
            data, lost = _alert(message, found, replaces=len(group) > 1)
            parts.append(data)
            losses += (*lost, *_not_carried(group, found, data, decode))
    if not parts:
        raise Rejected("messages", "none of them can be an alert", f"kinds that can: {', '.join(sorted(KINDS))}")
    return Encoded(data=b"\n".join(parts), losses=tuple(losses))


def _groups(messages: Sequence[Envelope]) -> Iterator[tuple[Envelope, ...]]:
    """Yield what one alert says: a message, with the withdrawals of what it replaces right behind it."""
    waiting = list(messages)
    while waiting:
        first = waiting.pop(0)
        named_ids = {r.id for r in first.references} if first.status != "cancel" else set()
        group = [first]
        while waiting and waiting[0].status == "cancel" and waiting[0].id in named_ids:
            group.append(waiting.pop(0))
        yield tuple(group)


def _not_carried(group: tuple[Envelope, ...], found: Draft, data: bytes, decode: Decode) -> Iterator[Loss]:
    """Yield what does not come back; of a card, which is never read back as one, what it does not say."""
    message = group[0]
    for category in message.label.categories:
        if category.tag != "code":
            value = ", ".join(category.values)
            yield Loss(path=f"{message.key}: label.{category.tag}", value=value, why="the format has no place for it")
    if message.kind in ("alert", "finding"):
        yield from (
            Loss(path=f"{message.key}: body.{name}", value="", why="the format has no place for it")
            for name in found.lost
        )
        if message.ack_required:
            yield Loss(path=f"{message.key}: ack_required", value="True", why="the format has no place for it")
    else:
        yield from not_carried(group, data, decode)


def _alert(message: Envelope, found: Draft, *, replaces: bool) -> tuple[bytes, list[Loss]]:
    tree = Tree()
    lost: list[Loss] = []
    tree.attributes["xmlns"] = tables.NAMESPACE
    sent = written(message.created) or stamp(message.received_at or 0)
    for name, value in _head(message, found, sent, replaces, lost):
        tree.put(name, printable(value))
    blocks = _blocks(message, found) if found.category else ()
    for n, block in enumerate(blocks, 1):
        for name, value in _info(message, found, block, n):
            tree.put(f"info[{n}]/{name}", printable(value))
    for leaf in message.unmapped:
        why = _put_back(tree, leaf.path, leaf.value, leaf.why)
        if why:
            lost.append(Loss(path=f"{message.key}: {leaf.path}", value=leaf.value, why=why))
    return ('<?xml version="1.0" encoding="UTF-8"?>' + tree.text("alert", tables.ORDER)).encode(), lost


# -- the head ---------------------------------------------------------------------------------------------------------


def _head(
    message: Envelope, found: Draft, sent: str, replaces: bool, lost: list[Loss]
) -> Iterator[tuple[str, str]]:  # fmt: skip
    sender, identifier, _ = triple(message.id, message.revision, message.originator, sent)
    message_type = found.message_type
    if message_type == "Alert" and (replaces or message.revision > 1):
        message_type = "Update"
    yield from (("identifier", identifier), ("sender", sender), ("sent", sent))
    yield from (("status", tables.STATUS[message.reality]), ("msgType", message_type))
    yield from _scope(message.label, found)
    codes = [v for c in message.label.categories if c.tag == "code" for v in c.values]
    if message.precedence is not None:
        codes.append(f"{tables.PRECEDENCE_CODE}{message.precedence}")
    yield from ((f"code[{n}]", code) for n, code in enumerate((*codes, *found.codes), 1))
    notes = [t.text for t in message.texts if t.role == "remarks"]
    if note := found.note or "\n".join(notes):
        yield "note", note
    references = _references(message, found, message_type, sent, lost)
    if references:
        yield "references", " ".join(references)
    incidents = [r.id for r in message.references if r.note == "incident"]
    if incidents:
        yield "incidents", " ".join(map(_quoted, incidents))


def _scope(label: Label, found: Draft) -> Iterator[tuple[str, str]]:
    said = label.releasable_to is not None or label.classification or label.privacy_mark
    addresses = found.only if found.only is not None else label.releasable_to if label.raw == "Private" else None
    if addresses is not None:
        yield "scope", "Private"
        yield "addresses", " ".join(map(_quoted, addresses))
    elif label.raw == "Public" and not said:
        yield "scope", "Public"
    else:
        yield "scope", "Restricted"
        yield "restriction", markings.write(label)


def _references(message: Envelope, found: Draft, message_type: str, sent: str, lost: list[Loss]) -> list[str]:
    """Return the alerts that it names. When an earlier issue was sent is not known here: it gets the time of this."""
    listed = [r for r in message.references if r.note != "incident" and r.id != message.id]
    listed += found.of
    if message_type in ("Update", "Cancel") and (message.revision > 1 or message_type == "Cancel"):
        listed.insert(0, Reference(id=message.id, revision=max(1, message.revision - 1)))
    parts: dict[str, None] = {}
    for reference in listed:
        sender = reference.originator or message.originator
        whole = triple(reference.id, max(1, reference.revision), sender, sent)
        if named(*whole).id != reference.id:
            why = "its id is too long to be written"
            lost.append(Loss(path=f"{message.key}: references", value=reference.id, why=why))
        elif whole[1].startswith(OURS):
            why = "when it was sent is not known here: match it by its sender and identifier"
            lost.append(Loss(path=f"{message.key}: references", value=",".join(whole), why=why))
        parts[",".join(whole)] = None
    return list(parts)


def _quoted(name: str) -> str:
    return f'"{name.replace(chr(34), "")}"' if " " in name else name


# -- info blocks ------------------------------------------------------------------------------------------------------


def _blocks(message: Envelope, found: Draft) -> Sequence[_Block]:
    """Return a block a language and period: texts stay together until a role comes again or the language changes."""
    groups: list[tuple[str, list[LangText]]] = []
    for text in [t for t in found.texts or message.texts if t.role != "remarks"]:
        lang = text.lang or message.lang
        if not groups or groups[-1][0] != lang or text.role in {t.role for t in groups[-1][1]}:
            groups.append((lang, []))
        groups[-1][1].append(text)
    count = max(1, len(groups), len(found.periods))
    groups += [(message.lang, [])] * (count - len(groups))
    periods = found.periods + (found.periods[0],) * (count - len(found.periods))
    return [_Block(lang, tuple(texts), period) for (lang, texts), period in zip(groups, periods, strict=True)]


def _info(message: Envelope, found: Draft, block: _Block, number: int) -> Iterator[tuple[str, str]]:
    scales = found.appraisal
    yield from (("category", found.category), ("event", found.event))
    yield "urgency", scales.urgency or "Unknown"
    yield "severity", scales.severity or "Unknown"
    yield "certainty", scales.certainty or "Unknown"
    own_expiry = any(leaf.path in _expiry(number) for leaf in message.unmapped)  # of the alert, not of the event
    expires = "" if own_expiry else block.period[1]
    ending = ((tables.ENDING_PARAMETER, block.period[1]),) if own_expiry and block.period[1] else ()
    roles = {"title": "headline", "body": "description", "instruction": "instruction"}
    optional = (
        ("language", block.lang), ("responseType", found.response), ("onset", block.period[0]),
        ("expires", expires), ("contact", found.contact),
        ("senderName", message.unit.name if message.unit else ""), *((roles[t.role], t.text) for t in block.texts),
    )  # fmt: skip
    yield from ((name, value) for name, value in optional if value)
    for n, (name, value) in enumerate((*found.parameters, *ending), _free_parameter(message, number)):
        yield from ((f"parameter[{n}]/valueName", name), (f"parameter[{n}]/value", value))
    yield from ((f"area/{name}", value) for name, value in areas.write(found.area, found.altitude, found.place))


def _expiry(number: int) -> tuple[str, ...]:
    return (f"alert/info[{number}]/expires", *(("alert/info/expires",) if number == 1 else ()))


def _free_parameter(message: Envelope, n: int) -> int:
    """Return the first number of a parameter that no unmapped one has."""
    found = (_INDEX.match(leaf.path) for leaf in message.unmapped)
    used = [int(m[2] or 1) for m in found if m is not None and int(m[1] or 1) == n]
    return max(used, default=0) + 1


def _put_back(tree: Tree, path: str, value: str, why: str) -> str:
    """Put an unmapped leaf back at its place; return why not, or ""."""
    root, _, below = path.partition("/")
    steps = [step.partition("[")[0] for step in below.split("/")]
    if root != "alert" or not below:
        return "it came from another format"
    gone = next((text for name, text in _GONE.items() if name in steps), "")
    if gone or why:
        return gone or why
    if value not in _SCALES.get(steps[-1], (value,)):
        return "it is none of the words that an alert may use there"
    if "area" in steps and not tree.holds("/".join(below.split("/")[:2])):
        return "the areas were put together"
    if steps[0] == "info" and not tree.holds(below.partition("/")[0]):
        return "the block of information that it stood in is gone"
    if ":" in below or not tree.put(below, value):
        return "it has no place in an alert"
    return ""
