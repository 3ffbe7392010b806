"""A request from the first word to the last: what of it is promised, under which conditions, and what is still open.

* Of each participant that was asked, its latest word on an item counts. "All of it" means as much as was asked for in
  the revision that it answered, so that whoever asks for more is promised no more.
* A condition makes no promise: it becomes one when the asker accepts it, and nothing when the asker declines it.
* An amount in another unit than was asked for is for the asker to judge, like a condition.
* A request ends by its asker's word, or when everything is promised, or when all declined, or when its deadline passes
  and nobody has promised anything.

Source: OASIS EDXL-RM 1.0, as read in reference formats.md §6.4.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import Item
from coordinator.core.orders.requests import standing
from schemas import liaison
from schemas.liaison import MEETING, LiaisonRequest, LiaisonResponse

State = Literal["open", "partially", "answered", "declined", "withdrawn", "expired"]
LineState = Literal["open", "partially", "accepted", "provisional", "declined"]
Key = tuple[str, str]
OVER: Final = frozenset({"answered", "declined", "withdrawn", "expired"})
MOST_ITEMS: Final = 50  # of one request, and of one answer, that are looked at; `Life.more` counts the others
WHOLE: Final = ""
"""The item of a request that lists none."""


class Share(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one participant has said of one item; ``quantity`` None is all of it."""

    by: str
    decision: Literal["accept", "decline", "provisional"]
    at: int
    message: str
    quantity: float | None = None
    unit: str = ""
    conditions: str = ""
    reason: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item: how much was asked for and promised, and what is still ``left``; None where nobody gave a number."""

    ref: str
    state: LineState
    name: str = ""
    unit: str = ""
    asked: float | None = None
    promised: float | None = None
    left: float | None = None
    shares: tuple[Share, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody wants to know before it answers; ``answer`` "" while the asker has not said it."""

    by: str
    text: str
    at: int
    message: str
    answer: str = ""
    answered_at: int | None = None


class Life(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request as it is now. ``silent`` were asked and have said nothing; ``besides`` was offered unasked.

    ``more`` is how many items are not in ``lines``, because nobody reads so many.
    """

    id: str
    originator: str
    revision: int
    request_kind: str
    subject: str
    state: State
    asked_at: int
    asked: tuple[str, ...] = ()
    reply_by: int | None = None
    need_by: int | None = None
    lines: tuple[Line, ...] = ()
    questions: tuple[Question, ...] = ()
    silent: tuple[str, ...] = ()
    besides: tuple[Share, ...] = ()
    more: int = 0

    @property
    def deadline(self) -> int | None:
        """By when somebody must have promised something, or it expires."""
        return min((t for t in (self.reply_by, self.need_by) if t is not None), default=None)


def lives(items: Iterable[Item], now: int) -> tuple[Life, ...]:
    """Return every request that a set of messages holds, oldest first, as it is at a time (microseconds UTC)."""
    kept = standing(items)
    asked: defaultdict[Key, list[Item]] = defaultdict(list)
    for i in kept:
        if isinstance(i.body, LiaisonRequest) and i.body.request_kind != MEETING:
            asked[i.key].append(i)
    gone = {i.key for i in kept if i.cancelled and i.envelope.kind == LiaisonRequest.KIND}
    said = responses(kept, asked)
    found = [_life(key, of, said[key], key in gone, now) for key, of in asked.items()]
    return tuple(sorted(found, key=lambda r: (r.asked_at, r.id, r.originator)))


def responses(kept: Iterable[Item], asked: Iterable[Key]) -> dict[Key, list[Item]]:
    """Return what was said to each of some requests or sessions; an id that two use needs its originator named."""
    found: dict[Key, list[Item]] = {key: [] for key in asked}
    users = Counter(identity for _, identity in found)
    owner = {identity: key for key in found for identity in (key[1],) if users[identity] == 1}
    for i in kept:
        if isinstance(i.body, LiaisonResponse):
            ref = i.body.request
            key = (ref.originator, ref.id) if ref.originator else owner.get(ref.id)
            if key in found:
                found[key].append(i)
    return found


def _life(key: Key, of: list[Item], said: list[Item], gone: bool, now: int) -> Life:
    newest = max(of, key=lambda i: i.revision)
    body, envelope = _request(newest), newest.envelope
    asked = tuple(sorted({a.to for a in envelope.addressees if a.role == "action"} - {key[0]}))
    wanted = {i.revision: _items(_request(i)) for i in of}
    words, besides = _words(key, of, said, wanted)
    lines = tuple(_line(item, words[item.ref], asked) for item in _items(body).values())
    life = Life(
        id=key[1], originator=key[0], revision=newest.revision, request_kind=body.request_kind, subject=body.subject,
        state="open", asked_at=min(i.issued for i in of), asked=asked, lines=lines, besides=besides,
        reply_by=body.reply_by.utc if body.reply_by else None, need_by=body.need_by.utc if body.need_by else None,
        questions=_questions(key, said), silent=tuple(sorted({*asked} - {i.key[0] for i in said})),
        more=max(0, len(body.items) - MOST_ITEMS),
    )  # fmt: skip
    return replace(life, state="withdrawn" if gone else _state(body, life, now))


def _state(body: LiaisonRequest, life: Life, now: int) -> State:
    """Return how a request stands: by its asker's own word, else by what was promised, else by the time."""
    if body.state in OVER:
        return body.state
    states = {line.state for line in life.lines}
    if states <= {"accepted"} and not life.more:
        return "answered"
    if states & {"accepted", "partially"}:
        return "partially"
    if states == {"declined"}:
        return "declined"
    return "expired" if life.deadline is not None and life.deadline <= now else "open"


# -- items ------------------------------------------------------------------------------------------------------------


def _items(body: LiaisonRequest) -> dict[str, liaison.Item]:
    """Return what is asked for by its reference; of two under one, the first."""
    found: dict[str, liaison.Item] = {}
    for item in body.items[:MOST_ITEMS] or (liaison.Item(ref=WHOLE, name=body.subject),):
        found.setdefault(item.ref, item)
    return found


def _words(
    key: Key, of: list[Item], said: list[Item], wanted: Mapping[int, Mapping[str, liaison.Item]]
) -> tuple[dict[str, list[Share]], tuple[Share, ...]]:
    """Return the latest word of everybody on each item, and what was offered that nobody asked for."""
    settled = _settled(key, said)
    latest: dict[str, dict[str, Share]] = defaultdict(dict)
    besides: dict[tuple[str, str], Share] = {}
    for i in said:
        body = _response(i)
        if i.key[0] == key[0] or body.decision not in ("accept", "decline", "provisional"):
            continue
        then = wanted[_answered(of, i)]
        offered = {o.ref: o for o in body.offered[:MOST_ITEMS]}
        for ref in dict.fromkeys((*body.items[:MOST_ITEMS], *offered)) if body.items or offered else then:
            share = _share(i, offered.get(ref), then.get(ref), settled)
            if any(ref in items for items in wanted.values()):
                latest[ref][i.key[0]] = share
            else:
                besides[i.key[0], ref] = share
    shares = {ref: sorted(by.values(), key=lambda s: (s.at, s.message)) for ref, by in latest.items()}
    return defaultdict(list, shares), tuple(s for s in besides.values() if s.decision != "decline")


def _answered(of: list[Item], response: Item) -> int:
    """Return the revision that a response answers: the one it names, else the newest when it was issued."""
    named = _response(response).request.revision
    known = sorted(i.revision for i in of)
    if named in known:
        return named
    return max((i.revision for i in of if i.issued <= response.issued), default=known[0])


def _settled(key: Key, said: list[Item]) -> dict[str, str]:
    """Return what the asker said to each condition: ``accept`` or ``decline``, by the message that set it."""
    found: dict[str, str] = {}
    for i in said:
        reply, word = i.envelope.in_reply_to, _response(i).decision
        if i.key[0] == key[0] and reply and word in ("accept", "decline"):
            found[reply.id] = word
    return found


def _share(i: Item, offered: liaison.Item | None, asked: liaison.Item | None, settled: Mapping[str, str]) -> Share:
    body = _response(i)
    decision: Literal["accept", "decline", "provisional"] = "accept"
    if body.decision in ("decline", "provisional"):
        decision = body.decision
    quantity, unit = (offered.quantity, offered.unit) if offered else (None, "")
    if quantity is None and asked:
        quantity, unit = asked.quantity, unit or asked.unit
    if decision == "accept" and asked and unit and asked.unit and unit.casefold() != asked.unit.casefold():
        decision = "provisional"
    if decision == "provisional" and (word := settled.get(i.key[1])):
        decision = "accept" if word == "accept" else "decline"
    return Share(
        by=i.key[0], decision=decision, at=i.issued, message=i.name, quantity=quantity, unit=unit,
        conditions=body.conditions, reason=body.reason,
    )  # fmt: skip


def _line(item: liaison.Item, shares: list[Share], asked: tuple[str, ...]) -> Line:
    given = [s for s in shares if s.decision == "accept"]
    whole = item.quantity is None or any(s.quantity is None for s in given)
    promised = None if item.quantity is None or (whole and given) else sum(max(s.quantity or 0.0, 0.0) for s in given)
    left = None if item.quantity is None else max(0.0, item.quantity - promised) if promised is not None else 0.0
    return Line(
        ref=item.ref, name=item.name, unit=item.unit, asked=item.quantity, promised=promised, left=left,
        shares=tuple(shares), state=_line_state(left, shares, bool(given), asked),
    )  # fmt: skip


def _line_state(left: float | None, shares: list[Share], given: bool, asked: tuple[str, ...]) -> LineState:
    if given and not left:
        return "accepted"
    if given:
        return "partially"
    if any(s.decision == "provisional" for s in shares):
        return "provisional"
    declined = {s.by for s in shares if s.decision == "decline"}
    return "declined" if declined and declined >= set(asked) else "open"


# -- questions --------------------------------------------------------------------------------------------------------


def _questions(key: Key, said: list[Item]) -> tuple[Question, ...]:
    """Return the questions in their order, each with what the asker answered to it last."""
    asked = [i for i in said if _response(i).decision == "clarify"]
    found = {
        i.key[1]: Question(by=i.key[0], text=_response(i).reason, at=i.issued, message=i.name)
        for i in asked
        if i.key[0] != key[0]
    }
    for i in asked:
        reply = i.envelope.in_reply_to
        if i.key[0] == key[0] and reply and reply.id in found:
            found[reply.id] = replace(found[reply.id], answer=_response(i).reason, answered_at=i.issued)
    return tuple(found.values())


def _request(item: Item) -> LiaisonRequest:
    if not isinstance(item.body, LiaisonRequest):
        raise TypeError(f"{item.name} is no request")  # `lives` keeps them apart
    return item.body


def _response(item: Item) -> LiaisonResponse:
    if not isinstance(item.body, LiaisonResponse):
        raise TypeError(f"{item.name} is no response")  # `responses` keeps them apart
    return item.body
