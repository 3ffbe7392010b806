"""What officers did with a card, in words: put aside, offered, closed, called for. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from coordinator.cli.saying import author, body_of
from coordinator.cli.text import clean, dtg, short
from schemas.acknowledgements import Action
from schemas.alerts import Alert, Deed
from schemas.envelope import Envelope

LATEST: Final = 20  # remarks that are listed, the newest
WIDE: Final = 300  # characters of one
_OFFERS: Final = {
    "offered": "waits for {to}",
    "accepted": "{to} has it",
    "declined": "{to} declined",
    "lapsed": "{to} did not answer",
    "withdrawn": "taken back",
}


def rows(card: Alert) -> Iterator[tuple[str, str]]:
    """Yield what was done with a card under the names of the block of a card."""
    if shelf := card.shelved:
        who = clean(f"{shelf.by or 'somebody'}" + (f" ({shelf.officer})" if shelf.officer else ""))
        yield "put aside", _with(f"until {dtg(shelf.until)} by {who}", shelf.why)
    if offer := card.handover:
        state = _OFFERS[offer.state].format(to=clean(offer.to or "the other"))
        yield "offered", f"by {actor(offer.offer)}; {_with(state, offer.answer.why if offer.answer else '')}"
    if card.escalated:
        yield "called above", actor(card.escalated)
    for deed in card.closing:
        yield "closed by", actor(deed)


def brief(card: Alert) -> str:
    """Return what an officer must know of it on one line."""
    said = []
    if card.shelved:
        said.append(f"put aside until {dtg(card.shelved.until)}")
    if card.handover and card.handover.state == "offered":
        said.append(f"offered to {clean(card.handover.to or 'another')}")
    if card.closing and card.work not in ("resolved", "superseded"):
        said.append("a second person has to close it")
    return ", ".join(said)


def history(card: Alert, envelopes: Iterable[Envelope]) -> Iterator[tuple[str, str]]:
    """Yield what officers wrote on a card lately, oldest first, whatever became of what they did by it."""
    written = [(envelope, body_of(envelope)) for envelope in sorted(envelopes, key=lambda e: e.received_at or 0)]
    notes = [(e, b) for e, b in written if isinstance(b, Action) and b.alert == card.id and b.note]
    for envelope, body in notes[-LATEST:]:
        officer = f" ({clean(body.officer)})" if body.officer else ""
        yield "said", f"{dtg(envelope.received_at, seconds=True)} {author(envelope)}{officer}: {short(body.note, WIDE)}"


def actor(deed: Deed) -> str:
    """Return who did something, in which function, who typed it for him, when and why."""
    function = deed.spoken_by if deed.typed_by else deed.officer
    who = clean(deed.by or "somebody") + (f" ({clean(function)})" if function else "")
    if deed.typed_by:
        typist = clean(deed.typed_by) + (f" ({clean(deed.officer)})" if deed.officer else "")
        who = f"{who}, typed by {typist}"
    return _with(f"{who} {dtg(deed.at, seconds=True)}".strip(), deed.why)


def _with(said: str, why: str) -> str:
    return f"{said}: {clean(why)}" if why else said
