"""What the bus says, each in one part of 270 bytes: cards, findings, receipts, refusals, presence.

A card always has its severity, kind, parties, earliest time, place, deadline, and the answer to send. Where names are
too long they are cut and end in ``~``; words are left out first. All that did not go is listed as losses. The bus never
reads these: `parse` is for programs at the other end, and for proof.

::

    ALERT 3f0c...:2/SEXTREME/Kincompatible-activities/BXES-ISR-214,XFA-HAZ-0314-2/T142000ZMAR27/NFalcon range/
    D141730ZMAR27/QACK 3f0c...:2*77A0
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import Context, Loss, Rejected
from adapters.short import wire
from adapters.short.values import EXACT, MICROS, POSITION, Reading, degrees, group, identified, identity, listed
from adapters.words import decoded
from schemas import registry
from schemas.acknowledgements import Receipt, Refusal
from schemas.alerts import Alert
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.findings import SEVERITIES, Finding
from schemas.geo import Pair
from schemas.operations import Presence

KINDS: Final = frozenset({"alert", "finding", "receipt", "refusal", "presence"})
_LIST: Final = listed(EXACT)
_CUT: Final = "~"
_MARKS: Final = {"exercise": "EXER ", "test": "TEST "}
_OVER: Final = frozenset({"resolved", "cancelled", "superseded"})
_LISTS: Final = "BI"
_SHORTEST: Final = 12  # characters that a name keeps


class Said(NamedTuple):
    """A field of a card: what it carries (paths of the body), and how dear it is.

    ``rank`` 0 stays as it is; 1 stays and may be cut; from 2 on it goes, the highest first.
    """

    code: str
    value: str
    paths: tuple[str, ...]
    rank: int = 0


class Card(NamedTuple):
    """What a part of ours says. Times are microseconds UTC; "" and None were not said."""

    head: str
    id: str
    revision: int
    severity: str = ""
    kind: str = ""
    parties: tuple[str, ...] = ()
    earliest: int | None = None
    place: str = ""
    at: Pair | None = None
    deadline: int | None = None
    state: str = ""
    reply: str = ""
    words: str = ""
    others: tuple[tuple[str, str], ...] = ()


# -- writing ----------------------------------------------------------------------------------------------------------


def write(message: Envelope) -> tuple[str, list[Loss]]:
    """Return what a message of the bus is in one part, and what did not go into it.

    Raises:
        Rejected: its id alone is too long.
    """
    body = registry.body(message)
    head, fields = _fields(message, body)
    head = _MARKS.get(message.reality, "") + head
    kept, cut = fitted(head, [f for f in fields if f.value])
    carried = {path for field in kept for path in field.paths}
    losses = [
        Loss(path=f"{message.key}: body.{path}", value=value, why="it does not fit, or has no short form")
        for path, value in _leaves(msgspec.to_builtins(body))
        if path not in carried and path.partition("[")[0] not in carried
    ]
    losses += (Loss(path=f"{message.key}: field {f.code}", value=f.value, why="it was cut to fit") for f in cut)
    return wire.message(head, [(f.code, f.value) for f in kept]), losses


def fitted(head: str, fields: list[Said]) -> tuple[list[Said], list[Said]]:
    """Return the fields as they fit into one part, and those that were cut, as they were.

    Raises:
        Rejected: what must stay does not fit.
    """
    kept = list(fields)
    while _size(head, kept) > wire.MAX_PART and (spare := [f for f in kept if f.rank > 1]):
        kept.remove(max(spare, key=lambda f: f.rank))
    cut: dict[str, Said] = {}
    while (over := _size(head, kept) - wire.MAX_PART) > 0:
        long = [f for f in kept if f.rank == 1 and len(f.value) > _SHORTEST * (1 + f.value.count(","))]
        if not long:
            raise Rejected("id", "it is too long for a part of 270 bytes", "send it in another format")
        widest = max(long, key=lambda f: len(f.value.encode()))
        cut.setdefault(widest.code, widest)
        kept[kept.index(widest)] = widest._replace(value=_shorter(widest, over))
    return kept, list(cut.values())


def _size(head: str, fields: Iterable[Said]) -> int:
    return len(wire.message(head, [(f.code, f.value) for f in fields]).encode())


def _shorter(field: Said, over: int) -> str:
    """Return a value that is shorter by at least a character; of a list the longest element is cut."""
    parts = wire.apart(field.value, ",") if field.code in _LISTS else [field.value]
    longest = max(range(len(parts)), key=lambda n: len(parts[n]))
    name = parts[longest].rstrip(_CUT)
    size = max(_SHORTEST - 1, len(name) - max(2, min(over + 1, len(name) // 4)))
    parts[longest] = name[:size].rstrip() + _CUT
    return wire.joined(parts, ",") if field.code in _LISTS else parts[0]


def _fields(message: Envelope, body: Message) -> tuple[str, list[Said]]:
    """Return the head of a message of the bus, and its fields in order."""
    match body:
        case Alert():
            return f"ALERT {identity(body.id, body.rev)}", list(_alert(body))
        case Finding():
            return f"FINDING {identity(body.id, message.revision)}", list(_finding(body))
        case Receipt():
            return f"RECEIPT {_name(message.id)}", list(_receipt(body))
        case Refusal():
            return f"REFUSED {_name(body.input)}", list(_refusal(body))
        case Presence():
            return f"PRESENCE {_name(body.participant)}", list(_presence(body))
        case _:
            raise Rejected("kind", f'"{message.kind}" is nothing that the bus says', "use another format")


def _name(text: str) -> str:
    flat = "-".join(wire.clean(text).split())
    return flat if len(flat) <= 64 else flat[:63] + _CUT


def _alert(card: Alert) -> Iterator[Said]:
    kinds = [m.finding_kind for m in sorted(card.members, key=lambda m: SEVERITIES.index(m.severity))]
    kinds = list(dict.fromkeys(kinds)) or [card.alert_kind]
    due = min((t.due for t in card.told if t.due is not None and t.acknowledged_at is None), default=None)
    yield Said("S", card.severity.upper(), ("severity",))
    yield Said("K", kinds[0], ("alert_kind", "id", "rev"))
    yield Said("O", card.work if card.work != "raised" else "", ("work",))
    yield from _who(card.parties or ((card.about,) if card.about else ()), "parties" if card.parties else "about")
    yield Said("T", _instant(card.event_from), ("event_from",))
    yield Said("N", wire.clean(card.place), ("place",), 1)
    yield Said("D", _instant(due), ("told[].due",))
    yield Said("Q", "" if card.work in _OVER else f"ACK {identity(card.id, card.rev)}", ())
    yield Said("A", card.arbiter, ("arbiter",), 3)
    yield Said("U", _instant(card.event_to), ("event_to",), 4)
    yield Said("P", _pair(card.at), ("at",), 5)
    yield Said("M", _LIST.write(kinds[1:]), (), 6)
    yield Said("W", wire.clean(card.headline), ("headline",), 8)
    yield Said("H", wire.clean(card.next_step), ("next_step",), 9)


def _finding(of: Finding) -> Iterator[Said]:
    starts = [w.start_earliest for w in (of.evidence.overlap, *(p.window for p in of.parties)) if w]
    first = next((s for s in starts if s is not None), None)
    yield Said("S", of.severity, ("severity",))
    yield Said("K", of.finding_kind, ("finding_kind", "id"))
    yield Said("O", of.state if of.state != "open" else "", ("state",))
    yield from _who([p.id or p.issuer for p in of.parties], "parties[].id")
    yield Said("T", _instant(first), ("evidence.overlap.start_earliest",))
    yield Said("N", wire.clean(of.evidence.place), ("evidence.place",), 1)
    yield Said("Q", f"settle with {of.arbiter}" if of.arbiter else "see its card", ("arbiter",), 1)
    yield Said("U", _LIST.write(of.waits_for), ("waits_for",), 3)
    yield Said("P", _pair(of.evidence.at), ("evidence.at",), 5)
    yield Said("C", of.certainty, ("certainty",), 6)
    yield Said("W", wire.clean(of.sentence), ("sentence",), 8)


def _who(parties: Iterable[str], path: str) -> Iterator[Said]:
    """Yield who against whom: the first two, and how many more there are."""
    names = list(parties)
    yield Said("B", _LIST.write(names[:2]), (path,) if len(names) <= 2 else (), 1)
    yield Said("E", f"{len(names) - 2}" if len(names) > 2 else "", ())


def _receipt(of: Receipt) -> Iterator[Said]:
    ids = [i for answer in of.answers for i in answer.ids]
    warnings = [f"{w.path}: {w.text}" for answer in of.answers for w in answer.warnings]
    positions, lost = sum(a.positions for a in of.answers), sum(a.losses for a in of.answers)
    yield Said("I", _LIST.write(ids[:6]), ("answers[].ids",) if len(ids) <= 6 else (), 1)
    yield Said("E", f"{len(ids) - 6}" if len(ids) > 6 else "", ())
    yield Said("P", f"{positions}" if positions else "", ("answers[].positions",), 3)
    yield Said("L", f"{lost}" if lost else "", ("answers[].losses",), 2)
    yield Said("W", wire.clean("; ".join(warnings)), ("answers[].warnings",), 8)


def _refusal(of: Refusal) -> Iterator[Said]:
    yield Said("F", wire.clean(of.path), ("path", "input"), 1)
    yield Said("W", wire.clean(of.why), ("why",), 1)
    yield Said("H", wire.clean(of.hint), ("hint",), 1)


def _presence(of: Presence) -> Iterator[Said]:
    yield Said("O", of.state, ("state", "participant"))
    yield Said("T", _instant(of.at), ("at",))
    yield Said("U", _instant(of.last_seen), ("last_seen",), 2)
    yield Said("R", f"{of.read_up_to}" if of.read_up_to else "", ("read_up_to",), 3)


def _instant(at: int | None) -> str:
    return "" if at is None else group(at - at % 1_000_000)


def _pair(at: Pair | None) -> str:
    return "" if at is None else degrees(at[1], at[0])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of a body by path; entries of a list share one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple) and any(isinstance(v, dict) for v in value):
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    elif value not in (None, "", [], ()):
        yield path, str(value)[:500]


# -- reading what we wrote --------------------------------------------------------------------------------------------


def parse(data: bytes) -> Card:
    """Return what one part of ours says.

    Raises:
        Rejected: it is none, or was changed on the way.
    """
    chunk = next(wire.chunks(decoded(data).text, _ANY), wire.Chunk("", False))
    head, fields = wire.fields(chunk.text)
    words = head.split()
    words = words[1:] if words[:1] and words[0].upper() in ("EXER", "TEST") else words
    if len(words) != 2 or words[0].upper() not in ("ALERT", "FINDING", "RECEIPT", "REFUSED", "PRESENCE"):
        raise Rejected("head", f'"{head[:40]}" is nothing that the bus says', "see adapters/README.md")
    id_, revision = identified(words[1])
    said = {field.code: field for field in fields}
    texts = {code: field.text for code, field in said.items()}
    at = POSITION.read(texts["P"], _reading(said["P"])) if "P" in said and words[0].upper() in _PLACED else None
    return Card(
        head=words[0].upper(),
        id=id_,
        revision=revision or 1,
        severity=texts.get("S", ""),
        kind=texts.get("K", ""),
        parties=tuple(wire.apart(texts["B"], ",")) if "B" in texts else (),
        earliest=_micros(said, "T"),
        place=texts.get("N", ""),
        at=(at.lon, at.lat) if at else None,
        deadline=_micros(said, "D"),
        state=texts.get("O", ""),
        reply=texts.get("Q", ""),
        words=texts.get("W", ""),
        others=tuple((code, text) for code, text in texts.items() if code not in "SKBTNPDOQW"),
    )


_ANY: Final = re.compile(r"\s*(?:(?:EXER|TEST)\s+)?(?:ALERT|FINDING|RECEIPT|REFUSED|PRESENCE)\s", re.IGNORECASE)
_PLACED: Final = ("ALERT", "FINDING")


def _micros(said: dict[str, wire.Field], code: str) -> int | None:
    value: int | None = MICROS.read(said[code].text, _reading(said[code])) if code in said else None
    return value


def _reading(field: wire.Field) -> Reading:
    return Reading(Context(), field.path, [])
