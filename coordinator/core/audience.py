"""Who may see a message, and which of its fields. Labels decide; where they are silent, the mission's defaults do.

A label is a limit: an addressee outside it gets nothing. Words that the mission does not know admit nobody. Whoever
wrote a message may always see it. Source: STANAG 4774 as read in reference formats.md §9; design §5, §7 (law 6).
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from coordinator.core.mission import Mission, Withheld
from coordinator.core.recall import Kept, Records
from coordinator.core.redact import Path, path, plain
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Caveat, Directive
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.label import Category, Label
from schemas.liaison import MEETING, SPOKEN, LiaisonRequest, LiaisonResponse
from schemas.reports import MedevacRequest

Readers = frozenset[str]

ALWAYS_WITHHELD: Final = (Withheld(field="caveat.text"), Withheld(field="caveat.condition"))
"""A nation's caveat text is shown to nobody outside its chain, whatever a mission releases (design §1)."""


class Closed(NamedTuple):
    """A field that only some readers of a message may see. ``label`` is its path as the label spells it, or ""."""

    path: Path
    to: Readers
    label: str = ""


class Decision(NamedTuple):
    """Who may see a message, who acts on it, and which of its fields are closed to whom."""

    readers: Readers
    acting: Readers
    closed: tuple[Closed, ...]


def decide(
    envelope: Envelope, body: Message, mission: Mission, records: Records, among: Readers | None = None
) -> Decision:
    """Return who may see a message.

    ``records`` are the decisions on the messages that it speaks of; ``among`` is who it may concern at all, for kinds
    whose readers follow from something else than themselves.
    """
    acting = _acting(envelope, body, mission, records)
    chain = _chain(envelope, acting, mission)
    own = frozenset({envelope.originator})
    label = envelope.label
    default = _default(envelope, body, chain, mission, records) if among is None else among
    readers = default if label.releasable_to is None else members(label.releasable_to, mission)
    readers &= limit(label, mission, chain) & _answering(envelope, body, mission, records)
    readers = (readers if among is None else readers & among) | own
    return Decision(readers, acting & readers, tuple(_closed(envelope, chain, mission)))


def members(words: Iterable[str], mission: Mission) -> Readers:
    """Return the participants that several words of a label mean."""
    return frozenset[str]().union(*(mission.members(w) for w in words))


# -- labels -----------------------------------------------------------------------------------------------------------


def limit(label: Label, mission: Mission, chain: Readers) -> Readers:
    """Return whom a label's classification and categories admit at most."""
    admitted = frozenset(mission.by_id) & _holders(label, mission, chain)
    for category in label.categories:
        admitted &= _category(category, mission)
    return admitted


def _holders(label: Label, mission: Mission, chain: Readers) -> Readers:
    word = label.classification.casefold()
    rows = [
        row
        for row in mission.classifications
        if row.name.casefold() == word and row.policy.casefold() in ("", label.policy.casefold())
    ]
    if rows:
        return members((to for row in rows for to in row.to), mission)
    known = not word or word.endswith("unclassified") or label.releasable_to is not None
    return frozenset(mission.by_id) if known else chain


def _category(category: Category, mission: Mission) -> Readers:
    everyone = frozenset(mission.by_id)
    match category.type:
        case "RESTRICTIVE":
            return everyone.intersection(*(mission.members(v) for v in category.values))
        case "PERMISSIVE":
            return members(category.values, mission)
        case "INFORMATIVE":
            return everyone


def _closed(envelope: Envelope, chain: Readers, mission: Mission) -> Iterable[Closed]:
    own = frozenset({envelope.originator})
    labelled = set()
    for text, label in envelope.field_labels.items():
        steps = path(text)
        labelled.add(plain(steps))
        listed = mission.by_id if label.releasable_to is None else members(label.releasable_to, mission)
        yield Closed(steps, (limit(label, mission, chain) & frozenset(listed)) | own, text)
    for row in (*mission.withheld, *ALWAYS_WITHHELD):
        kind, _, field = row.field.partition(".")
        if kind == envelope.kind and plain(path(field)) not in labelled:
            yield Closed(path(field), chain if row.to == "chain" else own)


# -- defaults ---------------------------------------------------------------------------------------------------------


def _default(envelope: Envelope, body: Message, chain: Readers, mission: Mission, records: Records) -> Readers:
    named = _addressees(envelope, mission)
    if isinstance(body, Acknowledgement | LiaisonResponse):
        return named | _concerned_by(body, mission, records)
    if _is_closed(envelope, body, records):
        return _members(envelope, mission, records)
    row = next((row.to for row in mission.release if row.kind == envelope.kind), "chain")
    if isinstance(body, Caveat):  # nobody that it was not sent to reads it for somebody else
        chain = _up({envelope.originator} | named, mission)
    if isinstance(body, Directive) and body.draft:  # it orders nobody anything yet
        row = "addressees"
    default = {"all": frozenset(mission.by_id), "chain": chain, "addressees": named}[row]
    if envelope.kind == MedevacRequest.KIND:  # whoever decides on a launch, or has to act on it, must know of it
        must = frozenset(mission.by_id).intersection((mission.casevac.approves, *mission.casevac.tell))
        default |= must | mission.desks(must)
    # Whoever was shown a thing is told that it is withdrawn, if the label of the withdrawal lets it.
    shown = records.shown(envelope.originator, envelope.id) if envelope.status == "cancel" else frozenset()
    return default | shown


def _chain(envelope: Envelope, acting: Readers, mission: Mission) -> Readers:
    """The originator, the addressees, whoever performs it, everyone above those, and the duty desks of all these."""
    return _served({envelope.originator} | acting | _addressees(envelope, mission), mission)


def _served(participants: Iterable[str], mission: Mission) -> Readers:
    """Return participants, everyone above them, and the duty desks of all these."""
    up = _up(participants, mission)
    return up | mission.desks(up)


def _up(participants: Iterable[str], mission: Mission) -> Readers:
    """Return participants and everyone above them."""
    first = frozenset(participants)
    return first | {s for p in first for s in mission.superiors(p)}


def _addressees(envelope: Envelope, mission: Mission) -> Readers:
    return members((a.to for a in envelope.addressees), mission)


def _acting(envelope: Envelope, body: Message, mission: Mission, records: Records) -> Readers:
    """Return the participants that perform an order, or the orders that it changes."""
    found = {_whose(envelope.unit, mission)} if envelope.unit else set()
    if isinstance(body, Directive):
        units = (*body.performers, *body.supporting, *(u for c in body.amends for u in c.performers or ()))
        found |= {_whose(u, mission) for u in units}
        for reference in changed(body):
            found |= _concerned(reference, records)
    return frozenset(found - {""})


def changed(body: Message) -> tuple[Reference, ...]:
    """Return the orders that an order amends, supersedes or cancels."""
    if not isinstance(body, Directive):
        return ()
    return (*(c.order for c in body.amends), *body.supersedes, *body.cancels)


def _concerned(reference: Reference, records: Records) -> Readers:
    """Return who issued and who performs an order, as far as they may see it themselves."""
    found = records.find(reference.id, reference.revision, reference.originator)
    return frozenset(p for k in found for p in (k.originator, *k.acting) if p in k.readers)


def _whose(unit: UnitRef, mission: Mission) -> str:
    if unit.participant:
        return unit.participant if unit.participant in mission.by_id else ""
    names = (unit.id, unit.name, unit.callsign)
    return next((p for n in names if n and (p := mission.participant_of(n))), "")


# -- answers ----------------------------------------------------------------------------------------------------------


def _issuers(reference: Reference, mission: Mission, records: Records) -> Readers:
    """Return who issued what is answered; if that is not known here, whom the answer itself names."""
    found = records.answered(reference.id, reference.revision, reference.originator)
    issuers = {k.originator for k in found} or {reference.originator}
    return frozenset(issuers) & frozenset(mission.by_id)


def _concerned_by(body: Acknowledgement | LiaisonResponse, mission: Mission, records: Records) -> Readers:
    """Return who gets an answer by default: of an order, its issuer and those above; of a request, all who see that."""
    found = _answered(body, records)
    if found and isinstance(body, LiaisonResponse):
        return frozenset(mission.by_id).intersection(*(k.readers for k in found))
    return _served(_issuers(body.of if isinstance(body, Acknowledgement) else body.request, mission, records), mission)


def _answering(envelope: Envelope, body: Message, mission: Mission, records: Records) -> Readers:
    """Return who may read an answer: it repeats what it answers, so nobody who may not see that.

    What is said in a session goes to its members and to nobody else, whatever a label or an address says.
    """
    if _is_closed(envelope, body, records):
        return _members(envelope, mission, records)
    if not isinstance(body, Acknowledgement | LiaisonResponse):
        return frozenset(mission.by_id)
    found = _answered(body, records)
    if found:
        return frozenset(mission.by_id).intersection(*(k.readers for k in found))
    if isinstance(body, LiaisonResponse) and body.decision not in SPOKEN:
        return frozenset(mission.by_id)
    return _issuers(body.of if isinstance(body, Acknowledgement) else body.request, mission, records)


def _answered(body: Acknowledgement | LiaisonResponse, records: Records) -> tuple[Kept, ...]:
    """Return what an answer answers: of an order the revision that it names, of a request whichever is current."""
    if isinstance(body, LiaisonResponse):
        return records.answered(body.request.id, 0, body.request.originator)
    return records.answered(body.of.id, body.of.revision, body.of.originator)


# -- sessions ---------------------------------------------------------------------------------------------------------


def is_session(body: Message) -> bool:
    """Say whether a message opens a liaison session."""
    return isinstance(body, LiaisonRequest) and body.request_kind == MEETING


def kept(envelope: Envelope, body: Message, decision: Decision, records: Records) -> Kept:
    """Return a decision as it is remembered for whatever speaks of the message later."""
    return Kept(
        id=envelope.id,
        revision=envelope.revision,
        originator=envelope.originator,
        kind=envelope.kind,
        readers=decision.readers,
        acting=decision.acting,
        closed=tuple((c.path, c.to) for c in decision.closed),
        cancelled=envelope.status == "cancel",
        aliases=envelope.aliases,
        session=of_session(envelope, body, records),
    )


def of_session(envelope: Envelope, body: Message, records: Records) -> bool:
    """Say whether a message opens, changes or ends a session; what was one once stays one."""
    if envelope.kind != LiaisonRequest.KIND:
        return False
    return is_session(body) or any(k.session for k in records.find(envelope.id, 0, envelope.originator))


def _is_closed(envelope: Envelope, body: Message, records: Records) -> bool:
    """Say whether a message is of a session, or takes back an answer: nobody is told of it by default."""
    if envelope.kind == LiaisonResponse.KIND:
        return envelope.status == "cancel"
    return of_session(envelope, body, records)


def _members(envelope: Envelope, mission: Mission, records: Records) -> Readers:
    """Return the members of a session; of what is withdrawn, whoever was shown it."""
    if envelope.status == "cancel":
        return records.shown(envelope.originator, envelope.id)
    return _addressees(envelope, mission)
