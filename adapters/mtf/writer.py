"""Writing slant text: one message an envelope; airspace measures of one order go out in one order again.

The header carries the id by MSGID where that gives it again, else by the bus's own set ``BUSID``. What slant text has
no place for is found by reading again what was written. Source: reference formats.md §5.2, §5.3, §5.5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.mtf import lines
from adapters.mtf.bodies import BODIES, measure
from adapters.mtf.catalogue import Catalogue, Profile
from adapters.mtf.header import MONTHS, month_of
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.notices import Cancellation, MovementNotice
from schemas.registry import body
from schemas.reports import LogisticsStatus, MedevacRequest, SituationReport, TextMessage

_PROFILES: Final[dict[str, Profile]] = {
    "sitrep": "situation", "logistics": "logistics", "medevac": "medevac", "directive": "order",
    "movement": "movement", "acknowledgement": "acknowledgement", "message": "text",
}  # fmt: skip


def write(
    messages: Sequence[Envelope],
    originals: Mapping[str, bytes],
    decode: Callable[[bytes, Context], Translation],
    catalogue: Catalogue,
) -> Encoded:
    """Return the messages one after the other.

    Raises:
        Rejected: none of them has a profile.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    losses = [Loss(path=m.key, value=m.kind, why="no profile for this kind") for m in messages if not _profile(m)]
    texts: list[str] = []
    for _, group in groupby((m for m in messages if _profile(m)), key=lambda m: _order_of(m, catalogue)):
        together = tuple(group)
        text = "\n".join(_text(together, catalogue)) + "\n"
        texts.append(text)
        losses += not_carried(together, text.encode(), decode)
        losses += (Loss(path=f"{m.key}: reality", value="test", why="it is written as an exercise")
                   for m in together if m.reality == "test")  # fmt: skip
    if not texts:
        raise Rejected(
            "messages", "there is no profile for any of them", f"kinds that have one: {', '.join(_PROFILES)}"
        )
    return Encoded(data="\n".join(texts).encode(), losses=tuple(losses))


def _profile(message: Envelope) -> Profile | None:
    return _PROFILES.get(message.kind)


class _Named:
    """How the id of a message is written: in MSGID, if reading that gives it again."""

    def __init__(self, message: Envelope, catalogue: Catalogue) -> None:
        self.type, self.originator, self.serial, self.month, self.name, *more = (*message.id.split("/"), *[""] * 5)
        profile = catalogue.kinds.get(self.type, ("", ""))[0]
        unit = message.unit.name if message.unit else ""
        self.is_measure = profile == "aco" and bool(self.name)
        self.fits = (
            bool(unit)
            and self.originator == unit
            and all(lines.field(p) == p for p in (self.originator, self.serial))
            and self.month in ("", *MONTHS)
            and not any(more)
            and bool(self.serial)
            and (self.is_measure or (profile == _profile(message) and not self.name))
            and (message.status != "new" or message.revision == 1)
            and (message.status == "new" or message.revision > 1)
        )


def _order_of(message: Envelope, catalogue: Catalogue) -> tuple[object, ...]:
    """Return what measures must share to go out in one order; any other message stands alone."""
    named = _Named(message, catalogue)
    if message.kind != "directive" or not named.is_measure or not named.fits:
        return (message.key,)
    what = body(message)
    plan = what.plan_ref if isinstance(what, Directive) else ""
    above = (
        _datum(what),
        message.id.rpartition("/")[0],
        message.revision,
        message.status,
        message.reality,
        message.precedence,
    )
    return (*above, message.unit, plan, message.label, message.addressees, message.created)


def _text(messages: Sequence[Envelope], catalogue: Catalogue) -> Iterator[str]:
    first = messages[0]
    what = body(first)
    named = _Named(first, catalogue)
    measures = named.is_measure if isinstance(what, Cancellation) else _is_measure(what)
    yield from _above(first)
    yield from _msgid(first, what, named, measures, catalogue)
    if not named.fits and not measures:
        yield from lines.linear("BUSID", str(first.revision), *first.id.split("/"))
    yield from _below(first)
    if measures and not isinstance(what, Cancellation):
        yield from lines.linear("GEODATUM", _datum(what))
    for message in messages:
        if measures:
            yield from measure(message, body(message), "" if named.fits else message.id, catalogue)
        elif isinstance(what, Cancellation):
            yield from lines.free("RMKS", what.reason)
        else:
            yield from BODIES[message.kind](message, what, catalogue)
    for text in first.texts:
        yield from lines.free("RMKS" if text.role == "remarks" else "GENTEXT", *_headed(text.text, text.role))
    if first.ack_required:
        yield from lines.linear("AKNLDG", "YES")


def _datum(what: Message) -> str:
    """Return the datum of the place of a directive, as GEODATUM names it."""
    centre = getattr(getattr(what, "area", None), "centre", None)
    return "W84" if centre is None or centre.datum == "WGS84" else str(centre.datum)


def _is_measure(what: Message) -> bool:
    return isinstance(what, Directive) and what.directive_kind == "airspace-measure"


def _headed(text: str, role: str) -> tuple[str, ...]:
    if role == "remarks":
        return (text,)
    heading, colon, rest = text.partition(": ")
    return (heading, rest) if colon and len(heading) < 40 else ("", text)


def _above(message: Envelope) -> Iterator[str]:
    """Yield what stands above the first set: addressees and marking."""
    for addressee in message.addressees:
        yield f"{'INFO' if addressee.role == 'info' else 'TO'} {addressee.to.upper()}"
    if message.label.classification:
        nations = ", ".join(message.label.releasable_to or ())
        yield message.label.classification.upper() + (f" REL TO {nations}" if nations else "")


def _msgid(message: Envelope, what: Message, named: _Named, measures: bool, catalogue: Catalogue) -> Iterator[str]:
    plan = what.plan_ref if isinstance(what, Directive) else ""
    if message.reality != "real":
        yield lines.linear("EXER", plan)[0] if plan else "EXER/-//"
    elif plan:
        yield from lines.linear("OPER", plan)
    profile: Profile = "aco" if measures else _PROFILES[message.kind]
    kind = named.type if named.fits else catalogue.type_name(profile, _variant(what))
    change = {"new": "", "update": "CHG", "cancel": "CNL"}[message.status]
    number = f"{message.revision - 1:02d}" if change and named.fits else ""
    serial, month = (named.serial, named.month) if named.fits else ("", month_of(message.created))
    yield from lines.linear("MSGID", kind, _originator(message, what), serial, month, change, number)


def _originator(message: Envelope, what: Message) -> str:
    """Return who writes; where the body says it as well, exactly that."""
    if isinstance(what, LogisticsStatus):
        return what.unit.name if what.unit else ""
    if isinstance(what, TextMessage):
        return what.sender.name if what.sender else ""
    return message.unit.name if message.unit else message.originator.upper()


def _variant(what: Message) -> str:
    match what:
        case Directive():
            return what.directive_kind
        case SituationReport():
            return what.report_type
        case MedevacRequest():
            return what.mission_kind
        case MovementNotice():
            return "patrol" if what.movement_kind == "patrol" else "convoy"
        case _:
            return ""


def _below(message: Envelope) -> Iterator[str]:
    """Yield what the header says besides."""
    if message.created is not None and message.created.utc is not None:
        yield from lines.linear("SENT", lines.dtg(message.created))
    if message.precedence is not None:
        yield from lines.linear("PREC", message.precedence.upper())
    yield from lines.linear("SUBJ", message.summary)
    for reference in message.references:
        yield from lines.linear("BUSREF", "REF", str(reference.revision), *reference.id.split("/"))
