"""A message as text that a duty officer reads without any tool: what it is, what it says, when, where, what to do next.

Findings and cards are written with the texts that release chose for their reader; any other kind as its fields, one a
line. Pure. What came from outside is cleaned; nothing is left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from adapters.written import dtg as group
from coordinator.core.deconfliction.explain_options import option_sentence
from coordinator.core.faces import OVER
from coordinator.gates import ordercard
from coordinator.gates.visible import clean, lines, short
from coordinator.gates.when_where import height, period, position, where, window
from coordinator.texts import say
from schemas import registry
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding, Party
from schemas.geo import AltitudeLimit, Position
from schemas.reports import TextMessage
from schemas.subjects import Precedence
from schemas.time import TimeValue, TimeWindow

Rows = Iterator[tuple[str, str]]
WIDTH: Final = 120  # characters of a subject line
_ACKNOWLEDGED: Final = frozenset({"acknowledged", "in-progress"})


def readable(envelope: Envelope, precedence: Precedence, lang: str) -> str:
    """Return a message as text."""
    body = body_of(envelope)
    rows = _rows(envelope, body, lang)
    text = [head(envelope, precedence), *(f"{label}: {value}" for label, value in rows if value)]
    return "\n".join(text) + "\n"


def head(envelope: Envelope, precedence: Precedence) -> str:
    """Return the first line: how urgent, whether it is real, what it is, and the id to ask by."""
    unreal = "" if envelope.reality == "real" else f"{envelope.reality.upper()} "
    status = "" if envelope.status == "new" else f" {envelope.status.upper()}"
    return f"{precedence.upper()} {unreal}{envelope.kind.upper()} {identity(envelope)}{status}"


def subject(envelope: Envelope, precedence: Precedence) -> str:
    """Return one line for a reader: the head and what it is about."""
    about = gist(envelope)
    return short(f"{head(envelope, precedence)}: {about}" if about else head(envelope, precedence), WIDTH)


def gist(envelope: Envelope) -> str:
    """Return in a few words what a message says, as far as it says so itself."""
    match body_of(envelope):
        case Alert() as card:
            return clean(card.headline)
        case Finding() as finding:
            return clean(finding.sentence)
        case TextMessage() as message:
            return clean(message.text)
        case body:
            task = getattr(body, "task", "")
            return clean(envelope.summary or task or next((t.text for t in envelope.texts), ""))


def identity(envelope: Envelope) -> str:
    """Return the id that a reader asks by: of a finding or card its own, with its revision if it counts them."""
    match body_of(envelope):
        case Alert() as card:
            return clean(f"{card.id}:{card.rev}")
        case Finding() as finding:
            return clean(finding.id)
        case _:
            return clean(envelope.key)


def body_of(envelope: Envelope) -> Message:
    """Return the body of an envelope; an empty one if this release cannot read it."""
    try:
        return registry.body(envelope)
    except (registry.UnknownKind, msgspec.MsgspecError):
        return Message()


def leaves(envelope: Envelope, paths: frozenset[str]) -> str:
    """Return the values of a message that stand at some paths or beneath, one a line; "" is all of it."""
    asked = [("ack_required", "True")] if envelope.ack_required and _among("ack_required", paths) else []
    texts = [(f"texts[{n}]", lines(text.text)) for n, text in enumerate(envelope.texts)]
    rows = (*asked, *_leaves(body_of(envelope)), *texts)
    return "".join(f"{path}: {value}\n" for path, value in rows if value and _among(path, paths))


def _among(path: str, paths: frozenset[str]) -> bool:
    """Say whether a value, which may be a time or a place as a whole, is or holds one of some leaves."""
    return "" in paths or any(p == path or p.startswith((f"{path}.", f"{path}[")) for p in paths)


def _rows(envelope: Envelope, body: Message, lang: str) -> Rows:
    if isinstance(body, Alert):
        return _card(body, lang)
    if isinstance(body, Finding):
        return _finding(body, lang)
    return _any(envelope, body, lang)


def _label(key: str, lang: str) -> str:
    return say(f"label-{key}", lang)


# -- cards and findings -----------------------------------------------------------------------------------------------


def _card(card: Alert, lang: str) -> Rows:
    yield _label("what", lang), clean("; ".join((card.headline or card.alert_kind, *(x.text for x in card.lines))))
    yield _label("level", lang), _level(card, lang)
    yield _label("state", lang), _state(card.work, lang)
    for member in card.members:
        said = member.sentence or member.finding_kind
        yield (
            _label("between", lang),
            clean(f"{_state(member.severity, lang).upper()} {_state(member.state, lang)}: {said} ({member.finding})"),
        )
    yield _label("when", lang), period(card.event_from, card.event_to)
    yield _label("where", lang), where(card.place, card.at)
    yield _label("holder", lang), _holder(card, lang)
    yield _label("told", lang), ", ".join(clean(t.participant) for t in card.told)
    yield _label("decides", lang), clean(card.arbiter)
    yield _label("next", lang), clean(card.next_step)
    yield _label("id", lang), clean(f"{card.id}:{card.rev}")


def _level(card: Alert, lang: str) -> str:
    """Return how grave, urgent and certain a card is."""
    severity, *others = (_state(word, lang) for word in (card.severity, card.urgency, card.certainty))
    return ", ".join((severity.upper(), *(word.capitalize() for word in others)))


def _state(word: str, lang: str) -> str:
    """Return one of the mission's words for how something stands, in a language."""
    return say(f"state-{word.casefold()}", lang)


def _holder(card: Alert, lang: str) -> str:
    """Return who has a card in hand: its owner, else those who acknowledged it, else nobody."""
    acknowledged = [t.participant for t in card.told if t.acknowledged_at is not None]
    known = [card.owner] if card.owner else acknowledged if card.work in _ACKNOWLEDGED else []
    over = "" if card.work in OVER else say("holder-nobody", lang)
    return clean(", ".join(known)) or over


def _finding(finding: Finding, lang: str) -> Rows:
    evidence = finding.evidence
    yield _label("what", lang), clean(finding.sentence or finding.finding_kind)
    yield _label("level", lang), f"{_state(finding.severity, lang).upper()}, {_state(finding.certainty, lang)}"
    yield _label("state", lang), clean(f"{_state(finding.state, lang)} {finding.why}")
    for party in finding.parties:
        yield _label("between", lang), _party(party)
    overlap = evidence.overlap
    yield _label("when", lang), window(overlap) if overlap else ""
    yield _label("where", lang), where(evidence.place, evidence.at)
    yield _label("decides", lang), clean(finding.arbiter)
    yield _label("waits", lang), clean(", ".join(finding.waits_for))
    yield _label("next", lang), _next(finding, lang)
    for option in finding.options:
        yield _label("way", lang), clean(f"{option_sentence(option, finding, say, lang)} {option.note}")
    yield _label("id", lang), clean(finding.id)


def _next(finding: Finding, lang: str) -> str:
    """Return what to do next: nothing when it is over, else wait for an acknowledgement, or settle it."""
    if finding.state in ("closed", "waived"):
        return say("next-nothing", lang)
    if finding.state == "resolved-if-acknowledged":
        names = clean(", ".join(finding.waits_for))
        return say("next-wait-for", lang, names=names) if names else say("next-wait", lang)
    return say("next-settle", lang, known="yes" if finding.arbiter else "no", arbiter=finding.arbiter or "-")


def _party(party: Party) -> str:
    name = f"{party.id}:{party.revision}" if party.id else ""
    units = ", ".join(party.units)
    when = f"({window(party.window)})" if party.window and window(party.window) else ""
    return clean(" ".join(x for x in (name, party.what, party.issuer, f"> {units}" if units else "", when) if x))


# -- any other kind ---------------------------------------------------------------------------------------------------


def _any(envelope: Envelope, body: Message, lang: str) -> Rows:
    yield _label("origin", lang), clean(envelope.originator)
    yield _label("spoken", lang), clean(envelope.spoken_by)
    yield _label("typed", lang), clean(envelope.typed_by)
    yield _label("what", lang), clean(envelope.summary)
    yield "ack_required", "True" if envelope.ack_required else ""
    if isinstance(body, Directive):
        yield from ordercard.rows(envelope, body, lang)
        yield say("order-card-full", lang), clean(envelope.key)
    if type(body) is Message:  # a kind of a newer release: as it stands
        yield _label("what", lang), clean(bytes(envelope.body).decode("utf-8", "backslashreplace"))
    yield from _leaves(body)
    for text in envelope.texts:
        yield text.role, lines(text.text)
    yield _label("id", lang), clean(envelope.key)


def _leaves(value: Any, path: str = "") -> Rows:
    """Yield every value of a body under its path, times and places as people write them."""
    match value:
        case TimeValue():
            yield path, clean(group(value))
        case TimeWindow() if window(value):
            yield path, f"{window(value)} {clean(value.trigger)}".rstrip()
        case Position():
            yield path, position(value)
        case AltitudeLimit():
            yield path, height(value)
        case msgspec.Struct():
            for name, default in _fields(value):
                if (part := getattr(value, name)) != default:
                    yield from _leaves(part, f"{path}.{name}" if path else name)
        case dict():
            for name, part in value.items():
                yield from _leaves(part, f"{path}.{clean(str(name))}")
        case list() | tuple() if _is_pair(value):
            yield path, where("", (value[0], value[1]))
        case list() | tuple():
            for number, part in enumerate(value):
                yield from _leaves(part, f"{path}[{number}]")
        case None:
            return
        case _:
            yield path, lines(str(value))


def _fields(value: msgspec.Struct) -> Iterable[tuple[str, Any]]:
    return ((f.name, f.default) for f in msgspec.structs.fields(value))


def _is_pair(value: list[Any] | tuple[Any, ...]) -> bool:
    """Say whether this is a point: all our points are longitude and latitude."""
    return len(value) == 2 and all(isinstance(v, float) for v in value) and abs(value[0]) <= 180 and abs(value[1]) <= 90
