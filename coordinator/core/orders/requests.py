"""How far a call for help is, and who has it: always one named owner, until it is done, refused or withdrawn.

A request is a liaison request or a MEDEVAC request. It climbs by what is said of it, and by nothing else:

* ``asked``: nobody has promised anything;
* ``planned``: somebody accepted it (a response, a WILCO, a status). A promise, not a fact;
* ``ordered``: an order in force refers to it, or a status says so;
* ``in-motion``: a status says so, or whoever was ordered reports on it;
* ``done``; ``withdrawn``, by whoever asked; ``refused``.

Of each participant its latest word counts, and of all these the furthest, so that a promise that is taken back is gone.
Those who were asked may all decline: then the request is the arbiter's, and only who commands the asker can refuse it.
A function of the set of messages. Source: reference domain.md R-07, R-08; formats.md §6.4.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

import msgspec

from coordinator.core.deconfliction.ledger import Item
from coordinator.core.mission import Mission
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.envelope import Envelope, Reference
from schemas.liaison import MEETING, LiaisonRequest, LiaisonResponse
from schemas.reports import MedevacRequest, Observation

State = Literal["asked", "planned", "ordered", "in-motion", "done", "refused", "withdrawn"]
LADDER: Final = ("refused", "asked", "planned", "ordered", "in-motion", "done")
OVER: Final = ("done", "refused", "withdrawn")
Key = tuple[str, str]
_DECISIONS: Final[dict[str, State]] = {"accept": "planned", "provisional": "planned", "decline": "refused"}
_STEPS: Final[dict[str, State]] = {"wilco": "planned", "cannot-comply": "refused"}


class Word(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody's message says of a request. ``holder`` is who has it by that; ``at`` microseconds UTC."""

    state: State
    by: str
    holder: str
    at: int
    message: str
    reason: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call for help: how far it is, who has it since when, and everything that was said of it, oldest first.

    ``owner`` is "" once it is over. ``words`` may hold what not every reader may see.
    """

    id: str
    originator: str
    kind: str
    state: State
    asked_at: int
    owner: str
    since: int
    words: tuple[Word, ...] = ()
    declined: tuple[str, ...] = ()


class _Said(NamedTuple):
    """A message, and one of those that it refers to."""

    item: Item
    ref: Reference


def ledger(items: Iterable[Item], mission: Mission, among: frozenset[str] | None = None) -> tuple[Request, ...]:
    """Return every request that a set of messages holds, oldest first.

    ``among`` are those who may know of it: nobody else can have it, and of them the asker always can.
    """
    able = frozenset(mission.by_id) if among is None else among
    kept = standing(items)
    asked: dict[Key, list[Item]] = {}
    for i in kept:
        if _asks(i):
            asked.setdefault(i.key, []).append(i)
    for i in kept:
        if i.cancelled and i.key in asked and i.envelope.kind == asked[i.key][0].envelope.kind:
            asked[i.key].append(i)
    spoken: dict[str, list[_Said]] = {}  # by the ids that are referred to
    for i in kept:
        for ref in dict.fromkeys(refs(i)):
            spoken.setdefault(ref.id, []).append(_Said(i, ref))
    owners = Counter(identity for _, identity in asked)
    found = [_request(key, of, _about(key, spoken, owners[key[1]] == 1), mission, able) for key, of in asked.items()]
    return tuple(sorted(found, key=lambda r: (r.asked_at, r.id, r.originator)))


def standing(items: Iterable[Item]) -> list[Item]:
    """Return each revision once, without what was withdrawn, except that a withdrawn request stays to be told."""
    best: dict[tuple[str, Key, int, bool], Item] = {}
    for i in items:
        slot = i.envelope.kind, i.key, i.revision, i.cancelled
        if slot not in best or (i.digest, i.issued, i.at) < (best[slot].digest, best[slot].issued, best[slot].at):
            best[slot] = i
    gone = {(kind, key) for kind, key, _, cancelled in best if cancelled}
    kinds = (LiaisonRequest.KIND, MedevacRequest.KIND)
    stay = (i for (kind, key, _, _), i in best.items() if kind in kinds or (kind, key) not in gone)
    return sorted(stay, key=lambda i: (i.issued, i.key, i.revision, i.cancelled))


def _asks(item: Item) -> bool:
    """Say whether a message is a request itself, and not the status of another."""
    if isinstance(item.body, MedevacRequest):
        return item.body.state == "asked" or not any(refs(item))
    return isinstance(item.body, LiaisonRequest) and item.body.request_kind != MEETING


def refs(item: Item) -> Iterator[Reference]:
    """Yield what a message says that it is about."""
    envelope, body = item.envelope, item.body
    yield from envelope.references
    if envelope.in_reply_to:
        yield envelope.in_reply_to
    match body:
        case Acknowledgement():
            yield body.of
        case LiaisonResponse():
            yield body.request
        case Observation() if body.about:
            yield Reference(id=body.about)


def _about(key: Key, spoken: dict[str, list[_Said]], clear: bool) -> list[Item]:
    """Return what was said of a request, or of an order that was given for it.

    ``clear`` says that nobody else uses its id: otherwise a reference has to name the originator.
    """
    direct = [i for i, ref in spoken.get(key[1], ()) if ref.originator == key[0] or (clear and not ref.originator)]
    orders = {i.key for i in direct if isinstance(i.body, Directive)}
    further = [i for by, identity in sorted(orders) for i, r in spoken.get(identity, ()) if r.originator in ("", by)]
    return list(dict.fromkeys((*direct, *further)))


def _request(key: Key, of: list[Item], about: list[Item], mission: Mission, able: frozenset[str]) -> Request:
    asked = [i for i in of if not i.cancelled]
    first = (asked or of)[0]
    newest = (asked or of)[-1]
    words = _heard([*of, *about], key)
    latest = {w.by: w for w in words}
    if key[0] in latest and latest[key[0]].state != "done":  # who asks promises itself nothing
        del latest[key[0]]
    declined = tuple(sorted(by for by, w in latest.items() if w.state == "refused"))
    over = _withdrawn(of)
    state: State = "withdrawn" if over else _state(key[0], latest, mission)
    owner, since = ("", max((w.at for w in words), default=first.issued)) if state in OVER else _owner(
        key[0], newest.envelope, first.issued, state, latest, mission, able
    )  # fmt: skip
    return Request(
        id=key[1], originator=key[0], kind=first.envelope.kind, state=state, asked_at=first.issued,
        owner=owner, since=since, words=tuple(words), declined=declined,
    )  # fmt: skip


def _heard(items: list[Item], key: Key) -> list[Word]:
    """Return every word on a request in order.

    A report counts as motion only from who promised or was ordered. Who gives statuses says itself what its orders are
    worth: an air task that is announced as planned is a promise.
    """
    said = [(i, w) for i in items for w in _words(i, key)]
    helping = {w.holder for _, w in said if w.state in ("planned", "ordered")}
    plain = {w.by for i, w in said if isinstance(i.body, MedevacRequest)}
    kept = {
        w
        for i, w in said
        if not (isinstance(i.body, Observation) and w.by not in helping)
        and not (isinstance(i.body, Directive) and w.by in plain)
    }
    return sorted(kept, key=lambda w: (w.at, LADDER.index(w.state), w.by, w.message))


def _withdrawn(of: list[Item]) -> bool:
    newest = max(of, key=lambda i: (i.cancelled, i.revision))
    return newest.cancelled or (isinstance(newest.body, LiaisonRequest) and newest.body.state == "withdrawn")


def _words(item: Item, key: Key) -> Iterator[Word]:
    """Yield what one message says of a request."""
    by, body = item.key[0], item.body
    match body:
        case LiaisonRequest():
            yield _word(item, "done" if body.state == "answered" else "asked", by)
        case MedevacRequest():
            yield _word(item, body.state, by)
        case LiaisonResponse() if body.decision in _DECISIONS:
            yield _word(item, _DECISIONS[body.decision], by, body.reason)
        case Acknowledgement() if body.step in _STEPS:
            yield _word(item, _STEPS[body.step], by, body.code)
        case Observation() if by != key[0]:
            yield _word(item, "in-motion", by)
        case Directive() if not body.draft:
            performers = [u.participant for u in body.performers if u.participant]
            yield _word(item, "ordered", performers[0] if len(performers) == 1 else by)


def _word(item: Item, state: State, holder: str, reason: str = "") -> Word:
    return Word(state=state, by=item.key[0], holder=holder, at=item.issued, message=item.name, reason=reason)


def _state(asker: str, latest: dict[str, Word], mission: Mission) -> State:
    said: list[State] = [w.state for w in latest.values()]
    furthest: State = max(said, key=LADDER.index, default="asked")
    if furthest != "refused":
        return furthest
    above = mission.superiors(asker)
    final = any(latest[s].state == "refused" for s in above if s in latest)
    return "refused" if final or not above else "asked"


def _owner(
    asker: str,
    request: Envelope,
    asked_at: int,
    state: State,
    latest: dict[str, Word],
    mission: Mission,
    able: frozenset[str],
) -> tuple[str, int]:
    """Return who has a request, and since when: whoever took it furthest; else whoever was asked; else the arbiter."""
    holding = [w for w in latest.values() if w.state == state and state != "asked"]
    if holding:
        word = min(holding, key=lambda w: (w.at, w.message))
        return word.holder, word.at
    asked = [a.to for a in request.addressees if a.role == "action" and a.to in mission.by_id and a.to in able]
    declined = {by: w.at for by, w in latest.items() if w.state == "refused"}
    left = [p for p in asked if p not in declined]
    since = max(declined.values(), default=asked_at) if not left else asked_at
    if len(left) == 1:
        return left[0], since
    among = mission.arbiter(tuple(left or asked or (asker,)))
    above = (among, *mission.superiors(among), *mission.superiors(asker))
    return next((p for p in above if p in able and p != asker and p not in declined), asker), since
