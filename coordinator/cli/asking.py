"""What is typed about requests and sessions, as messages: items, times, texts in languages, short ids. Pure.

An id that nobody gave is short enough for a radio: ``xar-140400-3f2a``, whose, when, and a hash of what it says.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from coordinator.cli import times
from coordinator.cli.text import dtg
from coordinator.core.liaison.life import WHOLE, Life
from coordinator.core.liaison.sessions import Session, Version, text_hash
from coordinator.errors import NotFound, UsageError
from schemas import registry
from schemas.base import Message
from schemas.envelope import Addressee, Envelope, LangText, Reference
from schemas.liaison import Item, LiaisonRequest, LiaisonResponse
from schemas.time import TimeValue, TimeWindow

LONGEST: Final = 2_000  # characters of one text
MOST: Final = 50  # items, addressees
_ITEM: Final = re.compile(r"(?:(\d+(?:\.\d+)?)\s+(?:([^\s:]+):\s*)?)?(\S.*)\Z")
_SHARE: Final = re.compile(r"([^=]+?)(?:=(\d+(?:\.\d+)?))?\Z")
_TEXT: Final = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)=(.+)\Z", re.DOTALL)


def instant(text: str, now: int) -> TimeValue | None:
    """Return a time as it was typed, or None for nothing.

    Raises:
        UsageError: it is no time.
    """
    return TimeValue(utc=times.parse(text, now), raw=text, precision="minute") if text else None


def window(start: str, end: str, now: int) -> TimeWindow | None:
    """Return the window between two times as they were typed, or None for nothing.

    Raises:
        UsageError: one of them is no time.
    """
    return TimeWindow.between(instant(start, now), instant(end, now)) if start or end else None


def items(typed: Sequence[str]) -> tuple[Item, ...]:
    """Return what is asked for: ``5 ambulances``, ``500 l: diesel`` or ``interpreter``, numbered from 1.

    Raises:
        UsageError: there is too much of it, or one is empty.
    """
    _few(typed, "--item")
    found = []
    for n, text in enumerate(typed, start=1):
        match = _ITEM.match(_bounded(text, "--item").strip())
        if not match:
            raise UsageError(f'--item "{text}" is nothing; write "5 ambulances", "500 l: diesel" or "interpreter"')
        number, unit, name = match.groups()
        found.append(Item(ref=str(n), name=name, quantity=float(number) if number else None, unit=unit or ""))
    return tuple(found)


def shares(typed: Sequence[str], life: Life) -> tuple[tuple[str, ...], tuple[Item, ...]]:
    """Return which items an answer is about, and how much of them: ``1`` is all of item 1, ``1=3`` three of it.

    Raises:
        UsageError: the request has no such item.
    """
    known = {line.ref: line for line in life.lines}
    whole, part = [], []
    for text in typed:
        match = _SHARE.match(text.strip())
        ref, number = match.groups() if match else (text, None)
        if ref not in known or ref == WHOLE:
            there = ", ".join(known) if WHOLE not in known else "none; leave --item out to answer all of it"
            raise UsageError(f'--item "{text}": {life.id} has no item "{ref}"; it has: {there}')
        line = known[ref]
        if number is None:
            whole.append(ref)
        else:
            part.append(Item(ref=ref, name=line.name, quantity=float(number), unit=line.unit))
    return tuple(whole), tuple(part)


def texts(typed: Sequence[str]) -> tuple[LangText, ...]:
    """Return a proposal in its languages: ``en=...``, ``fr=...``, each once.

    Raises:
        UsageError: a language is missing or doubled, or a text is too long.
    """
    found: dict[str, LangText] = {}
    for text in typed:
        match = _TEXT.match(_bounded(text, "--text"))
        if not match:
            raise UsageError(f'--text "{text[:40]}" does not say its language; write --text fr="La section reste"')
        lang = match[1].casefold()
        if lang in found:
            raise UsageError(f"--text {lang}= is there twice; one text a language")
        found[lang] = LangText(text=match[2].strip(), lang=lang)
    if not found:
        raise UsageError('a proposal needs its text, in one language or several: --text en="..." --text fr="..."')
    return tuple(found.values())


def addressees(to: Sequence[str], info: Sequence[str] = ()) -> tuple[Addressee, ...]:
    """Return whom something goes to.

    Raises:
        UsageError: nobody is named, or too many.
    """
    _few((*to, *info), "--to")
    if not to:
        raise UsageError("say whom you ask: --to PARTICIPANT, once for each")
    return (*(Addressee(to=p) for p in to), *(Addressee(to=p, role="info") for p in info if p not in to))


def pack(body: Message, by: str, now: int, identity: str = "", **fields: Any) -> Envelope:
    """Return a message of a participant, issued now; without an id it gets a short one."""
    digest = hashlib.sha256(registry.encode(body) + repr((now, fields)).encode()).hexdigest()
    created = TimeValue(utc=now, raw=dtg(now), precision="second")
    return registry.pack(
        body, id=identity or f"{by}-{dtg(now)[:6]}-{digest[:4]}", originator=by, created=created, **fields
    )


def reply(of: Life | Session, body: LiaisonResponse, by: str, now: int, to: str = "") -> Envelope:
    """Return an answer to a request or a word in a session; ``to`` is the id of the very message that it answers."""
    digest = hashlib.sha256(registry.encode(body) + f"{by} {now}".encode()).hexdigest()
    asker = (Addressee(to=of.originator),) if of.originator != by else ()
    reference = Reference(id=to) if to else None
    return pack(body, by, now, f"{of.id}-{by}-{digest[:6]}", addressees=asker, in_reply_to=reference)


def again(envelope: Envelope, by: str, now: int, **changes: Any) -> Envelope:
    """Return the next revision of an own request with some fields of its body changed."""
    body = registry.body(envelope)
    if not isinstance(body, LiaisonRequest):
        raise UsageError(f"{envelope.id} is withdrawn already")
    return pack(
        msgspec.structs.replace(body, **changes), by, now, envelope.id, revision=envelope.revision + 1,
        addressees=envelope.addressees, label=envelope.label, field_labels=envelope.field_labels,
        precedence=envelope.precedence, texts=envelope.texts, lang=envelope.lang,
    )  # fmt: skip


def version(session: Session, name: str, number: int) -> Version:
    """Return the version of a proposal that is meant, the newest for 0.

    Raises:
        NotFound: the session has no such proposal.
    """
    found = session.version(name, number) or session.version(name.upper(), number)
    if found is None:
        known = ", ".join(v.name for v in session.versions) or "none yet"
        raise NotFound(f'no proposal "{name}"{f" v{number}" if number else ""} in {session.id}; there are: {known}')
    return found


def word(session: Session, of: Version, decision: Any, reason: str = "") -> LiaisonResponse:
    """Return a word on a version of a proposal, bound to the text that is shown."""
    return LiaisonResponse(
        request=Reference(id=session.id, originator=session.originator), decision=decision, proposal=of.proposal,
        version=of.version, text_sha256=of.text_sha256, reason=_bounded(reason, "--reason"),
    )  # fmt: skip


def proposal(session: Session, name: str, given: tuple[LangText, ...]) -> LiaisonResponse:
    """Return the next version of a proposal."""
    last = session.version(name)
    return LiaisonResponse(
        request=Reference(id=session.id, originator=session.originator), decision="propose", proposal=name,
        version=last.version + 1 if last else 1, texts=given, text_sha256=text_hash(given),
    )  # fmt: skip


def next_name(session: Session) -> str:
    """Return a name for a new proposal: P1, P2, ..."""
    used = {v.proposal for v in session.versions}
    return next(f"P{n}" for n in range(1, len(used) + 2) if f"P{n}" not in used)


def _few(typed: Iterable[str], option: str) -> None:
    if len(list(typed)) > MOST:
        raise UsageError(f"{option} is there more than {MOST} times; send several requests")


def _bounded(text: str, option: str) -> str:
    if len(text) > LONGEST:
        raise UsageError(f"{option} has {len(text)} characters, more than {LONGEST}")
    return text
